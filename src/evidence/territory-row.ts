import type { Actual, Address, Staging } from '../domain/territory/account';
import { counts, firstOf, type Picked } from '../domain/territory/employees';
import { HELD, type Placement } from '../domain/territory/placement';
import { TOLD } from '../domain/territory/place';
import { stagingOf, type PlanWorld } from '../domain/territory/plan-family';
import { sourceColumn } from '../domain/territory/read-columns';
import { reasonsOf, type PlanFacts } from '../domain/territory/reasons';
import { CHANGED, CYCLE_BIT, type Changed } from '../domain/territory/sql/plan';
import type { NightRow } from './territory-session';

/** An account as a night planned it, beside what stood then. */
export interface PlannedAccount {
  readonly placement: Placement;
  /** What differs from what stood in staging. */
  readonly changed: readonly Changed[];
  readonly before: Staging;
  readonly actual: Actual;
  readonly carrCents: number;
  /** The org's own stamp of its last change, as it was read. */
  readonly changedAt: string;
}

/** What a night keeps of an account, put together. */
export interface ToldAccount {
  /** Of `plan`. */
  readonly held: number;
  readonly changed: number;
  readonly changesOwner: boolean;
  readonly most: PlanFacts['most'];
  readonly segment: string;
  readonly own: SaidAccount;
  readonly top: ToldParent;
  /** Of its place: rows by their number in the table, and the industry that counts. */
  readonly rows: readonly number[];
  readonly industry: string | null;
}

/** What counts of an ultimate parent: by the precedence of sources, null where one says nothing that counts. */
export interface ToldParent {
  readonly id: string;
  readonly addresses: readonly (Address | null)[];
}

/** What an account says of itself, as it was read. */
export interface SaidAccount extends ToldParent {
  readonly numbers: readonly (number | null)[];
  readonly staging: Staging;
  readonly actual: Actual;
  readonly carrCents: number;
  readonly changedAt: string;
}

/** Its reasons are told from what was kept, by the same words as for one family. */
export function plannedAccount(told: ToldAccount, { rules, table, people }: PlanWorld): PlannedAccount {
  const { own, top, held } = told;
  const rows = [...(table.named.get(top.id) ?? []), ...told.rows.flatMap((at) => table.rows[at] ?? [])].slice(
    0,
    TOLD,
  );
  const known = (rows[0] && people.get(rows[0].territory)) ?? null;
  const facts: PlanFacts = {
    account: { id: own.id, actual: own.actual },
    ultimateParentId: top.id,
    employees: pickedOf(rules.precedence.employees, own.numbers),
    most: told.most,
    segment: told.segment,
    ownAddress: pickedOf(rules.precedence.address, own.addresses),
    parentAddress: pickedOf(rules.precedence.address, top.addresses),
    industry: told.industry,
    rows,
    people: known,
  };
  const inCycle = (held & CYCLE_BIT) !== 0;
  return {
    placement: {
      accountId: own.id,
      ultimateParentId: inCycle ? own.id : top.id,
      version: rules.effectiveFrom,
      staging: inCycle ? own.staging : stagingOf(facts, rules),
      reasons: inCycle ? [] : reasonsOf(facts, rules),
      held: HELD.filter((_held, at) => (held & (1 << at)) !== 0),
      moves: told.changesOwner && held === 0,
    },
    changed: CHANGED.filter((_field, at) => (told.changed & (1 << at)) !== 0),
    before: own.staging,
    actual: own.actual,
    carrCents: own.carrCents,
    changedAt: own.changedAt,
  };
}

const pickedOf = <T>(sources: readonly string[], values: readonly (T | null)[]): Picked<T> | null =>
  firstOf(sources.map((source, at) => [source, values[at] ?? null] as const));

/** A row of `change`: columns of `plan`, and what two accounts say as `toldQuery` has put it together. */
export function toldInRow(row: NightRow): ToldAccount {
  const read = <T>(column: string): T => JSON.parse(text(row, column)) as T;
  return {
    ...planned(row, row['most_id']),
    own: {
      id: text(row, 'id'),
      numbers: read('numbers'),
      addresses: read('addresses'),
      staging: read('staging'),
      actual: read('actual'),
      carrCents: Number(row['carr_cents']),
      changedAt: text(row, 'changed_at'),
    },
    top: { id: text(row, 'top_id'), addresses: read('parent_addresses') },
    rows: read('rows'),
    industry: orNull(row, 'industry'),
  };
}

/** What a row of `plan` says, whose the most is apart. */
export const planned = (
  row: NightRow,
  mostId: NightRow[string] | undefined,
): Pick<ToldAccount, 'held' | 'changed' | 'changesOwner' | 'most' | 'segment'> => ({
  held: Number(row['held']),
  changed: Number(row['changed']),
  changesOwner: row['changes_owner'] === true,
  most: mostId == null ? null : { id: String(mostId), employees: Number(row['most']) },
  segment: text(row, 'segment'),
});

/** Columns of `plan` that `planned` reads, and those by which the others are found. */
export const PLANNED_COLUMNS = 'held, changed, changes_owner, most, most_n, segment, top, place';

const standsIn =
  (row: NightRow, { rules, on }: PlanWorld) =>
  (source: string): boolean =>
    counts(source, { manualUntil: orNull(row, 'manual_until') }, rules, on);

/** What a row of `account` says of an ultimate parent. */
export function parentIn(row: NightRow, world: PlanWorld): ToldParent {
  const stands = standsIn(row, world);
  return {
    id: text(row, 'id'),
    addresses: world.rules.precedence.address.map((source) => {
      const where = addressIn(row, source);
      return where.country !== null && stands(source) ? where : null;
    }),
  };
}

/** What a row of `account` says. */
export function saidIn(row: NightRow, world: PlanWorld): SaidAccount {
  const stands = standsIn(row, world);
  return {
    ...parentIn(row, world),
    numbers: world.rules.precedence.employees.map((source) =>
      stands(source) ? number(row, sourceColumn(source, 'employees')) : null,
    ),
    staging: {
      segment: orNull(row, 'staging_segment'),
      employees: number(row, 'staging_employees'),
      maxFamilyEmployees: number(row, 'staging_max_family_employees'),
      address: addressIn(row, 'staging'),
      geoStory: orNull(row, 'staging_geo_story'),
      territory: orNull(row, 'staging_territory'),
      region: orNull(row, 'staging_region'),
      subRegion: orNull(row, 'staging_sub_region'),
      area: orNull(row, 'staging_area'),
      nextOwnerId: orNull(row, 'staging_next_owner_id'),
    },
    actual: {
      ownerId: text(row, 'actual_owner_id'),
      segment: orNull(row, 'actual_segment'),
      territory: orNull(row, 'actual_territory'),
      maxFamilyEmployees: number(row, 'actual_max_family_employees'),
    },
    carrCents: Number(row['carr_cents']),
    changedAt: text(row, 'changed_at'),
  };
}

const text = (row: NightRow, column: string): string => String(row[column] ?? '');
const orNull = (row: NightRow, column: string): string | null => {
  const value = row[column];
  return value == null ? null : String(value);
};
const number = (row: NightRow, column: string): number | null => {
  const value = row[column];
  return value == null ? null : Number(value);
};
const addressIn = (row: NightRow, source: string): Address => ({
  street: orNull(row, sourceColumn(source, 'street')),
  city: orNull(row, sourceColumn(source, 'city')),
  state: orNull(row, sourceColumn(source, 'state')),
  postCode: orNull(row, sourceColumn(source, 'postCode')),
  country: orNull(row, sourceColumn(source, 'country')),
});
