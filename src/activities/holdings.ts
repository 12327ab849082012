import { connectionOf } from '../domain/batches';
import type { System, Way } from '../domain/handbook';
import type { Holding } from '../domain/moves';
import type { PersonRecord } from '../evidence/store';
import type { AccessWay, Connector, GrantItem } from '../systems/connector';
import { SystemFault } from '../systems/fault';
import type { World } from './world';

/** What one way of a system shows of a person; null where it can't be asked. */
type Shown = { readonly held: boolean; readonly shows: Holding['shows'] } | null;

/**
 * What a person holds in each system, read from the systems; changes nothing. What only people look after, what daytwo isn't
 * set up for and what refuses to tell is `unknown`.
 *
 * @throws SystemFault where a system may answer later
 */
export async function holdingsOf(
  connector: World['connector'],
  person: PersonRecord,
  systems: readonly System[],
): Promise<readonly Holding[]> {
  const holdings: Holding[] = [];
  for (const system of systems) {
    const shown: Shown[] = [];
    for (const way of system.ways) shown.push(await shownBy(connector, person, system, way));
    const read = shown.filter((one) => one !== null);
    const held = read.filter((one) => one.held);
    const state =
      read.length === 0
        ? 'unknown'
        : held.length === 0
          ? 'none'
          : held.length < read.length
            ? 'partly'
            : 'held';
    holdings.push({
      system: system.key,
      state,
      shows: held.reduce<Holding['shows']>((all, { shows }) => ({ ...all, ...shows }), {}),
    });
  }
  return holdings;
}

async function shownBy(
  connectorOf: World['connector'],
  person: PersonRecord,
  system: System,
  way: Way,
): Promise<Shown> {
  const connection = connectionOf(way);
  if (connection === null || way.kind === 'person') return null;
  const connector = set(connectorOf, connection);
  if (connector === null) return null;
  try {
    return await look(connector, person, system, way);
  } catch (error) {
    if (error instanceof SystemFault && !error.retryable) return null;
    throw error;
  }
}

/** Null where daytwo isn't set up for it: then people look after it. */
function set(connectorOf: World['connector'], connection: string): Connector | null {
  try {
    return connectorOf(connection);
  } catch {
    return null;
  }
}

async function look(
  connector: Connector,
  person: PersonRecord,
  { key }: System,
  way: AccessWay,
): Promise<Shown> {
  if (way.kind === 'salesforce-psl' || way.kind === 'salesforce-package') {
    // The user alone doesn't say who has the licence.
    if (!connector.seats) return null;
    const item: GrantItem = { id: key, person, access: { way, system: key }, ours: false };
    return { held: (await connector.seats.holders([item])).has(key), shows: {} };
  }
  const accounts = await connector.find(way, [person.email]);
  const account = accounts.find(({ state }) => state !== 'inactive');
  if (!account) return { held: false, shows: {} };
  const { role, profile, team, licence } = account;
  const values = {
    ...(role === undefined ? {} : { role }),
    ...(profile === undefined ? {} : { profile }),
    ...(team === undefined ? {} : { team }),
    ...(licence === undefined ? {} : { licenceType: licence }),
  };
  // A group's name is no role of the system behind it.
  return { held: true, shows: way.kind === 'okta-group' ? {} : values };
}
