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
