import type { ApproverRole, FiledPlan } from './access-request';
import type { AccessVerb } from './form';
import type { Entitlement, Person, People, System, SystemKey } from './handbook';

/** What is asked for in one system, for everybody whom the request names. */
export interface Asked {
  readonly system: SystemKey;
  readonly verb: AccessVerb;
  readonly entitlement: Entitlement;
}

/** What an approval is for: the part stands as long as no more than this is asked. */
export interface Scope extends Asked {
  /** The people, as rows in the store. */
  readonly version: string;
  readonly until: string | null;
}

/** Somebody who may decide a part, and why it is theirs. */
export interface Approver {
  readonly username: string;
  /** `manager of employee 104711`, `covers dana-manager`, `business owner of Xactly Incent`. */
  readonly authority: string;
}

/** A part as the rules ask for it, before anybody decided. */
export interface NeededPart {
  readonly key: string;
  readonly role: ApproverRole;
  readonly system: SystemKey;
}

/**
 * "Manager approval is required except … an unchanged role-based template, access removal, and changes ordered by an access
 * review"; "finance systems: manager and business-owner approval"; "admin level: manager plus infrastructure management
 * where it applies" (the access-management policy). Several run side by side, one for each kind of approver and system.
 *
 * @param unchanged systems that are asked exactly as the approved template of the person's role gives them
 */
export function partsNeeded(
  asked: readonly Asked[],
  systems: readonly System[],
  order: FiledPlan['order'],
  unchanged: readonly SystemKey[] = [],
): readonly NeededPart[] {
  return asked.flatMap(({ system: key, verb, entitlement }): NeededPart[] => {
    const system = systems.find((one) => one.key === key);
    if (!system) return [];
    const part = (role: ApproverRole): NeededPart => ({ key: `${role}/${key}`, role, system: key });
    if (verb === 'remove') return order === 'move' ? [part('old_manager')] : [];
    const strict = system.sox || system.finance || isAdmin(entitlement, system);
    const manager = order === 'move' && unchanged.includes(key) && !strict ? [] : [part('manager')];
    const owner = (system.sox || system.finance) && system.businessOwner ? [part('business_owner')] : [];
    return [...manager, ...owner, ...system.alsoApprovedBy.map(part)];
  });
}

/** Whether an entitlement gives rights over others' access. */
export const isAdmin = (entitlement: Entitlement, system: Pick<System, 'adminRoles'>): boolean =>
  [
    entitlement.role,
    entitlement.profile,
    entitlement.licenceType,
    ...(entitlement.permissionSets ?? []),
  ].some((value) => value !== undefined && system.adminRoles.some((role) => sameText(role, value)));

/**
 * Whether `now` asks for more than was approved, leaving the people aside: another system, a role that isn't known to be
 * less, a permission set more, a later end. "Provision exactly as approved": what only lowers it needs no new approval.
 */
export function raises(
  approved: Scope,
  now: Asked & Pick<Scope, 'until'>,
  system: Pick<System, 'levels'>,
): boolean {
  if (approved.system !== now.system) return true;
  if (now.verb === 'remove') return false;
  if (approved.verb === 'remove') return true;
  if (approved.until !== null && (now.until === null || now.until > approved.until)) return true;
  const before = approved.entitlement;
  const { entitlement } = now;
  const sets = before.permissionSets ?? [];
  return (
    !notMore(before.role, entitlement.role, system.levels) ||
    !notMore(before.licenceType, entitlement.licenceType, system.levels) ||
    !notMore(before.profile, entitlement.profile, system.levels) ||
    !same(before.team, entitlement.team) ||
    (entitlement.permissionSets ?? []).some((set) => !sets.some((one) => sameText(one, set)))
  );
}

/** The same, or less by the system's own order. What isn't in that order can't be compared. */
function notMore(before: string | undefined, now: string | undefined, levels: readonly string[]): boolean {
  if (same(before, now)) return true;
  if (before === undefined || now === undefined) return false;
  const place = (value: string): number => levels.findIndex((level) => sameText(level, value));
  return place(now) >= 0 && place(before) >= 0 && place(now) < place(before);
}

const same = (one: string | undefined, other: string | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && sameText(one, other));
export const sameText = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

/** Where an entitlement stands in a system's own order, which is of roles or of licence types; null where it doesn't. */
export function levelOf(
  entitlement: Entitlement,
  { levels }: Pick<System, 'levels'>,
): { readonly attribute: 'role' | 'licenceType'; readonly at: number } | null {
  for (const attribute of ['role', 'licenceType'] as const) {
    const value = entitlement[attribute];
    const at = levels.findIndex((level) => value !== undefined && sameText(level, value));
    if (at >= 0) return { attribute, at };
  }
  return null;
}

/** What is less than a value in a system's own order, the nearest first: what a rejection offers instead. */
export function lowerThan(entitlement: Entitlement, system: Pick<System, 'levels'>): readonly string[] {
  return system.levels.slice(0, levelOf(entitlement, system)?.at ?? 0).reverse();
}

/**
 * Those who may decide in a manager's place, the manager first: who covers for them, then who stands above. Nobody decides
 * who asks, is asked for, or reports to whoever asks: `barred`.
 *
 * @param manager as `people.yml` knows them
 * @param away user names of those who aren't there now, with why
 */
export function inPlaceOf(
  manager: Person,
  authority: string,
  people: Pick<People, 'members'>,
  barred: (username: string) => boolean,
  away: ReadonlyMap<string, string>,
): readonly Approver[] {
  const found: Approver[] = [];
  const add = (username: string, why: string): void => {
    if (!barred(username) && !found.some((one) => one.username === username))
      found.push({ username, authority: why });
  };
  const seen = new Set<string>();
  for (let next: Person | undefined = manager, why = authority; next && !seen.has(next.username);) {
    const person: Person = next;
    seen.add(person.username);
    add(person.username, why);
    for (const cover of person.coveredBy) add(cover, coverWords(person.username, away));
    why = `stands above ${person.username}`;
    next = people.members.find(({ email }) => sameText(email, person.managerEmail ?? ''));
  }
  const here = found.filter(({ username }) => !away.has(username));
  // Both may answer: who is away stays among them, behind those who are there.
  return [...here, ...found.filter(({ username }) => away.has(username))];
}

const coverWords = (username: string, away: ReadonlyMap<string, string>): string => {
  const since = away.get(username);
  return `covers ${username}${since === undefined ? ' (people.yml)' : ` ${since}`}`;
};

/** User names of everybody below somebody, near and far. A loop ends where it began. */
export function reportsTo(username: string, people: Pick<People, 'members'>): ReadonlySet<string> {
  const below = new Set<string>();
  const emailOf = (name: string): string | undefined =>
    people.members.find((member) => member.username === name)?.email;
  for (let ring = [username]; ring.length > 0;) {
    const emails = ring.flatMap((name) => emailOf(name) ?? []);
    ring = people.members
      .filter(({ managerEmail }) => emails.some((email) => sameText(email, managerEmail ?? '')))
      .map((member) => member.username)
      .filter((name) => !below.has(name) && name !== username);
    for (const name of ring) below.add(name);
  }
  return below;
}

/** The lowest manager whom all of these have above them, by chains from the nearest up; null where there is none. */
export function lowestInCommon(chains: readonly (readonly string[])[]): string | null {
  const [first, ...others] = chains;
  return first?.find((email) => others.every((chain) => chain.some((one) => sameText(one, email)))) ?? null;
}
