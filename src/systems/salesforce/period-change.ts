import { SystemFault } from '../fault';
import type { LockException, NamedRecord, PeriodChanger, RecordEdit } from '../period-changes';
import type { ClosedRecord } from '../periods';
import { salesforceFault } from './errors';
import type { Org } from './org';
import { literal, textOf, type Row } from './soql';

/** The custom setting of the lock; a row for a user holds for that user alone. */
export const LOCK = 'Close_Lock__c';
export const THROUGH = 'Locked_Through__c';
/** Until then nothing is locked for whom the row is: the validation rule itself looks at the clock. */
const OPEN_UNTIL = 'Open_Until__c';
export const RECORD_FIELDS = [
  'Id',
  'StageName',
  'Amount',
  'CloseDate',
  'OwnerId',
  'AccountId',
  'Type',
  'LastModifiedById',
  'SystemModstamp',
] as const;

const FIELDS: Readonly<Record<RecordEdit['field'], string>> = {
  stage: 'StageName',
  amountCents: 'Amount',
  closeDate: 'CloseDate',
  ownerId: 'OwnerId',
  accountId: 'AccountId',
  type: 'Type',
};
/** Said of a record that was right, but not saved since another one wasn't. */
const WITH_OTHERS = 'ALL_OR_NONE_OPERATION_ROLLED_BACK';

export const periodChanger = (org: Org): PeriodChanger => ({
  named: (ids) => named(org, ids),
  insideReps: (ids, field) => insideReps(org, ids, field),
  ownUser: () => org.ownUser(),
  userNames: (ids) => userNames(org, ids),
  exceptions: () => exceptions(org),
  openUntil: (until) => openUntil(org, until),
  endOpening: () => endOpening(org),
  edit: (edits) => edit(org, edits),
});

export const recordOf = (row: Row): ClosedRecord => ({
  id: textOf(row, 'Id'),
  stage: textOf(row, 'StageName'),
  // A hundredth is the smallest part that Salesforce keeps of a currency: rounded, since a fraction has no exact form.
  amountCents: typeof row['Amount'] === 'number' ? Math.round(row['Amount'] * 100) : null,
  closeDate: textOf(row, 'CloseDate'),
  ownerId: textOf(row, 'OwnerId'),
  accountId: textOf(row, 'AccountId') || null,
  type: textOf(row, 'Type') || null,
  changedBy: textOf(row, 'LastModifiedById'),
  changedAt: textOf(row, 'SystemModstamp'),
});

async function named(org: Org, ids: readonly string[]): Promise<readonly NamedRecord[]> {
  if (ids.length === 0) return [];
  const rows = await org.queryIn(`SELECT ${RECORD_FIELDS.join(', ')}, IsClosed FROM Opportunity`, 'Id', ids);
  return rows.map((row) => ({ ...recordOf(row), isClosed: row['IsClosed'] === true }));
}

async function insideReps(
  org: Org,
  ids: readonly string[],
  field: string,
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await org.queryIn(`SELECT Id, OwnerId, ${field} FROM Opportunity`, 'Id', ids);
  return new Map(
    rows
      .filter((row) => textOf(row, field) !== '' && textOf(row, field) !== textOf(row, 'OwnerId'))
      .map((row) => [textOf(row, 'Id'), textOf(row, field)]),
  );
}

async function userNames(org: Org, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await org.queryIn('SELECT Id, Name FROM User', 'Id', ids);
  return new Map(rows.map((row) => [textOf(row, 'Id'), textOf(row, 'Name')]));
}

async function exceptions(org: Org): Promise<readonly LockException[]> {
  const own = await org.ownUser();
  const [organization] = await org.query('SELECT Id FROM Organization');
  const rows = await org.query(`SELECT Id, SetupOwnerId, ${THROUGH}, ${OPEN_UNTIL} FROM ${LOCK}`);
  return rows
    .map((row) => ({
      owner: textOf(row, 'SetupOwnerId'),
      isOwn: textOf(row, 'SetupOwnerId') === own,
      through: textOf(row, THROUGH) || null,
      openUntil: textOf(row, OPEN_UNTIL) || null,
    }))
    .filter(({ owner }) => owner !== textOf(organization, 'Id'));
}

async function ownRow(org: Org): Promise<{ readonly owner: string; readonly row: Row | undefined }> {
  const owner = await org.ownUser();
  const [row] = await org.query(
    `SELECT Id, ${OPEN_UNTIL} FROM ${LOCK} WHERE SetupOwnerId = ${literal(owner)}`,
  );
  return { owner, row };
}

async function openUntil(org: Org, until: string): Promise<void> {
  const { owner, row } = await ownRow(org);
  const [organization] = await org.query('SELECT Id FROM Organization');
  const [ofAll] = await org.query(
    `SELECT ${THROUGH} FROM ${LOCK} WHERE SetupOwnerId = ${literal(textOf(organization, 'Id'))}`,
  );
  // The lock stands in the row, too: once the time is over, it holds for this user as for all.
  const values = { [THROUGH]: textOf(ofAll, THROUGH) || null, [OPEN_UNTIL]: until };
  const [saved] = row
    ? await org.update(LOCK, [{ Id: textOf(row, 'Id'), ...values }])
    : await org.create(LOCK, [{ SetupOwnerId: owner, ...values }]);
  const shown = textOf((await ownRow(org)).row, OPEN_UNTIL);
  // Salesforce keeps whole seconds.
  if (Math.abs(Date.parse(shown) - Date.parse(until)) >= 1000 || shown === '')
    throw refusal(saved?.code, 'the exception from the lock is not shown after it was set');
}

async function endOpening(org: Org): Promise<boolean> {
  const { row } = await ownRow(org);
  if (!row) return false;
  const [saved] = await org.remove(LOCK, [textOf(row, 'Id')]);
  if ((await ownRow(org)).row)
    throw refusal(saved?.code, 'the exception from the lock is still shown after it was taken away');
  return true;
}

/** What a row was refused for, as a fault: worth another try where the code says so. */
export const refusal = (code: string | undefined, what: string): SystemFault =>
  salesforceFault({ errorCode: code ?? 'NOT_SHOWN' }, what);

async function edit(org: Org, edits: readonly RecordEdit[]): Promise<string | null> {
  const records = new Map<string, Record<string, unknown> & { Id: string }>();
  for (const { record, field, to } of edits) {
    const value = field === 'amountCents' && typeof to === 'number' ? to / 100 : to;
    records.set(record, { ...(records.get(record) ?? { Id: record }), [FIELDS[field]]: value });
  }
  const saved = await org.updateAllOrNone('Opportunity', [...records.values()]);
  const failed = saved.filter(({ success }) => !success);
  if (failed.length === 0 && saved.length === records.size) return null;
  const code = failed.find((one) => one.code !== WITH_OTHERS)?.code ?? WITH_OTHERS;
  const fault = refusal(code, 'a change of records');
  if (fault.retryable) throw fault;
  return code;
}
