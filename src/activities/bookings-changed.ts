import { DOCUMENT_KINDS, NEW_BUSINESS, NEW_SUBSCRIPTION, SELF_MANAGED, STAGE } from '../domain/close/booking';
import type { BookingFields } from '../domain/close/booking-rows';
import type { Period } from '../domain/close/period';
import { longId } from '../domain/close/record-id';
import type { Span, TurnedDays } from '../domain/close/turning';
import { addDays } from '../domain/dates';
import type { BookingReader } from '../systems/salesforce/bookings';
import { TooMany, type BookingSearch } from '../systems/salesforce/booking-search';
import { literal } from '../systems/salesforce/soql';
import { conditionOf, hangingObjects, withBookings, type ReadBookings } from './bookings';
import { idConditions } from './bookings-named';

/** A look over changes is made for this many bookings; where more changed, a whole look costs less. */
const MOST = 20_000;

/** The org's own stamps, and where an org keeps what a look over changes asks for. */
export interface BookingChanges {
  readonly reader: BookingReader;
  readonly search: BookingSearch;
  readonly fields: BookingFields;
  readonly period: Period;
}

/** Ids of opportunities that changed since an instant, or on which something hangs that did. @throws TooMany */
export async function changedSince(changes: BookingChanges, since: string): Promise<readonly string[]> {
  const { search, fields, period } = changes;
  const meant = { object: fields.opportunity.object, condition: conditionOf(fields, period) };
  const ids = await search.changedSince(since, meant, hangingObjects(fields), MOST);
  if (ids.length > MOST) throw new TooMany();
  return ids;
}

/** Ids of opportunities of which a rule may say something else though nothing of theirs changed. */
export async function turned(
  { search, fields, period }: BookingChanges,
  days: TurnedDays,
): Promise<readonly string[]> {
  const { object, fields: of } = fields.opportunity;
  const field = (column: string): string => of[column] ?? column;
  const within = (name: string, spans: readonly Span[]): string =>
    spans
      .filter(({ from, before }) => from < before)
      .map(({ from, before }) => `(${name} >= ${from} AND ${name} < ${before})`)
      .join(' OR ');
  const both = (one: string, other: string): readonly string[] =>
    other === '' ? [] : [`${one} AND (${other})`];
  const { fields: paper } = fields.document;
  const promised = within(paper['addedAt'] ?? '', days.promised.map(asInstants));
  const meant = conditionOf(fields, period);
  const ids = await search.where(object, [
    ...both('IsClosed = false', within(field('closeDate'), days.overdue)),
    ...both(
      `IsClosed = false AND ${field('type')} = ${literal(NEW_BUSINESS)}`,
      within(field('movedOn'), days.rested),
    ),
    ...both(
      `${field('stage')} = ${literal(STAGE.won)} AND ${field('delivery')} = ${literal(SELF_MANAGED)} AND ${field('licenceDeliveredOn')} = null`,
      within(field('closeDate'), days.undelivered),
    ),
    ...both(
      `${field('stage')} = ${literal(STAGE.closing)}`,
      within(ofQuote(fields, 'startDate'), days.started),
    ),
    ...both(`${paper['kind'] ?? ''} = ${literal(DOCUMENT_KINDS.poPromise)}`, promised).map(
      (said) =>
        `Id IN (SELECT ${paper['opportunityId'] ?? ''} FROM ${fields.document.object} WHERE ${said}) AND (${meant})`,
    ),
    // Whether the first renewal is reversed stands in another opportunity, which may have moved to a third.
    `${field('type')} = 'Renewal' AND ${ofQuote(fields, 'kind')} = ${literal(NEW_SUBSCRIPTION)} AND (${meant})`,
  ]);
  // Ramps whose first year went elsewhere.
  const [key, year] = [field('rampKey'), field('rampYear')];
  const headless = await search.groups(
    `SELECT ${key} FROM ${object} WHERE ${key} != null AND (${meant}) GROUP BY ${key} HAVING MIN(${year}) > 1`,
    key,
  );
  return [...ids, ...(await search.having(object, [{ field: key, values: headless }]))];
}

/**
 * Reads these opportunities and what belongs together with them: the others of a subscription, a ramp or a quote. Those are judged, too,
 * since a rule may find another verdict for what didn't change itself; and what belongs to them is read, so that none is judged without
 * the others that its rules look at.
 *
 * @param work what of it to judge; some of them may be gone
 * @throws TooMany
 */
export async function withChanged<T>(
  changes: BookingChanges,
  ids: readonly string[],
  work: (read: ReadBookings, toJudge: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const { reader, fields, period } = changes;
  const named = new Set(ids.flatMap((id) => longId(id) ?? []));
  const toJudge = await withKin(changes, named, named);
  const read = await withKin(changes, toJudge, new Set([...toJudge].filter((id) => !named.has(id))));
  const meant = conditionOf(fields, period);
  const conditions = idConditions([...read].sort()).map((one) => `${one} AND (${meant})`);
  return withBookings(reader, fields, conditions, (found) => work(found, toJudge));
}

/** All of these, and what belongs together with some of them. */
async function withKin(
  { search, fields }: BookingChanges,
  all: ReadonlySet<string>,
  of: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  if (of.size === 0) return all;
  const { object, fields: own } = fields.opportunity;
  const by = [own['subscriptionId'] ?? '', own['rampKey'] ?? '', ofQuote(fields, 'number')];
  const values = await search.valuesOf(object, [...of], by);
  const kin = await search.having(
    object,
    by.map((field) => ({ field, values: values.get(field) ?? [] })),
  );
  const together = new Set([...all, ...kin]);
  if (together.size > MOST) throw new TooMany();
  return together;
}

/** At what instants these days may be, in whatever zone. */
const asInstants = ({ from, before }: Span): Span => ({
  from: `${addDays(from, -1)}T00:00:00Z`,
  before: `${addDays(before, 1)}T00:00:00Z`,
});

/** A field of the quote, by the path from the opportunity. */
const ofQuote = (fields: BookingFields, column: string): string => {
  const quote = (fields.opportunity.fields['quoteId'] ?? '').replace(/__c$/, '__r').replace(/Id$/, '');
  return `${quote}.${fields.quote.fields[column] ?? column}`;
};
