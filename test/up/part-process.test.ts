import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PartProcess } from '../../src/up/part-process';

const MINUTE = 60_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-part-'));
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

/** A part that never says that it is ready. */
function silent(needed: Promise<unknown>): {
  part: PartProcess;
  died: Promise<string>;
  deaths: () => number;
} {
  let deaths = 0;
  let tell: (how: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => (tell = resolve));
  const part = new PartProcess(
    {
      name: 'silent',
      program: process.execPath,
      args: ['-e', 'setInterval(() => undefined, 1000)'],
      env: process.env,
      logFile: join(dir, 'silent.log'),
      ipc: true,
      needed,
      ready: () => new Promise(() => undefined),
      restarts: { atStart: [], later: [] },
    },
    {
      died: (_part, how) => {
        deaths += 1;
        tell(how);
      },
      ready: () => undefined,
      changed: () => undefined,
    },
  );
  return { part, died, deaths: () => deaths };
}

test('a part that waits for what it needs is left alone, however long that takes; a stuck one is ended', async () => {
  let begin: () => void = () => undefined;
  const needed = new Promise<void>((resolve) => (begin = resolve));
  const { part, died, deaths } = silent(needed);
  part.launch().catch(() => undefined);
  await jest.advanceTimersByTimeAsync(30 * MINUTE);
  const { pid } = part.record ?? {};
  expect(deaths()).toBe(0);
  expect(() => process.kill(pid ?? -1, 0)).not.toThrow();

  begin();
  await jest.advanceTimersByTimeAsync(MINUTE);
  expect(await died).toBe('ended by SIGKILL');
});
