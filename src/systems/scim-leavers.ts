import { each, type Found, type LeaverAccess, type LeaverIdentity, type LeaverOutcome } from './leavers';
import { isActive, type ScimServer, type ScimUser } from './scim-server';
import { sideBySide } from './side-by-side';

/** Accounts of a SCIM server: found by user name and external id, by federation id, too (never listed: some servers can't), and deactivated. */
export function scimLeavers(server: ScimServer): LeaverAccess {
  const find = async ({ emails, employeeId, federationId }: LeaverIdentity): Promise<readonly Found[]> => {
    const found = new Map<string, Found>();
    const take = (user: ScimUser | undefined, by: Found['by']): void => {
      if (user && !found.has(user.id)) found.set(user.id, foundOf(user, by, server.connection));
    };
    for (const email of emails) take(await server.byUserName(email), 'username');
    take(await server.byExternalId(employeeId), 'external_id');
    if (federationId !== null) {
      take(await server.byUserName(federationId), 'federation_id');
      take(await server.byExternalId(federationId), 'federation_id');
    }
    return [...found.values()];
  };
  const set = async ({ accountId }: Found, active: boolean): Promise<LeaverOutcome> => {
    const user = await server.read(accountId);
    // A server that forgot the account has ended it; it can't be given back.
    if (!user) return active ? notSet(active) : { kind: 'was_gone' };
    if (isActive(user) === active) return { kind: 'was_gone' };
    const after = await server.setActive(user, active, () => server.read(accountId));
    return (after ? isActive(after) : false) === active ? { kind: 'gone' } : notSet(active);
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
    freeze: (accounts) => each(accounts, (account) => set(account, false)),
    unfreeze: (accounts) => each(accounts, (account) => set(account, true)),
    end: (accounts) => each(accounts, (account) => set(account, false)),
  };
}

const notSet = (active: boolean): LeaverOutcome => ({
  kind: 'refused',
  code: active ? 'not-active' : 'still-active',
  blocker: active
    ? 'the account is not active again'
    : 'the account is still active after it was deactivated',
  mend: active ? 'Activate it by hand.' : 'Deactivate it by hand.',
});

const foundOf = (user: ScimUser, by: Found['by'], connection: string): Found => ({
  connection,
  accountId: user.id,
  state: isActive(user) ? 'active' : 'inactive',
  by,
  shows: (user.roles ?? []).flatMap(({ value }) => (value ? [`role ${value.slice(0, 80)}`] : [])),
  lastSignInAt: null,
});
