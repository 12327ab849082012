/** GitLab's task items as it reads them: `- [ ] text`, with `*`, `+` or a number too; not inside a code block. */
export interface Box {
  readonly text: string;
  readonly ticked: boolean;
}

const ITEM = /^\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+\[([ xX~])\]\s+(.+?)\s*$/;
const FENCE = /^\s{0,3}(```+|~~~+)/;

export function boxesOf(description: string): readonly Box[] {
  const boxes: Box[] = [];
  let fence: string | null = null;
  for (const line of description.split(/\r?\n/)) {
    const mark = FENCE.exec(line)?.[1];
    if (mark && fence === null) fence = mark;
    else if (mark && fence !== null && mark.startsWith(fence) && line.trim() === mark) fence = null;
    const item = fence === null ? ITEM.exec(line) : null;
    if (item?.[2] !== undefined)
      boxes.push({ text: item[2], ticked: (item[1] ?? ' ').toLowerCase() === 'x' });
  }
  return boxes;
}

/** Box texts are compared as a reader sees them: without escapes and emphasis. */
export const boxKey = (text: string): string =>
  text
    .replace(/[\\*_`]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

const TASK_NOTE = /^marked the (?:checklist item|task) \*\*([\s\S]*)\*\* as (completed|incomplete)$/;

/** What a system note says about a box, or null: "marked the checklist item **X** as completed". */
export function tickedBy(note: string): Box | null {
  const found = TASK_NOTE.exec(note.trim());
  return found?.[1] === undefined ? null : { text: found[1], ticked: found[2] === 'completed' };
}

/** A comment on an issue, or what GitLab itself noted there (`system`). */
export interface IssueNote {
  readonly id: number;
  readonly body: string;
  readonly author: string;
  readonly at: string;
  readonly system: boolean;
}

/** Notes of an issue, oldest first, by which is known who ticked what. */
export interface Ticks {
  readonly notes: readonly IssueNote[];
  /** daytwo's own user name: what it writes itself is nobody's tick. */
  readonly bot: string;
}

/** Who last brought a box into the state that it shows; GitLab's own notes say so. Null where nobody did. */
export function lastTick(
  { notes, bot }: Ticks,
  text: string,
  ticked: boolean,
): { readonly by: string; readonly at: string; readonly note: number } | null {
  const key = boxKey(text);
  for (const note of [...notes].reverse()) {
    if (!note.system || note.author === bot) continue;
    const tick = tickedBy(note.body);
    if (!tick || boxKey(tick.text) !== key) continue;
    return tick.ticked === ticked ? { by: note.author, at: note.at, note: note.id } : null;
  }
  return null;
}

/** Whether the box with this text is ticked; undefined where there is none. */
export const tickOf = (description: string, text: string): boolean | undefined =>
  boxesOf(description).find((box) => boxKey(box.text) === boxKey(text))?.ticked;

/** A box as Markdown. */
export const box = (ticked: boolean, text: string): string => `- [${ticked ? 'x' : ' '}] ${text}`;
