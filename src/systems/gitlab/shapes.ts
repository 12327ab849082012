/** Only what daytwo reads of GitLab's answers, under its own names. */
export interface DeskUser {
  readonly id: number;
  readonly username: string;
}

export interface DeskIssue {
  readonly iid: number;
  readonly projectId: number;
  readonly title: string;
  readonly description: string;
  readonly state: 'opened' | 'closed';
  readonly labels: readonly string[];
  readonly assignees: readonly DeskUser[];
  readonly author: string;
  readonly confidential: boolean;
  readonly updatedAt: string;
  readonly createdAt: string;
  readonly webUrl: string;
  /** It was moved: what goes on, goes on in the issue that was made of it. */
  readonly moved: boolean;
  /** `group/project` as the reference says. */
  readonly project: string;
}

export interface DeskNote {
  readonly id: number;
  readonly body: string;
  readonly author: string;
  readonly at: string;
  readonly system: boolean;
}

export interface DeskLabelEvent {
  readonly id: number;
  readonly user: string;
  readonly at: string;
  readonly label: string;
  readonly action: 'add' | 'remove';
}

/** What somebody shows of themself: https://docs.gitlab.com/api/users/#get-the-status-of-a-user */
export interface DeskUserStatus {
  /** Without colons: `palm_tree`; empty where none is set. */
  readonly emoji: string;
  readonly message: string;
  readonly busy: boolean;
  /** When GitLab takes the status away by itself: an instant; null: never. */
  readonly clearAt: string | null;
}

type Loose = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const userOf = (value: unknown): DeskUser => {
  const user = (value ?? {}) as Loose;
  return { id: Number(user['id'] ?? 0), username: text(user['username']) };
};

export function issueOf(raw: object): DeskIssue {
  const issue = raw as Loose;
  const full = text((issue['references'] as Loose | undefined)?.['full']);
  return {
    iid: Number(issue['iid']),
    projectId: Number(issue['project_id']),
    title: text(issue['title']),
    description: text(issue['description']),
    state: issue['state'] === 'closed' ? 'closed' : 'opened',
    labels: Array.isArray(issue['labels'])
      ? issue['labels'].map((label) => (typeof label === 'string' ? label : text((label as Loose)['name'])))
      : [],
    assignees: Array.isArray(issue['assignees']) ? issue['assignees'].map(userOf) : [],
    author: userOf(issue['author']).username,
    confidential: issue['confidential'] === true,
    updatedAt: text(issue['updated_at']),
    createdAt: text(issue['created_at']),
    webUrl: text(issue['web_url']),
    moved: typeof issue['moved_to_id'] === 'number',
    project: full.includes('#') ? full.slice(0, full.lastIndexOf('#')) : '',
  };
}

export function noteOf(raw: object): DeskNote {
  const note = raw as Loose;
  return {
    id: Number(note['id']),
    body: text(note['body']),
    author: userOf(note['author']).username,
    at: text(note['created_at']),
    system: note['system'] === true,
  };
}

/** An event of a label that was deleted since names no label and is passed over. */
export function labelEventOf(raw: object): DeskLabelEvent[] {
  const event = raw as Loose;
  const label = text((event['label'] as Loose | null | undefined)?.['name']);
  if (!label) return [];
  return [
    {
      id: Number(event['id']),
      user: userOf(event['user']).username,
      at: text(event['created_at']),
      label,
      action: event['action'] === 'remove' ? 'remove' : 'add',
    },
  ];
}

export function stateEventOf(raw: object): { id: number; user: string; at: string; state: string } {
  const event = raw as Loose;
  return {
    id: Number(event['id']),
    user: userOf(event['user']).username,
    at: text(event['created_at']),
    state: text(event['state']),
  };
}

export function userStatusOf(raw: object): DeskUserStatus {
  const status = raw as Loose;
  return {
    emoji: text(status['emoji']).replace(/:/g, ''),
    message: text(status['message']),
    busy: status['availability'] === 'busy',
    clearAt: text(status['clear_status_at']) || null,
  };
}
