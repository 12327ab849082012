import type { IssueRef } from '../domain/access-request';
import { codeSpan } from '../domain/escape';
import type { Policy } from '../domain/handbook';
import type { HireStep } from '../domain/hire';
import type { PersonFacts } from '../domain/hr-event';
import { addBusinessDays, calendarOf } from '../handbook';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce } from './desk-comments';
import { isFiledFor } from './filed';
import { refOf } from './ops-task';
import { memberByEmail, userNameOf, type World } from './world';
import { recordOfHire } from './hire-record';

/** Where a hire waits for a role template, as the workflow keeps it. */
export type Waiting = Extract<HireStep, { kind: 'no_template' }>;

export async function noTemplate(
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
  await recordOfHire(
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
export async function mailManager(
  world: World,
  to: string | null,
  subject: string,
  { text, id }: { text: string; id: string },
): Promise<void> {
  if (to && world.mailer) await world.mailer.send({ to, subject, text, messageId: `<${id}@daytwo>` });
}

export async function remind(
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
  await recordOfHire(
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
export async function readFiled(
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
    await recordOfHire(
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
