import type { Table, World } from '../world';

/** Rows of the sandbox's GitLab, as they lie on disk. Times are ISO 8601 in UTC with milliseconds. */

export interface UserStatus {
  readonly emoji: string;
  readonly message: string;
  readonly availability: 'busy' | 'not_set';
  readonly clearAt: string | null;
}
export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly title: string;
  readonly token: string;
  readonly bot: boolean;
  readonly groups: readonly string[];
  readonly createdAt: string;
  readonly status: UserStatus | null;
}
export interface Group {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly createdAt: string;
}
export interface Project {
  readonly id: number;
  /** With its group: `sales-ops/access-requests`. */
  readonly path: string;
  readonly name: string;
  readonly groupId: number;
  readonly visibility: 'private' | 'internal';
  readonly createdAt: string;
}
export interface Member {
  readonly projectId: number;
  readonly userId: number;
  readonly level: number;
  readonly createdAt: string;
}
export interface Label {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}
export const ISSUE_TYPES = ['issue', 'incident', 'test_case', 'task'] as const;
export type IssueType = (typeof ISSUE_TYPES)[number];
export interface Issue {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly title: string;
  readonly description: string | null;
  readonly state: 'opened' | 'closed';
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  readonly closedById: number | null;
  readonly updatedById: number | null;
  readonly lastEditedAt: string | null;
  readonly lastEditedById: number | null;
  readonly labelIds: readonly number[];
  readonly assigneeIds: readonly number[];
  readonly authorId: number;
  readonly confidential: boolean;
  readonly discussionLocked: boolean;
  readonly dueDate: string | null;
  readonly weight: number | null;
  readonly movedToId: number | null;
  /** Absent: an ordinary issue. */
  readonly type?: IssueType;
  /** Seconds; absent: none. */
  readonly timeEstimate?: number;
  readonly timeSpent?: number;
  readonly noteIds: readonly number[];
  readonly labelEventIds: readonly number[];
  readonly stateEventIds: readonly number[];
}
export interface Note {
  readonly id: number;
  readonly issueId: number;
  readonly body: string;
  readonly authorId: number;
  readonly system: boolean;
  readonly internal: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** For `mentioned in issue #n`: the issue that mentions; hidden from those who may not see that one. */
  readonly mentionedById: number | null;
  /** The first note of the thread that it is in; absent: a comment of its own. */
  readonly threadOf?: number;
}
/** An emoji on an issue, or on a note of it. */
export interface Award {
  readonly id: number;
  readonly issueId: number;
  readonly noteId: number | null;
  readonly userId: number;
  /** `thumbsup` */
  readonly name: string;
  readonly createdAt: string;
}
/** An issue on a person's to-do list. */
export interface Todo {
  readonly id: number;
  readonly userId: number;
  readonly issueId: number;
  readonly authorId: number;
  readonly action: 'assigned' | 'mentioned' | 'marked';
  readonly body: string;
  readonly state: 'pending' | 'done';
  readonly createdAt: string;
  readonly updatedAt: string;
}
export interface LabelEvent {
  readonly id: number;
  readonly issueId: number;
  readonly userId: number;
  readonly labelId: number;
  readonly action: 'add' | 'remove';
  readonly createdAt: string;
}
export interface StateEvent {
  readonly id: number;
  readonly issueId: number;
  readonly userId: number;
  readonly state: 'closed' | 'reopened';
  readonly createdAt: string;
}
export type LinkType = 'relates_to' | 'blocks' | 'is_blocked_by';
export interface IssueLink {
  readonly id: number;
  readonly sourceId: number;
  readonly targetId: number;
  readonly type: LinkType;
  readonly createdAt: string;
}
export interface Board {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
}
export interface BoardList {
  readonly id: number;
  readonly boardId: number;
  readonly labelId: number;
  readonly position: number;
}
export interface RepositoryFile {
  readonly projectId: number;
  readonly path: string;
  readonly base64: string;
  readonly commitId: string;
}
export interface Commit {
  readonly id: string;
  readonly projectId: number;
  readonly message: string;
  readonly authorId: number;
  readonly createdAt: string;
  readonly parentId: string | null;
}
/** A file that is attached to an issue or a comment. */
export interface Upload {
  readonly id: number;
  readonly projectId: number;
  readonly secret: string;
  readonly name: string;
  readonly base64: string;
  readonly authorId: number;
  readonly createdAt: string;
}
export interface Hook {
  readonly id: number;
  readonly projectId: number;
  readonly url: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly token: string | null;
  readonly signingToken: string | null;
  /** Which events it takes: `issues_events`, `note_events`, … as the API names them. */
  readonly events: Readonly<Record<string, boolean>>;
  readonly enableSslVerification: boolean;
  readonly createdAt: string;
  readonly uuid: string;
  readonly recentFailures: number;
  readonly backoffCount: number;
  readonly disabledUntil: string | null;
}
/** A webhook that waits to be delivered. */
export interface Delivery {
  readonly id: number;
  readonly hookId: number;
  readonly event: string;
  readonly body: string;
  readonly eventUuid: string;
  readonly idempotencyKey: string;
  readonly attempts: number;
}

export interface Rows {
  readonly users: Table<User>;
  readonly groups: Table<Group>;
  readonly projects: Table<Project>;
  readonly members: Table<Member>;
  readonly labels: Table<Label>;
  readonly issues: Table<Issue>;
  readonly notes: Table<Note>;
  readonly awards: Table<Award>;
  /** By user and issue: the last one of each pair. */
  readonly todos: Table<Todo>;
  /** By issue and user: whether they want its notifications, where they said so. */
  readonly subscriptions: Table<boolean>;
  readonly labelEvents: Table<LabelEvent>;
  readonly stateEvents: Table<StateEvent>;
  readonly links: Table<IssueLink>;
  readonly boards: Table<Board>;
  readonly boardLists: Table<BoardList>;
  readonly files: Table<RepositoryFile>;
  readonly commits: Table<Commit>;
  /** By project, secret and name. */
  readonly uploads: Table<Upload>;
  readonly hooks: Table<Hook>;
  readonly deliveries: Table<Delivery>;
}

/** The tables of the sandbox's GitLab in a world. */
export function rowsOf(world: World): Rows {
  return {
    users: world.table('gitlab-user'),
    groups: world.table('gitlab-group'),
    projects: world.table('gitlab-project'),
    members: world.table('gitlab-member'),
    labels: world.table('gitlab-label'),
    issues: world.table('gitlab-issue'),
    notes: world.table('gitlab-note'),
    awards: world.table('gitlab-award'),
    todos: world.table('gitlab-todo'),
    subscriptions: world.table('gitlab-subscription'),
    labelEvents: world.table('gitlab-label-event'),
    stateEvents: world.table('gitlab-state-event'),
    links: world.table('gitlab-link'),
    boards: world.table('gitlab-board'),
    boardLists: world.table('gitlab-board-list'),
    files: world.table('gitlab-file'),
    commits: world.table('gitlab-commit'),
    uploads: world.table('gitlab-upload'),
    hooks: world.table('gitlab-hook'),
    deliveries: world.table('gitlab-delivery'),
  };
}
