import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandOf, startOf } from '../../scripts/lib/identity.cjs';

/** A process that a supervisor started, so that a later one can tell it from a stranger with the same pid. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  readonly start: string;
  readonly command: string;
}

const file = (stateDir: string) => join(stateDir, 'processes.json');

/** What identifies a running process; undefined where it is gone already. */
export function recordOf(name: string, pid: number): ProcessRecord | undefined {
  const start = startOf(pid);
  const command = commandOf(pid);
  return start === undefined || command === undefined ? undefined : { name, pid, start, command };
}

/** Writes down which processes run on this state. */
export function writeRecords(stateDir: string, records: readonly ProcessRecord[]): void {
  const aside = `${file(stateDir)}.tmp`;
  writeFileSync(aside, JSON.stringify(records, null, 2), { mode: 0o600 });
  renameSync(aside, file(stateDir));
}

/**
 * Ends what an earlier supervisor, killed without a chance to tidy up, left running on this state. A process is
 * ended only where its pid, its start and its command line are the recorded ones. Gives the names of those ended.
 */
export async function endOrphans(stateDir: string, graceMs = 3_000): Promise<string[]> {
  const orphans = readRecords(stateDir).filter(isSameProcess);
  await Promise.all(orphans.map((orphan) => end(orphan, graceMs)));
  writeRecords(stateDir, []);
  return orphans.map((orphan) => orphan.name);
}

/** Whether the recorded process is still running, and not another that was given its pid. */
export function isSameProcess(record: ProcessRecord): boolean {
  return startOf(record.pid) === record.start && commandOf(record.pid) === record.command;
}

async function end(orphan: ProcessRecord, graceMs: number): Promise<void> {
  signal(orphan, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isSameProcess(orphan)) {
    if (Date.now() > deadline) signal(orphan, 'SIGKILL');
    await pause(50);
  }
}

function signal(orphan: ProcessRecord, name: NodeJS.Signals): void {
  try {
    process.kill(orphan.pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readRecords(stateDir: string): ProcessRecord[] {
  if (!existsSync(file(stateDir))) return [];
  try {
    const records: unknown = JSON.parse(readFileSync(file(stateDir), 'utf8'));
    return Array.isArray(records) ? records.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is ProcessRecord {
  if (typeof value !== 'object' || value === null) return false;
  const has = (key: string, type: string) => typeof Reflect.get(value, key) === type;
  return has('name', 'string') && has('pid', 'number') && has('start', 'string') && has('command', 'string');
}
