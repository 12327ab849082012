import type { Booking } from '../../../domain/close/booking';
import { BOOKING_RECORDS, type BookingRecord } from '../../../domain/close/booking-rows';
import type { ColumnKind } from '../../../domain/close/columns';
import { SANDBOX_FIELDS } from '../objects-bookings';
import type { Org } from '../org';
import type { Scalar } from '../schema';

/** Puts bookings into the org as they are, with their own ids and the stamps of their days. */
export function storeBookings(org: Org, bookings: readonly Booking[]): void {
  for (const booking of bookings) {
    const { unreadable } = booking;
    const store = (record: BookingRecord, part: { readonly id: string } | null): void => {
      if (part) org.load(SANDBOX_FIELDS[record].object, part.id, valuesOf(record, part, unreadable));
    };
    store('opportunity', booking);
    store('account', booking.account);
    store('quote', booking.quote);
    store('subscription', booking.subscription);
    for (const line of booking.lines) store('line', line);
    for (const document of booking.documents) store('document', document);
    for (const submission of booking.submissions) store('submission', submission);
    for (const approval of booking.approvals) store('approval', approval);
    for (const split of booking.splits) store('split', split);
  }
}

function valuesOf(
  record: BookingRecord,
  part: object,
  unreadable: readonly string[],
): Record<string, Scalar> {
  const columns: Readonly<Record<string, ColumnKind>> = BOOKING_RECORDS[record];
  const said = part as Readonly<Record<string, Scalar>>;
  const values: Record<string, Scalar> = { Name: `${record} ${String(said['id'])}` };
  for (const [column, name] of Object.entries(SANDBOX_FIELDS[record].fields)) {
    const value = said[column] ?? null;
    const inHundredths = columns[column] === 'cents' || columns[column] === 'hundredths';
    values[name] = inHundredths && typeof value === 'number' ? value / 100 : value;
    if (unreadable.includes(`${record}.${column}`)) values[name] = 'n/a';
  }
  return values;
}
