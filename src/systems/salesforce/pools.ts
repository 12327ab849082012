import { step, type AccessOutcome, type AccessWay, type GrantItem } from '../connector';
import { groupedBy } from '../grouped';
import type { Org } from './org';
import { literal, textOf, type Row } from './soql';
import { idOf, type Users } from './user-look';

/** How a kind of licence stands in the org: which object lists it, and which one gives it to a user. */
export interface Pool {
  readonly name: string;
  readonly licenceId: string;
  readonly object: 'PermissionSetLicenseAssign' | 'UserPackageLicense';
  readonly userField: 'AssigneeId' | 'UserId';
  readonly licenceField: 'PermissionSetLicenseId' | 'PackageLicenseId';
  /** The permission set that comes with it. */
  readonly permissionSet: string | null;
}

/** Members by the licence that they are to have; who asks for one that the org lacks gets `unknown`. */
export async function byPool(
  org: Org,
  items: readonly GrantItem[],
  outcomes: Map<string, AccessOutcome>,
  unknown: (item: GrantItem) => AccessOutcome,
): Promise<ReadonlyMap<Pool, readonly GrantItem[]>> {
  const pools = new Map<Pool, readonly GrantItem[]>();
  for (const members of groupedBy(items, ({ access: { way } }) => JSON.stringify(way)).values())
    await step(members, outcomes, async ([first, ...others]) => {
      const pool = first && (await poolOf(org, first.access.way));
      if (pool) pools.set(pool, [first, ...others]);
      else for (const item of members) outcomes.set(item.id, unknown(item));
    });
  return pools;
}

/** What is looked up by name of these ways, by kind. */
export function namesIn(ways: readonly AccessWay[]): Parameters<Org['names']['learnTogether']>[0] {
  const psls = ways.filter((way) => way.kind === 'salesforce-psl');
  return {
    PermissionSetLicense: psls.map(licenceNameOf),
    PackageLicense: ways.filter(({ kind }) => kind === 'salesforce-package').map(licenceNameOf),
    PermissionSet: psls.flatMap(({ permissionSet }) => permissionSet ?? []),
  };
}

async function poolOf(org: Org, way: AccessWay): Promise<Pool | undefined> {
  const name = licenceNameOf(way);
  if (way.kind === 'salesforce-psl') {
    await org.names.learnLicence(name);
    const licenceId = org.names.idOf('PermissionSetLicense', name);
    return licenceId === undefined
      ? undefined
      : {
          name,
          licenceId,
          object: 'PermissionSetLicenseAssign',
          userField: 'AssigneeId',
          licenceField: 'PermissionSetLicenseId',
          permissionSet: way.permissionSet,
        };
  }
  await org.names.learn('PackageLicense', [name]);
  const licenceId = org.names.idOf('PackageLicense', name);
  return licenceId === undefined
    ? undefined
    : {
        name,
        licenceId,
        object: 'UserPackageLicense',
        userField: 'UserId',
        licenceField: 'PackageLicenseId',
        permissionSet: null,
      };
}

/** Who of these users holds the licence of a way; nobody where the org has none such. */
export async function holdersOf(
  org: Org,
  way: AccessWay,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const pool = await poolOf(org, way);
  return new Set(pool ? (await heldBy(org, pool, userIds)).keys() : []);
}

/** Who of them holds the licence, by the user's id. */
export const held = (
  org: Org,
  pool: Pool,
  items: readonly GrantItem[],
  users: Users,
): Promise<ReadonlyMap<string, Row>> => heldBy(org, pool, idsOf(items, users));

async function heldBy(org: Org, pool: Pool, userIds: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const rows = await org.queryIn(
    `SELECT Id, ${pool.userField} FROM ${pool.object}`,
    `${pool.licenceField} = ${literal(pool.licenceId)} AND ${pool.userField}`,
    userIds,
  );
  return new Map(rows.map((row) => [textOf(row, pool.userField), row]));
}

/** The name that a licence goes by in the org; empty for what is no licence. */
export function licenceNameOf(way: AccessWay): string {
  if (way.kind === 'salesforce-psl') return way.permissionSetLicense;
  return way.kind === 'salesforce-package' ? way.namespace : '';
}

export const poolName = (item: GrantItem): string => licenceNameOf(item.access.way);

/** Ids of the users of those who have one. */
export const idsOf = (items: readonly GrantItem[], users: Users): readonly string[] =>
  items.map((item) => idOf(item, users)).filter((id) => id !== '');
