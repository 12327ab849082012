import Database from 'libsql';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The sandbox's whole state: typed tables in memory, each write journalled to SQLite before the request that
 * made it is answered. A `kill -9` loses at most what nobody was told of.
 */
export class World {
  readonly #db: Database.Database;
  readonly #tables = new Map<string, Table<unknown>>();
  #open = false;

  private constructor(db: Database.Database) {
    this.#db = db;
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS docs (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
    `);
  }

  /** Opens (or makes) the state below `dir`. */
  static open(dir: string): World {
    mkdirSync(dir, { recursive: true });
    return new World(new Database(join(dir, 'sandbox.db')));
  }

  /** A table by its name; the same object every time. Rows are plain JSON and are treated as immutable. */
  table<T>(kind: string): Table<T> {
    const known = this.#tables.get(kind);
    if (known) return known as Table<T>;
    const rows = new Map<string, T>();
    const stored = this.#db.prepare('SELECT id, json FROM docs WHERE kind = ?').all(kind) as {
      id: string;
      json: string;
    }[];
    for (const row of stored) rows.set(row.id, JSON.parse(row.json) as T);
    const table = new Table<T>(rows, (id, value) => this.#write(kind, id, value));
    this.#tables.set(kind, table as Table<unknown>);
    return table;
  }

  /** Every row of a table with its id. */
  entries(kind: string): [string, unknown][] {
    return this.table<unknown>(kind).entries();
  }

  /** The next number of a named sequence, from 1; survives a restart. */
  next(sequence: string): number {
    const numbers = this.table<number>('sequence');
    const value = (numbers.get(sequence) ?? 0) + 1;
    numbers.put(sequence, value);
    return value;
  }

  /** Writes everything since the last commit to disk, in one transaction. Called before each answer. */
  commit(): void {
    if (!this.#open) return;
    this.#db.exec('COMMIT');
    this.#open = false;
  }

  /** Forgets everything: back to an empty world (the caller seeds it again). */
  clear(): void {
    for (const table of this.#tables.values()) table.forgetAll();
    this.commit();
    this.#db.exec('DELETE FROM docs');
  }

  close(): void {
    this.commit();
    this.#db.close();
  }

  #write(kind: string, id: string, value: unknown): void {
    if (!this.#open) {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#open = true;
    }
    if (value === undefined) this.#db.prepare('DELETE FROM docs WHERE kind = ? AND id = ?').run(kind, id);
    else
      this.#db
        .prepare('INSERT OR REPLACE INTO docs (kind, id, json) VALUES (?, ?, ?)')
        .run(kind, id, JSON.stringify(value));
  }
}

/** One kind of row, kept in insertion order. */
export class Table<T> {
  readonly #rows: Map<string, T>;
  readonly #write: (id: string, value: T | undefined) => void;

  constructor(rows: Map<string, T>, write: (id: string, value: T | undefined) => void) {
    this.#rows = rows;
    this.#write = write;
  }

  get size(): number {
    return this.#rows.size;
  }
  get(id: string | number): T | undefined {
    return this.#rows.get(String(id));
  }
  put(id: string | number, value: T): T {
    this.#rows.set(String(id), value);
    this.#write(String(id), value);
    return value;
  }
  delete(id: string | number): void {
    if (this.#rows.delete(String(id))) this.#write(String(id), undefined);
  }
  values(): T[] {
    return [...this.#rows.values()];
  }
  entries(): [string, T][] {
    return [...this.#rows];
  }
  find(wanted: (row: T) => boolean): T | undefined {
    for (const row of this.#rows.values()) if (wanted(row)) return row;
    return undefined;
  }
  filter(wanted: (row: T) => boolean): T[] {
    return this.values().filter(wanted);
  }
  forgetAll(): void {
    this.#rows.clear();
  }
}
