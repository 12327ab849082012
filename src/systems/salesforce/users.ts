import {
  grantedOrAlready,
  needsPerson,
  revokedOrNothing,
  step,
  type AccessOutcome,
  type GrantItem,
  type GrantPerson,
} from '../connector';
import { splitName } from '../scim';
import { passing } from './errors';
import { literal, textOf, type Org, type Row, type Saved } from './org';

const FIELDS =
  'SELECT Id, Username, Email, EmployeeNumber, FederationIdentifier, IsActive, ProfileId, UserRoleId, Profile.Name, UserRole.Name FROM User';

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

/**
 * Makes or wakes each user with the profile, role and permission sets that were approved, and reads them back. A user who was
 * active before us is left as they are: where something differs, a person decides.
 */
export async function grantUsers(
  org: Org,
  items: readonly GrantItem[],
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  await step(items, outcomes, async (asked) => {
    const names = await namesOf(org, asked);
    const before = await look(org, asked);
    const ours = new Set(
      asked.filter((item) => item.ours || !isActive(before.user(item))).map(({ id }) => id),
    );
    for (const item of asked) {
      const problem =
        missingName(item, names) ?? (ours.has(item.id) ? undefined : notAsApproved(item, before, names));
      if (problem) outcomes.set(item.id, problem);
    }
    const wrong = (item: GrantItem): boolean => {
      const user = before.user(item);
      return user !== undefined && differs(user, item, names);
    };
    await step(
      asked.filter((item) => !before.user(item)),
      outcomes,
      (fresh) => make(org, fresh, names, outcomes),
    );
    await step(asked.filter(wrong), outcomes, (changed) => change(org, changed, before, names, outcomes));
    for (const item of asked)
      await step([item], outcomes, () => assignPermissionSets(org, item, before.user(item), outcomes));
    await step(asked, outcomes, (left) => verify(org, left, names, ours, outcomes));
  });
  return outcomes;
}

/** How users stand in the org. */
interface Shown {
  readonly user: (item: GrantItem) => Row | undefined;
  /** The permission sets that were asked for and aren't assigned. */
  readonly missingSets: (item: GrantItem) => readonly string[];
}

async function look(org: Org, items: readonly GrantItem[]): Promise<Shown> {
  const users = await usersOf(
    org,
    items.map((item) => item.person),
  );
  const user = (item: GrantItem): Row | undefined => users.get(item.person.employeeId);
  const withSets = items.filter((item) => item.access.permissionSets?.length && user(item));
  const assigned = await org.queryIn(
    'SELECT AssigneeId, PermissionSet.Name FROM PermissionSetAssignment',
    'AssigneeId',
    withSets.map((item) => textOf(user(item), 'Id')),
  );
  const isAssigned = (item: GrantItem, name: string): boolean =>
    assigned.some(
      (row) =>
        textOf(row, 'AssigneeId') === textOf(user(item), 'Id') &&
        same(textOf(row['PermissionSet'] as Row | undefined, 'Name'), name),
    );
  return {
    user,
    missingSets: (item) => (item.access.permissionSets ?? []).filter((name) => !isAssigned(item, name)),
  };
}

/** What a person must decide of a user who was active before us and isn't as approved; undefined where all fits. */
function notAsApproved(item: GrantItem, shown: Shown, names: Names): AccessOutcome | undefined {
  const user = shown.user(item);
  const missing = shown.missingSets(item);
  if (!user || (!differs(user, item, names) && missing.length === 0)) return undefined;
  const nameIn = (field: string): string => textOf(user[field] as Row | undefined, 'Name') || 'none';
  const without = missing.length > 0 ? `, without permission set ${missing.join(', ')}` : '';
  return needsPerson(
    `the user was there before, with profile ${nameIn('Profile')}, role ${nameIn('UserRole')}${without}; approved is ${detailOf(item)}`,
    'Agree on which is right, set it there, then tick "try again".',
  );
}

async function make(
  org: Org,
  fresh: readonly GrantItem[],
  names: Names,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  for (const item of fresh) await item.beforeChange('no user');
  const made = await org.create(
    'User',
    fresh.map((item) => newUser(item, names)),
  );
  noteRefusals(fresh, made, outcomes);
}

async function change(
  org: Org,
  changed: readonly GrantItem[],
  before: Shown,
  names: Names,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  for (const item of changed)
    await item.beforeChange(isActive(before.user(item)) ? 'an active user' : 'an inactive user');
  const saved = await org.update(
    'User',
    changed.map((item) => ({ Id: textOf(before.user(item), 'Id'), IsActive: true, ...wanted(item, names) })),
  );
  noteRefusals(changed, saved, outcomes);
}

function noteRefusals(
  items: readonly GrantItem[],
  saved: readonly Saved[],
  outcomes: Map<string, AccessOutcome>,
): void {
  items.forEach((item, at) => {
    if (saved[at] && !saved[at].success) outcomes.set(item.id, refusal(saved[at], item));
  });
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
  !isActive(user) || Object.entries(wanted(item, names)).some(([field, value]) => user[field] !== value);

function refusal(saved: Saved, item: GrantItem): AccessOutcome {
  const forNow = passing(saved.code);
  if (forNow) return forNow;
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
  item: GrantItem,
  known: Row | undefined,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const asked = item.access.permissionSets ?? [];
  if (asked.length === 0) return;
  const user = known ?? (await usersOf(org, [item.person])).get(item.person.employeeId);
  const sets = await org.queryIn('SELECT Id, Name FROM PermissionSet', 'Name', asked);
  for (const name of asked) {
    const set = sets.find((row) => same(textOf(row, 'Name'), name));
    const problem = set
      ? await assignPermissionSet(org, textOf(user, 'Id'), textOf(set, 'Id'))
      : 'it does not exist';
    if (problem) outcomes.set(item.id, passing(problem) ?? setRefused(name, problem));
  }
}

export const setRefused = (name: string, problem: string): AccessOutcome =>
  needsPerson(
    `the permission set "${name}" could not be assigned: ${problem}`,
    'Mend it, then tick "try again".',
  );

/** Assigns a permission set that isn't assigned yet; answers the code where it was refused. */
export async function assignPermissionSet(
  org: Org,
  userId: string,
  setId: string,
): Promise<string | undefined> {
  if (await isAssigned(org, userId, setId)) return undefined;
  const [saved] = await org.create('PermissionSetAssignment', [
    { AssigneeId: userId, PermissionSetId: setId },
  ]);
  if (!saved?.success && saved?.code !== 'DUPLICATE_VALUE') return saved?.code ?? 'no answer';
  return (await isAssigned(org, userId, setId)) ? undefined : 'it is not shown after it was assigned';
}

const isAssigned = async (org: Org, userId: string, setId: string): Promise<boolean> =>
  (
    await org.query(
      `SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = ${literal(userId)} AND PermissionSetId = ${literal(setId)}`,
    )
  ).length > 0;

async function verify(
  org: Org,
  items: readonly GrantItem[],
  names: Names,
  ours: ReadonlySet<string>,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const shown = await look(org, items);
  for (const item of items) {
    const user = shown.user(item);
    const fits = user && !differs(user, item, names) && shown.missingSets(item).length === 0;
    outcomes.set(
      item.id,
      fits
        ? grantedOrAlready(ours.has(item.id), detailOf(item))
        : needsPerson(
            'Salesforce took the change, but the user does not show it',
            'Look at the user there, then tick "try again".',
          ),
    );
  }
}

const detailOf = ({ access }: GrantItem): string =>
  [
    `profile ${access.profile ?? ''}`,
    ...(access.role ? [`role ${access.role}`] : []),
    ...(access.permissionSets?.length ? [`permission sets ${access.permissionSets.join(', ')}`] : []),
  ].join(', ');

/** Users are never deleted: inactive frees the licence. */
export async function deactivateUsers(
  org: Org,
  items: readonly GrantItem[],
  users: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  await step(items, outcomes, async () => {
    const active = items.filter((item) => isActive(users.get(item.person.employeeId)));
    for (const item of items)
      if (!active.includes(item)) outcomes.set(item.id, revokedOrNothing(item.ours, 'has no active user'));
    for (const item of active) await item.beforeChange('an active user');
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
      outcomes.set(item.id, gone ? { kind: 'revoked', verified: true } : stillActive(saved[at]));
    });
  });
  return outcomes;
}

const stillActive = (saved: Saved | undefined): AccessOutcome =>
  passing(saved?.code) ??
  needsPerson(
    `Salesforce refused to deactivate the user: ${saved?.code ?? 'no code'}`,
    'Free the user of what depends on it, and deactivate it there.',
  );

export const isActive = (user: Row | undefined): boolean => user?.['IsActive'] === true;
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
