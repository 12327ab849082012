import { planHandover, type HandoverPlan, type HandoverRules } from '../domain/handover';
import { isLeaverOnly } from '../domain/heir';
import type { Handbook, System } from '../domain/handbook';
import { isLicence, type FoundAccess, type LeaverCase, type LeaverItem } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { localTime } from '../handbook/business-time';
import { memberByEmail, pinnedPolicy, type ReadWorld } from './world';

/** One leaver's user in Salesforce, and what becomes of what it owns. */
export interface Estate {
  readonly one: LeaverCase;
  readonly person: PersonRecord;
  readonly userId: string;
  readonly plan: HandoverPlan;
  /** From what it was planned. */
  readonly rules: HandoverRules;
}

/**
 * Plans what would go to whom for all of these together; reads only. Several users of one leaver are planned each.
 *
 * @param found what a sweep found, by leaving; without it, what the store knows
 * @param what all that they own, or only what is routed to somebody while nobody looks
 */
export async function planEstates(
  world: ReadWorld,
  cases: readonly LeaverCase[],
  found?: ReadonlyMap<string, readonly LeaverItem[]>,
  what: 'all' | 'routed' = 'all',
): Promise<readonly Estate[]> {
  const { books } = world.connector('salesforce');
  if (!books) return [];
  const handbook = world.handbook();
  const people = await world.store.peopleById(cases.map(({ employeeId }) => employeeId));
  const items = found ?? (await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving)));
  const owners = cases.flatMap((one) => {
    const person = people.get(one.employeeId);
    const users = usersOf(handbook, items.get(one.leaving) ?? []);
    return person ? users.map((userId) => ({ one, person, userId })) : [];
  });
  if (owners.length === 0) return [];
  const managers = new Map(
    await Promise.all(
      owners.map(async ({ one, person }) => [one.leaving, await managersAbove(world, person)] as const),
    ),
  );
  const policies = owners.map(({ one }) => pinnedPolicy(handbook, one.policyVersion).leaving.records);
  const addresses = [
    ...handbook.territories.flatMap(({ owner, cover }) => [owner, cover]),
    ...owners.map(({ one }) => one.successor),
    ...[...managers.values()].flat(),
    ...policies.map(({ parkingOwner }) => parkingOwner),
  ].flatMap((address) => (address === null ? [] : [address.toLowerCase()]));
  const [active, all, assignmentRules] = [
    await books.activeUsers([...new Set(addresses)]),
    await books.booksOf(
      owners.map(({ userId }) => userId),
      what,
    ),
    await books.assignmentRules(),
  ];
  const known = await world.store.everybodyWith([...active.keys()]);
  const theirs = new Set(owners.map(({ userId }) => userId));
  const heirs = new Map(
    [...active]
      .map(([email, id]) => [email.toLowerCase(), id] as const)
      // Nobody inherits only to hand it on: who leaves, or has left, is out; who was given their address since isn't.
      .filter(([email, id]) => !isLeaverOnly(known.get(email) ?? []) && !theirs.has(id)),
  );
  return owners.flatMap(({ one, person, userId }, at): Estate[] => {
    const book = all.get(userId);
    const records = policies[at];
    if (!book || !records) return [];
    const rules: HandoverRules = {
      records,
      territories: handbook.territories,
      heirs,
      leaver: person.email,
      successor: one.successor,
      managers: managers.get(one.leaving) ?? [],
      assignmentRules,
      day: localTime(one.timeZero, person.timeZone).date,
    };
    return [{ one, person, userId, plan: planHandover(book, rules), rules }];
  });
}

/** The leaver's users in Salesforce, as they were found. */
const usersOf = (handbook: Handbook, items: readonly LeaverItem[]): readonly string[] => {
  const item = items.find(({ id }) => id === userSystem(handbook)?.key);
  return item ? [...new Set(userAccounts(item).map(({ accountId }) => accountId))] : [];
};

/** The system that is the Salesforce user itself. */
export const userSystem = ({ systems }: Pick<Handbook, 'systems'>): System | undefined =>
  systems.find(({ ways }) => ways.some(({ kind }) => kind === 'salesforce-user'));

/** Of what was found there, the users; a licence beside them is none. */
export const userAccounts = ({ found }: Pick<LeaverItem, 'found'>): readonly FoundAccess[] =>
  found.filter((account) => account.connection === 'salesforce' && !isLicence(account));

/** The manager, and who stands above; a loop ends where it began. */
async function managersAbove(world: ReadWorld, person: PersonRecord): Promise<readonly string[]> {
  const { people } = world.handbook();
  const above: string[] = [];
  const seen = new Set([person.email.toLowerCase()]);
  for (let next = person.managerEmail; next && !seen.has(next.toLowerCase());) {
    above.push(next);
    seen.add(next.toLowerCase());
    const known = await world.store.personByEmail(next);
    next = memberByEmail(people, next)?.managerEmail ?? known?.managerEmail ?? null;
  }
  return above;
}
