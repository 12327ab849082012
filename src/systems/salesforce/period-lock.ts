import type { ClosedRecord, LockProof, PeriodKeeper, PeriodTotals } from '../periods';
import type { Org } from './org';
import { LOCK, periodChanger, RECORD_FIELDS, recordOf, THROUGH, refusal } from './period-change';
import { literal, textOf, type Row } from './soql';

/** What Salesforce answers where a validation rule says no. */
const REFUSED = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
/** A record that isn't there: with it in the same call, all or none, nothing is ever changed. */
const NOBODY = '006000000000000AAA';

export const periodKeeper = (org: Org): PeriodKeeper => ({
  closedIn: (firstDay, lastDay) => closedIn(org, firstDay, lastDay),
  totalsIn: (firstDay, lastDay) => totalsIn(org, firstDay, lastDay),
  overdue: (before) => overdue(org, before),
  lockedThrough: async () => dayOf((await lockOf(org)).row),
  lockThrough: (day) => lockThrough(org, day),
  provenBy: (recordId) => provenBy(org, recordId),
  ...periodChanger(org),
});

/** Days are written without quotes in SOQL; what isn't one never gets there. */
export function plainDay(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError('not a calendar date (YYYY-MM-DD)');
  return day;
}

async function overdue(org: Org, before: string): Promise<readonly string[]> {
  const rows = await org.query(
    `SELECT Id FROM Opportunity WHERE IsClosed = false AND CloseDate < ${plainDay(before)}`,
  );
  return rows.map((row) => textOf(row, 'Id'));
}

const closedBetween = (firstDay: string, lastDay: string): string =>
  `FROM Opportunity WHERE IsClosed = true AND CloseDate >= ${plainDay(firstDay)} AND CloseDate <= ${plainDay(lastDay)}`;

async function closedIn(org: Org, firstDay: string, lastDay: string): Promise<readonly ClosedRecord[]> {
  const rows = await org.query(
    `SELECT ${RECORD_FIELDS.join(', ')} ${closedBetween(firstDay, lastDay)} ORDER BY Id`,
  );
  return rows.map(recordOf);
}

async function totalsIn(org: Org, firstDay: string, lastDay: string): Promise<PeriodTotals> {
  const [row] = await org.query(
    `SELECT COUNT(Id) records, SUM(Amount) total ${closedBetween(firstDay, lastDay)}`,
  );
  const number = (field: string): number => (typeof row?.[field] === 'number' ? row[field] : 0);
  return { records: number('records'), totalCents: Math.round(number('total') * 100) };
}

/** The organization's own row; who has one for themself may change what was approved. */
async function lockOf(org: Org): Promise<{ readonly orgId: string; readonly row: Row | undefined }> {
  const [organization] = await org.query('SELECT Id FROM Organization');
  const orgId = textOf(organization, 'Id');
  const [row] = await org.query(`SELECT Id, ${THROUGH} FROM ${LOCK} WHERE SetupOwnerId = ${literal(orgId)}`);
  return { orgId, row };
}

const dayOf = (row: Row | undefined): string | null => textOf(row, THROUGH) || null;

async function lockThrough(org: Org, day: string | null): Promise<void> {
  const { orgId, row } = await lockOf(org);
  if (dayOf(row) === day) return;
  const [saved] = row
    ? await org.update(LOCK, [{ Id: textOf(row, 'Id'), [THROUGH]: day }])
    : await org.create(LOCK, [{ SetupOwnerId: orgId, [THROUGH]: day }]);
  if (dayOf((await lockOf(org)).row) !== day)
    throw refusal(saved?.code, 'the lock of the period is not shown after it was set');
}

async function provenBy(org: Org, recordId: string): Promise<LockProof> {
  const [row] = await org.retrieve('Opportunity', [recordId], ['Id', 'Amount']);
  const amount = typeof row?.['Amount'] === 'number' ? row['Amount'] : 0;
  const [saved] = await org.updateAllOrNone('Opportunity', [
    { Id: recordId, Amount: amount + 0.01 },
    { Id: NOBODY, Amount: 0 },
  ]);
  const code = saved?.code ?? 'NO_ANSWER';
  return { refused: code === REFUSED, code };
}
