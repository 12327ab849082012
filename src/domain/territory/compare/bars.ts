import { markup, type Markup } from '../../close/report/markup';
import { scaleTo } from '../../close/report/charts';

/** A bar of before above one of after. */
export interface BarPair {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

const WIDTH = 760;
const NAMES = 210;
const ROW = 30;

/** Pairs of bars, one beneath the other; `say` writes a value. */
export function pairsOfBars(
  title: string,
  pairs: readonly BarPair[],
  say: (value: number) => string,
): Markup {
  const { top } = scaleTo(Math.max(1, ...pairs.flatMap(({ before, after }) => [before, after])));
  const length = (value: number): number => Math.round((value / top) * (WIDTH - NAMES - 120) * 10) / 10;
  const bar = (value: number, y: number, colour: string): Markup =>
    markup`<rect class="${colour}" x="${NAMES}" y="${y}" width="${Math.max(1, length(value))}" height="11"/><text x="${NAMES + length(value) + 6}" y="${y + 10}">${say(value)}</text>`;
  const rows = pairs.map(({ label, before, after }, at) => {
    const y = at * ROW + 3;
    return markup`<text x="${NAMES - 8}" y="${y + 16}" text-anchor="end">${label}</text>${bar(before, y, 'c6')}${bar(after, y + 12, 'c0')}`;
  });
  const height = pairs.length * ROW + 6;
  return markup`<figure><svg role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">${rows}</svg>
<ul class="legend" aria-hidden="true">${['before', 'after'].map((name, at) => markup`<li><svg viewBox="0 0 10 10" width="10" height="10"><rect class="${at === 0 ? 'c6' : 'c0'}" width="10" height="10"/></svg> ${name}</li>`)}</ul></figure>`;
}
