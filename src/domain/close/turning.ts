import type { BookingPolicy } from './booking-policy';
import type { Finding } from './findings';
import type { Day } from './columns';
import { addDays } from '../dates';

/**
 * What a look over changes judges beside what changed: a rule may say something else of a booking that stayed as it was, since days
 * have passed or another opportunity isn't what it was.
 */

/** Checks that look at the day, or at other opportunities; and those whose findings say that an approval is still awaited. */
const TURNING: ReadonlySet<string> = new Set([
  'past-dated',
  'stalled',
  'licence-delivery',
  'web-direct-arr',
  'booked-arr',
  'past-start',
  'two-teams',
  'submission',
  'po-or-waiver',
  'po-exception',
  'same-quote-twice',
  'add-on-order',
  'ramp-together',
  'renewal-subscription',
  'late-renewal',
]);

export const mayTurn = ({ state, check }: Pick<Finding, 'state' | 'check'>): boolean =>
  state !== 'closed' && TURNING.has(check);

/** Days from the first, which counts, to the last, which doesn't. */
export interface Span {
  readonly from: Day;
  readonly before: Day;
}

/** Days whose turn it was between two looks, each a limit of some rule: what lies on one of them is judged anew. */
export interface TurnedDays {
  /** Close dates of open deals that are over since. */
  readonly overdue: readonly Span[];
  /** When an early deal moved last that rests too long since. */
  readonly rested: readonly Span[];
  /** Close dates of deals whose licence should be delivered since. */
  readonly undelivered: readonly Span[];
  /** Starts of what is still in review that lie too far back since. */
  readonly started: readonly Span[];
  /** When a purchase order was promised whose days are over since. */
  readonly promised: readonly Span[];
}

/** @param last the day of the look before */
export function turnedBetween(last: Day, today: Day, policies: readonly BookingPolicy[]): TurnedDays {
  // A rule that allows so many days speaks once a day more has passed.
  const after = (allowed: readonly number[]): readonly Span[] =>
    [...new Set(allowed)].map((days) => ({ from: addDays(last, -days), before: addDays(today, -days) }));
  const ofAll = (numbers: (policy: BookingPolicy) => readonly number[]) => policies.flatMap(numbers);
  return {
    overdue: after([0]),
    rested: after(
      ofAll(({ stalled }) => Object.values(stalled).flatMap((of) => [of.warnDays - 1, of.closeDays - 1])),
    ),
    undelivered: after(ofAll(({ licenceDays }) => [licenceDays])),
    started: after([0, ...ofAll(({ pastStartDays }) => [pastStartDays])]),
    promised: after(ofAll(({ po }) => [po.promiseDays])),
  };
}
