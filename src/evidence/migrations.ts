import {
  DEFAULT_MIGRATION_LOCK_TABLE,
  DEFAULT_MIGRATION_TABLE,
  Migrator,
  sql,
  type Kysely,
  type Migration,
} from 'kysely';
import { createChangeTable, createCloseTables, createVarianceTables } from './close-tables';
import { createTrendTables } from './close-trend';
import { createCrowdTables } from './crowd-tables';
import { textOf } from './dialect-text';
import { createLeaverTables } from './leaver-tables';
import { createReviewTables } from './account-reviews';
import { GENESIS } from './row';
import { createSeatTables } from './seat-tables';
import type { Tables } from './tables';
import { createTerritoryTables } from './territory-tables';
import { createWorkTables } from './work-tables';

export type Dialect = 'sqlite' | 'postgres';

/** Brings the tables up to date; several processes may do so at once. @throws the database's own fault */
export async function migrate(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const migrations: Record<string, Migration> = {
    '001_evidence_and_people': { up: (k: Kysely<Tables>) => createTables(k, dialect) },
    '002_crowd': { up: (k: Kysely<Tables>) => createCrowdTables(k, dialect) },
    '003_seats': { up: (k: Kysely<Tables>) => createSeatTables(k, dialect) },
    '004_work': { up: (k: Kysely<Tables>) => createWorkTables(k, dialect) },
    '005_leavers': { up: (k: Kysely<Tables>) => createLeaverTables(k, dialect) },
    '006_close': { up: (k: Kysely<Tables>) => createCloseTables(k, dialect) },
    '007_close_change': { up: (k: Kysely<Tables>) => createChangeTable(k, dialect) },
    '008_close_trend': { up: (k: Kysely<Tables>) => createTrendTables(k, dialect) },
    '009_close_variance': { up: (k: Kysely<Tables>) => createVarianceTables(k, dialect) },
    '010_territory_runs': { up: (k: Kysely<Tables>) => createTerritoryTables(k, dialect) },
    '011_account_reviews': { up: (k: Kysely<Tables>) => createReviewTables(k, dialect) },
  };
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('the tables could not be brought up to date', { cause: error });
}

async function createTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('evidence')
    .addColumn('seq', 'bigint', (c) => c.primaryKey().notNull())
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('zone', text, (c) => c.notNull())
    .addColumn('local_time', text, (c) => c.notNull())
    .addColumn('subject', text)
    .addColumn('request', text)
    .addColumn('workflow_id', text)
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('actor', text, (c) => c.notNull())
    .addColumn('channel', text, (c) => c.notNull())
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('prev_hash', text, (c) => c.notNull().unique())
    .addColumn('hash', text, (c) => c.notNull().unique())
    .execute();
  await db.schema.createIndex('evidence_subject').on('evidence').columns(['subject', 'seq']).execute();
  await db.schema.createIndex('evidence_request').on('evidence').columns(['request', 'seq']).execute();
  await db.schema
    .createTable('evidence_head')
    .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
    .addColumn('row_count', 'bigint', (c) => c.notNull())
    .addColumn('last_hash', text, (c) => c.notNull())
    .execute();
  await db.insertInto('evidence_head').values({ id: 1, row_count: 0, last_hash: GENESIS }).execute();
  await db.schema
    .createTable('people')
    .addColumn('employee_id', text, (c) => c.primaryKey().notNull())
    .addColumn('email', text, (c) => c.notNull())
    .addColumn('email_key', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('specialty', text)
    .addColumn('department', text, (c) => c.notNull())
    .addColumn('division', text, (c) => c.notNull())
    .addColumn('entity', text, (c) => c.notNull())
    .addColumn('country', text, (c) => c.notNull())
    .addColumn('region', text, (c) => c.notNull())
    .addColumn('time_zone', text, (c) => c.notNull())
    .addColumn('manager_email', text)
    .addColumn('start_date', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('people_email').on('people').column('email_key').execute();
  await db.schema
    .createTable('seen_issue')
    .addColumn('project', text, (c) => c.notNull())
    .addColumn('iid', 'integer', (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('seen_issue_key', ['project', 'iid'])
    .execute();
  await db.schema
    .createTable('hr_event')
    .addColumn('event_id', text, (c) => c.primaryKey().notNull())
    .addColumn('digest', text, (c) => c.notNull())
    .addColumn('received_at', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('waiting')
    .addColumn('employee_id', text, (c) => c.notNull())
    .addColumn('what', text, (c) => c.notNull())
    .addColumn('since', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('waiting_key', ['what', 'employee_id'])
    .execute();
  for (const guard of dialect === 'sqlite' ? SQLITE_GUARDS : POSTGRES_GUARDS)
    await sql.raw(guard).execute(db);
}

/** Evidence is only ever added, and its head only ever grows: the database itself says no to the rest. */
const SQLITE_GUARDS = [
  `CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END`,
  `CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END`,
  `CREATE TRIGGER evidence_no_replace BEFORE INSERT ON evidence
     WHEN EXISTS (SELECT 1 FROM evidence WHERE seq = NEW.seq OR id = NEW.id OR hash = NEW.hash OR prev_hash = NEW.prev_hash)
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END`,
  `CREATE TRIGGER evidence_head_grows BEFORE UPDATE ON evidence_head WHEN NEW.row_count <= OLD.row_count OR NEW.id <> OLD.id
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END`,
  `CREATE TRIGGER evidence_head_stays BEFORE DELETE ON evidence_head BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END`,
  `CREATE TRIGGER evidence_head_single BEFORE INSERT ON evidence_head BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END`,
];

const POSTGRES_GUARDS = [
  `CREATE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'evidence is append-only' USING ERRCODE = 'restrict_violation'; END $$`,
  `CREATE TRIGGER evidence_no_change BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION evidence_refuse()`,
  `CREATE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()`,
  `CREATE TRIGGER evidence_head_grows BEFORE UPDATE ON evidence_head FOR EACH ROW
     WHEN (NEW.row_count <= OLD.row_count OR NEW.id <> OLD.id) EXECUTE FUNCTION evidence_refuse()`,
  `CREATE TRIGGER evidence_head_stays BEFORE DELETE OR INSERT ON evidence_head FOR EACH ROW EXECUTE FUNCTION evidence_refuse()`,
  `CREATE TRIGGER evidence_head_no_truncate BEFORE TRUNCATE ON evidence_head FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()`,
];

/**
 * What the working role may do where another role owns the tables: add evidence and read it, and no more.
 * The owner alone could switch the triggers off.
 */
export async function grantToWorkingRole(db: Kysely<Tables>, role: string): Promise<void> {
  const name = sql.id(role);
  await sql`GRANT USAGE ON SCHEMA public TO ${name}`.execute(db);
  await sql`REVOKE ALL ON evidence, evidence_head FROM ${name}`.execute(db);
  await sql`REVOKE ALL ON evidence, evidence_head FROM PUBLIC`.execute(db);
  await sql`GRANT SELECT, INSERT ON evidence TO ${name}`.execute(db);
  await sql`GRANT SELECT, UPDATE ON evidence_head TO ${name}`.execute(db);
  await sql`GRANT SELECT, INSERT, UPDATE, DELETE ON people, seen_issue, hr_event, waiting, request_person, request_grant, seat_wait, seat_hold, seat_pool,
    held_work, request_due, absence, absence_seen, absence_told, rate,
    leaver, leaver_item, leaver_record, former_email, close_period, close_record, close_finding, close_day, close_told, close_variance,
    close_overdue, close_change, territory_run, territory_batch, territory_transfer, account_review, territory_told TO ${name}`.execute(
    db,
  );
  // So that whoever only has the working role can see that the tables are up to date: the command, for one.
  await sql`GRANT SELECT ON ${sql.table(DEFAULT_MIGRATION_TABLE)}, ${sql.table(DEFAULT_MIGRATION_LOCK_TABLE)} TO ${name}`.execute(
    db,
  );
}
