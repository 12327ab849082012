import { markdown } from '../domain/escape';
import type { IssueRef } from '../domain/access-request';
import { ACTION_NEEDED } from '../domain/labels';
import { isMarked, markerPart } from '../domain/request-text';
import type { DeskIssue, NewIssue } from '../systems/gitlab';
import type { World } from './world';

export interface OpsTask {
  /** The same for the same trouble: it is raised once. */
  readonly key: string;
  readonly title: string;
  /** Without personal data: the ids of people, not their names. */
  readonly problems: readonly string[];
  readonly mend: string;
  /** The page that it is about. */
  readonly link?: string;
  /** Those that it begins with; without, it needs action. */
  readonly labels?: readonly string[];
  /** Where it stands; without, on the request board. */
  readonly project?: string;
}

export const opsMarker = (key: string): string => `daytwo:ops:${markerPart(key)}:end`;

/** How the marks begin of all tasks whose key begins so. */
export const opsMarkersOf = (key: string): string => `daytwo:ops:${markerPart(key)}`;

/** A visible task for those who run Sales Ops: a confidential issue, on the request board if not said otherwise, found again by its mark. */
export async function raiseOpsTask(world: World, task: OpsTask): Promise<IssueRef> {
  const marker = opsMarker(task.key);
  const { people } = world.handbook();
  const issue = await createOnce(world, task.project ?? world.projects.accessRequests, marker, {
    title: task.title.slice(0, 250),
    description: [
      `<!-- ${marker} -->`,
      task.problems.map((problem) => `- ${markdown(problem)}`).join('\n'),
      `**What to do:** ${markdown(task.mend)}`,
      ...(task.link ? [task.link] : []),
      `cc ${people.provisioningDris.map((name) => `@${name}`).join(' ')}`,
    ].join('\n\n'),
    labels: task.labels ?? [ACTION_NEEDED],
    confidential: true,
  });
  return refOf(issue);
}

/** Closes an ops task whose trouble is over. */
export async function closeOpsTask(world: World, ref: IssueRef, why: string): Promise<void> {
  const issue = await world.gitlab.issue(ref.project, ref.iid);
  if (issue?.state !== 'opened') return;
  await world.gitlab.comment(ref.project, ref.iid, `Closed: ${markdown(why)}.`);
  await world.gitlab.change(ref.project, ref.iid, { stateEvent: 'close' });
}

/** GitLab has no idempotency key: the mark is looked for first, also after an answer that got lost. */
export async function createOnce(
  world: World,
  project: string,
  marker: string,
  issue: NewIssue,
): Promise<DeskIssue> {
  return (await ourIssue(world, marker, project)) ?? world.gitlab.create(project, issue);
}

/** The issue that daytwo made with this mark, an open one before a closed one. One that somebody else wrote a mark into is not it. */
export async function ourIssue(
  world: World,
  marker: string,
  project: string,
): Promise<DeskIssue | undefined> {
  const found = (await world.gitlab.byMarker(marker, project)).filter((issue) =>
    isMarked(issue.description, marker),
  );
  if (found.length === 0) return undefined;
  const { username } = await world.gitlab.self();
  const ours = found.filter((issue) => issue.author === username);
  return ours.find((issue) => issue.state === 'opened') ?? ours[0];
}

export const refOf = (issue: DeskIssue): IssueRef => ({
  project: issue.project,
  iid: issue.iid,
  url: issue.webUrl,
});
