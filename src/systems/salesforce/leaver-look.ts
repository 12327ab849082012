import type { Found, LeaverIdentity } from '../leavers';
import { LONGEST_QUERY, type Org } from './org';
import { ASSIGNMENTS, assignmentsIn, type Assignment } from './permission-sets';
import { lengthInAddress, literal, textOf, type Row } from './soql';

const SELECT =
  'SELECT Id, Username, Email, EmployeeNumber, FederationIdentifier, IsActive, LastLoginDate, Profile.Name, UserRole.Name FROM User';
const FROZEN = { select: 'SELECT UserId FROM UserLogin', field: 'IsFrozen = true AND UserId' } as const;
const ROOM = LONGEST_QUERY - lengthInAddress(`${SELECT} WHERE `);

/**
 * Every user of the org that is theirs, active or not: by e-mail (old and new, aliases), employee number and federation id,
 * "a match by name alone is never enough". A user with another employee number is another person's, whatever address it has:
 * addresses are given to newcomers again.
 */
export async function accountsOf(
  org: Org,
  people: readonly LeaverIdentity[],
): Promise<ReadonlyMap<string, readonly Found[]>> {
  const found = new Map<string, Found[]>(people.map(({ employeeId }) => [employeeId, []]));
  const users = await usersOf(org, people);
  const recognise = recogniser(people);
  const theirs = [...users.values()].flatMap((row) => {
    const recognised = recognise(row);
    return recognised ? [{ row, ...recognised }] : [];
  });
  const ids = theirs.map(({ row }) => textOf(row, 'Id'));
  const [logins = [], assignments = []] = await org.queriesIn([
    { ...FROZEN, values: ids },
    { ...ASSIGNMENTS, values: ids },
  ]);
  const frozen = new Set(logins.map((row) => textOf(row, 'UserId')));
  const sets = assignmentsIn(assignments);
  const emailsOf = new Map(people.map(({ employeeId, emails }) => [employeeId, emails]));
  for (const { row, employeeId, by } of theirs) {
    const id = textOf(row, 'Id');
    const federationId = textOf(row, 'FederationIdentifier');
    const isNew = federationId && !emailsOf.get(employeeId)?.includes(federationId.toLowerCase());
    found.get(employeeId)?.push({
      connection: 'salesforce',
      accountId: id,
      state: row['IsActive'] !== true ? 'inactive' : frozen.has(id) ? 'frozen' : 'active',
      by,
      shows: shows(row, sets.get(id) ?? []),
      lastSignInAt: textOf(row, 'LastLoginDate') || null,
      ...(isNew ? { federationId } : {}),
    });
  }
  return found;
}

/** Users of whom any identifier fits, by their id: in one query for a few people, in a few for hundreds. */
async function usersOf(org: Org, people: readonly LeaverIdentity[]): Promise<ReadonlyMap<string, Row>> {
  const users = new Map<string, Row>();
  for (const condition of conditionsFor(people))
    for (const row of await org.query(`${SELECT} WHERE ${condition}`)) users.set(textOf(row, 'Id'), row);
  return users;
}

function conditionsFor(people: readonly LeaverIdentity[]): readonly string[] {
  if (people.length === 0) return [];
  const condition = conditionFor(people);
  if (people.length === 1 || lengthInAddress(condition) <= ROOM) return [condition];
  const half = Math.ceil(people.length / 2);
  return [...conditionsFor(people.slice(0, half)), ...conditionsFor(people.slice(half))];
}

function conditionFor(people: readonly LeaverIdentity[]): string {
  const emails = people.flatMap((person) => person.emails);
  const federationIds = people.flatMap(({ federationId }) => federationId ?? []);
  const fields: Readonly<Record<string, readonly string[]>> = {
    EmployeeNumber: people.map(({ employeeId }) => employeeId),
    FederationIdentifier: [...emails, ...federationIds],
    Username: emails,
    Email: emails,
  };
  return Object.entries(fields)
    .filter(([, values]) => values.length > 0)
    .map(([field, values]) => `${field} IN (${[...new Set(values)].map(literal).join(',')})`)
    .join(' OR ');
}

interface Recognised {
  readonly employeeId: string;
  readonly by: Found['by'];
}

/** Says whose a user is and by what: by the identifier that says most. */
function recogniser(people: readonly LeaverIdentity[]): (row: Row) => Recognised | undefined {
  const numbers = new Set(people.map(({ employeeId }) => employeeId));
  const addresses = new Map<string, string>();
  const federationIds = new Map<string, string>();
  for (const { employeeId, emails, federationId } of people) {
    for (const email of emails) addresses.set(email.toLowerCase(), employeeId);
    if (federationId !== null) federationIds.set(federationId.toLowerCase(), employeeId);
  }
  return (row) => {
    const lower = (field: string): string => textOf(row, field).toLowerCase();
    const number = textOf(row, 'EmployeeNumber');
    if (number) return numbers.has(number) ? { employeeId: number, by: 'employee_number' } : undefined;
    const federation = lower('FederationIdentifier');
    const ways: readonly (readonly [string | undefined, Found['by']])[] = [
      [federationIds.get(federation) ?? addresses.get(federation), 'federation_id'],
      [addresses.get(lower('Username')), 'username'],
      [addresses.get(lower('Email')), 'email'],
    ];
    for (const [employeeId, by] of ways) if (employeeId !== undefined) return { employeeId, by };
    return undefined;
  };
}

function shows(row: Row, sets: readonly Assignment[]): readonly string[] {
  const named = (what: string, field: string): readonly string[] => {
    const name = textOf(row[field] as Row | undefined, 'Name');
    return name ? [`${what} ${name}`] : [];
  };
  return [
    ...named('profile', 'Profile'),
    ...named('role', 'UserRole'),
    ...sets
      .filter(({ ofProfile }) => !ofProfile)
      .map(({ name }) => `permission set ${name}`)
      .sort(),
  ];
}
