import type { Address, Family, Staging, TerritoryAccount } from './account';
import { addressOf, NO_ADDRESS } from './address';
import type { Countries } from './countries';
import { employeesOf, type Picked } from './employees';
import { families, industryOf, topOf } from './family';
import { heldOf, nextOwner } from './held';
import type { Placement, PlanFinding } from './placement';
import { placeFindings, placeKey, rowsFor, TOLD, type TerritoryTable } from './place';
import { reasonsOf, type PlanFacts } from './reasons';
import type { TerritoryRules } from './rules';
import { segmentOf } from './segment';
import { PUBLIC_SECTOR, type TerritoryPeople } from './table';

/** What a plan is made by, besides the accounts. */
export interface PlanWorld {
  /** The day for which it is made, `YYYY-MM-DD`. */
  readonly on: string;
  /** The version that holds on that day. */
  readonly rules: TerritoryRules;
  readonly table: TerritoryTable;
  /** By territory. */
  readonly people: ReadonlyMap<string, TerritoryPeople>;
  readonly countries: Countries;
}

export interface Plan {
  /** In order of account ids. */
  readonly placements: readonly Placement[];
  readonly findings: readonly PlanFinding[];
}

/**
 * Where accounts belong, by the rules of the day: whole families, in any order. The same as the SQL of `sql/`, which does it for all
 * accounts of an org.
 */
export function planAccounts(accounts: readonly TerritoryAccount[], world: PlanWorld): Plan {
  const found = families(accounts, world.rules.notParents);
  const plans = found.families.map((family) => planFamily(family, world));
  const stuck = found.inCycles.map((account) => asItIs(account, world));
  return {
    placements: [...plans.flatMap(({ placements }) => placements), ...stuck].sort((a, b) =>
      a.accountId < b.accountId ? -1 : 1,
    ),
    findings: onceEach([
      ...found.findings,
      ...found.inCycles.flatMap((account) => readingFindings(account, world)),
      ...plans.flatMap(({ findings }) => findings),
      ...peopleFindings(world),
    ]),
  };
}

/**
 * One family under its ultimate parent: employees and address of each by precedence, the most of the family, its
 * segment, the ultimate parent's address, the most specific row of the table, its people; then what may move.
 */
function planFamily(family: Family, world: PlanWorld): Plan {
  const { rules, table, countries, on } = world;
  const parent = topOf(family, rules.notParents);
  const top = parent.id;
  const findings: PlanFinding[] = [];
  const members = family.map((account) => {
    const employees = employeesOf(account, rules, on);
    const address = addressOf(account, rules, countries, on);
    findings.push(...employees.findings, ...address.findings, ...ownerless(account));
    return { account, employees: employees.picked, ownAddress: address.picked };
  });
  const most = mostOf(members);
  const segment = segmentOf(most?.employees ?? null, rules);
  const parentAddress = members.find(({ account }) => account === parent)?.ownAddress ?? null;
  const key = placeKey(
    table,
    placeSegment(segment, parent),
    parentAddress?.value ?? NO_ADDRESS,
    industryOf(family),
  );
  const rows = rowsFor(table, key, top);
  const people = (rows[0] && world.people.get(rows[0].territory)) ?? null;
  findings.push(...placeFindings(rows, key));
  const shared = {
    ultimateParentId: top,
    most,
    segment,
    parentAddress,
    industry: key.industry,
    rows: rows.slice(0, TOLD),
    people,
  };
  return {
    placements: members.map((own) => placementOf(own.account, { ...shared, ...own }, world)),
    findings,
  };
}

/** "PubSec is a flag, not a size": such a family is routed by rows of its own (handbook, Rules of Engagement). */
const placeSegment = (segment: string, top: Pick<TerritoryAccount, 'isPublicSector'>): string =>
  top.isPublicSector ? PUBLIC_SECTOR : segment;

/** The placement that facts make. */
function placementOf(account: TerritoryAccount, facts: PlanFacts, { rules, on }: PlanWorld): Placement {
  const { segment, people, rows } = facts;
  const nextOwnerId = nextOwner(people);
  const changesOwner = nextOwnerId !== account.actual.ownerId;
  const held = changesOwner
    ? heldOf(account, { segment, people, hasTerritory: rows.length > 0 }, rules, on)
    : [];
  return {
    accountId: account.id,
    ultimateParentId: facts.ultimateParentId,
    version: rules.effectiveFrom,
    staging: stagingOf(facts, rules),
    reasons: reasonsOf(facts, rules),
    held,
    moves: changesOwner && nextOwnerId !== null && held.length === 0,
  };
}

/** What staging should say. */
export function stagingOf(facts: PlanFacts, { unknown }: TerritoryRules): Staging {
  const [row] = facts.rows;
  return {
    segment: facts.segment,
    employees: facts.employees?.value ?? unknown.employees,
    maxFamilyEmployees: facts.most?.employees ?? unknown.employees,
    address: facts.parentAddress?.value ?? NO_ADDRESS,
    geoStory: facts.parentAddress?.from ?? null,
    territory: row?.territory ?? null,
    region: row?.region ?? null,
    subRegion: row?.subRegion ?? null,
    area: row?.area ?? null,
    nextOwnerId: nextOwner(facts.people),
  };
}

/** Nobody can say who is above it: it keeps what it has, staging too, until somebody mends the hierarchy. */
const asItIs = (account: TerritoryAccount, { rules }: PlanWorld): Placement => ({
  accountId: account.id,
  ultimateParentId: account.id,
  version: rules.effectiveFrom,
  staging: account.staging,
  reasons: [],
  held: ['cycle'],
  moves: false,
});

interface Member {
  readonly account: TerritoryAccount;
  readonly employees: Picked<number> | null;
  readonly ownAddress: Picked<Address> | null;
}

/** The most employees of a member; of several with as many, the smallest id's. */
function mostOf(members: readonly Member[]): PlanFacts['most'] {
  let most: PlanFacts['most'] = null;
  for (const { account, employees } of members) {
    const number = employees?.value;
    if (number === undefined) continue;
    const isMore =
      most === null || number > most.employees || (number === most.employees && account.id < most.id);
    if (isMore) most = { id: account.id, employees: number };
  }
  return most;
}

const readingFindings = (
  account: TerritoryAccount,
  { rules, countries, on }: PlanWorld,
): readonly PlanFinding[] => [
  ...employeesOf(account, rules, on).findings,
  ...addressOf(account, rules, countries, on).findings,
  ...ownerless(account),
];

const ownerless = ({ id, actual }: TerritoryAccount): readonly PlanFinding[] =>
  actual.ownerId === '' ? [{ kind: 'without-owner', accountId: id, what: id }] : [];

/** Territories that nobody can be proposed for, though somebody stands in the table. */
export function peopleFindings({
  table,
  people,
}: Pick<PlanWorld, 'table' | 'people'>): readonly PlanFinding[] {
  return [...new Set(table.rows.map(({ territory }) => territory))].flatMap(
    (what): readonly PlanFinding[] => {
      const known = people.get(what);
      if (known?.isToBeHired) return [];
      if (!known || known.ownerId === null) return [{ kind: 'owner-unknown', accountId: null, what }];
      return known.ownerIsActive ? [] : [{ kind: 'owner-inactive', accountId: null, what }];
    },
  );
}

/** The same said of many families (a place that no row is for) is said once. */
function onceEach(findings: readonly PlanFinding[]): readonly PlanFinding[] {
  const said = new Map(findings.map((one) => [`${one.kind} ${one.accountId ?? ''} ${one.what}`, one]));
  return [...said.values()];
}
