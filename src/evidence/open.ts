import {
  CompiledQuery,
  sql,
  Kysely,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  type SqliteDialectConfig,
} from 'kysely';
import Database from 'libsql';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Pool, types } from 'pg';
import { grantToWorkingRole, migrate, type Dialect } from './migrations';
import { Store } from './store';
import type { Tables } from './tables';

/** Where the store is. Settings of any part fit. */
export interface StoreSettings {
  readonly stateDir: string;
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl?: string | null;
}

/** Opens the store and brings its tables up to date. @throws the database's own fault if it can't be reached */
export async function openStore(settings: StoreSettings): Promise<Store> {
  if (settings.databaseUrl === null) return migrated(sqlite(settings.stateDir), 'sqlite');
  const db = postgres(settings.databaseUrl);
  const owner = settings.databaseOwnerUrl ?? null;
  if (owner === null) return migrated(db, 'postgres');
  try {
    await migrateAsOwner(owner, db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return new Store(db, 'postgres');
}

async function migrated(db: Kysely<Tables>, dialect: Dialect): Promise<Store> {
  try {
    await migrate(db, dialect);
    return new Store(db, dialect);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function migrateAsOwner(ownerUrl: string, working: Kysely<Tables>): Promise<void> {
  const { role } = await working.selectNoFrom(sql<string>`current_user`.as('role')).executeTakeFirstOrThrow();
  const owner = postgres(ownerUrl);
  try {
    await migrate(owner, 'postgres');
    await grantToWorkingRole(owner, role);
  } finally {
    await owner.destroy();
  }
}

function sqlite(stateDir: string): Kysely<Tables> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = join(stateDir, 'daytwo.db');
  const database = new Database(file);
  chmodSync(file, 0o600); // it holds names and addresses
  database.exec('PRAGMA busy_timeout = 5000');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA foreign_keys = ON');
  return new Kysely<Tables>({ dialect: new ImmediateSqlite({ database }) });
}

/**
 * SQLite whose transactions take the write lock at once: with several processes, a transaction that reads first and writes
 * later could otherwise fail half way instead of waiting its turn.
 */
class ImmediateSqlite extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): Driver {
    return new ImmediateDriver(this.#config);
  }
  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** SQLite's DDL is transactional; a migration is all or nothing, and one process at a time runs it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

const INT8_OID = 20;

function postgres(connectionString: string): Kysely<Tables> {
  const pool = new Pool({
    connectionString,
    max: 8,
    connectionTimeoutMillis: 10_000,
    types: {
      // Counts and places stay far below 2^53.
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8_OID ? Number : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
    },
  });
  // An idle connection that breaks is replaced on the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
