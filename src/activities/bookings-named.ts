import { DOCUMENT_KINDS, type Booking } from '../domain/close/booking';
import type { BookingFields } from '../domain/close/booking-rows';
import { bookedAmounts } from '../domain/close/booked-amounts';
import type { Period } from '../domain/close/period';
import { longId } from '../domain/close/record-id';
import type { Amount } from '../domain/close/reconcile';
import type { BookingReader } from '../systems/salesforce/bookings';
import { literal } from '../systems/salesforce/soql';
import { withBookings, withTables, type ReadBookings } from './bookings';

/** An org takes a query of 100,000 characters: so many ids stay below. */
const IDS_TOGETHER = 4_000;

/** That the id is one of these, in as many conditions as their length needs; the org refuses a whole query for one that is no id. */
export function idConditions(ids: readonly string[]): readonly string[] {
  const literals = [...new Set(ids.flatMap((id) => longId(id) ?? []))].map(literal);
  const conditions: string[] = [];
  for (let from = 0; from < literals.length; from += IDS_TOGETHER)
    conditions.push(`Id IN (${literals.slice(from, from + IDS_TOGETHER).join(',')})`);
  return conditions;
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
  const take = async (found: ReadBookings): Promise<void> => {
    for await (const part of found.parts(['line'])) amounts.push(...bookedAmounts(part));
  };
  const read = (conditions: readonly string[]): Promise<void> =>
    withBookings(reader, fields, conditions, take, ['line']);
  await read([`IsClosed = true AND ${closeDate} >= ${firstDay} AND ${closeDate} <= ${lastDay}`]);
  const known = new Set(amounts.map(({ opportunity }) => opportunity));
  const others = idConditions(named.filter((id) => !known.has(longId(id) ?? id)));
  if (others.length > 0) await read(others);
  return amounts;
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
  const condition = `${of['kind'] ?? ''} = ${literal(DOCUMENT_KINDS.poPromise)} AND ${closeDate} >= ${firstDay} AND ${closeDate} <= ${lastDay}`;
  const ids = await withTables(async (tables) => {
    const papers = await reader.opportunities([opportunity], { object, condition }, tables.dir, 'paper');
    await tables.take('paper', ['id', 'opportunityId'], papers.files);
    return (await tables.rows('SELECT DISTINCT "opportunityId" FROM paper')).flatMap(([id]) => id ?? []);
  });
  return withBookings(reader, fields, idConditions(ids), allOf);
}

async function allOf(read: ReadBookings): Promise<readonly Booking[]> {
  const bookings: Booking[] = [];
  for await (const part of read.parts()) bookings.push(...part);
  return bookings;
}
