import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { TakingActivities } from '../activities/leaver-taking';
import type { LeavingActivities } from '../activities/leaving';
import { LeaverInbox, type LeaverCarried } from '../domain/leaver-inbox';
import type { LeavingPhase } from '../domain/leaving';
import { offboardingDetails, type LeaverVisit, type OffboardingStatus } from '../domain/offboarding';
import type { HrEvent } from '../domain/hr-event';
import { GITLAB_QUEUE, queueOf } from '../domain/queues';
import { isOwnChannel, malformed } from '../domain/request-desk';
import {
  callStarted,
  decide,
  decisionSignal,
  hrEvent,
  issueChanged,
  leaveNow,
  leaverChanged,
  status,
  successorNamed,
  type Decision,
} from './messages';
import { DUE, STATE } from './search';
import { left, now } from './time';

export interface OffboardingInput {
  readonly employeeId: string;
  /** HR's first word; absent where a signal brings it. */
  readonly first?: HrEvent;
  /** Where it stood when its history was left behind. */
  readonly carried?: LeaverCarried;
}

export interface OffboardingResult {
  readonly employeeId: string;
  readonly ended: 'ended' | 'rescinded' | 'restored' | 'noted';
}

const calls = <A extends object>(taskQueue: string, summary: string) =>
  proxyActivities<A>({
    taskQueue,
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '15 seconds' },
    summary,
  });
const { planLeaving } = calls<LeavingActivities>(GITLAB_QUEUE, 'work out when access ends');
const { freezeLeavers } = calls<LeavingActivities>(queueOf('salesforce'), 'stop their sign-in');
const { takeBackLeaving } = calls<LeavingActivities>(GITLAB_QUEUE, 'take the leaving back');
const { workLeaver } = calls<LeavingActivities>(GITLAB_QUEUE, 'read the issue, judge, remind, show');
const { takeLeavers } = proxyActivities<TakingActivities>({
  taskQueue: queueOf('salesforce'),
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'ask every system, hand over, take access',
});

/** How long somebody else may hand this person over until it is asked again. */
const WITH_OTHERS = '1 minute';

/**
 * Somebody leaves. Nothing happens until time zero; then their sign-in stops, what they own is handed over, and access goes,
 * system by system. It ends when every system is revoked or not applicable, and was looked at once more weeks later: "never
 * by timeout".
 */
export async function offboarding(input: OffboardingInput): Promise<OffboardingResult> {
  const { employeeId } = input;
  const inbox = new LeaverInbox(input.carried);
  let visit = null as LeaverVisit | null;
  let ended = false;
  let shown = '';
  setHandler(hrEvent, (event) => inbox.hear(event));
  setHandler(callStarted, ({ by }) => inbox.tellOfCall(by, now()));
  setHandler(leaveNow, ({ by, reason }) => inbox.leaveNow(by, reason, now()));
  setHandler(successorNamed, ({ by, email }) =>
    inbox.succeededBy(by, email, now(), patched('a successor counts after time zero')),
  );
  setHandler(issueChanged, () => inbox.hint());
  setHandler(leaverChanged, () => inbox.hint());
  for (const kind of ['complete', 'cancel'] as const)
    setHandler(decisionSignal(kind), (decision) => {
      if (malformed(decision) === null) inbox.tell(kind, decision, now(), 'signal');
    });
  setHandler(
    decide,
    async (decision) => {
      const id = inbox.tell(decision.kind, decision, now(), decision.channel ?? 'cli');
      await condition(() => inbox.answer(id) !== undefined || ended);
      const why = inbox.answer(id) ?? (inbox.answer(id) === null ? null : 'the leaving has ended');
      return { taken: why === null, why };
    },
    {
      validator: (decision: Decision) => {
        const problem =
          malformed(decision) ??
          (decision.kind === 'complete' ? null : 'of a leaving, only a task can be completed') ??
          (isOwnChannel(decision.channel) ? null : '"channel" must be cli');
        if (problem) throw new Error(problem);
      },
    },
  );
  setHandler(status, () => statusNow());
  if (input.first) inbox.hear(input.first);

  for (;;) {
    show();
    await leaveHistoryBehind();
    if (inbox.hasNews) {
      const ending = await planAgain();
      if (ending) return end(ending);
      continue;
    }
    const { plan, phase } = inbox;
    if (plan.kind !== 'planned') {
      if (plan.kind === 'noted') return end('noted');
      await condition(() => inbox.hasNews);
      continue;
    }
    if (phase === 'announced') await untilTimeZero();
    else if (phase === 'frozen') await take();
    else if (phase === 'suspended') await lookAfter(null);
    else if (phase === 'taken') await lookAfter(visit?.nextAt ?? null);
    else if (phase === 'watched') {
      if (await lookBack()) return end('ended');
    }
  }

  /** HR's newest word: another date, another kind, or that nobody leaves. Says how it ended, where it did. */
  async function planAgain(): Promise<OffboardingResult['ended'] | null> {
    const { leaving, event, rescinded, immediately, successor, namedBy } = inbox.takeNews();
    if (rescinded) {
      const { kind } = await takeBackLeaving({ employeeId, leaving, event: rescinded, now: now() });
      return kind;
    }
    if (!event) return 'noted';
    const plan = await planLeaving({
      employeeId,
      leaving,
      event,
      immediately,
      successor,
      namedBy,
      now: now(),
    });
    inbox.planned(plan);
    return null;
  }

  /** Before time zero nothing is touched; of somebody who is dismissed, rights over others' access go before the call. */
  async function untilTimeZero(): Promise<void> {
    const { plan } = inbox;
    if (plan.kind !== 'planned') return;
    if (inbox.needsVisit && plan.why === 'involuntary') {
      await look({ daily: false });
      if (visit?.callStarted) inbox.callBegan();
    } else inbox.unhint();
    const { leaving, timeZero, adminAt } = plan;
    if (inbox.called || left(timeZero) <= 1) {
      await freezeLeavers({ leaving, actions: ['admin_rights', 'sign_in'], now: now() });
      inbox.phase = plan.why === 'suspension' ? 'suspended' : 'frozen';
      return;
    }
    const adminDue = adminAt !== null && !inbox.adminTaken;
    if (adminDue && left(adminAt) <= 1) {
      await freezeLeavers({ leaving, actions: ['admin_rights'], now: now() });
      inbox.adminTaken = true;
      inbox.hint();
      return;
    }
    const next = adminDue ? adminAt : timeZero;
    await condition(() => inbox.hasNews || inbox.called || inbox.needsVisit, left(next), {
      summary: adminDue ? `before the call, ${next}` : `time zero, ${next}`,
    });
  }

  /** Everything is asked, handed over and taken, together with all others of this hour. */
  async function take(): Promise<void> {
    const { plan } = inbox;
    if (plan.kind !== 'planned') return;
    const taken = await takeLeavers({ leaving: plan.leaving, now: now() });
    if (taken.kind === 'taken') {
      visit = null;
      inbox.phase = 'taken';
      return;
    }
    inbox.unhint();
    await condition(() => inbox.needsVisit || inbox.hasNews, WITH_OTHERS, {
      summary: 'others of this hour are handed over with this one',
    });
  }

  /** People do the rest; daytwo reads what they did, tries again daily what was refused, and reminds. */
  async function lookAfter(nextAt: string | null): Promise<void> {
    const due = nextAt !== null && left(nextAt) <= 1;
    if (visit === null || inbox.needsVisit || due) {
      await look({ daily: due });
      if (inbox.phase === 'taken' && visit?.open === 0) inbox.phase = 'watched';
      return;
    }
    const woken = () => inbox.needsVisit || inbox.hasNews;
    if (nextAt === null) await condition(woken);
    else await condition(woken, left(nextAt), { summary: `look again, ${nextAt}` });
  }

  /** "The sweep runs once more": true when nothing came back. */
  async function lookBack(): Promise<boolean> {
    const { plan } = inbox;
    if (plan.kind !== 'planned') return false;
    const woken = () => inbox.needsVisit || inbox.hasNews;
    if (left(plan.lookBackAt) > 1 && !woken()) {
      await condition(woken, left(plan.lookBackAt), { summary: `look back, ${plan.lookBackAt}` });
      if (inbox.hasNews) return false;
    }
    const final = left(plan.lookBackAt) <= 1;
    await look({ daily: final, final });
    if (visit && visit.open > 0) {
      inbox.phase = 'taken';
      return false;
    }
    return final;
  }

  async function look({ daily, final = false }: { daily: boolean; final?: boolean }): Promise<void> {
    const { plan, phase } = inbox;
    if (plan.kind !== 'planned') return;
    const call = inbox.takeCall();
    const messages = inbox.takeMessages();
    visit = await workLeaver({ leaving: plan.leaving, phase, messages, call, daily, final, now: now() });
    inbox.wasJudged(visit.answers);
  }

  function statusNow(): OffboardingStatus {
    const { plan, phase } = inbox;
    const planned = plan.kind === 'planned' ? plan : null;
    return {
      kind: 'offboarding',
      employeeId,
      leaving: planned?.leaving ?? null,
      phase: planned ? phase : plan.kind,
      timeZero: planned?.timeZero ?? null,
      since: workflowInfo().startTime.toISOString(),
      open: visit?.open ?? 0,
      standing: visit?.standing ?? [],
      firstDue: visit?.firstDue ?? null,
      url: visit?.url ?? null,
      nextAt: phase === 'announced' ? (planned?.timeZero ?? null) : (visit?.nextAt ?? null),
    };
  }

  function show(): void {
    const current = statusNow();
    setCurrentDetails(offboardingDetails(current));
    const due = current.timeZero ?? '';
    if (`${current.phase} ${due}` === shown || current.phase === 'new') return;
    shown = `${current.phase} ${due}`;
    upsertSearchAttributes([
      { key: STATE, value: current.phase },
      ...(due ? [{ key: DUE, value: new Date(due) }] : []),
    ]);
  }

  async function leaveHistoryBehind(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested || inbox.needsVisit || inbox.hasNews) return;
    await condition(allHandlersFinished);
    await continueAsNew<typeof offboarding>({ employeeId, carried: inbox.carried });
  }

  async function end(how: OffboardingResult['ended']): Promise<OffboardingResult> {
    ended = true;
    const phase: LeavingPhase | 'noted' = how;
    setCurrentDetails(offboardingDetails({ ...statusNow(), phase }));
    upsertSearchAttributes([{ key: STATE, value: how }]);
    await condition(allHandlersFinished);
    return { employeeId, ended: how };
  }
}
