import { boxesOf, boxKey } from '../domain/task-list';

/**
 * The description with one open box ticked, as GitLab's page sends it when somebody clicks the box; null where no open
 * box has this text. Everything else stays as it is, byte for byte.
 */
export function tick(description: string, text: string): string | null {
  const lines = description.split('\n');
  const at = lines.findIndex((line, index) => isOpenBox(lines, index, text) && /\[ \]/.test(line));
  const line = lines[at];
  if (line === undefined) return null;
  return [...lines.slice(0, at), line.replace('[ ]', '[x]'), ...lines.slice(at + 1)].join('\n');
}

/** Judged with all that stands above: within a code block a box is only text. */
function isOpenBox(lines: readonly string[], index: number, text: string): boolean {
  const above = boxesOf(lines.slice(0, index).join('\n')).length;
  const box = boxesOf(lines.slice(0, index + 1).join('\n'))[above];
  return box !== undefined && !box.ticked && boxKey(box.text) === boxKey(text);
}

/** Whether a box with this text is there and ticked. */
export const isTicked = (description: string, text: string): boolean =>
  boxesOf(description).some((box) => box.ticked && boxKey(box.text) === boxKey(text));
