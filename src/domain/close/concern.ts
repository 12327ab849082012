import { isOpen, isSubmitted, type Booking } from './booking';
import { isBy } from './days';
import type { Period } from './period';

/**
 * Whether a booking is one of a period: it closes in it, or was submitted by its cut-off. An open deal that is expected later is
 * looked at, too, and holds nothing up. What was booked later belongs to the next period, whose own close judges it.
 */
export type Concern = 'of_period' | 'expected_later' | 'of_next';

export function concernOf(booking: Booking, { lastDay, cutOff }: Period): Concern {
  const { closeDate, submissions } = booking;
  if (closeDate === null || closeDate <= lastDay) return 'of_period';
  const inTime = submissions.some(({ at }) => at !== null && isBy(at, cutOff));
  if (isSubmitted(booking)) return inTime ? 'of_period' : 'of_next';
  return isOpen(booking) ? 'expected_later' : 'of_next';
}
