import { SystemFault } from '../fault';
import { groupedBy } from '../grouped';
import type { Book, BookKeeper, OwnedRecord } from '../leavers';
import { moveAll } from './book-moves';
import { LONGEST_QUERY, type Org } from './org';
import { lengthInAddress, listsWithin, textOf, type Row } from './soql';

/** The account's own word for its territory (a text field of the business, no object). */
export const TERRITORY_FIELD = 'Account_Territory__c';
/** For so long the org's fields and rules are not asked for again. */
const REMEMBERED_MS = 600_000;
/** For so long whoever was active counts as active. */
const ACTIVE_MS = 60_000;

/** What users own in one org, and giving it to others. */
export function bookKeeper(org: Org): BookKeeper {
  const hierarchyFields = remembered(REMEMBERED_MS, () => customReferencesToUsers(org));
  const rules = remembered(REMEMBERED_MS, () => activeAssignmentRules(org));
  const active = new Map<string, () => Promise<ReadonlyMap<string, string>>>();
  return {
    activeUsers: (emails) => {
      const key = [...emails].sort().join();
      const ask = active.get(key) ?? remembered(ACTIVE_MS, () => activeUsers(org, emails));
      if (!active.has(key)) active.clear();
      active.set(key, ask);
      return ask();
    },
    booksOf: async (userIds, what) =>
      userIds.length === 0 ? new Map() : booksOf(org, userIds, what === 'routed' ? null : hierarchyFields),
    move: (moves) => moveAll(org, moves),
    ownersOf: async (object, ids) => {
      const rows = await org.retrieve(object, ids, ['Id', 'OwnerId']);
      return new Map(rows.map((row) => [textOf(row, 'Id'), textOf(row, 'OwnerId')]));
    },
    assignmentRules: rules,
  };
}

async function activeAssignmentRules(org: Org): Promise<readonly string[]> {
  const rows = await org.query('SELECT Name, SobjectType FROM AssignmentRule WHERE Active = true');
  return rows.map((row) => `${textOf(row, 'SobjectType')}: ${textOf(row, 'Name')}`).sort();
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
  hierarchyFields: (() => Promise<readonly string[]>) | null,
): Promise<ReadonlyMap<string, Book>> {
  const fields = (await hierarchyFields?.()) ?? [];
  const routed: readonly Asked[] = [
    // A converted lead can't be changed any more.
    { select: 'SELECT Id, OwnerId FROM Lead', field: 'OwnerId', only: 'IsConverted = false AND ' },
    { select: 'SELECT Id, OwnerId FROM Case', field: 'OwnerId', only: 'IsClosed = false AND ' },
    { select: `SELECT Id, OwnerId, ${TERRITORY_FIELD} FROM Account`, field: 'OwnerId' },
    {
      select: 'SELECT Id, OwnerId, AccountId, StageName, IsClosed, CloseDate FROM Opportunity',
      field: 'OwnerId',
    },
    {
      select: 'SELECT Id, UserOrGroupId, Group.Name, Group.Type FROM GroupMember',
      field: 'UserOrGroupId',
      only: "Group.Type IN ('Queue', 'Regular') AND ",
    },
  ];
  const others: readonly Asked[] = [
    { select: 'SELECT Id, ActorId FROM ProcessInstanceWorkitem', field: 'ActorId' },
    {
      select: 'SELECT Id, OwnerId, CronJobDetail.Name FROM CronTrigger',
      field: 'OwnerId',
      only: "State NOT IN ('COMPLETE', 'DELETED') AND ",
    },
    // Of closed opportunities nothing is touched.
    {
      select: 'SELECT Id, SplitOwnerId, OpportunityId FROM OpportunitySplit',
      field: 'SplitOwnerId',
      only: 'Opportunity.IsClosed = false AND ',
      absent: true,
    },
    ...TEAMS.map(({ object, only }) => ({
      select: `SELECT Id, UserId FROM ${object}`,
      field: 'UserId',
      only,
      absent: true,
    })),
    ...fields.map((field) => ({ select: `SELECT Id, ${field} FROM User`, field })),
  ];
  const named = await namedIn(org, userIds, hierarchyFields ? [...routed, ...others] : routed);
  const [leads, cases, accounts, opportunities, memberships, approvals, jobs, splits, ...more] = named;
  const teams = TEAMS.map(({ object }, at) => ({ object, of: more[at] }));
  const hierarchy = fields.map((field, at) => ({ field, of: more[TEAMS.length + at] }));
  const bookOf = (id: string): Book => {
    const idsIn = (rows: Named | undefined): readonly string[] =>
      (rows?.get(id) ?? []).map((row) => textOf(row, 'Id'));
    return {
      leads: idsIn(leads),
      cases: idsIn(cases),
      accounts: (accounts?.get(id) ?? []).map((row) => ({
        id: textOf(row, 'Id'),
        territory: textOf(row, TERRITORY_FIELD) || null,
      })),
      opportunities: (opportunities?.get(id) ?? []).map((row) => ({
        id: textOf(row, 'Id'),
        accountId: textOf(row, 'AccountId') || null,
        stage: textOf(row, 'StageName'),
        closed: row['IsClosed'] === true,
        closeDate: textOf(row, 'CloseDate'),
      })),
      memberships: (memberships?.get(id) ?? []).map((row) => ({
        id: textOf(row, 'Id'),
        group: textOf(row['Group'] as Row, 'Name'),
        queue: textOf(row['Group'] as Row, 'Type') === 'Queue',
      })),
      approvals: idsIn(approvals),
      hierarchy: hierarchy.flatMap(({ field, of }) =>
        idsIn(of).map((user): OwnedRecord => ({ id: user, object: 'User', field })),
      ),
      splits: (splits?.get(id) ?? []).map((row) => ({
        id: textOf(row, 'Id'),
        opportunityId: textOf(row, 'OpportunityId'),
      })),
      teams: teams.flatMap(({ object, of }) => idsIn(of).map((member) => ({ id: member, object }))),
      jobs: (jobs?.get(id) ?? []).map((row) => textOf(row['CronJobDetail'] as Row, 'Name')),
    };
  };
  return new Map(userIds.map((id) => [id, bookOf(id)]));
}

/** Objects that an org without these teams doesn't have. */
const TEAMS = [
  { object: 'AccountTeamMember', only: '' },
  { object: 'OpportunityTeamMember', only: 'Opportunity.IsClosed = false AND ' },
] as const;

interface Asked {
  readonly select: string;
  /** The field that names the user. */
  readonly field: string;
  readonly only?: string;
  /** An org may lack this object: then nobody is named. */
  readonly absent?: boolean;
}

/** The rows of each of these queries, several queries in a request. @throws SystemFault */
async function namedIn(
  org: Org,
  userIds: readonly string[],
  asked: readonly Asked[],
): Promise<readonly Named[]> {
  const parts = asked.flatMap(({ select, field, only = '' }, of) => {
    const ahead = `${select} WHERE ${only}${field} IN (`;
    return listsWithin(userIds, LONGEST_QUERY - lengthInAddress(ahead)).map((list) => ({
      of,
      soql: `${ahead}${list.join(',')})`,
    }));
  });
  const answers = await org.queries(parts.map(({ soql }) => soql));
  const rows = asked.map((): Row[] => []);
  answers.forEach((answer, at) => {
    const of = parts[at]?.of ?? 0;
    if (!(answer instanceof SystemFault)) rows[of]?.push(...answer);
    else if (!(asked[of]?.absent === true && answer.code === 'INVALID_TYPE')) throw answer;
  });
  return asked.map(({ field }, of) => groupedBy(rows[of] ?? [], (row) => textOf(row, field)));
}

/** Custom fields of users that name another user: Salesforce makes each of them a hierarchy. */
async function customReferencesToUsers(org: Org): Promise<readonly string[]> {
  return (await org.fieldsOf('User'))
    .filter(({ type, custom, referenceTo }) => type === 'reference' && custom && referenceTo.includes('User'))
    .map(({ name }) => name);
}

/** What was answered holds for a while; what failed is asked for again. */
function remembered<T>(forMs: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly value: T; readonly until: number } | undefined;
  return async () => {
    if (!last || last.until <= Date.now()) last = { value: await ask(), until: Date.now() + forMs };
    return last.value;
  };
}
