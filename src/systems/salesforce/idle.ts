import type { Deactivated, SeatUser } from '../connector';
import type { Org } from './org';
import { textOf, type Row } from './soql';

const USERS =
  'SELECT Id, Email, EmployeeNumber, CreatedDate, LastLoginDate, IsActive, Profile.Name FROM User';

/** Active users who take a seat of the Salesforce licence, with when they signed in last. */
export async function seatUsers(org: Org): Promise<readonly SeatUser[]> {
  const rows = await org.query(
    `${USERS} WHERE IsActive = true AND Profile.UserLicense.Name = 'Salesforce' ORDER BY Id`,
  );
  const frozen = new Set(
    (await org.query('SELECT UserId FROM UserLogin WHERE IsFrozen = true')).map((row) =>
      textOf(row, 'UserId'),
    ),
  );
  return rows.map((row) => ({
    id: textOf(row, 'Id'),
    email: textOf(row, 'Email'),
    employeeId: textOf(row, 'EmployeeNumber') || null,
    profile: textOf(row['Profile'] as Row | undefined, 'Name'),
    createdAt: textOf(row, 'CreatedDate'),
    lastSignInAt: textOf(row, 'LastLoginDate') || null,
    frozen: frozen.has(textOf(row, 'Id')),
  }));
}

/**
 * Deactivates users and reads them back. Who can't be deactivated (a default owner, for one) is frozen, which keeps the seat:
 * "freeze only if full deactivation would break something" (the Sales Ops handbook page).
 */
export async function deactivateSeats(org: Org, ids: readonly string[]): Promise<readonly Deactivated[]> {
  const saved = await org.update(
    'User',
    ids.map((Id) => ({ Id, IsActive: false })),
  );
  const after = new Map(
    (await org.queryIn('SELECT Id, IsActive FROM User', 'Id', ids)).map((row) => [textOf(row, 'Id'), row]),
  );
  const left = ids.filter((id) => after.get(id)?.['IsActive'] !== false);
  const logins = await org.queryIn('SELECT Id, UserId FROM UserLogin', 'UserId', left);
  await org.update(
    'UserLogin',
    logins.map((row) => ({ Id: textOf(row, 'Id'), IsFrozen: true })),
  );
  const frozen = new Set(
    (await org.queryIn('SELECT UserId, IsFrozen FROM UserLogin', 'UserId', left))
      .filter((row) => row['IsFrozen'] === true)
      .map((row) => textOf(row, 'UserId')),
  );
  return ids.map((id, at) =>
    left.includes(id)
      ? { id, became: frozen.has(id) ? 'frozen' : 'unchanged', code: saved[at]?.code ?? 'still active' }
      : { id, became: 'inactive', code: null },
  );
}
