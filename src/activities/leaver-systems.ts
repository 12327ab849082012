import type { System, Way } from '../domain/handbook';
import { isLicence, isSettled, type LeaverCase, type LeaverItem } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { SystemFault } from '../systems/fault';
import { outcomeOfFault, type AccessOutcome, type GrantItem, type GrantPerson } from '../systems/connector';
import type { LeaverOutcome } from '../systems/leavers';
import { leaverConnections } from './leaver-identities';
import { noteEnded } from './leaver-record';
import { licenceWays, needsPerson, NOT_ASKED, SHARED, sweep, withUser } from './leaver-sweep';
import { seatsCameFree } from './seats';
import type { World } from './world';

/** One open system of one leaver. */
interface OpenSystem {
  readonly one: LeaverCase;
  readonly person: PersonRecord;
  readonly item: LeaverItem;
}

/**
 * Takes access system by system, for all of these together, and reads it back: accounts are deactivated, groups and licences taken.
 * A system that a person looks after, too, stays open for them. The Salesforce user itself isn't ended here. Done again,
 * nothing changes.
 */
export async function endSystems(world: World, cases: readonly LeaverCase[]): Promise<void> {
  const people = await world.store.peopleById(cases.map(({ employeeId }) => employeeId));
  await askAgain(world, cases, people);
  const items = await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving));
  // SOX first, then what is most critical.
  const systems = [...world.handbook().systems].sort(
    (a, b) => Number(b.sox) - Number(a.sox) || a.tier - b.tier,
  );
  const open = systems
    .filter(({ ways }) => !ways.some(({ kind }) => kind === 'salesforce-user'))
    .map((system) => ({
      system,
      of: cases.flatMap((one): OpenSystem[] => {
        const item = (items.get(one.leaving) ?? []).find(({ id }) => id === system.key);
        const person = people.get(one.employeeId);
        return item && person && !isSettled(item) ? [{ one, person, item }] : [];
      }),
    }));
  const userOf = ({ one, person }: OpenSystem): GrantPerson =>
    withUser(
      person,
      (items.get(one.leaving) ?? []).flatMap(({ found }) => found),
    );
  const licences = await takeLicences(world, open, userOf);
  for (const { system, of } of open) if (of.length > 0) await endSystem(world, system, of, licences);
}

/** What could not be asked before is asked once more: what it says now counts. */
async function askAgain(
  world: World,
  cases: readonly LeaverCase[],
  people: ReadonlyMap<string, PersonRecord>,
): Promise<void> {
  const known = await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving));
  const isUnasked = (item: LeaverItem): boolean => !isSettled(item) && wasNotAsked(item);
  const unasked = (one: LeaverCase): ReadonlySet<string> =>
    new Set((known.get(one.leaving) ?? []).filter(isUnasked).map(({ id }) => id));
  const again = cases.filter((one) => unasked(one).size > 0);
  if (again.length === 0) return;
  const swept = await sweep(world, again);
  for (const one of again) {
    const ids = unasked(one);
    const answered = (swept.get(one.leaving) ?? []).filter((item) => ids.has(item.id) && !wasNotAsked(item));
    await world.store.leavers.putItems(one.leaving, answered);
    const person = people.get(one.employeeId);
    for (const item of answered.filter(isSettled)) if (person) await noteEnded(world, one, person, item);
  }
}

const wasNotAsked = ({ problem }: LeaverItem): boolean => problem?.startsWith(NOT_ASKED) ?? false;

async function endSystem(
  world: World,
  system: System,
  open: readonly OpenSystem[],
  licences: ReadonlyMap<string, string>,
): Promise<void> {
  const problems = new Map<string, string>();
  const groups = system.ways.flatMap((way) => (way.kind === 'okta-group' ? [way.group] : []));
  for (const [connection, access] of leaverConnections(world)) {
    const theirs = open.flatMap(({ one, item }) =>
      item.found
        .filter((account) => account.connection === connection && !isLicence(account))
        .map((account) => ({
          leaving: one.leaving,
          account: { ...account, shows: connection === 'okta' ? groups : account.shows },
        })),
    );
    if (theirs.length === 0) continue;
    const outcomes = await access.end(theirs.map(({ account }) => account));
    for (const { leaving, account } of theirs) {
      const why = whyNot(outcomes.get(account.accountId));
      if (why) problems.set(leaving, why);
    }
  }
  for (const { one } of open) {
    const why = licences.get(licenceId(one, system));
    if (why) problems.set(one.leaving, why);
  }
  for (const { one, person, item } of open)
    await settle(world, system, { one, person, item }, problems.get(one.leaving));
}

const whyNot = (outcome: LeaverOutcome | undefined): string | undefined => {
  if (!outcome) return 'the system said nothing of it';
  if (outcome.kind === 'refused') return `${outcome.blocker}. ${outcome.mend}`;
  return outcome.kind === 'waiting_for_system'
    ? `${outcome.system} does not answer: ${outcome.code}`
    : undefined;
};

const whyOf = (outcome: AccessOutcome): string | undefined => {
  switch (outcome.kind) {
    case 'needs_person':
      return `${outcome.problem}. ${outcome.mend}`;
    case 'waiting_for_system':
      return `${outcome.system} does not answer: ${outcome.code}`;
    default:
      return undefined;
  }
};

const licenceId = ({ leaving }: LeaverCase, { key }: System): string => `${leaving}/${key}`;

/**
 * Permission-set and package licences of all these systems, through Salesforce, together; who waits for a seat is woken. Says
 * why one is still held, by leaving and system.
 */
async function takeLicences(
  world: World,
  open: readonly { readonly system: System; readonly of: readonly OpenSystem[] }[],
  userOf: (one: OpenSystem) => GrantPerson,
): Promise<ReadonlyMap<string, string>> {
  const items = open.flatMap(({ system, of }) =>
    licenceWays(system).flatMap((way) =>
      of
        .filter(({ item }) => item.found.some(isLicence))
        .map((each): GrantItem & { readonly way: Way; readonly of: string } => ({
          id: `${licenceId(each.one, system)}/${way.kind}`,
          person: userOf(each),
          access: { way, system: system.key },
          ours: true,
          way,
          of: licenceId(each.one, system),
        })),
    ),
  );
  if (items.length === 0) return new Map();
  const outcomes = await revoke(world, items);
  const freed = items.filter(({ id }) => outcomes.get(id)?.kind === 'revoked').map(({ way }) => way);
  if (freed.length > 0) await seatsCameFree(world, freed);
  return new Map(
    items.flatMap(({ id, of }) => {
      const outcome = outcomes.get(id);
      const why = outcome && whyOf(outcome);
      return why ? [[of, why] as const] : [];
    }),
  );
}

/** A fault is what came of all of them. */
async function revoke(
  world: World,
  items: readonly GrantItem[],
): Promise<ReadonlyMap<string, AccessOutcome>> {
  try {
    return await world.connector('salesforce').revoke(items, () => Promise.resolve());
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    return new Map(items.map(({ id }) => [id, outcomeOfFault(error)]));
  }
}

async function settle(
  world: World,
  system: System,
  { one, person, item }: OpenSystem,
  problem: string | undefined,
): Promise<void> {
  const undecided = wasNotAsked(item) || item.problem === SHARED;
  const open = problem !== undefined || needsPerson(system) || undecided;
  const at = new Date().toISOString();
  const next: LeaverItem = open
    ? { ...item, problem: problem ?? (undecided ? item.problem : null) }
    : {
        ...item,
        status: item.found.length > 0 ? 'revoked' : 'not_applicable',
        how: 'verified',
        by: 'daytwo',
        at,
        problem: null,
      };
  await world.store.leavers.putItems(one.leaving, [next]);
  if (isSettled(next)) await noteEnded(world, one, person, next);
}
