import type { Kysely } from 'kysely';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** Who waits for a seat of which pool, and what was promised to whom. */
export interface SeatTables {
  seat_wait: {
    /** `salesforce/Salesforce`: connection and licence. */
    pool: string;
    workflow_id: string;
    task: string;
    employee_id: string;
    /** `project#iid` */
    request: string;
    class: 'starting' | 'change' | 'convenience';
    starts_on: string | null;
    since: string;
    /** Until when a seat is kept for them; null while they wait. */
    offered_until: string | null;
    /** 1 once their workflow was told of the offer. */
    told: number;
    lapses: number;
  };
  /**
   * Seats promised to a batch that is being granted (`turn` null), or that it took in that turn: a count of the system that was
   * begun before may not show them yet. Neither counts after `until`.
   */
  seat_hold: { pool: string; holder: string; seats: number; until: string; turn: number | null };
  seat_pool: {
    pool: string;
    kind: string;
    licence: string;
    /** Counts up with whatever changes how many seats are free. */
    turn: number;
    /** As the system was last read; `total` is null where there is no limit, `read_at` before the first reading. */
    total: number | null;
    used: number;
    read_at: string | null;
    /** When the owners were warned that few are left; null while enough are. */
    warned_at: string | null;
  };
}

export async function createSeatTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('seat_wait')
    .addColumn('pool', text, (c) => c.notNull())
    .addColumn('workflow_id', text, (c) => c.notNull())
    .addColumn('task', text, (c) => c.notNull())
    .addColumn('employee_id', text, (c) => c.notNull())
    .addColumn('request', text, (c) => c.notNull())
    .addColumn('class', text, (c) => c.notNull())
    .addColumn('starts_on', text)
    .addColumn('since', text, (c) => c.notNull())
    .addColumn('offered_until', text)
    .addColumn('told', 'integer', (c) => c.notNull())
    .addColumn('lapses', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('seat_wait_key', ['pool', 'workflow_id', 'task', 'employee_id'])
    .execute();
  await db.schema.createIndex('seat_wait_of').on('seat_wait').column('workflow_id').execute();
  await db.schema
    .createTable('seat_hold')
    .addColumn('pool', text, (c) => c.notNull())
    .addColumn('holder', text, (c) => c.notNull())
    .addColumn('seats', 'integer', (c) => c.notNull())
    .addColumn('until', text, (c) => c.notNull())
    .addColumn('turn', 'integer')
    .addPrimaryKeyConstraint('seat_hold_key', ['pool', 'holder'])
    .execute();
  await db.schema
    .createTable('seat_pool')
    .addColumn('pool', text, (c) => c.primaryKey().notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('licence', text, (c) => c.notNull())
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('total', 'integer')
    .addColumn('used', 'integer', (c) => c.notNull())
    .addColumn('read_at', text)
    .addColumn('warned_at', text)
    .execute();
}
