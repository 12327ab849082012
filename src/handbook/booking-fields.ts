import { BOOKING_RECORDS, type BookingFields } from '../domain/close/booking-rows';
import type { Columns } from '../domain/close/columns';
import { ConfigFile } from './config-file';
import type { Problem } from './problem';
import { mapOf } from './shape-problems';
import { apiName } from './values';

export const BOOKING_FIELDS_FILE = 'booking-fields.yml';

/** Columns are written as all of `config/` is: `net_arr`. */
const written = (column: string): string => column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const recordShape = (columns: Columns) =>
  mapOf({
    object: apiName,
    fields: mapOf(Object.fromEntries(Object.keys(columns).map((column) => [written(column), apiName]))),
  });
const shape = mapOf(
  Object.fromEntries(
    Object.entries(BOOKING_RECORDS).map(([record, columns]) => [record, recordShape(columns)]),
  ),
);

/** Where the org keeps what the booking checks look at; null where there is no such file, or one with problems. */
export function readBookingFields(dir: string, present: boolean, problems: Problem[]): BookingFields | null {
  const said = present ? ConfigFile.read(dir, BOOKING_FIELDS_FILE, problems)?.shape(shape) : undefined;
  if (!said) return null;
  const fieldsOf = ([record, columns]: [string, Columns]) => {
    const { object = '', fields = {} } = said[record] ?? {};
    const named = Object.keys(columns).map((column) => [column, fields[written(column)] ?? '']);
    return [record, { object, fields: Object.fromEntries(named) as Record<string, string> }];
  };
  return Object.fromEntries(Object.entries(BOOKING_RECORDS).map(fieldsOf)) as BookingFields;
}
