import { rulesOn } from '../domain/territory/handbook';
import { territoryTable } from '../domain/territory/place';
import type { PlanWorld } from '../domain/territory/plan-family';
import { knownCountries } from '../handbook/countries';
import { readTerritoryPeople } from './territory-people';
import type { ReadWorld } from './world';

/** What families are planned by on a day; null where the handbook has no territories, or no rules for that day. */
export async function planWorldOn(
  world: Pick<ReadWorld, 'handbook' | 'connector' | 'store'>,
  on: string,
): Promise<PlanWorld | null> {
  const { territory } = world.handbook();
  const rules = territory && rulesOn(territory.rules, on);
  if (!rules) return null;
  const { people } = await readTerritoryPeople(world, territory.rows);
  return { on, rules, table: territoryTable(territory.rows), people, countries: knownCountries() };
}
