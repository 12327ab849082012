import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from '../../scripts/lib/identity.cjs';
import { takeLock, waitForLock } from '../../scripts/lib/lock.cjs';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytwo-lock-'));
  file = join(folder, 'up.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const since = '2026-11-23T10:00:00.000Z';

/** A process that is certainly gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

test('a lock that is held names its holder, since when, and what it said of itself', () => {
  const taken = takeLock(file);
  if (!('held' in taken)) throw new Error('not taken');
  taken.held.describe({ Server: 'http://127.0.0.1:8080' });
  expect(takeLock(file)).toMatchObject({
    holder: { pid: process.pid, since: expect.any(String), note: { Server: 'http://127.0.0.1:8080' } },
  });
});

test('a lock that was released is free', () => {
  const first = takeLock(file);
  if ('held' in first) first.held.release();
  expect(takeLock(file)).toHaveProperty('held');
});

test('the lock of a process that is gone is taken over', async () => {
  writeFileSync(file, JSON.stringify({ pid: await deadPid(), start: 'then', since, note: {} }));
  expect(takeLock(file)).toHaveProperty('held');
});

test('the lock of a process whose pid was given to another since is taken over', () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, start: 'another start', since, note: {} }));
  expect(takeLock(file)).toHaveProperty('held');
});

test('a lock file that was cut off is taken over', () => {
  writeFileSync(file, '{"pid": 12');
  expect(takeLock(file)).toHaveProperty('held');
});

test('a lock that another took over meanwhile is not released by the one that lost it', () => {
  const taken = takeLock(file);
  const others = JSON.stringify({ pid: process.ppid, start: startOf(process.ppid), since, note: {} });
  writeFileSync(file, others);
  if ('held' in taken) taken.held.release();
  expect(readFileSync(file, 'utf8')).toBe(others);
});

test('of many that want a stale lock at once, one gets it, and nothing else is left behind', async () => {
  writeFileSync(file, JSON.stringify({ pid: await deadPid(), start: 'then', since, note: {} }));
  const script = `
    const { takeLock } = require(${JSON.stringify(join(__dirname, '../../scripts/lib/lock.cjs'))});
    const taken = takeLock(${JSON.stringify(file)});
    process.stdout.write('held' in taken ? 'held' : 'refused');
    process.stdin.resume();
    process.stdin.once('end', () => process.exit(0));
  `;
  const contenders = Array.from({ length: 6 }, () => spawn(process.execPath, ['-e', script]));
  const exits = contenders.map((child) => new Promise((resolve) => child.once('close', resolve)));
  const said = await Promise.all(
    contenders.map(
      (child) => new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text)))),
    ),
  );
  for (const child of contenders) child.stdin.end();
  await Promise.all(exits);
  expect(said.filter((answer) => answer === 'held')).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['up.lock']);
});

test('who waits for a lock gets it once it is free, and knows whom it waits for', async () => {
  const taken = takeLock(file);
  const told: number[] = [];
  const waiting = waitForLock(file, (holder) => {
    told.push(holder.pid);
    if ('held' in taken) taken.held.release();
  });
  (await waiting).release();
  expect(told).toEqual([process.pid]);
  expect(existsSync(file)).toBe(false);
});
