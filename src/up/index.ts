import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { live } from '../../scripts/lib/progress.cjs';
import type { Lock } from '../../scripts/lib/lock.cjs';
import type { UpOptions } from '../../scripts/lib/start-options.cjs';
import { playDemo } from './demo';
import { endOrphans } from './orphans';
import { sameWishWithin } from './part';
import { forPeople, forPrograms, type Voice } from './say';
import { holderInWords, ownFiles, takeState, throwAway } from './state';
import { Supervisor, type Running, type SupervisorOptions } from './supervisor';

/** What tests choose: other parts, other ports. */
export type Surroundings = Pick<SupervisorOptions, 'entry' | 'usualPorts'>;

export type { UpOptions };

/**
 * Brings everything up on one state, plays the main job where asked, and stays until it is told to end (SIGINT,
 * SIGTERM, SIGHUP), or until the job is done with `exit`. No process is left behind.
 *
 * @returns the exit code: 0 done, 1 refused or failed (another daytwo holds the state, a part can't run, the job
 * wasn't verified), 2 wrong usage, 130 interrupted before the job was done
 */
export async function up(options: UpOptions, surroundings: Surroundings = {}): Promise<number> {
  // What the parts keep holds names and addresses: for this user alone.
  process.umask(0o077);
  const voice = options.json ? forPrograms() : forPeople();
  if (options.fresh) {
    const refused = await asksBeforeThrowingAway(options, voice);
    if (refused !== undefined) return refused;
  }
  const taken = takeState(options.stateDir);
  if ('holder' in taken) {
    voice.warn(holderInWords(options.stateDir, taken.holder));
    return 1;
  }
  try {
    if (options.fresh) throwAway(options.stateDir, taken.held);
    const orphans = await endOrphans(options.stateDir);
    if (orphans.length > 0)
      voice.line(`Ended what an earlier start had left running: ${orphans.join(', ')}.`);
    return await supervise(options, taken.held, voice, surroundings);
  } finally {
    taken.held.release();
  }
}

async function supervise(
  options: UpOptions,
  held: Lock,
  voice: Voice,
  surroundings: Surroundings,
): Promise<number> {
  const end = new EndAsked();
  const supervisor = new Supervisor({
    ...surroundings,
    stateDir: options.stateDir,
    retryDownloads: options.retryDownloads ?? false,
    voice,
    gaveUp: () => end.ask(1),
  });
  end.onSecond(() => supervisor.kill());
  const starting = live('Starting', () => `waiting for ${[...supervisor.pending].join(', ')}`);
  try {
    const running = await Promise.race([supervisor.start(), end.asked]);
    starting.clear();
    // Ended before the job was played: that is no success where the job was asked for.
    if (typeof running === 'number') return running === 0 && options.exit ? 130 : running;
    const addresses = addressRows(options.stateDir, running);
    held.describe(Object.fromEntries(addresses));
    voice.addresses(addresses);
    return await doTheJob(options, voice, end);
  } catch (error) {
    starting.clear();
    voice.warn(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    const stopping = live('Stopping');
    await supervisor.stop();
    stopping.clear();
    end.dispose();
  }
}

async function doTheJob(options: UpOptions, voice: Voice, end: EndAsked): Promise<number> {
  if (options.demo) {
    const played = await Promise.race([playDemo({ ...options, voice, signal: end.signal }), end.asked]);
    if (typeof played === 'number') return played === 0 ? 130 : played;
    for (const missing of played.missing) voice.warn(`missing: ${missing}`);
    if (options.exit) return played.ok ? 0 : 1;
  }
  if (options.exit) return 0;
  voice.line('Everything is up; Ctrl-C ends it. The state stays, and the next start goes on from there.');
  return end.asked;
}

/** The addresses that a person may want to open. */
function addressRows(stateDir: string, running: Running): [string, string][] {
  const sandbox = sandboxAddresses(stateDir);
  const ui = running.temporal.ui;
  const rows: [string, string | undefined][] = [
    ['Request board', sandbox.board],
    ['Mailbox', sandbox.mailbox],
    ['Temporal UI', ui && `${ui}/namespaces/${running.temporal.namespace}/workflows`],
    ['Temporal', running.temporal.address],
    ['Server', running.server],
    ['State', stateDir],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '');
}

function sandboxAddresses(stateDir: string): { board: string | undefined; mailbox: string | undefined } {
  const file = join(stateDir, 'sandbox.json');
  if (!existsSync(file)) return { board: undefined, mailbox: undefined };
  const known: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const gitlab = textAt(known, 'gitlab', 'url');
  const project = textAt(known, 'gitlab', 'accessRequestsProject');
  return {
    board: gitlab && project && `${gitlab}/${project}/-/boards`,
    mailbox: textAt(known, 'mailbox', 'url'),
  };
}

function textAt(value: unknown, ...keys: string[]): string | undefined {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, key);
  }
  return typeof at === 'string' ? at : undefined;
}

/** Gives an exit code where the state must not be thrown away. */
async function asksBeforeThrowingAway(options: UpOptions, voice: Voice): Promise<number | undefined> {
  const files = ownFiles(options.stateDir);
  if (files.length === 0 || options.yes) return undefined;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    voice.warn(`--fresh throws away the state in ${options.stateDir}. Say --yes where nobody can be asked.`);
    return 2;
  }
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const question = `Throw away every issue, workflow and evidence in ${options.stateDir}? [y/N] `;
  const answer = await ask.question(question).finally(() => ask.close());
  if (/^y(es)?$/i.test(answer.trim())) return undefined;
  voice.line('Nothing was changed.');
  return 1;
}

/** Being told to end, by a signal or by a fault; the code to end with. */
class EndAsked {
  readonly asked: Promise<number>;
  readonly #abort = new AbortController();
  #resolve: (code: number) => void = () => undefined;
  #second: () => void = () => undefined;
  #askedAt = 0;
  readonly #listener = () => {
    if (!this.signal.aborted) {
      this.#askedAt = Date.now();
      return this.ask(0);
    }
    if (Date.now() - this.#askedAt < sameWishWithin) return;
    this.#second();
    process.exit(130);
  };

  constructor() {
    this.asked = new Promise((resolve) => (this.#resolve = resolve));
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  ask(code: number): void {
    this.#abort.abort();
    this.#resolve(code);
  }

  /** What is done at once when it is asked a second time. */
  onSecond(act: () => void): void {
    this.#second = act;
  }

  dispose(): void {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, this.#listener);
  }
}
