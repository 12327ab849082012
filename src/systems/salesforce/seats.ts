import type { AccessWay, GrantItem, SeatCount, SeatLicence } from '../connector';
import type { Org } from './org';
import { literal, textOf, type Row } from './soql';
import { isActive, usersOf } from './user-look';

/** Which object counts the seats of a kind of licence, and which one gives a seat to a user. */
interface Kind {
  readonly object: 'UserLicense' | 'PermissionSetLicense' | 'PackageLicense';
  readonly names: readonly string[];
  readonly total: 'TotalLicenses' | 'AllowedLicenses';
}

const KINDS: Readonly<Record<SeatLicence['kind'], Kind>> = {
  'salesforce-user': { object: 'UserLicense', names: ['Name'], total: 'TotalLicenses' },
  'salesforce-psl': {
    object: 'PermissionSetLicense',
    names: ['DeveloperName', 'MasterLabel'],
    total: 'TotalLicenses',
  },
  'salesforce-package': { object: 'PackageLicense', names: ['NamespacePrefix'], total: 'AllowedLicenses' },
};

/**
 * How many seats each licence has, and how many are taken, one query for each kind of licence. A licence that the org doesn't
 * have is left out; a site licence (`AllowedLicenses` -1) has no total.
 */
export async function seatsOf(
  org: Org,
  licences: readonly SeatLicence[],
): Promise<ReadonlyMap<string, SeatCount>> {
  const counts = new Map<string, SeatCount>();
  for (const [kind, { object, names, total }] of Object.entries(KINDS)) {
    const asked = licences.filter((licence) => licence.kind === kind).map(({ name }) => name);
    if (asked.length === 0) continue;
    const list = asked.map(literal).join(', ');
    const rows = await org.query(
      `SELECT ${[...names, total, 'UsedLicenses'].join(', ')} FROM ${object} WHERE ${names.map((name) => `${name} IN (${list})`).join(' OR ')}`,
    );
    for (const name of asked) {
      const row = rows.find((one) =>
        names.some((field) => textOf(one, field).toLowerCase() === name.toLowerCase()),
      );
      if (row) counts.set(name, { total: limitOf(row[total]), used: Number(row['UsedLicenses'] ?? 0) });
    }
  }
  return counts;
}

const limitOf = (total: unknown): number | null => (typeof total === 'number' && total >= 0 ? total : null);

/** The ids of those items whose person has the seat already: to grant them takes none. */
export async function seatHolders(org: Org, items: readonly GrantItem[]): Promise<ReadonlySet<string>> {
  const holders = new Set<string>();
  const users = await usersOf(
    org,
    items.map(({ person }) => person),
  );
  for (const item of items)
    if (item.access.way.kind === 'salesforce-user' && isActive(users.get(item.person.employeeId)))
      holders.add(item.id);
  const idOf = (item: GrantItem): string => textOf(users.get(item.person.employeeId), 'Id');
  const asked = ASSIGNED.map(({ kind }) =>
    items.filter((item) => item.access.way.kind === kind && idOf(item) !== ''),
  );
  const rows = await org.queriesIn(
    ASSIGNED.map(({ select, user }, at) => ({ select, field: user, values: (asked[at] ?? []).map(idOf) })),
  );
  ASSIGNED.forEach(({ user, licence, names }, at) => {
    const taken = new Set(
      (rows[at] ?? []).flatMap((row) =>
        names.map((name) => keyOf(textOf(row, user), textOf(row[licence] as Row | undefined, name))),
      ),
    );
    for (const item of asked[at] ?? [])
      if (taken.has(keyOf(idOf(item), licenceOf(item.access.way)))) holders.add(item.id);
  });
  return holders;
}

/** Where a kind of licence says who holds it. */
const ASSIGNED = [
  {
    kind: 'salesforce-psl',
    select:
      'SELECT AssigneeId, PermissionSetLicense.DeveloperName, PermissionSetLicense.MasterLabel FROM PermissionSetLicenseAssign',
    user: 'AssigneeId',
    licence: 'PermissionSetLicense',
    names: ['DeveloperName', 'MasterLabel'],
  },
  {
    kind: 'salesforce-package',
    select: 'SELECT UserId, PackageLicense.NamespacePrefix FROM UserPackageLicense',
    user: 'UserId',
    licence: 'PackageLicense',
    names: ['NamespacePrefix'],
  },
] as const;

const keyOf = (user: string, licence: string): string => `${user} ${licence.toLowerCase()}`;

const licenceOf = (way: AccessWay): string =>
  way.kind === 'salesforce-psl'
    ? way.permissionSetLicense
    : way.kind === 'salesforce-package'
      ? way.namespace
      : '';
