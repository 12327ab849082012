import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Gitlab } from '@gitbeaker/rest';
import { createTransport } from 'nodemailer';
import type { Sandbox } from '../../src/sandbox';
import { cleanUp, sandbox, stateDir, tokenOf } from './fixture';

const PROJECT = 'sales-ops/access-requests';
const api = (world: Sandbox, username = 'dana') =>
  new Gitlab({ host: world.files.gitlab.url, token: tokenOf(world, username) });
const variables = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(dir, 'sandbox.env'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

afterEach(cleanUp);

test('both files are the owner’s only, and whole', async () => {
  const dir = stateDir();
  const world = await sandbox(dir);
  for (const name of ['sandbox.json', 'sandbox.env'])
    expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(join(dir, 'sandbox.json'), 'utf8'))).toEqual(world.files);
  const env = variables(dir);
  expect(env).toMatchObject({
    GITLAB_URL: world.files.gitlab.url,
    GITLAB_TOKEN: tokenOf(world, 'daytwo-bot'),
    SMTP_URL: world.files.mailbox.smtp,
  });
  expect(env['DAYTWO_ENCRYPTION_KEYS']).toMatch(/^sandbox-1:[A-Za-z0-9+/]{43}=$/);
  expect(env['HRIS_WEBHOOK_SECRET']).toMatch(/^whsec_/);
});

const TYPESCRIPT = join(__dirname, '..', '..', 'scripts', 'lib', 'typescript.cjs');

/** The sandbox in a process of its own, to be killed. */
async function separateSandbox(dir: string): Promise<ChildProcess> {
  const load = `require(${JSON.stringify(TYPESCRIPT)}).registerTypeScript(); require(process.argv[1])`;
  const child = spawn(process.execPath, ['-e', load, join(__dirname, 'separate-sandbox.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error('The sandbox ended before it was ready')));
  });
  return child;
}

test('what was answered is still there after kill -9, at the same addresses', async () => {
  const dir = stateDir();
  const child = await separateSandbox(dir);
  const before = JSON.parse(readFileSync(join(dir, 'sandbox.json'), 'utf8')) as Sandbox['files'];
  const token = before.gitlab.users.find((user) => user.username === 'dana')?.token ?? '';
  const client = new Gitlab({ host: before.gitlab.url, token });
  const issue = await client.Issues.create(PROJECT, 'Kept', { labels: 'SalesOpsAR::Action Needed' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const again = await sandbox(dir);
  expect(again.files).toEqual(before);
  expect(await client.Issues.show(issue.iid, { projectId: PROJECT })).toMatchObject(issue);
  expect((await client.Issues.create(PROJECT, 'Next', {})).iid).toBe(issue.iid + 1);
});

test('a server that is named gets the webhooks, once however often it is named', async () => {
  const world = await sandbox();
  for (let time = 0; time < 2; time++) world.connect({ server: { url: 'http://127.0.0.1:1' } });
  const hooks = await api(world, 'daytwo-bot').ProjectHooks.all(PROJECT);
  expect(hooks.map((hook) => hook.url)).toEqual(['http://127.0.0.1:1/hooks/gitlab']);
  expect(world.files.server).toEqual({ url: 'http://127.0.0.1:1' });
});

test('the identity provider gets an account for whom an onboarding issue names', async () => {
  const world = await sandbox();
  await api(world).Issues.create('people/employment', 'Onboarding: Ada', {
    description: 'E-mail: ada\\_hire\\@\u2060example.com',
  });
  const answer = await fetch(`${world.files.okta.url}/api/v1/users/ada_hire@example.com`, {
    headers: { Authorization: `SSWS ${world.files.okta.token}` },
  });
  expect(answer.status).toBe(200);
});

describe('the mailbox', () => {
  test('takes mail by SMTP and lists it by recipient', async () => {
    const world = await sandbox();
    const transport = createTransport(world.files.mailbox.smtp);
    await transport.sendMail({
      from: 'daytwo@example.com',
      to: 'a@example.com, b@example.com',
      subject: 'Grüße',
      text: 'Hello\n',
    });
    transport.close();
    const all = (await (await fetch(`${world.files.mailbox.url}/messages`)).json()) as { to: string }[];
    expect(all.map((mail) => mail.to)).toEqual(['a@example.com', 'b@example.com']);
    const one = (await (
      await fetch(`${world.files.mailbox.url}/messages?to=b@example.com`)
    ).json()) as unknown[];
    expect(one).toMatchObject([{ to: 'b@example.com', subject: 'Grüße', text: 'Hello\n' }]);
  });

  test('shows hostile mail as text', async () => {
    const world = await sandbox();
    await api(world).Issues.create(PROJECT, '<script>alert(1)</script>', {
      description: '@erin <img src=x onerror=alert(1)>',
    });
    const html = await (await fetch(world.files.mailbox.url)).text();
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<script|<img/);
  });
});

describe('the control address', () => {
  const send = (world: Sandbox, path: string, method: string, body?: unknown) =>
    fetch(`${world.files.control.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test('logs every request with who asked, and never a token', async () => {
    const world = await sandbox();
    await api(world).Issues.create(PROJECT, 'Logged', {});
    const log = (await (await send(world, '/log', 'GET')).json()) as { seq: number; who: string }[];
    expect(log).toMatchObject([{ system: 'gitlab', method: 'POST', status: 201, who: 'dana' }]);
    expect(JSON.stringify(log)).not.toContain('glpat-');
    expect(await (await send(world, `/log?since=${log[0]?.seq}`, 'GET')).json()).toEqual([]);
  });

  test('a token in the address is logged as hidden', async () => {
    const world = await sandbox();
    await fetch(`${world.files.gitlab.url}/api/v4/user?private_token=${tokenOf(world, 'dana')}`);
    const log = await (await send(world, '/log', 'GET')).text();
    expect(log).toContain('/api/v4/user');
    expect(log).not.toContain(tokenOf(world, 'dana'));
  });

  test('a lost answer breaks the connection after the effect', async () => {
    const world = await sandbox();
    await send(world, '/faults', 'POST', {
      system: 'gitlab',
      method: 'POST',
      path: '/issues',
      kind: 'lose-answer',
      count: 1,
    });
    const url = `${world.files.gitlab.url}/api/v4/projects/${encodeURIComponent(PROJECT)}/issues`;
    const request = () =>
      fetch(url, {
        method: 'POST',
        headers: { 'PRIVATE-TOKEN': tokenOf(world, 'dana') },
        body: new URLSearchParams({ title: 'Twice?' }),
      });
    await expect(request()).rejects.toThrow();
    expect((await api(world).Issues.all({ projectId: PROJECT })).map((issue) => issue.title)).toEqual([
      'Twice?',
    ]);
  });

  test('every problem of a fault is named', async () => {
    const world = await sandbox();
    const answer = await send(world, '/faults', 'POST', {
      system: 'gitbal',
      kind: 'status',
      rate: 2,
      colour: 'red',
    });
    const { errors } = (await answer.json()) as { errors: string[] };
    expect(answer.status).toBe(400);
    expect(errors.map((line) => line.split(':')[0]).sort()).toEqual(['fault', 'rate', 'system']);
  });

  test('reset brings the seed back and keeps addresses and tokens', async () => {
    const world = await sandbox();
    await api(world).Issues.create(PROJECT, 'Gone soon', { description: '@erin' });
    const before = world.files;
    expect((await send(world, '/reset', 'POST')).status).toBe(204);
    expect(world.files).toEqual(before);
    expect(await api(world).Issues.all({ projectId: PROJECT })).toEqual([]);
    expect(await (await fetch(`${world.files.mailbox.url}/messages`)).json()).toEqual([]);
  });
});
