import type { Kysely } from 'kysely';
import type { Tables } from './tables';

/** A person whom a filed request names. */
export interface CrowdPerson {
  readonly place: number;
  readonly employeeId: string | null;
  /** In lower case. */
  readonly email: string;
  /** Why they are left out; null where they take part. */
  readonly problem: string | null;
}

/** The people of filed requests, and what became of each: rows here, counts in Temporal. */
export class CrowdStore {
  constructor(private readonly db: Kysely<Tables>) {}

  async putPeople(request: string, version: string, rows: readonly CrowdPerson[]): Promise<void> {
    for (let at = 0; at < rows.length; at += 200)
      await this.db
        .insertInto('request_person')
        .values(
          rows.slice(at, at + 200).map((row) => ({
            request,
            version,
            place: row.place,
            employee_id: row.employeeId,
            email_key: row.email,
            problem: row.problem,
          })),
        )
        .onConflict((conflict) => conflict.columns(['request', 'version', 'place']).doNothing())
        .execute();
  }

  async people(
    request: string,
    version: string,
    { after = -1, limit = 10_000 }: { after?: number; limit?: number } = {},
  ): Promise<CrowdPerson[]> {
    const rows = await this.db
      .selectFrom('request_person')
      .selectAll()
      .where('request', '=', request)
      .where('version', '=', version)
      .where('place', '>', after)
      .orderBy('place')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      place: row.place,
      employeeId: row.employee_id,
      email: row.email_key,
      problem: row.problem,
    }));
  }
}
