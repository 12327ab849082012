import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { recordOf, type ProcessRecord } from './orphans';

/** Where a part can be reached, by name. */
export type Addresses = Readonly<Record<string, string>>;

/** What the supervisor must know of a part to run it. */
export interface PartSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Whether it speaks over an IPC channel (daytwo's own parts do), and so ends when its supervisor vanishes. */
  readonly ipc: boolean;
  /** What it waits for before it begins its work, however long that takes: Temporal may have to be compiled first. */
  readonly needed?: Promise<unknown>;
  /** Resolves once the part does its work; rejects when `signal` aborts. Asked anew after each restart. */
  readonly ready: (child: ChildProcess, signal: AbortSignal) => Promise<Addresses>;
  /** Waits before it is started again, in milliseconds; gives up after the last. */
  readonly restarts?: Restarts;
}

/** Waits in milliseconds before each further try. */
export interface Restarts {
  /** While it was never ready: most likely something is missing, and people wait for the start. */
  readonly atStart: readonly number[];
  /** Once it was ready. */
  readonly later: readonly number[];
}

export interface PartEvents {
  readonly died: (part: PartProcess, how: string, againInMs: number | undefined) => void;
  readonly ready: (part: PartProcess, addresses: Addresses, again: boolean) => void;
  readonly changed: () => void;
}

const usualRestarts: Restarts = {
  atStart: [200, 1_000],
  later: [200, 500, 1_000, 2_000, 5_000, 10_000, 10_000, 10_000],
};
/** A part that ran this long may die as often again as a new one. */
const healthyAfter = 60_000;
/** Longer than any part needs for its own beginning, also on a busy machine; what takes longer is stuck, and is started anew. */
const readyWithin = 60_000;
const largeLog = 10_000_000;

/** A part of daytwo as a process of its own, started again when it dies. */
export class PartProcess {
  readonly name: string;
  readonly #spec: PartSpec;
  readonly #events: PartEvents;
  #child: ChildProcess | undefined;
  #record: ProcessRecord | undefined;
  #guard: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attempt: AbortController | undefined;
  #deaths = 0;
  #startedAt = 0;
  #stopping = false;
  #wasReady = false;
  readonly #first = settleLater<Addresses>();

  constructor(spec: PartSpec, events: PartEvents) {
    this.name = spec.name;
    this.#spec = spec;
    this.#events = events;
  }

  /** Starts it. Resolves once it is ready, also where that took several tries; rejects once it is given up. */
  launch(): Promise<Addresses> {
    this.#spawn();
    return this.#first.promise;
  }

  /** The running process, for the records; undefined while there is none. */
  get record(): ProcessRecord | undefined {
    return this.#record;
  }

  get logFile(): string {
    return this.#spec.logFile;
  }

  /** The last lines of its log. */
  logTail(lines = 8): string {
    if (!existsSync(this.#spec.logFile)) return '';
    return readFileSync(this.#spec.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Asks it to end, and ends it by force after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#attempt?.abort(new Error('stopped'));
    this.#first.reject(new Error(`${this.name} was stopped`));
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(force);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGKILL');
  }

  #spawn(): void {
    const { program, args, env, ipc, logFile } = this.#spec;
    putLargeLogAside(logFile);
    const log = openSync(logFile, 'a', 0o600);
    // A process group of its own: Ctrl-C reaches the supervisor alone, which then ends the parts in order.
    const child = spawn(program, args, {
      env,
      stdio: ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    this.#startedAt = Date.now();
    this.#record = child.pid === undefined ? undefined : recordOf(this.name, child.pid);
    if (!ipc && child.pid !== undefined) this.#guard = endWithSupervisor(child.pid);
    this.#events.changed();
    let ended = false;
    const end = (how: string) => {
      if (ended) return;
      ended = true;
      this.#ended(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ? `ended by ${signal}` : `exit code ${code ?? '?'}`));
    this.#awaitReady(child);
  }

  #awaitReady(child: ChildProcess): void {
    const attempt = new AbortController();
    this.#attempt = attempt;
    let stuck: NodeJS.Timeout | undefined;
    const watch = () => {
      if (!attempt.signal.aborted) stuck = setTimeout(() => child.kill('SIGKILL'), readyWithin);
    };
    // What it needs failing is the start's own fault, and told there.
    Promise.resolve(this.#spec.needed).then(watch, () => undefined);
    attempt.signal.addEventListener('abort', () => clearTimeout(stuck));
    this.#spec.ready(child, attempt.signal).then(
      (addresses) => {
        if (attempt.signal.aborted) return;
        clearTimeout(stuck);
        this.#events.ready(this, addresses, this.#wasReady);
        if (!this.#wasReady) this.#deaths = 0;
        this.#wasReady = true;
        this.#first.resolve(addresses);
      },
      (error: unknown) => {
        if (!attempt.signal.aborted) this.#first.reject(error);
      },
    );
  }

  #ended(how: string): void {
    this.#attempt?.abort(new Error(how));
    this.#guard?.kill('SIGKILL');
    this.#guard = undefined;
    this.#record = undefined;
    this.#events.changed();
    if (this.#stopping) return;
    if (this.#wasReady && Date.now() - this.#startedAt > healthyAfter) this.#deaths = 0;
    const { atStart, later } = this.#spec.restarts ?? usualRestarts;
    const wait = (this.#wasReady ? later : atStart)[this.#deaths];
    this.#deaths += 1;
    this.#events.died(this, how, wait);
    if (wait === undefined) {
      this.#first.reject(new Error(`${this.name} can't run (${how}).`));
      return;
    }
    this.#timer = setTimeout(() => this.#spawn(), wait);
  }
}

/**
 * A tiny process that ends `pid` when this one is gone, however it went: the other end of its standard input
 * closes then. For programs that aren't ours, which can't notice it themselves.
 */
function endWithSupervisor(pid: number): ChildProcess {
  const guard = spawn('sh', ['-c', 'read -r _; kill -TERM "$1"', 'daytwo-guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.unref();
  return guard;
}

function putLargeLogAside(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > largeLog) renameSync(logFile, `${logFile}.1`);
}

interface Settleable<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function settleLater<T>(): Settleable<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Whoever launched it looks at it; a part that is stopped before anybody does must not end the process.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
