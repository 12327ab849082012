import { connectionOf } from '../domain/batches';
import type { Region, System, SystemKey, Way } from '../domain/handbook';
import { FEWEST_PEERS, tallySystem, type PeerAccess, type Peers, type SystemPeers } from '../domain/peers';
import { normaliseTitle } from '../domain/roles';
import type { Account } from '../systems/connector';
import type { World } from './world';

export interface PeersAsked {
  /** As HR or a person writes it. */
  readonly title: string;
  readonly region: Region;
  /** All systems where none is named. */
  readonly systems?: readonly SystemKey[];
}

/**
 * What the active people of a title and region have, read from the systems now. Nothing is read where they are too few to compare
 * with: it would tell of one person. @throws SystemFault where a system does not answer, SettingsError where one isn't set up
 */
export async function peersOf(
  world: Pick<World, 'store' | 'connector' | 'handbook'>,
  { title, region, systems }: PeersAsked,
): Promise<Peers> {
  const handbook = world.handbook();
  const wanted = normaliseTitle(title, handbook.naming);
  const people = (await world.store.activePeople(region)).filter(
    (person) => normaliseTitle(person.title, handbook.naming) === wanted,
  );
  const emails = [...new Set(people.map(({ email }) => email.toLowerCase()))];
  const found: SystemPeers[] = [];
  if (emails.length >= FEWEST_PEERS)
    for (const system of handbook.systems)
      if (!systems || systems.includes(system.key))
        found.push(tallySystem(system, await accessIn(world, system, emails)));
  return { title, region, people: emails.length, systems: found };
}

/** What each of them has in a system; null where it has no API. */
async function accessIn(
  world: Pick<World, 'connector'>,
  system: System,
  emails: readonly string[],
): Promise<readonly PeerAccess[] | null> {
  const ways = system.ways.filter((way) => way.kind !== 'person');
  if (ways.length === 0) return null;
  const access = new Map<string, PeerAccess>();
  for (const way of ways) {
    const connection = connectionOf(way);
    if (!connection) continue;
    for (const account of await world.connector(connection).find(way, emails))
      if (account.state === 'active') {
        const email = account.email.toLowerCase();
        access.set(email, { ...access.get(email), ...shownBy(way, account) });
      }
  }
  return [...access.values()];
}

/** A licence's holder has a role in Salesforce, not in what the licence is for; a group is none in the application. */
function shownBy(way: Way, { role, profile, team, licence }: Account): PeerAccess {
  if (way.kind === 'okta-group') return {};
  if (way.kind === 'salesforce-psl' || way.kind === 'salesforce-package') return licence ? { licence } : {};
  return {
    ...(role ? { role } : {}),
    ...(profile ? { profile } : {}),
    ...(team ? { team } : {}),
    ...(licence ? { licence } : {}),
  };
}
