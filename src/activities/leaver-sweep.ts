import { connectionOf } from '../domain/batches';
import type { Handbook, System } from '../domain/handbook';
import {
  isLicence,
  isSettled,
  LICENCE,
  openItem,
  type FoundAccess,
  type LeaverCase,
  type LeaverItem,
} from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { calendarOf } from '../handbook/business-time';
import { removalDueAt } from '../handbook/leaving-time';
import type { GrantItem, GrantPerson } from '../systems/connector';
import { SystemFault } from '../systems/fault';
import type { Found, LeaverAccess, LeaverIdentity } from '../systems/leavers';
import {
  identitiesOf,
  leaverConnections,
  ownedAccounts,
  systemsOf,
  withFederationIds,
} from './leaver-identities';
import { pinnedPolicy, userNameOf, type ReadWorld } from './world';

/** What every system said of these people; `unread` says which connections could not be asked, and why. */
interface Swept {
  readonly accounts: ReadonlyMap<string, readonly Found[]>;
  /** Licences held beside the user, `employee id/system`. */
  readonly licences: ReadonlySet<string>;
  readonly unread: ReadonlyMap<string, string>;
  /** Employee ids of those whose address somebody else has, too. */
  readonly shared: ReadonlySet<string>;
}

/** How the problem of a system begins that daytwo could not ask: it asks again. */
export const NOT_ASKED = 'it could not be asked';

/**
 * Asks every owned system what these people hold, whatever was ever requested, and says what is to be settled of each. Changes
 * nothing. What was there when they were frozen counts as held; systems that can't be asked become a question to their
 * deprovisioners. A system that does not answer holds up none of the others.
 *
 * @returns items by leaving; those that were settled before are left out
 */
export async function sweep(
  world: ReadWorld,
  cases: readonly LeaverCase[],
): Promise<ReadonlyMap<string, readonly LeaverItem[]>> {
  const { people, identities, shared } = await identitiesOf(world, cases);
  const swept = { ...(await askAll(world, identities, [...people.values()])), shared };
  const before = await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving));
  const emailsOf = new Map(identities.map(({ employeeId, emails }) => [employeeId, emails]));
  const items = new Map<string, readonly LeaverItem[]>();
  for (const one of cases) {
    const person = people.get(one.employeeId);
    if (!person) continue;
    const known = new Map((before.get(one.leaving) ?? []).map((item) => [item.id, item]));
    const asked = await askedFor(world, one.employeeId);
    const all = [
      ...world
        .handbook()
        .systems.map((system) =>
          itemOf(world.handbook(), one, person, system, swept, asked, known.get(system.key)),
        ),
      ...(await secretsOf(world, one, person, emailsOf.get(one.employeeId) ?? [])).filter(
        ({ id }) => !known.has(id),
      ),
    ];
    items.set(
      one.leaving,
      all.filter(({ id }) => !isSettled(known.get(id) ?? { status: 'open' })),
    );
  }
  return items;
}

async function askAll(
  world: ReadWorld,
  identities: readonly LeaverIdentity[],
  people: readonly PersonRecord[],
): Promise<Omit<Swept, 'shared'>> {
  const { systems } = world.handbook();
  const accounts = new Map<string, Found[]>();
  const unread = new Map<string, string>();
  const connections = leaverConnections(world);
  for (const way of systems.flatMap(({ ways }) => ways)) {
    const connection = connectionOf(way);
    if (connection !== null && !connections.has(connection)) unread.set(connection, 'is not set up');
  }
  const ask = async (connection: string, read: () => Promise<void>): Promise<void> => {
    if (unread.has(connection)) return;
    try {
      await read();
    } catch (error) {
      if (!(error instanceof SystemFault)) throw error;
      unread.set(connection, `${error.retryable ? 'does not answer' : 'refused'}: ${error.code}`);
    }
  };
  const askAbout = (
    connection: string,
    access: LeaverAccess,
    who: readonly LeaverIdentity[],
  ): Promise<void> =>
    ask(connection, async () => {
      for (const [id, found] of await ownedAccounts(systems, access, who))
        accounts.set(id, [...(accounts.get(id) ?? []), ...found]);
    });
  // Salesforce first: it knows the user name by which others may have them.
  const salesforce = connections.get('salesforce');
  if (salesforce) await askAbout('salesforce', salesforce, identities);
  const named = new Map(withFederationIds(identities, accounts).map((one) => [one.employeeId, one]));
  const who = identities.map((one) => named.get(one.employeeId) ?? one);
  const others = [...connections].filter(([connection]) => connection !== 'salesforce');
  await Promise.all(others.map(([connection, access]) => askAbout(connection, access, who)));
  const licences = new Set<string>();
  await ask('salesforce', async () => {
    const known = people.map((person) => withUser(person, accounts.get(person.employeeId) ?? []));
    for (const held of await licencesOf(world, known)) licences.add(held);
  });
  return { accounts, licences, unread };
}

/** With their Salesforce user as it was found: it may be known by its address alone. */
export function withUser(
  person: PersonRecord,
  found: readonly Pick<Found, 'connection' | 'accountId' | 'shows'>[],
): GrantPerson {
  const user = found.find((account) => account.connection === 'salesforce' && !isLicence(account));
  return user ? { ...person, userId: user.accountId } : person;
}

/** Who holds a permission-set or package licence, by `employee id/system`. */
async function licencesOf(world: ReadWorld, people: readonly GrantPerson[]): Promise<ReadonlySet<string>> {
  const items = world.handbook().systems.flatMap((system) =>
    licenceWays(system).flatMap((way) =>
      people.map((person): GrantItem => ({
        id: `${person.employeeId}/${system.key}`,
        person,
        access: { way, system: system.key },
        ours: false,
      })),
    ),
  );
  if (items.length === 0) return new Set();
  return (await world.connector('salesforce').seats?.holders(items)) ?? new Set();
}

export const licenceWays = ({ ways }: Pick<System, 'ways'>) =>
  ways.flatMap((way) => (way.kind === 'salesforce-psl' || way.kind === 'salesforce-package' ? [way] : []));

/** What is kept of taking access, which nobody asks for to have it. */
const TAKING = ['access.revoked', 'access.not_applicable', 'access.removal_begun'];

/** Systems for which a request of this person is on record. */
async function askedFor(world: ReadWorld, employeeId: string): Promise<ReadonlySet<string>> {
  const story = await world.store.story({ employeeId });
  return new Set(
    story.flatMap(({ kind, detail }) =>
      kind.startsWith('access.') && !TAKING.includes(kind) && detail.system ? [detail.system] : [],
    ),
  );
}

function itemOf(
  handbook: Handbook,
  one: LeaverCase,
  person: PersonRecord,
  system: System,
  { accounts, licences, unread, shared }: Swept,
  asked: ReadonlySet<string>,
  known: LeaverItem | undefined,
): LeaverItem {
  const shown = (accounts.get(one.employeeId) ?? [])
    .filter((account) => systemsOf(handbook.systems, account).includes(system))
    .map(({ federationId: _, ...account }): FoundAccess => ({ ...account, asked: asked.has(system.key) }));
  const licence: FoundAccess[] = licences.has(`${one.employeeId}/${system.key}`)
    ? [
        {
          connection: 'salesforce',
          accountId: licenceWays(system).map(nameOfWay).join(', '),
          state: 'active',
          by: 'email',
          shows: [LICENCE],
          lastSignInAt: null,
          asked: asked.has(system.key),
        },
      ]
    : [];
  // As it was when it was frozen: since then its groups and its state are gone.
  const frozen = (known?.found ?? []).map((account) => ({ ...account, asked: asked.has(system.key) }));
  const found = [
    ...new Map(
      [...shown, ...licence, ...frozen].map((one) => [`${one.connection}/${one.accountId}`, one]),
    ).values(),
  ];
  const unset = system.ways.flatMap((way) => {
    const why = unread.get(connectionOf(way) ?? '');
    return why === undefined ? [] : [`${connectionOf(way)} ${why}`];
  });
  const isShared = shared.has(one.employeeId) && system.ways.some((way) => connectionOf(way) !== null);
  const byPerson = needsPerson(system) || unset.length > 0 || isShared;
  const calendar = calendarOf(handbook, pinnedPolicy(handbook, one.policyVersion), person);
  const open = byPerson || found.some(({ state }) => state !== 'inactive');
  return {
    id: system.key,
    kind: 'system',
    system: system.key,
    text: '',
    status: open ? 'open' : 'not_applicable',
    found,
    how: open ? null : 'verified',
    by: open ? null : 'daytwo',
    at: open ? null : new Date().toISOString(),
    dueAt: removalDueAt(one.timeZero, system.removalDeadlineDays, calendar),
    reminded: known?.reminded ?? 0,
    problem: unset.length > 0 ? `${NOT_ASKED}: ${unset.join('; ')}` : isShared ? SHARED : null,
  };
}

/** The problem of a system where the account of somebody else stands under the same address, perhaps. */
export const SHARED =
  'somebody else has the same address: look whose account stands under it; daytwo took only what bears their number';

/** A part of it has no API: its deprovisioners say that it is gone. */
export const needsPerson = ({ ways }: Pick<System, 'ways'>): boolean =>
  ways.some(({ kind }) => kind === 'person');

const nameOfWay = (way: ReturnType<typeof licenceWays>[number]): string =>
  way.kind === 'salesforce-psl' ? way.permissionSetLicense : way.namespace;

/** Accounts of integrations and teams that they answer for, or whose secret they know. */
async function secretsOf(
  world: ReadWorld,
  one: LeaverCase,
  person: PersonRecord,
  emails: readonly string[],
): Promise<readonly LeaverItem[]> {
  const handbook = world.handbook();
  const theirs = handbook.serviceAccounts;
  if (theirs.length === 0) return [];
  const names = await namesOf(world, person, emails);
  const calendar = calendarOf(handbook, pinnedPolicy(handbook, one.policyVersion), person);
  return theirs.flatMap(({ system, name, owner, secretHolders }, at): LeaverItem[] => {
    const owns = names.has(owner);
    if (!owns && !secretHolders.some((holder) => names.has(holder))) return [];
    const named = handbook.systems.find(({ key }) => key === system);
    return [
      openItem({
        id: `secret/${system}/${at + 1}`,
        kind: 'secret',
        system,
        text: `${named?.name ?? system}, service account \`${name.replace(/`/g, "'")}\`: ${owns ? 'name another owner, and ' : ''}change its secret`,
        dueAt: removalDueAt(one.timeZero, named?.removalDeadlineDays ?? 1, calendar),
      }),
    ];
  });
}

/** Their user names: of each address of theirs, and by HR's number. */
async function namesOf(
  world: ReadWorld,
  { employeeId, email }: PersonRecord,
  emails: readonly string[],
): Promise<ReadonlySet<string>> {
  const { members } = world.handbook().people;
  const known = members.filter(
    (member) => member.employeeId === employeeId || emails.includes(member.email.toLowerCase()),
  );
  const today = await userNameOf(world, email);
  return new Set([...known.map(({ username }) => username), ...(today === null ? [] : [today])]);
}
