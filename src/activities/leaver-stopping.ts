import type { FoundAccess, LeaverCase, LeavingAction } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { SystemFault } from '../systems/fault';
import type { Found, LeaverAccess, LeaverIdentity, LeaverOutcome } from '../systems/leavers';
import { asTheyStood } from './leaver-begun';
import { leaverConnections, ownedAccounts, withFederationIds } from './leaver-identities';
import type { World } from './world';

type FrozenAccount = Found & Pick<FoundAccess, 'frozenStamp'>;

/** What one connection did: the accounts of each leaver as they were before, and why it could not. */
export interface Frozen {
  readonly connection: string;
  readonly accounts: ReadonlyMap<string, readonly FrozenAccount[]>;
  /** Names of rights over others' access that were taken, by account id. */
  readonly rights: ReadonlyMap<string, readonly string[]>;
  /** By account id: the system said no. */
  readonly refused: ReadonlyMap<string, string>;
  readonly fault: SystemFault | null;
}

/** Who is frozen, and by what they are recognised. */
export interface ToFreeze {
  readonly leavers: readonly { readonly one: LeaverCase; readonly person: PersonRecord }[];
  readonly identities: readonly LeaverIdentity[];
  /** Employee ids of those whom rights over others' access are taken from. */
  readonly lasting: ReadonlySet<string>;
  readonly actions: readonly LeavingAction[];
}

/**
 * Stops their sign-in at every connection, in parallel. Nobody waits for Salesforce to be frozen elsewhere; what only the user name leads
 * to that Salesforce knows comes right after.
 */
export async function stopEverywhere(world: World, who: ToFreeze): Promise<readonly Frozen[]> {
  const connections = leaverConnections(world);
  const first = await Promise.all(
    [...connections].map(([connection, access]) => freezeAt(world, connection, access, who)),
  );
  const salesforce = first.find(({ connection }) => connection === 'salesforce');
  const named = withFederationIds(who.identities, salesforce?.accounts ?? new Map());
  if (named.length === 0) return first;
  const more = { ...who, identities: named.map((one) => ({ ...one, emails: [] })) };
  return Promise.all(
    first.map(async (before) => {
      const access = connections.get(before.connection);
      return before.connection === 'salesforce' || before.fault || !access
        ? before
        : together(before, await freezeAt(world, before.connection, access, more, '/federation'));
    }),
  );
}

async function freezeAt(
  world: World,
  connection: string,
  access: LeaverAccess,
  { leavers, identities, lasting, actions }: ToFreeze,
  round = '',
): Promise<Frozen> {
  const rights = new Map<string, readonly string[]>();
  const refused = new Map<string, string>();
  let accounts: ReadonlyMap<string, readonly FrozenAccount[]> = new Map();
  try {
    accounts = await ownedAccounts(world.handbook().systems, access, identities);
    // Sign-in first: who can't sign in has no use of rights over others' access.
    if (actions.includes('sign_in')) {
      // What an earlier try did isn't done again: of twenty, no try would ever find all answers come through.
      const all = [...accounts.values()].flat();
      accounts = await asTheyStood(world, `${connection}${round}`, leavers, accounts);
      const outcomes = all.length > 0 ? await access.freeze(all) : new Map<string, LeaverOutcome>();
      for (const [id, outcome] of outcomes)
        if (outcome.kind === 'refused') refused.set(id, outcome.code);
        else if (outcome.kind === 'waiting_for_system')
          return { connection, accounts, rights, refused, fault: awaited(outcome) };
      accounts = stampedBy(accounts, outcomes);
    }
    const gone = [...accounts].flatMap(([employeeId, theirs]) =>
      lasting.has(employeeId) ? theirs.map(({ accountId }) => accountId) : [],
    );
    if (actions.includes('admin_rights') && access.takeAdminRights && gone.length > 0)
      for (const [id, names] of await access.takeAdminRights(gone)) rights.set(id, names);
    return { connection, accounts, rights, refused, fault: null };
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    return { connection, accounts, rights, refused, fault: error };
  }
}

/** What two rounds at one connection did. An account that both found is told of once. */
const together = (one: Frozen, other: Frozen): Frozen => ({
  connection: one.connection,
  accounts: new Map(
    [...new Set([...one.accounts.keys(), ...other.accounts.keys()])].map((id) => [
      id,
      [
        ...new Map(
          [...(other.accounts.get(id) ?? []), ...(one.accounts.get(id) ?? [])].map((account) => [
            account.accountId,
            account,
          ]),
        ).values(),
      ],
    ]),
  ),
  rights: new Map([...one.rights, ...other.rights]),
  refused: new Map([...one.refused, ...other.refused]),
  fault: one.fault ?? other.fault,
});

/** With the stamp of the freeze, of those who were not frozen by anybody before. */
const stampedBy = (
  accounts: ReadonlyMap<string, readonly Found[]>,
  outcomes: ReadonlyMap<string, LeaverOutcome>,
): ReadonlyMap<string, readonly FrozenAccount[]> =>
  new Map(
    [...accounts].map(([employeeId, theirs]) => [
      employeeId,
      theirs.map((account): FrozenAccount => {
        const outcome = outcomes.get(account.accountId);
        const stamp = outcome?.kind === 'gone' || outcome?.kind === 'was_gone' ? outcome.stamp : undefined;
        return account.state === 'frozen' || stamp === undefined
          ? account
          : { ...account, frozenStamp: stamp };
      }),
    ]),
  );

const awaited = ({ system, code }: { readonly system: string; readonly code: string }): SystemFault =>
  new SystemFault(system, code, true, 'does not answer just now');
