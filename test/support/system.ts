import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { HrEvent } from '../../src/domain/hr-event';
import type { SandboxFile } from '../../src/sandbox/files';
import type { LogEntry } from '../../src/sandbox/http';
import { parseVariables } from '../../src/up/state';

const root = join(__dirname, '..', '..');

/** The whole product on a state of its own, as `npm start -- --no-demo` brings it up, seen from outside. */
export class System {
  #process: ChildProcess | undefined;
  #output = '';

  readonly stateDir = mkdtempSync(join(tmpdir(), 'daytwo-system-'));

  /**
   * @param watchSeconds the desk watch looks as often as this, also who is away; the rest of the handbook is the sample's
   * @param env what every part is told besides
   */
  constructor(
    private readonly watchSeconds?: number,
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  get configDir(): string {
    return join(this.stateDir, 'handbook');
  }

  /** Starts everything, and waits until it says that it is up. */
  async start(): Promise<this> {
    const child = spawn(
      process.execPath,
      [join(root, 'bin', 'daytwo.cjs'), 'up', '--no-demo', '--json', '--state-dir', this.stateDir],
      {
        env: { ...process.env, ...this.env, NODE_ENV: 'development', DAYTWO_CONFIG_DIR: this.#handbook() },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    this.#output = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (this.#output.includes('"kind":"addresses"')) resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code) => reject(new Error(`up ended with ${code}:\n${this.#output}`)));
    });
    return this;
  }

  get sandbox(): SandboxFile {
    return JSON.parse(readFileSync(join(this.stateDir, 'sandbox.json'), 'utf8')) as SandboxFile;
  }

  get variables(): Record<string, string> {
    return parseVariables(readFileSync(join(this.stateDir, 'sandbox.env'), 'utf8'));
  }

  get output(): string {
    return this.#output;
  }

  /** Kills a part with -9, by its recorded pid, and waits until the supervisor has started it again. */
  async killPart(name: string): Promise<void> {
    const pid = this.pidOf(name);
    if (pid === undefined || !kill(pid, 'SIGKILL')) throw new Error(`${name} isn't running`);
    await eventually(`${name} is started again`, () =>
      Promise.resolve(this.pidOf(name) !== undefined && this.pidOf(name) !== pid),
    );
    await eventually('the sandbox answers', async () => (await this.log()).length >= 0);
  }

  /** Kills everything with -9 at once, the supervisor first. */
  async killAll(): Promise<void> {
    const child = this.#process;
    const gone = child && new Promise((resolve) => child.once('exit', resolve));
    child?.kill('SIGKILL');
    for (const { pid } of this.#records()) kill(pid, 'SIGKILL');
    await gone;
    this.#process = undefined;
  }

  /** Ends everything in order; answers the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill('SIGTERM');
    return ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  /** The pid of a part that runs. */
  pidOf(name: string): number | undefined {
    return this.#records().find((one) => one.name === name)?.pid;
  }

  /** Pids of what is recorded as running. */
  pids(): readonly number[] {
    return this.#records().map((record) => record.pid);
  }

  /** The command, as somebody runs it beside the product. */
  daytwo(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(root, 'bin', 'daytwo.cjs'), ...args],
        { env: { ...process.env, DAYTWO_STATE_DIR: this.stateDir, NODE_ENV: 'development' } },
        (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, out: `${stdout}${stderr}` }),
      );
    });
  }

  async log(): Promise<readonly LogEntry[]> {
    return (await (await fetch(`${this.sandbox.control.url}/log?since=0`)).json()) as LogEntry[];
  }

  async fault(fault: Record<string, unknown>): Promise<void> {
    const answer = await fetch(`${this.sandbox.control.url}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    if (answer.status !== 201) throw new Error(`fault refused: ${await answer.text()}`);
  }

  async clearFaults(): Promise<void> {
    await fetch(`${this.sandbox.control.url}/faults`, { method: 'DELETE' });
  }

  async mails(): Promise<readonly { to: string; subject: string; text: string; at: string }[]> {
    return (await (await fetch(`${this.sandbox.mailbox.url}/messages`)).json()) as {
      to: string;
      subject: string;
      text: string;
      at: string;
    }[];
  }

  /** Sends a signed HR event as an HR system does: again and again until it is accepted. */
  async hr(event: HrEvent): Promise<void> {
    await eventually(
      `HR event ${event.event_id} is accepted`,
      async () => (await this.post(event).catch(() => 0)) === 202,
    );
  }

  /** One attempt; answers the status. */
  async post(event: object): Promise<number> {
    const body = JSON.stringify(event);
    const at = new Date();
    const id = `msg_${at.getTime()}_${Math.random().toString(36).slice(2)}`;
    const signature = new Webhook(this.variables['HRIS_WEBHOOK_SECRET'] ?? '').sign(id, at, body);
    const answer = await fetch(`${this.sandbox.server?.url}/hooks/hris`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signature,
      },
      body,
      signal: AbortSignal.timeout(15_000),
    });
    return answer.status;
  }

  #handbook(): string {
    if (existsSync(this.configDir)) return this.configDir;
    cpSync(join(root, 'config'), this.configDir, { recursive: true });
    if (this.watchSeconds === undefined) return this.configDir;
    const file = join(this.configDir, 'policy.yml');
    const policy = readFileSync(file, 'utf8').replace(
      /(desk_watch_(?:people_)?seconds): \d+/g,
      `$1: ${this.watchSeconds}`,
    );
    writeFileSync(file, policy);
    return this.configDir;
  }

  #records(): { name: string; pid: number }[] {
    const file = join(this.stateDir, 'processes.json');
    return existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { name: string; pid: number }[])
      : [];
  }
}

export function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Looks again and again until it holds; fails with what was waited for. */
export async function eventually(
  what: string,
  holds: () => Promise<boolean>,
  withinMs = 90_000,
): Promise<void> {
  const until = Date.now() + withinMs;
  let last: unknown;
  do {
    try {
      if (await holds()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < until);
  throw new Error(`waited ${withinMs / 1000} s in vain: ${what}`, { cause: last });
}
