import { compare } from '../../../src/domain/territory/compare/comparison';
import { flowsOf } from '../../../src/domain/territory/compare/flows';
import { comparisonPage } from '../../../src/domain/territory/compare/page';
import { hasTile } from '../../../src/domain/territory/compare/world-map';
import { read, table } from './tables';

const at = (country: string | null, accounts: number, carrCents: number, pipelineCents = 0) => ({
  ultimateParentId: '001',
  segment: 'Large',
  address: { country, state: null, postCode: null },
  industry: null,
  accounts,
  carrCents,
  pipelineCents,
});
const ada = { 'Territory Name': 'Large-DE-1' };
const bo = { 'Territory Name': 'Large-GB-1', Country: 'GB', Sales: 'Bo Jensen' };
const before = read(table(ada, bo)).rows;
/** Ada's territory goes to Bo, and the United States come into a territory. */
const after = read(
  table({ ...ada, Sales: 'Bo Jensen' }, bo, {
    'Territory Name': 'Large-US-1',
    Country: 'US',
    Sales: 'TBH / Ada Miles',
  }),
).rows;
const comparison = compare(
  flowsOf(
    [at('DE', 3, 30_000, 7), at('DE', 1, 5), at('GB', 2, 100_000), at('US', 5, 40), at(null, 1, 1)],
    before,
    after,
  ),
);

test('accounts, CARR and open pipeline of each owner, before and after', () => {
  const amounts = (accounts: number, carrCents: number, pipelineCents = 0) => ({
    accounts,
    carrCents,
    pipelineCents,
  });
  expect(comparison).toEqual({
    all: amounts(12, 130_046, 7),
    moved: amounts(9, 30_045, 7),
    placedAnew: amounts(5, 40),
    owners: [
      { name: 'Bo Jensen', before: amounts(2, 100_000), after: amounts(6, 130_005, 7) },
      { name: 'Ada Miles', before: amounts(4, 30_005, 7), after: amounts(0, 0) },
      { name: null, before: amounts(6, 41), after: amounts(1, 1) },
      { name: 'TBH / Ada Miles', before: amounts(0, 0), after: amounts(5, 40) },
    ],
    territories: [
      { name: null, before: amounts(6, 41), after: amounts(1, 1) },
      { name: 'Large-US-1', before: amounts(0, 0), after: amounts(5, 40) },
    ],
    countries: [
      { name: 'US', all: amounts(5, 40), moved: amounts(5, 40) },
      { name: 'DE', all: amounts(4, 30_005, 7), moved: amounts(4, 30_005, 7) },
      { name: 'GB', all: amounts(2, 100_000), moved: amounts(0, 0) },
      { name: null, all: amounts(1, 1), moved: amounts(0, 0) },
    ],
  });
});

test('nothing is lost: what owners have before and after is the same in all', () => {
  for (const what of ['accounts', 'carrCents', 'pipelineCents'] as const)
    for (const when of ['before', 'after'] as const)
      expect(comparison.owners.reduce((sum, owner) => sum + owner[when][what], 0)).toBe(comparison.all[what]);
});

test('the page has a bar, a tile and a row for each, escapes what it is given, and fetches nothing', () => {
  const names = { before: 'current', after: '<script>alert(1)</script>', accounts: 'a.csv' };
  const page = comparisonPage(comparison, names, '2026-11-26 12:00');
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/https?:|url\(/);
  expect(page).toContain('<title>DE: 4 of 4 accounts have another owner</title>');
  expect(page).toMatch(/class="m4"[^>]*><title>US: 5 of 5/);
  expect(page).toMatch(/class="m0"[^>]*><title>GB: 0 of 2/);
  expect(page).toMatch(/>Bo Jensen<\/text><rect class="c6"/);
  expect(page).toContain('<th scope="row" class="text">not known</th>');
});

test('the map has a tile for a country, once', () => {
  expect(['DE', 'US', 'JP', 'BR', 'ZA', 'NZ'].every(hasTile)).toBe(true);
  expect(hasTile('AQ')).toBe(false);
});
