import {
  DOCUMENT_KINDS,
  isSubmitted,
  NEW_BUSINESS,
  paper,
  SALES_ASSISTED,
  STAGE,
  type Booking,
} from '../booking';
import {
  ask,
  backDate,
  NOT_APPLICABLE,
  onQuote,
  onSubmission,
  PASS,
  passIf,
  policyFor,
  reject,
  roll,
  SOURCE,
  type Check,
  type Close,
} from '../check';
import { approvalOf, approvedByEach, MATTER } from '../decisions';
import type { Day } from '../columns';
import { addDays, daysBetween } from '../../dates';

/** When a deal may close, by its start. */

const isRenewal = ({ type }: Booking) => type === 'Renewal';

/** The day on which Order Management approved it; while it waits, today. */
function processedOn(booking: Booking, close: Close): Day {
  const [orders] = policyFor(booking, close).approvedBy;
  const approval = approvalOf(booking, MATTER.booking, orders);
  return approval && approval.at !== null ? close.dayOf(approval.at) : close.today;
}

export const TIMING_CHECKS: readonly Check[] = [
  {
    id: 'booking-window',
    words:
      'A deal closes no earlier than 15 days (since 2024: 30) before it starts; one that is too early is approved, gets the first legal day, and waits in 7-Closing.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'order_management',
    judge: onQuote((quote, booking, close) => {
      const { closeDate } = booking;
      if (closeDate === null) return { kind: 'waits', for: 'close-date' };
      if (quote.startDate === null) return { kind: 'waits', for: 'quote' };
      // The window in force on the day on which it closes.
      const { windowDays, earlyBookingBy } = close.policyOn(closeDate);
      const earliest = addDays(quote.startDate, -windowDays);
      if (closeDate >= earliest || approvedByEach(booking, MATTER.early, earlyBookingBy)) return PASS;
      return earliest > close.period.lastDay
        ? roll(`it may close on ${earliest} at the earliest`)
        : reject(
            `it closes more than ${windowDays} days before it starts`,
            `Set the close date to ${earliest}, and let it wait in 7-Closing until then.`,
          );
    }),
  },
  {
    id: 'close-on-submission',
    words: 'Submitted after its start, it closes on the day of its submission.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'order_management',
    judge: onSubmission((submitted, { closeDate, quote }, { period }) => {
      if (closeDate === null) return { kind: 'waits', for: 'close-date' };
      if (quote === null || quote.startDate === null) return { kind: 'waits', for: 'quote' };
      if (submitted.day <= quote.startDate) return NOT_APPLICABLE;
      if (closeDate === submitted.day) return PASS;
      // Over the end of the period the check of the cut-off decides.
      if (closeDate > period.lastDay && submitted.day <= period.lastDay) return NOT_APPLICABLE;
      return closeDate > submitted.day
        ? backDate(submitted.day, 'submitted after its start')
        : reject('it closes before it was submitted', `Set the close date to ${submitted.day}.`);
    }),
  },
  {
    id: 'past-start',
    words:
      'New business never starts before it is processed: the start is reset. An add-on or renewal up to two weeks back is booked as it is; further back somebody confirms that the customer had access.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'deal_desk',
    judge: onQuote((quote, booking, close) => {
      if (quote.startDate === null) return { kind: 'waits', for: 'quote' };
      const processed = processedOn(booking, close);
      const back = daysBetween(quote.startDate, processed);
      if (back <= 0) return PASS;
      if (booking.type === null) return { kind: 'waits', for: 'opportunity-type' };
      if (booking.type === NEW_BUSINESS)
        return reject(
          'new business starts before it is processed',
          `Set the start of the quote to ${processed}.`,
        );
      if (back <= policyFor(booking, close).pastStartDays) return PASS;
      return paper(booking, DOCUMENT_KINDS.accessConfirmation) === null
        ? ask(`It starts ${back} days back: has the customer had access since then?`)
        : PASS;
    }),
  },
  {
    id: 'add-on-order',
    words: 'Add-ons are processed in the order of their starts, and all of them before a renewal.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: (booking) => isSubmitted(booking) && (isRenewal(booking) || booking.type === 'Add-On Business'),
    mender: 'order_management',
    judge: onQuote((quote, booking, { others }) => {
      if (booking.subscriptionId === null)
        return isRenewal(booking)
          ? { kind: 'waits', for: 'renewal-subscription' }
          : reject('an add-on without a subscription', 'Name the subscription that it adds to.');
      const { startDate } = quote;
      if (startDate === null) return { kind: 'waits', for: 'quote' };
      const earlier = others
        .ofSubscription(booking.subscriptionId)
        .filter(
          (other) =>
            other.id !== booking.id &&
            other.type === 'Add-On Business' &&
            (other.stage === STAGE.closing || other.stage === STAGE.awaitingSignature) &&
            other.startDate !== null &&
            other.startDate < startDate,
        );
      return passIf(
        earlier.length === 0,
        `an add-on that starts earlier is not booked yet: ${earlier.map(({ id }) => id).join(', ')}`,
        'Book that one first.',
      );
    }),
  },
  {
    id: 'ramp-together',
    words: 'All years of a ramp are submitted together.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: (booking) => isSubmitted(booking) && booking.rampKey !== null && booking.rampYear !== 1,
    mender: 'owner',
    judge: onSubmission((submitted, booking, close) => {
      const first = close.others.ofRamp(booking.rampKey ?? '').find(({ rampYear }) => rampYear === 1);
      if (booking.rampYear === null || !first)
        return ask('Which opportunity is the first year of this ramp?');
      return passIf(
        first.submittedAt !== null && close.dayOf(first.submittedAt) === submitted.day,
        "it wasn't submitted together with the first year of its ramp",
        'Submit all years together.',
      );
    }),
  },
  {
    id: 'ramp-dates',
    words:
      'Every later year of a ramp closes as many days before its start as the booking window of that day.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: (booking) => isSubmitted(booking) && booking.rampKey !== null && booking.rampYear !== 1,
    mender: 'order_management',
    judge: onQuote((quote, booking, close) => {
      if (booking.rampYear === null) return { kind: 'waits', for: 'ramp-together' };
      if (booking.closeDate === null) return { kind: 'waits', for: 'close-date' };
      if (quote.startDate === null) return { kind: 'waits', for: 'quote' };
      const due = addDays(quote.startDate, -policyFor(booking, close).rampCloseDays);
      return passIf(
        // One that is too early has its finding by the window.
        booking.closeDate <= due,
        'a year of a ramp closes on another day than its own',
        `Set the close date to ${due}.`,
      );
    }),
  },
];
