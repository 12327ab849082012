import { join } from 'node:path';
import type { Booking } from '../domain/close/booking';
import {
  bookingsFrom,
  BOOKING_RECORDS,
  type BookingFields,
  type BookingRecord,
  type TextRow,
} from '../domain/close/booking-rows';
import { OthersGathering, type Others } from '../domain/close/others';
import type { Period } from '../domain/close/period';
import { PlacedRows } from '../evidence/placed-rows';
import { name } from '../domain/sql-text';
import { RowTables } from '../evidence/row-tables';
import { SystemFault } from '../systems/fault';
import { sideBySide } from '../systems/side-by-side';
import type { BookingReader, Hanging, Meant, WantedObject } from '../systems/salesforce/bookings';
import type { BulkFiles } from '../systems/salesforce/bulk-query';

/** What a close looks at: what closes in the period or later, and what is still open. */
export function conditionOf(
  { opportunity: { fields } }: BookingFields,
  { firstDay }: Pick<Period, 'firstDay'>,
): string {
  const closeDate = fields['closeDate'] ?? 'CloseDate';
  return `${closeDate} >= ${firstDay} OR ${closeDate} = null OR IsClosed = false`;
}

type HangingRecord = Exclude<BookingRecord, 'opportunity'>;
/** Where each record names its opportunity, or the opportunity names it. */
const NAMED_BY: Readonly<Record<HangingRecord, { own: string } | { opportunity: string }>> = {
  account: { opportunity: 'accountId' },
  quote: { opportunity: 'quoteId' },
  subscription: { opportunity: 'subscriptionId' },
  line: { own: 'opportunityId' },
  document: { own: 'opportunityId' },
  submission: { own: 'opportunityId' },
  approval: { own: 'opportunityId' },
  split: { own: 'opportunityId' },
};

/** Records that hang on an opportunity. */
const HANGING_RECORDS = Object.keys(NAMED_BY) as readonly HangingRecord[];

/** Records that lie ready for a part of the bookings, one table each. */
const RECORDS = Object.keys(BOOKING_RECORDS) as readonly BookingRecord[];
/** So many bookings are in memory at once. */
const PART = 250;
/** What the other opportunities of a subscription, ramp or quote are known by. */
const FOR_OTHERS: readonly BookingRecord[] = ['quote', 'submission'];
/** The opportunities in the order of their ids, each with its place in it. */
const PLACES = 'place';

/** Bookings that were read: more than memory holds, looked at part by part. */
export class ReadBookings {
  #inOrder: Promise<void> | undefined;

  constructor(
    private readonly tables: RowTables,
    readonly count: number,
  ) {}

  /** All of them, in parts. @param records which of their records are there besides the opportunity; the others are empty */
  async *parts(records: readonly BookingRecord[] = RECORDS): AsyncGenerator<readonly Booking[]> {
    this.#inOrder ??= this.#putInOrder();
    await this.#inOrder;
    const wanted = RECORDS.filter((record) => record === 'opportunity' || records.includes(record));
    const placed = new Map(wanted.map((record) => [record, new PlacedRows(this.#file(record))]));
    try {
      for (let to = PART; to < this.count + PART; to += PART) {
        const rows = {} as Record<BookingRecord, readonly TextRow[]>;
        for (const record of RECORDS) rows[record] = (await placed.get(record)?.upTo(to)) ?? [];
        yield bookingsFrom(rows);
      }
    } finally {
      for (const rows of placed.values()) await rows.close();
    }
  }

  /** Writes all rows of a record as a Parquet file. */
  keep(record: BookingRecord, file: string): Promise<void> {
    return this.tables.keep(`SELECT * FROM ${name(record)} ORDER BY id`, file);
  }

  /** What their rules look at of one another. */
  async others(): Promise<Others> {
    const others = new OthersGathering();
    for await (const part of this.parts(FOR_OTHERS)) for (const booking of part) others.add(booking);
    return others;
  }

  /** Puts the rows of every record in the order of their opportunities, so that they are gone through side by side, without a search. */
  async #putInOrder(): Promise<void> {
    await this.tables.derive(PLACES, 'SELECT row_number() OVER (ORDER BY id) AS place, * FROM opportunity');
    for (const record of RECORDS) await this.tables.write(placedOf(record), this.#file(record));
  }

  #file(record: BookingRecord): string {
    return join(this.tables.dir, `${record}.jsonl`);
  }
}

/** The rows of a record with the place of their opportunity; what belongs to several stands at each, what belongs to none nowhere. */
function placedOf(record: BookingRecord): string {
  const columns = ['id', ...Object.keys(BOOKING_RECORDS[record])].map((column) => `of.${name(column)}`);
  const by = record === 'opportunity' ? { own: 'id' } : NAMED_BY[record];
  const [own, theirs] = 'own' in by ? [by.own, 'id'] : ['id', by.opportunity];
  return `SELECT place, [${columns.join(', ')}] AS row FROM ${name(record)} AS of JOIN ${PLACES} AS one ON of.${name(own)} = one.${name(theirs)} ORDER BY place`;
}

/**
 * Reads bookings out of the org, and has them until the work is done.
 *
 * @param conditions one query an object for each; no booking fulfils two of them
 * @param records which of their records are read besides the opportunity; of the others there are none
 * @throws SystemFault
 */
export async function withBookings<T>(
  reader: BookingReader,
  fields: BookingFields,
  conditions: readonly string[],
  work: (read: ReadBookings) => Promise<T>,
  records: readonly BookingRecord[] = RECORDS,
): Promise<T> {
  return withTables(async (tables) => {
    const meant = conditions.map((condition) => ({ object: fields.opportunity.object, condition }));
    const download = (record: BookingRecord, of: Meant, name: string): Promise<BulkFiles> =>
      record === 'opportunity'
        ? reader.opportunities(fieldsOf(fields, record), of, tables.dir, name)
        : reader.belonging(wantedOf(fields, record), of, tables.dir, name);
    let count = 0;
    // One table at a time: more of them at once would need more memory than a whole period may.
    let taken: Promise<unknown> = Promise.resolve();
    await sideBySide(RECORDS, async (record) => {
      const isWanted = record === 'opportunity' || records.includes(record);
      const bulks: BulkFiles[] = [];
      for (const [at, of] of isWanted ? meant.entries() : [])
        bulks.push(await download(record, of, `${record}-${at}`));
      const taking = taken.then(() => take(tables, record, bulks));
      taken = taking;
      const rows = await taking;
      if (record === 'opportunity') count = rows;
    });
    return work(new ReadBookings(tables, count));
  });
}

/** Takes what was downloaded of a record as its table. @returns how many rows @throws SystemFault where some are missing */
async function take(tables: RowTables, record: BookingRecord, bulks: readonly BulkFiles[]): Promise<number> {
  const columns = ['id', ...Object.keys(BOOKING_RECORDS[record])];
  const files = bulks.flatMap((bulk) => bulk.files);
  const count = await tables.take(record, columns, files);
  const said = bulks.reduce<number | null>(
    (sum, { rows }) => (sum === null || rows === null ? null : sum + rows),
    0,
  );
  if (said !== null && count !== said)
    throw new SystemFault('salesforce', 'rows-missing', true, 'a bulk query gave other rows than it found');
  return count;
}

/** Tables for as long as the work takes. */
export async function withTables<T>(work: (tables: RowTables) => Promise<T>): Promise<T> {
  const tables = await RowTables.open();
  try {
    return await work(tables);
  } finally {
    await tables.close();
  }
}

const wantedOf = (fields: BookingFields, record: HangingRecord): WantedObject => ({
  ...hangingOf(fields, record),
  fields: fieldsOf(fields, record),
});

function hangingOf(fields: BookingFields, record: HangingRecord): Hanging {
  const by = NAMED_BY[record];
  return {
    object: fields[record].object,
    by:
      'own' in by
        ? { own: fields[record].fields[by.own] ?? by.own }
        : { opportunity: fields.opportunity.fields[by.opportunity] ?? by.opportunity },
  };
}

/** Every object of which rows hang on an opportunity. */
export const hangingObjects = (fields: BookingFields): readonly Hanging[] =>
  HANGING_RECORDS.map((record) => hangingOf(fields, record));

/** In the order of the columns, in which `bookingsFrom` reads them. */
const fieldsOf = (fields: BookingFields, record: BookingRecord): readonly string[] =>
  Object.keys(BOOKING_RECORDS[record]).map((column) => fields[record].fields[column] ?? column);
