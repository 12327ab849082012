import type { Kysely } from 'kysely';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** Who waits for a seat of which pool, and what was promised to whom. */
export interface SeatTables {
  seat_wait: {
    /** `salesforce/Salesforce`: connection and licence. */
    pool: string;
    request: string;
    task: string;
    employee_id: string;
    workflow_id: string;
    /** The class of priority, from 0. */
    priority: number;
    since: string;
    /** Until when a seat is kept for them; null while they wait. */
    offered_until: string | null;
  };
  seat_pool: { pool: string; total: number; used: number; read_at: string; warned_at: string | null };
}

export async function createSeatTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('seat_wait')
    .addColumn('pool', text, (c) => c.notNull())
    .addColumn('request', text, (c) => c.notNull())
    .addColumn('task', text, (c) => c.notNull())
    .addColumn('employee_id', text, (c) => c.notNull())
    .addColumn('workflow_id', text, (c) => c.notNull())
    .addColumn('priority', 'integer', (c) => c.notNull())
    .addColumn('since', text, (c) => c.notNull())
    .addColumn('offered_until', text)
    .addPrimaryKeyConstraint('seat_wait_key', ['pool', 'request', 'task', 'employee_id'])
    .execute();
  await db.schema
    .createTable('seat_pool')
    .addColumn('pool', text, (c) => c.primaryKey().notNull())
    .addColumn('total', 'integer', (c) => c.notNull())
    .addColumn('used', 'integer', (c) => c.notNull())
    .addColumn('read_at', text, (c) => c.notNull())
    .addColumn('warned_at', text)
    .execute();
}
