import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { temporalCli } from '../../scripts/lib/temporal-cli.cjs';
import { writeRecords } from './orphans';
import { isReady, type ToPart } from './part';
import { PartProcess, type Addresses, type PartSpec } from './part-process';
import { reservePorts, type Ports, type ReservedPorts } from './ports';
import type { Voice } from './say';
import { sandboxEnv, writeTemporalConfig } from './state';
import { devServerArgs, untilServing } from './temporal';

const root = join(__dirname, '..', '..');

export interface SupervisorOptions {
  readonly stateDir: string;
  readonly retryDownloads: boolean;
  readonly voice: Voice;
  /** The script that runs a part, given its name; the `daytwo` command where absent. */
  readonly entry?: string | undefined;
  /** The ports to begin with where this state has none yet. */
  readonly usualPorts?: Ports | undefined;
  /** A part died so often that it isn't started again. */
  readonly gaveUp: (part: string) => void;
}

/** Where everything can be reached once it runs. */
export interface Running {
  readonly server: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly ui: string | undefined;
  };
  readonly parts: Readonly<Record<string, Addresses>>;
}

/** Brings up Temporal, the sandbox, the worker and the server as processes, keeps them running, and ends them. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #parts: PartProcess[] = [];
  readonly #since = Date.now();
  #stopping = false;
  #reserved: ReservedPorts | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Names of the parts that aren't ready yet. */
  readonly pending = new Set<string>();

  /** Starts every part at once; each begins its work as soon as those that it needs are ready. */
  async start(env: NodeJS.ProcessEnv = process.env): Promise<Running> {
    const { stateDir } = this.#options;
    this.#reserved = await reservePorts(stateDir, this.#options.usualPorts);
    const { ports } = this.#reserved;
    const external = env['TEMPORAL_ADDRESS'];
    const address = external || `127.0.0.1:${ports.temporal}`;
    const ui = external ? env['DAYTWO_TEMPORAL_UI'] : `http://127.0.0.1:${ports.temporalUi}`;
    const server = `http://127.0.0.1:${ports.server}`;
    const shared = partEnv(env, { stateDir, server, address, ui, external: Boolean(external) });

    const temporal = external ? Promise.resolve({}) : this.#temporal(ports, address, env);
    const sandbox = this.#run(this.#part('sandbox', shared, Promise.resolve({})));
    const needed = Promise.all([temporal, sandbox]).then(() => ({}));
    // Looked at through the parts that wait for it.
    needed.catch(() => undefined);
    const serverEnv = { ...shared, PORT: String(ports.server) };
    const serverPart = this.#part('server', serverEnv, needed, (signal) =>
      untilAnswers(`${server}/healthz`, signal),
    );
    const [sandboxAt, serverAt, workerAt] = await Promise.all([
      sandbox,
      this.#run(serverPart),
      this.#run(this.#part('worker', shared, needed)),
      temporal,
    ]);
    const namespace = env['TEMPORAL_NAMESPACE'] || 'default';
    const parts = { sandbox: sandboxAt, server: serverAt, worker: workerAt };
    return { server, temporal: { address, namespace, ui }, parts };
  }

  /** Ends every part in order: those that use Temporal and the sandbox first. */
  async stop(graceMs = 5_000): Promise<void> {
    this.#stopping = true;
    for (const names of [
      ['server', 'worker'],
      ['sandbox', 'temporal'],
    ]) {
      await Promise.all(
        this.#parts.filter((part) => names.includes(part.name)).map((part) => part.stop(graceMs)),
      );
    }
    writeRecords(this.#options.stateDir, []);
    this.#reserved?.release();
  }

  /** Ends every part at once, by force. */
  kill(): void {
    this.#stopping = true;
    for (const part of this.#parts) part.kill();
  }

  async #temporal(ports: Ports, address: string, env: NodeJS.ProcessEnv): Promise<Addresses> {
    const { stateDir, retryDownloads } = this.#options;
    const program = await temporalCli({ env, retryDownloads });
    return this.#run({
      name: 'temporal',
      program,
      args: devServerArgs(join(stateDir, 'temporal.db'), ports),
      env,
      logFile: join(stateDir, 'logs', 'temporal.log'),
      ipc: false,
      ready: async (_child, signal) => {
        await untilServing(address, signal);
        return {};
      },
    });
  }

  /** One of daytwo's own parts; it starts its work once `needed` is there. */
  #part(
    name: string,
    env: NodeJS.ProcessEnv,
    needed: Promise<unknown>,
    check: (signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
  ): PartSpec {
    const { stateDir } = this.#options;
    const given = () => (name === 'sandbox' ? {} : withoutOwn(sandboxEnv(stateDir), env));
    return {
      name,
      program: process.execPath,
      args: [this.#options.entry ?? join(root, 'bin', 'daytwo.cjs'), name],
      env,
      logFile: join(stateDir, 'logs', `${name}.log`),
      ipc: true,
      needed,
      ready: async (child, signal) => {
        const ready = readyMessage(child, signal);
        await needed;
        tell(child, { kind: 'start', env: given() });
        const addresses = await ready;
        await check(signal);
        return addresses;
      },
    };
  }

  async #run(spec: PartSpec): Promise<Addresses> {
    if (this.#stopping) throw new Error('stopping');
    const part = new PartProcess(spec, {
      died: (died, how, again) => this.#died(died, how, again),
      ready: (_part, _addresses, again) => {
        if (again) this.#options.voice.line(`${spec.name} is back.`);
      },
      changed: () => this.#writeRecords(),
    });
    this.#parts.push(part);
    this.pending.add(spec.name);
    const addresses = await part.launch();
    this.pending.delete(spec.name);
    this.#options.voice.line(`${spec.name} is ready (${((Date.now() - this.#since) / 1000).toFixed(1)} s)`);
    return addresses;
  }

  #died(part: PartProcess, how: string, again: number | undefined): void {
    const { voice, gaveUp } = this.#options;
    if (again !== undefined) {
      voice.warn(`${part.name} died (${how}); starting it again. Its log: ${part.logFile}`);
      return;
    }
    voice.warn(
      `${part.name} died again (${how}), and is given up. Its log, ${part.logFile}, ends with:\n${part.logTail()}`,
    );
    gaveUp(part.name);
  }

  #writeRecords(): void {
    const records = this.#parts.map((part) => part.record);
    writeRecords(
      this.#options.stateDir,
      records.filter((record) => record !== undefined),
    );
  }
}

interface Known {
  readonly stateDir: string;
  readonly server: string;
  readonly address: string;
  readonly ui: string | undefined;
  readonly external: boolean;
}

/** What every part is told beside the variables that the user set. */
function partEnv(env: NodeJS.ProcessEnv, known: Known): NodeJS.ProcessEnv {
  return {
    ...env,
    DAYTWO_STATE_DIR: known.stateDir,
    DAYTWO_SERVER_URL: known.server,
    TEMPORAL_ADDRESS: known.address,
    ...(known.ui ? { DAYTWO_TEMPORAL_UI: known.ui } : {}),
    ...(known.ui && !env['DAYTWO_UI_ORIGIN'] ? { DAYTWO_UI_ORIGIN: origins(known.ui) } : {}),
    ...(known.external
      ? {}
      : {
          TEMPORAL_NAMESPACE: 'default',
          TEMPORAL_CONFIG_FILE: writeTemporalConfig(known.stateDir, known.address),
        }),
  };
}

/** The UI's address as a browser may name it: both ways to say this machine. */
function origins(ui: string): string {
  const { origin } = new URL(ui);
  return `${origin} ${origin.replace('127.0.0.1', 'localhost')}`;
}

/** The sandbox's variables, save those that the user set: somebody may try one real system beside the sandbox. */
function withoutOwn(given: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !env[name] && !env[`${name}_FILE`]));
}

function readyMessage(child: ChildProcess, signal: AbortSignal): Promise<Addresses> {
  const ready = new Promise<Addresses>((resolve, reject) => {
    child.on('message', (message: unknown) => {
      if (isReady(message)) resolve(message.addresses);
    });
    signal.addEventListener('abort', () => reject(new Error('ended before it was ready')));
  });
  ready.catch(() => undefined);
  return ready;
}

function tell(child: ChildProcess, message: ToPart): void {
  // A part that died meanwhile is started again, and told then.
  if (child.connected) child.send(message, () => undefined);
}

async function untilAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(url, { signal }).catch(() => undefined);
    if (answer?.ok) return;
    await pause(50, undefined, { signal });
  }
}
