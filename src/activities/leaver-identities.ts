import { connectionOf } from '../domain/batches';
import { holdersToday } from '../domain/heir';
import type { System } from '../domain/handbook';
import type { FoundAccess, LeaverCase } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import type { Found, LeaverAccess, LeaverIdentity } from '../systems/leavers';
import type { World } from './world';

export interface Identities {
  readonly people: ReadonlyMap<string, PersonRecord>;
  readonly identities: readonly LeaverIdentity[];
  /** Employee ids of those whose address of today somebody else has, too: what stands under it is left to people. */
  readonly shared: ReadonlySet<string>;
}

/**
 * By what the accounts of these people are recognised: HR's number, the address of today and those before it. An address that somebody
 * else has by now is left out: nothing is taken from the wrong person.
 */
export async function identitiesOf(
  world: Pick<World, 'store'>,
  cases: readonly LeaverCase[],
): Promise<Identities> {
  const ids = cases.map(({ employeeId }) => employeeId);
  const people = await world.store.peopleById(ids);
  const former = await world.store.leavers.formerEmails(ids);
  const known = await world.store.everybodyWith([
    ...[...people.values()].map(({ email }) => email),
    ...[...former.values()].flat(),
  ]);
  const shared = new Set<string>();
  const identities = [...people.values()].map(({ employeeId, email }) => {
    const isAnothers = (address: string): boolean =>
      holdersToday(known.get(address) ?? []).some((holder) => holder.employeeId !== employeeId);
    const today = email.toLowerCase();
    if (isAnothers(today)) shared.add(employeeId);
    const addresses = new Set([today, ...(former.get(employeeId) ?? [])]);
    return {
      employeeId,
      emails: [...addresses].filter((address) => !isAnothers(address)),
      federationId: null,
    };
  });
  return { people, identities, shared };
}

/**
 * Those of these people of whom these accounts say a federation id that nobody knew before, with it: other systems have an account
 * under it, perhaps with no address of theirs.
 */
export const withFederationIds = (
  identities: readonly LeaverIdentity[],
  accounts: ReadonlyMap<string, readonly Found[]>,
): readonly LeaverIdentity[] =>
  identities.flatMap((one) => {
    const federationId = accounts.get(one.employeeId)?.find((account) => account.federationId)?.federationId;
    return federationId === undefined ? [] : [{ ...one, federationId }];
  });

/** Every connection of the handbook that daytwo is set up for and that can say what a leaver has. */
export function leaverConnections(
  world: Pick<World, 'handbook' | 'connector'>,
): ReadonlyMap<string, LeaverAccess> {
  const found = new Map<string, LeaverAccess>();
  for (const { ways } of world.handbook().systems)
    for (const way of ways) {
      const connection = connectionOf(way);
      if (connection === null || found.has(connection)) continue;
      const access = accessOf(world, connection);
      if (access) found.set(connection, access);
    }
  return found;
}

/** Undefined where daytwo isn't set up for it: then people look after it. */
function accessOf(world: Pick<World, 'connector'>, connection: string): LeaverAccess | undefined {
  try {
    return world.connector(connection).leavers;
  } catch {
    return undefined;
  }
}

/** The systems to which an account belongs: one of the identity provider belongs to those whose group it is in. */
export const systemsOf = (
  systems: readonly System[],
  { connection, shows }: Pick<FoundAccess, 'connection' | 'shows'>,
): readonly System[] =>
  systems.filter(({ ways }) =>
    ways.some((way) => {
      if (way.kind === 'okta-group') return connection === 'okta' && shows.includes(way.group);
      if (way.kind === 'salesforce-user') return connection === 'salesforce';
      return way.kind === 'scim' && connection === `scim/${way.connection}`;
    }),
  );

/**
 * What of found accounts daytwo looks after: of one at the identity provider only the groups that the handbook names; null where
 * none is left.
 */
export function ownedOf(systems: readonly System[], account: Found): Found | null {
  if (account.connection !== 'okta') return account;
  const groups = systems.flatMap(({ ways }) =>
    ways.flatMap((way) => (way.kind === 'okta-group' ? [way.group] : [])),
  );
  const shows = account.shows.filter((name) => groups.includes(name));
  return shows.length === 0 ? null : { ...account, shows };
}

/** The accounts of these people at one connection, as far as daytwo looks after them; by employee id. */
export async function ownedAccounts(
  systems: readonly System[],
  access: LeaverAccess,
  identities: readonly LeaverIdentity[],
): Promise<ReadonlyMap<string, readonly Found[]>> {
  const all = await access.accountsOf(identities);
  return new Map(
    [...all].map(([employeeId, accounts]) => [
      employeeId,
      accounts.flatMap((account) => ownedOf(systems, account) ?? []),
    ]),
  );
}
