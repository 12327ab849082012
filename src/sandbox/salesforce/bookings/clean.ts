import { MARKETPLACES, SALES_ASSISTED, type Route } from '../../../domain/close/booking';
import { MATTER } from '../../../domain/close/decisions';
import { addDays } from '../../../domain/dates';
import { makeId } from '../ids';
import {
  approve,
  blankOpportunity,
  newAccount,
  newLine,
  newQuote,
  newSplit,
  newSubmission,
  newSubscription,
  type BookingDraft,
  type Maker,
  type Wishes,
} from './draft';
import { addPapers, isPartner } from './papers';

/** Bookings that keep every rule, in all the ways in which the rules can be kept. */

const TYPES = ['New Business', 'New Business', 'Add-On Business', 'Renewal'] as const;
const SEGMENTS = ['Large', 'PubSec', 'Mid-Market', 'SMB'] as const;
const PRODUCTS = ['Premium', 'Ultimate', 'Storage', 'Compute minutes'] as const;
const TRAINING = ['Implementation', 'Migration', 'Training'] as const;
const OPEN_STAGES = [
  '0-Pending Acceptance',
  '1-Discovery',
  '2-Scoping',
  '4-Proposal',
  '5-Negotiating',
] as const;

/** A deal that was submitted in the period, by people. */
export function submittedDeal(make: Maker, wishes: Wishes = {}): BookingDraft {
  const { policy } = make.scene;
  const booking = newDeal(make, wishes.route ?? pickRoute(make), wishes.type ?? make.pick(TYPES));
  booking.stage = wishes.stage ?? (make.chance(0.85) ? 'Closed Won' : '7-Closing');
  booking.deliverySwap = wishes.swap === true;
  const submittedOn = submissionDay(make, wishes);
  const startsOn = wishes.startsOn ?? addDays(submittedOn, wishes.startsIn ?? startAfter(make, booking));
  booking.closeDate = submittedOn;
  booking.createdAt = `${addDays(submittedOn, -90)}T17:00:00.000Z`;
  booking.movedOn = submittedOn;
  subscribe(make, booking, startsOn);
  quoteIt(make, booking, startsOn, wishes);
  price(make, booking, wishes);
  addPapers(make, booking, wishes, submittedOn);
  answerOnSubmit(make, booking, wishes, submittedOn);
  const byId = make.person();
  booking.submissions.push({
    ...newSubmission(make),
    opportunityId: booking.id,
    at: `${submittedOn}T18:00:00.000Z`,
    byId,
  });
  const [orders, billing] = policy.approvedBy;
  // Deal Desk and Billing are people of their own.
  approve(make, booking, MATTER.booking, orders, `${submittedOn}T20:00:00.000Z`, deskOf(make, 1));
  if (booking.stage === 'Closed Won')
    approve(make, booking, MATTER.booking, billing, `${submittedOn}T22:00:00.000Z`, deskOf(make, 2));
  if (booking.stage === 'Closed Won' && booking.delivery === 'Self-Managed')
    booking.licenceDeliveredOn = submittedOn;
  split(make, booking, submittedOn);
  return booking;
}

/** A deal of the web shop: nobody signs, nobody approves. */
export function webDeal(make: Maker): BookingDraft {
  const booking = newDeal(make, 'web_direct', 'New Business');
  booking.stage = 'Closed Won';
  booking.closeDate = addDays(make.scene.period.firstDay, make.between(0, 29));
  booking.createdAt = `${booking.closeDate}T17:00:00.000Z`;
  booking.amount = make.between(10_00, 5_000_00);
  figures(booking, booking.amount);
  booking.delivery = 'SaaS';
  return booking;
}

/** What is still being sold. */
export function openDeal(make: Maker, type: (typeof TYPES)[number] = make.pick(TYPES)): BookingDraft {
  const { today } = make.scene;
  const booking = newDeal(make, pickRoute(make), type);
  booking.stage = make.pick(OPEN_STAGES);
  booking.closeDate = addDays(today, make.between(0, 120));
  booking.createdAt = `${addDays(today, -30)}T17:00:00.000Z`;
  booking.movedOn = addDays(today, -make.between(0, 6));
  booking.amount = make.between(1_000_00, 90_000_00);
  subscribe(make, booking, addDays(today, make.between(10, 100)));
  if (type === 'Renewal') booking.arrBasis = booking.subscription?.carr ?? null;
  return booking;
}

/** What came to nothing, as it should be recorded. */
export function endedDeal(make: Maker): BookingDraft {
  const booking = openDeal(make, 'New Business');
  booking.closeDate = addDays(make.scene.period.firstDay, make.between(0, 29));
  booking.stage = make.pick(['8-Closed Lost', '9-Unqualified', '10-Duplicate']);
  if (booking.stage === '8-Closed Lost') {
    booking.lostReason = make.pick(['Merged', 'Price', 'No decision']);
    if (booking.lostReason === 'Merged') booking.mergedInto = make.id('006');
  }
  if (booking.stage === '10-Duplicate') booking.duplicateOf = make.id('006');
  return booking;
}

/** The years of a ramp, submitted together. */
export function rampDeal(make: Maker, years: number, wishes: Wishes = {}): BookingDraft[] {
  const first = submittedDeal(make, {
    ...wishes,
    type: 'New Business',
    submittedOn: addDays(make.scene.period.firstDay, 15),
  });
  const [submittedOn, startsOn] = [first.closeDate ?? '', first.quote?.startDate ?? ''];
  const deals = [first];
  for (let year = 2; year <= years; year++) {
    const start = `${Number(startsOn.slice(0, 4)) + year - 1}${startsOn.slice(4)}`;
    const next = submittedDeal(make, {
      ...wishes,
      ...(first.route === null ? {} : { route: first.route as Route }),
      type: 'New Business',
      stage: '7-Closing',
      submittedOn,
      startsOn: start,
    });
    next.closeDate = addDays(start, -make.scene.policy.rampCloseDays);
    next.rampYear = year;
    deals.push(next);
  }
  first.rampYear = 1;
  const key = `ramp-${make.number()}`;
  for (const deal of deals) deal.rampKey = key;
  return deals;
}

const pickRoute = (make: Maker): Route => {
  const [first, ...others] = SALES_ASSISTED;
  return first === undefined ? 'direct' : make.pick([first, first, first, ...others]);
};

/** A person of one of the two teams that approve: sells nothing. */
export const deskOf = (make: Maker, team: 1 | 2): string =>
  makeId('005', 900_001_000 + team * 100 + make.between(0, 20));

function newDeal(make: Maker, route: Route, type: string): BookingDraft {
  const booking = blankOpportunity(make.id('006'));
  const account = newAccount(make);
  const ownerId = make.person();
  Object.assign(account, {
    ownerId,
    country: make.pick(['US', 'US', 'GB', 'DE', 'FR', 'JP', 'AU']),
    tradeStatus: 'Clear',
    poRequired: false,
  });
  return Object.assign(booking, {
    account,
    accountId: account.id,
    ownerId,
    route,
    type,
    region: make.pick(['AMER', 'EMEA', 'APAC']),
    recordType: route === 'professional_services' ? 'Professional Services Only' : 'Standard',
    segment: make.pick(SEGMENTS),
    geo: make.pick(['AMER', 'EMEA', 'APAC']),
    firstOrder: false,
    currency: 'USD',
    entity: make.scene.policy.entities[0] ?? null,
    delivery: make.pick(['SaaS', 'Self-Managed']),
    deliverySwap: false,
  });
}

function submissionDay(make: Maker, { submittedOn, day, beforeEnd }: Wishes): string {
  const { firstDay, lastDay } = make.scene.period;
  if (submittedOn !== undefined) return submittedOn;
  if (beforeEnd !== undefined) return addDays(lastDay, -beforeEnd);
  return addDays(firstDay, day === undefined ? make.between(9, 27) : day - 1);
}

/** Days from the submission to the start: ahead within the window, and of what is there already up to two weeks back. */
function startAfter(make: Maker, { type }: BookingDraft): number {
  if (type === 'New Business') return make.between(1, make.scene.policy.windowDays);
  return make.chance(0.3) ? -make.between(0, make.scene.policy.pastStartDays) : make.between(0, 30);
}

function subscribe(make: Maker, booking: BookingDraft, termEnd: string): void {
  if (booking.type === 'New Business') return;
  booking.subscription = {
    ...newSubscription(make),
    accountId: booking.accountId,
    carr: make.between(1_000_00, 60_000_00),
    termEnd: booking.type === 'Renewal' ? termEnd : addDays(termEnd, 200),
  };
  booking.subscriptionId = booking.subscription.id;
}

function quoteIt(make: Maker, booking: BookingDraft, startDate: string, wishes: Wishes): void {
  const { policy } = make.scene;
  const [firstEntity = null] = policy.entities;
  const party = (kind: string) => {
    const n = make.number();
    return [
      `${kind} ${n}`,
      `${kind.toLowerCase().replace(/\W/g, '')}${n}@customer.example`,
      `${n} Main Street`,
    ];
  };
  const [sold, bill, end] = [party('Buyer'), party('Payer'), party('User')];
  booking.quote = {
    ...newQuote(make),
    number: make.number(),
    status: 'Approved',
    kind:
      booking.type === 'Renewal'
        ? 'Renew Subscription'
        : booking.type === 'Add-On Business'
          ? 'Amend Subscription'
          : 'New Subscription',
    currency: 'USD',
    paymentTermDays: booking.route === 'ibm_oem' ? policy.oemTermDays : make.pick([30, 30, 45, 60]),
    entity: firstEntity,
    entityAddress: '268 Bush Street, San Francisco',
    startDate,
    endDate: addDays(startDate, 365),
    soldToName: sold[0] ?? null,
    soldToEmail: sold[1] ?? null,
    soldToAddress: sold[2] ?? null,
    billToName: bill[0] ?? null,
    billToEmail: bill[1] ?? null,
    billToAddress: bill[2] ?? null,
  };
  if (isPartner(booking) || booking.route === 'public_sector')
    Object.assign(booking.quote, {
      endCustomerName: end[0],
      endCustomerEmail: end[1],
      endCustomerAddress: end[2],
    });
  booking.quoteId = booking.quote.id;
  booking.paymentTermDays = booking.quote.paymentTermDays;
  const services = booking.route === 'professional_services';
  for (let line = make.between(1, 3); line > 0; line--)
    booking.lines.push({
      ...newLine(make),
      opportunityId: booking.id,
      description: make.pick(services ? TRAINING : PRODUCTS),
      family: services ? 'Services' : 'Subscription',
      total: make.between(100_00, 20_000_00),
    });
  if (wishes.services === true)
    Object.assign(booking, { firstOrder: true, segment: 'Mid-Market', geo: 'APAC' });
}

function price(make: Maker, booking: BookingDraft, wishes: Wishes): void {
  const { quote } = booking;
  if (!quote) return;
  const { services } = make.scene.policy;
  const subtotal = booking.lines.reduce((sum, { total }) => sum + (total ?? 0), 0);
  const withMargin = booking.route === 'ibm_oem' || MARKETPLACES.some((route) => route === booking.route);
  quote.subtotal = subtotal;
  quote.margin = withMargin ? Math.floor(subtotal / 33) : null;
  booking.amount = subtotal - (quote.margin ?? 0);
  const netArr = wishes.services === true ? services.fromNetArrCents : Math.floor((subtotal * 4) / 5);
  quote.netArr = netArr + (quote.margin ?? 0);
  figures(booking, netArr);
  booking.firstOrder = wishes.services === true || (booking.type === 'New Business' && make.chance(0.5));
  if (booking.firstOrder && netArr >= services.fromNetArrCents)
    booking.servicesAttached = services.attachedCents + make.between(0, 5_000_00);
}

/** What is counted of it: net ARR, and what the subscription was worth before. */
export function figures(booking: BookingDraft, netArr: number): void {
  booking.netArr = netArr;
  booking.arrBasis = booking.type === 'Renewal' ? (booking.subscription?.carr ?? 0) : 0;
  booking.bookedArr = booking.netArr + booking.arrBasis;
}

const AGREEMENTS: Partial<Record<string, string>> = {
  aws: 'AWS/GCP Private Offer',
  gcp: 'AWS/GCP Private Offer',
  ibm_oem: 'IBM OEM',
};

function answerOnSubmit(make: Maker, booking: BookingDraft, wishes: Wishes, submittedOn: string): void {
  booking.closedWonReason = make.pick(['Single application', 'Price', 'Security']);
  booking.competitors = make.pick(['None', 'Several']);
  const ofRoute = AGREEMENTS[booking.route ?? ''];
  const ownForm = ofRoute === undefined && (wishes.ownForm ?? make.chance(0.03));
  booking.agreementType = ownForm
    ? make.pick(['Client/Prospect Form', 'Other'])
    : (ofRoute ?? 'Signed Order Form');
  if (!ownForm) return;
  booking.agreementLink = `https://agreements.example/${make.number()}`;
  make.scene.policy.serialReviewBy.forEach((step, at) => {
    approve(make, booking, MATTER.review, step, `${submittedOn}T19:0${at}:00.000Z`);
  });
}

function split(make: Maker, booking: BookingDraft, wonOn: string): void {
  if (!make.chance(0.2)) return;
  const share = make.between(1, 99_99);
  for (const [ownerId, part] of [
    [booking.ownerId, share],
    [make.person(), 100_00 - share],
  ] as const)
    booking.splits.push({
      ...newSplit(make),
      opportunityId: booking.id,
      ownerId,
      share: part,
      approvedAt: `${addDays(wonOn, -make.between(1, 20))}T17:00:00.000Z`,
    });
}
