import type { Kysely } from 'kysely';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** Those who leave: where each leaving stands, what must be settled, and which records went to whom. */
export interface LeaverTables {
  /** One row for each leaving of a person. */
  leaver: {
    leaving: string;
    employee_id: string;
    /** HR's newest event of it, as JSON. */
    event: string;
    kind: string;
    phase: string;
    time_zero: string;
    policy_version: string;
    frozen_at: string | null;
    taken_at: string | null;
    ended_at: string | null;
    /** `IssueRef` as JSON. */
    issue: string | null;
    successor: string | null;
    /** Who hands this one over just now: a workflow id, and until when that holds. */
    lease: string | null;
    lease_until: string | null;
  };
  leaver_item: {
    leaving: string;
    id: string;
    kind: string;
    system: string | null;
    text: string;
    status: string;
    /** `FoundAccess[]` as JSON. */
    found: string;
    how: string | null;
    by_whom: string | null;
    at: string | null;
    due_at: string;
    reminded: number;
    problem: string | null;
  };
  /** A record that was to be handed over: whose it was, and whose it is. */
  leaver_record: {
    leaving: string;
    object: string;
    record_id: string;
    /** What is to become of it: `move`, `remove`, or `stay`: a closed opportunity keeps its owner. */
    what: string;
    from_owner: string;
    to_owner: string | null;
    /** `planned`, `done`, `put_back` or `refused`. */
    state: string;
    code: string | null;
  };
  /** Addresses that a person had before, by which their accounts are recognised, too. */
  former_email: { employee_id: string; email_key: string };
}

export async function createLeaverTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('leaver')
    .addColumn('leaving', text, (c) => c.primaryKey().notNull())
    .addColumn('employee_id', text, (c) => c.notNull())
    .addColumn('event', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('phase', text, (c) => c.notNull())
    .addColumn('time_zero', text, (c) => c.notNull())
    .addColumn('policy_version', text, (c) => c.notNull())
    .addColumn('frozen_at', text)
    .addColumn('taken_at', text)
    .addColumn('ended_at', text)
    .addColumn('issue', text)
    .addColumn('successor', text)
    .addColumn('lease', text)
    .addColumn('lease_until', text)
    .execute();
  await db.schema.createIndex('leaver_hour').on('leaver').columns(['phase', 'time_zero']).execute();
  await db.schema.createIndex('leaver_person').on('leaver').column('employee_id').execute();
  await db.schema
    .createTable('leaver_item')
    .addColumn('leaving', text, (c) => c.notNull())
    .addColumn('id', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('system', text)
    .addColumn('text', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('found', text, (c) => c.notNull())
    .addColumn('how', text)
    .addColumn('by_whom', text)
    .addColumn('at', text)
    .addColumn('due_at', text, (c) => c.notNull())
    .addColumn('reminded', 'integer', (c) => c.notNull())
    .addColumn('problem', text)
    .addPrimaryKeyConstraint('leaver_item_key', ['leaving', 'id'])
    .execute();
  await db.schema
    .createTable('leaver_record')
    .addColumn('leaving', text, (c) => c.notNull())
    .addColumn('object', text, (c) => c.notNull())
    .addColumn('record_id', text, (c) => c.notNull())
    .addColumn('what', text, (c) => c.notNull())
    .addColumn('from_owner', text, (c) => c.notNull())
    .addColumn('to_owner', text)
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('code', text)
    .addPrimaryKeyConstraint('leaver_record_key', ['leaving', 'object', 'record_id'])
    .execute();
  await db.schema
    .createTable('former_email')
    .addColumn('employee_id', text, (c) => c.notNull())
    .addColumn('email_key', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('former_email_key', ['employee_id', 'email_key'])
    .execute();
}
