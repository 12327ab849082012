import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/program';
import { openStore } from '../../src/evidence';
import { Reader } from './fakes';

const root = join(__dirname, '..', '..');
let dir: string;
let config: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-command-'));
  config = join(dir, 'config');
  cpSync(join(root, 'config'), config, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as people call it, in a process of its own. */
function daytwo(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'bin', 'daytwo.cjs'), ...args], {
    cwd: dir,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
      TZ: 'Asia/Tokyo',
      DAYTWO_STATE_DIR: join(dir, 'state'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

test('config check ends with 0 for a handbook without fault, and writes no colours into a pipe', async () => {
  const { code, out } = await daytwo('config', 'check');
  expect(out).toMatch(/^No problem.*9 systems/);
  expect(code).toBe(0);
});

test('config check ends with 1 and names every problem with file and line', async () => {
  appendFileSync(join(config, 'labels.yml'), '\nnonsense: 1\n');
  appendFileSync(join(config, 'systems.yml'), '\nnonsense: 1\n');
  const text = await daytwo('config', 'check', config);
  expect(text.code).toBe(1);
  expect(text.err).toMatch(/^labels\.yml:\d+/m);
  expect(text.err).toMatch(/^systems\.yml:\d+/m);
  const json = await daytwo('config', 'check', '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([
      expect.objectContaining({ file: 'labels.yml', mend: expect.any(String) }),
    ]),
  });
});

test('config approve writes the approval of those who may, and refuses others', async () => {
  const file = 'roles/department_pubsec/role_account_executive.yml';
  const before = readFileSync(join(config, file), 'utf8');
  const refused = await daytwo('config', 'approve', file, '--by', 'amber');
  expect([refused.code, readFileSync(join(config, file), 'utf8')]).toEqual([1, before]);
  expect(refused.err).toContain('vera-vp');
  const approved = await daytwo('config', 'approve', `config/${file}`, '--by', '@vera-vp');
  expect(approved).toMatchObject({ code: 0, out: expect.stringContaining('approved as it stands') });
  expect((await daytwo('config', 'check')).out).not.toContain('warning');
});

test('a reader who closes the pipe early gets no fault', async () => {
  const child = spawn(process.execPath, [join(root, 'bin', 'daytwo.cjs'), '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  expect(err).toBe('');
});

test.each([
  [[]],
  [['lst']],
  [['list', '--colour']],
  [['list', '--limit', 'many']],
  [['list', '--state', 'foo']],
  [['show']],
  [['show', 'two words']],
  [['approve', '#12']],
  [['complete', '#12', '--by', 'amber']],
  [['reject', '#12', '--by', 'amber']],
  [['hire', '/there/is/no/such.csv']],
  [['plan', 'close']],
  [['evidence', 'show', '1', '--zone', 'Mars/Olympus']],
  [['evidence', 'verify', '--anchor', 'x']],
])('%p is wrong usage: 2, in a few words', async (args) => {
  const reader = new Reader({ DAYTWO_STATE_DIR: join(dir, 'state'), TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(await run(args, reader)).toBe(2);
  expect(reader.complaints).not.toBe('');
  expect(reader.complaints).not.toMatch(/^\s+at /m);
});

const verbs = [
  'worker',
  'server',
  'sandbox',
  'hire',
  'leave',
  'change',
  'plan hire',
  'plan change',
  'list',
  'show',
  'approve',
  'reject',
  'claim',
  'release',
  'complete',
  'hold',
  'resume',
  'cancel',
  'evidence show',
  'evidence verify',
  'evidence export',
  'config check',
  'config approve',
];
test.each(verbs)('%s has --help with an example and --json', async (verb) => {
  const reader = new Reader();
  expect(await run([...verb.split(' '), '--help'], reader)).toBe(0);
  expect(reader.text).toContain(`Example: daytwo ${verb}`);
  expect(reader.text).toContain('--json');
});

test('settings that are wrong are named, and are no stack trace', async () => {
  const reader = new Reader({ DAYTWO_STATE_DIR: join(dir, 'state'), DATABASE_URL: 'mysql://secret@x' });
  expect(await run(['evidence', 'verify'], reader)).toBe(1);
  expect(reader.complaints).toMatch(/DATABASE_URL isn't a postgres/);
  expect(reader.complaints).not.toContain('secret');
});

test('with --json a fault is a document too', async () => {
  const reader = new Reader({ DAYTWO_STATE_DIR: join(dir, 'state') });
  expect(await run(['evidence', 'show', '104711', '--json'], reader)).toBe(1);
  expect(JSON.parse(reader.complaints)).toEqual({ error: expect.stringContaining('no evidence') });
});

describe('evidence', () => {
  const reader = async (...args: string[]) => {
    const one = new Reader({
      DAYTWO_STATE_DIR: dir,
      GITLAB_ACCESS_REQUESTS_PROJECT: 'sales-ops/access-requests',
    });
    return {
      code: await run(['evidence', ...args], one),
      said: one.said,
      text: one.text,
      complaints: one.complaints,
    };
  };
  const row = (id: string, subject: string | null, request: string | null) => ({
    id, at: '2026-11-24T05:00:00Z', zone: 'UTC', subject, request, workflowId: null, kind: 'decision.approve', actor: 'dana-manager', channel: 'gitlab' as const, detail: { what: 'approved it' },
  }); // prettier-ignore
  beforeEach(async () => {
    const store = await openStore({ stateDir: dir, databaseUrl: null });
    await store.append([
      row('a', '104711', 'sales-ops/access-requests#12'),
      row('b', '12', null),
      row('c', '7', 'people/employment#3'),
    ]);
    await store.close();
  });

  it('is told of a person or of a request, in the zone that is asked for', async () => {
    expect((await reader('show', '104711')).text).toMatch(
      /Times are those of Europe\/Berlin\.[^]*06:00:00\s+dana-manager approved it/,
    );
    expect((await reader('show', '#12', '--zone', 'Asia/Tokyo')).text).toContain('14:00:00');
    expect(
      (await reader('show', 'people/employment#3', '--json')).said.map(
        (line) => (JSON.parse(line) as { id: string }).id,
      ),
    ).toEqual(['c']);
    expect((await reader('show', 'onboarding/104711', '--json')).said).toHaveLength(1);
    expect((await reader('show', 'access-request/sales-ops/access-requests/12', '--json')).said).toHaveLength(
      1,
    );
  });

  it('asks back where a number is both, and says what it looked for where it is neither', async () => {
    expect(await reader('show', '12')).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/both employee 12 and the request sales-ops\/access-requests#12/),
    });
    expect(await reader('show', '99')).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/Looked for employee 99, and the request/),
    });
  });

  it('verifies, also against the anchor that it printed', async () => {
    const { said } = await reader('verify');
    const anchor = /^Anchor: (\S+)$/m.exec(said.join('\n'))?.[1] ?? '';
    expect(await reader('verify', '--anchor', anchor)).toMatchObject({ code: 0 });
    const other = await reader(
      'verify',
      '--anchor',
      anchor.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    );
    expect(other).toMatchObject({ code: 1, complaints: expect.stringContaining('record 3 was changed') });
  });

  it('exports as JSON lines what came after a record', async () => {
    expect(
      (await reader('export', '--since', '1')).said.map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual([2, 3]);
  });
});
