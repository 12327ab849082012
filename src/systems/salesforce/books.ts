import { SystemFault } from '../fault';
import { groupedBy } from '../grouped';
import type { Book, BookKeeper, OwnedRecord } from '../leavers';
import { moveAll } from './book-moves';
import type { Org } from './org';
import { textOf, type Row } from './soql';

/** The account's own word for its territory (a text field of the business, no object). */
export const TERRITORY_FIELD = 'Account_Territory__c';
/** For so long the org's fields are not asked for again. */
const REMEMBERED_MS = 600_000;

/** What users own in one org, and giving it to others. */
export function bookKeeper(org: Org): BookKeeper {
  const hierarchyFields = remembered(() => customReferencesToUsers(org));
  return {
    activeUsers: (emails) => activeUsers(org, emails),
    booksOf: async (userIds) => (userIds.length === 0 ? new Map() : booksOf(org, userIds, hierarchyFields)),
    move: (moves) => moveAll(org, moves),
    ownersOf: async (object, ids) => {
      const rows = await org.retrieve(object, ids, ['Id', 'OwnerId']);
      return new Map(rows.map((row) => [textOf(row, 'Id'), textOf(row, 'OwnerId')]));
    },
    assignmentRules: async () => {
      const rows = await org.query('SELECT Name, SobjectType FROM AssignmentRule WHERE Active = true');
      return rows.map((row) => `${textOf(row, 'SobjectType')}: ${textOf(row, 'Name')}`).sort();
    },
  };
}

/**
 * The active user of each address. Who is frozen is left out: they leave, too, or are suspended. Where an address is that of
 * several users (service accounts share their owner's), the one is meant who signs in with it; else nobody is.
 */
async function activeUsers(org: Org, emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await org.queryIn(
    'SELECT Id, Email, Username, FederationIdentifier FROM User',
    'IsActive = true AND Email',
    emails,
  );
  const frozen = await org.queryIn(
    'SELECT UserId FROM UserLogin',
    'IsFrozen = true AND UserId',
    rows.map((row) => textOf(row, 'Id')),
  );
  const away = new Set(frozen.map((row) => textOf(row, 'UserId')));
  const byEmail = groupedBy(
    rows.filter((row) => !away.has(textOf(row, 'Id'))),
    (row) => textOf(row, 'Email').toLowerCase(),
  );
  const users = new Map<string, string>();
  for (const email of emails) {
    const address = email.toLowerCase();
    const found = byEmail.get(address) ?? [];
    const own = found.filter((row) =>
      ['Username', 'FederationIdentifier'].some((field) => textOf(row, field).toLowerCase() === address),
    );
    const [user, another] = found.length > 1 ? own : found;
    if (user && !another) users.set(email, textOf(user, 'Id'));
  }
  return users;
}

/** The rows that name each of the users, by the user's id. */
type Named = ReadonlyMap<string, readonly Row[]>;

async function booksOf(
  org: Org,
  userIds: readonly string[],
  hierarchyFields: () => Promise<readonly string[]>,
): Promise<ReadonlyMap<string, Book>> {
  const named = async (select: string, field: string, only = ''): Promise<Named> =>
    groupedBy(await org.queryIn(select, `${only}${field}`, userIds), (row) => textOf(row, field));
  // A converted lead can't be changed any more.
  const leads = await named('SELECT Id, OwnerId FROM Lead', 'OwnerId', 'IsConverted = false AND ');
  const cases = await named('SELECT Id, OwnerId FROM Case', 'OwnerId', 'IsClosed = false AND ');
  const accounts = await named(`SELECT Id, OwnerId, ${TERRITORY_FIELD} FROM Account`, 'OwnerId');
  const opportunities = await named(
    'SELECT Id, OwnerId, AccountId, StageName, IsClosed, CloseDate FROM Opportunity',
    'OwnerId',
  );
  const memberships = await named(
    'SELECT Id, UserOrGroupId, Group.Name, Group.Type FROM GroupMember',
    'UserOrGroupId',
    "Group.Type IN ('Queue', 'Regular') AND ",
  );
  const approvals = await named('SELECT Id, ActorId FROM ProcessInstanceWorkitem', 'ActorId');
  const hierarchy = await hierarchyOf(await hierarchyFields(), named);
  const teams = await Promise.all(
    TEAMS.map(async (object) => ({
      object,
      of: await orNone(named(`SELECT Id, UserId FROM ${object}`, 'UserId')),
    })),
  );
  const jobs = await named(
    'SELECT Id, OwnerId, CronJobDetail.Name FROM CronTrigger',
    'OwnerId',
    "State NOT IN ('COMPLETE', 'DELETED') AND ",
  );
  const bookOf = (id: string): Book => {
    const idsIn = (rows: Named): readonly string[] => (rows.get(id) ?? []).map((row) => textOf(row, 'Id'));
    return {
      leads: idsIn(leads),
      cases: idsIn(cases),
      accounts: (accounts.get(id) ?? []).map((row) => ({
        id: textOf(row, 'Id'),
        territory: textOf(row, TERRITORY_FIELD) || null,
      })),
      opportunities: (opportunities.get(id) ?? []).map((row) => ({
        id: textOf(row, 'Id'),
        accountId: textOf(row, 'AccountId') || null,
        stage: textOf(row, 'StageName'),
        closed: row['IsClosed'] === true,
        closeDate: textOf(row, 'CloseDate'),
      })),
      memberships: (memberships.get(id) ?? []).map((row) => ({
        id: textOf(row, 'Id'),
        group: textOf(row['Group'] as Row, 'Name'),
        queue: textOf(row['Group'] as Row, 'Type') === 'Queue',
      })),
      approvals: idsIn(approvals),
      hierarchy: hierarchy.flatMap(({ field, of }) =>
        idsIn(of).map((user): OwnedRecord => ({ id: user, object: 'User', field })),
      ),
      teams: teams.flatMap(({ object, of }) => idsIn(of).map((member) => ({ id: member, object }))),
      jobs: (jobs.get(id) ?? []).map((row) => textOf(row['CronJobDetail'] as Row, 'Name')),
    };
  };
  return new Map(userIds.map((id) => [id, bookOf(id)]));
}

/** Objects that an org without these teams doesn't have. */
const TEAMS = ['AccountTeamMember', 'OpportunityTeamMember'] as const;

async function orNone(rows: Promise<Named>): Promise<Named> {
  try {
    return await rows;
  } catch (error) {
    if (error instanceof SystemFault && error.code === 'INVALID_TYPE') return new Map();
    throw error;
  }
}

async function hierarchyOf(
  fields: readonly string[],
  named: (select: string, field: string) => Promise<Named>,
): Promise<readonly { readonly field: string; readonly of: Named }[]> {
  const found: { readonly field: string; readonly of: Named }[] = [];
  for (const field of fields) found.push({ field, of: await named(`SELECT Id, ${field} FROM User`, field) });
  return found;
}

/** Custom fields of users that name another user: Salesforce makes each of them a hierarchy. */
async function customReferencesToUsers(org: Org): Promise<readonly string[]> {
  return (await org.fieldsOf('User'))
    .filter(({ type, custom, referenceTo }) => type === 'reference' && custom && referenceTo.includes('User'))
    .map(({ name }) => name);
}

/** What was answered holds for a while; what failed is asked for again. */
function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly value: T; readonly until: number } | undefined;
  return async () => {
    if (!last || last.until <= Date.now()) last = { value: await ask(), until: Date.now() + REMEMBERED_MS };
    return last.value;
  };
}
