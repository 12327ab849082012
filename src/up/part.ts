/**
 * Ctrl-C reaches a process twice where npm runs it: from the terminal, and passed on by npm. What comes within this time
 * of the first, in milliseconds, is the same wish.
 */
export const sameWishWithin = 700;

/** What a part (sandbox, worker, server) gives back once it does its work. */
export interface RunningPart {
  /** Finishes what is under way, then ends. */
  stop(): Promise<void>;
  /** Where it can be reached, by name; shown to people. */
  readonly addresses?: Readonly<Record<string, string>>;
}

/** From the supervisor to a part. */
export type ToPart = { readonly kind: 'start'; readonly env: Readonly<Record<string, string>> };
/** From a part to its supervisor. */
export type FromPart = { readonly kind: 'ready'; readonly addresses: Readonly<Record<string, string>> };

/**
 * How long a part may take to end once it was asked to, in milliseconds: a person waits for the supervisor; elsewhere
 * what is under way may be finished.
 */
const stopWithin = { supervised: 4_000, alone: 25_000 };

/**
 * Runs one part of daytwo in this process until it is asked to end (SIGINT, SIGTERM), or until its supervisor
 * vanishes. `load` imports the part's code and gives the function that starts it.
 *
 * Under the supervisor the code is loaded at once, while the other parts are still starting; it is started when
 * the supervisor says so, with the environment that is known by then. Elsewhere it starts at once.
 * Resolves with the exit code; rejects where loading or starting fails.
 */
export async function runPart(load: () => Promise<() => Promise<RunningPart>>): Promise<number> {
  const asked = endAsked();
  const told = process.send ? startMessage() : undefined;
  const start = await load();
  if (told) {
    const message = await Promise.race([told, asked]);
    if (message === undefined) return 0;
    Object.assign(process.env, message.env);
  }
  const running = await start();
  const ready: FromPart = { kind: 'ready', addresses: running.addresses ?? {} };
  if (process.connected) process.send?.(ready);
  await asked;
  return (await endsInTime(running.stop())) ? 0 : 1;
}

function startMessage(): Promise<ToPart> {
  return new Promise((resolve) => {
    process.on('message', (message: unknown) => {
      if (isStart(message)) resolve(message);
    });
  });
}

/** Settles at the first SIGINT or SIGTERM, or when the supervisor is gone; a second signal ends the process at once. */
function endAsked(): Promise<undefined> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const ask = () => {
      if (askedAt !== undefined && Date.now() - askedAt > sameWishWithin) process.exit(1);
      askedAt ??= Date.now();
      resolve(undefined);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    if (!process.send) return;
    process.once('disconnect', () => resolve(undefined));
  });
}

async function endsInTime(stopping: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), process.send ? stopWithin.supervised : stopWithin.alone);
  });
  const inTime = await Promise.race([stopping.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

/** Whether a message of the IPC channel asks this part to start. */
export function isStart(message: unknown): message is ToPart {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'start';
}

/** Whether a message of the IPC channel says that a part is ready. */
export function isReady(message: unknown): message is FromPart {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}
