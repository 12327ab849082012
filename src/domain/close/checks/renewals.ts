import {
  isOpen,
  isSubmitted,
  NEW_BUSINESS,
  NEW_SUBSCRIPTION,
  SALES_ASSISTED,
  STAGE,
  type Booking,
} from '../booking';
import {
  ask,
  NOT_APPLICABLE,
  onQuote,
  onSubmission,
  PASS,
  passIf,
  policyFor,
  reject,
  SOURCE,
  type Check,
  type Verdict,
} from '../check';
import { approvedByEach, MATTER } from '../decisions';
import { daysBetween } from '../../dates';

/** Renewals: one to one with subscriptions, and those that come late. */

const isRenewal = ({ type }: Booking) => type === 'Renewal';
const WAITS: Verdict = { kind: 'waits', for: 'renewal-subscription' };
const ended: readonly (string | null)[] = [STAGE.lost, STAGE.unqualified, STAGE.duplicate];

export const RENEWAL_CHECKS: readonly Check[] = [
  {
    id: 'renewal-subscription',
    words: 'A renewal belongs to one subscription, and a subscription has one renewal.',
    source: SOURCE.orderManagement,
    when: (booking) => isRenewal(booking) && (isOpen(booking) || isSubmitted(booking)),
    mender: 'owner',
    judge: ({ subscription, subscriptionId }, { others }) => {
      if (subscriptionId === null || subscription === null)
        return reject('a renewal without a subscription', 'Name the subscription that is renewed.');
      if (subscription.termEnd === null) return ask('When does the term of its subscription end?');
      const renewals = others
        .ofSubscription(subscriptionId)
        .filter(({ type, stage }) => type === 'Renewal' && !ended.includes(stage));
      return passIf(
        renewals.length <= 1,
        `its subscription has ${renewals.length} renewals`,
        'Close the one that is too many as a duplicate.',
      );
    },
  },
  {
    id: 'renewal-basis',
    words: 'The ARR basis of a renewal is the current CARR of its subscription.',
    source: SOURCE.orderManagement,
    when: (booking) => isRenewal(booking) && (isOpen(booking) || isSubmitted(booking)),
    mender: 'order_management',
    judge: ({ subscription, arrBasis }) =>
      subscription === null
        ? WAITS
        : passIf(
            arrBasis !== null && arrBasis === subscription.carr,
            'its ARR basis is not the CARR of the subscription',
            'Set the ARR basis.',
          ),
  },
  {
    id: 'renewal-start',
    words: 'A renewal starts where the term of its subscription ends; one on a new subscription starts anew.',
    source: SOURCE.orderManagement,
    routes: SALES_ASSISTED,
    when: (booking) => isRenewal(booking) && isSubmitted(booking),
    mender: 'owner',
    judge: onQuote(({ kind, startDate }, { subscription }) => {
      if (kind === NEW_SUBSCRIPTION) return NOT_APPLICABLE;
      if (subscription === null || subscription.termEnd === null) return WAITS;
      return passIf(
        startDate === subscription.termEnd,
        "it doesn't start where the term ends",
        'Correct the start of the quote.',
      );
    }),
  },
  {
    id: 'late-renewal',
    words:
      'A renewal may be 30 days (since 2024: 15) late; later it is Closed Lost, and up to 180 days a new renewal opportunity with a quote for a new subscription and an inverse Closed Lost; after that New Business. Named roles may make an exception.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: (booking) => isSubmitted(booking) && (isRenewal(booking) || booking.type === NEW_BUSINESS),
    mender: 'deal_desk',
    judge: onSubmission((submitted, booking, close) => {
      const { subscription } = booking;
      if (!isRenewal(booking) && booking.subscriptionId === null) return NOT_APPLICABLE;
      if (subscription === null || subscription.termEnd === null)
        return isRenewal(booking) ? WAITS : ask('When did the term of the earlier subscription end?');
      const policy = policyFor(booking, close);
      const late = daysBetween(subscription.termEnd, submitted.day);
      if (late === policy.newBusinessAfterDays)
        return ask(
          `It comes ${late} days late, which the rule leaves open: is it a renewal or New Business?`,
        );
      if (!isRenewal(booking))
        return passIf(
          late > policy.newBusinessAfterDays,
          'a customer who returns this early is a renewal',
          'Record it as a renewal of the earlier subscription.',
        );
      if (late <= policy.lateRenewalDays || approvedByEach(booking, MATTER.late, policy.lateRenewalBy))
        return PASS;
      if (late > policy.newBusinessAfterDays)
        return reject(`a renewal that comes ${late} days late`, 'Record it as New Business.');
      const lostOn = policy.lateRenewalDays;
      const isNew =
        booking.createdAt !== null &&
        daysBetween(subscription.termEnd, close.dayOf(booking.createdAt)) > lostOn;
      if (!isNew)
        return reject(
          `it comes ${late} days late, more than ${lostOn}`,
          'Close it lost, and make a new renewal opportunity.',
        );
      if (booking.quote?.kind !== NEW_SUBSCRIPTION)
        return reject('a late renewal not quoted as a new subscription', 'Quote it as a new subscription.');
      const reversed = close.others
        .ofSubscription(booking.subscriptionId ?? '')
        .some(
          ({ stage, reversesId, closeDate }) =>
            stage === STAGE.lost && reversesId !== null && closeDate === booking.closeDate,
        );
      return passIf(
        reversed,
        'the Closed Lost of the first renewal is not reversed on the same day',
        'Make the inverse Closed Lost, with the same close date.',
      );
    }),
  },
];
