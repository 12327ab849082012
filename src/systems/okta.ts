import type { AccessOutcome, AccessWay, Account, Connector, GrantItem } from './connector';
import { callJson, type JsonAnswer } from './http';

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
    return this.#each(batch, (item, user, group) => this.#add(item, user, group));
  }

  revoke(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    return this.#each(batch, async (_item, user, group) => {
      if (!(await this.#isMember(user.id, group)))
        return { kind: 'not_applicable', reason: 'is not in the group' };
      return (await this.#setMember('DELETE', user.id, group))
        ? {
            kind: 'needs_person',
            problem: 'is still a member of the group after being taken out of it',
            mend: 'Look for a rule of the identity provider that adds them again, and take them out by hand.',
          }
        : { kind: 'revoked', verified: true };
    });
  }

  async #add(item: GrantItem, user: { id: string; active: boolean }, group: string): Promise<AccessOutcome> {
    if (!user.active) {
      return {
        kind: 'needs_person',
        problem: "the person's account at the identity provider is not active",
        mend: 'Ask IT to activate it, then tick "try again".',
      };
    }
    const detail = `group ${groupName(item)}`;
    if (await this.#isMember(user.id, group)) return { kind: 'already', verified: true, detail };
    if (!(await this.#setMember('PUT', user.id, group))) {
      return {
        kind: 'needs_person',
        problem: `the identity provider took the person into ${groupName(item)}, but does not show it`,
        mend: 'Look at the group there, then tick "try again".',
      };
    }
    return { kind: 'granted', verified: true, detail };
  }

  async #each(
    batch: readonly GrantItem[],
    act: (item: GrantItem, user: { id: string; active: boolean }, group: string) => Promise<AccessOutcome>,
  ): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    const groups = new Map<string, string | undefined>();
    for (const item of batch) {
      const name = groupName(item);
      if (!groups.has(name)) groups.set(name, await this.#group(name));
      const group = groups.get(name);
      const user = await this.#user(item.person.email);
      if (group === undefined) {
        outcomes.set(item.id, {
          kind: 'needs_person',
          problem: `the identity provider has no group ${name}`,
          mend: 'Make the group, or mend its name in config/systems.yml, then tick "try again".',
        });
      } else if (!user) {
        outcomes.set(item.id, {
          kind: 'needs_person',
          problem: 'the identity provider has no account for this person yet',
          mend: 'Ask IT to make it, then tick "try again".',
        });
      } else outcomes.set(item.id, await act(item, user, group));
    }
    return outcomes;
  }

  async #user(login: string): Promise<{ id: string; active: boolean } | undefined> {
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

  /**
   * Puts a user in or out, once, and says whether they are in then. Membership has no date by which a later try could tell
   * that it was our doing; so where the answer is lost, a look tells whether the change came about.
   */
  async #setMember(method: 'PUT' | 'DELETE', userId: string, groupId: string): Promise<boolean> {
    try {
      await this.#call(method, `/api/v1/groups/${enc(groupId)}/users/${enc(userId)}`);
    } catch (fault) {
      const isMember = await this.#isMember(userId, groupId);
      if (isMember !== (method === 'PUT')) throw fault;
      return isMember;
    }
    return this.#isMember(userId, groupId);
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
const groupName = (item: GrantItem): string =>
  item.access.way.kind === 'okta-group' ? item.access.way.group : '';
