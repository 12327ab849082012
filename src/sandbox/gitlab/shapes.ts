import { tasksIn } from './markdown-text';
import { scopeOf, textColor } from './labels';
import { alertStatus } from './outbox';
import type {
  Board,
  BoardList,
  Group,
  Hook,
  Issue,
  IssueLink,
  Label,
  LabelEvent,
  Member,
  Note,
  Project,
  StateEvent,
  User,
} from './rows';
import type { Site } from './site';
import { typeSeenFrom } from './links';

type Json = Record<string, unknown>;

/** The JSON of each kind of thing, as the REST API's documentation shows it. */

export const userBasic = (site: Site, user: User): Json => ({
  id: user.id,
  username: user.username,
  public_email: '',
  name: user.name,
  state: 'active',
  locked: false,
  avatar_url: null,
  web_url: `${site.url()}/${user.username}`,
});

/** A user as others see them; `email` only for oneself, as GitLab does. */
export const userFull = (site: Site, user: User, own: boolean): Json => ({
  ...userBasic(site, user),
  created_at: user.createdAt,
  bio: '',
  location: null,
  linkedin: '',
  twitter: '',
  discord: '',
  website_url: '',
  github: '',
  job_title: user.title,
  pronouns: null,
  organization: null,
  bot: user.bot,
  work_information: user.title || null,
  followers: 0,
  following: 0,
  local_time: null,
  is_followed: false,
  ...(own
    ? {
        email: user.email,
        commit_email: user.email,
        last_sign_in_at: null,
        confirmed_at: user.createdAt,
        last_activity_on: null,
        theme_id: 1,
        color_scheme_id: 1,
        projects_limit: 0,
        current_sign_in_at: null,
        identities: [],
        can_create_group: false,
        can_create_project: false,
        two_factor_enabled: false,
        external: false,
        private_profile: false,
      }
    : {}),
});

export const statusShape = (user: User): Json => {
  const now = user.status?.clearAt && Date.parse(user.status.clearAt) <= Date.now() ? null : user.status;
  return {
    emoji: now?.emoji ?? null,
    availability: now?.availability ?? 'not_set',
    message: now?.message ?? '',
    message_html: escapeText(now?.message ?? ''),
    clear_status_at: now?.clearAt ?? null,
  };
};
const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const groupShape = (site: Site, group: Group): Json => ({
  id: group.id,
  web_url: `${site.url()}/groups/${group.path}`,
  name: group.name,
  path: group.path,
  description: '',
  visibility: 'internal',
  full_name: group.name,
  full_path: group.path,
  created_at: group.createdAt,
  parent_id: null,
  avatar_url: null,
  request_access_enabled: false,
  lfs_enabled: false,
});

const namespaceShape = (site: Site, group: Group): Json => ({
  id: group.id,
  name: group.name,
  path: group.path,
  kind: 'group',
  full_path: group.path,
  parent_id: null,
  avatar_url: null,
  web_url: `${site.url()}/groups/${group.path}`,
});

export function projectShape(site: Site, project: Project, viewer: User): Json {
  const group = site.group(project.groupId);
  const path = project.path.slice(group.path.length + 1);
  const web = `${site.url()}/${project.path}`;
  const api = `${site.url()}/api/v4/projects/${project.id}`;
  const open = site.rows.issues.filter((issue) => issue.projectId === project.id && issue.state === 'opened');
  const level = site.level(project, viewer);
  return {
    id: project.id,
    description: null,
    name: project.name,
    name_with_namespace: `${group.name} / ${project.name}`,
    path,
    path_with_namespace: project.path,
    created_at: project.createdAt,
    default_branch: 'main',
    tag_list: [],
    topics: [],
    ssh_url_to_repo: null,
    http_url_to_repo: `${web}.git`,
    web_url: web,
    readme_url: null,
    avatar_url: null,
    forks_count: 0,
    star_count: 0,
    last_activity_at: project.createdAt,
    namespace: namespaceShape(site, group),
    container_registry_image_prefix: null,
    _links: {
      self: api,
      issues: `${api}/issues`,
      labels: `${api}/labels`,
      members: `${api}/members`,
      repo_branches: `${api}/repository/branches`,
      events: `${api}/events`,
    },
    empty_repo: false,
    archived: false,
    visibility: project.visibility,
    issues_enabled: true,
    merge_requests_enabled: false,
    wiki_enabled: false,
    jobs_enabled: false,
    snippets_enabled: false,
    issues_access_level: 'enabled',
    repository_access_level: 'enabled',
    creator_id: 1,
    open_issues_count: open.length,
    ci_config_path: null,
    shared_with_groups: [],
    permissions: {
      project_access: level ? { access_level: level, notification_level: 3 } : null,
      group_access: null,
    },
  };
}

export const memberShape = (site: Site, member: Member): Json => ({
  ...userBasic(site, site.user(member.userId)),
  access_level: member.level,
  created_at: member.createdAt,
  expires_at: null,
  membership_state: 'active',
});

export const labelShape = (site: Site, label: Label): Json => {
  const issues = site.rows.issues.filter((issue) => issue.labelIds.includes(label.id));
  const open = issues.filter((issue) => issue.state === 'opened').length;
  return {
    ...labelBrief(label),
    open_issues_count: open,
    closed_issues_count: issues.length - open,
    open_merge_requests_count: 0,
    subscribed: false,
    priority: null,
    is_project_label: true,
  };
};

export const labelBrief = (label: Label): Json => ({
  id: label.id,
  name: label.name,
  color: label.color,
  text_color: textColor(label.color),
  description: label.description,
  description_html: escapeText(label.description ?? ''),
  archived: false,
});

/** `full`: the request isn't within the issue's own project, so that references are complete. */
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
    type: 'ISSUE',
    assignee: people[0] ?? null,
    user_notes_count: issue.noteIds.filter((id) => site.rows.notes.get(id)?.system === false).length,
    merge_requests_count: 0,
    upvotes: 0,
    downvotes: 0,
    due_date: issue.dueDate,
    confidential: issue.confidential,
    discussion_locked: issue.discussionLocked || null,
    issue_type: 'issue',
    web_url: site.issueUrl(issue),
    time_stats: {
      time_estimate: 0,
      total_time_spent: 0,
      human_time_estimate: null,
      human_total_time_spent: null,
    },
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

export const noteShape = (site: Site, issue: Issue, note: Note): Json => ({
  id: note.id,
  type: null,
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

export const listShape = (site: Site, list: BoardList): Json => {
  const label = site.rows.labels.get(list.labelId);
  return {
    id: list.id,
    label: label ? labelBrief(label) : null,
    position: list.position,
    max_issue_count: 0,
    max_issue_weight: 0,
    limit_metric: null,
  };
};

export function boardShape(site: Site, board: Board, viewer: User): Json {
  const project = site.project(board.projectId);
  const lists = site.rows.boardLists
    .filter((list) => list.boardId === board.id)
    .sort((a, b) => a.position - b.position);
  return {
    id: board.id,
    name: board.name,
    hide_backlog_list: false,
    hide_closed_list: false,
    project: projectShape(site, project, viewer),
    milestone: null,
    group: null,
    assignee: null,
    labels: [],
    weight: null,
    lists: lists.map((list) => listShape(site, list)),
  };
}

export const linkedIssueShape = (site: Site, link: IssueLink, from: Issue, other: Issue): Json => ({
  ...issueShape(site, other, { across: other.projectId !== from.projectId }),
  issue_link_id: link.id,
  link_type: typeSeenFrom(link, from),
  link_created_at: link.createdAt,
  link_updated_at: link.createdAt,
});

/** Secrets never come back, only whether there is one. */
export const hookShape = (hook: Hook): Json => ({
  id: hook.id,
  url: hook.url,
  name: hook.name,
  description: hook.description,
  created_at: hook.createdAt,
  ...hook.events,
  enable_ssl_verification: hook.enableSslVerification,
  repository_update_events: false,
  alert_status: alertStatus(hook),
  disabled_until: alertStatus(hook) === 'temporarily_disabled' ? hook.disabledUntil : null,
  url_variables: [],
  push_events_branch_filter: null,
  branch_filter_strategy: 'wildcard',
  custom_webhook_template: null,
  custom_headers: [],
  project_id: hook.projectId,
  token_present: hook.token !== null,
  signing_token_present: hook.signingToken !== null,
});

export const scoped = (label: Label): [string, string] | null => {
  const scope = scopeOf(label.name);
  return scope === null ? null : [scope, label.name.slice(scope.length + 2)];
};
