import type { Kysely } from 'kysely';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** The people of a filed request, and what became of each task for each of them: rows here, counts in Temporal. */
export interface CrowdTables {
  /** `version` is the digest of what was read; a person's row stays as it was read under that version. */
  request_person: {
    request: string;
    version: string;
    place: number;
    employee_id: string | null;
    email_key: string;
    /** Why this person is left out, in words; null where they take part. */
    problem: string | null;
  };
  request_grant: {
    request: string;
    task: string;
    employee_id: string;
    /** The outcome's kind, such as `granted`; `begun` before there is one. */
    status: string;
    detail: string;
    at: string;
  };
}

export async function createCrowdTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('request_person')
    .addColumn('request', text, (c) => c.notNull())
    .addColumn('version', text, (c) => c.notNull())
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('employee_id', text)
    .addColumn('email_key', text, (c) => c.notNull())
    .addColumn('problem', text)
    .addPrimaryKeyConstraint('request_person_key', ['request', 'version', 'place'])
    .execute();
  await db.schema
    .createTable('request_grant')
    .addColumn('request', text, (c) => c.notNull())
    .addColumn('task', text, (c) => c.notNull())
    .addColumn('employee_id', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('request_grant_key', ['request', 'task', 'employee_id'])
    .execute();
}
