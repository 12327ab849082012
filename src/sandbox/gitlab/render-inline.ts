import { escapeHtml } from '../page';

/** What a reference in a text may lead to; null where there is nothing of that name. */
export interface References {
  readonly user: (name: string) => string | null;
  readonly issue: (path: string | null, iid: number) => string | null;
  readonly label: (name: string) => string | null;
  /** The address of an attached file, by the path that stands in the text: `/uploads/<secret>/<file>`. */
  readonly upload: (path: string) => string | null;
}

type Rule = readonly [RegExp, (found: RegExpExecArray, refs: References) => string];

const link = (url: string, html: string): string => `<a rel="noopener" href="${escapeHtml(url)}">${html}</a>`;

/** Rules in the order in which they are tried at a place; each matches from that place on. */
const RULES: readonly Rule[] = [
  [/\\([!-/:-@[-`{-~])/y, (found) => escapeHtml(found[1] ?? '')],
  [/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/y, (found) => `<code>${escapeHtml((found[2] ?? '').trim())}</code>`],
  [/<!--[\s\S]*?-->/y, () => ''],
  [/<br\s*\/?>/y, () => '<br>'],
  [
    /\[((?:[^[\]\\]|\\.)+)\]\((https?:\/\/[^\s()<>]+)\)/y,
    (found, refs) => link(found[2] ?? '', renderInline(found[1] ?? '', refs)),
  ],
  [
    /\[((?:[^[\]\\]|\\.)+)\]\((\/uploads\/[0-9a-f]{32}\/[^\s()<>/]+)\)/y,
    (found, refs) => {
      const [words, url] = [renderInline(found[1] ?? '', refs), refs.upload(found[2] ?? '')];
      return url === null ? words : link(url, words);
    },
  ],
  [/https?:\/\/[^\s<>"')\]]*[\w/#=&-]/y, (found) => link(found[0], escapeHtml(found[0]))],
  [/\*\*((?:[^*\\]|\\.|\*(?!\*))+)\*\*/y, (found, refs) => `<b>${renderInline(found[1] ?? '', refs)}</b>`],
  [/(?<!\w)__((?:[^_\\]|\\.)+)__(?!\w)/y, (found, refs) => `<b>${renderInline(found[1] ?? '', refs)}</b>`],
  [
    /\*((?:[^*\\\s]|\\.)(?:[^*\\]|\\.)*)\*/y,
    (found, refs) => `<em>${renderInline(found[1] ?? '', refs)}</em>`,
  ],
  [
    /(?<!\w)_((?:[^_\\\s]|\\.)(?:[^_\\]|\\.)*)_(?!\w)/y,
    (found, refs) => `<em>${renderInline(found[1] ?? '', refs)}</em>`,
  ],
  [/~~((?:[^~\\]|\\.)+)~~/y, (found, refs) => `<s>${renderInline(found[1] ?? '', refs)}</s>`],
  [/\{-(.*?)-\}/y, (found) => `<del>${escapeHtml(found[1] ?? '')}</del>`],
  [/\{\+(.*?)\+\}/y, (found) => `<ins>${escapeHtml(found[1] ?? '')}</ins>`],
  [
    /(?<![\w/.])@([a-zA-Z0-9_](?:[\w.-]*[a-zA-Z0-9_])?)/y,
    (found, refs) => refs.user(found[1] ?? '') ?? escapeHtml(found[0]),
  ],
  [
    /(?<![\w&/])((?:[\w.-]+\/)+[\w.-]+)?#(\d{1,9})\b/y,
    (found, refs) => refs.issue(found[1] ?? null, Number(found[2])) ?? escapeHtml(found[0]),
  ],
  [/(?<!\w)~"([^"\n]+)"/y, (found, refs) => refs.label(found[1] ?? '') ?? escapeHtml(found[0])],
];

/** The inside of a paragraph, a list item or a cell, as HTML; whatever isn't known markup is shown as it is written. */
export function renderInline(text: string, refs: References): string {
  let html = '';
  let at = 0;
  while (at < text.length) {
    const rest = RULES.map(([pattern, render]) => {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      return found ? { length: found[0].length, html: () => render(found, refs) } : null;
    }).find((match) => match !== null && match.length > 0);
    if (rest) {
      html += rest.html();
      at += rest.length;
    } else {
      html += escapeHtml(text.charAt(at));
      at += 1;
    }
  }
  return html;
}
