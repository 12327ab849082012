import {
  allHandlersFinished,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { ReclaimActivities, ReclaimResult } from '../activities/reclaim';
import type { Channel } from '../domain/handbook';
import { queueOf } from '../domain/queues';
import { isOwnChannel, malformed, type DecisionInput } from '../domain/request-desk';
import { fiscalQuarter } from '../domain/seat-reclaim';
import { decide, decisionSignal, status, type Decision } from './messages';

export interface LicenceReclaimInput {
  /** The fiscal quarter that it is of: `2026-Q4`; absent: the one in which it begins. */
  readonly quarter?: string;
  /** From 1. */
  readonly fiscalYearStartMonth: number;
}

const { listIdleSeats, judgeReclaim, reclaimSeats } = proxyActivities<ReclaimActivities>({
  taskQueue: queueOf('salesforce'),
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

const DAY_MS = 86_400_000;

/**
 * Once a fiscal quarter: who hasn't signed in for long is listed and told; after the notice, and once ops approved, their
 * seats are taken back and go to those who wait. Null where nobody is idle, or ops said no.
 */
export async function licenceReclaim(input: LicenceReclaimInput): Promise<ReclaimResult | null> {
  const quarter = input.quarter ?? fiscalQuarter(now().slice(0, 10), input);
  let decided: 'approve' | 'reject' | null = null;
  let standing: 'listing' | 'notice' | 'waiting_approval' | 'reclaiming' = 'listing';
  const take = async (kind: 'approve' | 'reject', by: string, channel: Channel): Promise<string | null> => {
    const why = await judgeReclaim({ quarter, kind, by, channel, at: now() });
    if (why === null) decided ??= kind;
    return why;
  };
  for (const kind of ['approve', 'reject'] as const)
    setHandler(decisionSignal(kind), async (input: DecisionInput) => {
      if (malformed(input) === null) await take(kind, input.by, 'signal');
    });
  setHandler(
    decide,
    async ({ kind, by, channel }) => {
      const why = await take(kind === 'approve' ? 'approve' : 'reject', by, channel ?? 'cli');
      return { taken: why === null, why };
    },
    {
      validator: (decision: Decision) => {
        const problem =
          malformed(decision) ??
          (decision.kind === 'approve' || decision.kind === 'reject'
            ? null
            : 'a reclaim can be approved or rejected') ??
          (isOwnChannel(decision.channel) ? null : '"channel" must be cli');
        if (problem) throw new Error(problem);
      },
    },
  );
  setHandler(status, () => ({ kind: 'licence-reclaim', quarter, standing, decided }));

  const list = await listIdleSeats({ quarter, now: now() });
  let result: ReclaimResult | null = null;
  if (list.users.length > 0) {
    standing = 'notice';
    setCurrentDetails(`${list.users.length} users were told; the notice ends after ${list.noticeDays} days.`);
    await sleep(list.noticeDays * DAY_MS, { summary: 'the notice' });
    standing = 'waiting_approval';
    setCurrentDetails(`${list.users.length} users were told; waits for the approval of a provisioning DRI.`);
    await condition(() => decided !== null);
    standing = 'reclaiming';
    // Compared anew: handlers have changed it since TypeScript saw it last.
    if ((decided as 'approve' | 'reject' | null) === 'approve')
      result = await reclaimSeats({ ...list, quarter, now: now() });
  }
  await condition(allHandlersFinished);
  return result;
}

const now = (): string => new Date().toISOString();
