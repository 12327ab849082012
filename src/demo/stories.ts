import type { People } from '../domain/handbook';
import { ACTION_NEEDED, APPROVED, IN_PROGRESS, READY } from '../domain/labels';
import { onboardingId } from '../temporal/client';
import type { DeskIssue } from '../systems/gitlab';
import type { Newcomer } from './hires';
import { IssueWatch, type Watching } from './issue-watch';
import { quoted } from './news';
import { Hopeless } from './patience';
import type { Readings } from './readings';
import type { Surroundings } from './surroundings';
import { workThrough } from './work-request';

/** What a story plays on. */
export interface Stage extends Watching {
  readonly around: Surroundings;
  readonly readings: Readings;
  readonly players: Players;
}

/** The sandbox people who play Sales Ops, each with their own token. */
export interface Players {
  /** Picks up by assigning, by the label, and one who tries to approve what they may not. */
  readonly assigns: string;
  readonly labels: string;
  readonly hasty: string;
  /** Who must get a mail about every request. */
  readonly dris: readonly string[];
}

/** Members of Sales Ops who aren't provisioning DRIs, where there are enough of them. */
export function playersOf(people: People): Players {
  const { members = [] } = people.teams[people.salesOpsTeam] ?? {};
  const dris = people.provisioningDris;
  const [assigns = '', labels = assigns, hasty = assigns] = [
    ...members.filter((name) => !dris.includes(name)),
    ...members,
  ];
  return { assigns, labels, hasty, dris };
}

/** Everything by API is granted at once; somebody assigns the request to themself and does the rest. */
export async function playGranted(stage: Stage, newcomer: Newcomer): Promise<void> {
  const { assigns } = stage.players;
  const request = await requestOpened(stage, newcomer);
  await approveFirst(stage, newcomer, request);
  await pickUp(stage, request, assigns);
  await workThrough(stage, newcomer, request, assigns);
}

/** Somebody assigns a request to themself. */
export async function pickUp(stage: Stage, request: IssueWatch, who: string): Promise<void> {
  await request.act(who, 'picks the request up: assigns it to themself', async (desk, issue) => {
    const { id } = await desk.self();
    await desk.change(stage.around.sandbox.gitlab.accessRequestsProject, issue.iid, { assigneeIds: [id] });
  });
  await request.until(`daytwo to set ${quoted(IN_PROGRESS)}`, ({ issue }) =>
    issue.labels.includes(IN_PROGRESS),
  );
}

/** The role template isn't as it was approved: the manager approves first, which nobody else may. */
export async function playApproval(stage: Stage, newcomer: Newcomer): Promise<void> {
  const { labels } = stage.players;
  const project = stage.around.sandbox.gitlab.accessRequestsProject;
  const request = await requestOpened(stage, newcomer);
  await approveFirst(stage, newcomer, request);
  await request.act(labels, `picks the request up: sets ${quoted(IN_PROGRESS)}`, (desk, issue) =>
    desk.change(project, issue.iid, { addLabels: [IN_PROGRESS] }),
  );
  await request.until(`daytwo to assign it to ${labels}`, ({ issue }) =>
    issue.assignees.some(({ username }) => username === labels),
  );
  await workThrough(stage, newcomer, request, labels);
}

/** Where the role template isn't as it was approved: somebody who may not approves, which is put back; then the manager. */
async function approveFirst(
  stage: Stage,
  { event, role, manager }: Newcomer,
  request: IssueWatch,
): Promise<void> {
  if (role.kind !== 'found' || role.bornApproved) return;
  const { hasty } = stage.players;
  const project = stage.around.sandbox.gitlab.accessRequestsProject;
  await request.until('daytwo to ask for the approval', ({ notes, issue }) =>
    notes.some((note) => note.author === issue.author && note.body.includes('waits for `approve`')),
  );
  await request.act(hasty, `sets ${quoted(APPROVED)}, though only the manager may`, (desk, issue) =>
    desk.change(project, issue.iid, { addLabels: [APPROVED] }),
  );
  await request.until(
    'daytwo to put the label back',
    ({ notes, issue }) =>
      !issue.labels.includes(APPROVED) &&
      notes.some((note) => note.author === issue.author && note.body.startsWith(`@${hasty}: `)),
  );
  if (manager === null) throw new Error(`the handbook knows no manager of ${event.name}`);
  await request.act(manager, `approves: sets ${quoted(APPROVED)}`, (desk, issue) =>
    desk.change(project, issue.iid, { addLabels: [APPROVED] }),
  );
  await request.until(`daytwo to set ${quoted(READY)}`, ({ issue }) => issue.labels.includes(READY));
}

/** No role template fits the title: those who can help are told, and the process waits where everybody can see it. */
export async function playWaiting(stage: Stage, newcomer: Newcomer): Promise<void> {
  const { event, role, manager } = newcomer;
  const opened = await onboardingOpened(stage, newcomer);
  const { employmentProject } = stage.around.sandbox.gitlab;
  const onboarding = new IssueWatch(stage, event, opened, employmentProject, []);
  await onboarding.until('daytwo to say which role templates it looked for', ({ notes, issue }) =>
    role.paths.every((path) =>
      notes.some((note) => note.author === issue.author && note.body.includes(path)),
    ),
  );
  await mailed(stage, newcomer, opened, [...(manager ? [manager] : []), ...stage.players.dris]);
  const id = onboardingId(event.employee_id);
  const seen = await stage.patience.until(`${event.name}: ${id} to wait for a role template`, async () => {
    const workflow = await stage.readings.workflow(id);
    return workflow?.state === 'no_template' ? workflow : undefined;
  });
  stage.telling.step({
    hire: event.name,
    who: 'Temporal',
    what: `${id} runs and waits, DaytwoState=no_template`,
    link: workflowUrl(stage.around, seen),
  });
}

/** The page of one run in the Temporal UI; undefined where there is no UI. */
export function workflowUrl(
  { temporal }: Pick<Surroundings, 'temporal'>,
  seen: { readonly id: string; readonly runId: string },
): string | undefined {
  return temporal.ui
    ? `${temporal.ui}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(seen.id)}/${seen.runId}/history`
    : undefined;
}

async function onboardingOpened(stage: Stage, { event }: Newcomer): Promise<DeskIssue> {
  const issue = await stage.patience.until(`${event.name}: daytwo to open the onboarding issue`, async () =>
    (await stage.readings.onboardingsOf(event)).at(0),
  );
  stage.telling.step({
    hire: event.name,
    who: 'daytwo',
    what: `opened the onboarding issue #${issue.iid}, since day two has begun`,
    link: issue.webUrl,
  });
  return issue;
}

/** @param mayWaitForSeat it is part of the story that no seat is free */
export async function requestOpened(
  stage: Stage,
  newcomer: Newcomer,
  mayWaitForSeat = false,
): Promise<IssueWatch> {
  const { event, role, tasks } = newcomer;
  if (role.kind === 'none')
    throw new Hopeless(`${event.name}: the handbook has no role template ${role.paths.join(' or ')}`);
  await onboardingOpened(stage, newcomer);
  const issue = await stage.patience.until(`${event.name}: daytwo to open the access request`, async () =>
    (await stage.readings.requestsOf(event)).at(0),
  );
  const states = issue.labels.filter((label) => label === ACTION_NEEDED || label.startsWith('AR-Approval::'));
  stage.telling.step({
    hire: event.name,
    who: 'daytwo',
    what: `opened the access request #${issue.iid}, ${tasks.length} boxes, with ${states.map(quoted).join(' and ')}`,
    link: issue.webUrl,
  });
  await mailed(stage, newcomer, issue, stage.players.dris);
  const project = stage.around.sandbox.gitlab.accessRequestsProject;
  return new IssueWatch(stage, event, issue, project, tasks, mayWaitForSeat);
}

async function mailed(
  stage: Stage,
  { event }: Newcomer,
  issue: DeskIssue,
  names: readonly string[],
): Promise<void> {
  await stage.patience.until(`${event.name}: mail to ${names.join(', ')}`, async () => {
    const mails = await stage.readings.mailsAbout(issue, names);
    return names.every((name) => (mails[name] ?? 0) > 0) ? true : undefined;
  });
  stage.telling.step({
    hire: event.name,
    who: 'GitLab',
    what: `mailed ${names.join(', ')}, whom daytwo mentioned`,
    link: stage.around.sandbox.mailbox.url,
  });
}
