import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { name, text } from '../domain/sql-text';

/** A row as text, in the order of its columns; empty where there is nothing. */
export type TextRow = readonly string[];

/** Bytes of a row at most: a Salesforce record with some of its longest texts. */
const LONGEST_ROW = 2_000_000;
/** What the tables may hold in memory; the rest lies on disk. */
const MEMORY = '384MB';

/**
 * Tables of text for one read of a system: more rows than memory holds, as CSV comes from it, looked at in parts, and kept as
 * Parquet. Gone once it is closed.
 */
export class RowTables {
  private constructor(
    readonly dir: string,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  static async open(): Promise<RowTables> {
    const dir = await mkdtemp(join(tmpdir(), 'daytwo-rows-'));
    const instance = await DuckDBInstance.create(join(dir, 'rows.duckdb'), {
      memory_limit: MEMORY,
      threads: '2',
      preserve_insertion_order: 'false',
      temp_directory: join(dir, 'spill'),
      // What is read is the files named here, nothing of the network.
      autoinstall_known_extensions: 'false',
    });
    const connection = await instance.connect();
    // Nothing of it is kept: there is no need to put its file in order at the end.
    await connection.run('PRAGMA disable_checkpoint_on_shutdown');
    return new RowTables(dir, instance, connection);
  }

  /** Takes the rows of CSV files, each with a header, as a table. @returns how many rows */
  async take(table: string, columns: readonly string[], files: readonly string[]): Promise<number> {
    await this.connection.run(tableOfCsv(table, columns, files));
    const [[count] = []] = await this.rows(`SELECT CAST(count(*) AS VARCHAR) FROM ${name(table)}`);
    return Number(count);
  }

  /** The rows that a query gives; all of its columns are text. Values are given apart from it. */
  async rows(sql: string, values: readonly string[] = []): Promise<TextRow[]> {
    const read = await this.connection.runAndReadAll(sql, [...values]);
    return read.getRows().map((row) => row.map((cell) => (typeof cell === 'string' ? cell : '')));
  }

  /** Makes a table of what a query gives. */
  async derive(table: string, sql: string): Promise<void> {
    await this.connection.run(`CREATE TABLE ${name(table)} AS ${sql}`);
  }

  /** Writes what a query gives as lines of JSON, in its order: by far the fastest way from here into JavaScript. */
  async write(sql: string, file: string): Promise<void> {
    await this.connection.run(`COPY (${sql}) TO ${text(file)} (FORMAT json)`);
  }

  /** Writes what a query gives as a Parquet file. */
  async keep(sql: string, file: string): Promise<void> {
    await this.connection.run(`COPY (${sql}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd)`);
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Makes a table of text out of CSV files with a header each; an empty one where there are none. */
export function tableOfCsv(table: string, columns: readonly string[], files: readonly string[]): string {
  if (files.length === 0)
    return `CREATE TABLE ${name(table)} (${columns.map((column) => `${name(column)} VARCHAR`).join(', ')})`;
  const types = columns.map((column) => `${text(column)}: 'VARCHAR'`).join(', ');
  return `CREATE TABLE ${name(table)} AS SELECT * FROM read_csv([${files.map(text).join(', ')}], columns = {${types}}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', parallel = false, max_line_size = ${LONGEST_ROW}, buffer_size = ${4 * LONGEST_ROW})`;
}
