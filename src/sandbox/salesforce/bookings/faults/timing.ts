import { DOCUMENT_KINDS } from '../../../../domain/close/booking';
import { addDays } from '../../../../domain/dates';
import { openDeal, submittedDeal } from '../clean';
import { newSubscription, type BookingDraft, type Maker } from '../draft';
import { add } from '../papers';
import { EVERY_DEAL, except, type Fault } from './fault';
import { secondAfter } from './papers';

const ADD_ON = { type: 'Add-On Business' } as const;
const RENEWAL = { type: 'Renewal' } as const;

/** Submitted and approved at other instants, each so many hours after the first. */
function submitAt(booking: BookingDraft, at: string): void {
  const after = (hours: number) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
  for (const submission of booking.submissions) submission.at = at;
  booking.approvals.forEach((approval, index) => {
    approval.at = after(1 + index / 10);
  });
}

/** What the customer had before a New Business deal. */
function hadBefore(make: Maker, booking: BookingDraft, daysAgo: number): void {
  booking.subscription = {
    ...newSubscription(make),
    accountId: booking.accountId,
    carr: 5_000_00,
    termEnd: addDays(booking.closeDate ?? '', -daysAgo),
  };
  booking.subscriptionId = booking.subscription.id;
}

/** A renewal that was made anew, a hundred days late. */
function madeAnew(booking: BookingDraft): void {
  if (!booking.subscription || !booking.quote) return;
  booking.subscription.termEnd = addDays(booking.closeDate ?? '', -100);
  booking.createdAt = `${addDays(booking.closeDate ?? '', -20)}T17:00:00.000Z`;
  booking.quote.kind = 'New Subscription';
}

export const TIMING_FAULTS: readonly Fault[] = [
  { check: 'submission', routes: EVERY_DEAL, spoil: (booking) => void (booking.submissions = []) },
  {
    check: 'close-date',
    routes: [...EVERY_DEAL, 'web_direct'],
    spoil: (booking) => void (booking.closeDate = null),
  },
  {
    check: 'cut-off',
    kind: 'roll',
    routes: EVERY_DEAL,
    wishes: { beforeEnd: 0, startsIn: 10, order: 'waiver' },
    spoil: (booking, make) => submitAt(booking, secondAfter(make.scene.period.cutOff)),
  },
  {
    check: 'cut-off',
    kind: 'roll',
    routes: EVERY_DEAL,
    wishes: { beforeEnd: 0, startsIn: 10, order: 'waiver', stage: 'Closed Won' },
    spoil: (booking, make) => {
      const [, billing] = make.scene.policy.approvedBy;
      const rejected = secondAfter(make.scene.period.cutOff);
      const [orders, last] = booking.approvals.slice(-2);
      if (!orders || last?.step !== billing) return;
      booking.approvals.splice(
        -1,
        0,
        { ...last, id: make.id('a0A'), decision: 'Rejected', at: rejected },
        { ...orders, id: make.id('a0A'), at: secondAfter(rejected) },
      );
      last.at = secondAfter(secondAfter(rejected));
    },
  },
  {
    check: 'cut-off',
    kind: 'back_date',
    routes: EVERY_DEAL,
    wishes: { beforeEnd: 0, startsIn: 10, order: 'waiver', stage: 'Closed Won' },
    spoil: (booking, make) => {
      submitAt(booking, make.scene.period.cutOff);
      booking.closeDate = addDays(make.scene.period.lastDay, 1);
      if (booking.licenceDeliveredOn !== null) booking.licenceDeliveredOn = booking.closeDate;
    },
  },
  { check: 'booking-window', routes: EVERY_DEAL, wishes: { day: 10, startsIn: 31 }, spoil: () => undefined },
  {
    check: 'booking-window',
    kind: 'roll',
    routes: EVERY_DEAL,
    wishes: { day: 20, startsIn: 60 },
    spoil: () => undefined,
  },
  {
    check: 'close-on-submission',
    kind: 'back_date',
    routes: EVERY_DEAL,
    wishes: { ...ADD_ON, day: 15, startsIn: -5 },
    spoil: (booking) => void (booking.closeDate = addDays(booking.closeDate ?? '', 2)),
  },
  {
    check: 'close-on-submission',
    routes: EVERY_DEAL,
    wishes: { ...RENEWAL, day: 15, startsIn: -5 },
    spoil: (booking) => {
      booking.closeDate = addDays(booking.closeDate ?? '', -2);
      booking.splits = [];
    },
  },
  {
    check: 'past-start',
    routes: EVERY_DEAL,
    wishes: { type: 'New Business', day: 15, startsIn: -1 },
    spoil: () => undefined,
  },
  {
    check: 'past-start',
    kind: 'needs_person',
    routes: EVERY_DEAL,
    wishes: { ...ADD_ON, day: 20, startsIn: -15 },
    spoil: () => undefined,
  },
  {
    check: 'add-on-order',
    routes: EVERY_DEAL,
    wishes: ADD_ON,
    spoil: (booking) => {
      booking.subscription = null;
      booking.subscriptionId = null;
    },
  },
  {
    check: 'add-on-order',
    routes: EVERY_DEAL,
    wishes: { ...RENEWAL, day: 20, startsIn: 8 },
    spoil: (booking, make) => {
      const earlier = submittedDeal(make, { ...ADD_ON, stage: '7-Closing', day: 12, startsIn: 10 });
      earlier.subscription = booking.subscription;
      earlier.subscriptionId = booking.subscriptionId;
      return { more: [earlier] };
    },
  },
  {
    check: 'ramp-together',
    routes: EVERY_DEAL,
    of: 'ramp',
    spoil: (booking) =>
      submitAt(booking, `${addDays((booking.submissions[0]?.at ?? '').slice(0, 10), 1)}T18:00:00.000Z`),
  },
  {
    check: 'ramp-together',
    kind: 'needs_person',
    routes: EVERY_DEAL,
    of: 'ramp',
    spoil: (booking) => void (booking.rampYear = null),
  },
  {
    check: 'ramp-dates',
    routes: EVERY_DEAL,
    of: 'ramp',
    spoil: (booking) => void (booking.closeDate = addDays(booking.closeDate ?? '', 1)),
  },
  {
    check: 'renewal-subscription',
    routes: EVERY_DEAL,
    wishes: RENEWAL,
    spoil: (booking) => {
      booking.subscription = null;
      booking.subscriptionId = null;
    },
  },
  {
    check: 'renewal-subscription',
    routes: EVERY_DEAL,
    wishes: RENEWAL,
    spoil: (booking, make) => {
      const second = openDeal(make, 'Renewal');
      second.subscription = booking.subscription;
      second.subscriptionId = booking.subscriptionId;
      second.arrBasis = booking.subscription?.carr ?? null;
      return { more: [second], found: [second] };
    },
  },
  {
    check: 'renewal-basis',
    routes: EVERY_DEAL,
    wishes: RENEWAL,
    spoil: (booking) => {
      booking.arrBasis = (booking.arrBasis ?? 0) + 1;
      booking.bookedArr = (booking.bookedArr ?? 0) + 1;
    },
  },
  {
    check: 'renewal-basis',
    routes: EVERY_DEAL,
    of: 'open',
    wishes: RENEWAL,
    spoil: (booking) => void (booking.arrBasis = null),
  },
  {
    check: 'renewal-start',
    routes: EVERY_DEAL,
    wishes: { ...RENEWAL, startsIn: 5 },
    spoil: ({ subscription }) => {
      if (subscription) subscription.termEnd = addDays(subscription.termEnd ?? '', -1);
    },
  },
  {
    // One day more than a renewal may be late, and all else in order.
    check: 'late-renewal',
    routes: EVERY_DEAL,
    wishes: { ...RENEWAL, day: 20, startsIn: -16 },
    spoil: (booking, make) =>
      add(make, booking, DOCUMENT_KINDS.accessConfirmation, booking.closeDate ?? '', {}),
  },
  {
    check: 'late-renewal',
    routes: EVERY_DEAL,
    wishes: { ...RENEWAL, startsIn: 5 },
    spoil: madeAnew,
  },
  {
    check: 'late-renewal',
    routes: EVERY_DEAL,
    wishes: { type: 'New Business', startsIn: 5 },
    spoil: (booking, make) => hadBefore(make, booking, 179),
  },
  {
    check: 'late-renewal',
    kind: 'needs_person',
    routes: EVERY_DEAL,
    wishes: { type: 'New Business', startsIn: 5 },
    spoil: (booking, make) => hadBefore(make, booking, 180),
  },
  {
    check: 'licence-delivery',
    routes: [...except('professional_services'), 'web_direct'],
    wishes: { stage: 'Closed Won' },
    spoil: (booking) => {
      booking.delivery = 'Self-Managed';
      booking.licenceDeliveredOn = null;
    },
  },
  {
    check: 'services-attached',
    routes: except('professional_services'),
    wishes: { services: true },
    spoil: (booking, { scene }) => void (booking.servicesAttached = scene.policy.services.attachedCents - 1),
  },
  {
    check: 'services-attached',
    kind: 'needs_person',
    routes: except('professional_services'),
    spoil: (booking) => void (booking.firstOrder = null),
  },
];
