import type { Actual, Address, Staging } from '../domain/territory/account';
import { NO_ADDRESS } from '../domain/territory/address';
import { firstOf, type Picked } from '../domain/territory/employees';
import { nextOwner } from '../domain/territory/held';
import { HELD, type Placement } from '../domain/territory/placement';
import { TOLD } from '../domain/territory/place';
import { stagingOf, type PlanWorld } from '../domain/territory/plan-family';
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

/** Puts a row of `toldQuery` together: its reasons are told from what was kept, by the same words as for one family. */
export function plannedAccount(row: NightRow, world: PlanWorld): PlannedAccount {
  const { rules, table } = world;
  const own = (column: string): string => String(row[column] ?? '');
  const read = <T>(column: string): T => JSON.parse(own(column)) as T;
  const held = Number(row['held']);
  const [before, actual] = [read<Staging>('staging'), read<Actual>('actual')];
  const top = own('top_id');
  const rows = [
    ...(table.named.get(top) ?? []),
    ...read<readonly number[]>('rows').flatMap((at) => table.rows[at] ?? []),
  ].slice(0, TOLD);
  const people = (rows[0] && world.people.get(rows[0].territory)) ?? null;
  const facts: PlanFacts = {
    account: { id: own('id'), actual },
    ultimateParentId: top,
    employees: pickedOf<number>(rules.precedence.employees, read('numbers')),
    most: row['most_id'] == null ? null : { id: own('most_id'), employees: Number(row['most']) },
    segment: own('segment'),
    ownAddress: pickedOf<Address>(rules.precedence.address, read('addresses')),
    parentAddress: pickedOf<Address>(rules.precedence.address, read('parent_addresses')),
    industry: row['industry'] == null ? null : own('industry'),
    rows,
    people,
    nextOwnerId: nextOwner(people),
  };
  const inCycle = (held & CYCLE_BIT) !== 0;
  const reasons = inCycle ? [] : reasonsOf(facts, rules);
  return {
    placement: {
      accountId: facts.account.id,
      ultimateParentId: inCycle ? facts.account.id : top,
      version: rules.effectiveFrom,
      staging: inCycle ? before : stagingOf(facts, rules),
      reasons,
      held: HELD.filter((_held, at) => (held & (1 << at)) !== 0),
      moves: row['changes_owner'] === true && held === 0,
    },
    changed: CHANGED.filter((_field, at) => (Number(row['changed']) & (1 << at)) !== 0),
    before: { ...before, address: { ...NO_ADDRESS, ...before.address } },
    actual,
    carrCents: Number(row['carr_cents']),
    changedAt: own('changed_at'),
  };
}

const pickedOf = <T>(sources: readonly string[], values: readonly (T | null)[]): Picked<T> | null =>
  firstOf(sources.map((source, at) => [source, values[at] ?? null] as const));

export function* pageOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
