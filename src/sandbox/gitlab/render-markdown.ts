import { escapeHtml } from '../page';
import { renderInline, type References } from './render-inline';

/** What stands at a task's box; `line` is the line of the description. */
export type RenderBox = (line: number, complete: boolean, text: string) => string;

interface Line {
  readonly text: string;
  readonly at: number;
}
interface Context {
  readonly refs: References;
  readonly box: RenderBox;
}
/** Reads a block from the first of the lines: its HTML and how many lines it took, or null where it isn't one. */
type Block = (lines: readonly Line[], context: Context) => { html: string; taken: number } | null;

/** GitLab Flavored Markdown as far as issues here use it: headings, lists with boxes, tables, code, quotes, emphasis, links. */
export function renderMarkdown(text: string, refs: References, box: RenderBox): string {
  const withoutComments = text.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\n]/g, ''));
  const lines = withoutComments.split('\n').map((line, at) => ({ text: line.replace(/\r$/, ''), at }));
  return renderBlocks(lines, { refs, box });
}

function renderBlocks(lines: readonly Line[], context: Context): string {
  const parts: string[] = [];
  for (let at = 0; at < lines.length;) {
    const rest = lines.slice(at);
    let taken = 1;
    if (lines[at]?.text.trim() !== '')
      for (const block of BLOCKS) {
        const found = block(rest, context);
        if (!found) continue;
        parts.push(found.html);
        taken = found.taken;
        break;
      }
    at += taken;
  }
  return parts.join('\n');
}

const fenced: Block = (lines) => {
  const mark = /^ {0,3}(`{3,}|~{3,})/.exec(lines[0]?.text ?? '')?.[1];
  if (!mark) return null;
  const end = lines.findIndex(
    (line, at) => at > 0 && line.text.trim().startsWith(mark) && /^[`~]+$/.test(line.text.trim()),
  );
  const inside = lines.slice(1, end < 0 ? undefined : end);
  return {
    html: `<pre><code>${escapeHtml(inside.map((line) => line.text).join('\n'))}</code></pre>`,
    taken: end < 0 ? lines.length : end + 1,
  };
};

const heading: Block = (lines, { refs }) => {
  const found = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(lines[0]?.text ?? '');
  if (!found) return null;
  const level = Math.min(6, (found[1] ?? '').length + 1);
  return { html: `<h${level}>${renderInline(found[2] ?? '', refs)}</h${level}>`, taken: 1 };
};

const rule: Block = (lines) =>
  /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/.test(lines[0]?.text ?? '') ? { html: '<hr>', taken: 1 } : null;

const quote: Block = (lines, context) => {
  const end = lines.findIndex((line) => !/^ {0,3}>/.test(line.text));
  const taken = end < 0 ? lines.length : end;
  if (taken === 0) return null;
  const inside = lines.slice(0, taken).map(({ text, at }) => ({ text: text.replace(/^ {0,3}> ?/, ''), at }));
  return { html: `<blockquote>${renderBlocks(inside, context)}</blockquote>`, taken };
};

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replace(/\\\|/g, '|'));

const table: Block = (lines, { refs }) => {
  const [head, separator] = lines;
  if (
    !head?.text.includes('|') ||
    !/^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/.test(separator?.text ?? '')
  )
    return null;
  const end = lines.findIndex((line, at) => at > 1 && !line.text.includes('|'));
  const rows = lines.slice(2, end < 0 ? undefined : end);
  const row = (line: string, tag: string): string =>
    `<tr>${cellsOf(line)
      .map((cell) => `<${tag}>${renderInline(cell, refs)}</${tag}>`)
      .join('')}</tr>`;
  return {
    html: `<table><thead>${row(head.text, 'th')}</thead><tbody>${rows.map((line) => row(line.text, 'td')).join('')}</tbody></table>`,
    taken: rows.length + 2,
  };
};

const ITEM = /^(\s*)([-+*]|\d{1,9}[.)])(\s+)(.*)$/;

const list: Block = (lines, context) => {
  const first = ITEM.exec(lines[0]?.text ?? '');
  if (!first) return null;
  const indent = (first[1] ?? '').length;
  const ordered = /\d/.test(first[2] ?? '');
  const items: Line[][] = [];
  let taken = 0;
  for (const line of lines) {
    const found = ITEM.exec(line.text);
    const depth = line.text.length - line.text.trimStart().length;
    if (found && depth <= indent + 1 && depth >= indent && /\d/.test(found[2] ?? '') === ordered)
      items.push([line]);
    else if (line.text.trim() === '') {
      const next = lines[taken + 1];
      if (
        !next ||
        next.text.trim() === '' ||
        (next.text.length - next.text.trimStart().length <= indent && !ITEM.test(next.text))
      )
        break;
      items.at(-1)?.push(line);
    } else if (
      depth > indent ||
      (!found && items.at(-1)?.at(-1)?.text.trim() !== '' && !startsBlock(line.text))
    )
      items.at(-1)?.push(line);
    else break;
    taken++;
  }
  const tag = ordered ? 'ol' : 'ul';
  return { html: `<${tag}>${items.map((item) => renderItem(item, context)).join('')}</${tag}>`, taken };
};

const startsBlock = (text: string): boolean => /^ {0,3}(?:#{1,6}\s|>|`{3}|~{3}|\|)/.test(text);

function renderItem(lines: readonly Line[], context: Context): string {
  const [first, ...rest] = lines;
  if (!first) return '';
  const content = ITEM.exec(first.text)?.[4] ?? '';
  const task = /^\[([ \txX])\]\s+(.+)$/.exec(content);
  const below = rest.length > 0 ? renderBlocks(dedented(rest), context) : '';
  if (!task) return `<li>${renderInline(content, context.refs)}${below}</li>`;
  const text = (task[2] ?? '').trim();
  const box = context.box(first.at, (task[1] ?? '').toLowerCase() === 'x', text);
  return `<li class="task">${box}${renderInline(text, context.refs)}${below}</li>`;
}

function dedented(lines: readonly Line[]): Line[] {
  const depths = lines
    .filter((line) => line.text.trim() !== '')
    .map((line) => line.text.length - line.text.trimStart().length);
  const least = Math.min(...depths, 99);
  return lines.map(({ text, at }) => ({ text: text.slice(Math.min(least, text.length)), at }));
}

const paragraph: Block = (lines, { refs }) => {
  const end = lines.findIndex(
    (line, at) => at > 0 && (line.text.trim() === '' || startsBlock(line.text) || ITEM.test(line.text)),
  );
  const taken = end < 0 ? lines.length : end;
  const text = lines
    .slice(0, taken)
    .map((line) => line.text.trim())
    .join('\n');
  return { html: `<p>${renderInline(text, refs).replaceAll('\n', '<br>')}</p>`, taken };
};

/** The one element of HTML that issues here use: a part that is folded away. Its summary is text. */
const folded: Block = (lines, context) => {
  const summary = /^ {0,3}<details>\s*<summary>([^<]*)<\/summary>\s*$/i.exec(lines[0]?.text ?? '')?.[1];
  const end = lines.findIndex((line) => /^ {0,3}<\/details>\s*$/i.test(line.text));
  if (summary === undefined || end < 0) return null;
  const inside = renderBlocks(lines.slice(1, end), context);
  return {
    html: `<details><summary>${renderInline(summary, context.refs)}</summary>${inside}</details>`,
    taken: end + 1,
  };
};

const BLOCKS: readonly Block[] = [fenced, folded, heading, rule, quote, table, list, paragraph];
