import type { BookingPolicy } from '../../../src/domain/close/booking-policy';
import type { Booking } from '../../../src/domain/close/booking';
import type { Close } from '../../../src/domain/close/check';
import { othersOf } from '../../../src/domain/close/others';
import { policyOn } from '../../../src/domain/day-two';
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
const versions = [
  { effectiveFrom: '2022-02-01', booking: THEN },
  { effectiveFrom: '2024-02-01', booking: NOW },
].map(({ effectiveFrom, booking }) => {
  const policy = sampleHandbook().policies.at(-1)!;
  return { ...policy, effectiveFrom, close: { ...policy.close, booking } };
});
export const POLICIES = (day: string): BookingPolicy => policyOn({ policies: versions }, day).close.booking;

export const SCENE: Scene = { period: APRIL, today: TODAY, policy: NOW };

const days = new Map<string, string>();
const dayIn = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles', dateStyle: 'short' });
/** The day in Los Angeles: it is one and the same for a whole hour. */
export function pacificDay(at: string): string {
  const hour = at.slice(0, 13);
  let day = days.get(hour);
  if (day === undefined) {
    day = dayIn.format(Date.parse(`${hour}:00:00Z`));
    days.set(hour, day);
  }
  return day;
}

export const closeOf = (bookings: Iterable<Booking>, changes: Partial<Close> = {}): Close => ({
  period: APRIL,
  today: TODAY,
  policyOn: POLICIES,
  dayOf: pacificDay,
  others: othersOf(bookings),
  ...changes,
});
