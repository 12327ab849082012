import type { Task } from '../domain/access-request';
import { isAutomatic } from '../domain/access-request';
import { boxText } from '../domain/request-text';
import type { DeskIssue, DeskLabelEvent, DeskNote } from '../systems/gitlab';
import { isTicked } from './tick';

/** An issue as somebody sees it in GitLab, with its record. */
export interface Sight {
  readonly issue: DeskIssue;
  /** Oldest first, comments and system notes alike. */
  readonly notes: readonly DeskNote[];
  readonly labelEvents: readonly DeskLabelEvent[];
}

/** What daytwo did on an issue between two sights of it. */
export type News =
  { readonly kind: 'granted'; readonly task: Task } | { readonly kind: 'did'; readonly what: string };

/**
 * What daytwo did since the last sight, read from GitLab's own record: label events, notes, boxes. People's own doings
 * aren't news: whoever plays them tells them.
 *
 * @param bot daytwo's GitLab user name
 */
export function newsOf(
  before: Sight | null,
  now: Sight,
  tasks: readonly Task[],
  bot: string,
): readonly News[] {
  const did = (what: string): News => ({ kind: 'did', what });
  const notes = since(before?.notes, now.notes).filter((note) => note.author === bot);
  const newly = (shows: (description: string, task: Task) => boolean): readonly Task[] =>
    tasks.filter(
      (task) => shows(now.issue.description, task) && !(before && shows(before.issue.description, task)),
    );
  const granted = newly((text, task) => isAutomatic(task) && isTicked(text, boxText(task)));
  const attested = newly((text, task) => attestedBy(text, task) !== null);
  const events = before ? since(before.labelEvents, now.labelEvents) : [];
  const labels = labelNews(events.filter(({ user }) => user === bot));
  return [
    ...notes.filter((note) => note.system).flatMap((note) => assignment(note).map(did)),
    ...granted.map((task): News => ({ kind: 'granted', task })),
    ...attested.map((task) =>
      did(`noted ${task.name} as attested by ${attestedBy(now.issue.description, task) ?? ''}`),
    ),
    ...(labels ? [did(labels)] : []),
    ...notes.filter((note) => !note.system).map((note) => did(`commented: ${commentInShort(note.body)}`)),
    ...(now.issue.state === 'closed' && before?.issue.state === 'opened' ? [did('closed the issue')] : []),
  ];
}

const since = <T extends { readonly id: number }>(
  before: readonly T[] = [],
  now: readonly T[],
): readonly T[] => {
  const known = new Set(before.map(({ id }) => id));
  return now.filter(({ id }) => !known.has(id));
};

function assignment(note: DeskNote): string[] {
  const found = /^assigned to @([\w.-]*\w)/.exec(note.body);
  return found?.[1] ? [`assigned it to ${found[1]}`] : [];
}

/** A scoped label that took the place of another of its scope is told once, as the one that stands now. */
function labelNews(events: readonly DeskLabelEvent[]): string | null {
  const added = events.filter(({ action }) => action === 'add').map(({ label }) => label);
  const gone = events
    .filter(({ action }) => action === 'remove')
    .map(({ label }) => label)
    .filter((label) => !added.some((other) => label.includes('::') && scopeOf(other) === scopeOf(label)));
  const parts = [
    added.length > 0 ? `set ${added.map(quoted).join(', ')}` : '',
    gone.length > 0 ? `took away ${gone.map(quoted).join(', ')}` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join('; ') : null;
}
const scopeOf = (label: string): string => label.slice(0, label.lastIndexOf('::'));
export const quoted = (label: string): string => `~"${label}"`;

/** Who attested a person's task, as the line below its box says; null while daytwo hasn't noted it. */
export function attestedBy(description: string, task: Task): string | null {
  const lines = description.split('\n');
  const at = lines.findIndex((line) => isTicked(line, boxText(task)));
  return /attested by `+ ?([^`]+?) ?`+/.exec(lines[at + 1] ?? '')?.[1] ?? null;
}

/** The first words of a comment as its reader sees them. */
export function commentInShort(body: string, length = 260): string {
  const text = asRead(body.replace(/<!--[\s\S]*?-->/g, ''));
  return text.length > length ? `${text.slice(0, text.lastIndexOf(' ', length))} …` : text;
}

/** Markdown as its reader sees it, on one line: without escapes. */
export const asRead = (text: string): string =>
  text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
