import {
  allHandlersFinished,
  condition,
  continueAsNew,
  ParentClosePolicy,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { MoveActivities } from '../activities/moves';
import type { OnboardingActivities } from '../activities/onboarding';
import type { OpenedRequest } from '../activities/request-opening';
import type { IssueRef } from '../domain/access-request';
import { Hire, hireDetails, type HireStatus, type HireStep } from '../domain/hire';
import { applyChange, type HrEvent, type PersonFacts } from '../domain/hr-event';
import type { Channel } from '../domain/handbook';
import { isMove } from '../domain/moves';
import { GITLAB_QUEUE } from '../domain/queues';
import { isOwnChannel, malformed, type DecisionInput } from '../domain/request-desk';
import { accessRequest } from './access-request';
import {
  configChanged,
  decide,
  decisionSignal,
  hireRescinded,
  hrEvent,
  issueChanged,
  status,
  type Decision,
} from './messages';
import { beginRoleChange } from './role-change';
import { DUE, firstDay, ON_TRACK, requestAttributes, STATE } from './search';
import { now } from './time';

export interface OnboardingInput {
  readonly employeeId: string;
  readonly first: HrEvent;
}

export interface OnboardingResult {
  readonly employeeId: string;
  readonly ended:
    'request_done' | 'rescinded' | 'filed_by_hand' | 'repeat' | 'followed_elsewhere' | 'cancelled' | 'noted';
}

/** A cancel as it came in, and what became of it: undefined until it was judged, null where it was taken. */
interface AskedCancel {
  readonly decision: DecisionInput;
  readonly channel: Channel;
  readonly at: string;
  answer?: string | null;
}

const activities = (summary: string) =>
  proxyActivities<OnboardingActivities>({
    taskQueue: GITLAB_QUEUE,
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '15 seconds' },
    summary,
  });
const { beginOnboarding } = activities(
  'check the hire, and on day two open the request by the role template',
);
const { remindAboutTemplate } = activities('remind those who can help with a role template');
const { readFiledRequest } = activities('look whether an issue is the request, filed by hand');
const { closeOnboarding } = activities('close what was opened, and say why');
const { judgeCancel } = activities('judge by policy who may cancel');
const { askForHire } = activities('ask for the hire that a change came without');
const { noteOfKnown } = activities('keep what HR says of somebody who is known');
const { noteOfChange } = activities('keep what HR changed, and tell those who work on the request');
const { tellOfLeaving, leavingTakenBack } = activities('tell of a leaving, or that it was taken back');

const { factsOfKnown } = proxyActivities<MoveActivities>({
  taskQueue: GITLAB_QUEUE,
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '15 seconds' },
  summary: 'read what is known of the person before the change',
});

/** How long workers may take to read a changed configuration, until it is looked again. */
const STALE_CONFIG = '1 minute';

/** Histories from before there were changes of role go on without. */
const ROLE_CHANGE = 'role-change';

/** How long a change is kept that came before its hire, until a person is asked. */
const PATIENCE_WITHOUT_HIRE = '1 day';

/**
 * From HR's word that somebody joins until their access request is done: wait for day two in their region, open the
 * request from the role's template, follow it; where no template fits, tell those who can help, and never forget.
 */
export async function onboarding(input: OnboardingInput): Promise<OnboardingResult> {
  const hire = new Hire(input.employeeId, now());
  let step: HireStep = { kind: 'new' };
  const cancels: AskedCancel[] = [];
  let cancelled: DecisionInput | null = null;
  let ended = false;
  /** The start date that a request was opened for, and HR's facts as they were last kept. */
  let openedFor: string | null = null;
  let kept: string | null = null;
  /** The configuration for which a template was looked for in vain though it was not yet read there. */
  let triedFor: string | null = null;
  let toldOfLeaving: string | null = null;
  /** What was known of somebody before the first of the changes that came without a hire. */
  let before: PersonFacts | null = null;
  let stays = false;
  let shown: { readonly state: string; readonly startDate: string | null } = {
    state: ON_TRACK,
    startDate: input.first.type === 'employee.hired' ? input.first.start_date : null,
  };
  setHandler(hrEvent, (event) => hire.hear(event));
  setHandler(configChanged, (digest) => hire.configIs(digest));
  setHandler(issueChanged, ({ project, iid }) => hire.seeIssue(project, iid));
  setHandler(decisionSignal('cancel'), (decision) => {
    if (malformed(decision) === null) cancels.push({ decision, channel: 'signal', at: now() });
  });
  setHandler(
    decide,
    async (decision) => {
      const asked: AskedCancel = { decision, channel: decision.channel ?? 'cli', at: now() };
      cancels.push(asked);
      await condition(() => asked.answer !== undefined || ended);
      const why = asked.answer === undefined ? 'the onboarding has ended' : asked.answer;
      return { taken: why === null, why };
    },
    {
      validator: (decision: Decision) => {
        const problem =
          malformed(decision) ??
          (decision.kind === 'cancel'
            ? null
            : 'an onboarding has no request yet; it can only be cancelled') ??
          (isOwnChannel(decision.channel) ? null : '"channel" must be cli');
        if (problem) throw new Error(problem);
      },
    },
  );
  setHandler(status, (): HireStatus => statusNow());
  hire.hear(input.first);

  for (;;) {
    setCurrentDetails(hireDetails(statusNow()));
    await sayIfLeaving();
    if (hire.rescinded && hire.facts) return end('rescinded');
    if (await cancelTaken()) return end('cancelled');
    const { facts, version } = hire;
    const moved = () => hire.version !== version || cancels.length > 0;
    if (!facts) {
      const { changes, rescinded } = hire.state;
      if (before === null && changes.length > 0 && patched(ROLE_CHANGE))
        before = await factsOfKnown({ employeeId: input.employeeId });
      const known = await noteOfKnown({ employeeId: input.employeeId, changes, rescinded, now: now() });
      if (hire.version !== version) continue;
      if (known && before && !rescinded) await changeRole(before, changes.reduce(applyChange, before));
      if (known || hire.leaving || (stays && changes.length === 0)) return end('noted');
      const heard = await condition(moved, PATIENCE_WITHOUT_HIRE, { summary: 'a change without its hire' });
      if (!heard) await askForHire({ employeeId: input.employeeId });
      if (!heard) await condition(moved);
      continue;
    }
    const begun = await beginOnboarding({ employeeId: input.employeeId, facts, now: now() });
    kept = JSON.stringify(facts);
    if (begun.kind === 'opened') return follow(begun);
    step = begun;
    setCurrentDetails(hireDetails(statusNow()));
    if (begun.kind === 'repeat') return end('repeat');
    showAs(begun.kind === 'wait' ? ON_TRACK : begun.kind, facts.start_date);
    if (begun.kind === 'wait')
      await condition(moved, Math.max(1, Date.parse(begun.until) - Date.now()), {
        summary: `day two, ${begun.until}`,
      });
    if (begun.kind === 'needs_ops') await condition(moved);
    if (begun.kind === 'no_template') {
      const filed = await waitForTemplate(begun, moved);
      if (filed) return followByHand(filed);
    }
  }

  function statusNow(): HireStatus {
    return {
      kind: 'onboarding',
      employeeId: input.employeeId,
      startDate: hire.facts?.start_date ?? null,
      step,
      rescinded: hire.rescinded,
      since: hire.state.since,
    };
  }

  /** What it can be found by, where that isn't what it says already. */
  function showAs(state: string, startDate = shown.startDate): void {
    if (state === shown.state && startDate === shown.startDate) return;
    shown = { state, startDate };
    upsertSearchAttributes([
      { key: STATE, value: state },
      ...(startDate === null ? [] : [{ key: DUE, value: firstDay(startDate) }]),
    ]);
  }

  function leavingIsNews(): boolean {
    return hire.stays || (hire.leaving !== null && hire.leaving.event_id !== toldOfLeaving);
  }

  async function sayIfLeaving(): Promise<void> {
    while (leavingIsNews()) {
      const { leaving } = hire;
      if (hire.takeStays()) {
        stays = true;
        await leavingTakenBack({ employeeId: input.employeeId });
      }
      if (leaving === null || leaving.event_id === toldOfLeaving) continue;
      toldOfLeaving = leaving.event_id;
      await tellOfLeaving({ employeeId: input.employeeId, leaving });
    }
  }

  function factsAreNews(): boolean {
    return !hire.rescinded && hire.facts !== null && JSON.stringify(hire.facts) !== kept;
  }

  /** What HR changes once there is a request is kept, and told to those who work on it. */
  async function keepFacts(request: IssueRef | null): Promise<void> {
    while (factsAreNews() && hire.facts) {
      const { facts } = hire;
      const earlier = kept === null ? null : (JSON.parse(kept) as PersonFacts);
      kept = JSON.stringify(facts);
      await noteOfChange({ employeeId: input.employeeId, facts, request, now: now() });
      if (earlier && isMove(earlier, facts) && patched(ROLE_CHANGE)) await changeRole(earlier, facts);
    }
  }

  /** What another role means for access is worked out by a process of its own, which outlives this one. */
  async function changeRole(earlier: PersonFacts, facts: PersonFacts): Promise<void> {
    const event = hire.state.changes.at(-1) ?? hire.state.hired;
    if (!event || !isMove(earlier, facts)) return;
    await beginRoleChange(input.employeeId, earlier, event);
  }

  /** Judges, in order, the cancels that nobody has judged yet; true once one was taken. */
  async function cancelTaken(): Promise<boolean> {
    for (let asked = cancels.shift(); asked && !cancelled; asked = cancels.shift()) {
      const { decision, channel, at } = asked;
      asked.answer = await judgeCancel({
        employeeId: input.employeeId,
        managerEmail: hire.facts?.manager_email ?? null,
        timeZone: hire.facts?.time_zone ?? 'UTC',
        by: decision.by,
        channel,
        reason: decision.reason ?? null,
        at,
      });
      if (asked.answer === null) cancelled = decision;
    }
    return cancelled !== null;
  }

  /** The request's own workflow does the rest; HR may still take the hire back. */
  async function follow(opened: OpenedRequest): Promise<OnboardingResult> {
    step = { kind: 'requested', ref: opened.ref };
    openedFor = opened.plan.startDate;
    showAs(ON_TRACK);
    setCurrentDetails(hireDetails(statusNow()));
    const child = await startRequest(opened);
    if (!child) return end('followed_elsewhere');
    let finished = false;
    const done = child
      .result()
      .then(
        () => true,
        () => false, // An operator ended it: the desk watch takes its issue up again.
      )
      .finally(() => (finished = true));
    for (let told = false; !finished;) {
      await condition(
        () =>
          finished || (!told && hire.rescinded) || cancels.length > 0 || leavingIsNews() || factsAreNews(),
      );
      await sayIfLeaving();
      await keepFacts(opened.ref);
      // A request that ended this very moment takes no signal; its result is on its way.
      for (const asked of cancels.splice(0)) {
        asked.answer = 'the request is open; cancel that one';
        if (!finished) await child.signal(decisionSignal('cancel'), asked.decision).catch(() => undefined);
      }
      if (!finished && !told && hire.rescinded) {
        told = true;
        await child.signal(hireRescinded, { reason: 'HR took the hire back' }).catch(() => undefined);
      }
    }
    if (!(await done)) return end('followed_elsewhere');
    return end(hire.rescinded ? 'rescinded' : 'request_done');
  }

  async function startRequest(
    opened: OpenedRequest,
  ): Promise<ChildWorkflowHandle<typeof accessRequest> | null> {
    const { ref, plan, openedAt } = opened;
    try {
      return await startChild(accessRequest, {
        workflowId: `access-request/${ref.project}/${ref.iid}`,
        args: [{ ref, plan, openedAt }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `access request ${ref.project}#${ref.iid}`,
        typedSearchAttributes: requestAttributes({ plan }),
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
      throw error;
    }
  }

  /** Until a template fits or somebody filed the request by hand; reminds once, then escalates once. */
  async function waitForTemplate(
    waiting: Extract<HireStep, { kind: 'no_template' }>,
    moved: () => boolean,
  ): Promise<IssueRef | null> {
    const stages = [
      { stage: 'reminder' as const, at: waiting.remindAt },
      { stage: 'escalation' as const, at: waiting.escalateAt },
    ];
    const configMoved = () => hire.configMoved(waiting.configDigest);
    const woken = () => moved() || (configMoved() && hire.config !== triedFor) || hire.sawIssue;
    for (;;) {
      const [next] = stages;
      if (configMoved() && hire.config === triedFor) {
        // Workers read a changed configuration one after another; the one that was asked has not read it yet.
        if (
          !(await condition(woken, STALE_CONFIG, { summary: 'until the configuration is read everywhere' }))
        )
          return null;
      } else if (!next) await condition(woken);
      else if (
        !(await condition(woken, Math.max(1, Date.parse(next.at) - Date.now()), {
          summary: `${next.stage}, ${next.at}`,
        }))
      ) {
        stages.shift();
        await remindAboutTemplate({ employeeId: input.employeeId, stage: next.stage, waiting });
        continue;
      }
      for (const seen of hire.takeSeen()) {
        const filed = await readFiledRequest({
          employeeId: input.employeeId,
          issue: seen,
          onboarding: waiting.onboarding,
        });
        if (filed.forThem) return filed.ref;
      }
      if (configMoved()) triedFor = hire.config;
      if (moved() || configMoved()) return null;
    }
  }

  /** A request that people filed themselves is theirs; it is followed until it is closed. */
  async function followByHand(ref: IssueRef): Promise<OnboardingResult> {
    step = { kind: 'filed_by_hand', ref };
    showAs('filed_by_hand');
    for (;;) {
      setCurrentDetails(hireDetails(statusNow()));
      await condition(
        () => hire.sawIssue || hire.rescinded || cancels.length > 0 || leavingIsNews() || factsAreNews(),
      );
      await sayIfLeaving();
      await keepFacts(null);
      if (hire.rescinded) return end('rescinded');
      if (await cancelTaken()) return end('cancelled');
      for (const seen of hire.takeSeen()) {
        if (seen.project !== ref.project || seen.iid !== ref.iid) continue;
        const filed = await readFiledRequest({ employeeId: input.employeeId, issue: seen, onboarding: null });
        if (filed.closed) return end('filed_by_hand');
      }
    }
  }

  async function end(how: OnboardingResult['ended']): Promise<OnboardingResult> {
    if (how === 'rescinded' || how === 'cancelled')
      await closeOnboarding({
        employeeId: input.employeeId,
        startDate: hire.facts?.start_date ?? null,
        how,
        step,
        reason: cancelled?.reason ?? null,
      });
    if (how === 'request_done' || how === 'filed_by_hand') await keepFacts(null);
    await sayIfLeaving();
    setCurrentDetails(
      `## Employee ${input.employeeId.replace(/[^\w.-]/g, '_')}\n\nEnded: ${how.replace(/_/g, ' ')}.`,
    );
    ended = true;
    await condition(allHandlersFinished);
    const next = hire.nextAfter(openedFor);
    if (next) {
      showAs(ON_TRACK, next.start_date);
      await continueAsNew<typeof onboarding>({ employeeId: input.employeeId, first: next });
    }
    return { employeeId: input.employeeId, ended: how };
  }
}
