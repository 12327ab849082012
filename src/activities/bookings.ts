import { DOCUMENT_KINDS, type Booking } from '../domain/close/booking';
import {
  bookingsFrom,
  BOOKING_RECORDS,
  type BookingFields,
  type BookingRecord,
  type TextRow,
} from '../domain/close/booking-rows';
import { OthersGathering, type Others } from '../domain/close/others';
import { bookedAmounts } from '../domain/close/booked-amounts';
import type { Period } from '../domain/close/period';
import type { Amount } from '../domain/close/reconcile';
import { name, RowTables } from '../evidence/row-tables';
import { SystemFault } from '../systems/fault';
import type { BookingReader, WantedObject } from '../systems/salesforce/bookings';
import type { BulkFiles } from '../systems/salesforce/bulk-query';
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
  const add = async (...conditions: readonly string[]): Promise<void> => {
    for (const condition of conditions)
      await withBookings(reader, fields, condition, async (read) => {
        for await (const part of read.parts()) for (const booking of part) known.set(booking.id, booking);
      });
  };
  // The org refuses a whole query for one that is no id.
  await add(
    ...conditionsOf(
      'Id',
      ids.filter((id) => IS_ID.test(id)),
    ),
  );
  const changed = [...known.values()];
  const kin: readonly (readonly [field: string, value: (booking: Booking) => string | null | undefined])[] = [
    [of['subscriptionId'] ?? '', ({ subscriptionId }) => subscriptionId],
    [of['rampKey'] ?? '', ({ rampKey }) => rampKey],
    [`${quote}.${fields.quote.fields['number'] ?? ''}`, ({ quote: of }) => of?.number],
  ];
  for (let from = 0; from < changed.length; from += IDS_TOGETHER / kin.length) {
    const some = changed.slice(from, from + IDS_TOGETHER / kin.length);
    const or = kin.flatMap(([field, value]) => conditionsOf(field, some.map(value)));
    if (or.length > 0) await add(or.join(' OR '));
  }
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

/** Records that lie ready for a part of the bookings, one table each. */
const RECORDS = Object.keys(BOOKING_RECORDS) as readonly BookingRecord[];
/** So many bookings are in memory at once. */
const PART = 5_000;
/** What the other opportunities of a subscription, ramp or quote are known by. */
const FOR_OTHERS: readonly BookingRecord[] = ['quote', 'submission'];

/** Bookings that were read: more than memory holds, looked at part by part. */
export class ReadBookings {
  constructor(
    private readonly tables: RowTables,
    readonly count: number,
  ) {}

  /** All of them, in parts. @param records which of their records are there besides the opportunity; the others are empty */
  async *parts(records: readonly BookingRecord[] = RECORDS): AsyncGenerator<readonly Booking[]> {
    const ids = (await this.tables.rows('SELECT id FROM opportunity ORDER BY id')).map(([id = '']) => id);
    for (let from = 0; from < ids.length; from += PART) {
      const bounds = [ids[from] ?? '', ids[Math.min(from + PART, ids.length) - 1] ?? ''];
      const rows = {} as Record<BookingRecord, readonly TextRow[]>;
      for (const record of RECORDS)
        rows[record] =
          record === 'opportunity' || records.includes(record)
            ? await this.tables.rows(partOf(record), bounds)
            : [];
      yield bookingsFrom(rows);
    }
  }

  /** What their rules look at of one another. */
  async others(): Promise<Others> {
    const others = new OthersGathering();
    for await (const part of this.parts(FOR_OTHERS)) for (const booking of part) others.add(booking);
    return others;
  }
}

/** The rows of a record for the bookings from an id to another. */
function partOf(record: BookingRecord): string {
  const columns = ['id', ...Object.keys(BOOKING_RECORDS[record])].map(name).join(', ');
  const select = `SELECT ${columns} FROM ${name(record)}`;
  if (record === 'opportunity') return `${select} WHERE id BETWEEN $1 AND $2`;
  const by = NAMED_BY[record];
  return 'own' in by
    ? `${select} WHERE ${name(by.own)} BETWEEN $1 AND $2`
    : `${select} WHERE id IN (SELECT ${name(by.opportunity)} FROM opportunity WHERE id BETWEEN $1 AND $2)`;
}

/**
 * Reads bookings out of the org, one query an object, and has them until the work is done.
 * @param records which of their records are read besides the opportunity
 * @throws SystemFault
 */
export async function withBookings<T>(
  reader: BookingReader,
  fields: BookingFields,
  condition: string,
  work: (read: ReadBookings) => Promise<T>,
  records: readonly BookingRecord[] = RECORDS,
): Promise<T> {
  const tables = await RowTables.open();
  try {
    const meant = { object: fields.opportunity.object, condition };
    const take = async (record: BookingRecord, orderBy: string, bulk: BulkFiles): Promise<number> => {
      const columns = ['id', ...Object.keys(BOOKING_RECORDS[record])];
      const count = await tables.take(record, columns, bulk.files, orderBy);
      if (bulk.rows !== null && count !== bulk.rows)
        throw new SystemFault(
          'salesforce',
          'rows-missing',
          true,
          'a bulk query gave other rows than it found',
        );
      return count;
    };
    const { dir } = tables;
    const count = await take(
      'opportunity',
      'id',
      await reader.opportunities(fieldsOf(fields, 'opportunity'), meant, dir),
    );
    for (const record of Object.keys(NAMED_BY) as Exclude<BookingRecord, 'opportunity'>[]) {
      if (!records.includes(record)) continue;
      const by = NAMED_BY[record];
      const bulk = await reader.belonging(wantedOf(fields, record), meant, dir, record);
      await take(record, 'own' in by ? by.own : 'id', bulk);
    }
    return await work(new ReadBookings(tables, count));
  } finally {
    await tables.close();
  }
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
 * What closed as won in a period, and of the opportunities that somebody else names for it, by its product lines. Nothing else of them is
 * read. @throws SystemFault
 */
export async function readBooked(
  reader: BookingReader,
  fields: BookingFields,
  { firstDay, lastDay }: Pick<Period, 'firstDay' | 'lastDay'>,
  named: readonly string[],
): Promise<readonly Amount[]> {
  const closeDate = fields.opportunity.fields['closeDate'] ?? 'CloseDate';
  const amounts: Amount[] = [];
  const read = (condition: string): Promise<void> =>
    withBookings(
      reader,
      fields,
      condition,
      async (found) => {
        for await (const part of found.parts(['line'])) amounts.push(...bookedAmounts(part));
      },
      ['line'],
    );
  await read(`IsClosed = true AND ${closeDate} >= ${firstDay} AND ${closeDate} <= ${lastDay}`);
  const known = new Set(amounts.map(({ opportunity }) => opportunity.slice(0, 15)));
  const others = named.filter((id) => IS_ID.test(id) && !known.has(id.slice(0, 15)));
  for (const condition of conditionsOf('Id', others)) await read(condition);
  return amounts;
}

/** What closed in a period on a promised purchase order, with everything that belongs to it. @throws SystemFault */
export async function readPromised(
  reader: BookingReader,
  fields: BookingFields,
  period: Pick<Period, 'firstDay' | 'lastDay'>,
): Promise<readonly Booking[]> {
  const bookings: Booking[] = [];
  for (const condition of conditionsOf('Id', await promisedIn(reader, fields, period)))
    await withBookings(reader, fields, condition, async (read) => {
      for await (const part of read.parts()) bookings.push(...part);
    });
  return bookings;
}

/** Ids of opportunities of a period of which a paper promises a purchase order. */
async function promisedIn(
  reader: BookingReader,
  fields: BookingFields,
  { firstDay, lastDay }: Pick<Period, 'firstDay' | 'lastDay'>,
): Promise<readonly string[]> {
  const { object, fields: of } = fields.document;
  const opportunity = of['opportunityId'] ?? '';
  const closeDate = `${opportunity.replace(/__c$/, '__r').replace(/Id$/, '')}.${fields.opportunity.fields['closeDate'] ?? ''}`;
  const condition = `${of['kind'] ?? ''} = ${literal(DOCUMENT_KINDS.poPromise)} AND ${closeDate} >= ${firstDay} AND ${closeDate} <= ${lastDay}`;
  const tables = await RowTables.open();
  try {
    const { files } = await reader.opportunities([opportunity], { object, condition }, tables.dir);
    await tables.take('promise', ['id', 'opportunity'], files, 'id');
    return (await tables.rows('SELECT DISTINCT opportunity FROM promise')).map(([id = '']) => id);
  } finally {
    await tables.close();
  }
}

/** In the order of the columns, in which `bookingsFrom` reads them. */
const fieldsOf = (fields: BookingFields, record: BookingRecord): readonly string[] =>
  Object.keys(BOOKING_RECORDS[record]).map((column) => fields[record].fields[column] ?? column);
