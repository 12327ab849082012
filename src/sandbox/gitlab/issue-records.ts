import type { Issue, User } from './rows';
import { GitlabError, OWNER, PLANNER, type Site } from './site';

/** The issue as it is stored now. */
export function now(site: Site, id: number): Issue {
  const issue = site.rows.issues.get(id);
  if (!issue) throw GitlabError.notFound('Issue Not Found');
  return issue;
}

/** Stores the labels of an issue, with an event for each that came or went. */
export function recordLabels(site: Site, issue: Issue, actor: User, labelIds: readonly number[]): void {
  const added = labelIds.filter((id) => !issue.labelIds.includes(id));
  const removed = issue.labelIds.filter((id) => !labelIds.includes(id));
  if (added.length + removed.length === 0) return;
  const at = now(site, issue.id).updatedAt;
  const events = [
    ...added.map((id) => ({ id, action: 'add' as const })),
    ...removed.map((id) => ({ id, action: 'remove' as const })),
  ];
  const eventIds = events.map(({ id: labelId, action }) => {
    const id = site.world.next('gitlab-label-event');
    site.rows.labelEvents.put(id, {
      id,
      issueId: issue.id,
      userId: actor.id,
      labelId,
      action,
      createdAt: at,
    });
    return id;
  });
  const stored = now(site, issue.id);
  site.rows.issues.put(issue.id, {
    ...stored,
    labelIds,
    labelEventIds: [...stored.labelEventIds, ...eventIds],
  });
}

/** Stores that an issue was closed or opened again, as an event. */
export function recordState(site: Site, issueId: number, actor: User, state: 'closed' | 'reopened'): void {
  const id = site.world.next('gitlab-state-event');
  const stored = now(site, issueId);
  site.rows.stateEvents.put(id, { id, issueId, userId: actor.id, state, createdAt: stored.updatedAt });
  site.rows.issues.put(issueId, { ...stored, stateEventIds: [...stored.stateEventIds, id] });
}

/** Deletes an issue with all that hangs on it. Only an Owner or a Planner may: https://docs.gitlab.com/user/permissions/ */
export function deleteIssue(site: Site, issue: Issue, actor: User): void {
  if (![PLANNER, OWNER].includes(site.level(site.project(issue.projectId), actor)))
    throw GitlabError.forbidden();
  for (const id of issue.noteIds) site.rows.notes.delete(id);
  for (const id of issue.labelEventIds) site.rows.labelEvents.delete(id);
  for (const id of issue.stateEventIds) site.rows.stateEvents.delete(id);
  for (const link of site.rows.links.filter((row) => row.sourceId === issue.id || row.targetId === issue.id))
    site.rows.links.delete(link.id);
  site.rows.issues.delete(issue.id);
  site.world.table<number>('gitlab-iid').delete(`${issue.projectId}/${issue.iid}`);
}

/** What GitLab says about a new due date. */
export const dueNote = (date: string): string =>
  `changed due date to ${new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date))}`;

/** What GitLab says about a new title: the part that differs is marked, what begins and ends alike is not. */
export function titleNote(before: string, after: string): string {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const marked = (text: string, open: string, close: string): string => {
    const middle = text.slice(start, text.length - end);
    return text.slice(0, start) + (middle && `{${open}${middle}${close}}`) + text.slice(text.length - end);
  };
  return `changed title from **${marked(before, '-', '-')}** to **${marked(after, '+', '+')}**`;
}
