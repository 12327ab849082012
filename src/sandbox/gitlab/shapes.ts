import { textColor } from './labels';
import { alertStatus } from './outbox';
import type { Board, BoardList, Group, Hook, Label, Member, Project, User } from './rows';
import type { Site } from './site';

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
