import { bookingPolicies, type BookingPolicy } from '../../../src/domain/close/booking-policy';
import type { Booking } from '../../../src/domain/close/booking';
import type { Close } from '../../../src/domain/close/check';
import { othersOf } from '../../../src/domain/close/others';
import { periodOf } from '../../../src/domain/close/period';
import type { Scene } from '../../../src/sandbox/salesforce/bookings/draft';
import { sampleHandbook } from '../../handbook/sample';

/** April 2026: the first quarter ends with it. 23:59:59 in Los Angeles. */
export const APRIL = periodOf('2026-04', '2026-05-01T06:59:59.000Z');
export const TODAY = '2026-05-04';

/** What is in force now, as the sample says. */
export const NOW: BookingPolicy = sampleHandbook().policies.at(-1)!.close.booking;
/** What was in force in 2022. */
export const THEN: BookingPolicy = {
  ...NOW,
  windowDays: 15,
  earlyBookingBy: [['CRO'], ['CFO', 'PAO']],
  lateRenewalDays: 30,
  lateRenewalBy: [['CRO'], ['CFO', 'PAO']],
  rampCloseDays: 15,
  asksOnSubmit: false,
  po: { ...NOW.po, exceptionBy: ['Manager Deal Desk', 'Director Billing & AR'] },
};
export const POLICIES = bookingPolicies([
  { effectiveFrom: '2022-02-01', booking: THEN },
  { effectiveFrom: '2024-02-01', booking: NOW },
]);

export const SCENE: Scene = { period: APRIL, today: TODAY, policy: NOW };

const offsets = new Map<string, number>();
const hourIn = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Los_Angeles',
  dateStyle: 'short',
  timeStyle: 'short',
  hourCycle: 'h23',
});
/** The day in Los Angeles; its distance from UTC is the same for a whole hour. */
export function pacificDay(at: string): string {
  const hour = at.slice(0, 13);
  let offset = offsets.get(hour);
  if (offset === undefined) {
    const utc = Date.parse(`${hour}:00:00Z`);
    offset = Date.parse(`${hourIn.format(utc).replace(', ', 'T')}:00Z`) - utc;
    offsets.set(hour, offset);
  }
  return new Date(Date.parse(at) + offset).toISOString().slice(0, 10);
}

export const closeOf = (bookings: Iterable<Booking>, changes: Partial<Close> = {}): Close => ({
  period: APRIL,
  today: TODAY,
  policyOn: POLICIES,
  dayOf: pacificDay,
  others: othersOf(bookings),
  ...changes,
});
