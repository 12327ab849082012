import type { Booking } from '../domain/close/booking';
import {
  bookingsFrom,
  BOOKING_RECORDS,
  type BookingFields,
  type BookingRecord,
  type BookingRows,
  type TextRow,
} from '../domain/close/booking-rows';
import type { Period } from '../domain/close/period';
import type { BookingReader, WantedObject } from '../systems/salesforce/bookings';

/** What a close looks at: what closes in the period or later, and what is still open. */
export function conditionOf(
  { opportunity: { fields } }: BookingFields,
  { firstDay }: Pick<Period, 'firstDay'>,
): string {
  const closeDate = fields['closeDate'] ?? 'CloseDate';
  return `${closeDate} >= ${firstDay} OR ${closeDate} = null OR IsClosed = false`;
}

/** Those of these records by their ids, with what hangs on them. */
export const conditionOfIds = (ids: readonly string[]): string =>
  `Id IN (${ids
    .filter((id) => /^\w{15,18}$/.test(id))
    .map((id) => `'${id}'`)
    .join(',')})`;

/** Where each record names its opportunity, or the opportunity names it. */
const NAMED_BY: Readonly<
  Record<Exclude<BookingRecord, 'opportunity'>, { own: string } | { opportunity: string }>
> = {
  account: { opportunity: 'accountId' },
  quote: { opportunity: 'quoteId' },
  subscription: { opportunity: 'subscriptionId' },
  line: { own: 'opportunityId' },
  document: { own: 'opportunityId' },
  submission: { own: 'opportunityId' },
  approval: { own: 'opportunityId' },
  split: { own: 'opportunityId' },
};

/** Reads bookings out of the org, one query an object. @throws SystemFault */
export async function readBookings(
  reader: BookingReader,
  fields: BookingFields,
  condition: string,
): Promise<readonly Booking[]> {
  const { object } = fields.opportunity;
  const opportunity = await reader.opportunities(object, fieldsOf(fields, 'opportunity'), condition);
  const rows: Partial<Record<BookingRecord, readonly TextRow[]>> = { opportunity };
  for (const record of Object.keys(NAMED_BY) as Exclude<BookingRecord, 'opportunity'>[])
    rows[record] = await reader.belonging(wantedOf(fields, record), { object, condition });
  return bookingsFrom(rows as BookingRows);
}

function wantedOf(fields: BookingFields, record: Exclude<BookingRecord, 'opportunity'>): WantedObject {
  const by = NAMED_BY[record];
  return {
    object: fields[record].object,
    fields: fieldsOf(fields, record),
    by:
      'own' in by
        ? { own: fields[record].fields[by.own] ?? by.own }
        : { opportunity: fields.opportunity.fields[by.opportunity] ?? by.opportunity },
  };
}

/** In the order of the columns, in which `bookingsFrom` reads them. */
const fieldsOf = (fields: BookingFields, record: BookingRecord): readonly string[] =>
  Object.keys(BOOKING_RECORDS[record]).map((column) => fields[record].fields[column] ?? column);
