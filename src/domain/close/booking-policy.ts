/**
 * The numbers and names of the booking rules that the business changes, as `close.booking` of `policy.yml` says them; one
 * version, in force from a date. Approvers are the names of approval steps, as the org calls them.
 */
export interface BookingPolicy {
  /** A deal closes no earlier than so many days before its start. */
  readonly windowDays: number;
  /** Who lets one close earlier: of every group somebody. */
  readonly earlyBookingBy: readonly Approvers[];
  /** A renewal may come so many days late without a new opportunity. */
  readonly lateRenewalDays: number;
  readonly lateRenewalBy: readonly Approvers[];
  /** A customer who returns later than this is New Business. */
  readonly newBusinessAfterDays: number;
  /** An add-on or renewal whose start lies further back than this needs a confirmation of access. */
  readonly pastStartDays: number;
  /** Every year of a ramp closes so many days before it starts. */
  readonly rampCloseDays: number;
  /** Whether submitting asks for the reason, the competitors and the type of the executed agreement. */
  readonly asksOnSubmit: boolean;
  /** Who reviews a customer's own form, one after the other, before Order Management does. */
  readonly serialReviewBy: readonly string[];
  /** The two teams that approve every sales-assisted deal, in this order. */
  readonly approvedBy: readonly [string, string];
  /** Who, all of them, accepts that a customer refuses to sign the order form. */
  readonly refusalBy: readonly string[];
  readonly po: {
    /** At a quarter's end: a purchase order promised within so many days of the promise … */
    readonly promiseDays: number;
    /** … for a deal submitted no more than so many days before the quarter's last day … */
    readonly quarterEndDays: number;
    /** … approved by all of these. */
    readonly exceptionBy: readonly string[];
    /** So many days before the time is over, everybody concerned is told. */
    readonly warnDays: number;
    /** Who accepts another mismatch outside of the quarter's end, with the reason in the finance notes. */
    readonly mismatchBy: string;
  };
  /** How far a public-sector purchase order may be from its quote. */
  readonly publicSectorToleranceCents: number;
  readonly oemTermDays: number;
  readonly services: {
    /** First orders from this net ARR on … */
    readonly fromNetArrCents: number;
    /** … have services of at least this value with them … */
    readonly attachedCents: number;
    /** … in these segments and regions (null: everywhere) … */
    readonly segments: readonly { readonly segment: string; readonly geos: readonly string[] | null }[];
    /** … or the approval of this step. */
    readonly approvedBy: string;
  };
  /** Our own companies that may sell. */
  readonly entities: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly embargoed: readonly string[];
  /** Countries in which everything is sold through partners. */
  readonly noDirect: readonly string[];
  /** Day of the month on which opportunities that should have closed in a month before are moved in bulk. */
  readonly overdueDay: number;
  /** Days after the booking by which a licence is delivered. */
  readonly licenceDays: number;
  /** By segment: after how many days of rest an early-stage opportunity is warned of, and closed. */
  readonly stalled: Readonly<Record<string, { readonly warnDays: number; readonly closeDays: number }>>;
  /** User names of those who may accept a finding with a reason. */
  readonly acceptedBy: readonly string[];
}

/** Any one of them. */
export type Approvers = readonly string[];
