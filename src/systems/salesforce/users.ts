import { grantedOrAlready, type AccessOutcome, type GrantItem, type GrantPerson } from '../connector';
import { splitName } from '../scim';
import { literal, textOf, type Org, type Row, type Saved } from './org';

const FIELDS =
  'SELECT Id, Username, Email, EmployeeNumber, FederationIdentifier, IsActive, ProfileId, UserRoleId, CreatedDate, Profile.Name, UserRole.Name FROM User';

/** The org's user of each person, by employee id: by employee number or federation id, never by a name alone. */
export async function usersOf(org: Org, people: readonly GrantPerson[]): Promise<ReadonlyMap<string, Row>> {
  const byNumber = await org.queryIn(
    FIELDS,
    'EmployeeNumber',
    people.map((person) => person.employeeId),
  );
  const byFederation = await org.queryIn(
    FIELDS,
    'FederationIdentifier',
    people.map((person) => person.email),
  );
  const users = new Map<string, Row>();
  for (const person of people) {
    const user =
      byNumber.find((row) => textOf(row, 'EmployeeNumber') === person.employeeId) ??
      byFederation.find(
        (row) => same(textOf(row, 'FederationIdentifier'), person.email) && !textOf(row, 'EmployeeNumber'),
      );
    if (user) users.set(person.employeeId, user);
  }
  return users;
}

/** Makes or wakes each user with the profile, role and permission sets that were approved, and reads them back. */
export async function grantUsers(
  org: Org,
  items: readonly GrantItem[],
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  if (items.length === 0) return outcomes;
  const names = await namesOf(org, items);
  const known = await usersOf(
    org,
    items.map((item) => item.person),
  );
  const ready = items.filter((item) => {
    const missing = missingName(item, names);
    if (missing) outcomes.set(item.id, missing);
    return !missing;
  });
  const fresh = ready.filter((item) => !known.has(item.person.employeeId));
  const made = await org.create(
    'User',
    fresh.map((item) => newUser(item, names)),
  );
  fresh.forEach((item, at) => {
    const refused = made[at] && !made[at].success ? refusal(made[at], item) : undefined;
    if (refused) outcomes.set(item.id, refused);
  });
  const changed = ready.flatMap((item) => {
    const user = known.get(item.person.employeeId);
    return user && differs(user, item, names)
      ? [{ item, record: { Id: textOf(user, 'Id'), IsActive: true, ...wanted(item, names) } }]
      : [];
  });
  const updated = await updateUsers(org, changed, names);
  changed.forEach(({ item }, at) => {
    const refused = updated[at] && !updated[at].success ? refusal(updated[at], item) : undefined;
    if (refused) outcomes.set(item.id, refused);
  });
  const settled = ready.filter((item) => !outcomes.has(item.id));
  await assignPermissionSets(org, settled, outcomes);
  await verify(
    org,
    settled.filter((item) => !outcomes.has(item.id)),
    names,
    new Set(changed.map(({ item }) => item.id)),
    outcomes,
  );
  return outcomes;
}

/**
 * Changes users once. A later try could not tell that a user was woken by us; so where the answer is lost, a look tells
 * whether all changes came about.
 */
async function updateUsers(
  org: Org,
  changed: readonly { readonly item: GrantItem; readonly record: { readonly Id: string } }[],
  names: Names,
): Promise<readonly Saved[]> {
  try {
    return await org.update(
      'User',
      changed.map(({ record }) => record),
    );
  } catch (fault) {
    const now = await usersOf(
      org,
      changed.map(({ item }) => item.person),
    );
    const cameAbout = ({ item }: { readonly item: GrantItem }): boolean => {
      const user = now.get(item.person.employeeId);
      return user !== undefined && !differs(user, item, names);
    };
    if (!changed.every(cameAbout)) throw fault;
    return [];
  }
}

interface Names {
  readonly profiles: ReadonlyMap<string, string>;
  readonly roles: ReadonlyMap<string, string>;
  readonly supervisors: ReadonlyMap<string, string>;
}

async function namesOf(org: Org, items: readonly GrantItem[]): Promise<Names> {
  const byName = (rows: readonly Row[], field: string) =>
    new Map(rows.map((row) => [textOf(row, field).toLowerCase(), textOf(row, 'Id')]));
  const present = (values: readonly (string | null | undefined)[]) =>
    values.filter((value): value is string => !!value);
  return {
    profiles: byName(
      await org.queryIn(
        'SELECT Id, Name FROM Profile',
        'Name',
        present(items.map((item) => item.access.profile)),
      ),
      'Name',
    ),
    roles: byName(
      await org.queryIn(
        'SELECT Id, Name FROM UserRole',
        'Name',
        present(items.map((item) => item.access.role)),
      ),
      'Name',
    ),
    supervisors: byName(
      await org.queryIn(
        'SELECT Id, Email FROM User',
        'IsActive = true AND Email',
        present(items.map((item) => item.person.managerEmail)),
      ),
      'Email',
    ),
  };
}

function missingName(item: GrantItem, names: Names): AccessOutcome | undefined {
  const { profile, role } = item.access;
  if (!profile) return needsPerson('no profile is named for this access', 'Name one in the role template.');
  if (!names.profiles.has(profile.toLowerCase()))
    return needsPerson(
      `Salesforce has no profile "${profile}"`,
      'Make it, or mend its name in the role template, then tick "try again".',
    );
  if (role && !names.roles.has(role.toLowerCase()))
    return needsPerson(
      `Salesforce has no role "${role}"`,
      'Make it, or mend its name in the role template, then tick "try again".',
    );
  return undefined;
}

const wanted = (item: GrantItem, names: Names): Record<string, unknown> => ({
  ProfileId: names.profiles.get((item.access.profile ?? '').toLowerCase()),
  ...(item.access.role ? { UserRoleId: names.roles.get(item.access.role.toLowerCase()) } : {}),
});

/** Salesforce's limits of length: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_user.htm */
function newUser(item: GrantItem, names: Names): Record<string, unknown> {
  const { person } = item;
  const { first, last } = splitName(person);
  const supervisor = names.supervisors.get((person.managerEmail ?? '').toLowerCase());
  return {
    Username: person.email,
    Email: person.email,
    FirstName: first.slice(0, 40),
    LastName: last.slice(0, 80),
    Alias:
      person.email
        .replace(/@.*/, '')
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(0, 8) || person.employeeId.slice(0, 8),
    Title: person.title.slice(0, 80),
    Department: person.department.slice(0, 80),
    Division: person.division.slice(0, 80),
    EmployeeNumber: person.employeeId,
    FederationIdentifier: person.email,
    TimeZoneSidKey: zoneOf(person.timeZone),
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    IsActive: true,
    ...(supervisor ? { ManagerId: supervisor } : {}),
    ...wanted(item, names),
  };
}

/** Salesforce's list of zones has no UTC, but GMT. */
const zoneOf = (zone: string): string => (/^(Etc\/)?(UTC|UCT|Zulu|Universal)$/.test(zone) ? 'GMT' : zone);

const differs = (user: Row, item: GrantItem, names: Names): boolean =>
  user['IsActive'] !== true ||
  Object.entries(wanted(item, names)).some(([field, value]) => user[field] !== value);

function refusal(saved: Saved, item: GrantItem): AccessOutcome {
  switch (saved.code) {
    case 'LICENSE_LIMIT_EXCEEDED':
      return { kind: 'waiting_for_seat', licence: 'Salesforce' };
    case 'DUPLICATE_USERNAME':
    case 'DUPLICATE_VALUE':
      return needsPerson(
        'the user name (or federation id) is taken by somebody else in Salesforce',
        'Free it or agree on another, make the user by hand with this employee number, then tick "try again".',
      );
    default:
      return needsPerson(
        `Salesforce refused the user of employee ${item.person.employeeId}: ${saved.code ?? 'no code'}${saved.fields?.length ? ` (${saved.fields.join(', ')})` : ''}`,
        'Mend the value named, or make the user by hand with this employee number, then tick "try again".',
      );
  }
}

async function assignPermissionSets(
  org: Org,
  items: readonly GrantItem[],
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const asked = items.filter((item) => item.access.permissionSets?.length);
  if (asked.length === 0) return;
  const users = await usersOf(
    org,
    asked.map((item) => item.person),
  );
  const sets = await org.queryIn(
    'SELECT Id, Name FROM PermissionSet',
    'Name',
    asked.flatMap((item) => item.access.permissionSets ?? []),
  );
  for (const item of asked) {
    const userId = textOf(users.get(item.person.employeeId), 'Id');
    for (const name of item.access.permissionSets ?? []) {
      const set = sets.find((row) => same(textOf(row, 'Name'), name));
      const problem = set ? await assignPermissionSet(org, userId, textOf(set, 'Id')) : 'it does not exist';
      if (problem)
        outcomes.set(
          item.id,
          needsPerson(
            `the permission set "${name}" could not be assigned: ${problem}`,
            'Mend it, then tick "try again".',
          ),
        );
    }
  }
}

/** Assigns a permission set that isn't assigned yet; answers the code where it was refused. */
export async function assignPermissionSet(
  org: Org,
  userId: string,
  setId: string,
): Promise<string | undefined> {
  const there = await org.query(
    `SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = ${literal(userId)} AND PermissionSetId = ${literal(setId)}`,
  );
  if (there.length > 0) return undefined;
  const [saved] = await org.create('PermissionSetAssignment', [
    { AssigneeId: userId, PermissionSetId: setId },
  ]);
  return saved?.success || saved?.code === 'DUPLICATE_VALUE' ? undefined : (saved?.code ?? 'no answer');
}

async function verify(
  org: Org,
  items: readonly GrantItem[],
  names: Names,
  changed: ReadonlySet<string>,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const users = await usersOf(
    org,
    items.map((item) => item.person),
  );
  for (const item of items) {
    const user = users.get(item.person.employeeId);
    if (!user || differs(user, item, names)) {
      outcomes.set(
        item.id,
        needsPerson(
          'Salesforce took the change, but the user does not show it',
          'Look at the user there, then tick "try again".',
        ),
      );
      continue;
    }
    const detail = `profile ${item.access.profile ?? ''}${item.access.role ? `, role ${item.access.role}` : ''}`;
    outcomes.set(
      item.id,
      changed.has(item.id)
        ? { kind: 'granted', verified: true, detail }
        : grantedOrAlready(textOf(user, 'CreatedDate'), item.since, detail),
    );
  }
}

/** Users are never deleted: inactive frees the licence. */
export async function deactivateUsers(
  org: Org,
  items: readonly GrantItem[],
  users: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  const active = items.filter((item) => users.get(item.person.employeeId)?.['IsActive'] === true);
  for (const item of items)
    if (!active.includes(item))
      outcomes.set(item.id, { kind: 'not_applicable', reason: 'has no active user' });
  const saved = await org.update(
    'User',
    active.map((item) => ({ Id: textOf(users.get(item.person.employeeId), 'Id'), IsActive: false })),
  );
  const after = await usersOf(
    org,
    active.map((item) => item.person),
  );
  active.forEach((item, at) => {
    const gone = after.get(item.person.employeeId)?.['IsActive'] === false;
    outcomes.set(
      item.id,
      gone
        ? { kind: 'revoked', verified: true }
        : needsPerson(
            `Salesforce refused to deactivate the user: ${saved[at]?.code ?? 'no code'}`,
            'Free the user of what depends on it, then try again.',
          ),
    );
  });
  return outcomes;
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const needsPerson = (problem: string, mend: string): AccessOutcome => ({
  kind: 'needs_person',
  problem,
  mend,
});
