import { markup, type Markup } from './markup';

/** Charts as SVG, without a script or a library: bars that are stacked, and spans of time. Colours are classes of the page's style. */

/** A part of each bar. */
export interface Series {
  readonly name: string;
  /** One value a bar, none negative. */
  readonly values: readonly number[];
}

const WIDTH = 760;
const HEIGHT = 210;
const LEFT = 44;
const TOP = 12;
const BOTTOM = 26;
/** Colours that can be told apart also where red and green can't. */
export const COLOURS = 7;
const colour = (at: number): string => `c${at % COLOURS}`;

/** Bars of stacked parts, one a label. */
export function stackedBars(title: string, labels: readonly string[], series: readonly Series[]): Markup {
  const totals = labels.map((_, bar) => series.reduce((sum, { values }) => sum + (values[bar] ?? 0), 0));
  const { top, step } = scaleTo(Math.max(0, ...totals));
  const plot = HEIGHT - TOP - BOTTOM;
  const y = (value: number): number => TOP + plot - (value / top) * plot;
  const slot = (WIDTH - LEFT) / Math.max(1, labels.length);
  const width = Math.min(48, slot * 0.8);
  const bars = labels.map((label, bar) => {
    const x = LEFT + slot * bar + (slot - width) / 2;
    let under = 0;
    const parts = series.map(({ name, values }, at) => {
      const value = values[bar] ?? 0;
      if (value === 0) return markup``;
      const [from, to] = [y(under), y((under += value))];
      return markup`<rect class="${colour(at)}" x="${round(x)}" y="${round(to)}" width="${round(width)}" height="${round(Math.max(0.5, from - to - 0.5))}"><title>${label}: ${name} ${value}</title></rect>`;
    });
    return markup`${parts}`;
  });
  const every = Math.ceil(labels.length / 16);
  const names = labels.map((label, bar) =>
    bar % every === 0
      ? markup`<text x="${round(LEFT + slot * (bar + 0.5))}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`
      : markup``,
  );
  const lines: Markup[] = [];
  for (let value = 0; value <= top; value += step)
    lines.push(
      markup`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${round(y(value))}" y2="${round(y(value))}"/><text x="${LEFT - 6}" y="${round(y(value) + 4)}" text-anchor="end">${value}</text>`,
    );
  return markup`${drawing(title, HEIGHT, [...lines, ...bars, ...names])}${series.length > 1 ? legend(series.map(({ name }) => name)) : markup``}`;
}

/** A span of a row; `kind` is its place in the legend. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  readonly words: string;
}
export interface SpanRow {
  readonly label: string;
  readonly spans: readonly Span[];
}

const ROW = 24;
const NAMES = 190;

/** Spans of time in rows, beneath the days that they lie in. */
export function timeSpans(
  title: string,
  rows: readonly SpanRow[],
  kinds: readonly string[],
  ticks: readonly { readonly at: number; readonly label: string }[],
): Markup {
  const all = rows.flatMap(({ spans }) => spans);
  const from = Math.min(...all.map((span) => span.from), ...ticks.map(({ at }) => at));
  const to = Math.max(...all.map((span) => span.to), ...ticks.map(({ at }) => at), from + 1);
  const x = (at: number): number => NAMES + ((at - from) / (to - from)) * (WIDTH - NAMES - 8);
  const height = rows.length * ROW + BOTTOM + TOP;
  const every = Math.ceil(ticks.length / 9);
  const lines = ticks.map(({ at, label }, place) =>
    place % every === 0
      ? markup`<line class="grid" x1="${round(x(at))}" x2="${round(x(at))}" y1="${TOP}" y2="${height - BOTTOM}"/><text x="${round(x(at))}" y="${height - 8}" text-anchor="middle">${label}</text>`
      : markup``,
  );
  const bars = rows.map(({ label, spans }, row) => {
    const y = TOP + row * ROW;
    const boxes = spans.map(
      (span) =>
        markup`<rect class="${colour(span.kind)}" x="${round(x(span.from))}" y="${y + 4}" width="${round(Math.max(2, x(span.to) - x(span.from)))}" height="${ROW - 8}"><title>${span.words}</title></rect>`,
    );
    return markup`<text x="${NAMES - 8}" y="${y + ROW / 2 + 4}" text-anchor="end">${label}</text>${boxes}`;
  });
  return markup`${drawing(title, height, [...lines, ...bars])}${legend(kinds)}`;
}

const drawing = (title: string, height: number, parts: readonly Markup[]): Markup =>
  markup`<svg role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">${parts}</svg>`;

const legend = (names: readonly string[]): Markup =>
  markup`<ul class="legend" aria-hidden="true">${names.map((name, at) => markup`<li><svg viewBox="0 0 10 10" width="10" height="10"><rect class="${colour(at)}" width="10" height="10"/></svg> ${name}</li>`)}</ul>`;

/** Round numbers for an axis, the top one no less than the largest value. */
export function scaleTo(most: number): { readonly top: number; readonly step: number } {
  const rough = Math.max(1, most / 5);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return { step, top: Math.max(step, Math.ceil(most / step) * step) };
}

const round = (number: number): number => Math.round(number * 10) / 10;
