import {
  allHandlersFinished,
  condition,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { ReclaimActivities, ReclaimList, ReclaimResult } from '../activities/reclaim';
import type { Channel } from '../domain/handbook';
import { queueOf } from '../domain/queues';
import { isOwnChannel, malformed, type DecisionInput } from '../domain/request-desk';
import { fiscalQuarter, type ReclaimWord } from '../domain/seat-reclaim';
import { decide, decisionSignal, issueChanged, status, type Decision } from './messages';
import { now } from './time';

export interface LicenceReclaimInput {
  /** The fiscal quarter that it is of: `2026-Q4`; absent: the one in which it begins. */
  readonly quarter?: string;
  /** From 1. */
  readonly fiscalYearStartMonth: number;
  /** Who started it by hand; absent: the schedule. */
  readonly by?: string;
}

const { listIdleSeats, judgeReclaim, visitReclaim, reclaimSeats } = proxyActivities<ReclaimActivities>({
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
  let list: ReclaimList | null = null;
  let decided: ReclaimWord | null = null;
  let standing: 'listing' | 'notice' | 'waiting_approval' | 'reclaiming' = 'listing';
  let since = now();
  let noticeEndsAt: string | null = null;
  const stands = (how: typeof standing, words: string): void => {
    standing = how;
    since = now();
    setCurrentDetails(words);
  };
  const take = async (kind: ReclaimWord, by: string, channel: Channel): Promise<string | null> => {
    const ref = list?.ref ?? null;
    const why = await judgeReclaim({ quarter, kind, by, channel, at: now(), ref, decided });
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
  // People decide on the issue, too: whatever moved there is read, one visit at a time.
  let moved = false;
  let visiting = false;
  let cursor = 0;
  setHandler(issueChanged, async () => {
    moved = true;
    if (visiting) return;
    visiting = true;
    await condition(() => list !== null);
    const ref = list?.ref;
    while (ref && moved && standing !== 'reclaiming') {
      moved = false;
      const visit = await visitReclaim({ quarter, ref, decided, cursor });
      cursor = visit.cursor;
      decided ??= visit.decided;
    }
    visiting = false;
  });
  setHandler(status, () => ({
    kind: 'licence-reclaim',
    quarter,
    standing,
    since,
    decided,
    users: list?.users.length ?? null,
    noticeEndsAt,
    ref: list?.ref ?? null,
  }));

  const { by } = input;
  list = await listIdleSeats({ quarter, now: now(), ...(by === undefined ? {} : { by }) });
  let result: ReclaimResult | null = null;
  if (list.users.length > 0) {
    const notice = list.noticeDays * DAY_MS;
    noticeEndsAt = new Date(Date.now() + notice).toISOString();
    const told = `${list.users.length} users were told`;
    stands('notice', `${told}; the notice ends after ${list.noticeDays} days.`);
    if (patched('reclaim-ends-with-its-rejection'))
      await condition(() => decided === 'reject', notice, { summary: 'the notice' });
    else await sleep(notice, { summary: 'the notice' });
    stands('waiting_approval', `${told}; waits for the approval of a provisioning DRI.`);
    await condition(() => decided !== null);
    stands('reclaiming', `${told}; their seats are taken back.`);
    // Compared anew: handlers have changed it since TypeScript saw it last.
    if ((decided as ReclaimWord | null) === 'approve')
      result = await reclaimSeats({ ...list, quarter, now: now() });
  }
  await condition(allHandlersFinished);
  return result;
}
