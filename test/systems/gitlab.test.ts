import { SystemFault } from '../../src/systems/fault';
import { GitlabDesk, GitlabRefusal } from '../../src/systems/gitlab';
import { Systems } from './fixture';
import { Scripted } from './scripted';

let systems: Systems;
let server: Scripted;
beforeAll(async () => {
  [systems, server] = [await Systems.start(), await Scripted.start()];
});
beforeEach(() => systems.reset());
afterAll(async () => {
  await Promise.all([systems.stop(), server.stop()]);
});

const gitlab = (username = 'daytwo-bot'): GitlabDesk => {
  const { url, users } = systems.files.gitlab;
  return new GitlabDesk({ url, token: users.find((user) => user.username === username)?.token ?? '' });
};
const project = () => systems.files.gitlab.accessRequestsProject;
const issue = (title = 'A request', description = '') => ({
  title,
  description,
  labels: ['NewAccessRequest', 'SalesOpsAR::Action Needed'],
  confidential: true,
});
const create = (...args: Parameters<typeof issue>) => gitlab().create(project(), issue(...args));

test('an issue is made, read, changed by the smallest change, and found by its mark', async () => {
  const made = await create('A request', '<!-- daytwo:request:1:2026-11-23 --> text');
  expect(made).toMatchObject({
    author: 'daytwo-bot',
    confidential: true,
    state: 'opened',
    project: project(),
  });
  const changed = await gitlab().change(project(), made.iid, { addLabels: ['SalesOpsAR::In Progress'] });
  expect(changed).toMatchObject({ title: made.title, description: made.description, assignees: [] });
  expect([...changed.labels].sort()).toEqual(['NewAccessRequest', 'SalesOpsAR::In Progress']);
  expect(await gitlab().byMarker('daytwo:request:1:2026-11-23')).toMatchObject([{ iid: made.iid }]);
  expect(await gitlab().byMarker('daytwo:request:1:2026-11-2')).toHaveLength(1);
  expect(await gitlab().byMarker('daytwo:request:2:')).toEqual([]);
});

test('somebody is assigned and unassigned by their user name', async () => {
  const { iid } = await create();
  const sam = await gitlab().userByName('Sam-Ops');
  expect(sam).toMatchObject({ username: 'sam-ops' });
  const held = await gitlab().change(project(), iid, { assigneeIds: [sam!.id] });
  expect(held.assignees).toMatchObject([{ username: 'sam-ops' }]);
  expect((await gitlab().change(project(), iid, { assigneeIds: [] })).assignees).toEqual([]);
  expect(await gitlab().userByName('sam')).toBeUndefined();
  expect(await gitlab().userByEmail('nobody@daytwo.example')).toBeUndefined();
});

test('somebody is looked up once, found or not, however often a visit needs them', async () => {
  const seen = await systems.watch();
  const desk = gitlab();
  for (let times = 0; times < 3; times++) {
    await desk.userByName('sam-ops');
    await desk.userByEmail('nobody@daytwo.example');
  }
  expect((await seen()).filter(({ path }) => path.includes('/users'))).toHaveLength(2);
});

test('what is not there is undefined, not a fault', async () => {
  expect(await gitlab().issue(project(), 999)).toBeUndefined();
  expect(await gitlab().issue('no/such', 1)).toBeUndefined();
});

test('who closed an issue, and who set a label, comes from GitLab itself', async () => {
  const { iid } = await create();
  await gitlab('sam-ops').change(project(), iid, { addLabels: ['SalesOpsAR::On Hold'] });
  await gitlab('amber').change(project(), iid, { stateEvent: 'close' });
  await gitlab('meri').change(project(), iid, { stateEvent: 'reopen' });
  await gitlab('meri').change(project(), iid, { stateEvent: 'close' });
  expect(await gitlab().closedBy(project(), iid)).toMatchObject({ user: 'meri' });
  expect(await gitlab().labelEvents(project(), iid)).toContainEqual(
    expect.objectContaining({ user: 'sam-ops', label: 'SalesOpsAR::On Hold', action: 'add' }),
  );
});

test('linking twice is linking once', async () => {
  const [one, other] = [await create('one'), await create('other')];
  await gitlab().link(project(), one.iid, project(), other.iid);
  await gitlab().link(project(), one.iid, project(), other.iid);
  await expect(gitlab().link(project(), one.iid, project(), 999)).rejects.toBeInstanceOf(GitlabRefusal);
});

test('a refusal says what was refused, for whoever reads it in the Temporal UI', async () => {
  const { iid } = await create();
  await systems.fault({ system: 'gitlab', kind: 'status', status: 403, method: 'PUT' });
  const refused = gitlab().change(project(), iid, { stateEvent: 'close' });
  await expect(refused).rejects.toThrow(
    `gitlab: PUT /api/v4/projects/sales-ops%2Faccess-requests/issues/${iid} was answered 403`,
  );
});

test('all pages are read: issues, and the comments of one', async () => {
  const { iid } = await create();
  for (let at = 0; at < 105; at++) await gitlab().comment(project(), iid, `comment ${at}`);
  const comments = (await gitlab().notes(project(), iid)).filter(({ system }) => !system);
  expect(comments.map(({ body }) => body)).toEqual(Array.from({ length: 105 }, (_, at) => `comment ${at}`));
  for (let at = 0; at < 25; at++) await create(`request ${at}`, 'daytwo:many:1');
  expect(await gitlab().byMarker('daytwo:many:1', project())).toHaveLength(25);
});

describe('what writes is sent once', () => {
  test.each([
    ['a lost answer', { kind: 'lose-answer' as const }, { code: 'no-answer', retryable: true }],
    ['429', { kind: 'status' as const, status: 429, retryAfter: 9 }, { code: '429', retryAfterMs: 9_000 }],
    ['502', { kind: 'status' as const, status: 502 }, { code: '502', retryable: true }],
  ])('%s', async (_what, kind, fault) => {
    const log = await systems.watch();
    await systems.fault({ system: 'gitlab', method: 'POST', ...kind });
    await expect(create()).rejects.toMatchObject(fault);
    await expect(create()).rejects.toBeInstanceOf(SystemFault);
    expect((await log()).filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  test('a change, too', async () => {
    const { iid } = await create();
    const log = await systems.watch();
    await systems.fault({ system: 'gitlab', method: 'PUT', kind: 'lose-answer' });
    await expect(gitlab().change(project(), iid, { stateEvent: 'close' })).rejects.toMatchObject({
      retryable: true,
    });
    expect((await log()).filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });
});

test('a read goes on after a lost answer and a passing fault', async () => {
  const { iid } = await create();
  await systems.fault({ system: 'gitlab', method: 'GET', kind: 'lose-answer', count: 1 });
  await systems.fault({ system: 'gitlab', method: 'GET', kind: 'status', status: 503, count: 1 });
  const log = await systems.watch();
  expect(await gitlab().issue(project(), iid)).toMatchObject({ iid });
  expect((await log()).map(({ status }) => status).sort()).toEqual([0, 200, 503]);
});

test('a wrong token is a fault that no retry mends, and is asked about anew next time', async () => {
  const { url } = systems.files.gitlab;
  const stranger = new GitlabDesk({ url, token: 'glpat-wrong' });
  await expect(stranger.self()).rejects.toMatchObject({ system: 'gitlab', code: '401', retryable: false });
  const bot = gitlab();
  await systems.fault({ system: 'gitlab', kind: 'status', status: 401, count: 1 });
  await expect(bot.self()).rejects.toMatchObject({ code: '401' });
  expect(await bot.self()).toMatchObject({ username: 'daytwo-bot' });
});

test('an answer that is not GitLab is a fault of the client, without what it said', async () => {
  server.answers({ status: 200, body: null, headers: { 'content-type': 'text/html' } });
  const desk = new GitlabDesk({ url: server.url, token: 'x' });
  await expect(desk.notes('a/b', 1)).rejects.toMatchObject({
    system: 'gitlab',
    code: 'client',
    retryable: false,
  });
});

describe('files of a project', () => {
  const path = '.gitlab/issue_templates/single person.md';

  test('are written in one commit and read again, letter by letter', async () => {
    expect(await gitlab().file(project(), path)).toBeUndefined();
    const text = 'Zoë\r\n\n- [ ] „x“\n';
    await gitlab().commitFiles(project(), 'Add two', [
      { path, text, there: false },
      { path: 'b.md', text: '', there: false },
    ]);
    expect(await gitlab().file(project(), path)).toBe(text);
    await gitlab().commitFiles(project(), 'Change one', [{ path, text: 'other', there: true }]);
    expect(await gitlab().file(project(), path)).toBe('other');
    expect(await gitlab().file(project(), 'b.md')).toBe('');
  });

  test('are not written by those who may not, nor over what came meanwhile', async () => {
    const change = [{ path, text: 'x', there: false }];
    await expect(gitlab('dana-manager').commitFiles(project(), 'No', change)).rejects.toMatchObject({
      status: 403,
    });
    await gitlab().commitFiles(project(), 'First', change);
    await expect(gitlab().commitFiles(project(), 'Second', change)).rejects.toMatchObject({ status: 400 });
  });
});

describe('an attachment', () => {
  const attach = async (bytes: Uint8Array | string, name = 'people.csv'): Promise<string> => {
    const { url, users } = systems.files.gitlab;
    const form = new FormData();
    form.set('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name);
    const answer = await fetch(`${url}/api/v4/projects/${encodeURIComponent(project())}/uploads`, {
      method: 'POST',
      headers: { 'PRIVATE-TOKEN': users.find((user) => user.username === 'dana-manager')?.token ?? '' },
      body: form,
    });
    return ((await answer.json()) as { url: string }).url;
  };

  test.each([
    ['UTF-8', Buffer.from('e-mail,name\nzoe@x.example,Zoë')],
    ['what a sheet on Windows writes', Buffer.from('e-mail,name\nzoe@x.example,Zoë', 'latin1')],
    [
      'UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('e-mail,name\nzoe@x.example,Zoë', 'utf16le')]),
    ],
  ])('is read as text: %s', async (_, bytes) => {
    const path = await attach(bytes);
    expect(path).toMatch(/^\/uploads\/[0-9a-f]{32}\/people\.csv$/);
    expect(await gitlab().upload(project(), path)).toEqual({
      kind: 'text',
      text: 'e-mail,name\nzoe@x.example,Zoë',
    });
  });

  test('that is too large is not read to its end', async () => {
    const path = await attach('x'.repeat(2 * 1024 * 1024 + 1));
    expect(await gitlab().upload(project(), path)).toEqual({ kind: 'too_large', mostBytes: 2 * 1024 * 1024 });
  });

  test('that is not there, or whose path leads elsewhere, is missing', async () => {
    const secret = '0'.repeat(32);
    const asked = await systems.watch();
    for (const path of [
      '/etc/passwd',
      `/uploads/${secret}/../../issues`,
      `/uploads/x/people.csv`,
      `/uploads/${secret}/a/b`,
    ])
      expect(await gitlab().upload(project(), path)).toEqual({ kind: 'missing' });
    expect(await asked()).toEqual([]);
    expect(await gitlab().upload(project(), `/uploads/${secret}/people.csv`)).toEqual({ kind: 'missing' });
  });

  test('is asked for again while GitLab is away', async () => {
    const path = await attach('email\n');
    await systems.fault({ system: 'gitlab', path: '/uploads/', kind: 'status', status: 502, count: 1 });
    expect(await gitlab().upload(project(), path)).toMatchObject({ kind: 'text' });
  });
});
