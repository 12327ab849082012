import type { LaterUse } from '../leavers';
import type { Org } from './org';
import { instant, textOf } from './soql';

/** What people change in their daily work. */
const RECORDS = ['Lead', 'Account', 'Opportunity', 'Case'] as const;

/**
 * Sign-ins that succeeded, changes in the setup, and the records whose last change was theirs, after an instant. A record
 * that somebody else changed after them no longer shows theirs.
 */
export async function usedSince(
  org: Org,
  ids: readonly string[],
  since: string,
): Promise<readonly LaterUse[]> {
  const after = instant(since);
  const signIns = new Map<string, LaterUse['signIns'][number][]>(ids.map((id) => [id, []]));
  const changes = new Map<string, Record<string, number>>(ids.map((id) => [id, {}]));
  // `Status` can't be asked for in a condition.
  for (const row of await org.queryIn(
    'SELECT UserId, LoginTime, LoginType, Application, Status FROM LoginHistory',
    `LoginTime > ${after} AND UserId`,
    ids,
  ))
    if (row['Status'] === 'Success')
      signIns.get(textOf(row, 'UserId'))?.push({
        at: textOf(row, 'LoginTime'),
        what: [textOf(row, 'LoginType'), textOf(row, 'Application')].filter(Boolean).join(', '),
      });
  const count = (id: string, what: string, more: number): void => {
    const of = changes.get(id);
    if (of && more > 0) of[what] = (of[what] ?? 0) + more;
  };
  // This object counts nothing by itself.
  for (const row of await org.queryIn(
    'SELECT CreatedById FROM SetupAuditTrail',
    `CreatedDate > ${after} AND CreatedById`,
    ids,
  ))
    count(textOf(row, 'CreatedById'), 'setup', 1);
  for (const object of RECORDS)
    for (const [id, changed] of await countedBy(org, object, ids, after)) count(id, object, changed);
  return ids
    .map((accountId) => ({
      accountId,
      signIns: [...(signIns.get(accountId) ?? [])].sort((one, other) => one.at.localeCompare(other.at)),
      changes: changes.get(accountId) ?? {},
    }))
    .filter((use) => use.signIns.length > 0 || Object.keys(use.changes).length > 0);
}

/** How many records each of them changed last. */
async function countedBy(
  org: Org,
  object: string,
  ids: readonly string[],
  after: string,
): Promise<readonly (readonly [string, number])[]> {
  const rows = await org.queryIn(
    `SELECT LastModifiedById, COUNT(Id) changed FROM ${object}`,
    `LastModifiedDate > ${after} AND LastModifiedById`,
    ids,
    ' GROUP BY LastModifiedById',
  );
  return rows.map((row) => [textOf(row, 'LastModifiedById'), Number(row['changed'])]);
}
