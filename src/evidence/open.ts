import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { grantToWorkingRole, migrate, type Dialect } from './migrations';
import { openSqlite } from './sqlite';
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
  if (settings.databaseUrl === null) return migrated(await openSqlite(settings.stateDir), 'sqlite');
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

function postgres(connectionString: string): Kysely<Tables> {
  const numbers = new TypeOverrides();
  numbers.setTypeParser(types.builtins.INT8, Number); // counts and places stay far below 2^53
  const pool = new Pool({ connectionString, max: 8, connectionTimeoutMillis: 10_000, types: numbers });
  // An idle connection that breaks is replaced on the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
