import { SystemFault } from '../fault';
import { groupedBy } from '../grouped';
import type { Found, LeaverAccess, LeaverOutcome } from '../leavers';
import { passing } from './errors';
import { accountsOf } from './leaver-look';
import { usedSince } from './later-use';
import { byUser, isFrozen, LOGINS, loginsOf, setFrozen, stampOf } from './logins';
import { isGone, type Org, type Saved } from './org';
import { refusalOf } from './refusals';
import { textOf, type Row } from './soql';

/** What can be done about a leaver's user: seen, frozen, freed of rights over others, ended, looked back at. */
export const leaverAccess = (org: Org): LeaverAccess => ({
  accountsOf: (people) => accountsOf(org, people),
  freeze: (accounts) => freeze(org, accounts.map(idOf)),
  unfreeze: (accounts) => unfreeze(org, accounts.map(idOf)),
  takeAdminRights: (ids) => takeAdminRights(org, ids),
  end: (accounts) => end(org, accounts.map(idOf)),
  usedSince: (ids, since) => usedSince(org, ids, since),
});

const idOf = ({ accountId }: Pick<Found, 'accountId'>): string => accountId;

type Outcomes = ReadonlyMap<string, LeaverOutcome>;

/**
 * Freezes users, reads them back, and ends their sessions (a freeze alone leaves who is signed in where they are). Frozen
 * users keep their licence.
 */
async function freeze(org: Org, ids: readonly string[]): Promise<Outcomes> {
  const before = await loginsOf(org, ids);
  const saved = await setFrozen(org, before, true);
  const [logins = [], sessions = []] = await org.queriesIn([
    { ...LOGINS, values: ids },
    { select: 'SELECT Id, UsersId FROM AuthSession', field: 'UsersId', values: ids },
  ]);
  const after = byUser(logins);
  const left = await endSessions(org, sessions);
  return outcomesOf(ids, (id) => {
    if (!isFrozen(after.get(id))) return refusalOf(saved.get(id));
    const session = left.ofUser.get(id);
    if (session !== undefined) return sessionLeft(session);
    const stamp = stampOf(after.get(id));
    return { kind: saved.has(id) || left.ended.has(id) ? 'gone' : 'was_gone', stamp };
  });
}

/** The freeze of a suspension is lifted: `gone` where it is gone now. */
async function unfreeze(org: Org, ids: readonly string[]): Promise<Outcomes> {
  const saved = await setFrozen(org, await loginsOf(org, ids), false);
  const after = await loginsOf(org, ids);
  return outcomesOf(ids, (id) => {
    if (after.get(id)?.['IsFrozen'] !== false) return refusalOf(saved.get(id));
    return { kind: saved.has(id) ? 'gone' : 'was_gone' };
  });
}

async function endSessions(
  org: Org,
  sessions: readonly Row[],
): Promise<{ readonly ended: ReadonlySet<string>; readonly ofUser: ReadonlyMap<string, Saved> }> {
  const saved = await org.remove(
    'AuthSession',
    sessions.map((row) => textOf(row, 'Id')),
  );
  const ofUser = new Map<string, Saved>();
  saved.forEach((one, at) => {
    if (!isGone(one)) ofUser.set(textOf(sessions[at], 'UsersId'), one);
  });
  return { ended: new Set(sessions.map((row) => textOf(row, 'UsersId'))), ofUser };
}

function sessionLeft(saved: Saved): LeaverOutcome {
  const outcome = refusalOf(saved);
  return outcome.kind === 'refused'
    ? {
        ...outcome,
        blocker: `the user is frozen, but a session of theirs goes on: ${outcome.code}`,
        mend: 'In **Setup › Session Management**, select their sessions and remove them.',
      }
    : outcome;
}

const ADMIN_RIGHTS =
  '(PermissionSet.PermissionsManageUsers = true OR PermissionSet.PermissionsModifyAllData = true) AND PermissionSet.IsOwnedByProfile = false';

/**
 * Takes permission sets that let their holder manage users or modify all data. Their profile's own rights stay until the
 * user is frozen. A lost answer is looked into here, so that the names of what was taken aren't lost with it.
 *
 * @throws SystemFault where any of them is left: `accountsOf` told before what there was
 */
async function takeAdminRights(
  org: Org,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const before = await adminSets(org, ids);
  if (before.length === 0) return new Map();
  let fault: SystemFault | undefined;
  try {
    const saved = await org.remove(
      'PermissionSetAssignment',
      before.map((row) => textOf(row, 'Id')),
    );
    const code = saved.find((one) => !isGone(one))?.code;
    if (code !== undefined) fault = notTaken(code);
  } catch (error) {
    if (!(error instanceof SystemFault && error.retryable)) throw error;
    fault = error;
  }
  if ((await adminSets(org, ids)).length > 0) throw fault ?? notTaken('NOT_SHOWN');
  return new Map(
    [...groupedBy(before, (row) => textOf(row, 'AssigneeId'))].map(([id, rows]) => [
      id,
      rows.map((row) => textOf(row['PermissionSet'] as Row | undefined, 'Name')).sort(),
    ]),
  );
}

const notTaken = (code: string): SystemFault =>
  new SystemFault('salesforce', code, passing(code) !== undefined, 'taking a permission set was refused');

const adminSets = (org: Org, ids: readonly string[]): Promise<readonly Row[]> =>
  org.queryIn(
    'SELECT Id, AssigneeId, PermissionSet.Name FROM PermissionSetAssignment',
    `${ADMIN_RIGHTS} AND AssigneeId`,
    ids,
  );

/** Deactivates users, which frees their licence, and reads them back. Users are never deleted. */
async function end(org: Org, ids: readonly string[]): Promise<Outcomes> {
  const before = await activeOf(org, ids);
  const active = ids.filter((id) => before.get(id) === true);
  const answers = await org.update(
    'User',
    active.map((Id) => ({ Id, IsActive: false })),
  );
  const saved = new Map(active.map((id, at) => [id, answers[at]]));
  const after = active.length > 0 ? await activeOf(org, ids) : before;
  return outcomesOf(ids, (id) => {
    if (after.get(id) !== false) return refusalOf(saved.get(id));
    return { kind: saved.has(id) ? 'gone' : 'was_gone' };
  });
}

async function activeOf(org: Org, ids: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
  const rows = await org.queryIn('SELECT Id, IsActive FROM User', 'Id', ids);
  return new Map(rows.map((row) => [textOf(row, 'Id'), row['IsActive'] === true]));
}

const outcomesOf = (ids: readonly string[], outcomeOf: (id: string) => LeaverOutcome): Outcomes =>
  new Map(ids.map((id) => [id, outcomeOf(id)]));
