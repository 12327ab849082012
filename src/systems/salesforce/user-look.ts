import type { GrantItem, GrantPerson } from '../connector';
import type { Org } from './org';
import { isFrozen, loginsOf, stampOf } from './logins';
import { assignmentsOf, type Assignment } from './permission-sets';
import { textOf, type Row } from './soql';

const FIELDS =
  'SELECT Id, Username, Email, EmployeeNumber, FederationIdentifier, IsActive, ProfileId, UserRoleId, Profile.Name, UserRole.Name FROM User';

/** Users by the employee id of the person whose they are. */
export type Users = ReadonlyMap<string, Row>;

/**
 * The org's user of each person: by employee number or, for whom none is found, by federation id, or as it was found before;
 * never by a name alone.
 */
export async function usersOf(org: Org, people: readonly GrantPerson[]): Promise<Users> {
  const ids = people.map((person) => person.employeeId);
  const byNumber = await org.queryIn(FIELDS, 'EmployeeNumber', ids);
  const users = new Map(byNumber.map((row) => [textOf(row, 'EmployeeNumber'), row]));
  const others = people.filter((person) => !users.has(person.employeeId));
  const emails = others.map((person) => person.email);
  const byFederation = await org.queryIn(FIELDS, 'FederationIdentifier', emails);
  const unnumbered = new Map(
    byFederation
      .filter((row) => !textOf(row, 'EmployeeNumber'))
      .map((row) => [textOf(row, 'FederationIdentifier').toLowerCase(), row]),
  );
  for (const person of others) {
    const user = unnumbered.get(person.email.toLowerCase());
    if (user) users.set(person.employeeId, user);
  }
  const known = people.flatMap(({ employeeId, userId }): [string, string][] =>
    userId !== undefined && !users.has(employeeId) ? [[employeeId, userId]] : [],
  );
  if (known.length > 0)
    for (const [employeeId, user] of await readBack(org, new Map(known))) users.set(employeeId, user);
  return users;
}

/** How users stand in the org. */
export interface Shown {
  readonly user: (item: GrantItem) => Row | undefined;
  /** The permission sets that were asked for and aren't assigned. */
  readonly missingSets: (item: GrantItem) => readonly string[];
  /** What is assigned beyond what was approved, where its change was approved. */
  readonly extraSets: (item: GrantItem) => readonly Assignment[];
  /** Frozen for a leaving that is over, and not touched since: of those who may be unfrozen. */
  readonly frozen: (item: GrantItem) => boolean;
  /** Frozen by somebody else, or once more since: when; undefined where not. */
  readonly frozenOtherwise: (item: GrantItem) => string | undefined;
}

/** Users as they are now, with the permission sets of those for whom some were named. */
export async function look(org: Org, items: readonly GrantItem[], users: Users): Promise<Shown> {
  const user = (item: GrantItem): Row | undefined => users.get(item.person.employeeId);
  const withSets = items.filter((item) => item.access.permissionSets && user(item));
  const assigned = await assignmentsOf(
    org,
    withSets.map((item) => textOf(user(item), 'Id')),
  );
  const logins = await loginsOf(
    org,
    items.filter((item) => item.mayUnfreeze && user(item)).map((item) => textOf(user(item), 'Id')),
  );
  const loginOf = (item: GrantItem): Row | undefined => logins.get(textOf(user(item), 'Id'));
  const isOurs = (item: GrantItem): boolean =>
    item.mayUnfreeze?.get(textOf(user(item), 'Id')) === stampOf(loginOf(item));
  const setsOf = (item: GrantItem): readonly Assignment[] => assigned.get(textOf(user(item), 'Id')) ?? [];
  const isNamed = (item: GrantItem, name: string): boolean =>
    (item.access.permissionSets ?? []).some((asked) => same(asked, name));
  return {
    user,
    missingSets: (item) =>
      (item.access.permissionSets ?? []).filter(
        (name) => !setsOf(item).some((assignment) => same(assignment.name, name)),
      ),
    extraSets: (item) =>
      item.mayChange && item.access.permissionSets
        ? setsOf(item).filter((assignment) => assignment.own && !isNamed(item, assignment.name))
        : [],
    frozen: (item) => isFrozen(loginOf(item)) && isOurs(item),
    frozenOtherwise: (item) =>
      isFrozen(loginOf(item)) && !isOurs(item) ? stampOf(loginOf(item)) : undefined,
  };
}

/** The same users read again, by what identifies them in the org. */
export async function readBack(org: Org, ids: ReadonlyMap<string, string>): Promise<Users> {
  const rows = await org.queryIn(FIELDS, 'Id', [...ids.values()]);
  const byId = new Map(rows.map((row) => [textOf(row, 'Id'), row]));
  return new Map(
    [...ids].flatMap(([employeeId, id]): [string, Row][] => {
      const row = byId.get(id);
      return row ? [[employeeId, row]] : [];
    }),
  );
}

export const isActive = (user: Row | undefined): boolean => user?.['IsActive'] === true;

export const idOf = (item: GrantItem, users: Users): string =>
  textOf(users.get(item.person.employeeId), 'Id');

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
