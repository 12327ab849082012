import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { ChangeRef, ChangeVisit, PeriodChangeActivities } from '../activities/period-change';
import type { ChangePhase } from '../domain/close/change';
import { changeDetails, changeState, type ChangeStatus } from '../domain/close/change-status';
import { DeskInbox } from '../domain/desk-inbox';
import { GITLAB_QUEUE, queueOf } from '../domain/queues';
import { deskCalls } from './desk-calls';
import { hearDecisions } from './decisions';
import { issueChanged, status } from './messages';
import { STATE } from './search';
import { left, now } from './time';

export interface PeriodChangeResult extends ChangeRef {
  readonly phase: ChangePhase;
}

const { visitChange } = deskCalls<PeriodChangeActivities>(GITLAB_QUEUE, 'read the issue, judge, show');
const { applyChange } = deskCalls<PeriodChangeActivities>(
  queueOf('salesforce'),
  'make the change under an exception, read it back',
);

const WAITS_FOR = ['approve', 'reject', 'cancel', 'complete'] as const;

/**
 * A change of a locked period: it waits for one of those whom policy names, is made exactly as approved under an exception from the
 * lock, and waits on until the commissions that hang on it are calculated anew. What nobody decides is over after a while.
 */
export async function periodChange({ period, n }: ChangeRef): Promise<PeriodChangeResult> {
  const inbox = new DeskInbox();
  let visit = null as ChangeVisit | null;
  let isOver = false;
  let shown = '';
  const since = now();
  setHandler(issueChanged, () => inbox.hint());
  hearDecisions(inbox, {
    kinds: WAITS_FOR,
    otherwise: `of a change, you can ${WAITS_FOR.join(', ')}`,
    isOver: () => isOver,
    over: 'the change is over',
  });
  setHandler(status, () => statusNow());

  for (;;) {
    const seen = (visit = await visitChange({ period, n, messages: inbox.takeMessages(), now: now() }));
    inbox.wasJudged(seen.answers);
    show();
    if (seen.phase === 'approved') {
      await applyChange({ period, n, now: now() });
      continue;
    }
    if (inbox.needsVisit) continue;
    if (seen.over) break;
    const woken = () => inbox.needsVisit;
    if (seen.phase === 'asked')
      await condition(woken, Math.max(1, left(seen.expiresAt) - (seen.aheadMs ?? 0)), {
        summary: `over, ${seen.expiresAt}`,
      });
    else await condition(woken);
  }
  isOver = true;
  await condition(allHandlersFinished);
  return { period, n, phase: visit.phase };

  function statusNow(): ChangeStatus {
    const { answers: _, over: __, aheadMs: ___, ...seen } = visit ?? NOT_YET;
    return { kind: 'period-change', period, n, since, ...seen };
  }

  function show(): void {
    const current = statusNow();
    setCurrentDetails(changeDetails(current));
    const state = changeState(current);
    if (state === shown) return;
    shown = state;
    upsertSearchAttributes([{ key: STATE, value: state }]);
  }
}

const NOT_YET: Omit<ChangeVisit, 'phase'> & { readonly phase: 'new' } = {
  phase: 'new',
  edits: 0,
  commissionDue: false,
  over: false,
  expiresAt: '',
  url: null,
  answers: {},
};
