import { spawn, type ChildProcess } from 'node:child_process';
import { endOrphans, isSameProcess, recordOf, writeRecords, type ProcessRecord } from '../../src/up/orphans';
import { until, withStateDir } from './running';

/** A process that lives until it is ended, and takes no notice of SIGTERM where `stubborn`. */
async function living(stubborn = false): Promise<{ child: ChildProcess; record: ProcessRecord }> {
  const script = `${stubborn ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1e6); console.log('up')`;
  const child = spawn(process.execPath, ['-e', script]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const record = recordOf('worker', child.pid ?? 0);
  if (!record) throw new Error('the process has no record');
  return { child, record };
}

test('what an earlier start left running is ended', () =>
  withStateDir(async (stateDir) => {
    const { child, record } = await living();
    writeRecords(stateDir, [record]);
    expect(await endOrphans(stateDir)).toEqual(['worker']);
    await until('it ended', () => child.signalCode === 'SIGTERM');
    expect(await endOrphans(stateDir)).toEqual([]);
  }));

test('what takes no notice is ended by force', () =>
  withStateDir(async (stateDir) => {
    const { child, record } = await living(true);
    writeRecords(stateDir, [record]);
    expect(await endOrphans(stateDir, 100)).toEqual(['worker']);
    await until('it ended', () => child.signalCode === 'SIGKILL');
  }));

test.each([
  ['another command line', { command: 'something else' }],
  ['another start', { start: 'long ago' }],
])('a stranger that got the pid since is left alone: %s', (_what, change) =>
  withStateDir(async (stateDir) => {
    const { child, record } = await living();
    try {
      writeRecords(stateDir, [{ ...record, ...change }]);
      expect(await endOrphans(stateDir)).toEqual([]);
      expect(isSameProcess(record)).toBe(true);
    } finally {
      child.kill('SIGKILL');
    }
  }),
);

test('a state without records, or with spoilt ones, has no orphans', () =>
  withStateDir(async (stateDir) => {
    expect(await endOrphans(stateDir)).toEqual([]);
    writeRecords(stateDir, [{ name: 'worker' } as ProcessRecord]);
    expect(await endOrphans(stateDir)).toEqual([]);
  }));
