import type { Entitlement, System, SystemKey } from './handbook';
import type { PersonFacts } from './hr-event';

/** What one person holds in one system, as far as the system shows it. */
export interface Holding {
  readonly system: SystemKey;
  /** `partly`: by some of its ways and not by others; `unknown`: none of its ways can be read. */
  readonly state: 'held' | 'partly' | 'none' | 'unknown';
  /** The values that the system shows; what it doesn't show is absent. */
  readonly shows: Omit<Entitlement, 'system'>;
}

/** What becomes of a person's access when they change roles. Each system stands in one list only. */
export interface MovePlan {
  /** The new role gives it, and it isn't held. */
  readonly add: readonly Entitlement[];
  /** It is held, but otherwise than the new role gives it: changed in place. */
  readonly change: readonly { readonly from: Entitlement; readonly to: Entitlement }[];
  /** The old role gave it, and the new one doesn't; as it is held now. */
  readonly remove: readonly Entitlement[];
  readonly keep: readonly Entitlement[];
  /** Held, though neither role gives it: somebody asked for it by a request of its own. It stays until somebody says otherwise. */
  readonly besides: readonly Entitlement[];
  /** SOX systems, which no template gives: somebody must look whether they still fit. */
  readonly review: readonly SystemKey[];
}

/** Facts that decide what a person's role gives them. */
const OF_THE_ROLE = ['title', 'specialty', 'department', 'region'] as const;
export type RoleFacts = Pick<PersonFacts, (typeof OF_THE_ROLE)[number]>;

export const roleFactsOf = ({ title, specialty, department, region }: RoleFacts): RoleFacts => ({
  title,
  specialty,
  department,
  region,
});

/** What of a change of a person's facts concerns their access: the role, or who approves what is open. */
export function whatMoved(
  before: RoleFacts & Pick<PersonFacts, 'manager_email'>,
  after: RoleFacts & Pick<PersonFacts, 'manager_email'>,
): { readonly role: boolean; readonly manager: boolean } {
  return {
    role: OF_THE_ROLE.some((fact) => before[fact] !== after[fact]),
    manager: (before.manager_email ?? '').toLowerCase() !== (after.manager_email ?? '').toLowerCase(),
  };
}

export const isMove = (before: PersonFacts, after: PersonFacts): boolean => {
  const { role, manager } = whatMoved(before, after);
  return role || manager;
};

/**
 * What the new role gives and the old one no longer gives, worked out against what the systems hold. Where no system can be
 * asked (a person gives the access there), what the old role gave counts as held.
 *
 * @param before what each role gave that the person had until now: usually one, more where a change came before the last one
 *   was done
 * @param after what the new role gives
 */
export function planMove(
  before: readonly (readonly Entitlement[])[],
  after: readonly Entitlement[],
  holdings: readonly Holding[],
  systems: readonly System[],
): MovePlan {
  const all = systems.map((system): Fate => {
    const had = before.flatMap((role) => role.filter((one) => one.system === system.key));
    const to = after.find((one) => one.system === system.key);
    return fateOf(system, had, to, holdings.find((one) => one.system === system.key) ?? unread(system.key));
  });
  const of = (kind: 'add' | 'remove' | 'keep' | 'besides' | 'review'): readonly Entitlement[] =>
    all.flatMap((fate) => (fate.kind === kind ? [fate.access] : []));
  return {
    add: of('add'),
    change: all.flatMap((fate) => (fate.kind === 'change' ? [{ from: fate.from, to: fate.to }] : [])),
    remove: of('remove'),
    keep: of('keep'),
    besides: of('besides'),
    review: of('review').map(({ system }) => system),
  };
}

type Fate =
  | { readonly kind: 'change'; readonly from: Entitlement; readonly to: Entitlement }
  | {
      readonly kind: 'add' | 'remove' | 'keep' | 'besides' | 'review';
      readonly access: Entitlement;
    }
  | { readonly kind: 'none' };

function fateOf(
  system: System,
  had: readonly Entitlement[],
  to: Entitlement | undefined,
  holding: Holding,
): Fate {
  const isHeld = holding.state === 'unknown' ? had.length > 0 : holding.state !== 'none';
  const from = asHeld(had, holding);
  if (system.sox) return had.length > 0 || to || isHeld ? { kind: 'review', access: from } : { kind: 'none' };
  if (!to && !isHeld) return { kind: 'none' };
  if (!to) return { kind: had.length > 0 ? 'remove' : 'besides', access: from };
  if (!isHeld || holding.state === 'partly') return { kind: 'add', access: to };
  return isOtherwise(from, to) ? { kind: 'change', from, to } : { kind: 'keep', access: to };
}

const unread = (system: SystemKey): Holding => ({ system, state: 'unknown', shows: {} });

/** What the system shows; what it doesn't, as the old roles gave it, if they agree. */
function asHeld(had: readonly Entitlement[], { system, shows }: Holding): Entitlement {
  const given = (attribute: (typeof VALUES)[number]): string | undefined => {
    const [first, ...others] = had;
    const value = first?.[attribute];
    return others.every((one) => same(one[attribute], value)) ? value : undefined;
  };
  const sets = had.map(({ permissionSets }) => permissionSets ?? []);
  const permissionSets =
    shows.permissionSets ?? (sets.every((one) => sameSets(one, sets[0] ?? [])) ? sets[0] : undefined);
  return {
    system,
    ...Object.fromEntries(
      VALUES.flatMap((attribute) => {
        const value = shows[attribute] ?? given(attribute);
        return value === undefined ? [] : [[attribute, value]];
      }),
    ),
    ...(permissionSets === undefined || permissionSets.length === 0 ? {} : { permissionSets }),
  };
}

const VALUES = ['role', 'profile', 'team', 'licenceType'] as const;

/** What isn't known to be as the new role gives it is set anew: to set the same again does no harm. */
const isOtherwise = (from: Entitlement, to: Entitlement): boolean =>
  VALUES.some((attribute) => to[attribute] !== undefined && !same(from[attribute], to[attribute])) ||
  !sameSets(from.permissionSets ?? [], to.permissionSets ?? []);

const sameSets = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((set) => other.some((another) => same(set, another)));

const same = (one: string | undefined, other: string | undefined): boolean =>
  one?.trim().toLowerCase() === other?.trim().toLowerCase();

/** Whether nothing is to be done. */
export const isUnchanged = ({ add, change, remove }: MovePlan): boolean =>
  add.length + change.length + remove.length === 0;

/** What is to be, system by system, once the plan is carried out. */
export const givenBy = ({ add, change }: MovePlan): readonly Entitlement[] => [
  ...add,
  ...change.map(({ to }) => to),
];
