import type { ChildProcess } from 'node:child_process';
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

/** A part that answers when it is asked whether it lives, and never says that it is ready. */
function silent(needed: Promise<unknown>): {
  readonly part: PartProcess;
  readonly died: Promise<string>;
  readonly asked: () => Promise<string>;
} {
  let tell: (how: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => (tell = resolve));
  let child: ChildProcess | undefined;
  const part = new PartProcess(
    {
      name: 'silent',
      program: process.execPath,
      args: ['-e', 'process.on("message", () => process.send("lives"))'],
      env: process.env,
      logFile: join(dir, 'silent.log'),
      ipc: true,
      needed,
      ready: (started) => {
        child = started;
        return new Promise(() => undefined);
      },
      restarts: { atStart: [], later: [] },
    },
    {
      died: (_part, how) => tell(how),
      ready: () => undefined,
      changed: () => undefined,
    },
  );
  const asked = () =>
    new Promise<string>((resolve) => {
      child?.once('message', (message) => resolve(message === 'lives' ? 'lives' : 'said something else'));
      child?.send('?');
    });
  return { part, died, asked };
}

test('a part that waits for what it needs is left alone, however long that takes; a stuck one is ended', async () => {
  let begin: () => void = () => undefined;
  const needed = new Promise<void>((resolve) => (begin = resolve));
  const { part, died, asked } = silent(needed);
  part.launch().catch(() => undefined);
  await jest.advanceTimersByTimeAsync(30 * MINUTE);
  expect(await Promise.race([died, asked()])).toBe('lives');

  begin();
  await jest.advanceTimersByTimeAsync(MINUTE);
  expect(await died).toBe('ended by SIGKILL');
});
