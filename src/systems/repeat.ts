import { SystemFault } from './fault';

const TRIES = 5;
const FIRST_PAUSE_MS = 100;
/** A longer wait than this is Temporal's: a worker doesn't sit in an activity for it. */
const LONGEST_PAUSE_MS = 2_000;

/**
 * Repeats a request that only reads, since a read can't do anything twice: an activity of ten calls would otherwise begin
 * anew for one lost answer. What writes is sent once, whatever happens.
 */
export async function repeatReads<T>(method: string, send: () => Promise<T>): Promise<T> {
  if (method !== 'GET') return send();
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const pause = pauseAfter(error, tries);
      if (pause === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** How long to wait before the next try, in milliseconds; null where no further try is made. */
export function pauseAfter(error: unknown, tries: number): number | null {
  if (!(error instanceof SystemFault) || !error.retryable || tries >= TRIES) return null;
  const pause = error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random());
  return pause <= LONGEST_PAUSE_MS ? pause : null;
}
