import {
  grantedOrAlready,
  needsPerson,
  revokedOrNothing,
  step,
  type AccessOutcome,
  type GrantItem,
} from '../connector';
import { passing } from './errors';
import { literal, textOf, type Org, type Row, type Saved } from './org';
import { assignPermissionSet, isActive, setRefused } from './users';

/** How a kind of licence stands in the org: which object lists it, and which one gives it to a user. */
interface Pool {
  readonly name: string;
  readonly licenceId: string;
  readonly object: 'PermissionSetLicenseAssign' | 'UserPackageLicense';
  readonly userField: 'AssigneeId' | 'UserId';
  readonly licenceField: 'PermissionSetLicenseId' | 'PackageLicenseId';
}

/** Permission-set licences (Inbox) and managed-package licences (LeanData), each looked up, given and read back. */
export async function grantLicences(
  org: Org,
  items: readonly GrantItem[],
  users: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  const unknown = (item: GrantItem): AccessOutcome =>
    needsPerson(
      `Salesforce has no licence "${poolName(item)}"`,
      'Buy or install it, or mend its name in config/systems.yml, then tick "try again".',
    );
  for (const [pool, members] of await byPool(org, items, outcomes, unknown))
    await step(members, outcomes, (asked) => grantPool(org, pool, asked, users, outcomes));
  return outcomes;
}

async function grantPool(
  org: Org,
  pool: Pool,
  members: readonly GrantItem[],
  users: ReadonlyMap<string, Row>,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const able = members.filter((item) => isActive(users.get(item.person.employeeId)));
  for (const item of members)
    if (!able.includes(item))
      outcomes.set(
        item.id,
        needsPerson(
          'there is no active Salesforce user to give the licence to',
          'Mend the Salesforce task first, then tick "try again".',
        ),
      );
  const had = await held(org, pool, able, users);
  const missing = able.filter((item) => !had.has(idOf(item, users)));
  for (const item of missing) await item.beforeChange(`no licence ${pool.name}`);
  const saved = await org.create(
    pool.object,
    missing.map((item) => ({ [pool.userField]: idOf(item, users), [pool.licenceField]: pool.licenceId })),
  );
  missing.forEach((item, at) => {
    const refused = saved[at] && refusal(saved[at], pool);
    if (refused) outcomes.set(item.id, refused);
  });
  const has = await held(org, pool, able, users);
  for (const item of able)
    await step([item], outcomes, async () => {
      const ours = item.ours || missing.includes(item);
      outcomes.set(
        item.id,
        has.has(idOf(item, users))
          ? ((await permissionSetProblem(org, item, idOf(item, users), ours)) ??
              grantedOrAlready(ours, licenceInWords(item)))
          : needsPerson('the licence is not shown after it was given', 'Mend it, then tick "try again".'),
      );
    });
}

export async function revokeLicences(
  org: Org,
  items: readonly GrantItem[],
  users: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  const unknown = (item: GrantItem): AccessOutcome =>
    revokedOrNothing(item.ours, `Salesforce has no licence "${poolName(item)}"`);
  for (const [pool, members] of await byPool(org, items, outcomes, unknown))
    await step(members, outcomes, (asked) => revokePool(org, pool, asked, users, outcomes));
  return outcomes;
}

async function revokePool(
  org: Org,
  pool: Pool,
  members: readonly GrantItem[],
  users: ReadonlyMap<string, Row>,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const had = await held(org, pool, members, users);
  for (const item of members)
    if (!had.has(idOf(item, users)))
      outcomes.set(item.id, revokedOrNothing(item.ours, 'holds no such licence'));
  for (const item of members)
    await step([item], outcomes, async () => {
      await item.beforeChange(licenceInWords(item));
      await takePermissionSet(org, item, idOf(item, users));
    });
  await step(members, outcomes, async (holding) => {
    const removed = await org.remove(
      pool.object,
      holding.map((item) => textOf(had.get(idOf(item, users)), 'Id')),
    );
    const left = await held(org, pool, holding, users);
    holding.forEach((item, at) =>
      outcomes.set(
        item.id,
        left.has(idOf(item, users))
          ? (passing(removed[at]?.code) ??
              needsPerson(`the licence ${pool.name} is still held`, 'Take it back by hand.'))
          : { kind: 'revoked', verified: true },
      ),
    );
  });
}

async function byPool(
  org: Org,
  items: readonly GrantItem[],
  outcomes: Map<string, AccessOutcome>,
  unknown: (item: GrantItem) => AccessOutcome,
): Promise<Map<Pool, GrantItem[]>> {
  const pools = new Map<string, Pool | undefined>();
  const grouped = new Map<Pool, GrantItem[]>();
  for (const item of items)
    await step([item], outcomes, async () => {
      const name = poolName(item);
      if (!pools.has(name)) pools.set(name, await poolOf(org, item));
      const pool = pools.get(name);
      if (pool) grouped.set(pool, [...(grouped.get(pool) ?? []), item]);
      else outcomes.set(item.id, unknown(item));
    });
  return grouped;
}

async function poolOf(org: Org, item: GrantItem): Promise<Pool | undefined> {
  const name = poolName(item);
  if (item.access.way.kind === 'salesforce-psl') {
    const [row] = await org.query(
      `SELECT Id FROM PermissionSetLicense WHERE DeveloperName = ${literal(name)} OR MasterLabel = ${literal(name)}`,
    );
    return (
      row && {
        name,
        licenceId: textOf(row, 'Id'),
        object: 'PermissionSetLicenseAssign',
        userField: 'AssigneeId',
        licenceField: 'PermissionSetLicenseId',
      }
    );
  }
  const [row] = await org.query(`SELECT Id FROM PackageLicense WHERE NamespacePrefix = ${literal(name)}`);
  return (
    row && {
      name,
      licenceId: textOf(row, 'Id'),
      object: 'UserPackageLicense',
      userField: 'UserId',
      licenceField: 'PackageLicenseId',
    }
  );
}

async function held(
  org: Org,
  pool: Pool,
  items: readonly GrantItem[],
  users: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, Row>> {
  if (items.length === 0) return new Map();
  const rows = await org.queryIn(
    `SELECT Id, ${pool.userField} FROM ${pool.object}`,
    `${pool.licenceField} = ${literal(pool.licenceId)} AND ${pool.userField}`,
    items.map((item) => idOf(item, users)),
  );
  return new Map(rows.map((row) => [textOf(row, pool.userField), row]));
}

/** Gives the licence's permission set, where it is to be had with it; a licence that was held before us is left as it is. */
async function permissionSetProblem(
  org: Org,
  item: GrantItem,
  userId: string,
  ours: boolean,
): Promise<AccessOutcome | undefined> {
  const { way } = item.access;
  if (way.kind !== 'salesforce-psl' || !way.permissionSet) return undefined;
  if (!ours && (await assignmentsOf(org, userId, way.permissionSet)).length === 0)
    return needsPerson(
      `the licence was held before, without the permission set "${way.permissionSet}"`,
      'Agree on which is right, set it there, then tick "try again".',
    );
  const [set] = await org.query(`SELECT Id FROM PermissionSet WHERE Name = ${literal(way.permissionSet)}`);
  const code = set ? await assignPermissionSet(org, userId, textOf(set, 'Id')) : 'it does not exist';
  return code === undefined ? undefined : (passing(code) ?? setRefused(way.permissionSet, code));
}

const assignmentsOf = (org: Org, userId: string, permissionSet: string): Promise<readonly Row[]> =>
  org.query(
    `SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = ${literal(userId)} AND PermissionSet.Name = ${literal(permissionSet)}`,
  );

/** A licence can't be taken while a permission set needs it. */
async function takePermissionSet(org: Org, item: GrantItem, userId: string): Promise<void> {
  const { way } = item.access;
  if (way.kind !== 'salesforce-psl' || !way.permissionSet) return;
  const assigned = await assignmentsOf(org, userId, way.permissionSet);
  await org.remove(
    'PermissionSetAssignment',
    assigned.map((row) => textOf(row, 'Id')),
  );
}

function refusal(saved: Saved, pool: Pool): AccessOutcome | undefined {
  if (saved.success || saved.code === 'DUPLICATE_VALUE') return undefined;
  const forNow = passing(saved.code);
  if (forNow) return forNow;
  if (saved.code === 'LICENSE_LIMIT_EXCEEDED') return { kind: 'waiting_for_seat', licence: pool.name };
  return needsPerson(
    `Salesforce refused the licence ${pool.name}: ${saved.code ?? 'no code'}`,
    'Give it by hand or mend the cause, then tick "try again".',
  );
}

function poolName(item: GrantItem): string {
  const { way } = item.access;
  if (way.kind === 'salesforce-psl') return way.permissionSetLicense;
  return way.kind === 'salesforce-package' ? way.namespace : '';
}

const licenceInWords = (item: GrantItem): string => `licence ${poolName(item)}`;
const idOf = (item: GrantItem, users: ReadonlyMap<string, Row>): string =>
  textOf(users.get(item.person.employeeId), 'Id');
