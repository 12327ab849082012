import {
  grantedOrAlready,
  needsPerson,
  revokedOrNothing,
  step,
  type AccessOutcome,
  type AccessWay,
  type Account,
  type Connector,
  type GrantItem,
} from './connector';
import { callJson, type JsonAnswer } from './http';

interface User {
  readonly id: string;
  readonly active: boolean;
}

/** Groups at the identity provider (Okta Groups API): the application makes the account at first sign-in. */
export class OktaGroups implements Connector {
  constructor(private readonly settings: { readonly url: string; readonly token: string }) {}

  async find(way: AccessWay, emails: readonly string[]): Promise<readonly Account[]> {
    if (way.kind !== 'okta-group') return [];
    const group = await this.#group(way.group);
    if (group === undefined) return [];
    const accounts: Account[] = [];
    for (const email of emails) {
      const user = await this.#user(email);
      if (user && (await this.#isMember(user.id, group))) {
        accounts.push({
          system: 'okta',
          email,
          id: user.id,
          state: user.active ? 'active' : 'inactive',
          role: way.group,
        });
      }
    }
    return accounts;
  }

  grant(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    return this.#each(batch, (item, user, group) => {
      if (group === undefined)
        return needsPerson(
          `the identity provider has no group ${groupName(item)}`,
          'Make the group, or mend its name in config/systems.yml, then tick "try again".',
        );
      return user
        ? this.#add(item, user, group)
        : needsPerson(
            'the identity provider has no account for this person yet',
            'Ask IT to make it, then tick "try again".',
          );
    });
  }

  revoke(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    return this.#each(batch, async (item, user, group) => {
      if (!user || group === undefined || !(await this.#isMember(user.id, group)))
        return revokedOrNothing(item.ours, 'is not in the group');
      await item.beforeChange(`in the group ${groupName(item)}`);
      await this.#call('DELETE', membership(user.id, group));
      return (await this.#isMember(user.id, group))
        ? needsPerson(
            'is still a member of the group after being taken out of it',
            'Look for a rule of the identity provider that adds them again, and take them out by hand.',
          )
        : { kind: 'revoked', verified: true };
    });
  }

  async #add(item: GrantItem, user: User, group: string): Promise<AccessOutcome> {
    if (!user.active) {
      return needsPerson(
        "the person's account at the identity provider is not active",
        'Ask IT to activate it, then tick "try again".',
      );
    }
    const detail = `group ${groupName(item)}`;
    if (await this.#isMember(user.id, group)) return grantedOrAlready(item.ours, detail);
    await item.beforeChange(`not in the group ${groupName(item)}`);
    await this.#call('PUT', membership(user.id, group));
    return (await this.#isMember(user.id, group))
      ? { kind: 'granted', verified: true, detail }
      : needsPerson(
          `the identity provider took the person into ${groupName(item)}, but does not show it`,
          'Look at the group there, then tick "try again".',
        );
  }

  async #each(
    batch: readonly GrantItem[],
    act: (
      item: GrantItem,
      user: User | undefined,
      group: string | undefined,
    ) => AccessOutcome | Promise<AccessOutcome>,
  ): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    const groups = new Map<string, string | undefined>();
    for (const item of batch)
      await step([item], outcomes, async () => {
        const name = groupName(item);
        if (!groups.has(name)) groups.set(name, await this.#group(name));
        outcomes.set(item.id, await act(item, await this.#user(item.person.email), groups.get(name)));
      });
    return outcomes;
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
      expected,
    });
  }
}

const enc = encodeURIComponent;
const membership = (userId: string, groupId: string): string =>
  `/api/v1/groups/${enc(groupId)}/users/${enc(userId)}`;
const groupName = (item: GrantItem): string =>
  item.access.way.kind === 'okta-group' ? item.access.way.group : '';
