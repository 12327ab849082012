import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Address, Staging, TerritoryAccount } from '../../src/domain/territory/account';
import { isDue } from '../../src/domain/territory/held';
import { planAccounts, type PlanWorld } from '../../src/domain/territory/plan-family';
import type { Placement } from '../../src/domain/territory/placement';
import { CHANGED } from '../../src/domain/territory/sql/plan';
import { TerritoryNights } from '../../src/evidence/territory-nights';
import { readHandbook } from '../../src/handbook';
import { knownCountries } from '../../src/handbook/countries';
import {
  accountOf,
  addressIn,
  ANN,
  BOB,
  peopleOf,
  rowOf,
  source,
  worldOf,
} from '../domain/territory/account-of';
import { writeAccounts } from './territory-csv';

const FAMILIES = 2_000;
const { territory } = readHandbook(join(__dirname, '../../config'));
const fields = territory!.fields;
const ROWS = [
  rowOf('World', {}),
  rowOf('Mid', { segment: 'Mid-Market' }),
  rowOf('DE', { country: 'DE' }),
  rowOf('DE twin', { country: 'DE' }),
  rowOf('DE 1', { country: 'DE', postCodes: { prefix: '1' } }),
  rowOf('DE 10', { country: 'DE', postCodes: { from: '100', to: '105' } }),
  rowOf('DE 100', { country: 'DE', postCodes: { prefix: '100' } }),
  rowOf('US CA', { country: 'US', state: 'ca' }),
  rowOf('US', { country: 'US' }, { area: 'West' }),
  rowOf('Banks', { industry: 'Banks' }),
  rowOf('Large DE', { segment: 'Large', country: 'DE' }),
  rowOf('Large DE Banks', { segment: 'Large', country: 'DE', industry: 'Banks' }),
  rowOf('Public', { segment: 'PubSec' }),
  rowOf('Public DE', { segment: 'PubSec', country: 'DE' }),
  rowOf('Named', { segment: 'Large', accountId: '001000003' }),
  rowOf('Named twin', { segment: 'Large', accountId: '001000007' }),
  rowOf('Named twice', { segment: 'Large', accountId: '001000007' }),
];
const PEOPLE = [
  peopleOf('DE', { ownerId: ANN }),
  peopleOf('DE 10', { ownerIsActive: false }),
  peopleOf('US', { isToBeHired: true, ownerId: null, coverId: ANN }),
  peopleOf('Banks', { isToBeHired: true, ownerId: null }),
  peopleOf('Large DE', { ownerId: null }),
];
const WORLDS = ['2026-11-03', '2026-12-15'].map((on) => ({
  ...worldOf(ROWS, { on, people: PEOPLE }),
  countries: knownCountries(),
}));

const some = <T>(value: fc.Arbitrary<T>, times = 1): fc.Arbitrary<T | null> =>
  fc.option(value, { freq: times });
const employees = some(
  fc.oneof(
    fc.constantFrom(
      '-1',
      '0',
      '100',
      '101',
      '2000',
      '2001',
      '1,200',
      '1.200',
      "3'000",
      '1000000000',
      '12.0',
      'many',
      ' ',
      '-7',
      '007',
    ),
    fc.nat(3000).map(String),
  ),
  2,
);
const text = fc.constantFrom('Main St 1', ' x ', 'O\'Neil "Way"', 'Zürich, Süd', '\u00a0', '=1+1', 'a\nb');
const address: fc.Arbitrary<Address> = fc.record({
  street: some(text),
  city: some(text),
  state: some(fc.constantFrom('CA', ' ca', 'NY', 'ß')),
  postCode: some(fc.constantFrom('10115', '1 0 1', '10', 'sw1a 1aa', '10\u00a0500', '80331', ' ')),
  country: some(
    fc.constantFrom('DE', 'Allemagne', 'us', 'ドイツ', 'United  States', 'Nowhere', ' ', 'GBR'),
    3,
  ),
});
const day = some(
  fc.constantFrom('2026-02-01', '2025-02-01', '2026-11-03', '2026-11-04', '2026-12-15', '2026-10-12'),
  1,
);
const flag = fc.nat(19).map((n) => n === 0);

/** One account; whose parent it has is said by a number of a member, or of nobody. */
const member = fc.record({
  parent: some(fc.nat(9), 4),
  facts: fc.record({
    relation: some(fc.constantFrom('Private Equity', 'Subsidiary', 'Franchise'), 1),
    isHoldingCompany: flag,
    isNamed: flag,
    isPublicSector: flag,
    isChannel: flag,
    overridesHierarchy: flag,
    isEmbargoed: flag,
    industry: some(fc.constantFrom('Banks', 'Food', 'Mining'), 2),
    carrCents: fc.nat(1_000_000),
    openOpportunities: fc.nat(1),
    lastActivity: day,
    hasAccountPlan: flag,
    manualUntil: day,
    holdoverUntil: day,
    confirmedSegment: some(fc.constantFrom('SMB', 'Large'), 2),
    confirmedOn: day,
    overrideStatus: some(fc.constantFrom('Requested', 'Approved', 'Needs More Info'), 1),
    effectiveDate: day,
    changedAt: fc.constantFrom('2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'),
  }),
  sources: fc.record({
    'manual-admin': fc.tuple(employees, address),
    zoominfo: fc.tuple(employees, address),
    datafox: fc.tuple(employees, address),
    'ship-to': fc.tuple(fc.constant(null), address),
    'bill-to': fc.tuple(fc.constant(null), address),
  }),
  isBlank: flag,
  hasOwner: fc.nat(30).map((n) => n > 0),
  owner: fc.constantFrom(ANN, BOB),
  /** How it stands in staging: not at all, as planned, or with some of the fields as planned. */
  staged: fc.constantFrom('not', 'as planned', 'partly'),
});
const family = fc.array(member, { minLength: 1, maxLength: 9 });

const idOf = (family: number, at: number): string => `001${String(family * 10 + at).padStart(6, '0')}`;

function accountsOf(
  families: readonly (typeof family extends fc.Arbitrary<infer F> ? F : never)[],
): TerritoryAccount[] {
  return families.flatMap((members, family) =>
    members.map(({ parent, facts, sources, isBlank, owner, hasOwner }, at) =>
      accountOf(idOf(family, at), {
        ...facts,
        // The first mostly stands above, some parents don't exist, and some go round.
        parentId:
          parent === null || (at === 0 && parent < 8) ? null : idOf(family, parent === at ? 0 : parent),
        sources: isBlank
          ? {}
          : Object.fromEntries(
              Object.entries(sources).map(([name, [said, where]]) => [name, source(said, where)]),
            ),
        actual: { ownerId: hasOwner ? owner : '', segment: null, territory: null, maxFamilyEmployees: null },
      }),
    ),
  );
}

/** What stands in staging is what was planned, in whole or in part: only then has a difference something to tell apart. */
const staged = (account: TerritoryAccount, { staging }: Placement, how: string): TerritoryAccount =>
  how === 'not'
    ? account
    : {
        ...account,
        staging:
          how === 'partly' ? { ...staging, segment: 'Old', area: 'Old', address: addressIn('FR') } : staging,
      };

const differs = (before: Staging, after: Staging): readonly string[] =>
  CHANGED.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-nights-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const kept = async (accounts: readonly TerritoryAccount[], world: PlanWorld, night: string = world.on) => {
  const file = join(dir, 'accounts.csv');
  await writeAccounts(file, fields, accounts);
  const nights = new TerritoryNights(join(dir, 'kept'));
  await nights.make({ night, rows: { csv: [file] }, fields, world, plannedAt: `${world.on}T02:00:00.000Z` });
  return nights;
};

test(`the plan in SQL is the plan of the plain functions, for ${FAMILIES} random families: every field, reason and finding`, async () => {
  const [seed] = fc.sample(fc.integer(), 1);
  for (const [at, world] of WORLDS.entries()) {
    const families = fc.sample(family, { numRuns: FAMILIES / WORLDS.length, seed: (seed ?? 0) + at });
    const fresh = accountsOf(families);
    const planned = new Map(planAccounts(fresh, world).placements.map((one) => [one.accountId, one]));
    const how = families.flatMap((members) => members.map((one) => one.staged));
    const once = fresh.map((account, index) => staged(account, planned.get(account.id)!, how[index]!));
    const accounts = [...once, { ...once[5]!, industry: 'Food', changedAt: '2026-11-09T00:00:00.000Z' }];
    const plain = planAccounts(accounts, world);
    const nights = await kept(accounts, world);
    const night = await nights.open(world.on);
    try {
      const before = new Map(accounts.map((account) => [account.id, account.staging]));
      const changes = await night.changes('', 100_000);
      const expected = plain.placements.filter(
        ({ accountId, staging }) => differs(before.get(accountId)!, staging).length > 0,
      );
      const where = { seed, on: world.on };
      expect({ ...where, ids: changes.map(({ placement }) => placement.accountId) }).toEqual({
        ...where,
        ids: expected.map(({ accountId }) => accountId),
      });
      const told = changes.map(({ placement, changed }) => ({ placement, changed }));
      const same = expected.map((placement) => ({
        placement,
        changed: differs(before.get(placement.accountId)!, placement.staging),
      }));
      const first = told.findIndex((one, index) => !isDeepStrictEqual(one, same[index]));
      expect({ ...where, told: told[first] }).toEqual({ ...where, told: same[first] });
      for (const one of plain.placements.filter((_one, index) => index % 997 === 0))
        expect((await night.planned(one.accountId))?.placement).toEqual(one);
      const figures = await night.figures();
      const changed = new Set(expected.map(({ accountId }) => accountId));
      const byId = new Map(accounts.map((account) => [account.id, account]));
      const due = plain.placements.filter(
        ({ accountId, moves }) => moves && isDue(byId.get(accountId)!, world.on),
      );
      const touched = new Set([...changed, ...due.map(({ accountId }) => accountId)]);
      expect({ ...where, ...figures }).toMatchObject({
        accounts: plain.placements.length,
        moves: plain.placements.filter(({ moves }) => moves).length,
        held: plain.placements.filter(({ held }) => held.length > 0).length,
        due: due.length,
        touched: touched.size,
        carrCents: [...touched].reduce((sum, id) => sum + byId.get(id)!.carrCents, 0),
        findings: plain.findings.length,
      });
      const inOrder = (findings: typeof plain.findings) =>
        findings.map(({ kind, accountId, what }) => `${kind} ${accountId ?? ''} ${what}`).sort();
      expect({ ...where, findings: inOrder(await night.findings(100_000)) }).toEqual({
        ...where,
        findings: inOrder(plain.findings),
      });
    } finally {
      await night.close();
    }
  }
}, 120_000);

test('an account that is transferred without another staging counts, with its CARR', async () => {
  const [world] = WORLDS;
  const due = accountOf('001000000000001AAA', {
    sources: { zoominfo: source('50', addressIn('DE')) },
    effectiveDate: '2026-11-01',
    carrCents: 700,
    actual: { ownerId: BOB, segment: null, territory: null, maxFamilyEmployees: null },
  });
  const [placement] = planAccounts([due], world!).placements;
  const nights = await kept([staged(due, placement!, 'whole')], world!);
  const night = await nights.open(world!.on);
  const figures = await night.figures();
  await night.close();
  expect(figures).toMatchObject({ added: 0, changed: 0, due: 1, touched: 1, carrCents: 700 });
});

test('nights are kept whole, named, found by day, and go when there are too many', async () => {
  const account = accountOf('001000000000001AAA', { sources: { zoominfo: source('50', addressIn('DE')) } });
  const [world] = WORLDS;
  await kept([account], world!, '2026-11-01');
  await kept([account], world!, '2026-11-02');
  const nights = await kept([account], world!, '2026-11-02.2');
  expect(await nights.nights()).toEqual(['2026-11-01', '2026-11-02', '2026-11-02.2']);
  expect(await nights.latest()).toBe('2026-11-02.2');
  expect(await nights.latest('2026-11-01')).toBe('2026-11-01');
  expect(await nights.latest('2026-10-31')).toBeUndefined();
  expect(nights.has('2026-11-03')).toBe(false);
  const night = await nights.open('2026-11-02');
  const [figures, summary, gone] = [
    await night.figures(),
    await night.summary(),
    await night.planned('001none'),
  ];
  await night.close();
  expect(figures).toEqual({
    accounts: 1,
    added: 1,
    changed: 0,
    unchanged: 0,
    touched: 1,
    carrCents: 0,
    moves: 0,
    held: 0,
    due: 0,
    findings: expect.any(Number),
  });
  expect(summary.territories).toEqual([{ name: 'DE', accounts: 1, carrCents: 0 }]);
  expect(summary.reasons).toContainEqual({ name: 'employees: zoominfo', accounts: 1, carrCents: 0 });
  expect(gone).toBeUndefined();
  expect(await nights.retire(2)).toEqual(['2026-11-01']);
  expect(readdirSync(join(dir, 'kept')).sort()).toEqual(['territory-2026-11-02', 'territory-2026-11-02.2']);
});

test('a night without accounts is one, too', async () => {
  const nights = await kept([], WORLDS[0]!);
  const night = await nights.open(WORLDS[0]!.on);
  expect((await night.figures()).accounts).toBe(0);
  await night.close();
});
