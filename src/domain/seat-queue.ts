import type { SeatClass, SeatPolicy, Way } from './handbook';

/**
 * A pool of licences from which each person takes one seat. "There are several cases in which individuals are not able to be
 * fully provisioned due to license limitations. In these cases, the issues are put on hold." (the Sales Ops handbook page)
 */
export interface SeatPool {
  /** Connection and licence, as people name it: `salesforce/Inbox`. A licence's name is unique within its connection. */
  readonly key: string;
  readonly connection: 'salesforce';
  readonly kind: PooledWay['kind'];
  readonly licence: string;
}
type PooledWay = Extract<Way, { kind: 'salesforce-user' | 'salesforce-psl' | 'salesforce-package' }>;

/** The pool that a way takes its seat from; null for a way that no licence limits. */
export function poolOf(way: Way): SeatPool | null {
  const licence = licenceOf(way);
  return licence === null
    ? null
    : {
        key: `salesforce/${licence}`,
        connection: 'salesforce',
        kind: way.kind as PooledWay['kind'],
        licence,
      };
}

function licenceOf(way: Way): string | null {
  switch (way.kind) {
    case 'salesforce-user':
      return 'Salesforce';
    case 'salesforce-psl':
      return way.permissionSetLicense;
    case 'salesforce-package':
      return way.namespace;
    case 'scim':
    case 'okta-group':
    case 'person':
      return null;
  }
}

/** What brought a person to ask for a seat: HR's hire, a request that was filed, or a change of what they have. */
export type SeatReason = 'hire' | 'filed' | 'change';

/** The class of a want, and the start date from which on it counts as `started`; `YYYY-MM-DD`. */
export interface SeatStanding {
  readonly class: Exclude<SeatClass, 'started'>;
  readonly startsOn: string | null;
}

/** Whose start date lies ahead, or whom HR hired, stands by that date; else an access change goes before a convenience. */
export function standingOf(reason: SeatReason, startDate: string | null, now: string): SeatStanding {
  if (reason === 'change') return { class: 'change', startsOn: null };
  if (startDate !== null && (reason === 'hire' || startDate > now.slice(0, 10)))
    return { class: 'starting', startsOn: startDate };
  return { class: 'convenience', startsOn: null };
}

/** One person's want of one seat, from when it was asked for until the seat was taken or is no longer wanted. */
export interface SeatWant extends SeatStanding {
  /** `project#iid` */
  readonly request: string;
  readonly workflowId: string;
  readonly task: string;
  readonly employeeId: string;
  readonly since: string;
  /** Until when a seat is kept for it; null: it waits. */
  readonly offeredUntil: string | null;
  /** So many offers went by untaken since it last asked by itself. */
  readonly lapses: number;
}

/** What tells two wants of one pool apart. */
export type SeatKey = Pick<SeatWant, 'workflowId' | 'task' | 'employeeId'>;
export const seatKey = ({ workflowId, task, employeeId }: SeatKey): string =>
  JSON.stringify([workflowId, task, employeeId]);

export const isOffered = (want: SeatWant, now: string): boolean =>
  want.offeredUntil !== null && want.offeredUntil > now;

export const hasLapsed = (want: SeatWant, now: string): boolean =>
  want.offeredUntil !== null && want.offeredUntil <= now;

/** The class at an instant: who was to start has started once the day has come. */
export const classAt = (want: SeatStanding, now: string): SeatClass =>
  want.class === 'starting' && want.startsOn !== null && want.startsOn <= now.slice(0, 10)
    ? 'started'
    : want.class;

const DAY_MS = 86_400_000;

/**
 * The place of a want: its class by policy, one better for every `moveUpDays` that it has waited, so that the last class is
 * served too while the first one keeps coming. A class that the policy leaves out is the last.
 */
export function rankOf(
  want: SeatWant,
  policy: Pick<SeatPolicy, 'classes' | 'moveUpDays'>,
  now: string,
): number {
  const at = policy.classes.indexOf(classAt(want, now));
  const rank = at < 0 ? policy.classes.length : at;
  const waited = Math.max(0, Date.parse(now) - Date.parse(want.since));
  return Math.max(0, rank - Math.floor(waited / (policy.moveUpDays * DAY_MS)));
}

/**
 * The wants in the order of their turns: class, then who came first. Who let an offer go by stands behind the others until
 * they ask again themselves, so that a request that is held or gone blocks nobody.
 */
export function inTurn(
  wants: readonly SeatWant[],
  policy: Pick<SeatPolicy, 'classes' | 'moveUpDays'>,
  now: string,
): readonly SeatWant[] {
  const placed = wants.map((want) => ({ want, rank: rankOf(want, policy, now), key: seatKey(want) }));
  placed.sort(
    (one, other) =>
      one.want.lapses - other.want.lapses ||
      one.rank - other.rank ||
      compare(one.want.since, other.want.since) ||
      compare(one.key, other.key),
  );
  return placed.map(({ want }) => want);
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Seats of a pool as the system tells; `total` is null where there are as many as wanted. */
export interface SeatCount {
  readonly total: number | null;
  readonly used: number;
}

/** How many seats are neither taken nor promised; never below none, though people take seats by hand. */
export const freeOf = ({ total, used }: SeatCount, promised: number): number =>
  total === null ? Number.POSITIVE_INFINITY : Math.max(0, total - used - promised);

/** Who of those that wait is served now: the first in turn, as many as there are free seats. */
export const nextServed = (
  wants: readonly SeatWant[],
  free: number,
  policy: Pick<SeatPolicy, 'classes' | 'moveUpDays'>,
  now: string,
): readonly SeatWant[] =>
  inTurn(
    wants.filter((want) => !isOffered(want, now)),
    policy,
    now,
  ).slice(0, Math.max(0, free));
