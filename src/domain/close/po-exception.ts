import { DOCUMENT_KINDS, paper, type Booking } from './booking';
import type { BookingPolicy } from './booking-policy';
import { submittedOf, type Close } from './check';
import { approvedByAll, MATTER } from './decisions';
import type { Day } from './columns';
import { addDays, daysBetween } from '../dates';

/**
 * The quarter's end exception: the customer promises the purchase order in writing, within ten days of the promise. "If the PO
 * is not received within 10 days, on the 11th day the opportunity is decommissioned, reversing all credit."
 */
export interface PoException {
  /** Day 0: the promise is in writing. */
  readonly promisedOn: Day;
  /** From here on everybody concerned is told how long there is. */
  readonly warnFrom: Day;
  /** The last day on which the purchase order is in time. */
  readonly lastDay: Day;
  /** The booking is taken back. */
  readonly decommissionOn: Day;
}

export function poExceptionFrom(promisedOn: Day, { po }: Pick<BookingPolicy, 'po'>): PoException {
  const lastDay = addDays(promisedOn, po.promiseDays);
  return {
    promisedOn,
    warnFrom: addDays(lastDay, -po.warnDays),
    lastDay,
    decommissionOn: addDays(lastDay, 1),
  };
}

export type PoExceptionState =
  | { readonly kind: 'none' }
  /** Promised, and one of the conditions doesn't hold. */
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'running' | 'warned' | 'over'; readonly clock: PoException };

/** How a booking's exception stands on a day. The policy is the one of the day of the promise. */
export function poExceptionOf(booking: Booking, close: Close): PoExceptionState {
  const promise = paper(booking, DOCUMENT_KINDS.poPromise);
  if (!promise) return { kind: 'none' };
  if (promise.addedAt === null) return { kind: 'refused', problem: 'the promise has no date' };
  const clock = poExceptionFrom(close.dayOf(promise.addedAt), policyOfPromise(close, promise.addedAt));
  const problem = problemOf(booking, close, clock, promise.promisedOn);
  if (problem !== null) return { kind: 'refused', problem };
  if (close.today >= clock.decommissionOn) return { kind: 'over', clock };
  return { kind: close.today >= clock.warnFrom ? 'warned' : 'running', clock };
}

const policyOfPromise = (close: Close, addedAt: string) => close.policyOn(close.dayOf(addedAt));

/** "Submitted no more than 5 days before the last day of the quarter; promised within 10 days; approved by both." */
function problemOf(
  booking: Booking,
  close: Close,
  clock: PoException,
  promisedFor: Day | null,
): string | null {
  const { po } = close.policyOn(clock.promisedOn);
  const submitted = submittedOf(booking, close);
  if (!submitted) return 'it was not submitted';
  if (!isAtQuarterEnd(submitted.day, close, po.quarterEndDays))
    return 'it was not submitted at the end of a quarter';
  if (promisedFor === null || promisedFor > clock.lastDay) return 'the promise is for a later day';
  return approvedByAll(booking, MATTER.promise, po.exceptionBy)
    ? null
    : 'not both have approved the exception';
}

/** Within so many days before the last day of its fiscal quarter. */
export function isAtQuarterEnd(day: Day, { period }: Close, days: number): boolean {
  const before = daysBetween(day, period.quarterEnd);
  return before >= 0 && before <= days;
}
