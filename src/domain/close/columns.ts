/** What a record of the CRM may say, column by column. Nothing is certain to be there: every value may be absent. */

/** A day of the calendar, `YYYY-MM-DD`, without a zone. */
export type Day = string;
/** An instant, ISO 8601 in UTC: `2026-05-01T06:59:59.000Z`. */
export type Instant = string;

/**
 * How a column is read. Amounts are whole cents and percentages whole hundredths, as `number`: exact up to ninety trillion
 * dollars, and unlike `bigint` they go through JSON. Never fractions: 0.1 + 0.2 isn't 0.3.
 */
export type ColumnKind = 'text' | 'cents' | 'hundredths' | 'whole' | 'day' | 'instant' | 'flag';
export type Columns = Readonly<Record<string, ColumnKind>>;

interface ValueOf {
  readonly text: string;
  readonly cents: number;
  readonly hundredths: number;
  readonly whole: number;
  readonly day: Day;
  readonly instant: Instant;
  readonly flag: boolean;
}
export type RecordOf<C extends Columns> = { readonly id: string } & {
  readonly [K in keyof C]: ValueOf[C[K]] | null;
};
