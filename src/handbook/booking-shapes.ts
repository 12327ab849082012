import { z } from 'zod';
import type { BookingPolicy } from '../domain/close/booking-policy';
import { mapOf } from './shape-problems';
import { country, rule, text, username, wholeNumber } from './values';

/** `close.booking` of `policy.yml`: what must be true of a deal that is booked. What isn't said is as in 2026. */

const days = (most = 730) => wholeNumber(0, most);
/** US dollars as people write them; kept as whole cents. */
export const dollars = rule(
  (value) => /^\d{1,10}(\.\d{2})?$/.test(value),
  'not an amount',
  "Write it in quotes, in US dollars, with two decimals or none: '1.00'.",
).transform((value) => Math.round(Number(value) * 100));
/** Steps of an approval, as the org calls them. */
const steps = z.array(text).min(1, { error: 'is empty: nobody could approve' });
const groups = z.array(steps).min(1, { error: 'is empty: nobody could approve' });
const rest = mapOf({ warn_days: days(), close_days: days() });

export const bookingShape = mapOf({
  window_days: days(365).default(30),
  early_booking_by: groups.default([['CRO'], ['CFO', 'CAO']]),
  late_renewal_days: days(365).default(15),
  late_renewal_by: groups.default([['Sales VP']]),
  new_business_after_days: days().default(180),
  past_start_days: days().default(14),
  ramp_close_days: days(365).default(30),
  asks_on_submit: z.boolean().default(true),
  serial_review_by: steps.default(['Sr Director Deal Desk', 'Revenue', 'Sr Director Legal']),
  approved_by: z.tuple([text, text]).default(['Order Management', 'Billing']),
  refusal_by: steps.default(['PAO', 'Legal']),
  purchase_orders: mapOf({
    promise_days: days(90).default(10),
    quarter_end_days: days(90).default(5),
    exception_by: steps.default(['Sr Director Deal Desk', 'Sr Manager Billing & AR']),
    warn_days: days(90).default(3),
    mismatch_by: text.default('Sales Operations'),
  }).prefault({}),
  public_sector_tolerance: dollars.default(100),
  oem_term_days: days().default(60),
  services: mapOf({
    from_net_arr: dollars.default(20_000_00),
    attached: dollars.default(15_000_00),
    segments: z.array(mapOf({ segment: text, geos: z.array(text).nullable().default(null) })).default([
      { segment: 'Large', geos: ['AMER', 'EMEA'] },
      { segment: 'PubSec', geos: ['AMER', 'EMEA'] },
      { segment: 'Mid-Market', geos: null },
    ]),
    approved_by: text.default('Services Attach'),
  }).prefault({}),
  entities: z.array(text).default([]),
  embargoed: z.array(country).default([]),
  no_direct_deals: z.array(country).default(['IN']),
  overdue_day: wholeNumber(1, 28).default(15),
  licence_days: days(90).default(1),
  stalled: z.record(z.string(), rest).default({
    Large: { warn_days: 45, close_days: 90 },
    PubSec: { warn_days: 45, close_days: 90 },
    'Mid-Market': { warn_days: 21, close_days: 45 },
    SMB: { warn_days: 7, close_days: 15 },
  }),
  accepted_by: z.array(username).default([]),
});

export const bookingPolicyOf = (said: z.output<typeof bookingShape>): BookingPolicy => ({
  windowDays: said.window_days,
  earlyBookingBy: said.early_booking_by,
  lateRenewalDays: said.late_renewal_days,
  lateRenewalBy: said.late_renewal_by,
  newBusinessAfterDays: said.new_business_after_days,
  pastStartDays: said.past_start_days,
  rampCloseDays: said.ramp_close_days,
  asksOnSubmit: said.asks_on_submit,
  serialReviewBy: said.serial_review_by,
  approvedBy: said.approved_by,
  refusalBy: said.refusal_by,
  po: {
    promiseDays: said.purchase_orders.promise_days,
    quarterEndDays: said.purchase_orders.quarter_end_days,
    exceptionBy: said.purchase_orders.exception_by,
    warnDays: said.purchase_orders.warn_days,
    mismatchBy: said.purchase_orders.mismatch_by,
  },
  publicSectorToleranceCents: said.public_sector_tolerance,
  oemTermDays: said.oem_term_days,
  services: {
    fromNetArrCents: said.services.from_net_arr,
    attachedCents: said.services.attached,
    segments: said.services.segments,
    approvedBy: said.services.approved_by,
  },
  entities: said.entities,
  embargoed: said.embargoed,
  noDirect: said.no_direct_deals,
  overdueDay: said.overdue_day,
  licenceDays: said.licence_days,
  stalled: Object.fromEntries(
    Object.entries(said.stalled).map(([segment, { warn_days, close_days }]) => [
      segment,
      { warnDays: warn_days, closeDays: close_days },
    ]),
  ),
  acceptedBy: said.accepted_by,
});
