import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { isSameProcess, type ProcessRecord } from '../../src/up/orphans';

/** A state folder of its own, which is gone after `use`. */
export async function withStateDir(use: (stateDir: string) => Promise<void>): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'daytwo-up-'));
  try {
    await use(stateDir);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Ports that are free now. */
export async function freePorts(): Promise<{ temporal: number; temporalUi: number; server: number }> {
  const servers = [createServer(), createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [temporal = 0, temporalUi = 0, server = 0] = ports;
  return { temporal, temporalUi, server };
}

/** Asks again and again until it is so; fails with what it was waiting for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    await pause(20);
  }
}

/** The supervisor in a process of its own, with what it says. */
export class StartedUp {
  readonly child: ChildProcess;
  readonly said: Record<string, unknown>[] = [];
  readonly exited: Promise<number>;
  readonly #stateDir: string;

  constructor(stateDir: string, ports: object, env: Record<string, string>) {
    this.#stateDir = stateDir;
    this.child = spawn(
      process.execPath,
      [join(__dirname, 'fixtures/up.cjs'), stateDir, JSON.stringify(ports)],
      {
        env: { ...process.env, TEMPORAL_ADDRESS: '', ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.exited = new Promise((resolve) => this.child.once('close', (code) => resolve(code ?? -1)));
    if (this.child.stdout) {
      createInterface({ input: this.child.stdout }).on('line', (line) => this.said.push(JSON.parse(line)));
    }
  }

  /** Resolves once everything is up. */
  async isUp(): Promise<void> {
    const gone = this.exited.then((code) => {
      throw new Error(`ended with ${code}: ${JSON.stringify(this.said)}`);
    });
    gone.catch(() => undefined);
    await Promise.race([
      until('everything is up', () => this.said.some(({ kind }) => kind === 'addresses')),
      gone,
    ]);
  }

  saidText(): string {
    return this.said.map(({ text }) => String(text)).join('\n');
  }

  records(): ProcessRecord[] {
    return JSON.parse(readFileSync(join(this.#stateDir, 'processes.json'), 'utf8'));
  }

  /** Ends it as Ctrl-C does, where it still runs, and checks that nothing is left. */
  async end(): Promise<number> {
    const before = this.records();
    this.child.kill('SIGINT');
    const code = await this.exited;
    expect(before.filter(isSameProcess)).toEqual([]);
    return code;
  }
}
