import { DOCUMENT_KINDS, type Booking } from '../domain/close/booking';
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
import { literal } from '../systems/salesforce/soql';

/** What a close looks at: what closes in the period or later, and what is still open. */
export function conditionOf(
  { opportunity: { fields } }: BookingFields,
  { firstDay }: Pick<Period, 'firstDay'>,
): string {
  const closeDate = fields['closeDate'] ?? 'CloseDate';
  return `${closeDate} >= ${firstDay} OR ${closeDate} = null OR IsClosed = false`;
}

const IS_ID = /^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/;

/** An org takes a query of 100,000 characters: so many ids are well below. */
const IDS_TOGETHER = 500;

/**
 * Reads what changed, and what belongs together with it: the other opportunities of a subscription, a ramp or a quote. Both
 * are to be judged, since a rule may find another verdict for what didn't change itself.
 */
export async function readChanged(
  reader: BookingReader,
  fields: BookingFields,
  ids: readonly string[],
): Promise<readonly Booking[]> {
  const { fields: of } = fields.opportunity;
  const quote = (of['quoteId'] ?? '').replace(/__c$/, '__r').replace(/Id$/, '');
  const known = new Map<string, Booking>();
  const add = async (field: string, values: Iterable<string | null | undefined>): Promise<void> => {
    for (const condition of conditionsOf(field, values))
      for (const booking of await readBookings(reader, fields, condition)) known.set(booking.id, booking);
  };
  // The org refuses a whole query for one that is no id.
  await add(
    'Id',
    ids.filter((id) => IS_ID.test(id)),
  );
  const changed = [...known.values()];
  await add(
    of['subscriptionId'] ?? '',
    changed.map((booking) => booking.subscriptionId),
  );
  await add(
    of['rampKey'] ?? '',
    changed.map((booking) => booking.rampKey),
  );
  await add(
    `${quote}.${fields.quote.fields['number'] ?? ''}`,
    changed.map((booking) => booking.quote?.number),
  );
  return [...known.values()];
}

/** That a field has one of these values, in as many conditions as their length needs. */
function conditionsOf(field: string, values: Iterable<string | null | undefined>): readonly string[] {
  const literals = [...new Set(values)].flatMap((value) => (value == null ? [] : [literal(value)]));
  const conditions: string[] = [];
  for (let from = 0; from < literals.length; from += IDS_TOGETHER)
    conditions.push(`${field} IN (${literals.slice(from, from + IDS_TOGETHER).join(',')})`);
  return conditions;
}

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

/**
 * What closed in a period, and the opportunities that somebody else names for it: with their product lines, and nothing else.
 * @throws SystemFault
 */
export async function readBooked(
  reader: BookingReader,
  fields: BookingFields,
  { firstDay, lastDay }: Pick<Period, 'firstDay' | 'lastDay'>,
  named: readonly string[],
): Promise<readonly Booking[]> {
  const closeDate = fields.opportunity.fields['closeDate'] ?? 'CloseDate';
  const { object } = fields.opportunity;
  const read = async (condition: string): Promise<readonly Booking[]> =>
    bookingsFrom({
      ...NO_ROWS,
      opportunity: await reader.opportunities(object, fieldsOf(fields, 'opportunity'), condition),
      line: await reader.belonging(wantedOf(fields, 'line'), { object, condition }),
    });
  const booked = [
    ...(await read(`IsClosed = true AND ${closeDate} >= ${firstDay} AND ${closeDate} <= ${lastDay}`)),
  ];
  const known = new Set(booked.map(({ id }) => id.slice(0, 15)));
  const others = named.filter((id) => IS_ID.test(id) && !known.has(id.slice(0, 15)));
  for (const condition of conditionsOf('Id', others)) booked.push(...(await read(condition)));
  return booked;
}

/** What closed in a period on a promised purchase order, with everything that belongs to it. @throws SystemFault */
export async function readPromised(
  reader: BookingReader,
  fields: BookingFields,
  { firstDay, lastDay }: Pick<Period, 'firstDay' | 'lastDay'>,
): Promise<readonly Booking[]> {
  const { object, fields: of } = fields.document;
  const opportunity = of['opportunityId'] ?? '';
  const closeDate = `${opportunity.replace(/__c$/, '__r').replace(/Id$/, '')}.${fields.opportunity.fields['closeDate'] ?? ''}`;
  const papers = await reader.opportunities(
    object,
    [opportunity],
    `${of['kind'] ?? ''} = ${literal(DOCUMENT_KINDS.poPromise)} AND ${closeDate} >= ${firstDay} AND ${closeDate} <= ${lastDay}`,
  );
  const bookings: Booking[] = [];
  for (const condition of conditionsOf(
    'Id',
    papers.map(([, id]) => id),
  ))
    bookings.push(...(await readBookings(reader, fields, condition)));
  return bookings;
}

const NO_ROWS: BookingRows = {
  opportunity: [],
  account: [],
  quote: [],
  subscription: [],
  line: [],
  document: [],
  submission: [],
  approval: [],
  split: [],
};

/** In the order of the columns, in which `bookingsFrom` reads them. */
const fieldsOf = (fields: BookingFields, record: BookingRecord): readonly string[] =>
  Object.keys(BOOKING_RECORDS[record]).map((column) => fields[record].fields[column] ?? column);
