import type { Address, SourceFacts, TerritoryAccount } from '../../../src/domain/territory/account';
import { NO_ADDRESS } from '../../../src/domain/territory/address';
import { territoryTable } from '../../../src/domain/territory/place';
import type { PlanWorld } from '../../../src/domain/territory/plan-family';
import type { TerritoryRules } from '../../../src/domain/territory/rules';
import type { Place, TerritoryPeople, TerritoryRow } from '../../../src/domain/territory/table';

export const ANN = '005000000000AnnAAA';
export const BOB = '005000000000BobAAA';

export const addressIn = (country: string | null, more: Partial<Address> = {}): Address => ({
  ...NO_ADDRESS,
  country,
  ...more,
});

export const source = (employees: string | null, address: Address = NO_ADDRESS): SourceFacts => ({
  employees,
  address,
});

/** An account of which nothing is known but its owner. */
export const accountOf = (id: string, more: Partial<TerritoryAccount> = {}): TerritoryAccount => ({
  id,
  name: `Account ${id}`,
  parentId: null,
  relation: null,
  isHoldingCompany: false,
  isNamed: false,
  isPublicSector: false,
  isChannel: false,
  overridesHierarchy: false,
  isEmbargoed: false,
  industry: null,
  isCustomer: false,
  carrCents: 0,
  openPipelineCents: 0,
  openOpportunities: 0,
  lastActivity: null,
  hasAccountPlan: false,
  sources: {},
  manualUntil: null,
  holdoverUntil: null,
  confirmedSegment: null,
  confirmedOn: null,
  overrideStatus: null,
  effectiveDate: null,
  staging: {
    segment: null,
    employees: null,
    maxFamilyEmployees: null,
    address: NO_ADDRESS,
    geoStory: null,
    territory: null,
    region: null,
    subRegion: null,
    area: null,
    nextOwnerId: null,
  },
  actual: { ownerId: ANN, segment: null, territory: null, maxFamilyEmployees: null },
  changedAt: '2026-11-01T00:00:00.000Z',
  ...more,
});

export const RULES: TerritoryRules = {
  effectiveFrom: '2026-02-01',
  segments: [
    { name: 'SMB', from: 0, to: 100 },
    { name: 'Mid-Market', from: 101, to: 2000 },
    { name: 'Large', from: 2001, to: null },
  ],
  unknown: { segment: 'SMB', employees: -1 },
  mostEmployees: 5_000_000,
  precedence: {
    employees: ['manual-admin', 'zoominfo', 'datafox'],
    address: ['manual-admin', 'zoominfo', 'datafox', 'ship-to', 'bill-to'],
  },
  manualSource: 'manual-admin',
  notParents: ['Private Equity', 'Joint Venture', 'Franchise', 'Government Holder'],
  protects: true,
  staleWeeks: 9,
  windows: [
    { quarter: 2, kind: 'reactive' },
    { quarter: 3, kind: 'reactive' },
    { quarter: 4, kind: 'proactive' },
  ],
  windowDays: 7,
  threshold: { accounts: 500, carrCents: 100_000_00, approvedBy: ['sam-ops'], channels: ['gitlab'] },
  opportunities: { immediateUpTo: 2, windowUpTo: 3, holdoverDays: 90 },
};

let line = 1;
export const rowOf = (
  territory: string,
  place: Partial<Place>,
  more: Partial<TerritoryRow> = {},
): TerritoryRow => ({
  file: 'tables/all.csv',
  line: (line += 1),
  territory,
  region: 'EMEA',
  subRegion: 'Central',
  area: 'DACH',
  owner: { name: 'Ann', cover: null },
  place: {
    segment: 'SMB',
    country: null,
    state: null,
    postCodes: null,
    industry: null,
    accountId: null,
    ...place,
  },
  ...more,
});

export const peopleOf = (territory: string, more: Partial<TerritoryPeople> = {}): TerritoryPeople => ({
  territory,
  ownerId: BOB,
  ownerIsActive: true,
  isToBeHired: false,
  coverId: null,
  ...more,
});

/** A world on a day within a proactive window, with somebody for every territory of the rows. */
export const worldOf = (
  rows: readonly TerritoryRow[],
  { people = [], ...more }: Partial<Omit<PlanWorld, 'people'>> & { people?: readonly TerritoryPeople[] } = {},
): PlanWorld => ({
  on: '2026-11-03',
  rules: RULES,
  table: territoryTable(rows),
  people: new Map(
    [...rows.map(({ territory }) => peopleOf(territory)), ...people].map((one) => [one.territory, one]),
  ),
  countries: new Map([
    ['de', 'DE'],
    ['germany', 'DE'],
    ['deutschland', 'DE'],
    ['us', 'US'],
    ['united states', 'US'],
    ['gb', 'GB'],
  ]),
  ...more,
});
