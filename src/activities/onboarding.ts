import { activityInfo } from '@temporalio/activity';
import type { IssueRef } from '../domain/access-request';
import { dayTwoRun, policyOn } from '../domain/day-two';
import { refusedCancelOfHire } from '../domain/desk-rules';
import { codeSpan, markdown } from '../domain/escape';
import type { Channel, Region } from '../domain/handbook';
import type { HireStep } from '../domain/hire';
import type { LeavingEvent, PersonFacts } from '../domain/hr-event';
import { onboardingMarker } from '../domain/request-text';
import { resolveRole } from '../domain/roles';
import type { DeskIssue } from '../systems/gitlab';
import { living } from './faults';
import { keepEvidence } from './keep';
import { problemsOfHire } from './hire-problems';
import { names } from './filed';
import { closeOpsTask, createOnce, opsMarker, ourIssue, raiseOpsTask, refOf } from './ops-task';
import { managersOf, recordOf, type World } from './world';
import { recordOfHire } from './hire-record';
import { leaving, noteOfChange, noteOfKnown, stays, type ChangeNews, type KnownNews } from './hire-news';
import { noTemplate, readFiled, remind, type Waiting } from './hire-template';
import { openRequest, type OpenedRequest } from './request-opening';

export interface CancelOfHire {
  readonly employeeId: string;
  readonly managerEmail: string | null;
  readonly timeZone: string;
  readonly by: string;
  readonly channel: Channel;
  readonly reason: string | null;
  /** When it was said. */
  readonly at: string;
}

export interface OnboardingActivities {
  /** Everything that may be done for a hire now: wait for day two, ask ops, tell that no template fits, or open the request. */
  beginOnboarding(hire: {
    employeeId: string;
    facts: PersonFacts;
    now: string;
  }): Promise<OpenedRequest | Exclude<HireStep, { kind: 'new' | 'requested' | 'filed_by_hand' }>>;
  remindAboutTemplate(input: {
    employeeId: string;
    stage: 'reminder' | 'escalation';
    waiting: Waiting;
  }): Promise<void>;
  readFiledRequest(input: {
    employeeId: string;
    issue: { project: string; iid: number };
    onboarding: IssueRef | null;
  }): Promise<{ forThem: boolean; closed: boolean; ref: IssueRef }>;
  closeOnboarding(input: {
    employeeId: string;
    startDate: string | null;
    how: 'rescinded' | 'cancelled';
    step: HireStep;
    reason: string | null;
  }): Promise<void>;
  /** Judges a cancel of a hire who has no request yet by policy: why it is refused, else null. */
  judgeCancel(input: CancelOfHire): Promise<string | null>;
  askForHire(input: { employeeId: string }): Promise<void>;
  /** What HR says of somebody whose onboarding ended before: kept, and raised where a person must act. False for an unknown person. */
  noteOfKnown(input: KnownNews): Promise<boolean>;
  /** Keeps what HR says of somebody whose request was opened already, and tells the request's people. */
  noteOfChange(input: ChangeNews): Promise<void>;
  /** Raises a task for people; one of another date is closed. */
  tellOfLeaving(input: { employeeId: string; leaving: LeavingEvent }): Promise<void>;
  /** HR says that somebody stays after all: the task is closed. */
  leavingTakenBack(input: { employeeId: string }): Promise<void>;
}

export function onboardingActivities(world: World): OnboardingActivities {
  return {
    beginOnboarding: living((hire) => begin(world, hire)),
    remindAboutTemplate: living((input) => remind(world, input)),
    readFiledRequest: living((input) => readFiled(world, input)),
    closeOnboarding: living((input) => close(world, input)),
    judgeCancel: living((input) => judgeCancel(world, input)),
    askForHire: living(async ({ employeeId }) => {
      await raiseOpsTask(world, {
        key: `no-hire:${employeeId}`,
        title: `HR changed employee ${employeeId}, who was never announced`,
        problems: [`employee ${employeeId}: a change came, but no employee.hired`],
        mend: 'Send the hire (daytwo hire), or end it: daytwo cancel, with a reason.',
      });
    }),
    noteOfKnown: living((input) => noteOfKnown(world, input)),
    noteOfChange: living((input) => noteOfChange(world, input)),
    tellOfLeaving: living((input) => leaving(world, input)),
    leavingTakenBack: living((input) => stays(world, input)),
  };
}

async function begin(
  world: World,
  { employeeId, facts, now }: { employeeId: string; facts: PersonFacts; now: string },
): ReturnType<OnboardingActivities['beginOnboarding']> {
  const handbook = world.handbook();
  const policy = policyOn(handbook, now.slice(0, 10));
  const problems = await problemsOfHire(world.store, policy, employeeId, facts, now);
  if (problems.length > 0) {
    const ref = await raiseOpsTask(world, {
      key: `hire:${employeeId}`,
      title: `HR event of employee ${employeeId} needs a look`,
      problems,
      mend: 'Correct it in the HR system, or send the correction: daytwo change. Nothing is opened for this hire until then.',
    });
    await recordOfHire(
      world,
      employeeId,
      facts.time_zone,
      'hire.questioned',
      'asked for the HR event to be corrected',
      { why: problems.join('; '), policy: policy.effectiveFrom },
      ref,
      problems.join('|'),
    );
    return { kind: 'needs_ops', problems, ref };
  }
  await world.store.putPerson(recordOf(employeeId, facts, 'joining', now));
  await settleQuestions(world, employeeId);
  const dueAt = dayTwoRun(policy, facts.region as Region, facts.start_date);
  if (Date.parse(now) < Date.parse(dueAt)) {
    await recordOfHire(
      world,
      employeeId,
      facts.time_zone,
      'hire.planned',
      `planned the access request for day two, ${dueAt}`,
      { policy: policy.effectiveFrom, after: { start: facts.start_date, dayTwo: dueAt } },
      null,
      dueAt,
    );
    return { kind: 'wait', until: dueAt };
  }
  const role = resolveRole(handbook, {
    department: facts.department,
    title: facts.title,
    specialty: facts.specialty,
    region: facts.region as Region,
  });
  const onboarding = await onboardingIssue(world, employeeId, facts);
  if (role.kind === 'none') return noTemplate(world, employeeId, facts, role.paths, onboarding, policy, now);
  return openRequest(world, employeeId, facts, role, onboarding, policy, now);
}

/** What was asked about this hire is answered, once the facts make sense. */
async function settleQuestions(world: World, employeeId: string): Promise<void> {
  const waiting = await world.store.peopleWaiting('correction');
  if (!waiting.some((one) => one.employeeId === employeeId)) return;
  const asked = await ourIssue(world, opsMarker(`hire:${employeeId}`), world.projects.accessRequests);
  if (asked) await closeOpsTask(world, refOf(asked), 'the HR event was corrected');
  await world.store.stopWaiting(employeeId, 'correction');
}

/** People's own onboarding issue where there is one, else ours; found by its mark, or by the address it names. */
async function onboardingIssue(world: World, employeeId: string, facts: PersonFacts): Promise<DeskIssue> {
  const marker = onboardingMarker(employeeId, facts.start_date);
  const { employment } = world.projects;
  const ours = await ourIssue(world, marker, employment);
  if (ours) {
    const ended = ['hire.rescinded', 'hire.cancelled'];
    const again =
      ours.state === 'closed' &&
      (await world.store.story({ employeeId })).some(({ kind }) => ended.includes(kind));
    return again ? world.gitlab.change(employment, ours.iid, { stateEvent: 'reopen' }) : ours;
  }
  const theirs = (await world.gitlab.byMarker(facts.email, employment)).find(
    (issue) =>
      issue.state === 'opened' &&
      issue.title.toLowerCase().includes('onboarding') &&
      names(issue.description, facts.email),
  );
  if (theirs) return theirs;
  return createOnce(world, employment, marker, {
    title: `Onboarding: employee ${employeeId}, starts ${facts.start_date}`,
    description: [
      `<!-- ${marker} -->`,
      `| | |\n|---|---|\n| Name | ${markdown(facts.name)} |\n| E-mail | ${codeSpan(facts.email)} |\n| Title | ${markdown(facts.title)} |\n| Department | ${markdown(facts.department)} |\n| Start date | ${facts.start_date} |`,
      'daytwo opened this, since it found no onboarding issue of this person. It follows their access request from here.',
    ].join('\n\n'),
    labels: [],
    confidential: true,
  });
}

async function close(
  world: World,
  { employeeId, startDate, how, step, reason }: Parameters<OnboardingActivities['closeOnboarding']>[0],
): Promise<void> {
  const why = how === 'rescinded' ? 'HR took the hire back' : `cancelled: ${reason ?? 'no reason given'}`;
  const person = await world.store.personById(employeeId);
  if (person && how === 'rescinded')
    await world.store.putPerson({ ...person, status: 'rescinded', updatedAt: new Date().toISOString() });
  for (const what of ['template', 'filed', 'correction']) await world.store.stopWaiting(employeeId, what);
  if (step.kind === 'needs_ops') await closeOpsTask(world, step.ref, why);
  if (startDate) {
    const ours = await ourIssue(world, onboardingMarker(employeeId, startDate), world.projects.employment);
    if (ours) await closeOpsTask(world, refOf(ours), why);
  }
  await recordOfHire(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    `hire.${how}`,
    how === 'rescinded'
      ? 'ended the onboarding: HR took the hire back'
      : 'ended the onboarding: it was cancelled',
    { ...(reason ? { why: reason } : {}) },
    null,
    startDate ?? '',
  );
}

async function judgeCancel(world: World, asked: CancelOfHire): Promise<string | null> {
  const { people, systems } = world.handbook();
  const policy = policyOn(world.handbook(), asked.at.slice(0, 10));
  const managers = await managersOf(world, asked.managerEmail);
  const why = refusedCancelOfHire(asked, { policy, people, systems, managers });
  const { workflowExecution } = activityInfo();
  const workflowId = workflowExecution?.workflowId ?? null;
  await keepEvidence(world, [
    {
      id: `${workflowId}/${workflowExecution?.runId}/cancel/${asked.by}/${asked.at}`,
      at: asked.at,
      zone: asked.timeZone,
      subject: asked.employeeId,
      request: null,
      workflowId,
      kind: why === null ? 'decision.cancel' : 'decision.refused',
      actor: asked.by,
      channel: asked.channel,
      detail: {
        what: why === null ? 'cancelled the onboarding' : 'was not allowed: cancel',
        why: why ?? asked.reason ?? '',
        policy: policy.effectiveFrom,
      },
    },
  ]);
  return why;
}
