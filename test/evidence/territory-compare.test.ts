import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/program';
import type { TerritoryAccount } from '../../src/domain/territory/account';
import { compare } from '../../src/domain/territory/compare/comparison';
import { flowsOf } from '../../src/domain/territory/compare/flows';
import { rulesOn } from '../../src/domain/territory/handbook';
import type { TerritoryRules } from '../../src/domain/territory/rules';
import type { TerritoryRow } from '../../src/domain/territory/table';
import { TerritoryNights } from '../../src/evidence/territory-nights';
import { knownCountries } from '../../src/handbook/countries';
import { Reader } from '../cli/fakes';
import { accountOf, addressIn, rowOf, RULES, source, worldOf } from '../domain/territory/account-of';
import { CONFIG, sampleHandbook } from '../handbook/sample';
import { writeAccounts } from './territory-csv';

const fields = sampleHandbook().territory!.fields;
const DE = rowOf('DE', { country: 'DE' });
const BANKS = rowOf('Banks', { country: 'DE', industry: 'Banks' });
const FR = rowOf('FR', { country: 'FR' });
const NAMED = rowOf('Named', { accountId: '001000000000003AAA' });

let dir: string;
let nights: TerritoryNights;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-compare-'));
  nights = new TerritoryNights(join(dir, 'snapshots'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const id = (number: number): string => `00100000000000${number}AAA`;
const one = (number: number, country: string, change: Partial<TerritoryAccount> = {}): TerritoryAccount =>
  accountOf(id(number), {
    sources: { zoominfo: source('50', addressIn(country)) },
    carrCents: number * 100,
    openPipelineCents: 7,
    ...change,
  });

async function keep(
  night: string,
  accounts: readonly TerritoryAccount[],
  rows: readonly TerritoryRow[],
  rules: TerritoryRules = RULES,
) {
  const file = join(dir, `${night}.csv`);
  await writeAccounts(file, fields, accounts);
  const world = { ...worldOf(rows, { on: night, people: [] }), rules, countries: knownCountries() };
  await nights.make({ night, rows: { csv: [file] }, fields, world, plannedAt: `${night}T02:00:00.000Z` });
}

test('accounts of a night by place, and of two nights by where they came from and went to', async () => {
  const family = [one(1, 'DE', { industry: 'Banks' }), one(2, 'FR', { parentId: id(1), industry: 'Banks' })];
  const cycle = [one(7, 'DE', { parentId: id(8) }), one(8, 'DE', { parentId: id(7) })];
  await keep('2026-11-01', [...family, one(3, 'DE'), one(4, 'FR'), one(5, 'US'), ...cycle], [DE, FR]);
  await keep('2026-11-02', [...family, one(3, 'DE'), one(4, 'DE'), one(6, 'FR')], [DE, FR, BANKS]);

  const { placed, rows } = await nights.placed('2026-11-01', [id(3)]);
  const inOrder = [...placed].sort((a, b) => a.carrCents - b.carrCents);
  expect(
    inOrder.map(({ address, industry, ultimateParentId, accounts, carrCents, pipelineCents }) => [
      address.country,
      industry,
      ultimateParentId,
      accounts,
      carrCents,
      pipelineCents,
    ]),
  ).toEqual([
    ['DE', 'Banks', '', 2, 300, 14],
    ['DE', null, id(3), 1, 300, 7],
    ['FR', null, '', 1, 400, 7],
    ['US', null, '', 1, 500, 7],
  ]);
  // What if: an industry and a named account, which the tables of that night didn't name.
  const ifSo = compare(flowsOf(placed, rows, [DE, FR, BANKS, NAMED]));
  expect(ifSo.territories.map(({ name, before, after }) => [name, before.accounts, after.accounts])).toEqual(
    expect.arrayContaining([
      ['DE', 3, 0],
      ['Banks', 0, 2],
      ['Named', 0, 1],
    ]),
  );

  const { territories, all } = compare(await nights.flows('2026-11-01', '2026-11-02'));
  expect(all).toEqual({ accounts: 6, carrCents: 2_100, pipelineCents: 42 });
  expect(
    Object.fromEntries(
      territories.map(({ name, before, after }) => [name, [before.accounts, after.accounts]]),
    ),
  ).toEqual({ null: [2, 1], DE: [3, 2], FR: [1, 1], Banks: [0, 2] });
});

test('two nights are compared by the command; a night that is not kept is refused', async () => {
  const diff = async (...args: string[]) => {
    const reader = new Reader({ DAYTWO_STATE_DIR: dir, DAYTWO_CONFIG_DIR: CONFIG });
    const code = await run(['territory', 'diff', ...args], reader);
    return [code, reader.text + reader.complaints] as const;
  };
  const [code, text] = await diff('2026-11-01', 'latest', '--json');
  expect([code, JSON.parse(text)]).toMatchObject([
    0,
    { before: '2026-11-01', after: '2026-11-02', all: { accounts: 6 }, placedAnew: { accounts: 4 } },
  ]);
  expect(await diff('2026-10-01', 'latest')).toEqual([1, expect.stringContaining('2026-10-01 is not kept')]);
  expect(await diff('current', 'latest')).toEqual([2, expect.stringContaining('two folders')]);
  const [, tables] = await diff('current', 'current');
  expect(tables).toContain('0 accounts of 5 would have another owner');
});

test('at the end of the year other bounds of segments hold: who was SMB is Mid-Market, and each night says by which rules', async () => {
  const versions: readonly TerritoryRules[] = [
    RULES,
    {
      ...RULES,
      effectiveFrom: '2027-02-01',
      segments: [
        { name: 'SMB', from: 0, to: 50 },
        { name: 'Mid-Market', from: 51, to: 2000 },
        { name: 'Large', from: 2001, to: null },
      ],
    },
  ];
  const accounts = [1, 2, 3].map((number) =>
    one(number, 'DE', { sources: { zoominfo: source(String(48 + number), addressIn('DE')) } }),
  );
  const [last, first] = ['2027-01-31', '2027-02-01'];
  for (const night of [last, first])
    await keep(
      night,
      accounts,
      [DE, rowOf('DE Mid', { segment: 'Mid-Market', country: 'DE' })],
      rulesOn(versions, night)!,
    );

  const { territories } = compare(await nights.flows(last, first));
  expect(territories.map(({ name, before, after }) => [name, before.accounts, after.accounts])).toEqual(
    expect.arrayContaining([
      ['DE', 3, 2],
      ['DE Mid', 0, 1],
    ]),
  );
  const said = await Promise.all(
    [last, first].map(async (night) => {
      const kept = await nights.open(night);
      try {
        const { placement } = (await kept.planned(id(3)))!;
        return [placement.version, placement.staging.segment];
      } finally {
        await kept.close();
      }
    }),
  );
  expect(said).toEqual([
    [RULES.effectiveFrom, 'SMB'],
    ['2027-02-01', 'Mid-Market'],
  ]);
});
