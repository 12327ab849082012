import type { Kysely } from 'kysely';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** Runs of territory planning, and what they wrote. */
export interface TerritoryTables {
  /** One row a run; `body` is the run as JSON, `turn` goes up with each write. */
  territory_run: { run: string; turn: number; body: string };
  /** A batch of staging that was written; `body` says up to which account, and what was left. */
  territory_batch: { run: string; n: number; body: string };
  /** An account that a run transfers: `begun` before the write, then how it came out; `body` is from what to what. */
  territory_transfer: { run: string; account_id: string; state: string; body: string };
}

export async function createTerritoryTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('territory_run')
    .addColumn('run', text, (c) => c.primaryKey().notNull())
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('territory_batch')
    .addColumn('run', text, (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('territory_batch_key', ['run', 'n'])
    .execute();
  await db.schema
    .createTable('territory_transfer')
    .addColumn('run', text, (c) => c.notNull())
    .addColumn('account_id', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('territory_transfer_key', ['run', 'account_id'])
    .execute();
}
