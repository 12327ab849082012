import { creditOn, creditText } from '../../../src/domain/territory/credit';
import { rightfulOwner } from '../../../src/domain/territory/engagement';
import {
  holdoverFrom,
  holdoverNeedsLeadership,
  lacksToHold,
  whyNoHoldover,
  type HoldoverPolicy,
  type OpenDeal,
} from '../../../src/domain/territory/holdover';
import { fiscalQuarterOf, nextWindow } from '../../../src/domain/territory/next-window';
import { opportunityMove } from '../../../src/domain/territory/opportunities';
import {
  immediateCase,
  linksIn,
  moveDay,
  needsList,
  needsStrategy,
  occasionOf,
  readOwnerChange,
  sells,
  worksPublicSector,
  type MoveFacts,
} from '../../../src/domain/territory/owner-change';
import { HOLDING, POLICY as REVIEWS } from './review-scene';

const WINDOWS = {
  windows: [
    { quarter: 2, kind: 'reactive' },
    { quarter: 3, kind: 'proactive' },
    { quarter: 4, kind: 'reactive' },
  ],
  windowDays: 7,
} as const;

describe('windows', () => {
  test.each([
    ['2026-05-01', '2026-05-01'],
    ['2026-05-07', '2026-05-07'],
    ['2026-05-08', '2026-08-01'],
    ['2026-10-31', '2026-11-01'],
    // "Q1 week 1 none".
    ['2026-11-08', '2027-05-01'],
    ['2027-01-31', '2027-05-01'],
    ['2027-02-01', '2027-05-01'],
  ])('from %s on the next one begins on %s', (day, window) => {
    expect(nextWindow(day, WINDOWS)).toBe(window);
  });

  test('without any there is none', () => {
    expect(nextWindow('2026-05-01', { windows: [], windowDays: 7 })).toBeNull();
  });

  test.each([
    ['2026-02-01', '2026-02-01', '2026-04-30'],
    ['2026-07-31', '2026-05-01', '2026-07-31'],
    ['2027-01-15', '2026-11-01', '2027-01-31'],
    ['2028-03-31', '2028-02-01', '2028-04-30'],
  ])('the fiscal quarter of %s is %s to %s', (day, first, last) => {
    expect(fiscalQuarterOf(day)).toEqual([first, last]);
  });
});

test.each([
  ['0-Pending Acceptance', 'immediate', 'moves'],
  ['2-Scoping', 'immediate', 'moves'],
  ['3-Technical Evaluation', 'immediate', 'held-over'],
  ['3-Technical Evaluation', 'window', 'moves'],
  ['4-Proposal', 'window', 'held-over'],
  ['6-Awaiting Signature', 'window', 'held-over'],
  ['10-Duplicate', 'window', 'held-over'],
  ['Renewal', 'immediate', 'held-over'],
] as const)('an open opportunity in %s, moved %s: %s', (stage, occasion, becomes) => {
  const rules = { immediateUpTo: 2, windowUpTo: 3, holdoverDays: 90 };
  expect(opportunityMove({ stage, isClosed: false }, occasion, rules)).toBe(becomes);
  expect(opportunityMove({ stage, isClosed: true }, occasion, rules)).toBe('stays');
});

const POLICY: HoldoverPolicy = {
  enterprise: {
    segments: ['Large'],
    days: 90,
    aboveCents: { growth: 5_000_000, newLogo: 500_000, services: 500_000 },
    fromStage: 3,
    closesWithinDays: 90,
    activeWithinDays: 30,
  },
  commercial: { days: 30, opportunities: 2 },
  types: { newLogo: ['New Business'], services: ['Professional Services'] },
  credit: [100, 75, 50],
};

describe('holdovers', () => {
  test.each([
    ['Large', '2027-02-24'],
    ['Mid-Market', '2026-12-26'],
    [null, '2026-12-26'],
  ])('the receiving segment %s governs: until %s', (segment, until) => {
    expect(holdoverFrom('2026-11-26', segment, POLICY)).toEqual({ from: '2026-11-26', until });
  });

  const [NET, STAGE, CLOSE, ACTIVITY] = [
    'net ARR of more than $50,000.00, as growth',
    'stage 3 or later',
    'a close date within 90 days',
    'activity in the last 30 days',
  ] as const;
  test.each<[string, Partial<OpenDeal>, readonly string[]]>([
    ['growth above $50k', {}, []],
    ['growth of $50k', { netArrCents: 5_000_000 }, [NET]],
    ['a new logo above $5k', { netArrCents: 500_001, type: 'New Business' }, []],
    [
      'a new logo of $5k',
      { netArrCents: 500_000, type: 'new business ' },
      ['net ARR of more than $5,000.00, as a new logo'],
    ],
    ['services alone above $5k', { netArrCents: 500_001, type: 'Professional Services' }, []],
    [
      'services alone of $5k',
      { netArrCents: 500_000, type: 'Professional Services' },
      ['net ARR of more than $5,000.00, as services alone'],
    ],
    ['a renewal is no new logo', { netArrCents: 500_001, type: 'Renewal' }, [NET]],
    ['of no type', { netArrCents: 500_001, type: null }, [NET]],
    ['stage 2', { stage: '2-Scoping' }, [STAGE]],
    ['a stage without number', { stage: 'Renewal' }, [STAGE]],
    ['closing on day 90', { closeDate: '2027-02-24' }, []],
    ['closing on day 91', { closeDate: '2027-02-25' }, [CLOSE]],
    ['past its close date', { closeDate: '2026-11-25' }, [CLOSE]],
    ['activity 30 days ago', { lastActivity: '2026-10-27' }, []],
    ['no activity in 30 days', { lastActivity: '2026-10-26' }, [ACTIVITY]],
    ['no activity at all', { lastActivity: null }, [ACTIVITY]],
    ['stage 2, and no activity', { stage: '2-Scoping', lastActivity: null }, [STAGE, ACTIVITY]],
  ])('enterprise, %s', (_name, of, lacks) => {
    const deal = { ...HOLDING, ...of };
    expect(lacksToHold(deal, 'Large', '2026-11-26', POLICY)).toEqual(lacks);
    expect(lacksToHold(deal, 'SMB', '2026-11-26', POLICY)).toEqual([]);
    const why = whyNoHoldover({ deals: [deal], heldElsewhere: 9 }, 'Large', '2026-11-26', POLICY);
    if (lacks.length === 0) expect(why).toBeNull();
    else expect(why).toContain(`the nearest one lacks ${lacks.join(', and ')}`);
  });

  const early: OpenDeal = { ...HOLDING, stage: '1-Discovery' };
  test.each<[string, string | null, readonly OpenDeal[], number, string | null]>([
    ['nothing is open, enterprise', 'Large', [], 0, 'no open opportunity on it'],
    ['nothing is open, commercial', 'SMB', [], 0, 'no open opportunity on it'],
    ['one of several is enough', 'Large', [early, HOLDING, early], 0, null],
    [
      'the nearest is named',
      'Large',
      [{ ...early, lastActivity: null }, early],
      0,
      'the nearest one lacks stage 3 or later',
    ],
    ['two opportunities', 'SMB', [early, early], 0, null],
    [
      'three opportunities',
      'SMB',
      [early, early, early],
      0,
      'would hold over 3 opportunities, 0 of them on other accounts; there may be 2',
    ],
    ['a second one, with one elsewhere', 'Mid-Market', [early], 1, null],
    [
      'a third one, with two elsewhere',
      'Mid-Market',
      [early],
      2,
      'would hold over 3 opportunities, 2 of them',
    ],
    ['of a segment that nobody knows', null, [early], 2, 'would hold over 3'],
  ])('%s', (_name, segment, deals, heldElsewhere, why) => {
    const said = whyNoHoldover({ deals, heldElsewhere }, segment, '2026-11-26', POLICY);
    if (why === null) expect(said).toBeNull();
    else expect(said).toContain(why);
  });

  test('a second one is for leadership to say', () => {
    expect([0, 1].map(holdoverNeedsLeadership)).toEqual([false, true]);
  });

  test.each([
    ['2026-11-25', null],
    ['2026-11-26', '100/0'],
    ['2026-12-25', '100/0'],
    ['2026-12-26', '75/25'],
    ['2027-01-25', '50/50'],
    ['2027-02-23', '50/50'],
    ['2027-02-24', null],
  ])('credit on %s: %s', (day, shown) => {
    const credit = creditOn(day, { from: '2026-11-26', until: '2027-02-24' }, POLICY.credit);
    expect(credit && `${credit.giving}/${credit.receiving}`).toBe(shown);
  });

  test('the split as people read it', () => {
    expect(creditText(POLICY.credit)).toBe('100/0, then 75/25, then 50/50');
  });
});

describe('another owner', () => {
  const facts: MoveFacts = {
    isPublicSector: false,
    ownerIsPublicSector: false,
    ownerSells: true,
    isCustomer: false,
    openOpportunities: 0,
    found: null,
  };
  test.each<[string, Partial<MoveFacts>, string | null, string]>([
    ['a prospect without opportunities', {}, null, 'immediate'],
    ['a prospect with one', { openOpportunities: 1 }, null, 'window'],
    ['a customer', { isCustomer: true }, null, 'window'],
    [
      'a customer in public sector, owned outside',
      { isCustomer: true, isPublicSector: true },
      'public-sector',
      'immediate',
    ],
    [
      'a customer owned by public sector',
      { isCustomer: true, ownerIsPublicSector: true },
      'public-sector',
      'immediate',
    ],
    [
      'one whose owner is not known',
      { isCustomer: true, isPublicSector: true, ownerIsPublicSector: null },
      null,
      'window',
    ],
    ['a customer of nobody who sells', { isCustomer: true, ownerSells: false }, 'not-sales', 'immediate'],
    ['a first order that was won', { isCustomer: true, found: 'first-order' }, 'first-order', 'immediate'],
  ])('%s', (_name, of, found, occasion) => {
    expect(immediateCase({ ...facts, ...of })).toBe(found);
    expect(occasionOf({ ...facts, ...of })).toBe(occasion);
  });

  test.each([
    ['immediate', '2026-11-26', '2026-11-26'],
    ['immediate', '2027-01-04', '2027-01-04'],
    ['window', '2026-11-26', '2027-05-01'],
    ['window', '2027-05-03', '2027-05-03'],
  ] as const)('moved %s, agreed for %s: on %s', (occasion, agreed, day) => {
    expect(moveDay(occasion, agreed, WINDOWS)).toBe(day);
  });

  test.each([
    [[5_000_000], false],
    [[5_000_001], true],
    [[2_500_000, 2_500_000], false],
    [[2_500_000, 2_500_000, 1], true],
  ])('moves of %j cents wait for Strategy: %p', (cents, waits) => {
    const moves = cents.map((carrCents) => ({ carrCents }));
    expect(needsStrategy(moves, 5_000_000)).toBe(waits);
  });

  test.each([
    [10, false],
    [11, true],
  ])('%i accounts go on one list: %p', (accounts, asList) => {
    expect(needsList(accounts, { mostAccounts: 10 })).toBe(asList);
  });

  test.each([
    ['see https://a.example/x. And (http://b.example/y)', ['https://a.example/x', 'http://b.example/y']],
    ['none', []],
  ])('links in %j', (text, links) => {
    expect(linksIn(text)).toEqual(links);
  });

  test.each<[string, string, string | null, { active: boolean } | undefined, readonly string[]]>([
    ['all right', 'B', 'https://press.example/merger', { active: true }, []],
    [
      'who owns it already',
      'A',
      'https://press.example/',
      { active: true },
      ['Owner owns the account already'],
    ],
    ['nobody', 'C', 'https://press.example/', undefined, ['Owner is not a user']],
    ['somebody who left', 'B', 'https://press.example/', { active: false }, ['Owner is no active user']],
    ['no evidence', 'B', null, { active: true }, ['Owner Evidence has no link']],
    [
      'only LinkedIn',
      'B',
      'https://www.linkedin.com/x',
      { active: true },
      ['Owner Evidence names only what does not count'],
    ],
  ])('asked for with %s', (_name, ownerId, evidence, owner, wrong) => {
    const { problems } = readOwnerChange({ ownerId, evidence }, 'A', owner, { notSources: ['linkedin.com'] });
    expect(problems.map(({ field, problem }) => `${field} ${problem}`)).toEqual(wrong);
  });
});

describe('whose an account is', () => {
  const account = {
    isNamed: false,
    isPublicSector: false,
    isHoldingCompany: false,
    overridesHierarchy: false,
    holdoverUntil: null,
    relation: null,
    actual: { ownerId: 'own', segment: null, territory: null, maxFamilyEmployees: null },
  };
  test.each<[string, Partial<typeof account> | object, string]>([
    ['an ordinary child', {}, 'global-owner'],
    ['named', { isNamed: true, overridesHierarchy: true }, 'named'],
    ['public sector', { isPublicSector: true }, 'public-sector'],
    ['held over', { holdoverUntil: '2026-11-27', isHoldingCompany: true }, 'holdover'],
    ['held until today', { holdoverUntil: '2026-11-26' }, 'global-owner'],
    ['held by private equity', { relation: 'Private Equity' }, 'holding-company'],
    ['an ordinary relation', { relation: 'Subsidiary' }, 'global-owner'],
    ['agreed to be apart', { overridesHierarchy: true }, 'override'],
  ])('%s', (_name, of, by) => {
    const parent = { actual: { ...account.actual, ownerId: 'parent' } };
    const found = rightfulOwner({ ...account, ...of }, parent, '2026-11-26', {
      notParents: ['Private Equity'],
    });
    expect(found).toEqual({ ownerId: by === 'global-owner' ? 'parent' : 'own', by });
  });
});

test.each([
  [undefined, null, false],
  [{ active: true, title: null }, null, true],
  [{ active: true, title: 'Account Executive' }, false, true],
  [{ active: true, title: 'Account Executive, PubSec' }, true, true],
  [{ active: true, title: 'SDR public sector' }, true, false],
  [{ active: true, title: 'sales admin' }, false, false],
  [{ active: false, title: 'Account Executive' }, false, false],
])('%j works public sector: %j, and sells: %j', (user, isPublicSector, doesSell) => {
  expect(worksPublicSector(user, REVIEWS)).toBe(isPublicSector);
  expect(sells(user, REVIEWS)).toBe(doesSell);
});
