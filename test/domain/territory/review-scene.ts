import type { OpenDeal } from '../../../src/domain/territory/holdover';
import type { Review, ReviewPolicy } from '../../../src/domain/territory/review';
import type { ReviewScene } from '../../../src/domain/territory/review-outcome';

export const POLICY: ReviewPolicy = {
  decidedBy: ['amber', 'sam-ops'],
  channels: ['gitlab', 'cli'],
  remindBusinessDays: 1,
  escalateBusinessDays: 2,
  escalateTo: ['meri'],
  notSources: ['linkedin.com'],
  valuesDays: 365,
  strategy: { by: ['stella'], aboveCents: 5_000_000 },
  mostAccounts: 10,
  leadership: ['meri'],
  holdover: {
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
  },
  notSales: ['SDR', 'Sales Admin'],
  publicSectorTitles: ['Public Sector', 'PubSec'],
  digestWeekday: 1,
};

/** An opportunity that just holds its account on the scene's day. */
export const HOLDING: OpenDeal = {
  stage: '3-Technical Evaluation',
  netArrCents: 5_000_001,
  type: 'Add-On Business',
  closeDate: '2027-02-24',
  lastActivity: '2026-10-27',
};

export const SCENE: ReviewScene = {
  policy: POLICY,
  giving: ['dana'],
  receiving: ['pete'],
  above: ['vera'],
  isLarge: false,
  holdoversBefore: 0,
  today: '2026-11-26',
  now: '2026-11-26T10:00:00.000Z',
  move: {
    isPublicSector: false,
    ownerIsPublicSector: false,
    ownerSells: true,
    isCustomer: true,
    openOpportunities: 0,
  },
  receivingSegment: 'Large',
  holding: { deals: [HOLDING], heldElsewhere: 0 },
  rules: { windows: [{ quarter: 2, kind: 'reactive' }], windowDays: 7 },
  isNews: false,
};

export const OVERRIDE: Review = {
  accountId: '001000000000001AAA',
  n: 1,
  kind: 'override',
  phase: 'asked',
  form: {
    employees: '1200',
    employeesSource: 'https://press.example/',
    address: { street: null, city: null, state: null, postCode: null, country: null },
    addressSource: null,
    ownerId: null,
    evidence: null,
    by: '005000000000001AAA',
    at: '2026-11-26T08:00:00.000Z',
  },
  round: 1,
  asker: 'ann',
  carrCents: 0,
  openedAt: '2026-11-26T08:00:00.000Z',
  remindAt: '2026-11-27T15:00:00.000Z',
  escalateAt: '2026-11-30T15:00:00.000Z',
  policyVersion: '2026-01-01',
  issue: null,
  words: {},
  holdover: null,
  outcome: null,
  cursor: { label: 0, note: 0 },
  told: {},
};

export const OWNER_CHANGE: Review = {
  ...OVERRIDE,
  kind: 'owner-change',
  form: {
    ...OVERRIDE.form,
    employees: null,
    employeesSource: null,
    ownerId: '005000000000002AAA',
    evidence: 'https://press.example/merger',
  },
};
