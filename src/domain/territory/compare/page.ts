import { dollars } from '../../close/cents';
import { Markup, markup, tableOf, type Content } from '../../close/report/markup';
import { STYLE } from '../../close/report/style';
import { pairsOfBars } from './bars';
import type { Compared, ComparedCountry, Comparison } from './comparison';
import type { Amounts } from './flows';
import { hasTile, SHADES, worldMap } from './world-map';

/** Shades of the map, beside what the reports of a close use. */
const SHADES_STYLE = `
:root { --m0: #cfd8e3; --m1: #a9cfe8; --m2: #6fb1d9; --m3: #2f88bf; --m4: #00507f; --none: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --m0: #39424f; --m1: #2c5876; --m2: #2f7dab; --m3: #4ba3dd; --m4: #a6d8f7; --none: #161b22; } }
.m0 { fill: var(--m0); } .m1 { fill: var(--m1); } .m2 { fill: var(--m2); } .m3 { fill: var(--m3); } .m4 { fill: var(--m4); } .none { fill: var(--none); }
svg text.tile { font-size: 7px; pointer-events: none; }
svg .m3 + text.tile, svg .m4 + text.tile { fill: var(--ground); }
`;

/** What is compared, as people name it. */
export interface ComparisonNames {
  readonly before: string;
  readonly after: string;
  /** Of which night or file the accounts are. */
  readonly accounts: string;
}

/** Two ways of planning as one page: no network, no script, all text from outside escaped. Names of accounts aren't in it. */
export function comparisonPage(comparison: Comparison, names: ComparisonNames, madeAt: string): string {
  const { all, moved, placedAnew, owners, territories, countries } = comparison;
  const title = `Territories: ${names.before} and ${names.after}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(STYLE)}${new Markup(SHADES_STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Accounts of ${names.accounts}. Nothing was changed: this is what each would propose, before anything that holds an account back. <span class="soft">Written ${madeAt}.</span></p>
<ul class="tiles">${tiles(all, moved, placedAnew)}</ul>
</header>
<main>
<h2 id="owners">By owner</h2>
${chart(owners)}
<div class="wide">${comparedTable('Owners, those with most CARR first', 'Owner', owners, 'nobody')}</div>
<h2 id="map">By country</h2>
<p>How much of each country's accounts has another owner after. A tile is a country, whatever its size.</p>
${map(countries)}
<div class="wide">${countryTable(countries)}</div>
<h2 id="territories">Territories that gain or lose</h2>
${territories.length === 0 ? markup`<p>None does.</p>` : markup`<div class="wide">${comparedTable('Territories, those with most CARR first', 'Territory', territories, 'none')}</div>`}
</main>
</body>
</html>
`.text;
}

const count = (number: number): string => number.toLocaleString('en-US');
const wholeDollars = (cents: number): string => dollars(Math.round(cents / 100) * 100).slice(0, -3);
const share = (part: number, whole: number): string =>
  whole === 0 ? '0 %' : `${((part / whole) * 100).toFixed(1)} %`;

const tiles = (all: Amounts, moved: Amounts, placedAnew: Amounts): readonly Markup[] =>
  (
    [
      [count(all.accounts), 'accounts'],
      [count(moved.accounts), `have another owner after: ${share(moved.accounts, all.accounts)}`],
      [wholeDollars(moved.carrCents), `CARR of those: ${share(moved.carrCents, all.carrCents)}`],
      [wholeDollars(moved.pipelineCents), 'open pipeline of those'],
      [count(placedAnew.accounts), 'have another territory after'],
    ] as const
  ).map(([value, words]) => markup`<li><b>${value}</b><span>${words}</span></li>`);

/** Bars for so many; the table has all. */
const MOST_BARS = 25;
const MOST_ROWS = 500;

const chart = (owners: readonly Compared[]): Markup =>
  pairsOfBars(
    'CARR of each owner before and after',
    owners.slice(0, MOST_BARS).map(({ name, before, after }) => ({
      label: name ?? 'nobody',
      before: before.carrCents,
      after: after.carrCents,
    })),
    wholeDollars,
  );

const numbers = (...names: readonly string[]) => names.map((name) => ({ name, numbers: true }));
const signed = (number: number, say: (value: number) => string): string =>
  number === 0 ? '' : `${number > 0 ? '+' : '−'}${say(Math.abs(number))}`;

const more = (rows: number): Markup =>
  rows > MOST_ROWS ? markup`<p class="soft">… and ${rows - MOST_ROWS} more: --json has all.</p>` : markup``;

const comparedTable = (caption: string, head: string, all: readonly Compared[], nobody: string): Markup =>
  markup`${tableOf(
    caption,
    [
      { name: head },
      ...numbers('Accounts before', 'after', '', 'CARR before', 'after', '', 'Pipeline before', 'after', ''),
    ],
    all
      .slice(0, MOST_ROWS)
      .map(({ name, before, after }): readonly Content[] => [
        name ?? nobody,
        count(before.accounts),
        count(after.accounts),
        signed(after.accounts - before.accounts, count),
        wholeDollars(before.carrCents),
        wholeDollars(after.carrCents),
        signed(after.carrCents - before.carrCents, wholeDollars),
        wholeDollars(before.pipelineCents),
        wholeDollars(after.pipelineCents),
        signed(after.pipelineCents - before.pipelineCents, wholeDollars),
      ]),
  )}${more(all.length)}`;

function map(countries: readonly ComparedCountry[]): Markup {
  const shown = countries.flatMap(({ name, all, moved }) =>
    name === null
      ? []
      : [
          [
            name,
            {
              share: all.accounts === 0 ? 0 : moved.accounts / all.accounts,
              words: `${name}: ${count(moved.accounts)} of ${count(all.accounts)} accounts have another owner`,
            },
          ] as const,
        ],
  );
  const legend = SHADES.map(
    (words, at) =>
      markup`<li><svg viewBox="0 0 10 10" width="10" height="10"><rect class="m${at}" width="10" height="10"/></svg> ${words}</li>`,
  );
  return markup`${worldMap('Share of accounts with another owner, by country', new Map(shown))}<ul class="legend" aria-hidden="true">${legend}</ul>`;
}

const countryTable = (countries: readonly ComparedCountry[]): Markup =>
  markup`${tableOf(
    'Countries, those with most accounts first',
    [
      { name: 'Country' },
      ...numbers('Accounts', 'another owner', 'CARR', 'another owner', 'Pipeline', 'another owner'),
    ],
    countries
      .slice(0, MOST_ROWS)
      .map(({ name, all, moved }) => [
        name === null ? 'not known' : hasTile(name) ? name : `${name} (not on the map)`,
        count(all.accounts),
        count(moved.accounts),
        wholeDollars(all.carrCents),
        wholeDollars(moved.carrCents),
        wholeDollars(all.pipelineCents),
        wholeDollars(moved.pipelineCents),
      ]),
  )}${more(countries.length)}`;
