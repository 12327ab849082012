import { text } from '../../sql-text';

/** How values stand in SQL, and pieces that several queries share. */

export { name, text } from '../../sql-text';

export const texts = (plain: readonly string[]): string =>
  plain.length === 0 ? `(NULL)` : `(${plain.map(text).join(', ')})`;

export const day = (date: string): string => `DATE ${text(date)}`;

const SMALL = 'abcdefghijklmnopqrstuvwxyz';

/** As `upper` of `../texts.ts`: A to Z alone. `upper` is ten times as quick as `translate`, and what it leaves as it is has none of a to z. */
export const upperSql = (sql: string): string =>
  `CASE WHEN ${sql} = upper(${sql}) THEN ${sql} ELSE translate(${sql}, '${SMALL}', '${SMALL.toUpperCase()}') END`;

/** One step of a plan: a table and the query that makes it. */
export interface Step {
  /** What it is for, in a line. */
  readonly about: string;
  readonly sql: string;
}

export const step = (about: string, sql: string): Step => ({
  about,
  sql: sql.replace(/\n\s*\n/g, '\n').trim(),
});
