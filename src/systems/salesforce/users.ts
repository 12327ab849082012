import {
  beginAll,
  grantedOrAlready,
  needsPerson,
  revokedOrNothing,
  step,
  type AccessOutcome,
  type Begin,
  type GrantItem,
} from '../connector';
import { passing } from './errors';
import { loginsOf, setFrozen } from './logins';
import type { Org, Saved } from './org';
import { assign, NOT_SHOWN, setRefused, UNKNOWN_SET, type SetWanted } from './permission-sets';
import { textOf, type Row } from './soql';
import { detailOf, differs, missingName, newUser, userRefused, wanted } from './user-fields';
import { idOf, isActive, look, readBack, usersOf, type Shown, type Users } from './user-look';

/** What came of a batch of users, and the users as they are now: so that nobody has to look them up again. */
export interface GrantedUsers {
  readonly outcomes: ReadonlyMap<string, AccessOutcome>;
  readonly users: Users;
  /** Employee ids of those whose user was made just now, and who can't hold anything yet. */
  readonly made: ReadonlySet<string>;
}

/**
 * Makes or wakes each user with the profile, role and permission sets that were approved, and reads them back. A user who was
 * active before us is left as they are, unless their change was approved: where something differs, a person decides.
 */
export async function grantUsers(org: Org, items: readonly GrantItem[], begin: Begin): Promise<GrantedUsers> {
  const outcomes = new Map<string, AccessOutcome>();
  let users: Users = new Map();
  const made = new Set<string>();
  await step(items, outcomes, async (asked) => {
    await learnNames(org, asked);
    const before = await look(org, asked, await usersOf(org, asked.map(personOf)));
    for (const item of asked) {
      const outcome =
        missingName(item, org.names) ?? frozenOtherwise(item, before) ?? withoutChange(org, item, before);
      if (outcome) outcomes.set(item.id, outcome);
    }
    const open = asked.filter(({ id }) => !outcomes.has(id));
    await beginAll(begin, open, (item) => howItStood(item, before));
    const ids = new Map(asked.flatMap((item) => entryOf(item, before.user(item))).map(idEntry));
    const isNew = (item: GrantItem): boolean => !before.user(item);
    await step(open.filter(isNew), outcomes, async (fresh) => {
      for (const [employeeId, id] of await make(org, fresh, outcomes)) {
        ids.set(employeeId, id);
        made.add(employeeId);
      }
    });
    const isWrong = (item: GrantItem): boolean => {
      const user = before.user(item);
      return user !== undefined && differs(user, item, org.names);
    };
    await step(open.filter(isWrong), outcomes, (wrong) => change(org, wrong, before, outcomes));
    const hasOtherSets = (item: GrantItem): boolean =>
      before.missingSets(item).length + before.extraSets(item).length > 0;
    await step(open.filter(hasOtherSets), outcomes, (others) =>
      changeSets(org, others, ids, before, outcomes),
    );
    // Last: nobody signs in before their access is as it was approved.
    await step(open.filter(before.frozen), outcomes, async (frozen) => {
      const userIds = frozen.map(({ person }) => ids.get(person.employeeId) ?? '');
      await setFrozen(org, await loginsOf(org, userIds), false);
    });
    users = new Map(asked.flatMap((item) => entryOf(item, before.user(item))));
    await step(open, outcomes, async (changed) => {
      const idsOfChanged = new Map(
        changed.map(({ person: { employeeId } }) => [employeeId, ids.get(employeeId) ?? '']),
      );
      const now = await readBack(org, idsOfChanged);
      users = new Map([...users, ...now]);
      verify(org, changed, await look(org, changed, now), outcomes);
    });
  });
  return { outcomes, users, made };
}

const personOf = (item: GrantItem): GrantItem['person'] => item.person;
const entryOf = (item: GrantItem, user: Row | undefined): [string, Row][] =>
  user ? [[item.person.employeeId, user]] : [];

const idEntry = ([employeeId, user]: [string, Row]): [string, string] => [employeeId, textOf(user, 'Id')];

async function learnNames(org: Org, items: readonly GrantItem[]): Promise<void> {
  const access = items.map((item) => item.access);
  await org.names.learn(
    'Profile',
    access.map(({ profile }) => profile),
  );
  await org.names.learn(
    'UserRole',
    access.map(({ role }) => role),
  );
}

/** Only what a leaving froze that is over comes back by a request: of any other freeze a person knows why. */
function frozenOtherwise(item: GrantItem, shown: Shown): AccessOutcome | undefined {
  const since = shown.frozenOtherwise(item);
  if (since === undefined) return undefined;
  return needsPerson(
    `the user is frozen since ${since}, and not by their leaving, which is over`,
    'Find out who froze it and why. Where they may sign in, unfreeze it there, then tick "try again".',
  );
}

/** What comes of whom nothing is changed for: who is as approved, and who was there before us in another way. */
function withoutChange(org: Org, item: GrantItem, shown: Shown): AccessOutcome | undefined {
  const user = shown.user(item);
  if (!user) return undefined;
  if (isAsApproved(org, item, shown)) return grantedOrAlready(item.ours, detailOf(item));
  const isOurs = item.ours || item.mayChange || shown.frozen(item);
  return isOurs || !isActive(user) ? undefined : notAsApproved(item, shown, user);
}

const isAsApproved = (org: Org, item: GrantItem, shown: Shown): boolean => {
  const user = shown.user(item);
  return (
    user !== undefined &&
    !shown.frozen(item) &&
    !differs(user, item, org.names) &&
    shown.missingSets(item).length + shown.extraSets(item).length === 0
  );
};

/** What a person must decide of a user who was active before us and isn't as approved. */
function notAsApproved(item: GrantItem, shown: Shown, user: Row): AccessOutcome {
  const missing = shown.missingSets(item);
  const without = missing.length > 0 ? `, without permission set ${missing.join(', ')}` : '';
  return needsPerson(
    `the user was there before, with ${accessOf(user)}${without}; approved is ${detailOf(item)}`,
    'Agree on which is right, set it there, then tick "try again".',
  );
}

const accessOf = (user: Row): string => {
  const nameIn = (field: string): string => textOf(user[field] as Row | undefined, 'Name') || 'none';
  return `profile ${nameIn('Profile')}, role ${nameIn('UserRole')}`;
};

function howItStood(item: GrantItem, before: Shown): string {
  const user = before.user(item);
  if (!user) return 'no user';
  if (!isActive(user)) return before.frozen(item) ? 'an inactive, frozen user' : 'an inactive user';
  const more = before.extraSets(item).map(({ name }) => name);
  return `${before.frozen(item) ? 'a frozen' : 'an active'} user, ${accessOf(user)}${more.length > 0 ? `, permission sets ${more.join(', ')}` : ''}`;
}

/** Makes users; the ids of those who were made, by employee id. */
async function make(
  org: Org,
  fresh: readonly GrantItem[],
  outcomes: Map<string, AccessOutcome>,
): Promise<ReadonlyMap<string, string>> {
  await org.names.learn(
    'User',
    fresh.map(({ person }) => person.managerEmail),
  );
  const saved = await org.create(
    'User',
    fresh.map((item) => newUser(item, org.names)),
  );
  noteRefusals(fresh, saved, outcomes);
  return new Map(
    fresh.flatMap((item, at): [string, string][] => {
      const id = saved[at]?.id;
      return id === undefined || !saved[at]?.success ? [] : [[item.person.employeeId, id]];
    }),
  );
}

async function change(
  org: Org,
  changed: readonly GrantItem[],
  before: Shown,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const saved = await org.update(
    'User',
    changed.map((item) => ({
      Id: textOf(before.user(item), 'Id'),
      IsActive: true,
      ...wanted(item, org.names),
    })),
  );
  noteRefusals(changed, saved, outcomes);
}

function noteRefusals(
  items: readonly GrantItem[],
  saved: readonly Saved[],
  outcomes: Map<string, AccessOutcome>,
): void {
  items.forEach((item, at) => {
    if (saved[at] && !saved[at].success) outcomes.set(item.id, userRefused(saved[at], item));
  });
}

/** Assigns what is missing, and takes what is there beyond what was approved, for all of them together. */
async function changeSets(
  org: Org,
  items: readonly GrantItem[],
  ids: ReadonlyMap<string, string>,
  before: Shown,
  outcomes: Map<string, AccessOutcome>,
): Promise<void> {
  const missing = items.flatMap((item) => before.missingSets(item).map((name) => ({ item, name })));
  await org.names.learn(
    'PermissionSet',
    missing.map(({ name }) => name),
  );
  const wantedSets: (SetWanted & { readonly item: GrantItem; readonly name: string })[] = [];
  for (const { item, name } of missing) {
    const setId = org.names.idOf('PermissionSet', name);
    if (setId === undefined) outcomes.set(item.id, setRefused(name, UNKNOWN_SET));
    else wantedSets.push({ item, name, setId, userId: ids.get(item.person.employeeId) ?? '' });
  }
  const codes = await assign(org, wantedSets);
  wantedSets.forEach(({ item, name }, at) => {
    const code = codes[at];
    if (code !== undefined) outcomes.set(item.id, setRefused(name, code));
  });
  await org.remove(
    'PermissionSetAssignment',
    items.flatMap((item) => before.extraSets(item).map(({ id }) => id)),
  );
}

function verify(
  org: Org,
  items: readonly GrantItem[],
  shown: Shown,
  outcomes: Map<string, AccessOutcome>,
): void {
  for (const item of items) {
    const user = shown.user(item);
    const [missing] = shown.missingSets(item);
    if (isAsApproved(org, item, shown)) outcomes.set(item.id, grantedOrAlready(true, detailOf(item)));
    else if (user && !differs(user, item, org.names) && missing !== undefined)
      outcomes.set(item.id, setRefused(missing, NOT_SHOWN));
    else if (shown.frozen(item))
      outcomes.set(
        item.id,
        needsPerson(
          'the user is frozen still, and Salesforce did not unfreeze it',
          'Unfreeze it there, then tick "try again".',
        ),
      );
    else
      outcomes.set(
        item.id,
        needsPerson(
          'Salesforce took the change, but the user does not show it',
          'Look at the user there, then tick "try again".',
        ),
      );
  }
}

/** Users are never deleted: inactive frees the licence. */
export async function deactivateUsers(
  org: Org,
  items: readonly GrantItem[],
  users: Users,
  begin: Begin,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  await step(items, outcomes, async () => {
    const [active, others] = [items.filter(isThere), items.filter((item) => !isThere(item))];
    for (const item of others) outcomes.set(item.id, revokedOrNothing(item.ours, 'has no active user'));
    await beginAll(begin, active, () => 'an active user');
    const saved = await org.update(
      'User',
      active.map((item) => ({ Id: idOf(item, users), IsActive: false })),
    );
    const after = await readBack(
      org,
      new Map(active.map((item) => [item.person.employeeId, idOf(item, users)])),
    );
    active.forEach((item, at) => {
      const gone = after.get(item.person.employeeId)?.['IsActive'] === false;
      outcomes.set(item.id, gone ? { kind: 'revoked', verified: true } : stillActive(saved[at]));
    });
  });
  return outcomes;

  function isThere(item: GrantItem): boolean {
    return isActive(users.get(item.person.employeeId));
  }
}

const stillActive = (saved: Saved | undefined): AccessOutcome =>
  passing(saved?.code) ??
  needsPerson(
    `Salesforce refused to deactivate the user: ${saved?.code ?? 'no code'}`,
    'Free the user of what depends on it, and deactivate it there.',
  );
