/**
 * What of a Markdown text counts: code blocks, code spans and HTML comments are blanked out (same length, same
 * lines), so that positions in the result are positions in the text.
 */
export function blankCode(text: string): string {
  return blankSpans(blankBlocks(text));
}

/** Blanks fenced code blocks and HTML comments only. */
export function blankBlocks(text: string): string {
  const lines = text.split('\n');
  let fence: { mark: string; length: number } | null = null;
  const kept = lines.map((line) => {
    const found = /^ {0,3}(?:>\s?)*\s*(`{3,}|~{3,})(.*)$/.exec(line);
    const run = found?.[1] ?? '';
    if (fence) {
      if (run[0] === fence.mark && run.length >= fence.length && (found?.[2] ?? '').trim() === '')
        fence = null;
      return blank(line);
    }
    if (run && !(run[0] === '`' && (found?.[2] ?? '').includes('`'))) {
      fence = { mark: run[0] ?? '`', length: run.length };
      return blank(line);
    }
    return line;
  });
  return kept.join('\n').replace(/<!--[\s\S]*?(?:-->|$)/g, blank);
}

const blankSpans = (text: string): string =>
  text.replace(/(?<!`)(`+)(?!`)((?:(?!\n\n)[\s\S])*?[^`])\1(?!`)/g, (span: string) => blank(span));

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** User and group names that a text mentions, as written, each once. Addresses, code and `\@` don't mention. */
export function mentionsIn(text: string): string[] {
  const names = new Map<string, string>();
  for (const found of blankCode(text).matchAll(/(?<![\w\\/@.+-])@([a-zA-Z0-9_](?:[\w.-]*[a-zA-Z0-9_])?)/g)) {
    const name = found[1] ?? '';
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return [...names.values()];
}

/** Issues that a text refers to: `#12`, `group/project#12`, or an issue's address. */
export function issueReferencesIn(text: string, siteUrl: string): { path: string | null; iid: number }[] {
  const visible = blankCode(text);
  const found: { path: string | null; iid: number }[] = [];
  for (const match of visible.matchAll(/(?<![\w&#/])((?:[\w.-]+\/)+[\w.-]+)?#(\d{1,9})\b/g))
    found.push({ path: match[1] ?? null, iid: Number(match[2]) });
  const address = new RegExp(
    `${siteUrl.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/((?:[\\w.-]+/)+[\\w.-]+)/-/issues/(\\d{1,9})`,
    'g',
  );
  for (const match of visible.matchAll(address))
    found.push({ path: match[1] ?? null, iid: Number(match[2]) });
  return found;
}

/** A box of a task list in a description. */
export interface TaskItem {
  readonly text: string;
  readonly complete: boolean;
  /** Number of the line, from 0. */
  readonly line: number;
}

const TASK = /^(?:>\s{0,4})*(?:\s*(?:[-+*]|\d+[.)]))+\s+\[([ \txX~])\](\s.+)$/;

/** The task boxes of a description in order, as GitLab counts them. */
export function tasksIn(text: string | null): TaskItem[] {
  if (!text) return [];
  return blankBlocks(text)
    .split('\n')
    .flatMap((line, at) => {
      const found = TASK.exec(line.replace(/\r$/, ''));
      if (!found || found[1] === '~') return [];
      return [{ text: (found[2] ?? '').trim(), complete: (found[1] ?? '').toLowerCase() === 'x', line: at }];
    });
}

/** Boxes whose state changed: old and new are compared by position, and only where the text is the same. */
export function changedTasks(before: string | null, after: string | null): TaskItem[] {
  const old = tasksIn(before);
  return tasksIn(after).filter(
    (task, at) => old[at]?.text === task.text && old[at]?.complete !== task.complete,
  );
}

/** The description with the box in this line ticked or cleared. */
export function withTask(description: string, line: number, complete: boolean): string {
  const lines = description.split('\n');
  lines[line] = (lines[line] ?? '').replace(/\[([ \txX])\]/, complete ? '[x]' : '[ ]');
  return lines.join('\n');
}

/** `a`, `a and b`, `a, b, and c`, as GitLab's sentences join them. */
export function sentence(items: readonly string[]): string {
  if (items.length <= 2) return items.join(' and ');
  return `${items.slice(0, -1).join(', ')}, and ${items.at(-1) ?? ''}`;
}
