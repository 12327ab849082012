import { blankBlocks } from './markdown-text';
import { labelNamed } from './labels';
import type { Issue, Project, User } from './rows';
import type { Site } from './site';

/** What quick actions in a text ask for. Absent: nothing of that kind. */
export interface QuickChange {
  addLabelIds?: number[];
  removeLabelIds?: number[];
  labelIds?: number[];
  assigneeIds?: number[];
  stateEvent?: 'close' | 'reopen';
  confidential?: true;
  title?: string;
  dueDate?: string | null;
  weight?: number | null;
  discussionLocked?: boolean;
  relateTo?: { path: string | null; iid: number }[];
  moveTo?: string;
}
export interface QuickActions {
  /** The text without the lines that were actions. */
  readonly text: string;
  readonly change: QuickChange;
  /** Sentences that say what was done, as GitLab answers a comment of actions only. */
  readonly summary: readonly string[];
}

interface Before {
  readonly assigneeIds: readonly number[];
  readonly labelIds: readonly number[];
}
interface Asking {
  readonly site: Site;
  readonly project: Project;
  readonly actor: User;
  readonly before: Before;
  readonly change: QuickChange;
}
/** An action: changes `asking.change` and says what it did, or null for nothing. */
type Action = (asking: Asking, argument: string) => string | null;

/** Takes the quick actions out of a text and reads them, with the rights of `actor` checked later by who applies them. */
export function readQuickActions(
  site: Site,
  project: Project,
  actor: User,
  text: string,
  issue: Issue | null,
): QuickActions {
  const asking: Asking = {
    site,
    project,
    actor,
    before: { assigneeIds: issue?.assigneeIds ?? [], labelIds: issue?.labelIds ?? [] },
    change: {},
  };
  const summary: string[] = [];
  const visible = blankBlocks(text).split('\n');
  const kept = text.split('\n').filter((line, at) => {
    if ((visible[at] ?? '').trim() === '') return true;
    const found = /^\/([a-z_]+)(?:[ \t]+(.*?))?[ \t\r]*$/.exec(line);
    const action = found ? ACTIONS[found[1] ?? ''] : undefined;
    if (!found || !action) return true;
    const done = action(asking, found[2] ?? '');
    if (done) summary.push(done);
    return false;
  });
  const changed = kept.length !== visible.length;
  return {
    text: changed
      ? kept
          .join('\n')
          .replace(/\n{3,}/g, '\n\n')
          .trim()
      : text,
    change: asking.change,
    summary,
  };
}

function labelArguments(asking: Asking, argument: string): number[] {
  const names = [...argument.matchAll(/~?"([^"]+)"|~?(\S+)/g)].map((found) => found[1] ?? found[2] ?? '');
  return names.flatMap((name) => {
    const byName = labelNamed(asking.site, asking.project, name);
    const byId = /^\d+$/.test(name) ? asking.site.rows.labels.get(name) : undefined;
    const label = byName ?? (byId?.projectId === asking.project.id ? byId : undefined);
    return label ? [label.id] : [];
  });
}

const labelSentence = (asking: Asking, ids: readonly number[]): string => {
  const names = ids.map((id) => `~"${asking.site.rows.labels.get(id)?.name ?? ''}"`).join(' ');
  return `${names} ${ids.length === 1 ? 'label' : 'labels'}`;
};

function userArguments(asking: Asking, argument: string): User[] {
  return argument.split(/[\s,]+/).flatMap((word) => {
    const name = word.replace(/^@/, '');
    if (name === '') return [];
    if (name.toLowerCase() === 'me') return [asking.actor];
    const user = asking.site.userNamed(name);
    return user && asking.site.level(asking.project, user) > 0 ? [user] : [];
  });
}

const nowAssigned = (asking: Asking): readonly number[] =>
  asking.change.assigneeIds ?? asking.before.assigneeIds;
const references = (users: readonly User[]): string => users.map((user) => `@${user.username}`).join(' ');

const addLabels: Action = (asking, argument) => {
  const ids = labelArguments(asking, argument);
  if (ids.length === 0) return null;
  asking.change.addLabelIds = [...(asking.change.addLabelIds ?? []), ...ids];
  return `Added ${labelSentence(asking, ids)}.`;
};
const removeLabels: Action = (asking, argument) => {
  if (argument === '') {
    asking.change.labelIds = [];
    return 'Removed all labels.';
  }
  const ids = labelArguments(asking, argument);
  if (ids.length === 0) return null;
  asking.change.removeLabelIds = [...(asking.change.removeLabelIds ?? []), ...ids];
  return `Removed ${labelSentence(asking, ids)}.`;
};
const relabel: Action = (asking, argument) => {
  const ids = labelArguments(asking, argument);
  if (ids.length === 0) return null;
  asking.change.labelIds = ids;
  return `Replaced all labels with ${labelSentence(asking, ids)}.`;
};
const assign: Action = (asking, argument) => {
  const users = userArguments(asking, argument);
  if (users.length === 0) return null;
  asking.change.assigneeIds = [...new Set([...nowAssigned(asking), ...users.map((user) => user.id)])];
  return `Assigned ${references(users)}.`;
};
const reassign: Action = (asking, argument) => {
  const users = userArguments(asking, argument);
  if (users.length === 0) return null;
  asking.change.assigneeIds = users.map((user) => user.id);
  return `Changed assignee(s).`;
};
const unassign: Action = (asking, argument) => {
  const users = userArguments(asking, argument);
  if (argument !== '' && users.length === 0) return null;
  const gone = users.map((user) => user.id);
  asking.change.assigneeIds = argument === '' ? [] : nowAssigned(asking).filter((id) => !gone.includes(id));
  return argument === '' ? 'Removed all assignees.' : `Removed ${references(users)}.`;
};
const state =
  (event: 'close' | 'reopen'): Action =>
  (asking) => {
    asking.change.stateEvent = event;
    return event === 'close' ? 'Closed this issue.' : 'Reopened this issue.';
  };
const confidential: Action = (asking) => {
  asking.change.confidential = true;
  return 'Made this issue confidential.';
};
const title: Action = (asking, argument) => {
  if (argument === '') return null;
  asking.change.title = argument;
  return `Changed the title to "${argument}".`;
};
const due: Action = (asking, argument) => {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(argument) && !Number.isNaN(Date.parse(argument)) ? argument : null;
  if (!date) return null;
  asking.change.dueDate = date;
  return `Set the due date to ${date}.`;
};
const removeDue: Action = (asking) => {
  asking.change.dueDate = null;
  return 'Removed the due date.';
};
const weight: Action = (asking, argument) => {
  if (!/^\d{1,6}$/.test(argument)) return null;
  asking.change.weight = Number(argument);
  return `Set weight to ${argument}.`;
};
const clearWeight: Action = (asking) => {
  asking.change.weight = null;
  return 'Cleared weight.';
};
const lock =
  (locked: boolean): Action =>
  (asking) => {
    asking.change.discussionLocked = locked;
    return locked ? 'Locked the discussion.' : 'Unlocked the discussion.';
  };
const relate: Action = (asking, argument) => {
  const found = [...argument.matchAll(/((?:[\w.-]+\/)+[\w.-]+)?(?:#|\/-\/issues\/)(\d+)/g)];
  if (found.length === 0) return null;
  asking.change.relateTo = found.map((match) => ({ path: match[1] ?? null, iid: Number(match[2]) }));
  return `Added ${argument} as a linked item related to this issue.`;
};
const move: Action = (asking, argument) => {
  if (argument === '') return null;
  asking.change.moveTo = argument;
  return `Moved this issue to ${argument}.`;
};
/** Known to GitLab, without effect on what the sandbox keeps. */
const nothing: Action = () => null;

const ACTIONS: Readonly<Record<string, Action>> = Object.assign(
  Object.create(null) as Record<string, Action>,
  {
    label: addLabels,
    labels: addLabels,
    unlabel: removeLabels,
    remove_label: removeLabels,
    relabel,
    assign,
    reassign,
    unassign,
    remove_assignee: unassign,
    close: state('close'),
    reopen: state('reopen'),
    open: state('reopen'),
    confidential,
    title,
    due,
    due_date: due,
    remove_due_date: removeDue,
    weight,
    clear_weight: clearWeight,
    lock: lock(true),
    unlock: lock(false),
    relate,
    linked_to: relate,
    move,
    todo: nothing,
    done: nothing,
    subscribe: nothing,
    unsubscribe: nothing,
    estimate: nothing,
    spend: nothing,
    milestone: nothing,
    remove_milestone: nothing,
    award: nothing,
    react: nothing,
    epic: nothing,
    remove_epic: nothing,
  },
);
