import { html } from '../../escape';

/** HTML that is safe as it stands: made by `markup`, which escapes whatever isn't, or of text of our own. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = string | number | Markup | readonly Markup[];

/** HTML with values in it, each of them escaped. For elements and quoted attributes, not for styles or addresses. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, at) => part + (at < values.length ? textOf(values[at] ?? '') : '')).join(''),
  );
}

function textOf(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return html(value);
  return typeof value === 'number' ? String(value) : value.map(({ text }) => text).join('');
}

export interface Column {
  readonly name: string;
  /** Numbers stand to the right. */
  readonly numbers?: boolean;
}

/** A table with its heads, readable by a screen reader; the first column names its row. */
export function tableOf(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Markup {
  const kind = (at: number): string => (columns[at]?.numbers ? 'number' : 'text');
  // A few columns across a whole page are hard to read along.
  return markup`<table class="${columns.length > 3 ? 'broad' : 'narrow'}"><caption>${caption}</caption>
<thead><tr>${columns.map(({ name }, at) => markup`<th scope="col" class="${kind(at)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => markup`<tr>${row.map((cell, at) =>
      at === 0
        ? markup`<th scope="row" class="${kind(0)}">${cell}</th>`
        : markup`<td class="${kind(at)}">${cell}</td>`,
    )}</tr>
`,
  )}</tbody></table>`;
}
