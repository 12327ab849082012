import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { AccountReviewActivities, ReviewRef, ReviewVisit } from '../activities/account-review';
import { DeskInbox } from '../domain/desk-inbox';
import { GITLAB_QUEUE } from '../domain/queues';
import type { ReviewPhase } from '../domain/territory/review';
import { reviewDetails, type ReviewStatus } from '../domain/territory/review-status';
import { deskCalls } from './desk-calls';
import { hearDecisions } from './decisions';
import { accountChanged, issueChanged, status } from './messages';
import { STATE } from './search';
import { left, now } from './time';

export interface AccountReviewResult extends ReviewRef {
  readonly phase: ReviewPhase;
}

const { visitReview } = deskCalls<AccountReviewActivities>(
  GITLAB_QUEUE,
  'read the account and the issue, judge, show and write back',
);

const WAITS_FOR = ['approve', 'reject', 'hold', 'cancel'] as const;

/**
 * What somebody asked for in the review section of an account: other employees or address, or another owner. It waits for those whom
 * policy names, is taken up again when who asked adds something, and ends once the account says how it was decided.
 */
export async function accountReview({ accountId, n }: ReviewRef): Promise<AccountReviewResult> {
  const inbox = new DeskInbox();
  let visit = null as ReviewVisit | null;
  let isOver = false;
  let shown = '';
  const since = now();
  setHandler(issueChanged, () => inbox.hint());
  setHandler(accountChanged, () => inbox.hint());
  hearDecisions(inbox, {
    kinds: WAITS_FOR,
    otherwise: `of a review, you can ${WAITS_FOR.join(', ')}`,
    isOver: () => isOver,
    over: 'the review is over',
  });
  setHandler(status, () => statusNow());

  for (;;) {
    const seen = (visit = await visitReview({ accountId, n, messages: inbox.takeMessages(), now: now() }));
    inbox.wasJudged(seen.answers);
    show();
    if (inbox.needsVisit) continue;
    if (seen.over) break;
    const woken = () => inbox.needsVisit;
    if (seen.nextAt === null) await condition(woken);
    else
      await condition(woken, Math.max(1, left(seen.nextAt) - (seen.aheadMs ?? 0)), {
        summary: `reminder or escalation, ${seen.nextAt}`,
      });
  }
  isOver = true;
  await condition(allHandlersFinished);
  return { accountId, n, phase: visit.phase };

  function statusNow(): ReviewStatus {
    const {
      of = null,
      phase = 'new',
      open = [],
      nextAt = null,
      effectiveDate = null,
      url = null,
    } = visit ?? {};
    return { kind: 'account-review', accountId, n, since, of, phase, open, nextAt, effectiveDate, url };
  }

  function show(): void {
    const current = statusNow();
    setCurrentDetails(reviewDetails(current));
    if (current.phase === shown) return;
    shown = current.phase;
    upsertSearchAttributes([{ key: STATE, value: current.phase }]);
  }
}
