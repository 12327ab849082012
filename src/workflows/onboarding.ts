import {
  allHandlersFinished,
  condition,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { OnboardingActivities, OpenedRequest } from '../activities/onboarding';
import type { IssueRef } from '../domain/access-request';
import { Hire, hireDetails, type HireStatus, type HireStep } from '../domain/hire';
import type { HrEvent } from '../domain/hr-event';
import { GITLAB_QUEUE } from '../domain/queues';
import { malformed } from '../domain/request-desk';
import { accessRequest } from './access-request';
import { configChanged, decisionSignal, hireRescinded, hrEvent, issueChanged, status } from './messages';
import { DUE, requestAttributes, STATE } from './search';

export interface OnboardingInput {
  readonly employeeId: string;
  readonly first: HrEvent;
}

export interface OnboardingResult {
  readonly employeeId: string;
  readonly ended:
    'request_done' | 'rescinded' | 'filed_by_hand' | 'repeat' | 'followed_elsewhere' | 'cancelled' | 'noted';
}

const {
  beginOnboarding,
  remindAboutTemplate,
  readFiledRequest,
  closeOnboarding,
  askForHire,
  tellOfLeaving,
  noteOfKnown,
} = proxyActivities<OnboardingActivities>({
  taskQueue: GITLAB_QUEUE,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '15 seconds' },
});

/** How long a change is kept that came before its hire, until a person is asked. */
const PATIENCE_WITHOUT_HIRE = '1 day';

/**
 * From HR's word that somebody joins until their access request is done: wait for day two in their region, open the
 * request from the role's template, follow it; where no template fits, tell those who can help, and never forget.
 */
export async function onboarding(input: OnboardingInput): Promise<OnboardingResult> {
  const hire = new Hire(input.employeeId, now());
  let step: HireStep = { kind: 'new' };
  let cancelled: string | null = null;
  let toldOfLeaving = false;
  setHandler(hrEvent, (event) => hire.hear(event));
  setHandler(configChanged, (digest) => hire.configIs(digest));
  setHandler(issueChanged, ({ project, iid }) => hire.seeIssue(project, iid));
  setHandler(decisionSignal('cancel'), (decision) => {
    if (malformed(decision) === null) cancelled = decision.reason ?? 'no reason given';
  });
  setHandler(status, (): HireStatus => statusNow());
  hire.hear(input.first);

  for (;;) {
    setCurrentDetails(hireDetails(statusNow()));
    await sayIfLeaving();
    if (hire.rescinded && hire.facts) return end('rescinded');
    if (cancelled !== null) return end('cancelled');
    const { facts, version } = hire;
    const moved = () => hire.version !== version || cancelled !== null;
    if (!facts) {
      const { changes, rescinded } = hire.state;
      const known = await noteOfKnown({ employeeId: input.employeeId, changes, rescinded, now: now() });
      if (hire.version !== version) continue;
      if (known || hire.leaving) return end('noted');
      const heard = await condition(moved, PATIENCE_WITHOUT_HIRE, { summary: 'a change without its hire' });
      if (!heard) await askForHire({ employeeId: input.employeeId });
      if (!heard) await condition(moved);
      continue;
    }
    const begun = await beginOnboarding({ employeeId: input.employeeId, facts, now: now() });
    if (begun.kind === 'opened') return follow(begun);
    step = begun;
    setCurrentDetails(hireDetails(statusNow()));
    if (begun.kind === 'repeat') return end('repeat');
    upsertSearchAttributes([
      { key: STATE, value: begun.kind },
      { key: DUE, value: begun.kind === 'wait' ? new Date(begun.until) : null },
    ]);
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

  function leavingIsNews(): boolean {
    return hire.leaving !== null && !toldOfLeaving;
  }

  async function sayIfLeaving(): Promise<void> {
    if (!hire.leaving || toldOfLeaving) return;
    toldOfLeaving = true;
    await tellOfLeaving({ employeeId: input.employeeId, leaving: hire.leaving });
  }

  /** The request's own workflow does the rest; HR may still take the hire back. */
  async function follow(opened: OpenedRequest): Promise<OnboardingResult> {
    step = { kind: 'requested', ref: opened.ref };
    setCurrentDetails(hireDetails(statusNow()));
    const child = await startRequest(opened);
    if (!child) return end('followed_elsewhere');
    const done = child.result().then(() => true);
    let finished = false;
    void done.then(
      () => (finished = true),
      () => (finished = true),
    );
    for (let told = false; !finished;) {
      await condition(() => finished || (!told && (hire.rescinded || cancelled !== null)) || leavingIsNews());
      await sayIfLeaving();
      if (!finished && !told && (hire.rescinded || cancelled !== null)) {
        told = true;
        const reason = hire.rescinded ? 'HR took the hire back' : (cancelled ?? '');
        // A request that ended this very moment takes no signal; its result is on its way.
        await child.signal(hireRescinded, { reason }).catch(() => undefined);
      }
    }
    await done;
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
    const woken = () => moved() || hire.configMoved(waiting.configDigest) || hire.sawIssue;
    for (;;) {
      const next = stages[0];
      if (!next) await condition(woken);
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
      if (moved() || hire.configMoved(waiting.configDigest)) return null;
    }
  }

  /** A request that people filed themselves is theirs; it is followed until it is closed. */
  async function followByHand(ref: IssueRef): Promise<OnboardingResult> {
    step = { kind: 'filed_by_hand', ref };
    upsertSearchAttributes([{ key: STATE, value: 'filed_by_hand' }]);
    for (;;) {
      setCurrentDetails(hireDetails(statusNow()));
      await condition(() => hire.sawIssue || hire.rescinded || cancelled !== null || leavingIsNews());
      await sayIfLeaving();
      if (hire.rescinded) return end('rescinded');
      if (cancelled !== null) return end('cancelled');
      for (const seen of hire.takeSeen()) {
        if (seen.project !== ref.project || seen.iid !== ref.iid) continue;
        const filed = await readFiledRequest({ employeeId: input.employeeId, issue: seen, onboarding: null });
        if (filed.closed) return end('filed_by_hand');
      }
    }
  }

  async function end(ended: OnboardingResult['ended']): Promise<OnboardingResult> {
    if (ended === 'rescinded' || ended === 'cancelled')
      await closeOnboarding({
        employeeId: input.employeeId,
        startDate: hire.facts?.start_date ?? null,
        how: ended,
        step,
        reason: cancelled,
      });
    setCurrentDetails(
      `## Employee ${input.employeeId.replace(/[^\w.-]/g, '_')}\n\nEnded: ${ended.replace(/_/g, ' ')}.`,
    );
    await condition(allHandlersFinished);
    return { employeeId: input.employeeId, ended };
  }
}

const now = (): string => new Date().toISOString();
