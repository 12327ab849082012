import type { Booking } from '../../../domain/close/booking';
import { BOOKING_RECORDS, type BookingRecord } from '../../../domain/close/booking-rows';
import type { ColumnKind } from '../../../domain/close/columns';
import { SANDBOX_FIELDS } from '../objects-bookings';
import type { Org } from '../org';
import type { Scalar } from '../schema';

/** Puts bookings into the org as they are, with their own ids and the stamps of their days. */
export function storeBookings(org: Org, bookings: readonly Booking[]): void {
  for (let from = 0; from < bookings.length; from += TOGETHER) {
    const parts = bookings.slice(from, from + TOGETHER).flatMap(partsOf);
    for (const { object } of Object.values(SANDBOX_FIELDS))
      org.loadAll(
        object,
        parts.filter((part) => part.object === object),
      );
  }
}

/** So many bookings are told as records at once. */
const TOGETHER = 1_000;

/** A record of the org as a booking tells it. */
export interface Part {
  readonly object: string;
  readonly id: string;
  readonly values: Readonly<Record<string, Scalar>>;
}

/** The records that a booking stands in, the opportunity first. */
export function partsOf(booking: Booking): readonly Part[] {
  const parts = (record: BookingRecord, of: readonly ({ readonly id: string } | null)[]): readonly Part[] =>
    of.flatMap((part) =>
      part
        ? [
            {
              object: SANDBOX_FIELDS[record].object,
              id: part.id,
              values: valuesOf(record, part, booking.unreadable),
            },
          ]
        : [],
    );
  return [
    ...parts('opportunity', [booking]),
    ...parts('account', [booking.account]),
    ...parts('quote', [booking.quote]),
    ...parts('subscription', [booking.subscription]),
    ...parts('line', booking.lines),
    ...parts('document', booking.documents),
    ...parts('submission', booking.submissions),
    ...parts('approval', booking.approvals),
    ...parts('split', booking.splits),
  ];
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
