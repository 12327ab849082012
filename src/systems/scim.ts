import type { AccessOutcome, AccessWay, Account, Connector, GrantItem, GrantPerson } from './connector';
import { grantedOrAlready } from './connector';
import { SystemFault } from './fault';
import { callJson, type JsonAnswer } from './http';

interface ScimUser {
  readonly id: string;
  readonly userName: string;
  readonly active?: boolean | string;
  readonly meta?: { readonly created?: string };
  readonly roles?: readonly { readonly value?: string }[];
}

/**
 * Users of one SCIM 2.0 server (RFC 7643, 7644). Looks a person up by `userName` (never lists: LinkedIn's server
 * can't), makes the account or wakes it, and reads it back.
 */
export class ScimUsers implements Connector {
  constructor(
    private readonly settings: { readonly connection: string; readonly url: string; readonly token: string },
  ) {}

  async find(_way: AccessWay, emails: readonly string[]): Promise<readonly Account[]> {
    const accounts: Account[] = [];
    for (const email of emails) {
      const user = await this.#byUserName(email);
      const role = user?.roles?.[0]?.value;
      if (user)
        accounts.push({
          system: this.#system,
          email,
          id: user.id,
          state: isActive(user) ? 'active' : 'inactive',
          ...(role ? { role } : {}),
        });
    }
    return accounts;
  }

  async grant(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    for (const item of batch) outcomes.set(item.id, await this.#grant(item));
    return outcomes;
  }

  async revoke(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    for (const item of batch) {
      const user = await this.#byUserName(item.person.email);
      if (!user || !isActive(user))
        outcomes.set(item.id, { kind: 'not_applicable', reason: 'has no active account' });
      else {
        await this.#setActive(user, false);
        outcomes.set(
          item.id,
          isActive(await this.#readBack(item))
            ? {
                kind: 'needs_person',
                problem: 'the account is still active after it was deactivated',
                mend: 'Deactivate it by hand.',
              }
            : { kind: 'revoked', verified: true },
        );
      }
    }
    return outcomes;
  }

  async #grant(item: GrantItem): Promise<AccessOutcome> {
    const known = await this.#byUserName(item.person.email);
    if (known && isActive(known)) return grantedOrAlready(known.meta?.created, item.since, detailOf(item));
    if (known) {
      await this.#setActive(known, true);
    } else {
      const made = await this.#call('POST', '/Users', { body: scimUser(item), expected: [409, 400, 403] });
      if (made.status === 409 && !(await this.#byUserName(item.person.email))) {
        return needsPerson(
          'the system says that this user name is taken, but does not show the account',
          'Look for the account there, give it the access by hand, then tick its box.',
        );
      }
      if (made.status === 400 || made.status === 403) {
        return needsPerson(
          `the system refused the new account (${made.status}${scimType(made)})`,
          'Check the values asked for, then tick "try again", or grant it by hand.',
        );
      }
    }
    const back = await this.#readBack(item);
    return isActive(back)
      ? { kind: 'granted', verified: true, detail: detailOf(item) }
      : needsPerson('the account was made, but is not active', 'Activate it there, then tick "try again".');
  }

  async #readBack(item: GrantItem): Promise<ScimUser> {
    const user = await this.#byUserName(item.person.email);
    if (!user) throw new SystemFault(this.#system, 'not-there-yet', true, 'the account is not shown yet');
    return user;
  }

  async #byUserName(email: string): Promise<ScimUser | undefined> {
    const filter = `userName eq "${email.replace(/["\\]/g, '\\$&')}"`;
    const answer = await this.#call('GET', `/Users?filter=${encodeURIComponent(filter)}`, {});
    const found = (answer.body as { Resources?: ScimUser[] } | null)?.Resources ?? [];
    return found.find((user) => user.userName.toLowerCase() === email.toLowerCase());
  }

  /**
   * Wakes an account, or puts it to sleep, once. When that was has no date that a later try could read; so where the answer
   * is lost, a look tells whether the change came about.
   */
  async #setActive(user: ScimUser, active: boolean): Promise<void> {
    try {
      await this.#sendActive(user, active);
    } catch (fault) {
      const now = await this.#byUserName(user.userName);
      if (!now || isActive(now) !== active) throw fault;
    }
  }

  /** Some servers lack PATCH: then the whole resource is put back with the one value changed. */
  async #sendActive(user: ScimUser, active: boolean): Promise<void> {
    const path = `/Users/${encodeURIComponent(user.id)}`;
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'active', value: active }],
    };
    const answer = await this.#call('PATCH', path, { body: patch, expected: [404, 405, 501] });
    if (answer.status !== 405 && answer.status !== 501) return;
    const whole = await this.#call('GET', path, {});
    await this.#call('PUT', path, { body: { ...(whole.body as object), active } });
  }

  #call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH',
    path: string,
    rest: { body?: unknown; expected?: readonly number[] },
  ): Promise<JsonAnswer> {
    return callJson({
      system: this.#system,
      method,
      url: `${this.settings.url.replace(/\/$/, '')}${path}`,
      headers: { Authorization: `Bearer ${this.settings.token}` },
      contentType: 'application/scim+json',
      ...rest,
    });
  }

  get #system(): string {
    return `scim/${this.settings.connection.toLowerCase()}`;
  }
}

/** Some servers send `"False"` as a string. */
const isActive = (user: ScimUser): boolean => String(user.active ?? true).toLowerCase() === 'true';
const needsPerson = (problem: string, mend: string): AccessOutcome => ({
  kind: 'needs_person',
  problem,
  mend,
});
const detailOf = (item: GrantItem): string => (item.access.role ? `role ${item.access.role}` : 'account');

function scimType(answer: JsonAnswer): string {
  const type = (answer.body as { scimType?: unknown } | null)?.scimType;
  return typeof type === 'string' && /^\w{1,40}$/.test(type) ? ` ${type}` : '';
}

function scimUser(item: GrantItem): Record<string, unknown> {
  const { first, last } = splitName(item.person);
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: item.person.email,
    externalId: item.person.employeeId,
    name: { givenName: first, familyName: last, formatted: item.person.name },
    displayName: item.person.name,
    title: item.person.title,
    active: true,
    emails: [{ value: item.person.email, type: 'work', primary: true }],
    ...(item.access.role ? { roles: [{ value: item.access.role, primary: true }] } : {}),
  };
}

/** The last word is the family name: what the systems that insist on two names are given. */
export function splitName(person: Pick<GrantPerson, 'name'>): { first: string; last: string } {
  const words = person.name.trim().split(/\s+/);
  const last = words.pop() ?? '';
  return { first: words.join(' '), last: last || 'Unknown' };
}
