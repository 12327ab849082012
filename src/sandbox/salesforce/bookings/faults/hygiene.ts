import type { Route } from '../../../../domain/close/booking';
import { addDays } from '../../../../domain/dates';
import { newSplit, type BookingDraft, type Maker } from '../draft';
import { EVERY_DEAL, except, type Fault } from './fault';

const WON = { stage: 'Closed Won' } as const;
const OWN_FORM = { ownForm: true } as const;
/** Only of what people sell by a form can a customer's own form stand in its place. */
const WITH_FORMS: readonly Route[] = except('aws', 'gcp', 'ibm_oem');

const stepOf = (booking: BookingDraft, step: string | undefined) =>
  booking.approvals.filter((approval) => approval.step === step);

function splitInTwo(booking: BookingDraft, make: Maker, shares: readonly number[]): void {
  booking.splits = shares.map((share, at) => ({
    ...newSplit(make),
    opportunityId: booking.id,
    ownerId: at === 0 ? booking.ownerId : make.id('005'),
    share,
    approvedAt: `${addDays(booking.closeDate ?? '', -1)}T17:00:00.000Z`,
  }));
}

/** The same deal a second time: all of it, under other ids. */
function copyOf(booking: BookingDraft, make: Maker): BookingDraft {
  const copy = structuredClone(booking);
  copy.id = make.id('006');
  if (copy.quote) copy.quote.id = copy.quoteId = make.id('a0Q');
  for (const [prefix, parts] of [
    ['00k', copy.lines],
    ['a0D', copy.documents],
    ['04g', copy.submissions],
    ['a0A', copy.approvals],
    ['1SP', copy.splits],
  ] as const)
    for (const part of parts) {
      part.id = make.id(prefix);
      part.opportunityId = copy.id;
    }
  return copy;
}

export const HYGIENE_FAULTS: readonly Fault[] = [
  { check: 'submit-answers', routes: EVERY_DEAL, spoil: (booking) => void (booking.competitors = null) },
  { check: 'submit-answers', routes: EVERY_DEAL, spoil: (booking) => void (booking.agreementType = null) },
  {
    check: 'agreement-type',
    routes: EVERY_DEAL,
    spoil: (booking) => void (booking.agreementType = 'Handshake'),
  },
  {
    check: 'serial-review',
    routes: WITH_FORMS,
    wishes: OWN_FORM,
    spoil: (booking) => void (booking.agreementLink = null),
  },
  {
    check: 'serial-review',
    routes: WITH_FORMS,
    wishes: OWN_FORM,
    spoil: (booking, { scene }) => {
      booking.approvals = booking.approvals.filter(({ step }) => step !== scene.policy.serialReviewBy[1]);
    },
  },
  {
    check: 'serial-review',
    routes: WITH_FORMS,
    wishes: OWN_FORM,
    spoil: (booking, { scene }) => {
      for (const approval of stepOf(booking, scene.policy.serialReviewBy[2]))
        approval.at = `${(approval.at ?? '').slice(0, 10)}T18:59:00.000Z`;
    },
  },
  {
    check: 'two-teams',
    routes: EVERY_DEAL,
    wishes: WON,
    spoil: (booking, { scene }) => {
      booking.approvals = booking.approvals.filter(({ step }) => step !== scene.policy.approvedBy[1]);
    },
  },
  {
    check: 'two-teams',
    routes: EVERY_DEAL,
    wishes: WON,
    spoil: (booking, { scene }) => {
      const [orders, billing] = scene.policy.approvedBy.map((step) => stepOf(booking, step)[0]);
      if (orders && billing) billing.byId = orders.byId;
    },
  },
  {
    check: 'two-teams',
    routes: EVERY_DEAL,
    wishes: WON,
    spoil: (booking, { scene }) => {
      const [orders] = stepOf(booking, scene.policy.approvedBy[0]);
      for (const submission of booking.submissions) submission.byId = orders?.byId ?? null;
    },
  },
  {
    check: 'approval-path',
    routes: EVERY_DEAL,
    wishes: WON,
    spoil: (booking, { scene }) => {
      for (const approval of stepOf(booking, scene.policy.approvedBy[1]))
        approval.at = `${(approval.at ?? '').slice(0, 10)}T19:30:00.000Z`;
    },
  },
  {
    check: 'approval-path',
    routes: EVERY_DEAL,
    wishes: { stage: '7-Closing', startsIn: 20, day: 20 },
    spoil: (booking, { scene }) => {
      for (const approval of stepOf(booking, scene.policy.approvedBy[0])) approval.decision = 'Rejected';
    },
  },
  {
    check: 'approval-path',
    routes: EVERY_DEAL,
    wishes: WON,
    spoil: (booking, make) => {
      const last = booking.approvals.at(-1);
      if (last)
        booking.approvals.splice(-1, 0, {
          ...last,
          id: make.id('a0A'),
          decision: 'Rejected',
          at: `${(last.at ?? '').slice(0, 10)}T21:00:00.000Z`,
        });
    },
  },
  {
    check: 'merged',
    routes: EVERY_DEAL,
    of: 'ended',
    spoil: (booking) => {
      booking.stage = '8-Closed Lost';
      booking.lostReason = 'Merged';
      booking.mergedInto = null;
    },
  },
  {
    check: 'duplicate',
    routes: EVERY_DEAL,
    of: 'ended',
    spoil: (booking) => {
      booking.stage = '10-Duplicate';
      booking.duplicateOf = null;
    },
  },
  {
    check: 'same-quote-twice',
    routes: EVERY_DEAL,
    wishes: { type: 'New Business' },
    spoil: (booking, make) => {
      const second = copyOf(booking, make);
      return { more: [second], found: [second] };
    },
  },
  {
    check: 'past-dated',
    routes: EVERY_DEAL,
    of: 'open',
    spoil: (booking, { scene }) => void (booking.closeDate = addDays(scene.today, -1)),
  },
  {
    check: 'past-dated',
    kind: 'needs_person',
    routes: EVERY_DEAL,
    of: 'open',
    spoil: (booking) => void (booking.closeDate = null),
  },
  ...[0, -1].map((less): Fault => ({
    check: 'stalled',
    routes: EVERY_DEAL,
    of: 'open',
    wishes: { type: 'New Business' },
    spoil: (booking, { scene }) => {
      booking.stage = '2-Scoping';
      const limits = scene.policy.stalled[booking.segment ?? ''];
      booking.movedOn = addDays(scene.today, -((limits?.closeDays ?? 0) + less));
    },
  })),
  {
    check: 'splits',
    routes: [...EVERY_DEAL, 'web_direct'],
    spoil: (booking, make) => splitInTwo(booking, make, [60_00, make.pick([39_99, 40_01])]),
  },
  {
    check: 'splits',
    routes: EVERY_DEAL,
    of: 'open',
    spoil: (booking, make) => splitInTwo(booking, make, [50_00]),
  },
  {
    check: 'split-approved',
    routes: EVERY_DEAL,
    wishes: WON,
    spoil: (booking, make) => {
      splitInTwo(booking, make, [60_00, 40_00]);
      for (const split of booking.splits) split.approvedAt = null;
    },
  },
  {
    check: 'split-approved',
    routes: EVERY_DEAL,
    wishes: WON,
    spoil: (booking, make) => {
      splitInTwo(booking, make, [60_00, 40_00]);
      for (const split of booking.splits)
        split.approvedAt = `${addDays(booking.closeDate ?? '', 1)}T17:00:00.000Z`;
    },
  },
  {
    check: 'owner',
    routes: [...EVERY_DEAL, 'web_direct'],
    spoil: ({ account }, make) => void (account && (account.ownerId = make.id('005'))),
  },
  {
    check: 'owner',
    routes: EVERY_DEAL,
    of: 'open',
    spoil: ({ account }, make) => void (account && (account.ownerId = make.id('005'))),
  },
  {
    check: 'readable',
    kind: 'needs_person',
    routes: [...EVERY_DEAL, 'web_direct'],
    spoil: (booking) => {
      booking.movedOn = null;
      booking.unreadable.push('opportunity.movedOn');
    },
  },
];
