import type { Booking } from '../../../src/domain/close/booking';
import type { Close, Verdict } from '../../../src/domain/close/check';
import { CHECKS } from '../../../src/domain/close/checks';
import { askCheck } from '../../../src/domain/close/judge';
import { submittedDeal } from '../../../src/sandbox/salesforce/bookings/clean';
import {
  approve,
  Maker,
  type BookingDraft,
  type Wishes,
} from '../../../src/sandbox/salesforce/bookings/draft';
import type { Matter } from '../../../src/domain/close/decisions';
import { closeOf, SCENE } from './scene';

export const make = new Maker(SCENE, 1);

/** A booking that keeps every rule: won, submitted on 2026-04-20. */
export const deal = (wishes: Wishes = {}): BookingDraft => ({
  ...submittedDeal(make, {
    route: 'direct',
    type: 'New Business',
    stage: 'Closed Won',
    submittedOn: '2026-04-20',
    startsIn: 10,
    standsOn: 'form',
    order: 'none',
    ownForm: false,
    ...wishes,
  }),
  splits: [],
});

/** What one check says of a booking; the others are those that it stands among. */
export function says(
  id: string,
  booking: Booking,
  changes: Partial<Close> = {},
  others: readonly Booking[] = [],
): Verdict['kind'] {
  const check = CHECKS.find((one) => one.id === id);
  if (!check) throw new Error(`there is no check ${id}`);
  return askCheck(check, booking, closeOf([booking, ...others], changes)).kind;
}

/** Has these steps approve a matter at noon in Los Angeles. */
export function approvedBy(booking: BookingDraft, matter: Matter, ...steps: readonly string[]): BookingDraft {
  for (const step of steps) approve(make, booking, matter, step, '2026-04-20T19:00:00.000Z');
  return booking;
}
