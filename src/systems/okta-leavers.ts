import { SystemFault } from './fault';
import type { JsonAnswer } from './http';
import { each, type Found, type LeaverAccess, type LeaverIdentity, type LeaverOutcome } from './leavers';
import { repeat } from './repeat';
import { sideBySide } from './side-by-side';

type Call = (
  method: 'GET' | 'PUT' | 'DELETE',
  path: string,
  expected?: readonly number[],
) => Promise<JsonAnswer>;

const INACTIVE = ['DEPROVISIONED', 'SUSPENDED', 'DEACTIVATED'];

interface OktaUser {
  readonly id: string;
  readonly status?: string;
  readonly lastLogin?: string | null;
  readonly profile?: {
    readonly login?: string;
    readonly email?: string;
    readonly employeeNumber?: string | null;
  };
}

/** Of a leaver's account at the identity provider, the groups that give Sales Ops' systems: the account itself is IT's. */
export function oktaLeavers(call: Call): LeaverAccess {
  /** The groups of a user, id by name. */
  const groupsOf = async (userId: string): Promise<ReadonlyMap<string, string>> => {
    const answer = await call('GET', `/api/v1/users/${enc(userId)}/groups`, [404]);
    const rows = Array.isArray(answer.body)
      ? (answer.body as { id: string; profile?: { name?: string } }[])
      : [];
    return new Map(rows.flatMap(({ id, profile }) => (profile?.name ? [[profile.name, id] as const] : [])));
  };
  /** By login, which is an address or a federation id; by address, where the login is another; by HR's number. */
  const find = async (one: LeaverIdentity): Promise<readonly Found[]> => {
    const found = new Map<string, Found>();
    const take = async (user: OktaUser, by: Found['by']): Promise<void> => {
      if (found.has(user.id)) return;
      found.set(user.id, {
        connection: 'okta',
        accountId: user.id,
        state: INACTIVE.includes(user.status ?? '') ? 'inactive' : 'active',
        by,
        shows: [...(await groupsOf(user.id)).keys()].sort(),
        lastSignInAt: user.lastLogin ?? null,
      });
    };
    for (const login of [...one.emails, ...(one.federationId === null ? [] : [one.federationId])]) {
      const answer = await call('GET', `/api/v1/users/${enc(login)}`, [404]);
      const user = answer.status === 404 ? null : (answer.body as OktaUser | null);
      // Asked for by a part of a login, Okta answers with whoever's login begins so.
      if (user?.id && !isAnothers(user, one) && same(user.profile?.login ?? login, login))
        await take(user, login === one.federationId ? 'federation_id' : 'username');
    }
    for (const user of await search(one)) {
      const email = one.emails.find((address) => address === user.profile?.email?.toLowerCase());
      if (user.profile?.employeeNumber === one.employeeId) await take(user, 'employee_number');
      else if (email !== undefined && !isAnothers(user, one)) await take(user, 'email');
    }
    return [...found.values()];
  };
  const search = async ({ emails, employeeId }: LeaverIdentity): Promise<readonly OktaUser[]> => {
    const asked = [
      ...emails.map((email) => `profile.email eq ${quoted(email)}`),
      `profile.employeeNumber eq ${quoted(employeeId)}`,
    ];
    const answer = await call('GET', `/api/v1/users?search=${enc(asked.join(' or '))}`);
    return Array.isArray(answer.body) ? (answer.body as OktaUser[]) : [];
  };
  /** Takes the groups that the account shows, and reads it back. */
  const take = async ({ accountId, shows }: Found): Promise<LeaverOutcome> => {
    const before = await groupsOf(accountId);
    const held = shows.flatMap((name) => before.get(name) ?? []);
    for (const group of held)
      await call('DELETE', `/api/v1/groups/${enc(group)}/users/${enc(accountId)}`, [404]);
    if (held.length === 0) return { kind: 'was_gone' };
    const after = await groupsOf(accountId);
    const left = shows.filter((name) => after.has(name));
    return left.length === 0
      ? { kind: 'gone' }
      : {
          kind: 'refused',
          code: 'still-member',
          blocker: `is still a member of ${left.join(', ')} after being taken out`,
          mend: 'Look for a rule of the identity provider that adds them again, and take them out by hand.',
        };
  };
  const endSessions = async ({ accountId }: Found): Promise<void> => {
    await repeat(() => call('DELETE', `/api/v1/users/${enc(accountId)}/sessions?oauthTokens=true`, [404]));
  };
  return {
    accountsOf: async (people) => {
      const all = new Map<string, readonly Found[]>();
      await sideBySide(people, async (one) => {
        const found = await find(one);
        if (found.length > 0) all.set(one.employeeId, found);
      });
      return all;
    },
    freeze: (accounts) =>
      each(accounts, async (account) => {
        // Before the groups: after a lost answer, whoever is out of ours is no longer looked for.
        const refused = await endSessions(account).catch(refusal);
        const outcome = await take(account);
        if (refused) throw refused;
        return outcome;
      }),
    unfreeze: (accounts) =>
      each(accounts, async ({ accountId, shows }) => {
        const held = await groupsOf(accountId);
        const missing = shows.filter((name) => !held.has(name));
        for (const name of missing) {
          const group = await groupNamed(call, name);
          if (group) await call('PUT', `/api/v1/groups/${enc(group)}/users/${enc(accountId)}`);
        }
        const after = await groupsOf(accountId);
        const left = shows.filter((name) => !after.has(name));
        if (left.length > 0)
          return {
            kind: 'refused',
            code: 'not-member',
            blocker: `is not a member of ${left.join(', ')} again`,
            mend: 'Take them into the group by hand.',
          };
        return { kind: missing.length > 0 ? 'gone' : 'was_gone' };
      }),
    end: (accounts) => each(accounts, take),
  };
}

/** What no retry mends keeps nobody in our groups: it is told afterwards. @throws whatever a retry may mend */
function refusal(error: unknown): SystemFault {
  if (error instanceof SystemFault && !error.retryable) return error;
  throw error;
}

async function groupNamed(call: Call, name: string): Promise<string | undefined> {
  const answer = await call('GET', `/api/v1/groups?q=${enc(name)}`);
  const rows = Array.isArray(answer.body)
    ? (answer.body as { id: string; profile?: { name?: string } }[])
    : [];
  return rows.find(({ profile }) => profile?.name === name)?.id;
}

/** Whoever has another number is somebody else, whatever their address: addresses are given anew. */
const isAnothers = (user: OktaUser, { employeeId }: LeaverIdentity): boolean =>
  (user.profile?.employeeNumber ?? employeeId) !== employeeId;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
const enc = encodeURIComponent;
