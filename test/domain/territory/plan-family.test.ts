import { readEmployees } from '../../../src/domain/territory/employees';
import { families } from '../../../src/domain/territory/family';
import type { Held } from '../../../src/domain/territory/placement';
import { planAccounts } from '../../../src/domain/territory/plan-family';
import type { TerritoryRules } from '../../../src/domain/territory/rules';
import { segmentOf } from '../../../src/domain/territory/segment';
import { postCodeOf } from '../../../src/domain/territory/texts';
import { nextWindow } from '../../../src/domain/territory/next-window';
import { fiscalYearStart, isProactive } from '../../../src/domain/territory/windows';
import { accountOf, addressIn, ANN, BOB, peopleOf, rowOf, RULES, source, worldOf } from './account-of';

test.each([
  [null, 'SMB'],
  [0, 'SMB'],
  [100, 'SMB'],
  [101, 'Mid-Market'],
  [2000, 'Mid-Market'],
  [2001, 'Large'],
  [5_000_000, 'Large'],
])('%p employees are %s', (employees, segment) => {
  expect(segmentOf(employees, RULES)).toBe(segment);
});

test.each([
  [null, 'blank'],
  ['  ', 'blank'],
  ['-1', 'blank'],
  ['0', 0],
  ['007', 7],
  ['100', 100],
  ['101.0', 101],
  ['1,200', 1200],
  ['1.200', 1200],
  ['1 200', 1200],
  ["1'200'300", 1_200_300],
  ['12,00', 'unreadable'],
  ['-5', 'unreadable'],
  ['1e3', 'unreadable'],
  ['about 50', 'unreadable'],
  ['=1+1', 'unreadable'],
  ['1000000000', 'too-many'],
  ['99999999999999999999', 'too-many'],
])('%p is read as %p', (text, expected) => {
  const read = readEmployees(text, RULES.mostEmployees);
  expect(read.kind === 'number' ? read.number : read.kind).toBe(expected);
});

test.each([
  ['sw1a 1aa', 'SW1A1AA'],
  [' 10115 ', '10115'],
  ['100 0001', '1000001'],
  ['\u00a0', null],
])('post code %p is %p', (text, expected) => {
  expect(postCodeOf(text)).toBe(expected);
});

test.each([
  ['2027-01-31', '2026-02-01', false],
  ['2026-02-01', '2026-02-01', false],
  ['2026-05-01', '2026-02-01', false],
  ['2026-08-03', '2026-02-01', false],
  ['2026-10-31', '2026-02-01', false],
  ['2026-11-01', '2026-02-01', true],
  ['2026-11-07', '2026-02-01', true],
  ['2026-11-08', '2026-02-01', false],
])('%s is in the fiscal year from %s; accounts move unasked: %p', (on, start, unasked) => {
  expect(fiscalYearStart(on)).toBe(start);
  expect(isProactive(on, RULES)).toBe(unasked);
});

const HANDBOOK_WINDOWS: TerritoryRules['windows'] = [
  { quarter: 2, kind: 'reactive' },
  { quarter: 3, kind: 'proactive' },
  { quarter: 4, kind: 'reactive' },
];
test.each([
  ['2026-02-01', false, '2026-05-01'],
  ['2026-05-01', false, '2026-05-01'],
  ['2026-08-01', true, '2026-08-01'],
  ['2026-08-08', false, '2026-11-01'],
  ['2026-11-01', false, '2026-11-01'],
] as const)(
  'Q2 and Q4 reactive, Q3 proactive: on %s accounts move unasked: %p; what is asked for moves on %s',
  (on, unasked, asked) => {
    const windows = { ...RULES, windows: HANDBOOK_WINDOWS };
    expect(isProactive(on, windows)).toBe(unasked);
    expect(nextWindow(on, windows)).toBe(asked);
  },
);

const GERMANY = rowOf('SMB-DE', { country: 'DE' });
const BERLIN = rowOf('SMB-DE-1', { country: 'DE', postCodes: { prefix: '1' } });
const MITTE = rowOf('SMB-DE-10', { country: 'DE', postCodes: { from: '10000', to: '10199' } });
const ANYWHERE = rowOf('SMB-World', {});
const BANKS = rowOf('SMB-Banks', { industry: 'Banks' });
const LARGE = rowOf('Large-DE', { segment: 'Large', country: 'DE' });
const ROWS = [GERMANY, BERLIN, MITTE, ANYWHERE, BANKS, LARGE];
const WORLD = worldOf(ROWS);
const inBerlin = { zoominfo: source('50', addressIn('Deutschland', { postCode: '10115', city: 'Berlin' })) };

const placed = (more: Parameters<typeof accountOf>[1], world = WORLD) => {
  const { placements, findings } = planAccounts([accountOf('A', more)], world);
  return { ...placements[0]!, findings };
};

describe('the more specific row wins', () => {
  test.each([
    ['Germany', '10115', null, 'SMB-DE-10'],
    ['DE', '1 2345', null, 'SMB-DE-1'],
    ['DE', '101', null, 'SMB-DE-1'], // too short for the range
    ['DE', '80331', null, 'SMB-DE'],
    ['DE', null, 'Banks', 'SMB-DE'],
    ['US', null, 'Banks', 'SMB-Banks'],
    ['US', null, 'Food', 'SMB-World'],
    [null, '10115', null, 'SMB-World'],
  ])('country %p, post code %p, industry %p: %s', (country, postCode, industry, territory) => {
    const sources = { zoominfo: source('50', addressIn(country, { postCode })) };
    expect(placed({ sources, industry }).staging.territory).toBe(territory);
  });

  test('a row that names the account before all, whatever its size', () => {
    const named = rowOf('Large-Named-1', { segment: 'Large', accountId: 'A' });
    const { staging, reasons } = placed({ sources: inBerlin }, worldOf([...ROWS, named]));
    expect(staging.territory).toBe('Large-Named-1');
    expect(reasons.find(({ field }) => field === 'territory')).toEqual({
      field: 'territory',
      rule: 'named-account',
      from: `tables/all.csv:${named.line}`,
      value: 'Large-Named-1',
      lost: [MITTE, BERLIN, GERMANY].map(({ line, territory }) => ({
        from: `tables/all.csv:${line}`,
        value: territory,
      })),
    });
  });

  test('the public sector has rows of its own, whatever its size', () => {
    const federal = rowOf('PubSec-DE', { segment: 'PubSec', country: 'DE' });
    const world = worldOf([...ROWS, federal]);
    const { staging } = placed({ sources: inBerlin, isPublicSector: true }, world);
    expect(staging).toMatchObject({ territory: 'PubSec-DE', segment: 'SMB' });
    expect(placed({ sources: inBerlin }, world).staging.territory).not.toBe('PubSec-DE');
  });

  test('two as specific are an overlap: the first name is used, and it is said', () => {
    const rival = rowOf('SMB-A', { country: 'DE' });
    const sources = { zoominfo: source('5', addressIn('DE')) };
    const { staging, findings } = placed({ sources }, worldOf([GERMANY, rival]));
    expect(staging.territory).toBe('SMB-A');
    expect(findings).toEqual([
      {
        kind: 'overlap',
        accountId: null,
        what: `tables/all.csv:${rival.line} tables/all.csv:${GERMANY.line}`,
      },
    ]);
  });
});

describe('a family', () => {
  test('has the most employees of its members, and the address of its ultimate parent', () => {
    const { placements, findings } = planAccounts(
      [
        accountOf('P', { sources: { 'bill-to': source(null, addressIn('Germany', { postCode: '80331' })) } }),
        accountOf('C', {
          parentId: 'P',
          sources: { zoominfo: source('1,200', addressIn('US')), datafox: source('9', addressIn('Nowhere')) },
        }),
        accountOf('D', {
          parentId: 'C',
          sources: { zoominfo: source('3000'), 'manual-admin': source('1e9') },
        }),
      ],
      WORLD,
    );
    expect(
      placements.map(({ staging }) => [staging.segment, staging.employees, staging.maxFamilyEmployees]),
    ).toEqual([
      ['Large', 1200, 3000],
      ['Large', 3000, 3000],
      ['Large', -1, 3000],
    ]);
    expect(new Set(placements.map(({ staging }) => staging.territory))).toEqual(new Set(['Large-DE']));
    expect(placements[0]?.reasons.slice(0, 4)).toEqual([
      {
        field: 'employees',
        rule: 'first-source',
        from: 'zoominfo',
        value: '1200',
        lost: [{ from: 'datafox', value: '9' }],
      },
      {
        field: 'maxFamilyEmployees',
        rule: 'family-maximum',
        from: 'D',
        value: '3000',
        lost: [{ from: 'C', value: '1200' }],
      },
      {
        field: 'segment',
        rule: 'segment-bounds',
        from: '2026-02-01',
        value: 'Large',
        lost: [{ from: 'C', value: 'Mid-Market' }],
      },
      {
        field: 'address',
        rule: 'ultimate-parent',
        from: 'P',
        value: 'DE 80331',
        lost: [{ from: 'zoominfo', value: 'US' }],
      },
    ]);
    expect(findings).toEqual([
      { kind: 'country-unknown', accountId: 'C', what: 'datafox: Nowhere' },
      { kind: 'employees-unreadable', accountId: 'D', what: 'manual-admin: 1e9' },
    ]);
  });

  test('ends where a parent does not count, or does not exist; a cycle is named and stays', () => {
    const found = families(
      [
        accountOf('F1', { parentId: 'P', relation: 'Private Equity' }),
        accountOf('F2', { parentId: 'F1' }),
        accountOf('P'),
        accountOf('M', { parentId: 'gone' }),
        accountOf('Z', { parentId: 'X' }),
        accountOf('X', { parentId: 'Y' }),
        accountOf('Y', { parentId: 'X' }),
        accountOf('S', { parentId: 'S' }),
      ],
      RULES.notParents,
    );
    expect(found.families.map((family) => family.map(({ id }) => id))).toEqual([['F1', 'F2'], ['M'], ['P']]);
    expect(found.inCycles.map(({ id }) => id)).toEqual(['S', 'X', 'Y', 'Z']);
    expect(found.findings).toEqual([
      { kind: 'missing-parent', accountId: 'M', what: 'gone' },
      { kind: 'cycle', accountId: 'S', what: 'S' },
      { kind: 'cycle', accountId: 'X', what: 'X > Y' },
    ]);
  });

  test('takes of two accounts of one id the one that changed last', () => {
    const { placements, findings } = planAccounts(
      [
        accountOf('A', { sources: { zoominfo: source('500') }, changedAt: '2026-11-02T00:00:00.000Z' }),
        accountOf('A', { sources: { zoominfo: source('5') } }),
      ],
      WORLD,
    );
    expect(placements.map(({ staging }) => staging.employees)).toEqual([500]);
    expect(findings).toContainEqual({ kind: 'twice', accountId: 'A', what: 'A' });
  });
});

describe('the owner', () => {
  test('moves in a window to whose territory it is', () => {
    const { moves, held, staging } = placed({ sources: inBerlin });
    expect([moves, held, staging.nextOwnerId]).toEqual([true, [], BOB]);
  });

  test.each<[string, Parameters<typeof accountOf>[1], Held[]]>([
    ['embargo and named', { isEmbargoed: true, isNamed: true }, ['embargo', 'named']],
    [
      'public sector, of which the tables say nothing, and channel',
      { isPublicSector: true, isChannel: true },
      ['public-sector', 'channel', 'no-territory'],
    ],
    ['holding company', { isHoldingCompany: true }, ['holding-company']],
    ['override of the hierarchy', { overridesHierarchy: true }, ['hierarchy-override']],
    ['holdover until tomorrow', { holdoverUntil: '2026-11-04' }, ['holdover']],
    ['holdover until today', { holdoverUntil: '2026-11-03' }, []],
    ['a request', { overrideStatus: 'Requested' }, ['request-pending']],
    [
      'confirmed in another segment',
      { confirmedOn: '2026-02-01', confirmedSegment: 'Large', openOpportunities: 1 },
      ['protected'],
    ],
    [
      'confirmed a year before',
      { confirmedOn: '2025-02-01', confirmedSegment: 'Large', hasAccountPlan: true },
      [],
    ],
    [
      'confirmed in the same segment',
      { confirmedOn: '2026-02-01', confirmedSegment: 'SMB', hasAccountPlan: true },
      [],
    ],
    [
      'active nine weeks ago',
      { confirmedOn: '2026-02-01', confirmedSegment: 'Large', lastActivity: '2026-09-01' },
      ['protected'],
    ],
    [
      'stale since a day',
      { confirmedOn: '2026-02-01', confirmedSegment: 'Large', lastActivity: '2026-08-31' },
      [],
    ],
  ])('%s', (_what, more, held) => {
    const placement = placed({ sources: inBerlin, ...more });
    expect(placement.held).toEqual(held);
    expect(placement.moves).toBe(held.length === 0);
  });

  test.each([
    ['nobody is in the way of a closed window', {}, ['window-closed']],
    ['its day has come', { effectiveDate: '2026-12-01' }, []],
    ['its holdover has ended', { holdoverUntil: '2026-11-30' }, []],
    ['it has its owner already', { actual: { ...accountOf('A').actual, ownerId: BOB } }, []],
  ])('outside a window: %s', (_what, more, held) => {
    expect(placed({ sources: inBerlin, ...more }, worldOf(ROWS, { on: '2026-12-01' })).held).toEqual(held);
  });

  test('in a reactive window only what was asked for moves', () => {
    const on = '2026-08-03';
    const world = worldOf(ROWS, { on });
    expect(placed({ sources: inBerlin }, world).held).toEqual(['window-closed']);
    expect(placed({ sources: inBerlin, effectiveDate: on }, world).held).toEqual([]);
  });

  test.each([
    ['has left', { ownerIsActive: false }, null, ['owner-inactive']],
    ['cannot be found', { ownerId: null }, null, ['owner-inactive']],
    ['is to be hired', { ownerId: null, isToBeHired: true, coverId: ANN }, ANN, []],
    [
      'is to be hired, and somebody else covers',
      { ownerId: null, isToBeHired: true, coverId: BOB },
      BOB,
      ['to-be-hired'],
    ],
    ['is to be hired, and nobody covers', { ownerId: null, isToBeHired: true }, null, ['to-be-hired']],
  ])('whose territory it is %s', (_what, people, next, held) => {
    const world = worldOf(ROWS, { people: [peopleOf('SMB-DE-10', people)] });
    const placement = placed({ sources: inBerlin }, world);
    expect([placement.staging.nextOwnerId, placement.held, placement.moves]).toEqual([next, held, false]);
  });

  test('without a row nobody moves, and the gap is named', () => {
    const { held, moves, findings, staging } = placed({ sources: inBerlin }, worldOf([LARGE]));
    expect([held, moves, staging.territory]).toEqual([['no-territory'], false, null]);
    expect(findings).toEqual([{ kind: 'no-row', accountId: null, what: 'SMB DE' }]);
  });
});
