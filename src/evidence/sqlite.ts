import {
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  type QueryResult,
} from 'kysely';
import Database from 'libsql';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Tables } from './tables';

/** How long a write waits for others to end theirs. */
const LOCK_PATIENCE_MS = 10_000;

/** Opens (or makes) `daytwo.db` below `stateDir`: readable by its owner only, on disk before a write is acknowledged. */
export async function openSqlite(stateDir: string): Promise<Kysely<Tables>> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = join(stateDir, 'daytwo.db');
  const database = new Database(file);
  try {
    chmodSync(file, 0o600); // it holds names and addresses
    for (const pragma of ['busy_timeout = 0', 'journal_mode = WAL', 'synchronous = FULL'])
      await patiently(() => database.exec(`PRAGMA ${pragma}`));
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new ImmediateSqlite(database) });
}

/**
 * Waits for SQLite's write lock without blocking the process, for the holder may be in this very process: SQLite's own waiting
 * (`busy_timeout`) would then keep it from ever ending its transaction.
 */
async function patiently(attempt: () => unknown): Promise<void> {
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (let wait = 1; ; wait = Math.min(wait * 2, 20)) {
    try {
      attempt();
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) throw error;
    }
    await setTimeout(wait * (0.5 + Math.random()));
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/**
 * SQLite that takes the write lock at once for every write: with several processes, a transaction that reads first and writes
 * later could otherwise fail half way instead of waiting its turn.
 */
class ImmediateSqlite extends SqliteDialect {
  readonly #database: Database.Database;
  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }
  override createDriver(): Driver {
    return new ImmediateDriver(this.#database);
  }
  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: Database.Database;
  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }
  override async acquireConnection(): Promise<DatabaseConnection> {
    return new ImmediateConnection(await super.acquireConnection(), this.#database);
  }
  override beginTransaction(): Promise<void> {
    return begin(this.#database);
  }
}

/**
 * The lock is asked for by `exec`, never by a prepared statement: libsql 0.5 leaves a statement that found the database busy
 * unfinished, and SQLite then refuses every later commit of that connection ("SQL statements in progress").
 */
const begin = (database: Database.Database): Promise<void> =>
  patiently(() => database.exec('begin immediate'));

/** Gives every write outside a transaction one of its own. */
class ImmediateConnection implements DatabaseConnection {
  constructor(
    readonly inner: DatabaseConnection,
    readonly database: Database.Database,
  ) {}

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.database.inTransaction || query.query.kind === 'SelectQueryNode')
      return this.inner.executeQuery<R>(query);
    await begin(this.database);
    try {
      const result = await this.inner.executeQuery<R>(query);
      this.database.exec('commit');
      return result;
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('rollback');
      throw error;
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery(query, chunkSize);
  }
}

/** SQLite's DDL is transactional; a migration is all or nothing, and one process at a time runs it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
