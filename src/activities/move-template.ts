import type { IssueRef } from '../domain/access-request';
import { policyOn } from '../domain/day-two';
import { codeSpan } from '../domain/escape';
import type { PersonFacts } from '../domain/hr-event';
import type { MoveStep } from '../domain/role-change';
import { onboardingMarker } from '../domain/request-text';
import type { PersonRecord } from '../evidence/store';
import { postOnce } from './desk-comments';
import { names } from './filed';
import { recordOfHire } from './hire-record';
import { mailManager } from './hire-template';
import { toTell } from './move-filing';
import type { Move } from './moves';
import { closeOpsTask, opsMarkersOf, ourIssue, raiseOpsTask, refOf } from './ops-task';
import { refOfKey } from './request-keys';
import { userNameOf, type World } from './world';

const DAY_MS = 86_400_000;

type Waiting = Extract<MoveStep, { kind: 'no_template' }>;

/** "Like a hire without one": both managers and the DRIs are told, on the person's onboarding issue or on a task of its own. */
export async function tellNoTemplate(
  world: World,
  person: PersonRecord,
  move: Move,
  paths: readonly string[],
): Promise<Waiting> {
  const { employeeId } = person;
  const handbook = world.handbook();
  const policy = policyOn(handbook, move.now.slice(0, 10));
  await world.store.startWaiting(employeeId, 'move', move.since);
  const desk = await deskOf(world, person, move, paths);
  const { username: bot } = await world.gitlab.self();
  const tell = await toTell(world, move.before.manager_email, person.managerEmail);
  const text = [
    `${tell.map((name) => `@${name}`).join(' ')} this person has another role now, and there is no role template for it, so no access change could be filed.`,
    `Looked for:\n\n${paths.map((path) => `- ${codeSpan(path)}`).join('\n')}`,
    'Add one of these files, approved in the same change (`daytwo config approve`, `daytwo config check`), and the access change is filed by itself. Or file one from the template `access_change` with the e-mail address of the person. Until then they keep what they have.',
  ].join('\n\n');
  await postOnce(world, desk, { bot }, `move-no-template:${move.event}:${paths.join(' ')}`, text);
  await recordOfHire(
    world,
    employeeId,
    person.timeZone,
    'move.no_template',
    'found no role template for the new role, and told both managers and the provisioning DRIs',
    { after: [...paths], policy: policy.effectiveFrom },
    desk,
    `${move.event}|${paths.join('|')}`,
  );
  return {
    kind: 'no_template',
    paths,
    desk,
    remindAt: new Date(Date.parse(move.since) + policy.moves.remindDays * DAY_MS).toISOString(),
    configDigest: handbook.digest,
  };
}

async function deskOf(
  world: World,
  person: PersonRecord,
  move: Move,
  paths: readonly string[],
): Promise<IssueRef> {
  const marker = onboardingMarker(person.employeeId, person.startDate);
  const onboarding = await ourIssue(world, marker, world.projects.employment);
  if (onboarding?.state === 'opened') return refOf(onboarding);
  return raiseOpsTask(world, {
    key: taskKey(person.employeeId, move.since),
    title: taskTitle(person.employeeId),
    problems: [
      `employee ${person.employeeId}: HR told of another role, and no role template fits it. Looked for: ${paths.join(', ')}`,
    ],
    mend: 'Add the template, or file the access change by hand; this issue is closed then.',
  });
}

const taskTitle = (employeeId: string): string =>
  `Employee ${employeeId} has another role without a role template`;
const taskKey = (employeeId: string, since: string): string => `move:${employeeId}:${since}`;

/** Nobody waits for a template any longer. */
export async function settleWaiting(world: World, employeeId: string, why: string): Promise<void> {
  await world.store.stopWaiting(employeeId, 'move');
  const { username } = await world.gitlab.self();
  const raised = await world.gitlab.byMarker(
    opsMarkersOf(`move:${employeeId}:`),
    world.projects.accessRequests,
  );
  for (const issue of raised)
    if (issue.author === username && issue.state === 'opened' && issue.title === taskTitle(employeeId))
      await closeOpsTask(world, refOf(issue), why);
}

/**
 * A request that somebody filed for this person since then: it names their address, or was read as theirs. daytwo's own
 * issues don't count.
 */
export async function filedSince(
  world: World,
  { employeeId, email }: PersonRecord,
  since: string,
): Promise<IssueRef | null> {
  const { accessRequests } = world.projects;
  const { username } = await world.gitlab.self();
  const naming = (await world.gitlab.byMarker(email, accessRequests)).filter((issue) =>
    names(issue.description, email),
  );
  for (const { project, iid } of (await world.store.crowd.requestsNaming(employeeId)).flatMap(refOfKey)) {
    const issue = await world.gitlab.issue(project, iid);
    if (issue) naming.push(issue);
  }
  const filed = naming.find(
    ({ author, createdAt }) => author !== username && Date.parse(createdAt) >= Date.parse(since),
  );
  return filed ? refOf(filed) : null;
}

/** "If the person is not mentioned in any access request five days after, a comment reminds": once, both managers. */
export async function remindOfMove(
  world: World,
  {
    employeeId,
    before,
    since,
    waiting,
  }: { employeeId: string; before: PersonFacts; since: string; waiting: Waiting },
): Promise<Extract<MoveStep, { kind: 'filed_by_hand' | 'reminded' }>> {
  const person = await world.store.personById(employeeId);
  const filed = person && (await filedSince(world, person, since));
  if (filed) {
    await settleWaiting(world, employeeId, 'a request was filed by hand');
    return { kind: 'filed_by_hand', ref: filed };
  }
  const { username: bot } = await world.gitlab.self();
  const managers = [before.manager_email, person?.managerEmail ?? null];
  const tell = await toTell(world, before.manager_email, person?.managerEmail ?? null);
  await postOnce(
    world,
    waiting.desk,
    { bot },
    `move-reminder:${since}`,
    `${tell.map((name) => `@${name}`).join(' ')} a reminder: this person has had another role since ${since.slice(0, 10)}, and nobody has filed an access change. Looked for:\n\n${waiting.paths.map((path) => `- ${codeSpan(path)}`).join('\n')}`,
  );
  for (const [place, email] of [...new Set(managers)].entries())
    if (email && (await userNameOf(world, email)) === null)
      await mailManager(
        world,
        email,
        'A reminder: somebody of yours has another role, and no access change',
        {
          text: `${waiting.desk.url}\n\nLooked for:\n${waiting.paths.join('\n')}`,
          id: `move-reminder-${place}-${employeeId}-${since.slice(0, 10)}`,
        },
      );
  await recordOfHire(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    'move.reminder',
    'reminded both managers that nobody filed an access change',
    {},
    waiting.desk,
    since,
  );
  await world.store.stopWaiting(employeeId, 'move');
  return { kind: 'reminded' };
}
