import type { Kysely } from 'kysely';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** What waits on whom, and what is due when: so that one watch serves all requests, and none needs a timer of its own. */
export interface WorkTables {
  /** One row for each thing that waits on somebody. */
  held_work: {
    workflow_id: string;
    project: string;
    iid: number;
    /** `claim`, `approval` or `task`. */
    kind: string;
    /** The approval's part or the task; empty for a claim. */
    what: string;
    username: string;
    since: string;
  };
  /** When a request is to be looked at again though nothing moves: a reminder, an escalation, a claim that stands still. */
  request_due: { workflow_id: string; project: string; iid: number; due_at: string };
  /** Times away as the sources said them last; a source's rows for a person are replaced together. */
  absence: {
    username: string;
    /** `gitlab`, `calendar`, or `left` as HR says it; times away of people.yml stay there. */
    source: string;
    from_at: string;
    /** Null: nobody knows until when. */
    until_at: string | null;
    /** What the source says of it, for nobody's eyes but the rule's reader: it is not shown on issues. */
    note: string | null;
    seen_at: string;
  };
  /** When a source was last read for a person, whether or not it knew of an absence. */
  absence_seen: { username: string; source: string; seen_at: string };
  /** What a holder's requests were told last, and the workflow id up to which; null: all were told. */
  absence_told: { username: string; away: number; upto: string | null };
  /** By when the next request may be sent to a connection: one row each, for all workers together. */
  rate: { connection: string; free_at: number };
}

export async function createWorkTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('held_work')
    .addColumn('workflow_id', text, (c) => c.notNull())
    .addColumn('project', text, (c) => c.notNull())
    .addColumn('iid', 'integer', (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('what', text, (c) => c.notNull())
    .addColumn('username', text, (c) => c.notNull())
    .addColumn('since', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('held_work_key', ['workflow_id', 'kind', 'what', 'username'])
    .execute();
  await db.schema.createIndex('held_work_by').on('held_work').columns(['username', 'workflow_id']).execute();
  await db.schema
    .createTable('request_due')
    .addColumn('workflow_id', text, (c) => c.primaryKey().notNull())
    .addColumn('project', text, (c) => c.notNull())
    .addColumn('iid', 'integer', (c) => c.notNull())
    .addColumn('due_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('request_due_at').on('request_due').columns(['project', 'due_at']).execute();
  await db.schema
    .createTable('absence')
    .addColumn('username', text, (c) => c.notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('from_at', text, (c) => c.notNull())
    .addColumn('until_at', text)
    .addColumn('note', text)
    .addColumn('seen_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('absence_of').on('absence').columns(['username', 'source']).execute();
  await db.schema
    .createTable('absence_seen')
    .addColumn('username', text, (c) => c.notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('seen_at', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('absence_seen_key', ['source', 'username'])
    .execute();
  await db.schema
    .createTable('absence_told')
    .addColumn('username', text, (c) => c.primaryKey().notNull())
    .addColumn('away', 'integer', (c) => c.notNull())
    .addColumn('upto', text)
    .execute();
  await db.schema
    .createTable('rate')
    .addColumn('connection', text, (c) => c.primaryKey().notNull())
    .addColumn('free_at', 'bigint', (c) => c.notNull())
    .execute();
}
