import { markdown } from '../escape';
import { peoplesText } from '../owned-block';
import type { CloseCase } from './close';
import type { CloseTask } from './tasks';

/** "Rolled forward from the last period with what was changed there." */
export interface RolledForward {
  /** The period before. */
  readonly from: string;
  /** Keys of tasks that are new in the checklist since, and of those that are in it no more. */
  readonly added: readonly string[];
  readonly gone: readonly string[];
}

/** What is other in the checklist than last time; null where there was no last time. Tasks of quarters come and go by themselves. */
export function rolledFrom(
  before: Pick<CloseCase, 'period' | 'tasks'> | undefined,
  tasks: readonly CloseTask[],
): RolledForward | null {
  if (!before) return null;
  const lasting = tasks.filter(({ quarterOnly }) => !quarterOnly).map(({ key }) => key);
  const known = new Set(before.tasks.map(({ key }) => key));
  const all = new Set(tasks.map(({ key }) => key));
  return {
    from: before.period,
    added: lasting.filter((key) => !known.has(key)),
    gone: [...known].filter((key) => !all.has(key)),
  };
}

/** What is carried at most: an issue is no archive. */
const MOST_LINES = 200;
const HEADING = 'Rolled forward from the close of';
const BOX = /^\s*[-*+] \[[ xX]\] (.*)$/;
const ITEM = /^\s*[-*+] (.*)$/;

/**
 * What people wrote on a task's issue last time, for its next one: every line inert, since it is daytwo that writes it now, and boxes
 * open again. Empty where they wrote nothing.
 */
export function carriedText(description: string, period: string): string {
  const { before, after } = peoplesText(description);
  const lines = `${before}\n${after}`
    .split('\n')
    .filter((line) => !line.startsWith(HEADING))
    .slice(0, MOST_LINES)
    .map(inert);
  const text = lines.join('\n').trim();
  return text === '' ? '' : `${HEADING} ${period}:\n\n${text}`;
}

function inert(line: string): string {
  // What was carried before is written as it was meant: escaped once, however often it is carried.
  const meant = line.replace(/\\([!-/:-@[-`{-~])/g, '$1');
  const [, box] = BOX.exec(meant) ?? [];
  if (box !== undefined) return `- [ ] ${markdown(box)}`;
  const [, item] = ITEM.exec(meant) ?? [];
  return item === undefined ? markdown(meant) : `- ${markdown(item)}`;
}
