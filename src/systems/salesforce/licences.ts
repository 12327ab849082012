import {
  beginAll,
  grantedOrAlready,
  needsPerson,
  revokedOrNothing,
  step,
  type AccessOutcome,
  type Begin,
  type GrantItem,
} from '../connector';
import { passing } from './errors';
import type { Org, Saved } from './org';
import { assign, assignmentsOf, NOT_SHOWN, setRefused, UNKNOWN_SET } from './permission-sets';
import { byPool, held, idsOf, namesIn, poolName, type Pool } from './pools';
import { textOf } from './soql';
import { idOf, isActive, type Users } from './user-look';

/** Who is asked about, and what is known of them. */
interface Holders {
  readonly users: Users;
  /** Employee ids of those whose user was made just now: they can't hold anything yet. */
  readonly made: ReadonlySet<string>;
}

/** Permission-set licences (Inbox) and managed-package licences (LeanData), each looked up, given and read back. */
export async function grantLicences(
  org: Org,
  items: readonly GrantItem[],
  holders: Holders,
  begin: Begin,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  const unknown = (item: GrantItem): AccessOutcome =>
    needsPerson(
      `Salesforce has no licence "${poolName(item)}"`,
      'Buy or install it, or mend its name in config/systems.yml, then tick "try again".',
    );
  for (const [pool, members] of await byPool(org, items, outcomes, unknown))
    await step(members, outcomes, (asked) => grantPool(org, pool, asked, holders, begin, outcomes));
  return outcomes;
}

async function grantPool(
  org: Org,
  pool: Pool,
  members: readonly GrantItem[],
  { users, made }: Holders,
  begin: Begin,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const isAble = (item: GrantItem): boolean => isActive(users.get(item.person.employeeId));
  for (const item of members)
    if (!isAble(item))
      outcomes.set(
        item.id,
        needsPerson(
          'there is no active Salesforce user to give the licence to',
          'Mend the Salesforce task first, then tick "try again".',
        ),
      );
  const able = members.filter(isAble);
  const old = able.filter(({ person }) => !made.has(person.employeeId));
  const had = await held(org, pool, old, users);
  const missing = able.filter((item) => !had.has(idOf(item, users)));
  const bare = await withoutSet(
    org,
    pool,
    able.filter((item) => !missing.includes(item)),
    users,
    outcomes,
  );
  await beginAll(begin, [...missing, ...bare], (item) =>
    missing.includes(item)
      ? `no licence ${pool.name}`
      : `licence ${pool.name} without permission set ${pool.permissionSet ?? ''}`,
  );
  await step(missing, outcomes, (asked) => give(org, pool, asked, users, outcomes));
  const changed = [...missing, ...bare];
  await step(changed, outcomes, (asked) => giveSet(org, pool, asked, users, outcomes));
  for (const item of able)
    if (!outcomes.has(item.id))
      outcomes.set(item.id, grantedOrAlready(item.ours || changed.includes(item), licenceInWords(item)));
}

async function give(
  org: Org,
  pool: Pool,
  missing: readonly GrantItem[],
  users: Users,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const saved = await org.create(
    pool.object,
    missing.map((item) => ({ [pool.userField]: idOf(item, users), [pool.licenceField]: pool.licenceId })),
  );
  missing.forEach((item, at) => {
    const refused = saved[at] && refusal(saved[at], pool);
    if (refused) outcomes.set(item.id, refused);
  });
  const given = missing.filter(({ id }) => !outcomes.has(id));
  const has = await held(org, pool, given, users);
  for (const item of given)
    if (!has.has(idOf(item, users)))
      outcomes.set(
        item.id,
        needsPerson('the licence is not shown after it was given', 'Mend it, then tick "try again".'),
      );
}

/**
 * Those who hold the licence without its permission set and are to get it: what we began, and what was approved as a change.
 * A licence that was held before us is left as it is.
 */
async function withoutSet(
  org: Org,
  pool: Pool,
  holding: readonly GrantItem[],
  users: Users,
  outcomes: Map<string, AccessOutcome>,
): Promise<readonly GrantItem[]> {
  if (pool.permissionSet === null || holding.length === 0) return [];
  const { permissionSet } = pool;
  await org.names.learn('PermissionSet', [permissionSet]);
  const setId = org.names.idOf('PermissionSet', permissionSet);
  const assigned =
    setId === undefined ? new Map<string, unknown>() : await assignmentsOf(org, idsOf(holding, users), setId);
  const bare = holding.filter((item) => !assigned.has(idOf(item, users)));
  for (const item of bare)
    if (!item.ours && !item.mayChange)
      outcomes.set(
        item.id,
        needsPerson(
          `the licence was held before, without the permission set "${permissionSet}"`,
          'Agree on which is right, set it there, then tick "try again".',
        ),
      );
  return bare.filter(({ id }) => !outcomes.has(id));
}

/** Gives the licence's permission set to those who got the licence, and reads it back. */
async function giveSet(
  org: Org,
  pool: Pool,
  items: readonly GrantItem[],
  users: Users,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const { permissionSet } = pool;
  if (permissionSet === null) return;
  await org.names.learn('PermissionSet', [permissionSet]);
  const setId = org.names.idOf('PermissionSet', permissionSet);
  if (setId === undefined) {
    for (const { id } of items) outcomes.set(id, setRefused(permissionSet, UNKNOWN_SET));
    return;
  }
  const codes = await assign(
    org,
    items.map((item) => ({ userId: idOf(item, users), setId })),
  );
  items.forEach((item, at) => {
    const code = codes[at];
    if (code !== undefined) outcomes.set(item.id, setRefused(permissionSet, code));
  });
  const assigned = items.filter(({ id }) => !outcomes.has(id));
  const shown = await assignmentsOf(org, idsOf(assigned, users), setId);
  for (const item of assigned)
    if (!shown.has(idOf(item, users))) outcomes.set(item.id, setRefused(permissionSet, NOT_SHOWN));
}

export async function revokeLicences(
  org: Org,
  items: readonly GrantItem[],
  users: Users,
  begin: Begin,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  const unknown = (item: GrantItem): AccessOutcome =>
    revokedOrNothing(item.ours, `Salesforce has no licence "${poolName(item)}"`);
  await org.names.learnTogether(namesIn(items.map(({ access }) => access.way)));
  for (const [pool, members] of await byPool(org, items, outcomes, unknown))
    await step(members, outcomes, (asked) => revokePool(org, pool, asked, users, begin, outcomes));
  return outcomes;
}

async function revokePool(
  org: Org,
  pool: Pool,
  members: readonly GrantItem[],
  users: Users,
  begin: Begin,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const had = await held(org, pool, members, users);
  for (const item of members)
    if (!had.has(idOf(item, users)))
      outcomes.set(item.id, revokedOrNothing(item.ours, 'holds no such licence'));
  const holding = members.filter(({ id }) => !outcomes.has(id));
  await beginAll(begin, holding, licenceInWords);
  await takeSet(org, pool, holding, users);
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
}

/** A licence can't be taken while a permission set needs it. */
async function takeSet(org: Org, pool: Pool, holding: readonly GrantItem[], users: Users): Promise<void> {
  if (pool.permissionSet === null || holding.length === 0) return;
  await org.names.learn('PermissionSet', [pool.permissionSet]);
  const setId = org.names.idOf('PermissionSet', pool.permissionSet);
  if (setId === undefined) return;
  const assigned = await assignmentsOf(org, idsOf(holding, users), setId);
  await org.remove(
    'PermissionSetAssignment',
    [...assigned.values()].flat().map(({ id }) => id),
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

const licenceInWords = (item: GrantItem): string => `licence ${poolName(item)}`;
