import { isWon, type Booking } from './booking';
import type { Amount } from './reconcile';

/** The product under which an order without product lines is counted, such as one of the web shop. */
export const WITHOUT_LINES = 'Order without lines';

/**
 * What the CRM says was booked: each product line of what was won, by the month of its close date. What isn't filled in is
 * empty, and no billing row agrees with it: nothing passes because nobody wrote it down.
 */
export const bookedAmounts = (bookings: readonly Booking[]): readonly Amount[] =>
  bookings.filter(isWon).flatMap((booking) => {
    const of = {
      opportunity: booking.id,
      entity: booking.entity ?? '',
      currency: booking.currency ?? '',
      period: booking.closeDate?.slice(0, 7) ?? '',
    };
    if (booking.lines.length === 0)
      return [{ ...of, product: WITHOUT_LINES, cents: booking.amount ?? 0, at: booking.id }];
    return booking.lines.map(({ id, description, total }) => ({
      ...of,
      product: description ?? '',
      cents: total ?? 0,
      at: id,
    }));
  });

/**
 * Of both sides, what the period is reconciled by: its own rows, and where only one side has a product of an opportunity in it, the
 * other side's rows of other periods, so that "another period" is told from "missing". The invoices of later years are left out.
 */
export function ofPeriod(
  period: string,
  crm: readonly Amount[],
  billing: readonly Amount[],
): { readonly crm: readonly Amount[]; readonly billing: readonly Amount[] } {
  const within = (rows: readonly Amount[]): ReadonlySet<string> =>
    new Set(rows.filter((row) => row.period === period).map(pairOf));
  const [ours, theirs] = [within(crm), within(billing)];
  const wanted =
    (own: ReadonlySet<string>, other: ReadonlySet<string>) =>
    (row: Amount): boolean =>
      row.period === period || (!own.has(pairOf(row)) && other.has(pairOf(row)));
  return { crm: crm.filter(wanted(ours, theirs)), billing: billing.filter(wanted(theirs, ours)) };
}

const pairOf = ({ opportunity, product }: Amount): string => JSON.stringify([opportunity, product]);
