import { activityInfo, log } from '@temporalio/activity';
import { policyOn } from '../domain/day-two';
import type { RunLate } from '../domain/territory/run-status';
import { lateKey, lateTask } from '../domain/territory/late';
import { territoryRunId } from '../domain/territory/run';
import { SystemFault } from '../systems/fault';
import { GitlabRefusal } from '../systems/gitlab';
import { closeOpsTask, opsMarker, ourIssue, raiseOpsTask, refOf } from './ops-task';
import type { World } from './world';

/**
 * Does a step of a run. A fault that may pass is tried again for as long as it lasts; once that is longer than policy says, ops are
 * told, once, and the run shows it. It goes on trying.
 */
export async function tellingLate<T>(
  world: World,
  run: string,
  step: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { scheduledTimestampMs: since } = activityInfo();
    const { tellMinutes } = policyOn(world.handbook(), new Date().toISOString().slice(0, 10)).territoryRun;
    if (Date.now() - since >= tellMinutes * 60_000)
      await tell(world, run, { step, since: new Date(since).toISOString(), fault: faultOf(error) });
    throw error;
  }
}

async function tell(world: World, run: string, late: RunLate): Promise<void> {
  const task = lateTask(run, late);
  try {
    if (await ourIssue(world, opsMarker(task.key), world.projects.accessRequests)) return;
    await world.hints.runLate(territoryRunId(run), late);
    await raiseOpsTask(world, task);
  } catch (error) {
    // The next try tells it.
    log.warn('ops could not be told of a run that is late', { fault: faultOf(error) });
  }
}

/** What it was, without what a system says of it: that may quote a record. */
function faultOf(error: unknown): string {
  if (error instanceof SystemFault) return `${error.system} answered ${error.code}`;
  if (error instanceof GitlabRefusal) return `gitlab answered ${error.status}`;
  return 'a fault of daytwo: see the log of the workers';
}

/** A run that is over isn't late any more. */
export async function closeLate(world: World, run: string): Promise<void> {
  const issue = await ourIssue(world, opsMarker(lateKey(run)), world.projects.accessRequests);
  if (issue?.state === 'opened') await closeOpsTask(world, refOf(issue), 'the run went on, and is over');
}
