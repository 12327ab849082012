import { labelBrief, userBasic } from './shapes';
import { typeSeenFrom } from './links';
import { tasksIn } from './markdown-text';
import type { Issue, IssueLink, LabelEvent, Note, StateEvent } from './rows';
import type { Site } from './site';
import { durationText } from './time-tracking';

type Json = Record<string, unknown>;

/** The JSON of issues and of what hangs on them, as the REST API's documentation shows it. */

/** An issue. `across`: asked for outside its own project, so that references are complete. */
export function issueShape(
  site: Site,
  issue: Issue,
  options: { labelDetails?: boolean; across?: boolean } = {},
): Json {
  const project = site.project(issue.projectId);
  const people = issue.assigneeIds.map((id) => userBasic(site, site.user(id)));
  const tasks = tasksIn(issue.description);
  const done = tasks.filter((task) => task.complete).length;
  const api = `${site.url()}/api/v4/projects/${project.id}`;
  const full = `${project.path}#${issue.iid}`;
  const labels = issue.labelIds
    .flatMap((id) => site.rows.labels.get(id) ?? [])
    .sort((a, b) => a.name.localeCompare(b.name));
  const awards = site.rows.awards.filter((award) => award.issueId === issue.id && award.noteId === null);
  return {
    id: issue.id,
    iid: issue.iid,
    project_id: project.id,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedById === null ? null : userBasic(site, site.user(issue.closedById)),
    labels: options.labelDetails ? labels.map(labelBrief) : labels.map((label) => label.name),
    milestone: null,
    assignees: people,
    author: userBasic(site, site.user(issue.authorId)),
    type: (issue.type ?? 'issue').toUpperCase(),
    assignee: people[0] ?? null,
    user_notes_count: issue.noteIds.filter((id) => site.rows.notes.get(id)?.system === false).length,
    merge_requests_count: 0,
    upvotes: awards.filter((award) => award.name === 'thumbsup').length,
    downvotes: awards.filter((award) => award.name === 'thumbsdown').length,
    due_date: issue.dueDate,
    confidential: issue.confidential,
    discussion_locked: issue.discussionLocked || null,
    issue_type: issue.type ?? 'issue',
    web_url: site.issueUrl(issue),
    time_stats: timeStats(issue),
    task_completion_status: { count: tasks.length, completed_count: done },
    weight: issue.weight,
    blocking_issues_count: 0,
    has_tasks: tasks.length > 0,
    task_status: `${done} of ${tasks.length} checklist ${tasks.length === 1 ? 'item' : 'items'} completed`,
    _links: {
      self: `${api}/issues/${issue.iid}`,
      notes: `${api}/issues/${issue.iid}/notes`,
      award_emoji: `${api}/issues/${issue.iid}/award_emoji`,
      project: api,
      closed_as_duplicate_of: null,
    },
    references: { short: `#${issue.iid}`, relative: options.across ? full : `#${issue.iid}`, full },
    severity: 'UNKNOWN',
    moved_to_id: issue.movedToId,
    imported: false,
    imported_from: 'none',
    service_desk_reply_to: null,
    epic_iid: null,
    epic: null,
    iteration: null,
    health_status: null,
  };
}

export const timeStats = ({ timeEstimate = 0, timeSpent = 0 }: Issue): Json => ({
  time_estimate: timeEstimate,
  total_time_spent: timeSpent,
  human_time_estimate: durationText(timeEstimate),
  human_total_time_spent: durationText(timeSpent),
});

/** The discussion of a note, made from the number of the first note in it. */
export const discussionIdOf = (note: Note): string =>
  (note.threadOf ?? note.id).toString(16).padStart(40, '0');

export const noteShape = (site: Site, issue: Issue, note: Note): Json => ({
  id: note.id,
  type: note.threadOf === undefined ? null : 'DiscussionNote',
  body: note.body,
  author: userBasic(site, site.user(note.authorId)),
  created_at: note.createdAt,
  updated_at: note.updatedAt,
  system: note.system,
  noteable_id: issue.id,
  noteable_type: 'Issue',
  project_id: issue.projectId,
  resolvable: false,
  confidential: note.internal,
  internal: note.internal,
  imported: false,
  imported_from: 'none',
  noteable_iid: issue.iid,
  commands_changes: {},
});

export function labelEventShape(site: Site, event: LabelEvent): Json {
  const label = site.rows.labels.get(event.labelId);
  return {
    id: event.id,
    user: userBasic(site, site.user(event.userId)),
    created_at: event.createdAt,
    resource_type: 'Issue',
    resource_id: event.issueId,
    label: label
      ? { id: label.id, name: label.name, color: label.color, description: label.description }
      : null,
    action: event.action,
  };
}

export const stateEventShape = (site: Site, event: StateEvent): Json => ({
  id: event.id,
  user: userBasic(site, site.user(event.userId)),
  created_at: event.createdAt,
  resource_type: 'Issue',
  resource_id: event.issueId,
  source_commit: null,
  source_merge_request_id: null,
  state: event.state,
});

export const linkedIssueShape = (site: Site, link: IssueLink, from: Issue, other: Issue): Json => ({
  ...issueShape(site, other, { across: other.projectId !== from.projectId }),
  issue_link_id: link.id,
  link_type: typeSeenFrom(link, from),
  link_created_at: link.createdAt,
  link_updated_at: link.createdAt,
});
