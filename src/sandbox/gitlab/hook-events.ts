import { randomUUID } from 'node:crypto';
import type { Hook, Issue, Label, Note, Project, User } from './rows';
import type { Site } from './site';

/** Bodies of webhooks as https://docs.gitlab.com/user/project/integrations/webhook_events/ shows them. */

/** Puts an issue event into the outbox of every hook of the project that takes it. `before`: the issue as it was. */
export function emitIssueHook(
  site: Site,
  issue: Issue,
  actor: User,
  action: 'open' | 'update' | 'close' | 'reopen',
  before: Issue | null,
): void {
  const flag = issue.confidential ? 'confidential_issues_events' : 'issues_events';
  const event = issue.confidential ? 'Confidential Issue Hook' : 'Issue Hook';
  enqueue(site, issue.projectId, flag, event, () => issueBody(site, issue, actor, action, before));
}

export function emitNoteHook(
  site: Site,
  issueId: number,
  note: Note,
  actor: User,
  action: 'create' | 'update',
): void {
  const issue = site.rows.issues.get(issueId);
  if (!issue) return;
  const hidden = issue.confidential || note.internal;
  const flag = hidden ? 'confidential_note_events' : 'note_events';
  enqueue(site, issue.projectId, flag, hidden ? 'Confidential Note Hook' : 'Note Hook', () =>
    noteBody(site, issue, note, actor, action),
  );
}

function enqueue(site: Site, projectId: number, flag: string, event: string, body: () => unknown): void {
  const hooks = site.rows.hooks.filter((hook) => hook.projectId === projectId && hook.events[flag] === true);
  if (hooks.length === 0) return;
  const text = JSON.stringify(body());
  const eventUuid = randomUUID();
  for (const hook of hooks) enqueueFor(site, hook, event, text, eventUuid);
}

/** Puts one delivery into the outbox. */
export function enqueueFor(site: Site, hook: Hook, event: string, body: string, eventUuid: string): void {
  const id = site.world.next('gitlab-delivery');
  site.rows.deliveries.put(id, {
    id,
    hookId: hook.id,
    event,
    body,
    eventUuid,
    idempotencyKey: randomUUID(),
    attempts: 0,
  });
  site.onDelivery();
}

export function issueBody(
  site: Site,
  issue: Issue,
  actor: User,
  action: 'open' | 'update' | 'close' | 'reopen',
  before: Issue | null,
): Record<string, unknown> {
  const project = site.project(issue.projectId);
  return {
    object_kind: 'issue',
    event_type: issue.confidential ? 'confidential_issue' : 'issue',
    user: hookUser(actor, true),
    project: hookProject(site, project),
    object_attributes: { ...issueAttributes(site, issue), action },
    labels: issue.labelIds.flatMap((id) => hookLabel(site.rows.labels.get(id))),
    changes: changesBetween(site, before, issue),
    repository: hookRepository(site, project),
    ...assigneesOf(site, issue),
  };
}

function noteBody(
  site: Site,
  issue: Issue,
  note: Note,
  actor: User,
  action: string,
): Record<string, unknown> {
  const project = site.project(issue.projectId);
  return {
    object_kind: 'note',
    event_type: issue.confidential || note.internal ? 'confidential_note' : 'note',
    user: hookUser(actor, true),
    project_id: project.id,
    project: hookProject(site, project),
    object_attributes: {
      attachment: null,
      author_id: note.authorId,
      change_position: null,
      commit_id: null,
      created_at: note.createdAt,
      discussion_id: null,
      id: note.id,
      internal: note.internal,
      line_code: null,
      note: note.body,
      noteable_id: issue.id,
      noteable_type: 'Issue',
      original_position: null,
      position: null,
      project_id: project.id,
      resolved_at: null,
      resolved_by_id: null,
      resolved_by_push: null,
      st_diff: null,
      system: note.system,
      type: null,
      updated_at: note.updatedAt,
      updated_by_id: null,
      description: note.body,
      url: `${site.issueUrl(issue)}#note_${note.id}`,
      action,
    },
    repository: hookRepository(site, project),
    issue: { ...issueAttributes(site, issue), ...assigneesOf(site, issue) },
  };
}

function issueAttributes(site: Site, issue: Issue): Record<string, unknown> {
  return {
    id: issue.id,
    iid: issue.iid,
    project_id: issue.projectId,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    state_id: issue.state === 'opened' ? 1 : 2,
    type: 'Issue',
    url: site.issueUrl(issue),
    author_id: issue.authorId,
    assignee_ids: issue.assigneeIds,
    assignee_id: issue.assigneeIds[0] ?? null,
    confidential: issue.confidential,
    discussion_locked: issue.discussionLocked,
    due_date: issue.dueDate,
    weight: issue.weight,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    last_edited_at: issue.lastEditedAt,
    last_edited_by_id: issue.lastEditedById,
    updated_by_id: issue.updatedById,
    milestone_id: null,
    moved_to_id: issue.movedToId,
    duplicated_to_id: null,
    relative_position: null,
    time_estimate: 0,
    total_time_spent: 0,
    time_change: 0,
    human_total_time_spent: null,
    human_time_estimate: null,
    human_time_change: null,
    severity: 'unknown',
    health_status: null,
    labels: issue.labelIds.flatMap((id) => hookLabel(site.rows.labels.get(id))),
  };
}

function changesBetween(site: Site, before: Issue | null, after: Issue): Record<string, unknown> {
  const labels = (issue: Issue | null): unknown[] =>
    (issue?.labelIds ?? []).flatMap((id) => hookLabel(site.rows.labels.get(id)));
  const people = (issue: Issue | null): unknown[] =>
    (issue?.assigneeIds ?? []).map((id) => hookUser(site.user(id), false));
  const facets: readonly [string, (issue: Issue | null) => unknown][] = [
    ['title', (issue) => issue?.title ?? null],
    ['description', (issue) => issue?.description ?? null],
    ['confidential', (issue) => issue?.confidential ?? false],
    ['discussion_locked', (issue) => issue?.discussionLocked ?? null],
    ['due_date', (issue) => issue?.dueDate ?? null],
    ['weight', (issue) => issue?.weight ?? null],
    ['state_id', (issue) => (issue === null ? null : issue.state === 'opened' ? 1 : 2)],
    ['closed_at', (issue) => issue?.closedAt ?? null],
    ['updated_by_id', (issue) => issue?.updatedById ?? null],
    ['last_edited_at', (issue) => issue?.lastEditedAt ?? null],
    ['last_edited_by_id', (issue) => issue?.lastEditedById ?? null],
    ['updated_at', (issue) => issue?.updatedAt ?? null],
    ['labels', labels],
    ['assignees', people],
  ];
  const changes: Record<string, unknown> = {};
  for (const [name, read] of facets) {
    const [previous, current] = [read(before), read(after)];
    if (JSON.stringify(previous) !== JSON.stringify(current)) changes[name] = { previous, current };
  }
  return changes;
}

const hookUser = (user: User, withId: boolean): Record<string, unknown> => ({
  ...(withId ? { id: user.id } : {}),
  name: user.name,
  username: user.username,
  avatar_url: null,
  email: '[REDACTED]',
});

function assigneesOf(site: Site, issue: Issue): Record<string, unknown> {
  const users = issue.assigneeIds.map((id) => hookUser(site.user(id), true));
  return users.length === 0 ? { assignees: [] } : { assignees: users, assignee: users[0] };
}

const hookLabel = (label: Label | undefined): unknown[] =>
  label
    ? [
        {
          id: label.id,
          title: label.name,
          color: label.color,
          project_id: label.projectId,
          created_at: label.createdAt,
          updated_at: label.updatedAt,
          template: false,
          description: label.description,
          type: 'ProjectLabel',
          group_id: null,
        },
      ]
    : [];

function hookProject(site: Site, project: Project): Record<string, unknown> {
  const web = `${site.url()}/${project.path}`;
  return {
    id: project.id,
    name: project.name,
    description: null,
    web_url: web,
    avatar_url: null,
    git_ssh_url: null,
    git_http_url: `${web}.git`,
    namespace: site.group(project.groupId).name,
    visibility_level: project.visibility === 'internal' ? 10 : 0,
    path_with_namespace: project.path,
    default_branch: 'main',
    ci_config_path: null,
    homepage: web,
    url: `${web}.git`,
    ssh_url: null,
    http_url: `${web}.git`,
  };
}

const hookRepository = (site: Site, project: Project): Record<string, unknown> => ({
  name: project.name,
  url: `${site.url()}/${project.path}.git`,
  description: null,
  homepage: `${site.url()}/${project.path}`,
});
