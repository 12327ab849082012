import type { RequestState, Task } from './access-request';
import type { Channel, DecisionKind, Labels } from './handbook';
import type { Less } from './lowering';
import {
  ACTION_NEEDED,
  APPROVED,
  canonical,
  COMPLETED,
  IN_PROGRESS,
  isLed,
  ON_HOLD,
  READY,
  REJECTED,
} from './labels';
import { boxText, retryText } from './request-text';
import { boxesOf, boxKey, tickedBy, type IssueNote } from './task-list';

/** A signal or update as it came: whoever sent it says who they are. */
export interface DeskMessage {
  /** Unique within a request: the answer goes back by it. */
  readonly id: string;
  readonly kind: DecisionKind;
  readonly by: string;
  readonly channel: Channel;
  readonly at: string;
  readonly task?: string | undefined;
  readonly reason?: string | undefined;
  /** With `cancel`: take back what was granted. */
  readonly remove?: boolean | undefined;
  /** With `approve`: the digest of what is approved, or how it begins. */
  readonly digest?: string | undefined;
  /** With `approve`: another level than is asked for, and permission sets that are left out. */
  readonly as?: string | undefined;
  readonly without?: readonly string[] | undefined;
  /** With `reassign`: on whom it waits, and whom it is to wait on, a user name or `team:<key>`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What GitLab's own record shows of an issue since it was last judged. */
export interface DeskReading {
  readonly issue: {
    readonly state: 'opened' | 'closed';
    readonly labels: readonly string[];
    readonly assignees: readonly string[];
    readonly description: string;
    readonly confidential: boolean;
  };
  /** System notes newer than the cursor, and people's comments of any age (a reason may stand in one); oldest first. */
  readonly notes: readonly IssueNote[];
  readonly labelEvents: readonly {
    readonly id: number;
    readonly user: string;
    readonly at: string;
    readonly label: string;
    readonly action: 'add' | 'remove';
  }[];
  /** Who closed it, where it is closed. */
  readonly closed: { readonly user: string; readonly at: string; readonly id: number } | null;
  /** daytwo's own GitLab user: what it did is no person's act. */
  readonly bot: string;
}

/** What somebody did, whatever the channel. Whether they may is judged afterwards. */
export type Act = {
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  readonly source: string;
} & (
  | {
      readonly kind: Exclude<DecisionKind, 'complete' | 'cancel' | 'approve' | 'reject' | 'reassign'>;
      readonly reason: string | null;
    }
  | {
      readonly kind: 'approve' | 'reject';
      readonly reason: string | null;
      /** The system that is meant; null: all that is theirs to decide. */
      readonly task: string | null;
      readonly digest: string | null;
      /** What is approved instead of what is asked for; null: all of it. */
      readonly less: Less | null;
    }
  | { readonly kind: 'assign'; readonly assignee: string }
  | { readonly kind: 'unassign'; readonly assignees: readonly string[] }
  /** "In Progress": picks it up, and takes it off hold. */
  | { readonly kind: 'start' }
  /** "Action Needed": takes it off hold, else puts it back. */
  | { readonly kind: 'stop'; readonly reason: string | null }
  | { readonly kind: 'complete'; readonly task: string | null }
  | { readonly kind: 'untick'; readonly task: string }
  | { readonly kind: 'retry'; readonly task: string }
  | { readonly kind: 'close' }
  /** A label that daytwo leads was set or taken away, and that means nothing else. */
  | { readonly kind: 'relabel'; readonly label: string; readonly added: boolean }
  | { readonly kind: 'publish' }
  /** All that waits on `from` in this request; `to` is a user name or `team:<key>`. */
  | {
      readonly kind: 'reassign';
      readonly from: string;
      readonly to: string;
      readonly reason: string | null;
    }
  | { readonly kind: 'cancel'; readonly reason: string | null; readonly remove: boolean }
);

/** All that happened, oldest first: from system notes, label events and messages alike. */
export function actsOf(
  state: RequestState,
  reading: DeskReading,
  messages: readonly DeskMessage[],
  labels: Labels,
): readonly Act[] {
  const acts = [
    ...reading.notes
      .filter((note) => note.author !== reading.bot && note.system)
      .flatMap((note) => actOfNote(state, note)),
    ...reading.labelEvents
      .filter((event) => event.user !== reading.bot)
      .filter((event) => !isReplaced(event, reading))
      .flatMap((event) => actOfLabel(event, reading, labels)),
    ...ticksWithoutNote(state, reading),
    ...messages.map(actOfMessage),
  ];
  const { closed } = reading;
  if (closed && closed.user !== reading.bot)
    acts.push({
      kind: 'close',
      by: closed.user,
      at: closed.at,
      channel: 'gitlab',
      source: `state:${closed.id}`,
    });
  return acts.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

type Note = DeskReading['notes'][number];

function actOfNote(state: RequestState, note: Note): Act[] {
  const base = { by: note.author, at: note.at, channel: 'gitlab' as const, source: `note:${note.id}` };
  if (/^made the issue visible to everyone/.test(note.body)) return [{ ...base, kind: 'publish' }];
  const box = tickedBy(note.body);
  if (box) return actOfBox(state, box, base);
  const added = /(?:^|and )assigned to ((?:@[\w.-]+(?:,? (?:and )?)?)+)/.exec(note.body)?.[1];
  const gone = /unassigned ((?:@[\w.-]+(?:,? (?:and )?)?)+)/.exec(note.body)?.[1];
  const [assignee] = added ? namesIn(added.replace(/unassigned.*$/, '')) : [];
  if (assignee) return [{ ...base, kind: 'assign', assignee }];
  return gone ? [{ ...base, kind: 'unassign', assignees: namesIn(gone) }] : [];
}

const namesIn = (text: string): string[] =>
  [...text.matchAll(/@([\w.-]*\w)/g)].map((found) => found[1] ?? '');

type Base = { readonly by: string; readonly at: string; readonly channel: 'gitlab'; readonly source: string };

function actOfBox(state: RequestState, box: { text: string; ticked: boolean }, base: Base): Act[] {
  const task = taskWith(state, box.text, boxText);
  if (task)
    return [
      box.ticked ? { ...base, kind: 'complete', task: task.id } : { ...base, kind: 'untick', task: task.id },
    ];
  const again = taskWith(state, box.text, retryText);
  return again && box.ticked ? [{ ...base, kind: 'retry', task: again.id }] : [];
}

const taskWith = (state: RequestState, text: string, textOf: (task: Task) => string): Task | undefined =>
  state.plan.tasks.find((task) => boxKey(textOf(task)) === boxKey(text));

/** Ticked in the text, but GitLab wrote no note for it (the text changed in the same edit): its author is who edited last. */
function ticksWithoutNote(state: RequestState, reading: DeskReading): Act[] {
  const noted = new Set(
    reading.notes.flatMap((note) => (note.system ? (tickedBy(note.body)?.text ?? []) : [])).map(boxKey),
  );
  const edit = reading.notes
    .filter((note) => note.system && note.body === 'changed the description' && note.author !== reading.bot)
    .at(-1);
  if (!edit) return [];
  const base: Base = { by: edit.author, at: edit.at, channel: 'gitlab', source: `note:${edit.id}` };
  return boxesOf(reading.issue.description)
    .filter((box) => box.ticked && !noted.has(boxKey(box.text)))
    .flatMap((box) => actOfBox(state, box, base))
    .filter(
      (act) =>
        act.kind === 'retry' ||
        (act.kind === 'complete' && act.task !== null && state.tasks[act.task]?.status !== 'done'),
    )
    .map((act) => ({ ...act, source: `${act.source}:${'task' in act ? act.task : ''}` }));
}

function actOfLabel(event: DeskReading['labelEvents'][number], reading: DeskReading, labels: Labels): Act[] {
  const label = canonical(event.label, labels);
  const base: Base = { by: event.user, at: event.at, channel: 'gitlab', source: `label:${event.id}` };
  const reason = commentOf(event.user, event.at, reading);
  if (event.action === 'remove') {
    if (label === ON_HOLD) return [{ ...base, reason, kind: 'resume' }];
    return isLed(label) ? [{ ...base, kind: 'relabel', label, added: false }] : [];
  }
  switch (label) {
    case IN_PROGRESS:
      return [{ ...base, kind: 'start' }];
    case ACTION_NEEDED:
      return [{ ...base, reason, kind: 'stop' }];
    case ON_HOLD:
      return [{ ...base, reason, kind: 'hold' }];
    case COMPLETED:
      return [{ ...base, kind: 'complete', task: null }];
    case APPROVED:
    case READY:
      return [{ ...base, reason, kind: 'approve', task: null, digest: null, less: null }];
    case REJECTED:
      return [{ ...base, reason, kind: 'reject', task: null, digest: null, less: null }];
    default:
      return isLed(label) ? [{ ...base, kind: 'relabel', label, added: true }] : [];
  }
}

/** A scoped label that the same person replaced by another one of its scope: what counts is the other one. */
const isReplaced = (event: DeskReading['labelEvents'][number], { labelEvents }: DeskReading): boolean =>
  event.action === 'remove' &&
  event.label.includes('::') &&
  labelEvents.some(
    (other) =>
      other.action === 'add' &&
      other.user === event.user &&
      scopeOf(other.label) === scopeOf(event.label) &&
      Math.abs(Date.parse(other.at) - Date.parse(event.at)) < 1_000,
  );

const scopeOf = (label: string): string => label.slice(0, label.lastIndexOf('::')).toLowerCase();

/** How long before a label the comment with its reason may have been written, in milliseconds. */
const REASON_WINDOW_MS = 10 * 60_000;

/** The reason that somebody gave beside a label: their last comment around it. */
function commentOf(user: string, at: string, reading: DeskReading): string | null {
  const near = reading.notes.filter(
    (note) =>
      !note.system && note.author === user && Date.parse(note.at) >= Date.parse(at) - REASON_WINDOW_MS,
  );
  return near.at(-1)?.body.slice(0, 500) ?? null;
}

const lessOf = ({ kind, as, without = [] }: DeskMessage): Less | null =>
  kind === 'approve' && (as !== undefined || without.length > 0) ? { as: as ?? null, without } : null;

function actOfMessage(message: DeskMessage): Act {
  const base = { by: message.by, at: message.at, channel: message.channel, source: `message:${message.id}` };
  const reason = message.reason?.trim() || null;
  if (message.kind === 'complete') return { ...base, kind: 'complete', task: message.task ?? null };
  if (message.kind === 'cancel') return { ...base, kind: 'cancel', reason, remove: message.remove ?? false };
  if (message.kind === 'approve' || message.kind === 'reject')
    return {
      ...base,
      kind: message.kind,
      reason,
      task: message.task ?? null,
      digest: message.digest?.trim() || null,
      less: lessOf(message),
    };
  if (message.kind === 'reassign')
    return { ...base, kind: 'reassign', reason, from: message.from ?? '', to: message.to ?? '' };
  return { ...base, kind: message.kind, reason };
}
