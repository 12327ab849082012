import { readAllAccounts } from '../activities/territory-accounts';
import { planWorld } from '../activities/territory-world';
import type { ReadWorld } from '../activities/world';
import { compare } from '../domain/territory/compare/comparison';
import { flowsOfPlans } from '../domain/territory/compare/flows';
import { territoryTable } from '../domain/territory/place';
import { planAccounts } from '../domain/territory/plan-family';
import { runDay } from '../handbook/territory-time';
import { withReadWorld } from './read-world';
import type { Surroundings } from './surroundings';
import { CURRENT, goodRows, sayComparison, type TerritoryDiffOptions } from './territory-diff';

export type WhatIfOptions = Pick<TerritoryDiffOptions, 'json' | 'out'>;

/** `daytwo territory plan --tables <folder>`: what a plan would propose by other tables, for the org as it is now. */
export const territoryWhatIf = (
  tables: string,
  options: WhatIfOptions,
  around: Surroundings,
): Promise<number> => withReadWorld(around, (world) => whatIfFrom(world, tables, options, around));

export async function whatIfFrom(
  world: Pick<ReadWorld, 'handbook' | 'connector' | 'store'>,
  tables: string,
  options: WhatIfOptions,
  around: Surroundings,
): Promise<number> {
  const handbook = world.handbook();
  const [before, after] = [goodRows(handbook, CURRENT), goodRows(handbook, tables)];
  const now = around.now().toISOString();
  const on = runDay(handbook, now);
  const { by } = await planWorld(world, on);
  const accounts = await readAllAccounts(world);
  const planned = (table: typeof by.table) => planAccounts(accounts, { ...by, table }).placements;
  const flows = flowsOfPlans(
    accounts,
    { placements: planned(by.table), rows: before },
    { placements: planned(territoryTable(after)), rows: after },
  );
  const names = { before: CURRENT, after: tables, accounts: 'Salesforce now' };
  return sayComparison(compare(flows), names, options, around);
}
