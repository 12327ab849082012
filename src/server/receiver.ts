import type { Log } from '../logging';
import type { ServerSettings } from '../settings';
import type { Store } from '../evidence';
import type { Inbox } from './inbox';
import type { Hook, Metrics } from './metrics';

export type HookResult =
  'accepted' | 'repeated' | 'ignored' | 'malformed' | 'unsigned' | 'too_large' | 'unavailable';

/** What a hook works with. */
export interface Receiver {
  readonly settings: ServerSettings;
  readonly store: Store;
  readonly temporal: Inbox;
  readonly log: Log;
  readonly metrics: Metrics;
  /** daytwo's own GitLab user; null where nobody knows it. */
  readonly botUsername: () => Promise<string | null>;
  /** How long a sender waits for Temporal before it is told to come again, in milliseconds. */
  readonly patienceMs: number;
  count(hook: Hook, result: HookResult): void;
}

/** Temporal hasn't acknowledged in time. */
export class TemporalAwayError extends Error {
  override readonly name = 'TemporalAwayError';
  constructor() {
    super('Temporal has not acknowledged in time');
  }
}

/** Waits for Temporal's acknowledgement, but not longer than a sender would. @throws TemporalAwayError, or what the call throws */
export async function acknowledged(receiver: Receiver, call: Promise<void> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TemporalAwayError()), receiver.patienceMs);
  });
  try {
    await Promise.race([call, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** The JSON of a body; undefined where it is none, which the check of it then names. */
export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
