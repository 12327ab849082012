import type { TerritoryAccount } from '../account';
import type { PlacedAccounts } from '../gaps';
import { placeKey, rowsFor, territoryTable } from '../place';
import type { Placement } from '../placement';
import { ownerText, type TerritoryRow } from '../table';

/** Where accounts stand by one way of planning. */
export interface Stand {
  /** Null: in none. */
  readonly territory: string | null;
  /** As the tables name them: `Ada Miles`, `TBH / Ada Miles`; null: nobody. */
  readonly owner: string | null;
}

export interface Amounts {
  readonly accounts: number;
  readonly carrCents: number;
  /** Of open opportunities. */
  readonly pipelineCents: number;
}

/** Accounts of one country that stand alike before and alike after. */
export interface Flow extends Amounts {
  readonly country: string | null;
  readonly before: Stand;
  readonly after: Stand;
}

/** What other tables would make of accounts that stay where they are. */
export function flowsOf(
  placed: Iterable<PlacedAccounts>,
  before: readonly TerritoryRow[],
  after: readonly TerritoryRow[],
): readonly Flow[] {
  const [from, to] = [standsBy(before), standsBy(after)];
  return [...placed].map((one) => ({
    country: one.address.country,
    accounts: one.accounts,
    carrCents: one.carrCents,
    pipelineCents: one.pipelineCents,
    before: from(one),
    after: to(one),
  }));
}

function standsBy(rows: readonly TerritoryRow[]): (placed: PlacedAccounts) => Stand {
  const table = territoryTable(rows);
  const known = new Map<string, Stand>();
  return ({ ultimateParentId, segment, address, industry }) => {
    const key = placeKey(table, segment, { street: null, city: null, ...address }, industry);
    const place = JSON.stringify([key, table.named.has(ultimateParentId) ? ultimateParentId : '']);
    const found = known.get(place);
    if (found) return found;
    const [row] = rowsFor(table, key, ultimateParentId);
    const stand = { territory: row?.territory ?? null, owner: row ? ownerText(row.owner) : null };
    known.set(place, stand);
    return stand;
  };
}

/** A plan of accounts, and the tables by which it was made. */
export interface PlanBy {
  readonly placements: readonly Placement[];
  readonly rows: readonly TerritoryRow[];
}

/** What became of each account from one plan to another. */
export function flowsOfPlans(
  accounts: readonly TerritoryAccount[],
  before: PlanBy,
  after: PlanBy,
): readonly Flow[] {
  const [from, to] = [standsIn(before), standsIn(after)];
  const countries = new Map(
    after.placements.map(({ accountId, staging }) => [accountId, staging.address.country]),
  );
  return accounts.map(({ id, carrCents, openPipelineCents }) => ({
    country: countries.get(id) ?? null,
    accounts: 1,
    carrCents,
    pipelineCents: openPipelineCents,
    before: from(id),
    after: to(id),
  }));
}

function standsIn({ placements, rows }: PlanBy): (accountId: string) => Stand {
  const owners = new Map(rows.map(({ territory, owner }) => [territory, ownerText(owner)]));
  const territories = new Map(placements.map(({ accountId, staging }) => [accountId, staging.territory]));
  return (accountId) => {
    const territory = territories.get(accountId) ?? null;
    return { territory, owner: territory === null ? null : (owners.get(territory) ?? null) };
  };
}
