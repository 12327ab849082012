import { accountReader } from '../domain/territory/account-row';
import type { TerritoryAccount } from '../domain/territory/account';
import type { Countries } from '../domain/territory/countries';
import { rulesOn, type TerritoryHandbook } from '../domain/territory/handbook';
import { territoryTable } from '../domain/territory/place';
import type { Drift } from '../domain/territory/order';
import type { PlanWorld } from '../domain/territory/plan-family';
import { readColumns } from '../domain/territory/read-columns';
import { knownCountries } from '../handbook/countries';
import type { TerritoryAccounts } from '../systems/salesforce/territory-accounts';
import type { TerritoryStaging } from '../systems/salesforce/territory-staging';
import { readTerritoryPeople } from './territory-people';
import type { ReadWorld } from './world';

/** What a plan is read from. */
export type PlanningWorld = Pick<ReadWorld, 'handbook' | 'connector' | 'store'>;

let countries: Countries | undefined;

export function territoryHandbook(world: Pick<ReadWorld, 'handbook'>): TerritoryHandbook {
  const { territory } = world.handbook();
  if (!territory) throw new Error('config/territory does not say how territories are planned');
  return territory;
}

/** What accounts are planned by on a day. */
export async function planWorld(
  world: PlanningWorld,
  on: string,
): Promise<{ readonly by: PlanWorld; readonly drift: readonly Drift[] }> {
  const { rules: versions, rows } = territoryHandbook(world);
  const rules = rulesOn(versions, on);
  if (!rules) throw new Error('no version of the territory rules holds on this day');
  const { people, drift } = await readTerritoryPeople(world, rows);
  const by = { on, rules, table: territoryTable(rows), people, countries: (countries ??= knownCountries()) };
  return { by, drift };
}

/** The org's accounts, with their fields in the order in which they are read. */
export interface AccountsOfOrg {
  readonly accounts: TerritoryAccounts;
  readonly staging: TerritoryStaging;
  readonly columns: readonly string[];
  readonly fields: readonly string[];
  readonly read: (row: readonly (string | null)[]) => TerritoryAccount;
}

export function accountsOfOrg(world: Pick<ReadWorld, 'handbook' | 'connector'>): AccountsOfOrg {
  const { fields } = territoryHandbook(world);
  const { territoryAccounts: accounts, territoryStaging: staging } = world.connector('salesforce');
  if (!accounts || !staging) throw new Error('the Salesforce connector knows no territories');
  const columns = readColumns(fields);
  return {
    accounts,
    staging,
    columns: columns.map(({ name }) => name),
    fields: columns.map(({ field }) => field),
    read: accountReader(fields),
  };
}
