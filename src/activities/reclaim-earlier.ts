import { activityInfo } from '@temporalio/activity';
import type { IssueRef } from '../domain/access-request';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce } from './desk-comments';
import { closeOpsTask, opsMarker, opsMarkersOf, refOf } from './ops-task';
import type { World } from './world';

/** The key of the issue of the reclaim that this activity runs for: each has its own, so that no word on another one counts. */
export const reclaimKey = (quarter: string): string =>
  `reclaim:${quarter}:${activityInfo().workflowExecution?.runId ?? ''}`;

/** Which process leads the reclaim of an issue, as the evidence of its listing says; null where none does. */
export async function leaderOfReclaim(
  world: Pick<World, 'store'>,
  { project, iid }: Pick<IssueRef, 'project' | 'iid'>,
): Promise<string | null> {
  const story = await world.store.story({ request: `${project}#${iid}` });
  return story.filter(({ kind }) => kind === 'reclaim.listed').at(-1)?.workflowId ?? null;
}

async function hasHappened(world: World, { project, iid }: DeskIssue, kind: string): Promise<boolean> {
  return (await world.store.story({ request: `${project}#${iid}` })).some((row) => row.kind === kind);
}

/**
 * Whether an earlier reclaim isn't over: nobody is told twice, so that one must be decided first, and says so. One whose
 * process is gone (a lost cluster) is closed: the new one takes its place, with a notice and a decision of its own.
 */
export async function earlierRuns(world: World, quarter: string): Promise<boolean> {
  const own = activityInfo().workflowExecution?.workflowId ?? '';
  let runs = false;
  for (const issue of await openReclaims(world)) {
    if (issue.description.includes(`<!-- ${opsMarker(reclaimKey(quarter))} -->`)) continue;
    // What it left for people stays theirs.
    if (await hasHappened(world, issue, 'reclaim.done')) continue;
    const leader = await leaderOfReclaim(world, issue);
    if (leader !== null && leader !== own && (await world.hints.isRunning(leader))) {
      const { username: bot } = await world.gitlab.self();
      const why = `This reclaim is not decided yet, so that of ${quarter} was not begun. Approve or reject this one; then \`daytwo seats reclaim --start\` begins another.`;
      await postOnce(world, issue, { bot }, `reclaim:waits:${quarter}`, why);
      runs = true;
    } else await closeOpsTask(world, refOf(issue), `another reclaim was begun in its place, of ${quarter}`);
  }
  return runs;
}

async function openReclaims(world: World): Promise<readonly DeskIssue[]> {
  const { username: bot } = await world.gitlab.self();
  const marker = `<!-- ${opsMarkersOf('reclaim:')}`;
  return (await world.gitlab.byMarker(marker, world.projects.accessRequests)).filter(
    ({ author, state, description }) =>
      author === bot && state === 'opened' && description.startsWith(marker),
  );
}
