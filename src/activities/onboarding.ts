import { activityInfo } from '@temporalio/activity';
import { newRequest, type IssueRef, type RequestPlan } from '../domain/access-request';
import { dayTwoRun, policyOn } from '../domain/day-two';
import { refusedCancelOfHire } from '../domain/desk-rules';
import { codeSpan, markdown } from '../domain/escape';
import { REGIONS, type Channel, type Handbook, type Policy, type Region } from '../domain/handbook';
import type { HireStep } from '../domain/hire';
import {
  applyChange,
  PERSON_FACTS,
  type ChangedEvent,
  type LeavingEvent,
  type PersonFacts,
} from '../domain/hr-event';
import { labelsFor } from '../domain/labels';
import { mergeBlock } from '../domain/owned-block';
import {
  isMarked,
  onboardingMarker,
  requestBlock,
  requestMarker,
  requestTitle,
} from '../domain/request-text';
import { resolveRole, type FoundRole } from '../domain/roles';
import { tasksFor } from '../domain/tasks';
import { digestOf } from '../evidence';
import type { EvidenceRow } from '../evidence/row';
import { addBusinessDays, calendarOf } from '../handbook';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce } from './desk-comments';
import { living } from './faults';
import { keepEvidence } from './keep';
import { problemsOfFacts, problemsOfHire } from './hire-problems';
import { isFiledFor, names } from './filed';
import { closeOpsTask, createOnce, opsMarker, opsMarkersOf, ourIssue, raiseOpsTask, refOf } from './ops-task';
import { factsOf, managersOf, memberByEmail, recordOf, userNameOf, type World } from './world';

export interface OpenedRequest {
  readonly kind: 'opened';
  readonly ref: IssueRef;
  readonly plan: RequestPlan;
  readonly openedAt: string;
}

type Waiting = Extract<HireStep, { kind: 'no_template' }>;

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
  noteOfKnown(input: {
    employeeId: string;
    changes: readonly ChangedEvent[];
    rescinded: boolean;
    now: string;
  }): Promise<boolean>;
  /** Keeps what HR says of somebody whose request was opened already, and tells the request's people. */
  noteOfChange(input: {
    employeeId: string;
    facts: PersonFacts;
    request: IssueRef | null;
    now: string;
  }): Promise<void>;
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
    await record(
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
    await record(
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
    await record(
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
  await record(
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

async function noTemplate(
  world: World,
  employeeId: string,
  facts: PersonFacts,
  paths: readonly string[],
  onboarding: DeskIssue,
  policy: Policy,
  now: string,
): Promise<Waiting> {
  const handbook = world.handbook();
  await world.store.startWaiting(employeeId, 'template', now);
  const since =
    (await world.store.peopleWaiting('template')).find((one) => one.employeeId === employeeId)?.since ?? now;
  const calendar = calendarOf(handbook, policy, { timeZone: facts.time_zone, country: facts.country });
  const manager = await userNameOf(world, facts.manager_email);
  const bot = (await world.gitlab.self()).username;
  const { provisioningDris } = handbook.people;
  const text = [
    `${[manager, ...provisioningDris].flatMap((name) => (name ? [`@${name}`] : [])).join(' ')} there is no role template for this title, so no access request could be made.`,
    `Looked for:\n\n${paths.map((path) => `- ${codeSpan(path)}`).join('\n')}`,
    'Add one of these files, approved in the same change (`daytwo config approve`, `daytwo config check`), and the request is made by itself; one that is not approved makes a request that waits for the manager. Or file the request by hand and name the e-mail address of the person in it.',
  ].join('\n\n');
  await postOnce(
    world,
    { project: world.projects.employment, iid: onboarding.iid },
    { bot },
    `no-template:${paths.join(' ')}`,
    text,
  );
  const told = (await world.store.story({ employeeId })).some(
    ({ kind, detail }) =>
      kind === 'hire.no_template' && JSON.stringify(detail.after) === JSON.stringify([...paths]),
  );
  if (!manager && !told)
    await mailManager(world, facts.manager_email, 'A new hire of yours has no access request yet', {
      text: `${onboarding.webUrl}\n\nLooked for:\n${paths.join('\n')}`,
      id: `no-template-${employeeId}-${facts.start_date}`,
    });
  await record(
    world,
    employeeId,
    facts.time_zone,
    'hire.no_template',
    'found no role template, and told the manager and the provisioning DRIs',
    { after: [...paths], policy: policy.effectiveFrom },
    refOf(onboarding),
    paths.join('|'),
  );
  await hintFiledBefore(world, employeeId, facts, onboarding);
  return {
    kind: 'no_template',
    paths,
    onboarding: refOf(onboarding),
    since,
    remindAt: addBusinessDays(since, policy.reminderBusinessDays, calendar),
    escalateAt: addBusinessDays(since, policy.escalationBusinessDays, calendar),
    configDigest: handbook.digest,
  };
}

/** A manager whom GitLab doesn't know can't be mentioned. */
async function mailManager(
  world: World,
  to: string | null,
  subject: string,
  { text, id }: { text: string; id: string },
): Promise<void> {
  if (to && world.mailer) await world.mailer.send({ to, subject, text, messageId: `<${id}@daytwo>` });
}

async function remind(
  world: World,
  { employeeId, stage, waiting }: { employeeId: string; stage: 'reminder' | 'escalation'; waiting: Waiting },
): Promise<void> {
  const person = await world.store.personById(employeeId);
  const { people } = world.handbook();
  const bot = (await world.gitlab.self()).username;
  const managerName = await userNameOf(world, person?.managerEmail ?? null);
  const manager = person?.managerEmail ? memberByEmail(people, person.managerEmail) : undefined;
  const boss = stage === 'escalation' ? await userNameOf(world, manager?.managerEmail ?? null) : null;
  const names = [boss, managerName, ...people.provisioningDris].flatMap((name) => (name ? [`@${name}`] : []));
  const text = `${[...new Set(names)].join(' ')} ${stage === 'escalation' ? 'escalated' : 'a reminder'}: this new hire still has no access request, since ${waiting.since.slice(0, 10)}. Looked for:\n\n${waiting.paths.map((path) => `- ${codeSpan(path)}`).join('\n')}`;
  await postOnce(world, waiting.onboarding, { bot }, `${stage}:${waiting.since}`, text);
  const reminded = (await world.store.story({ employeeId })).some(
    ({ kind, at }) => kind === `hire.${stage}` && at >= waiting.since,
  );
  if (!managerName && !reminded)
    await mailManager(
      world,
      person?.managerEmail ?? null,
      `${stage === 'escalation' ? 'Escalated' : 'A reminder'}: a new hire of yours has no access request yet`,
      {
        text: `${waiting.onboarding.url}\n\nLooked for:\n${waiting.paths.join('\n')}`,
        id: `${stage}-${employeeId}-${waiting.since.slice(0, 10)}`,
      },
    );
  await record(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    `hire.${stage}`,
    stage === 'escalation'
      ? "told the manager's manager that there is still no role template"
      : 'reminded the manager that there is no role template',
    {},
    waiting.onboarding,
    waiting.since,
  );
}

/** A request that was filed by hand before anybody waited for it: the onboarding is told to look at it. */
async function hintFiledBefore(
  world: World,
  employeeId: string,
  facts: PersonFacts,
  onboarding: DeskIssue,
): Promise<void> {
  const { accessRequests } = world.projects;
  for (const text of [facts.email, onboarding.webUrl])
    for (const issue of await world.gitlab.byMarker(text, accessRequests))
      if (issue.state === 'opened' && isFiledFor(issue, facts.email, employeeId, onboarding.webUrl))
        await world.hints.issueChanged(`onboarding/${employeeId}`, {
          project: accessRequests,
          iid: issue.iid,
        });
}

/** Whether an issue is this person's request, filed by hand: it isn't ours, and names their address or their onboarding issue. */
async function readFiled(
  world: World,
  {
    employeeId,
    issue,
    onboarding,
  }: { employeeId: string; issue: { project: string; iid: number }; onboarding: IssueRef | null },
): Promise<{ forThem: boolean; closed: boolean; ref: IssueRef }> {
  const found = await world.gitlab.issue(issue.project, issue.iid);
  const person = await world.store.personById(employeeId);
  const ref = found ? refOf(found) : { ...issue, url: '' };
  if (!found || !person) return { forThem: false, closed: false, ref };
  const forThem =
    issue.project === world.projects.accessRequests &&
    isFiledFor(found, person.email, employeeId, onboarding?.url ?? null);
  if (forThem && onboarding) {
    await world.gitlab.link(issue.project, issue.iid, onboarding.project, onboarding.iid);
    await world.store.startWaiting(employeeId, 'filed', new Date().toISOString());
    await world.store.stopWaiting(employeeId, 'template');
    await record(
      world,
      employeeId,
      person.timeZone,
      'hire.filed_by_hand',
      'found the access request that was filed by hand, and follows it',
      {},
      ref,
      `${issue.iid}`,
    );
  }
  if (found.state === 'closed') await world.store.stopWaiting(employeeId, 'filed');
  return { forThem, closed: found.state === 'closed', ref };
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
  await record(
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

async function noteOfKnown(
  world: World,
  { employeeId, changes, rescinded, now }: Parameters<OnboardingActivities['noteOfKnown']>[0],
): Promise<boolean> {
  const person = await world.store.personById(employeeId);
  if (!person) return false;
  await noteOfChange(world, {
    employeeId,
    facts: changes.reduce<PersonFacts>(applyChange, factsOf(person)),
    request: null,
    now,
  });
  if (!rescinded) return true;
  const ref = await raiseOpsTask(world, {
    key: `rescinded:${employeeId}:${person.startDate}`,
    title: `Employee ${employeeId} did not join after all`,
    problems: [`employee ${employeeId}: HR took the hire back after the access request had ended`],
    mend: 'Take back what was granted: the closed request lists it.',
  });
  await record(
    world,
    employeeId,
    person.timeZone,
    'hire.rescinded',
    'raised a task: the hire was taken back after its request had ended',
    {},
    ref,
    person.startDate,
  );
  const known = (await world.store.personById(employeeId)) ?? person;
  await world.store.putPerson({ ...known, status: 'rescinded', updatedAt: now });
  return true;
}

/** Facts on which the access depends that was approved. */
const DECIDES_ACCESS: readonly (keyof PersonFacts)[] = ['title', 'specialty', 'department', 'region'];

/**
 * Keeps what HR says of somebody whose request was opened already. What can't be right is asked about and not kept; the
 * request stays as it was approved, and its people are told where that may no longer fit.
 */
async function noteOfChange(
  world: World,
  { employeeId, facts, request, now }: Parameters<OnboardingActivities['noteOfChange']>[0],
): Promise<void> {
  const person = await world.store.personById(employeeId);
  if (!person) return;
  const before = factsOf(person);
  const changed = PERSON_FACTS.filter((fact) => facts[fact] !== before[fact]);
  // Also where this is repeated after the change was kept: it stands in the evidence already.
  if (changed.length === 0) return;
  const key = digestOf({ ...facts }).slice('sha256:'.length, 'sha256:'.length + 12);
  const problems = await problemsOfFacts(world.store, employeeId, facts);
  if (problems.length > 0) {
    const ref = await raiseOpsTask(world, {
      key: `change:${employeeId}:${key}`,
      title: `HR event of employee ${employeeId} needs a look`,
      problems,
      mend: 'Correct it in the HR system, or send the correction: daytwo change. Nothing of it was kept; close this issue then.',
    });
    await record(
      world,
      employeeId,
      person.timeZone,
      'person.questioned',
      `asked for a change of ${changed.join(', ')} to be corrected`,
      { why: problems.join('; ') },
      ref,
      key,
    );
    return;
  }
  await record(
    world,
    employeeId,
    facts.time_zone,
    'person.changed',
    `noted that HR changed ${changed.join(', ')}`,
    {},
    request,
    key,
  );
  if (request) {
    const { username: bot } = await world.gitlab.self();
    const dris = world.handbook().people.provisioningDris.map((name) => `@${name}`);
    const decides = changed.some((fact) => DECIDES_ACCESS.includes(fact));
    await postOnce(
      world,
      request,
      { bot },
      `changed:${key}`,
      `${decides ? `${dris.join(' ')} ` : ''}HR changed ${changed.map(codeSpan).join(', ')} of this person. This request stays as it was approved${decides ? ': see whether it still fits, and cancel it where it does not' : ''}.`,
    );
  }
  await world.store.putPerson(recordOf(employeeId, facts, person.status, now));
}

async function leaving(
  world: World,
  { employeeId, leaving: event }: { employeeId: string; leaving: LeavingEvent },
): Promise<void> {
  const key = `leaving:${employeeId}:${event.event_id}`;
  await closeLeavingTasks(world, employeeId, 'HR sent another date', key);
  const ref = await raiseOpsTask(world, {
    key,
    title: leavingTitle(employeeId),
    problems: [`employee ${employeeId}: ${event.kind}, last working day ${event.last_working_day}`],
    mend: 'Work through the systems of the handbook by hand, then close this issue: daytwo does not yet run offboarding by itself. Their access requests list what was granted.',
  });
  const person = await world.store.personById(employeeId);
  if (person)
    await world.store.putPerson({ ...person, status: 'leaving', updatedAt: new Date().toISOString() });
  await record(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    'leaving.announced',
    'raised a task for the offboarding',
    { after: { last_working_day: event.last_working_day } },
    ref,
    event.event_id,
  );
}

const leavingTitle = (employeeId: string): string => `Employee ${employeeId} leaves: take their access back`;

/** Closes what is still open of a person's leaving, but for the task of one key. */
async function closeLeavingTasks(
  world: World,
  employeeId: string,
  why: string,
  except?: string,
): Promise<void> {
  const { username } = await world.gitlab.self();
  const raised = await world.gitlab.byMarker(
    opsMarkersOf(`leaving:${employeeId}:`),
    world.projects.accessRequests,
  );
  for (const issue of raised)
    if (
      issue.author === username &&
      issue.state === 'opened' &&
      issue.title === leavingTitle(employeeId) &&
      !(except !== undefined && isMarked(issue.description, opsMarker(except)))
    )
      await closeOpsTask(world, refOf(issue), why);
}

async function stays(world: World, { employeeId }: { employeeId: string }): Promise<void> {
  await closeLeavingTasks(world, employeeId, 'HR took the leaving back');
  const person = await world.store.personById(employeeId);
  const now = new Date().toISOString();
  if (person?.status === 'leaving')
    await world.store.putPerson({ ...person, status: 'active', updatedAt: now });
  await record(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    'leaving.taken_back',
    'closed the task for the offboarding: HR took the leaving back',
    {},
    null,
    now.slice(0, 10),
  );
}

async function record(
  world: World,
  employeeId: string,
  zone: string,
  kind: string,
  what: string,
  detail: Partial<EvidenceRow['detail']>,
  ref: IssueRef | null,
  key: string,
): Promise<void> {
  const { workflowExecution } = activityInfo();
  const workflowId = workflowExecution?.workflowId ?? null;
  await keepEvidence(world, [
    {
      id: `${workflowId}/${workflowExecution?.runId}/${kind}/${key}`,
      at: new Date().toISOString(),
      zone,
      subject: employeeId,
      request: ref ? `${ref.project}#${ref.iid}` : null,
      workflowId,
      kind,
      actor: 'daytwo',
      channel: kind.startsWith('hire.rescinded') ? 'hris' : 'daytwo',
      detail: { what, ...detail },
    },
  ]);
}

export const regionOf = (text: string): Region | undefined => REGIONS.find((region) => region === text);
