import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PoolLook, SeatActivities } from '../activities/seats';
import { queueOf } from '../domain/queues';
import { seatFreed, seatWanted, status } from './messages';

export interface SeatPoolInput {
  /** `salesforce/Inbox` */
  readonly pool: string;
  /** Somebody waited when the run before this one ended. */
  readonly wanted?: boolean;
}

/** Looks before the history is left behind. */
const LOOKS = 200;

/**
 * Wakes those who wait for a licence seat, the first in turn first. The queue itself stands in the store. It looks at the
 * system at once when a seat came free, and at the policy's interval while somebody waits, since seats are bought and taken
 * by hand, too. While nobody waits it costs nothing.
 */
export async function seatPool(input: SeatPoolInput): Promise<void> {
  const { pool } = input;
  const { offerSeats } = proxyActivities<SeatActivities>({
    taskQueue: queueOf(pool),
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
    summary: 'offer what is free to the first in the queue',
  });
  let wanted = input.wanted ?? false;
  let lookNow = false;
  let looks = 0;
  let everySeconds: number | null = null;
  let last: PoolLook | null = null;
  let lookedAt: string | null = null;
  setHandler(seatWanted, () => {
    wanted = true;
  });
  setHandler(seatFreed, () => {
    wanted = true;
    lookNow = true;
  });
  setHandler(status, () => ({ kind: 'seat-pool', pool, wanted, lookedAt, last }));

  while (looks < LOOKS && !workflowInfo().continueAsNewSuggested) {
    await condition(() => wanted);
    // How often is policy, which the first look tells.
    if (everySeconds !== null && !lookNow)
      await condition(() => lookNow, everySeconds * 1000, { summary: 'until the next look' });
    lookNow = false;
    wanted = false;
    last = await offerSeats({ pool });
    lookedAt = new Date().toISOString();
    wanted ||= last.waiting > 0;
    everySeconds = last.everySeconds;
    looks += 1;
    setCurrentDetails(detailsOf(last));
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof seatPool>({ pool, wanted });
}

const detailsOf = ({ pool, total, used, waiting, offered, everySeconds }: PoolLook): string =>
  [
    `## ${pool.replace(/[^\w ./-]/g, '_')}`,
    `${used} of ${total ?? 'unlimited'} seats are taken; ${waiting} wait, a seat is kept for ${offered} of them.`,
    waiting > 0 ? `Looks again every ${everySeconds} s, or as soon as a seat comes free.` : 'Nobody waits.',
  ].join('\n\n');
