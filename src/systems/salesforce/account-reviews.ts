import type { AccountDeal, AccountReviewKeeper, ReviewCells, ReviewUser } from '../account-reviews';
import { SystemFault } from '../fault';
import type { Org } from './org';
import { salesforceFault } from './errors';
import { literal, textOf, type Row } from './soql';

type Reads = Pick<Org, 'query' | 'retrieve' | 'update'>;
const ACCOUNT = 'Account';
/** Ids of users begin so; of anything else Salesforce refuses the whole call. */
const USER_ID = /^005[0-9A-Za-z]{12}([0-9A-Za-z]{3})?$/;

export const accountReviewKeeper = (org: Reads): AccountReviewKeeper => ({
  idsWhere: async (field, value, after, most) => {
    const later = after === null ? '' : ` AND Id > ${literal(after)}`;
    const soql = `SELECT Id FROM ${ACCOUNT} WHERE ${field} = ${literal(value)}${later} ORDER BY Id LIMIT ${most}`;
    return (await org.query(soql)).map((row) => textOf(row, 'Id'));
  },
  read: (accountIds, fields) => read(org, accountIds, fields),
  users: (ids) => users(org, ids),
  openDeals: (accountId, netArr) => openDeals(org, accountId, netArr),
  accountsHeld: async (ownerId, day, { opportunity, account }) => {
    if (!USER_ID.test(ownerId)) return [];
    const isHeld = `(${opportunity} > ${day} OR Account.${account} > ${day})`;
    const soql = `SELECT AccountId FROM Opportunity WHERE OwnerId = ${literal(ownerId)} AND IsClosed = false AND ${isHeld}`;
    return (await org.query(soql)).map((row) => textOf(row, 'AccountId'));
  },
  write: (accountId, fields) => write(org, accountId, fields),
});

async function read(
  org: Reads,
  accountIds: readonly string[],
  fields: readonly string[],
): Promise<ReadonlyMap<string, ReviewCells>> {
  if (accountIds.length === 0) return new Map();
  const rows = await org.retrieve(ACCOUNT, accountIds, ['Id', ...fields.filter((field) => field !== 'Id')]);
  return new Map(rows.map((row) => [textOf(row, 'Id'), fields.map((field) => cellOf(row[field]))]));
}

async function users(org: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, ReviewUser>> {
  const known = ids.filter((id) => USER_ID.test(id));
  if (known.length === 0) return new Map();
  const rows = await org.retrieve('User', known, ['Id', 'Email', 'IsActive', 'Title']);
  return new Map(
    rows.map((row): [string, ReviewUser] => {
      const id = textOf(row, 'Id');
      const title = textOf(row, 'Title') || null;
      return [id, { id, email: textOf(row, 'Email'), active: row['IsActive'] === true, title }];
    }),
  );
}

async function openDeals(org: Reads, accountId: string, netArr: string): Promise<readonly AccountDeal[]> {
  const rows = await org.query(
    `SELECT StageName, ${netArr}, Type, OwnerId, CloseDate, LastActivityDate FROM Opportunity WHERE AccountId = ${literal(accountId)} AND IsClosed = false`,
  );
  return rows.map((row) => ({
    stage: textOf(row, 'StageName'),
    netArrCents: centsOfNumber(row[netArr]),
    type: textOf(row, 'Type') || null,
    ownerId: textOf(row, 'OwnerId'),
    closeDate: textOf(row, 'CloseDate'),
    lastActivity: textOf(row, 'LastActivityDate') || null,
  }));
}

const centsOfNumber = (value: unknown): number => (typeof value === 'number' ? Math.round(value * 100) : 0);

/** The same written twice is written once. Salesforce trims texts, and says nothing of it. */
async function write(
  org: Reads,
  accountId: string,
  fields: Readonly<Record<string, string | null>>,
): Promise<void> {
  const names = Object.keys(fields);
  const cells = async () => (await read(org, [accountId], names)).get(accountId) ?? null;
  if (isShown(await cells(), fields)) return;
  const [saved] = await org.update(ACCOUNT, [{ Id: accountId, ...fields }]);
  if (!saved?.success) throw salesforceFault({ errorCode: saved?.code }, 'writing a review');
  if (!isShown(await cells(), fields))
    throw new SystemFault('salesforce', 'NOT_SHOWN', true, 'a review is not shown after it was written');
}

const isShown = (cells: ReviewCells | null, fields: Readonly<Record<string, string | null>>): boolean =>
  cells !== null &&
  Object.values(fields).every((value, at) => (cells[at] ?? '').trim() === (value ?? '').trim());

function cellOf(value: Row[string]): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
