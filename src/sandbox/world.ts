import Database from 'libsql';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ordered } from './ordered';

/**
 * The sandbox's whole state: typed tables in memory, written to SQLite before the request that changed them is
 * answered. A `kill -9` loses at most what nobody was told of.
 */
export class World {
  readonly #db: Database.Database | null;
  readonly #tables = new Map<string, Table<unknown>>();
  /** By table and id, what isn't on disk yet; undefined for a row that is gone. A row that changes often is written once. */
  readonly #unwritten = new Map<string, Map<string, unknown>>();

  #open = true;

  private constructor(db: Database.Database | null) {
    this.#db = db;
    db?.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS docs (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
    `);
  }

  /** Whether it still takes writes: work that outlives a request asks. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Opens (or makes) the state below `dir`. */
  static open(dir: string): World {
    mkdirSync(dir, { recursive: true });
    return new World(new Database(join(dir, 'sandbox.db')));
  }

  /** A world that is on no disk: for measuring who works in it, with more rows than a disk takes in that time. */
  static unkept(): World {
    return new World(null);
  }

  /** A table by its name; the same object every time. Rows are plain JSON and are treated as immutable. */
  table<T>(kind: string): Table<T> {
    const known = this.#tables.get(kind);
    if (known) return known as Table<T>;
    const rows = new Map<string, T>();
    const stored = (this.#db?.prepare('SELECT id, json FROM docs WHERE kind = ?').all(kind) ?? []) as {
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
    if (this.#unwritten.size === 0 || !this.#db) return;
    const put = this.#db.prepare('INSERT OR REPLACE INTO docs (kind, id, json) VALUES (?, ?, ?)');
    const drop = this.#db.prepare('DELETE FROM docs WHERE kind = ? AND id = ?');
    this.#db.exec('BEGIN IMMEDIATE');
    for (const [kind, rows] of this.#unwritten)
      for (const [id, value] of rows) {
        if (value === undefined) drop.run(kind, id);
        else put.run(kind, id, JSON.stringify(value));
      }
    this.#db.exec('COMMIT');
    this.#unwritten.clear();
  }

  /** Forgets everything: back to an empty world (the caller seeds it again). */
  clear(): void {
    for (const table of this.#tables.values()) table.forgetAll();
    this.#unwritten.clear();
    this.#db?.exec('DELETE FROM docs');
  }

  close(): void {
    this.commit();
    this.#open = false;
    this.#db?.close();
  }

  #write(kind: string, id: string, value: unknown): void {
    if (!this.#db) return;
    const rows = this.#unwritten.get(kind) ?? new Map<string, unknown>();
    this.#unwritten.set(kind, rows.set(id, value));
  }
}

/** A value that rows are looked up by, or undefined for a row that nobody looks up so. */
export type KeyOf<T> = (row: T) => string | undefined;

/** A number that rows are in order by, such as an instant, or undefined for a row that has none. */
export type PlaceOf<T> = (row: T) => number | undefined;

/** By key the ids of its rows; a single one stands alone, since most keys have one row and sets are large. */
type Ids = Map<string, string | Set<string>>;

interface Index<T> {
  readonly keyOf: KeyOf<T>;
  readonly ids: Ids;
}

interface Order<T> {
  readonly placeOf: PlaceOf<T>;
  readonly ids: Ordered;
}

/** An order that has so many places of which rows are gone is made anew. */
const MANY_PLACES = 1_000;

/** One kind of row, kept in insertion order. */
export class Table<T> {
  readonly #rows: Map<string, T>;
  readonly #indexes = new Map<string, Index<T>>();
  readonly #orders = new Map<string, Order<T>>();
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
    this.#reindex(String(id), value);
    this.#rows.set(String(id), value);
    this.#write(String(id), value);
    return value;
  }
  delete(id: string | number): void {
    this.#reindex(String(id), undefined);
    if (this.#rows.delete(String(id))) this.#write(String(id), undefined);
  }
  /** The rows with this key, in the order of their ids, by an index of this name that is made at the first look and then kept up. */
  where(index: string, keyOf: KeyOf<T>, key: string): T[] {
    const ids = this.#index(index, keyOf).get(key) ?? [];
    if (typeof ids === 'string') return this.#present([ids]);
    return this.#present([...ids].sort());
  }
  /** How many rows `where` would give. */
  count(index: string, keyOf: KeyOf<T>, key: string): number {
    return sizeOf(this.#index(index, keyOf).get(key));
  }
  /** The rows that have a key at all, by the index of `where`. */
  keyed(index: string, keyOf: KeyOf<T>): T[] {
    const ids = [...this.#index(index, keyOf).values()];
    return this.#present(ids.flatMap((of) => (typeof of === 'string' ? [of] : [...of])));
  }
  /** How many rows `keyed` would give. */
  countKeyed(index: string, keyOf: KeyOf<T>): number {
    let count = 0;
    for (const ids of this.#index(index, keyOf).values()) count += sizeOf(ids);
    return count;
  }
  /** The rows between two places, both included, and perhaps some that were there; by an order that is made and kept like an index. */
  between(order: string, placeOf: PlaceOf<T>, from: number, to: number): T[] {
    return this.#present(this.#order(order, placeOf).between(from, to));
  }
  /** How many rows `between` would give, or a few more. */
  countBetween(order: string, placeOf: PlaceOf<T>, from: number, to: number): number {
    return this.#order(order, placeOf).count(from, to);
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
    this.#indexes.clear();
    this.#orders.clear();
  }

  #present(ids: Iterable<string>): T[] {
    const rows: T[] = [];
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  #index(name: string, keyOf: KeyOf<T>): Ids {
    const known = this.#indexes.get(name);
    if (known) return known.ids;
    const ids: Ids = new Map();
    for (const [id, row] of this.#rows) addTo(ids, keyOf(row), id);
    this.#indexes.set(name, { keyOf, ids });
    return ids;
  }

  #order(name: string, placeOf: PlaceOf<T>): Ordered {
    const known = this.#orders.get(name);
    if (known && known.ids.size <= 2 * this.#rows.size + MANY_PLACES) return known.ids;
    const ids = new Ordered();
    for (const [id, row] of this.#rows) {
      const at = placeOf(row);
      if (at !== undefined) ids.add(at, id);
    }
    this.#orders.set(name, { placeOf, ids });
    return ids;
  }

  #reindex(id: string, next: T | undefined): void {
    if (this.#indexes.size === 0 && this.#orders.size === 0) return;
    const before = this.#rows.get(id);
    for (const { keyOf, ids } of this.#indexes.values()) {
      const [from, to] = [before && keyOf(before), next && keyOf(next)];
      if (from === to) continue;
      if (from !== undefined) dropFrom(ids, from, id);
      addTo(ids, to, id);
    }
    for (const { placeOf, ids } of this.#orders.values()) {
      const at = next && placeOf(next);
      if (at !== undefined && at !== (before && placeOf(before))) ids.add(at, id);
    }
  }
}

const sizeOf = (ids: string | Set<string> | undefined): number =>
  typeof ids === 'string' ? 1 : (ids?.size ?? 0);

function addTo(ids: Ids, key: string | undefined, id: string): void {
  if (key === undefined) return;
  const known = ids.get(key);
  if (known === undefined) ids.set(key, id);
  else if (typeof known === 'string') ids.set(key, new Set([known, id]));
  else known.add(id);
}

function dropFrom(ids: Ids, key: string, id: string): void {
  const known = ids.get(key);
  if (typeof known === 'object') known.delete(id);
  else if (known === id) ids.delete(key);
}
