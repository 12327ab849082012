import { isSubmitted, lastSubmission, SALES_ASSISTED, type Booking } from '../booking';
import {
  backDate,
  NOT_APPLICABLE,
  onSubmission,
  PASS,
  passIf,
  policyFor,
  roll,
  SOURCE,
  type Check,
} from '../check';
import { APPROVED, approvedByAll, MATTER, REJECTED } from '../decisions';
import { addDays } from '../../dates';
import { isBy } from '../days';
import { isWithin } from '../period';

/** Whether it was submitted, and in time. Only the org's own stamps count, never a field that people type. */

export const CUT_OFF_CHECKS: readonly Check[] = [
  {
    id: 'submission',
    words: 'It was submitted for approval, on the opportunity; the org itself says when.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: (booking) =>
      passIf(
        lastSubmission(booking)?.at != null,
        'it was never submitted for approval',
        'Submit the opportunity, not the quote.',
      ),
  },
  {
    id: 'close-date',
    words: 'It has a close date.',
    source: SOURCE.orders,
    when: isSubmitted,
    mender: 'order_management',
    judge: ({ closeDate }) => passIf(closeDate !== null, 'it has no close date', 'Set the close date.'),
  },
  {
    id: 'cut-off',
    words:
      "Submitted by 23:59 where the business is on the last day, it is of the period: reviewed later and right, its close date is set back; later, or rejected in a review after it, it is the next period's, even if mended.",
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'order_management',
    judge: onSubmission((submitted, booking, close) => {
      const { period } = close;
      const { closeDate } = booking;
      if (closeDate === null) return { kind: 'waits', for: 'close-date' };
      const inTime = isBy(submitted.at, period.cutOff);
      if (isWithin(period, closeDate)) {
        if (!inTime) return roll('it was submitted after the cut-off');
        return wasRejectedAfter(booking, period.cutOff)
          ? roll('it was rejected in the review after the cut-off')
          : PASS;
      }
      const reviewedLater =
        inTime &&
        isWithin(period, submitted.day) &&
        closeDate > period.lastDay &&
        !wasRejectedAfter(booking, period.cutOff) &&
        approvedByAll(booking, MATTER.booking, policyFor(booking, close).approvedBy) &&
        booking.approvals.some(
          ({ at, matter, decision }) =>
            matter === MATTER.booking && decision === APPROVED && at !== null && !isBy(at, period.cutOff),
        );
      if (!reviewedLater) return NOT_APPLICABLE;
      // What starts too far ahead closes on its first legal day, whenever it was reviewed.
      const start = booking.quote?.startDate ?? null;
      if (start === null) return { kind: 'waits', for: 'quote' };
      const { windowDays } = close.policyOn(submitted.day);
      return addDays(start, -windowDays) > submitted.day
        ? NOT_APPLICABLE
        : backDate(submitted.day, 'submitted in time, reviewed after the cut-off');
    }),
  },
];

const wasRejectedAfter = (booking: Booking, cutOff: string): boolean =>
  booking.approvals.some(
    ({ at, matter, decision }) =>
      matter === MATTER.booking && decision === REJECTED && at !== null && !isBy(at, cutOff),
  );
