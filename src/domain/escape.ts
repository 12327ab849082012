/**
 * Text from outside, made inert for the place where it goes. Each function is for exactly one place; none is for two.
 */

/** C0, DEL and C1 controls, line and paragraph separators. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
/** Marks that turn the direction of text around, invisible fillers, interlinear and tag characters: they make text look like other text. */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** Keeps GitLab's filters, which look at the finished text, from seeing a mention or an address. Has no width. */
const WORD_JOINER = '\u2060';

/** One line of well-formed text without controls and invisible marks; white space at the ends goes, inside it becomes single spaces. */
export function plainLine(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(CONTROLS, ' ')
    .replace(INVISIBLE, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Text for GitLab Flavored Markdown, anywhere within a paragraph, a list item or a table cell: no markup, HTML, quick action,
 * reference (`@ # ! ~ % & $ ^`), link or comment comes about, and it stays one line.
 */
export function markdown(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_{}[\]<>#@!~%&$^|]/g, '\\$&')
    .replace(/\\@(?=\S)/g, `$&${WORD_JOINER}`)
    .replace(/:(?=\/\/)/g, `\\:${WORD_JOINER}`)
    .replace(/\b(www)\./gi, `$1${WORD_JOINER}.`)
    .replace(/\b(mailto|javascript|data|tel|xmpp):/gi, `$1${WORD_JOINER}:`)
    .replace(/^([-+=:/])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/**
 * A code span: shown letter by letter, and GitLab looks for no references in it. A pipe becomes a broken bar,
 * since GitLab's tables split at a pipe even there; and the beginning of a comment is broken up, since daytwo finds its own marks by
 * such comments, wherever they stand.
 */
export function codeSpan(text: string): string {
  const content = plainLine(text).replace(/\|/g, '\u00a6').replace(/<!--/g, '<!\u2010-');
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = content === '' || content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** One cell of a CSV file (RFC 4180) that no spreadsheet reads as a formula. */
export function csvCell(text: string): string {
  const line = plainLine(text);
  const inert = /^['"\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(line) ? `'${line}` : line;
  return /[",;\r\n\t]/.test(inert) ? `"${inert.replace(/"/g, '""')}"` : inert;
}

/** A line of such cells, without its end. */
export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',');

/** A SOQL string literal with its quotes. */
export function soql(text: string): string {
  const escaped = text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(/[\\'"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(CONTROLS, ' ');
  return `'${escaped}'`;
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text of an HTML element or of a quoted attribute. Not for a URL, a script or a style. Lines stay lines. */
export function html(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\u2028\u2029]/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/[&<>"'`]/g, (sign) => HTML_ENTITIES[sign] ?? '');
}

/** The value of a mail header: one line, so that no further header can begin in it. At most 500 characters. */
export function mailHeader(text: string): string {
  return [...plainLine(text)].slice(0, 500).join('');
}

/**
 * Text within a line of a plain mail. No mail program makes a link of it: what looks like an address of a page or of a person is
 * broken by a mark without width.
 */
export function mailLine(text: string): string {
  return plainLine(text)
    .replace(/:(?=\/\/)/g, `:${WORD_JOINER}`)
    .replace(/(?<=[\p{L}\p{N}])\.(?=\p{L})/gu, `.${WORD_JOINER}`)
    .replace(/@(?=\S)/g, `@${WORD_JOINER}`)
    .replace(/\b(mailto|tel):/gi, `$1${WORD_JOINER}:`);
}

/** Sequences that begin with ESC (or its 8-bit form): colours, cursor movements, titles, clipboard writes. */
const TERMINAL_SEQUENCES =
  // eslint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/gu;

/** One line for a terminal: no colour, no cursor movement, no title, no text that runs backwards. */
export function terminal(text: string): string {
  return plainLine(text.replace(TERMINAL_SEQUENCES, ''));
}
