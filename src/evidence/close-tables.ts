import type { Kysely } from 'kysely';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** Periods that are closed, and what was kept of their records. */
export interface CloseTables {
  /** One row a period; `body` is the close as JSON, `turn` goes up with each write. */
  close_period: { period: string; turn: number; body: string };
  /** A finding of the booking checks, as one line of JSON. */
  close_finding: { period: string; id: string; body: string };
  /** A variance with billing, as one line of JSON. */
  close_variance: { period: string; id: string; body: string };
  /** An overdue opportunity of a plan, as one line of JSON. */
  close_overdue: { period: string; id: string; body: string };
  /** A record of a snapshot, as one line of JSON. */
  close_record: { period: string; snapshot: string; record_id: string; body: string };
  /** A change of a locked period that somebody asked for; `turn` goes up with each write. */
  close_change: { period: string; n: number; turn: number; body: string };
}

export async function createChangeTable(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('close_change')
    .addColumn('period', text, (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('close_change_key', ['period', 'n'])
    .execute();
}

export async function createCloseTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('close_period')
    .addColumn('period', text, (c) => c.primaryKey().notNull())
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('close_finding')
    .addColumn('period', text, (c) => c.notNull())
    .addColumn('id', text, (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('close_finding_key', ['period', 'id'])
    .execute();
  await db.schema
    .createTable('close_record')
    .addColumn('period', text, (c) => c.notNull())
    .addColumn('snapshot', text, (c) => c.notNull())
    .addColumn('record_id', text, (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('close_record_key', ['period', 'snapshot', 'record_id'])
    .execute();
}

/** What a close keeps of billing, and of what it moves in bulk. */
export async function createVarianceTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  for (const table of ['close_variance', 'close_overdue'])
    await db.schema
      .createTable(table)
      .addColumn('period', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('body', text, (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['period', 'id'])
      .execute();
}
