import type { ExpressionBuilder, Kysely, OnConflictDatabase, OnConflictTables } from 'kysely';
import { importOutcome, type ImportOutcome } from '../domain/workforce';
import { rememberFormer } from './former-emails';
import type { Dialect } from './migrations';
import { fromPeople, toPeople, type PersonRecord } from './person';
import { utc } from './row';
import type { Tables } from './tables';

/** So many at once, that others needn't wait long for the lock. */
const BATCH = 500;

/** Takes a list of the workforce in; see the store's own. */
export async function importPeople(
  db: Kysely<Tables>,
  dialect: Dialect,
  people: readonly PersonRecord[],
  told: (done: number) => void,
): Promise<readonly ImportOutcome[]> {
  const outcomes: ImportOutcome[] = [];
  for (let at = 0; at < people.length; at += BATCH) {
    const some = people.slice(at, at + BATCH).map((one) => ({ ...one, updatedAt: utc(one.updatedAt) }));
    outcomes.push(...(await importSome(db, dialect, some)));
    told(outcomes.length);
  }
  return outcomes;
}

function importSome(
  db: Kysely<Tables>,
  dialect: Dialect,
  people: readonly PersonRecord[],
): Promise<readonly ImportOutcome[]> {
  return db.transaction().execute(async (trx) => {
    const ids = people.map(({ employeeId }) => employeeId);
    const query = trx.selectFrom('people').selectAll().where('employee_id', 'in', ids);
    // SQLite's transaction has the lock already; on PostgreSQL an HR event could come in between.
    const rows = await (dialect === 'postgres' ? query.forUpdate() : query).execute();
    const known = new Map(rows.map((row) => [row.employee_id, fromPeople(row)]));
    const outcomes = people.map((person) => importOutcome(known.get(person.employeeId) ?? null, person));
    const written = people.filter((_, at) => outcomes[at] === 'added' || outcomes[at] === 'changed');
    if (written.length > 0) {
      await rememberFormer(trx, written.map(toPeople));
      await trx
        .insertInto('people')
        .values(written.map(toPeople))
        .onConflict((conflict) =>
          conflict
            .column('employee_id')
            .doUpdateSet(newFacts)
            .whereRef('people.updated_at', '<=', 'excluded.updated_at'),
        )
        .execute();
    }
    return outcomes;
  });
}

const newFacts = (
  eb: ExpressionBuilder<OnConflictDatabase<Tables, 'people'>, OnConflictTables<'people'>>,
) => ({
  email: eb.ref('excluded.email'),
  email_key: eb.ref('excluded.email_key'),
  name: eb.ref('excluded.name'),
  title: eb.ref('excluded.title'),
  specialty: eb.ref('excluded.specialty'),
  department: eb.ref('excluded.department'),
  division: eb.ref('excluded.division'),
  entity: eb.ref('excluded.entity'),
  country: eb.ref('excluded.country'),
  region: eb.ref('excluded.region'),
  time_zone: eb.ref('excluded.time_zone'),
  manager_email: eb.ref('excluded.manager_email'),
  start_date: eb.ref('excluded.start_date'),
  status: eb.ref('excluded.status'),
  updated_at: eb.ref('excluded.updated_at'),
});
