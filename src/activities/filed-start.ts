import { policyOn } from '../domain/day-two';
import { looksFiled } from '../domain/filed-issue';
import { isMoveRequest } from '../domain/move-text';
import { unreadPlan } from '../domain/request-start';
import type { DeskIssue } from '../systems/gitlab';
import type { World } from './world';

/**
 * Starts the workflow of a request that somebody filed, by whatever way they made the issue. False where the issue is none,
 * or is closed. What the request asks for, and whether it may, the workflow reads in the issue itself.
 */
export async function startFiled(world: World, project: string, issue: DeskIssue): Promise<boolean> {
  if (project !== world.projects.accessRequests || issue.state !== 'opened') return false;
  const { username: bot } = await world.gitlab.self();
  // A change of role is started with what HR said of it, which its text can't say.
  if (isMoveRequest(issue.description) && issue.author === bot) return false;
  if (!looksFiled(issue, world.handbook().systems, bot)) return false;
  const openedAt = new Date(issue.createdAt).toISOString();
  const policyVersion = policyOn(world.handbook(), openedAt.slice(0, 10)).effectiveFrom;
  await world.hints.startRequest({
    ref: { project, iid: issue.iid, url: issue.webUrl },
    openedAt,
    plan: unreadPlan({ requester: issue.author, order: 'filed', policyVersion }),
  });
  return true;
}
