import {
  beginAll,
  grantedOrAlready,
  needsPerson,
  revokedOrNothing,
  step,
  type AccessOutcome,
  type AccessWay,
  type Account,
  type Begin,
  type Connector,
  type GrantItem,
} from './connector';
import { groupedBy } from './grouped';
import { callJson, type JsonAnswer } from './http';
import { oktaLeavers } from './okta-leavers';
import type { Pace } from './pace';
import { sideBySide } from './side-by-side';

interface User {
  readonly id: string;
  readonly active: boolean;
}

/** To take people into a group, or out of it. */
interface MembershipChange {
  readonly method: 'PUT' | 'DELETE';
  /** Whether they are members afterwards. */
  readonly wanted: boolean;
  readonly before: (item: GrantItem) => string;
  /** What comes of whom nothing can be done for. */
  readonly unchanged: (
    item: GrantItem,
    user: User | undefined,
    group: string | undefined,
  ) => AccessOutcome | undefined;
  readonly asWanted: (item: GrantItem) => AccessOutcome;
  readonly done: (item: GrantItem) => AccessOutcome;
  readonly notShown: (item: GrantItem) => AccessOutcome;
}

/**
 * From so many people on a group's members are listed (200 a request, as Okta gives them) instead of asking for each
 * person's groups, before and after: 2 requests for each person are then worth a list of some 1,000 members.
 */
const LIST_FROM = 20;
const PAGE = 200;
/** A group with more members than this many pages is asked person by person after all. */
const MOST_PAGES = 50;

/** Groups at the identity provider (Okta Groups API): the application makes the account at first sign-in. */
export class OktaGroups implements Connector {
  constructor(
    private readonly settings: {
      readonly url: string;
      readonly token: string;
      readonly pace?: Pace | undefined;
    },
  ) {}

  readonly leavers = oktaLeavers((method, path, expected) => this.#call(method, path, expected));

  async find(way: AccessWay, emails: readonly string[]): Promise<readonly Account[]> {
    if (way.kind !== 'okta-group') return [];
    const group = await this.#group(way.group);
    if (group === undefined) return [];
    const isMember = await this.#members(group, emails.length);
    const accounts = new Map<string, Account>();
    await sideBySide(emails, async (email) => {
      const user = await this.#user(email);
      if (user && (await isMember(user.id)))
        accounts.set(email, {
          system: 'okta',
          email,
          id: user.id,
          state: user.active ? 'active' : 'inactive',
          role: way.group,
        });
    });
    return emails.flatMap((email) => accounts.get(email) ?? []);
  }

  grant(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>> {
    return this.#change(batch, begin, {
      method: 'PUT',
      wanted: true,
      before: (item) => `not in the group ${groupName(item)}`,
      unchanged: (item, user, group) => unableToJoin(item, user, group),
      asWanted: (item) => grantedOrAlready(item.ours, `group ${groupName(item)}`),
      done: (item) => ({ kind: 'granted', verified: true, detail: `group ${groupName(item)}` }),
      notShown: (item) =>
        needsPerson(
          `the identity provider took the person into ${groupName(item)}, but does not show it`,
          'Look at the group there, then tick "try again".',
        ),
    });
  }

  revoke(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>> {
    const nothing = (item: GrantItem): AccessOutcome => revokedOrNothing(item.ours, 'is not in the group');
    return this.#change(batch, begin, {
      method: 'DELETE',
      wanted: false,
      before: (item) => `in the group ${groupName(item)}`,
      unchanged: (item, user, group) => (user && group !== undefined ? undefined : nothing(item)),
      asWanted: nothing,
      done: () => ({ kind: 'revoked', verified: true }),
      notShown: () =>
        needsPerson(
          'is still a member of the group after being taken out of it',
          'Look for a rule of the identity provider that adds them again, and take them out by hand.',
        ),
    });
  }

  async #change(
    batch: readonly GrantItem[],
    begin: Begin,
    change: MembershipChange,
  ): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    for (const [name, members] of groupedBy(batch, groupName))
      await step(members, outcomes, (asked) => this.#changeGroup(name, asked, begin, change, outcomes));
    return outcomes;
  }

  /** Looks at all, says of all that are to be changed how they stood, changes those, and reads them back. */
  async #changeGroup(
    name: string,
    asked: readonly GrantItem[],
    begin: Begin,
    change: MembershipChange,
    outcomes: Map<string, AccessOutcome>,
  ): Promise<void> {
    const group = await this.#group(name);
    const isMember = await this.#members(group, asked.length);
    const users = new Map<string, User>();
    await sideBySide(asked, (item) =>
      step([item], outcomes, async () => {
        const user = await this.#user(item.person.email);
        const unchanged =
          change.unchanged(item, user, group) ??
          (user && (await isMember(user.id)) === change.wanted ? change.asWanted(item) : undefined);
        if (unchanged) outcomes.set(item.id, unchanged);
        else if (user) users.set(item.id, user);
      }),
    );
    const open = asked.filter(({ id }) => users.has(id));
    const idOf = ({ id }: GrantItem): string => users.get(id)?.id ?? '';
    await beginAll(begin, open, change.before);
    await sideBySide(open, (item) =>
      step([item], outcomes, async () => {
        await this.#call(change.method, membership(idOf(item), group ?? ''));
      }),
    );
    await step(open, outcomes, async (changed) => {
      const isNow = await this.#members(group, changed.length);
      await sideBySide(changed, (item) =>
        step([item], outcomes, async () => {
          const shown = (await isNow(idOf(item))) === change.wanted;
          outcomes.set(item.id, shown ? change.done(item) : change.notShown(item));
        }),
      );
    });
  }

  /** Whether a user is in the group: of a list read once where many are asked for, else asked for each. */
  async #members(
    group: string | undefined,
    asked: number,
  ): Promise<(userId: string) => boolean | Promise<boolean>> {
    if (group === undefined) return () => false;
    const listed = asked < LIST_FROM ? null : await this.#list(group);
    return listed ? (userId) => listed.has(userId) : (userId) => this.#isMember(userId, group);
  }

  /** Ids of all members; null where there are too many to list. */
  async #list(group: string): Promise<ReadonlySet<string> | null> {
    const ids = new Set<string>();
    let after = '';
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const answer = await this.#call(
        'GET',
        `/api/v1/groups/${enc(group)}/users?limit=${PAGE}${after && `&after=${enc(after)}`}`,
      );
      const page = Array.isArray(answer.body) ? (answer.body as { id: string }[]) : [];
      for (const { id } of page) ids.add(id);
      const next = cursorOf(answer.next);
      if (next === null) return ids;
      after = next;
    }
    return null;
  }

  async #user(login: string): Promise<User | undefined> {
    const answer = await this.#call('GET', `/api/v1/users/${enc(login)}`, [404]);
    const user = answer.status === 404 ? undefined : (answer.body as { id?: string; status?: string } | null);
    return user?.id
      ? { id: user.id, active: !['DEPROVISIONED', 'SUSPENDED'].includes(user.status ?? '') }
      : undefined;
  }

  async #group(name: string): Promise<string | undefined> {
    const answer = await this.#call('GET', `/api/v1/groups?q=${enc(name)}`);
    const groups = Array.isArray(answer.body)
      ? (answer.body as { id: string; profile?: { name?: string } }[])
      : [];
    return groups.find((group) => group.profile?.name === name)?.id;
  }

  async #isMember(userId: string, groupId: string): Promise<boolean> {
    const answer = await this.#call('GET', `/api/v1/users/${enc(userId)}/groups`);
    return (
      Array.isArray(answer.body) && (answer.body as { id: string }[]).some((group) => group.id === groupId)
    );
  }

  #call(
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    expected: readonly number[] = [],
  ): Promise<JsonAnswer> {
    return callJson({
      system: 'okta',
      method,
      url: `${this.settings.url}${path}`,
      headers: { Authorization: `SSWS ${this.settings.token}` },
      pace: this.settings.pace,
      expected,
    });
  }
}

const enc = encodeURIComponent;
const membership = (userId: string, groupId: string): string =>
  `/api/v1/groups/${enc(groupId)}/users/${enc(userId)}`;
const groupName = (item: GrantItem): string =>
  item.access.way.kind === 'okta-group' ? item.access.way.group : '';

/** The cursor of the next page, from an RFC 8288 `Link` header; null on the last page. Never the address itself: it is ours to say where to ask. */
function cursorOf(next: string | null | undefined): string | null {
  if (!next) return null;
  try {
    return new URL(next).searchParams.get('after');
  } catch {
    return null;
  }
}

function unableToJoin(
  item: GrantItem,
  user: User | undefined,
  group: string | undefined,
): AccessOutcome | undefined {
  if (group === undefined)
    return needsPerson(
      `the identity provider has no group ${groupName(item)}`,
      'Make the group, or mend its name in config/systems.yml, then tick "try again".',
    );
  if (!user)
    return needsPerson(
      'the identity provider has no account for this person yet',
      'Ask IT to make it, then tick "try again".',
    );
  return user.active
    ? undefined
    : needsPerson(
        "the person's account at the identity provider is not active",
        'Ask IT to activate it, then tick "try again".',
      );
}
