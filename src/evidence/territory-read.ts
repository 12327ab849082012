import { name, text } from '../domain/sql-text';
import { tableOfCsv } from './row-tables';
import { TerritorySession } from './territory-session';

/**
 * The accounts of a night as the org told them, texts in the columns of `readColumns`: what changes since is put into it. Only the last
 * night has it.
 */
export const READ_FILE = 'read.parquet';

/** Accounts that were read: CSV files with a header each, or a read that `mergeRead` made. Columns of `readColumns`, in their order. */
export type NightRows = { readonly csv: readonly string[] } | { readonly merged: string };

/** The table `raw` of what was read. */
export const rawTable = (rows: NightRows, columns: readonly string[]): string =>
  'csv' in rows
    ? tableOfCsv('raw', columns, rows.csv)
    : `CREATE TABLE raw AS SELECT ${list(columns)} FROM ${text(rows.merged)}`;

const list = (columns: readonly string[]): string => columns.map(name).join(', ');

/** Keeps a table or view of accounts as the org told them. */
export const keepRead = (from: string, columns: readonly string[], file: string): string =>
  `COPY (SELECT ${list(columns)} FROM ${from}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd)`;

/** What came of putting changes into a read. */
export interface MergedRead {
  readonly accounts: number;
  /** Rows that were taken, and of these the deleted ones. */
  readonly rows: number;
  readonly gone: number;
}

export interface Merging {
  readonly columns: readonly string[];
  /** The read that is kept. */
  readonly kept: string;
  /** What changed since, as CSV: the same columns, then whether it was deleted. */
  readonly csv: readonly string[];
  /** The file that is made. */
  readonly to: string;
  /** A folder for what memory doesn't hold. */
  readonly dir: string;
}

/** Puts what changed into a read: who is told anew takes the place of who was there, and who was deleted is gone. */
export async function mergeRead({ columns, kept, csv, to, dir }: Merging): Promise<MergedRead> {
  const session = await TerritorySession.open(dir);
  try {
    await session.run(
      tableOfCsv('news', [...columns, 'is_deleted'], csv),
      `CREATE VIEW merged AS SELECT ${list(columns)} FROM ${text(kept)} WHERE id NOT IN (SELECT id FROM news)
UNION ALL SELECT ${list(columns)} FROM news WHERE is_deleted IS DISTINCT FROM 'true'`,
      keepRead('merged', columns, to),
    );
    const count = (of: string): Promise<number> => session.number(`SELECT count(DISTINCT id) FROM ${of}`);
    return {
      accounts: await count(text(to)),
      rows: await session.number('SELECT count(*) FROM news'),
      gone: await count("news WHERE is_deleted = 'true'"),
    };
  } finally {
    await session.close();
  }
}
