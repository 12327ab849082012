import type { Org, Saved } from './org';
import { textOf, type Row } from './soql';

/** How they are asked for. */
export const LOGINS = {
  select: 'SELECT Id, UserId, IsFrozen, LastModifiedDate FROM UserLogin',
  field: 'UserId',
} as const;

/** Each user's one `UserLogin`, by the user. */
export async function loginsOf(org: Org, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  return byUser(await org.queryIn(LOGINS.select, LOGINS.field, ids));
}

export const byUser = (rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [textOf(row, 'UserId'), row]));

export const isFrozen = (login: Row | undefined): boolean => login?.['IsFrozen'] === true;

/** When anybody changed it last: frozen, unfrozen, or frozen once more. */
export const stampOf = (login: Row | undefined): string => textOf(login, 'LastModifiedDate');

/** What was said of those that were the other way, by the user. */
export async function setFrozen(
  org: Org,
  logins: ReadonlyMap<string, Row>,
  frozen: boolean,
): Promise<ReadonlyMap<string, Saved | undefined>> {
  const others = [...logins].filter(([, row]) => row['IsFrozen'] !== frozen);
  const saved = await org.update(
    'UserLogin',
    others.map(([, row]) => ({ Id: textOf(row, 'Id'), IsFrozen: frozen })),
  );
  return new Map(others.map(([id], at) => [id, saved[at]]));
}
