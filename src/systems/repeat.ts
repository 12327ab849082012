import { SystemFault } from './fault';

const TRIES = 5;
const FIRST_PAUSE_MS = 100;
/** A longer wait than this is Temporal's: a worker doesn't sit in an activity for it. */
const LONGEST_PAUSE_MS = 2_000;

/**
 * Repeats a request that only reads, since a read can't do anything twice: an activity of ten calls would otherwise begin
 * anew for one lost answer. What writes is sent once, whatever happens.
 *
 * @param pauseOf how long to wait before the next try, in milliseconds; null where no further try is made
 */
export function repeatReads<T>(
  method: string,
  send: () => Promise<T>,
  pauseOf: typeof pauseAfter = pauseAfter,
): Promise<T> {
  return method === 'GET' ? repeat(send, pauseOf) : send();
}

/** Repeats what changes nothing more when it is sent again, such as ending sessions. */
export async function repeat<T>(send: () => Promise<T>, pauseOf: typeof pauseAfter = pauseAfter): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const pause = pauseOf(error, tries);
      if (pause === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** The pause of a system whose limits may be over in a moment, whatever wait its faults ask for otherwise. */
export const pauseBriefly = (error: unknown, tries: number): number | null =>
  error instanceof SystemFault && error.retryable && tries < TRIES ? briefPause(tries) : null;

const briefPause = (tries: number): number => FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random());

/** How long to wait before the next try, in milliseconds; null where no further try is made. */
export function pauseAfter(error: unknown, tries: number): number | null {
  if (!(error instanceof SystemFault) || !error.retryable || tries >= TRIES) return null;
  const pause = error.retryAfterMs ?? briefPause(tries);
  return pause <= LONGEST_PAUSE_MS ? pause : null;
}
