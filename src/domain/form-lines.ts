import { plainLine } from './escape';

/** One line of a text that somebody filed, as its reader on GitLab sees it: comments are gone, markup is told apart. */
export interface FormLine {
  /** From 1. */
  readonly number: number;
  /** As it stands. */
  readonly raw: string;
  /** The same without comments. */
  readonly shown: string;
  /** What it says, on one line: without comment, bullet, box and emphasis. Empty where `skipped`. */
  readonly text: string;
  /** Columns before its first sign. */
  readonly indent: number;
  readonly bullet: boolean;
  readonly box: 'ticked' | 'empty' | null;
  /** The template offers it: it asks for nothing until it is ticked or filled in. */
  readonly offered: boolean;
  readonly heading: boolean;
  /** Inside of a code block. */
  readonly fenced: boolean;
  /** A row of a table. */
  readonly table: boolean;
  /** Nobody asks for anything on it: quoted, struck out, a quick action, the fence of a code block. */
  readonly skipped: boolean;
}

/** What a template writes on each line that it offers: `<!-- offered: … -->`. */
export const OFFERED = 'offered';
const OFFERED_SIGN = '\u0001';

const BULLET = /^(?:[-*+•]|\d{1,4}[.)])(?:\s+|$)/;
const BOX = /^(?:\[ *([xX✓✔~]?) *\]|([☐☑☒✅]))\s*/u;
const HEADING = /^#{1,6}\s+(.*?)[\s#]*$/;
/** Signs of the longest line that may be a heading. */
const LONGEST_HEADING = 200;
const BOLD_LINE = /^(?:\*\*|__)([^*_]+)(?:\*\*|__):?$/;
const FENCE = /^(`{3,}|~{3,})/;
const QUICK_ACTION = /^\/[a-z][a-z_]*(?:\s|$)/;

/** The lines of a text, however its lines end; the number of each stays what it was. */
export function formLines(text: string): readonly FormLine[] {
  const raws = linesOf(text);
  const shown = linesOf(withoutComments(raws.join('\n').replaceAll(OFFERED_SIGN, ' ')));
  let fence: string | null = null;
  return raws.map((raw, index): FormLine => {
    const line = lineOf(index + 1, raw, shown[index] ?? '');
    const mark: string | undefined = FENCE.exec((shown[index] ?? '').trim())?.[1];
    if (fence === null && mark === undefined) return line;
    if (fence !== null && mark?.startsWith(fence) !== true) return { ...asData(line), fenced: true };
    fence = fence === null ? (mark ?? null) : null;
    return { ...asData(line), text: '', skipped: true };
  });
}

/** Lines by any line end, without a byte-order mark. */
export const linesOf = (text: string): string[] => text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);

/** Within a code block nothing is a heading or a bullet. */
const asData = (line: FormLine): FormLine => ({
  ...line,
  bullet: false,
  box: null,
  offered: false,
  heading: false,
  table: false,
  skipped: false,
});

/**
 * The text without its HTML comments, since nobody sees them on the issue; line ends in them are kept. One that isn't closed
 * hides all that follows, as it does on GitLab, if it begins a line; else it is text.
 */
function withoutComments(text: string): string {
  let shown = '';
  for (let at = 0; ;) {
    const open = text.indexOf('<!--', at);
    if (open < 0) return shown + text.slice(at);
    const close = text.indexOf('-->', open + 4);
    shown += text.slice(at, open);
    if (close < 0) {
      const begins = /(?:^|\n) {0,3}$/.test(shown.slice(-4));
      return begins ? shown : shown + text.slice(open);
    }
    const comment = text.slice(open + 4, close);
    if (comment.trimStart().startsWith(OFFERED)) shown += OFFERED_SIGN;
    shown += comment.replace(/[^\n]/g, '');
    at = close + 3;
  }
}

function lineOf(number: number, raw: string, shown: string): FormLine {
  const offered = shown.includes(OFFERED_SIGN);
  const expanded = shown.replaceAll(OFFERED_SIGN, '').replace(/\t/g, '    ');
  const indent = expanded.length - expanded.trimStart().length;
  const whole = plainLine(expanded);
  const skipped = whole.startsWith('>') || QUICK_ACTION.test(whole);
  const heading =
    whole.length > LONGEST_HEADING ? undefined : (HEADING.exec(whole)?.[1] ?? BOLD_LINE.exec(whole)?.[1]);
  const bullet = BULLET.test(whole);
  const afterBullet = whole.replace(BULLET, '');
  const box = BOX.exec(afterBullet);
  const content = box ? afterBullet.slice(box[0].length) : afterBullet;
  const inapplicable = box?.[1] === '~' || /^~~.*~~$/.test(content);
  const out = skipped || inapplicable;
  return {
    number,
    raw,
    shown: shown.replaceAll(OFFERED_SIGN, ''),
    text: out ? '' : (heading ?? withoutEmphasis(content)),
    indent,
    bullet: bullet || box !== null,
    box: box === null ? null : isTicked(box) ? 'ticked' : 'empty',
    offered,
    heading: heading !== undefined,
    fenced: false,
    table: whole.startsWith('|'),
    skipped: out,
  };
}

const isTicked = (box: RegExpExecArray): boolean =>
  /[xX✓✔]/u.test(box[1] ?? '') || /[☑☒✅]/u.test(box[2] ?? '');

/** Without the signs of bold, italic and code around words, and without the backslash before a sign. */
export const withoutEmphasis = (text: string): string =>
  text
    .replace(/(?<![\p{L}\p{N}\\])(\*{1,3}|_{1,3})(?=\S)|(?<=[^\s\\])(\*{1,3}|_{1,3})(?![\p{L}\p{N}])/gu, '')
    .replace(/(?<!\\)`/g, '')
    .replace(/\\([\\`*_{}[\]<>()#+\-.!|~@:&%$^])/g, '$1')
    .trim();
