import { isCalendarDate } from '../dates';
import {
  ACCOUNT,
  APPROVAL,
  DOCUMENT,
  LINE,
  OPPORTUNITY,
  QUOTE,
  SPLIT,
  SUBMISSION,
  SUBSCRIPTION,
  type Account,
  type Approval,
  type Booking,
  type Document,
  type Line,
  type Opportunity,
  type Quote,
  type Split,
  type Submission,
  type Subscription,
} from './booking';
import type { ColumnKind, Columns, Instant } from './columns';

/** Bookings from the rows of the CRM, as text. What can't be read is absent and named; it never becomes another value. */

export const BOOKING_RECORDS = {
  opportunity: OPPORTUNITY,
  account: ACCOUNT,
  quote: QUOTE,
  subscription: SUBSCRIPTION,
  line: LINE,
  document: DOCUMENT,
  submission: SUBMISSION,
  approval: APPROVAL,
  split: SPLIT,
} as const satisfies Record<string, Columns>;
export type BookingRecord = keyof typeof BOOKING_RECORDS;

/** Which object of the org each record is, and which field each column. */
export type BookingFields = Readonly<
  Record<BookingRecord, { readonly object: string; readonly fields: Readonly<Record<string, string>> }>
>;

/** A row as text: its id, then the columns in the order of the record; empty or null where there is nothing. */
export type TextRow = readonly (string | null)[];
export type BookingRows = Readonly<Record<BookingRecord, Iterable<TextRow>>>;

/** Puts rows together to bookings; a row of nobody's opportunity is left out. */
export function bookingsFrom(rows: BookingRows): readonly Booking[] {
  // By the id of the record: which of its columns couldn't be read.
  const unreadable = new Map<string, string[]>();
  const all = <T>(record: BookingRecord): T[] => {
    const read = readerOf(record, unreadable);
    return Array.from(rows[record], (row) => read(row) as T);
  };
  const byId = <T extends { readonly id: string }>(list: readonly T[]) =>
    new Map(list.map((one) => [one.id, one]));
  const accounts = byId(all<Account>('account'));
  const quotes = byId(all<Quote>('quote'));
  const subscriptions = byId(all<Subscription>('subscription'));
  const lines = byOpportunity(all<Line>('line'), byIds);
  const documents = byOpportunity(all<Document>('document'), byIds);
  const submissions = byOpportunity(all<Submission>('submission'), inOrder);
  const approvals = byOpportunity(all<Approval>('approval'), inOrder);
  const splits = byOpportunity(all<Split>('split'), byIds);
  const bookings = all<Writable<Booking>>('opportunity');
  for (const booking of bookings) {
    const { id } = booking;
    booking.account = found(accounts, booking.accountId);
    booking.quote = found(quotes, booking.quoteId);
    booking.subscription = found(subscriptions, booking.subscriptionId);
    booking.lines = lines.get(id) ?? [];
    booking.documents = documents.get(id) ?? [];
    booking.submissions = submissions.get(id) ?? [];
    booking.approvals = approvals.get(id) ?? [];
    booking.splits = splits.get(id) ?? [];
    if (unreadable.size > 0) booking.unreadable = unreadableOf(booking, unreadable);
  }
  return bookings;
}

function unreadableOf(booking: Booking, unreadable: ReadonlyMap<string, readonly string[]>): string[] {
  const { account, quote, subscription, lines, documents, submissions, approvals, splits } = booking;
  const parts = [account, quote, subscription, lines, documents, submissions, approvals, splits].flat();
  return [booking, ...parts].flatMap((part) => unreadable.get(part?.id ?? '') ?? []);
}

const found = <T>(map: ReadonlyMap<string, T>, id: string | null): T | null =>
  id === null ? null : (map.get(id) ?? null);

/** A system tells rows in any order: the same rows are the same booking. */
const byIds = (a: { readonly id: string }, b: { readonly id: string }): number => compare(a.id, b.id);
interface Stamped {
  readonly at: Instant | null;
  readonly id: string;
}
const inOrder = (a: Stamped, b: Stamped): number => compare(a.at ?? '', b.at ?? '') || byIds(a, b);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byOpportunity<T extends { readonly opportunityId: string | null }>(
  list: readonly T[],
  order: (a: T, b: T) => number,
): Map<string, T[]> {
  const by = new Map<string, T[]>();
  for (const one of list) {
    if (one.opportunityId === null) continue;
    const there = by.get(one.opportunityId);
    if (there) there.push(one);
    else by.set(one.opportunityId, [one]);
  }
  for (const together of by.values()) if (together.length > 1) together.sort(order);
  return by;
}

type Value = string | number | boolean | null;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An opportunity on which nothing hangs. */
const BARE: Omit<Booking, keyof Opportunity> = {
  account: null,
  quote: null,
  subscription: null,
  lines: [],
  documents: [],
  submissions: [],
  approvals: [],
  splits: [],
  unreadable: [],
};

/**
 * Reads the rows of a record: the first text is its id, the others its columns in order. What it makes has every key from its beginning:
 * a key at a time, an object of so many is made ten times as slowly, and read slowly ever after.
 */
function readerOf(record: BookingRecord, unreadable: Map<string, string[]>): (row: TextRow) => object {
  const columns = Object.entries(BOOKING_RECORDS[record]) as [string, ColumnKind][];
  const names = columns.map(([name]) => name);
  const reads = columns.map(([, kind]) => READ[kind]);
  const blank: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(['id', ...names].map((name) => [name, null])),
    ...(record === 'opportunity' ? BARE : {}),
  };
  return (row) => {
    const made: Record<string, unknown> = { ...blank };
    const id = row[0] ?? '';
    made['id'] = id;
    names.forEach((name, at) => {
      const text = row[at + 1] ?? '';
      if (text === '') return;
      const value = reads[at]?.(text);
      if (value === undefined) unreadable.set(id, [...(unreadable.get(id) ?? []), `${record}.${name}`]);
      else made[name] = value;
    });
    return made;
  };
}

/** Reads a text as a kind of value; undefined where it is none. */
export const READ: Readonly<Record<ColumnKind, (text: string) => Value | undefined>> = {
  text: (text) => text,
  cents: (text) => shifted(text, 2),
  hundredths: (text) => shifted(text, 2),
  whole: (text) => shifted(text, 0),
  day: (text) => (isCalendarDate(text) ? text : undefined),
  instant: (text) => {
    if (!UTC.test(text)) return undefined;
    const at = Date.parse(text.replace('+0000', 'Z'));
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  },
  flag: (text) => FLAGS[text.toLowerCase()],
};

const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:?00)$/;
const FLAGS: Partial<Record<string, boolean>> = { true: true, false: false, yes: true, no: false };
/** A number in full, or as Salesforce writes large ones: `1.25E7`. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:E(-?\d{1,2}))?$/i;

/** A decimal text times a power of ten as a whole number, digit by digit: undefined where something would be lost. */
function shifted(text: string, places: number): number | undefined {
  const [match, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (match === undefined) return undefined;
  const keep = places + Number(power);
  const digits = whole + fraction.padEnd(Math.max(0, keep), '0');
  const end = whole.length + keep;
  if (/[1-9]/.test(digits.slice(Math.max(0, end)))) return undefined;
  const value = Number(`${sign}${digits.slice(0, Math.max(0, end)) || '0'}`);
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}
