import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The ports that `npm start` gives out itself; the sandbox chooses its own. */
export interface Ports {
  readonly temporal: number;
  readonly temporalUi: number;
  readonly server: number;
}

export const usualPorts: Ports = { temporal: 7233, temporalUi: 8233, server: 8080 };

const file = (stateDir: string) => join(stateDir, 'ports.json');

/**
 * The ports of this state: those that it had before, or else the usual ones, or else the next free. They are
 * remembered, since links in issues and mails name them.
 */
export async function choosePorts(stateDir: string, usual: Ports = usualPorts): Promise<Ports> {
  const before = remembered(stateDir);
  const taken = new Set<number>();
  const choose = async (name: keyof Ports) => {
    const port = await nextFree(before[name] ?? usual[name], taken);
    taken.add(port);
    return port;
  };
  const ports = {
    temporal: await choose('temporal'),
    temporalUi: await choose('temporalUi'),
    server: await choose('server'),
  };
  const aside = `${file(stateDir)}.tmp`;
  writeFileSync(aside, JSON.stringify(ports, null, 2));
  renameSync(aside, file(stateDir));
  return ports;
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

async function nextFree(wanted: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + 200, 65536); port++) {
    if (!taken.has(port) && (await isFree(port))) return port;
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
