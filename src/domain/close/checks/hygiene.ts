import {
  isOpen,
  isSubmitted,
  isWon,
  NEW_BUSINESS,
  ROUTES,
  SELF_MANAGED,
  STAGE,
  type Booking,
} from '../booking';
import {
  ask,
  NOT_APPLICABLE,
  onAccount,
  PASS,
  passIf,
  policyFor,
  reject,
  SOURCE,
  type Check,
} from '../check';
import { daysBetween } from '../../dates';

/** Stages, owners, splits and what happens after the booking. */

const WHOLE = 100_00;
const EARLY_STAGES: readonly (string | null)[] = ['1-Discovery', '2-Scoping'];
const isAlive = (booking: Booking) => isOpen(booking) || isSubmitted(booking);

export const HYGIENE_CHECKS: readonly Check[] = [
  {
    id: 'merged',
    words: 'Closed Lost because it was merged names the opportunity that it went into.',
    source: SOURCE.goToMarket,
    when: ({ stage, lostReason }) => stage === STAGE.lost && lostReason === 'Merged',
    mender: 'owner',
    judge: ({ mergedInto }) =>
      passIf(mergedInto !== null, 'merged, and nobody knows into what', 'Name the merged opportunity.'),
  },
  {
    id: 'duplicate',
    words: 'A duplicate names the opportunity that it repeats.',
    source: SOURCE.goToMarket,
    when: ({ stage }) => stage === STAGE.duplicate,
    mender: 'owner',
    judge: ({ duplicateOf }) =>
      passIf(duplicateOf !== null, 'a duplicate of nobody knows what', 'Name the duplicate opportunity.'),
  },
  {
    id: 'same-quote-twice',
    words: 'A quote is booked once.',
    source: SOURCE.salesOps,
    when: isSubmitted,
    mender: 'deal_desk',
    judge: ({ quote }, { others }) => {
      if (quote === null || quote.number === null) return NOT_APPLICABLE;
      const same = others.ofQuoteNumber(quote.number).length;
      return passIf(same <= 1, `its quote is booked ${same} times`, 'Close the others as duplicates.');
    },
  },
  {
    id: 'past-dated',
    words:
      'No open opportunity has a close date that is over. From the 15th of the next month on Sales Operations moves those left over, in bulk.',
    source: SOURCE.salesOps,
    when: (booking) => isOpen(booking) && booking.stage !== STAGE.closing,
    mender: 'owner',
    judge: (booking, close) => {
      const { today } = close;
      if (booking.closeDate === null) return ask('When is it expected to close?');
      if (booking.closeDate >= today) return PASS;
      const ofPastMonth = booking.closeDate.slice(0, 7) < today.slice(0, 7);
      const moved = ofPastMonth && Number(today.slice(8)) >= close.policyOn(today).overdueDay;
      return reject(
        'it is open, and its close date is over',
        moved ? 'Sales Operations moves it with the others.' : 'Move the close date, or close it.',
      );
    },
  },
  {
    id: 'stalled',
    words: 'New business that rests in an early stage is warned of, and closed, by segment.',
    source: SOURCE.goToMarket,
    when: ({ type, stage }) => type === NEW_BUSINESS && EARLY_STAGES.includes(stage),
    mender: 'owner',
    judge: (booking, close) => {
      const { today } = close;
      const limits = close.policyOn(today).stalled[booking.segment ?? ''];
      if (!limits) return ask('Which segment is it?');
      if (booking.movedOn === null) return ask('When did it last move?');
      const rests = daysBetween(booking.movedOn, today);
      if (rests >= limits.closeDays) return reject('it rests too long in an early stage', 'Close it.');
      return passIf(
        rests < limits.warnDays,
        `it will be closed after ${limits.closeDays} days of rest`,
        'Move it on, or write the next step.',
      );
    },
  },
  {
    id: 'splits',
    words: "Splits are 100 % together; without any, all is the owner's.",
    source: SOURCE.salesOps,
    when: isAlive,
    mender: 'sales_ops',
    judge: ({ splits }) => {
      if (splits.length === 0) return NOT_APPLICABLE;
      if (splits.some(({ share, ownerId }) => share === null || ownerId === null))
        return reject('a split has no share or nobody', 'Complete the split.');
      const sum = splits.reduce((total, { share }) => total + (share ?? 0), 0);
      return passIf(sum === WHOLE, 'its splits are not 100 % together', 'Correct the splits.');
    },
  },
  {
    id: 'split-approved',
    words: 'A split with others is approved before the deal is won.',
    source: SOURCE.salesOps,
    when: (booking) => isWon(booking) && booking.splits.some(({ ownerId }) => ownerId !== booking.ownerId),
    mender: 'sales_ops',
    judge: (booking, close) => {
      const { closeDate } = booking;
      if (closeDate === null) return { kind: 'waits', for: 'close-date' };
      const late = booking.splits.some(
        ({ ownerId, approvedAt }) =>
          ownerId !== booking.ownerId && (approvedAt === null || close.dayOf(approvedAt) > closeDate),
      );
      return passIf(
        !late,
        'a split was not approved before it was won',
        'Have Sales Operations decide on the split.',
      );
    },
  },
  {
    id: 'owner',
    words: 'The owner of an opportunity is the owner of its account.',
    source: SOURCE.engagement,
    when: isAlive,
    mender: 'sales_ops',
    judge: onAccount((account, { ownerId }) =>
      passIf(
        ownerId !== null && ownerId === account.ownerId,
        'opportunity and account have different owners',
        'Give the opportunity to the owner of the account.',
      ),
    ),
  },
  {
    id: 'licence-delivery',
    words: 'After the booking a self-managed licence is delivered; else support gets a ticket.',
    source: SOURCE.orderManagement,
    // Services have no licence.
    routes: ROUTES.filter((route) => route !== 'professional_services'),
    when: (booking) => isWon(booking) && booking.delivery === SELF_MANAGED,
    mender: 'order_management',
    judge: (booking, close) => {
      if (booking.licenceDeliveredOn !== null) return PASS;
      if (booking.closeDate === null) return { kind: 'waits', for: 'close-date' };
      return passIf(
        daysBetween(booking.closeDate, close.today) <= policyFor(booking, close).licenceDays,
        'its licence is not delivered',
        'Open a ticket with support, and enter the day of delivery.',
      );
    },
  },
  {
    id: 'web-direct-arr',
    words: "At the end of the month somebody sets net ARR and ARR basis of the web shop's deals.",
    source: SOURCE.metrics,
    routes: ['web_direct'],
    when: isWon,
    mender: 'sales_ops',
    judge: ({ netArr, arrBasis }, { today, period }) =>
      netArr === null || arrBasis === null
        ? today > period.lastDay
          ? reject('net ARR or ARR basis is not set', "Set the ARR of the month's web deals.")
          : NOT_APPLICABLE
        : PASS,
  },
  {
    id: 'readable',
    words: 'What the CRM says can be read.',
    source: SOURCE.salesOps,
    when: isAlive,
    mender: 'sales_ops',
    judge: ({ unreadable }) =>
      unreadable.length === 0 ? PASS : ask(`${unreadable.join(', ')} can't be read: what should it be?`),
  },
];
