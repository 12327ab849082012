import type { Handbook } from '../domain/handbook';
import { isHolders, type Holders } from '../domain/territory/order';
import { namesIn, territoryPeople } from '../domain/territory/people';
import type { TerritoryRow } from '../domain/territory/table';
import { SystemFault } from '../systems/fault';
import type { ReadWorld } from './world';

/** In the evidence: the router was given what the tables say. */
export const ROUTED = 'territory.routed';

/** What the router was given last; null: nothing that is known. */
export async function routed(world: Pick<ReadWorld, 'store'>): Promise<Holders | null> {
  const territories = (await world.store.lastOf(ROUTED))?.detail['territories'];
  return isHolders(territories) ? new Map(Object.entries(territories)) : null;
}

/**
 * The people of each territory on the day of a plan, and where Salesforce, table and router disagree.
 *
 * @param rows of the tables that are meant: those in force, or of a what-if
 */
export async function readTerritoryPeople(
  world: Pick<ReadWorld, 'store' | 'connector' | 'handbook'>,
  rows: readonly TerritoryRow[],
): Promise<ReturnType<typeof territoryPeople> & { readonly inactive: readonly string[] }> {
  const { people, territory } = world.handbook();
  const { territories: keeper } = world.connector('salesforce');
  if (!keeper)
    throw new SystemFault('salesforce', 'unsupported', false, 'this CRM tells nothing of territories');
  const emails = emailsOf(people, namesIn(rows));
  const where = territory?.fields.territory;
  const territories = where ? await keeper.records(where) : null;
  const users = await keeper.users(
    [...emails.values()],
    (territories ?? []).flatMap(({ ownerId }) => ownerId ?? []),
  );
  const active = new Set(users.filter(({ isActive }) => isActive).map(({ email }) => email));
  return {
    ...territoryPeople({ rows, emails, users, territories, router: await routed(world) }),
    inactive: [...emails].flatMap(([name, email]) => (active.has(email) ? [] : [name])),
  };
}

const emailsOf = ({ members }: Handbook['people'], names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    members.flatMap(({ name, email }) =>
      names.includes(name) ? [[name, email.toLowerCase()] as const] : [],
    ),
  );
