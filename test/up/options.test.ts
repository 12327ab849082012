import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startOptions } from '../../scripts/lib/start-options.cjs';

const root = join(__dirname, '../..');
const read = (args: string[], env: NodeJS.ProcessEnv = {}) => startOptions(args, env, '/clone');

test('without options the job is played, the state lies in the clone, and everything stays up', () => {
  expect(read([])).toEqual({
    kind: 'options',
    options: {
      stateDir: '/clone/.daytwo',
      demo: true,
      play: 'hires',
      exit: false,
      fresh: false,
      yes: false,
      retryDownloads: false,
      json: false,
    },
  });
});

test.each([
  [['--exit'], { exit: true }],
  [['--play', 'close'], { play: 'close' }],
  [['--no-demo'], { demo: false }],
  [['--fresh', '--yes'], { fresh: true, yes: true }],
  [['--state-dir', '/elsewhere'], { stateDir: '/elsewhere' }],
  [['--state-dir=/elsewhere', '--json'], { stateDir: '/elsewhere', json: true }],
  [['--retry-downloads'], { retryDownloads: true }],
])('%j', (args, options) => {
  expect(read(args)).toMatchObject({ kind: 'options', options });
});

test('the option goes before the variable, and the variable before the usual folder', () => {
  const env = { DAYTWO_STATE_DIR: '/from/env' };
  expect(read([], env)).toMatchObject({ options: { stateDir: '/from/env' } });
  expect(read(['--state-dir', '/given'], env)).toMatchObject({ options: { stateDir: '/given' } });
});

test.each([
  [['--exot']],
  [['--play', 'chess']],
  [['now']],
  [['--state-dir']],
  [['--state-dir', '']],
  [['--exit=yes']],
])('%j is wrong usage', (args) => {
  expect(read(args)).toMatchObject({ kind: 'wrong', problem: expect.any(String) });
});

test('wrong usage ends with 2 and says what is right, before anything is installed or started', () => {
  const ended = spawnSync(process.execPath, ['scripts/start.cjs', '--exot'], { cwd: root, encoding: 'utf8' });
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(/--exot[^]*--exit/);
});

test('--fresh is refused where nobody can be asked and --yes wasn’t said', async () => {
  const { mkdtempSync, rmSync, writeFileSync, existsSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const stateDir = mkdtempSync(join(tmpdir(), 'daytwo-fresh-'));
  try {
    writeFileSync(join(stateDir, 'daytwo.db'), 'evidence');
    const args = ['scripts/start.cjs', '--fresh', '--no-demo', '--exit', '--state-dir', stateDir];
    const ended = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(ended.status).toBe(2);
    expect(ended.stdout).toContain('--yes');
    expect(existsSync(join(stateDir, 'daytwo.db'))).toBe(true);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
