import { activityInfo } from '@temporalio/activity';
import { newRequest, type IssueRef, type RequestPlan } from '../domain/access-request';
import { dayTwoRun, policyOn } from '../domain/day-two';
import { refusedCancelOfHire } from '../domain/desk-rules';
import { codeSpan, markdown } from '../domain/escape';
import { REGIONS, type Channel, type Handbook, type Policy, type Region } from '../domain/handbook';
import type { HireStep } from '../domain/hire';
import type { LeavingEvent, PersonFacts } from '../domain/hr-event';
import { labelsFor } from '../domain/labels';
import { mergeBlock } from '../domain/owned-block';
import { onboardingMarker, requestBlock, requestMarker, requestTitle } from '../domain/request-text';
import { resolveRole, type FoundRole } from '../domain/roles';
import { tasksFor } from '../domain/tasks';
import { addBusinessDays, calendarOf } from '../handbook';
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

export interface OpenedRequest {
  readonly kind: 'opened';
  readonly ref: IssueRef;
  readonly plan: RequestPlan;
  readonly openedAt: string;
}

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
  return open(world, employeeId, facts, role, onboarding, policy, now);
}

/** What was asked about this hire is answered, once the facts make sense. */
async function settleQuestions(world: World, employeeId: string): Promise<void> {
  const waiting = await world.store.peopleWaiting('correction');
  if (!waiting.some((one) => one.employeeId === employeeId)) return;
  const asked = await ourIssue(world, opsMarker(`hire:${employeeId}`), world.projects.accessRequests);
  if (asked) await closeOpsTask(world, refOf(asked), 'the HR event was corrected');
  await world.store.stopWaiting(employeeId, 'correction');
}

async function open(
  world: World,
  employeeId: string,
  facts: PersonFacts,
  role: FoundRole,
  onboarding: DeskIssue,
  policy: Policy,
  now: string,
): Promise<OpenedRequest | Extract<HireStep, { kind: 'repeat' }>> {
  const handbook = world.handbook();
  const plan = planFor(handbook, employeeId, facts, role, policy, {
    at: now,
    onboardingUrl: onboarding.webUrl,
  });
  const marker = requestMarker(employeeId, facts.start_date);
  const known = await ourIssue(world, marker, world.projects.accessRequests);
  const open = known?.state === 'opened' ? known : undefined;
  if (known && !open && !(await wasTakenBack(world, known))) {
    await recordOfHire(
      world,
      employeeId,
      facts.time_zone,
      'hire.repeated',
      'heard of a hire whose access request has ended already',
      {},
      refOf(known),
      marker,
    );
    return { kind: 'repeat', ref: refOf(known) };
  }
  const issue =
    open ??
    (await world.gitlab.create(
      world.projects.accessRequests,
      await newRequestIssue(world, facts, employeeId, plan, now),
    ));
  await world.gitlab.link(
    world.projects.accessRequests,
    issue.iid,
    world.projects.employment,
    onboarding.iid,
  );
  await world.store.stopWaiting(employeeId, 'template');
  const ref = refOf(issue);
  await recordOfHire(
    world,
    employeeId,
    facts.time_zone,
    'request.opened',
    plan.bornApproved
      ? 'opened the access request, approved with its role template'
      : 'opened the access request; it waits for approval, since its role template is not as it was approved',
    {
      policy: policy.effectiveFrom,
      templateDigest: plan.templateDigest,
      after: {
        templates: [...plan.templatePaths],
        systems: [...new Set(plan.tasks.map((task) => task.system))],
        approvedBy: plan.bornApproved ? [...(plan.templateApproval?.by ?? [])] : [],
        stripped: [...plan.stripped],
      },
    },
    ref,
    marker,
  );
  return { kind: 'opened', ref, plan, openedAt: new Date(issue.createdAt).toISOString() };
}

/** Whether HR had taken the hire back that this request was for: who is hired again then needs another one. */
const wasTakenBack = async (world: World, issue: DeskIssue): Promise<boolean> =>
  (await world.store.story({ request: `${issue.project}#${issue.iid}` })).some(
    ({ kind, channel }) => kind === 'decision.cancel' && channel === 'hris',
  );

/** The plan that the request pins: what the role gets in this region, under the policy of the day. */
export function planFor(
  handbook: Handbook,
  employeeId: string,
  facts: PersonFacts,
  role: FoundRole,
  policy: Policy,
  opening: { readonly at: string; readonly onboardingUrl: string | null },
): RequestPlan {
  const approvals = role.templates.flatMap((template) => template.approval ?? []);
  return {
    employeeId,
    region: facts.region as Region,
    startDate: facts.start_date,
    policyVersion: policy.effectiveFrom,
    templatePaths: role.templates.map((template) => template.path),
    templateDigest: role.digest,
    bornApproved: role.bornApproved,
    templateApproval:
      approvals.length > 0
        ? {
            by: [...new Set(approvals.flatMap((approval) => approval.by))],
            on:
              approvals
                .map((approval) => approval.on)
                .sort()
                .at(-1) ?? '',
          }
        : null,
    stripped: role.strippedSox,
    tasks: tasksFor(role.entitlements, handbook.systems),
    otherTeams: role.otherTeams.map((section) => ({
      ...section,
      team: handbook.people.teams[section.team]?.name ?? section.team,
    })),
    seatRetryMinutes: policy.seatRetryMinutes,
    onboardingUrl: opening.onboardingUrl,
    dueAt: addBusinessDays(
      opening.at,
      policy.requestDueBusinessDays,
      calendarOf(handbook, policy, { timeZone: facts.time_zone, country: facts.country }),
    ),
  };
}

async function newRequestIssue(
  world: World,
  facts: PersonFacts,
  employeeId: string,
  plan: RequestPlan,
  now: string,
) {
  const { people, systems, labels } = world.handbook();
  const state = newRequest({ project: world.projects.accessRequests, iid: 0, url: '' }, plan, now);
  const approvers = plan.bornApproved ? [] : await managersOf(world, facts.manager_email);
  const text = requestBlock(state, {
    person: { ...facts, employee_id: employeeId },
    people,
    systems,
    approvers,
    onboardingUrl: plan.onboardingUrl,
  });
  const others = plan.otherTeams.flatMap((section) => section.label ?? []);
  return {
    title: requestTitle(facts),
    description: mergeBlock('', text),
    labels: [...labels.newBaselineRequest, ...labelsFor(state), ...others],
    confidential: true,
  };
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

export const regionOf = (text: string): Region | undefined => REGIONS.find((region) => region === text);
