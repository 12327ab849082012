import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheDir } from '../../scripts/lib/cache.cjs';
import { takeLock, type Lock } from '../../scripts/lib/lock.cjs';

/** The ports that `npm start` gives out itself; the sandbox chooses its own. */
export interface Ports {
  readonly temporal: number;
  readonly temporalUi: number;
  readonly server: number;
}

export const usualPorts: Ports = { temporal: 7233, temporalUi: 8233, server: 8080 };

const file = (stateDir: string) => join(stateDir, 'ports.json');

/** Ports that no other daytwo of this user takes until they are released, or this process is gone. */
export interface ReservedPorts {
  readonly ports: Ports;
  release(): void;
}

/**
 * The ports of this state: those that it had before, or else the usual ones, or else the next free. They are
 * remembered, since links in issues and mails name them.
 *
 * They are reserved at once: the parts listen only seconds later, and two starts at the same time must not end with one
 * worker at the other's Temporal.
 */
export async function reservePorts(stateDir: string, usual: Ports = usualPorts): Promise<ReservedPorts> {
  const before = remembered(stateDir);
  const locks: Lock[] = [];
  const reserve = async (name: keyof Ports) => {
    const { port, lock } = await nextFree(before[name] ?? usual[name]);
    locks.push(lock);
    return port;
  };
  const release = () => locks.forEach((lock) => lock.release());
  try {
    const ports = {
      temporal: await reserve('temporal'),
      temporalUi: await reserve('temporalUi'),
      server: await reserve('server'),
    };
    const aside = `${file(stateDir)}.tmp`;
    writeFileSync(aside, JSON.stringify(ports, null, 2));
    renameSync(aside, file(stateDir));
    return { ports, release };
  } catch (error) {
    release();
    throw error;
  }
}

function remembered(stateDir: string): Partial<Ports> {
  if (!existsSync(file(stateDir))) return {};
  try {
    const known: unknown = JSON.parse(readFileSync(file(stateDir), 'utf8'));
    if (typeof known !== 'object' || known === null) return {};
    const valid = Object.entries(known).filter(
      ([, port]) => Number.isInteger(port) && port > 0 && port < 65536,
    );
    return Object.fromEntries(valid);
  } catch {
    // A file that was cut off by a full disk: the usual ports are as good.
    return {};
  }
}

async function nextFree(wanted: number): Promise<{ port: number; lock: Lock }> {
  for (let port = wanted; port < Math.min(wanted + 200, 65536); port++) {
    const taken = takeLock(join(cacheDir(), 'ports', `${port}.lock`));
    if (!('held' in taken)) continue;
    if (await isFree(port)) return { port, lock: taken.held };
    taken.held.release();
  }
  throw new Error(`No free port from ${wanted} to ${wanted + 199} on 127.0.0.1.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
