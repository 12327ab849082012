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
  type GrantPerson,
} from './connector';
import { SystemFault } from './fault';
import type { JsonAnswer } from './http';
import type { LeaverAccess } from './leavers';
import { scimLeavers } from './scim-leavers';
import { isActive, ScimServer, type ScimSettings, type ScimUser } from './scim-server';
import { sideBySide } from './side-by-side';

/**
 * Users of one SCIM 2.0 server (RFC 7643, 7644). Looks a person up by `userName` (never lists: LinkedIn's server
 * can't), makes the account or wakes it, and reads it back with its role. An account that was there before us is left as it
 * is: where its role is another one, a person decides, unless its change was approved.
 */
export class ScimUsers implements Connector {
  readonly leavers: LeaverAccess;
  readonly #server: ScimServer;
  constructor(settings: ScimSettings) {
    this.#server = new ScimServer(settings);
    this.leavers = scimLeavers(this.#server);
  }

  async find(_way: AccessWay, emails: readonly string[]): Promise<readonly Account[]> {
    const accounts = new Map<string, Account>();
    await sideBySide(emails, async (email) => {
      const user = await this.#server.byUserName(email);
      const [role] = user ? rolesOf(user) : [];
      if (user)
        accounts.set(email, {
          system: this.#server.system,
          email,
          id: user.id,
          state: isActive(user) ? 'active' : 'inactive',
          ...(role ? { role } : {}),
        });
    });
    return emails.flatMap((email) => accounts.get(email) ?? []);
  }

  async grant(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>> {
    return this.#each(batch, begin, asItIs, beforeGrant, (item, known) => this.#grant(item, known));
  }

  async revoke(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>> {
    const nothing = (known: ScimUser | undefined, item: GrantItem): AccessOutcome | undefined =>
      known && isActive(known) ? undefined : revokedOrNothing(item.ours, 'has no active account');
    const before = (known: ScimUser | undefined): string =>
      `an active account, ${known ? rolesInWords(known) : 'no role shown'}`;
    return this.#each(batch, begin, nothing, before, (item, known) => this.#revoke(item, known));
  }

  /** Looks all up, says of all that are to be changed how they stood, and changes those; SCIM has no batches that servers keep. */
  async #each(
    batch: readonly GrantItem[],
    begin: Begin,
    unchanged: (known: ScimUser | undefined, item: GrantItem) => AccessOutcome | undefined,
    before: (known: ScimUser | undefined) => string,
    change: (item: GrantItem, known: ScimUser | undefined) => Promise<AccessOutcome>,
  ): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    const known = new Map<string, ScimUser | undefined>();
    await sideBySide(batch, (item) =>
      step([item], outcomes, async () => {
        const user = await this.#server.byUserName(item.person.email);
        known.set(item.id, user);
        const as = unchanged(user, item);
        if (as) outcomes.set(item.id, as);
      }),
    );
    const open = batch.filter(({ id }) => !outcomes.has(id));
    await beginAll(begin, open, ({ id }) => before(known.get(id)));
    await sideBySide(open, (item) =>
      step([item], outcomes, async () => {
        outcomes.set(item.id, await change(item, known.get(item.id)));
      }),
    );
    return outcomes;
  }

  async #grant(item: GrantItem, known: ScimUser | undefined): Promise<AccessOutcome> {
    const refused = known ? undefined : await this.#create(item);
    if (refused) return refused;
    let user = known ?? (await this.#readBack(item));
    if (known ? !hasRole(user, item) : hasWrongRole(user, item)) {
      await this.#server.change(user, { roles: [{ value: item.access.role, primary: true }] }, [400]);
      user = await this.#readBack(item);
    }
    if (hasWrongRole(user, item))
      return needsPerson(
        `the account shows ${rolesInWords(user)} after role ${item.access.role} was set`,
        'Set the role there, then tick "try again".',
      );
    if (!isActive(user)) user = await this.#server.setActive(user, true, () => this.#readBack(item));
    return isActive(user)
      ? grantedOrAlready(true, detailOf(user, item))
      : needsPerson('the account was made, but is not active', 'Activate it there, then tick "try again".');
  }

  async #revoke(item: GrantItem, known: ScimUser | undefined): Promise<AccessOutcome> {
    const after = known
      ? await this.#server.setActive(known, false, () => this.#readBack(item))
      : await this.#readBack(item);
    return isActive(after)
      ? needsPerson('the account is still active after it was deactivated', 'Deactivate it by hand.')
      : { kind: 'revoked', verified: true };
  }

  /** Makes the account, once; says what a person must know where that was refused. */
  async #create(item: GrantItem): Promise<AccessOutcome | undefined> {
    const made = await this.#server.create(scimUser(item), [409, 400, 403]);
    if (made.status === 409 && !(await this.#server.byUserName(item.person.email))) {
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
    const user = await this.#server.byUserName(item.person.email);
    if (!user)
      throw new SystemFault(this.#server.system, 'not-there-yet', true, 'the account is not shown yet');
    return user;
  }
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

/**
 * What is to be left as it is: what we began and find as asked, and what was there before us, which is neither lowered nor
 * raised unless its change was approved. Undefined: there is something to change.
 */
function asItIs(user: ScimUser | undefined, item: GrantItem): AccessOutcome | undefined {
  if (!user || !isActive(user)) return undefined;
  if (item.ours || item.mayChange) {
    const fits = item.ours ? !hasWrongRole(user, item) : hasRole(user, item);
    return fits ? grantedOrAlready(item.ours, detailOf(user, item)) : undefined;
  }
  return hasWrongRole(user, item)
    ? needsPerson(
        `the account was there before, with ${rolesInWords(user)}; approved is role ${item.access.role}`,
        'Agree on which is right, set it there, then tick "try again".',
      )
    : grantedOrAlready(false, detailOf(user, item));
}

const beforeGrant = (known: ScimUser | undefined): string =>
  known ? `${isActive(known) ? 'an active' : 'an inactive'} account, ${rolesInWords(known)}` : 'no account';

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
