import { lastSubmission, type Account, type Booking, type Quote, type Route } from './booking';
import type { BookingPolicy } from './booking-policy';
import type { Day, Instant } from './columns';
import type { Others } from './others';
import type { Period } from './period';

/** What a check says of one booking. Nothing passes by default: what a check needs and doesn't find is never a pass. */
export type Verdict =
  | { readonly kind: 'pass' }
  /** The rule doesn't speak of this booking. */
  | { readonly kind: 'not_applicable' }
  /** Can't be judged until what that check asks for is there: its finding stands for this one, too. */
  | { readonly kind: 'waits'; readonly for: string }
  | { readonly kind: 'reject'; readonly reason: string; readonly mend: string }
  /** Belongs to the next period. */
  | { readonly kind: 'roll'; readonly reason: string }
  /** Right, and its close date is set to this day. */
  | { readonly kind: 'back_date'; readonly to: Day; readonly reason: string }
  | { readonly kind: 'needs_person'; readonly question: string };

export const PASS: Verdict = { kind: 'pass' };
export const NOT_APPLICABLE: Verdict = { kind: 'not_applicable' };
export const reject = (reason: string, mend: string): Verdict => ({ kind: 'reject', reason, mend });
export const roll = (reason: string): Verdict => ({ kind: 'roll', reason });
export const backDate = (to: Day, reason: string): Verdict => ({ kind: 'back_date', to, reason });
export const ask = (question: string): Verdict => ({ kind: 'needs_person', question });
export const passIf = (holds: boolean, reason: string, mend: string): Verdict =>
  holds ? PASS : reject(reason, mend);

/** What a booking is judged in. */
export interface Close {
  readonly period: Period;
  /** Where the business is. */
  readonly today: Day;
  readonly policyOn: (day: Day) => BookingPolicy;
  /** The day of an instant where the business is: whoever knows time zones says it. */
  readonly dayOf: (at: Instant) => Day;
  /** The other opportunities that a rule looks at. */
  readonly others: Others;
}

/** Who mends what a check finds. */
export type Mender = 'owner' | 'order_management' | 'deal_desk' | 'billing' | 'sales_ops';

type Rule = (booking: Booking, close: Close) => Verdict;

export interface Check {
  readonly id: string;
  /** The rule in our own words. */
  readonly words: string;
  /** Where the rule stands. */
  readonly source: string;
  /** Absent: every route, also where the route isn't known. */
  readonly routes?: readonly Route[];
  /** Of which bookings it speaks, by how far they are. */
  readonly when: (booking: Booking) => boolean;
  readonly mender: Mender;
  readonly judge: Rule;
}

/** Pages of the handbook that the rules come from. */
export const SOURCE = {
  orders: 'sales/field-operations/order-processing',
  po: 'sales/field-operations/sales-operations/po-acceptance-policy',
  orderManagement: 'sales/field-operations/sales-operations/order-management',
  goToMarket: 'sales/field-operations/gtm-resources',
  engagement: 'sales/field-operations/gtm-resources/rules-of-engagement',
  salesOps: 'sales/field-operations/sales-operations',
  metrics: 'sales/field-operations/sales-systems/gtm-technical-documentation/sfdc-booking-metric-fields',
} as const;

const waitsFor = (check: string): Verdict => ({ kind: 'waits', for: check });
export const WAITS_FOR_ROUTE = waitsFor('route');

/** A rule over the account: without one, the check `account` has its finding already. */
export const onAccount =
  (rule: (account: Account, booking: Booking, close: Close) => Verdict): Rule =>
  (booking, close) =>
    booking.account ? rule(booking.account, booking, close) : waitsFor('account');

/** A rule over the primary quote. */
export const onQuote =
  (rule: (quote: Quote, booking: Booking, close: Close) => Verdict): Rule =>
  (booking, close) =>
    booking.quote ? rule(booking.quote, booking, close) : waitsFor('quote');

/** The instant of the last submission, and its day. */
export interface Submitted {
  readonly at: Instant;
  readonly day: Day;
}
export function submittedOf(booking: Booking, close: Close): Submitted | null {
  const at = lastSubmission(booking)?.at ?? null;
  return at === null ? null : { at, day: close.dayOf(at) };
}

/** A rule over the last submission. */
export const onSubmission =
  (rule: (submitted: Submitted, booking: Booking, close: Close) => Verdict): Rule =>
  (booking, close) => {
    const submitted = submittedOf(booking, close);
    return submitted ? rule(submitted, booking, close) : waitsFor('submission');
  };

/** The policy of the day on which it was submitted; before that, of the day on which it should close. */
export const policyFor = (booking: Booking, close: Close): BookingPolicy =>
  close.policyOn(submittedOf(booking, close)?.day ?? booking.closeDate ?? close.today);
