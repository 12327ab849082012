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
  type GrantPerson,
} from './connector';
import { SystemFault } from './fault';
import { callJson, type JsonAnswer } from './http';

interface ScimUser {
  readonly id: string;
  readonly userName: string;
  readonly active?: boolean | string;
  readonly roles?: readonly { readonly value?: string }[];
}

/**
 * Users of one SCIM 2.0 server (RFC 7643, 7644). Looks a person up by `userName` (never lists: LinkedIn's server
 * can't), makes the account or wakes it, and reads it back with its role. An account that was there before us is left as it
 * is: where its role is another one, a person decides.
 */
export class ScimUsers implements Connector {
  constructor(
    private readonly settings: { readonly connection: string; readonly url: string; readonly token: string },
  ) {}

  async find(_way: AccessWay, emails: readonly string[]): Promise<readonly Account[]> {
    const accounts: Account[] = [];
    for (const email of emails) {
      const user = await this.#byUserName(email);
      const [role] = user ? rolesOf(user) : [];
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

  grant(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    return each(batch, (item) => this.#grant(item));
  }

  revoke(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    return each(batch, (item) => this.#revoke(item));
  }

  async #grant(item: GrantItem): Promise<AccessOutcome> {
    const known = await this.#byUserName(item.person.email);
    if (known && isActive(known) && !item.ours) return asItIs(known, item);
    if (known && isActive(known) && !hasWrongRole(known, item))
      return grantedOrAlready(true, detailOf(known, item));
    await item.beforeChange(
      known
        ? `${isActive(known) ? 'an active' : 'an inactive'} account, ${rolesInWords(known)}`
        : 'no account',
    );
    const refused = known ? undefined : await this.#create(item);
    if (refused) return refused;
    let user = known ?? (await this.#readBack(item));
    if (known ? !hasRole(user, item) : hasWrongRole(user, item)) {
      await this.#change(user, { roles: [{ value: item.access.role, primary: true }] }, [400]);
      user = await this.#readBack(item);
    }
    if (hasWrongRole(user, item))
      return needsPerson(
        `the account shows ${rolesInWords(user)} after role ${item.access.role} was set`,
        'Set the role there, then tick "try again".',
      );
    if (!isActive(user)) {
      await this.#change(user, { active: true });
      user = await this.#readBack(item);
    }
    return isActive(user)
      ? grantedOrAlready(true, detailOf(user, item))
      : needsPerson('the account was made, but is not active', 'Activate it there, then tick "try again".');
  }

  async #revoke(item: GrantItem): Promise<AccessOutcome> {
    const user = await this.#byUserName(item.person.email);
    if (!user || !isActive(user)) return revokedOrNothing(item.ours, 'has no active account');
    await item.beforeChange(`an active account, ${rolesInWords(user)}`);
    await this.#change(user, { active: false });
    return isActive(await this.#readBack(item))
      ? needsPerson('the account is still active after it was deactivated', 'Deactivate it by hand.')
      : { kind: 'revoked', verified: true };
  }

  /** Makes the account, once; says what a person must know where that was refused. */
  async #create(item: GrantItem): Promise<AccessOutcome | undefined> {
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
    return undefined;
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

  /** Some servers lack PATCH: then the whole resource is put back with the one value changed. */
  async #change(
    user: ScimUser,
    values: Record<string, unknown>,
    expected: readonly number[] = [],
  ): Promise<void> {
    const path = `/Users/${encodeURIComponent(user.id)}`;
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: Object.entries(values).map(([attribute, value]) => ({
        op: 'replace',
        path: attribute,
        value,
      })),
    };
    const answer = await this.#call('PATCH', path, { body: patch, expected: [404, 405, 501, ...expected] });
    if (answer.status !== 405 && answer.status !== 501) return;
    const whole = await this.#call('GET', path, {});
    await this.#call('PUT', path, { body: { ...(whole.body as object), ...values }, expected });
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

async function each(
  batch: readonly GrantItem[],
  act: (item: GrantItem) => Promise<AccessOutcome>,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const outcomes = new Map<string, AccessOutcome>();
  for (const item of batch)
    await step([item], outcomes, async () => void outcomes.set(item.id, await act(item)));
  return outcomes;
}

/** The roles that the server shows; none where it shows no roles at all. */
const rolesOf = (user: ScimUser): readonly string[] =>
  (user.roles ?? []).flatMap(({ value }) => (value ? [value.slice(0, 80)] : []));
const rolesInWords = (user: ScimUser): string => {
  const roles = rolesOf(user);
  return roles.length > 0 ? `role ${roles.join(', ')}` : 'no role shown';
};

/** Whether the account shows the role that was approved, and no other. */
function hasRole(user: ScimUser, { access }: Pick<GrantItem, 'access'>): boolean {
  const shown = rolesOf(user);
  return !access.role || (shown.length > 0 && !hasWrongRole(user, { access }));
}

/** Whether the account shows another role than the one that was approved. What shows no roles can't be judged. */
const hasWrongRole = (user: ScimUser, { access }: Pick<GrantItem, 'access'>): boolean =>
  access.role !== undefined &&
  rolesOf(user).some((role) => role.toLowerCase() !== access.role?.toLowerCase());

/** An account that was there before us is never changed: neither lowered nor raised. */
const asItIs = (user: ScimUser, item: GrantItem): AccessOutcome =>
  hasWrongRole(user, item)
    ? needsPerson(
        `the account was there before, with ${rolesInWords(user)}; approved is role ${item.access.role}`,
        'Agree on which is right, set it there, then tick "try again".',
      )
    : grantedOrAlready(false, detailOf(user, item));

/** Only what the system shows is claimed. */
const detailOf = (user: ScimUser, item: GrantItem): string =>
  !item.access.role
    ? 'account'
    : hasRole(user, item)
      ? `role ${item.access.role}`
      : 'account; the system shows no role';

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
