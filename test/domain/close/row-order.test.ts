import fc from 'fast-check';
import { BOOKING_RECORDS, bookingsFrom, type BookingRecord } from '../../../src/domain/close/booking-rows';
import { foundIn } from '../../../src/domain/close/findings';
import { makeBookings } from '../../../src/sandbox/salesforce/bookings';
import { partsOf } from '../../../src/sandbox/salesforce/bookings/store';
import { SANDBOX_FIELDS } from '../../../src/sandbox/salesforce/objects-bookings';
import { closeOf, SCENE } from './scene';

type Rows = Record<BookingRecord, string[][]>;
const RECORDS = Object.keys(BOOKING_RECORDS) as BookingRecord[];

/** The rows of bookings, as an org tells them in text. */
function rowsOf(count: number): Rows {
  const parts = makeBookings(SCENE, count, 11).bookings.flatMap(partsOf);
  const rows = {} as Rows;
  for (const record of RECORDS) {
    const { object, fields } = SANDBOX_FIELDS[record];
    const names = Object.keys(BOOKING_RECORDS[record]).map((column) => fields[column] ?? column);
    rows[record] = parts
      .filter((part) => part.object === object)
      .map(({ id, values }) => [id, ...names.map((name) => `${values[name] ?? ''}`)]);
  }
  return rows;
}

it('an org tells rows in any order: the same are found, over the same inputs', () => {
  const rows = rowsOf(300);
  const found = (of: Rows) => {
    const bookings = bookingsFrom(of);
    const close = closeOf(bookings);
    return bookings
      .flatMap((booking) => foundIn(booking, close))
      .map((one) => JSON.stringify(one))
      .sort();
  };
  const first = found(rows);
  expect(first.length).toBeGreaterThan(50);
  const shuffled = fc
    .tuple(...RECORDS.map((record) => fc.shuffledSubarray(rows[record], { minLength: rows[record].length })))
    .map((all) => Object.fromEntries(RECORDS.map((record, at) => [record, all[at]])) as Rows);
  fc.assert(
    fc.property(shuffled, (some) => {
      expect(found(some)).toEqual(first);
    }),
    { numRuns: 5 },
  );
});
