import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CloseActivities } from '../activities/close';
import { closeDetails, type CloseStatus, type CloseVisit } from '../domain/close/status';
import { DeskInbox } from '../domain/desk-inbox';
import { GITLAB_QUEUE, queueOf } from '../domain/queues';
import { deskCalls } from './desk-calls';
import { hearDecisions } from './decisions';
import { issueChanged, recordsChanged, status } from './messages';
import { DUE, STATE } from './search';
import { left as leftOf, now } from './time';

export interface MonthlyCloseInput {
  /** `2026-10` */
  readonly period: string;
  /** User name of who began it; `daytwo` where the schedule did. */
  readonly by: string;
}

export interface MonthlyCloseResult {
  readonly period: string;
  readonly records: number | null;
}

const { beginClose } = deskCalls<CloseActivities>(GITLAB_QUEUE, 'work out the dates, make the issues');
const { visitClose } = deskCalls<CloseActivities>(GITLAB_QUEUE, 'read the issues, judge, look, show');
const { lockPeriod } = deskCalls<CloseActivities>(
  queueOf('salesforce'),
  'lock the period, prove it, keep its records',
);

/** What one person does at a time is judged in one visit. */
const GATHERED = '2 seconds';
/** Ids that one visit judges; the night's look finds the rest. */
const MOST_CHANGED = 500;

const WAITS_FOR = ['complete', 'approve', 'reject'] as const;

/**
 * A month is closed. From ten business days before its end people sign its tasks; after the cut-off both parties give the green light
 * over the same records; on its day the period is locked, and the lock is proved. Until all its dates are over it is looked at
 * each night, so that nothing of it changes without a trace.
 */
export async function monthlyClose({ period, by }: MonthlyCloseInput): Promise<MonthlyCloseResult> {
  const inbox = new DeskInbox();
  let visit = null as CloseVisit | null;
  let isOver = false;
  let shown = '';
  /** The clock of a sandbox was put forward: whatever fell due meanwhile is looked at. */
  let jumped = false;
  /** Opportunities that may have changed since the last visit. */
  let changed = new Set<string>();
  setHandler(issueChanged, () => inbox.hint());
  setHandler(recordsChanged, ({ ids }) => {
    // What changes in a locked period, each night tells: field by field.
    if (visit?.phase === 'locked' || visit?.phase === 'ended') return;
    for (const id of ids) if (changed.size < MOST_CHANGED) changed.add(id);
  });
  hearDecisions(inbox, {
    kinds: WAITS_FOR,
    otherwise: `of a close, you can ${WAITS_FOR.join(', ')}`,
    isOver: () => isOver,
    over: 'the close has ended',
  });
  setHandler(status, () => statusNow());

  visit = await beginClose({ period, by, now: now() });
  for (;;) {
    show();
    await leaveHistoryBehind();
    if (visit.phase === 'ended') return end();
    if (visit.phase === 'lit' && left(visit.lockAt) <= 1) await lock();
    else await look();
  }

  /** Until an instant of the close, by the clock of its systems. */
  function left(instant: string): number {
    return Math.max(1, leftOf(instant) - (visit?.aheadMs ?? 0));
  }

  /** The next visit: when something moved or was said, or when it is time. */
  async function look(): Promise<void> {
    const nextAt = visit?.nextAt ?? null;
    const due = visit?.phase === 'lit' && visit.lockAt < (nextAt ?? visit.lockAt) ? visit.lockAt : nextAt;
    const isDue = (): boolean => jumped || (due !== null && left(due) <= 1);
    if (!inbox.needsVisit && !isDue()) {
      const woken = () => inbox.needsVisit || changed.size > 0;
      if (due === null) await condition(woken);
      else await condition(woken, left(due), { summary: `look again, ${due}` });
      if (visit?.phase === 'lit' && left(visit.lockAt) <= 1) return;
      if (changed.size > 0 && !inbox.needsVisit && !isDue())
        await condition(() => inbox.needsVisit, GATHERED);
    }
    const messages = inbox.takeMessages();
    const before = visit?.aheadMs ?? 0;
    const ids = [...changed];
    changed = new Set();
    visit = await visitClose({
      period,
      messages,
      look: isDue(),
      now: now(),
      ...(ids.length > 0 ? { changed: ids } : {}),
    });
    jumped = (visit.aheadMs ?? 0) !== before;
    inbox.wasJudged(visit.answers);
  }

  /** Whatever comes of it, the next visit shows it; where the records were others, the lights go out there. */
  async function lock(): Promise<void> {
    await lockPeriod({ period, now: now() });
    visit = await visitClose({ period, messages: inbox.takeMessages(), look: true, now: now() });
    inbox.wasJudged(visit.answers);
    // A lock that isn't proved is tried again with the next visit, not at once.
    if (visit.phase === 'lit') visit = { ...visit, lockAt: visit.nextAt ?? visit.lockAt };
  }

  function statusNow(): CloseStatus {
    const { answers: _, aheadMs: __, ...seen } = visit ?? NOT_YET;
    return { kind: 'monthly-close', period, since: workflowInfo().startTime.toISOString(), ...seen };
  }

  function show(): void {
    const current = statusNow();
    setCurrentDetails(closeDetails(current));
    if (current.phase === shown) return;
    shown = current.phase;
    upsertSearchAttributes([
      { key: STATE, value: current.phase },
      { key: DUE, value: new Date(current.lockAt) },
    ]);
  }

  async function leaveHistoryBehind(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested || inbox.needsVisit || changed.size > 0) return;
    await condition(allHandlersFinished);
    await continueAsNew<typeof monthlyClose>({ period, by });
  }

  async function end(): Promise<MonthlyCloseResult> {
    isOver = true;
    await condition(allHandlersFinished);
    return { period, records: visit?.records ?? null };
  }
}

const NOT_YET: Omit<CloseVisit, 'phase'> & { readonly phase: 'new' } = {
  phase: 'new',
  signed: 0,
  tasks: 0,
  waits: [],
  lit: [],
  records: null,
  open: null,
  findings: null,
  lockAt: '',
  nextAt: null,
  url: null,
  answers: {},
};
