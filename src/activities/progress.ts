import { log } from '@temporalio/activity';
import type { IssueRef, Task } from '../domain/access-request';
import type { Counts } from '../domain/outcome';
import { withCounts } from '../domain/progress-text';
import { SystemFault } from '../systems/fault';
import { GitlabRefusal } from '../systems/gitlab';
import type { CrowdRef } from './access';
import { countsOf } from './access-crowd';
import { quiet } from './faults';
import type { World } from './world';

export interface Progress {
  readonly ref: IssueRef;
  readonly crowd: Pick<CrowdRef, 'request' | 'version'>;
  /** Those that daytwo is at work on. */
  readonly tasks: readonly Task[];
}

export interface ProgressActivities {
  /** Has the issue say how far a request for many is while it goes on; answers the counts. */
  showProgress(progress: Progress): Promise<Readonly<Record<string, Counts>>>;
}

export function progressActivities(world: World): ProgressActivities {
  return { showProgress: quiet((progress) => showProgress(world, progress)) };
}

async function showProgress(
  world: World,
  { ref, crowd, tasks }: Progress,
): Promise<Readonly<Record<string, Counts>>> {
  const counts = await countsOf(world.store, crowd, tasks);
  try {
    const issue = await world.gitlab.issue(ref.project, ref.iid);
    const description = issue && withCounts(issue.description, tasks, counts);
    if (issue && !issue.moved && description !== undefined && description !== issue.description)
      await world.gitlab.change(ref.project, ref.iid, { description });
  } catch (error) {
    // The grants don't wait for GitLab: the next visit of the desk shows where the request stands then.
    if (!(error instanceof SystemFault || error instanceof GitlabRefusal)) throw error;
    log.warn('the issue does not show how far the request is', { code: codeOf(error) });
  }
  return counts;
}

const codeOf = (error: SystemFault | GitlabRefusal): string | number =>
  error instanceof SystemFault ? error.code : error.status;
