import type { Kysely } from 'kysely';
import type { Told } from '../domain/close/owner-mail';
import type { DayOfClose } from '../domain/close/trend';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** What each day of a close found in numbers, and what owners were told of it. */
export interface TrendTables {
  /** One row a day that was looked at; `body` is its counts as JSON. */
  close_day: { period: string; day: string; body: string };
  /** The last mail of an owner (by the CRM's id): when, and of which findings, as JSON. */
  close_told: { period: string; owner: string; at: string; findings: string };
}

export async function createTrendTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('close_day')
    .addColumn('period', text, (c) => c.notNull())
    .addColumn('day', text, (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('close_day_key', ['period', 'day'])
    .execute();
  await db.schema
    .createTable('close_told')
    .addColumn('period', text, (c) => c.notNull())
    .addColumn('owner', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('findings', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('close_told_key', ['period', 'owner'])
    .execute();
}

/** How a close goes from day to day. */
export class CloseTrend {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Keeps the counts of a day in place of those of an earlier look at it. */
  async keepDay(period: string, day: DayOfClose): Promise<void> {
    await this.#db
      .insertInto('close_day')
      .values({ period, day: day.day, body: JSON.stringify(day) })
      .onConflict((conflict) =>
        conflict.columns(['period', 'day']).doUpdateSet((eb) => ({ body: eb.ref('excluded.body') })),
      )
      .execute();
  }

  /** The days of a period, in their order. */
  async days(period: string): Promise<readonly DayOfClose[]> {
    const query = this.#db.selectFrom('close_day').select('body').where('period', '=', period);
    const rows = await query.orderBy('day').execute();
    return rows.map(({ body }) => JSON.parse(body) as DayOfClose);
  }

  /** What each owner was told last. */
  async told(period: string): Promise<ReadonlyMap<string, Told>> {
    const rows = await this.#db.selectFrom('close_told').selectAll().where('period', '=', period).execute();
    return new Map(
      rows.map(({ owner, at, findings }) => [owner, { at, findings: JSON.parse(findings) as string[] }]),
    );
  }

  async keepTold(period: string, owner: string, { at, findings }: Told): Promise<void> {
    await this.#db
      .insertInto('close_told')
      .values({ period, owner, at, findings: JSON.stringify(findings) })
      .onConflict((conflict) =>
        conflict
          .columns(['period', 'owner'])
          .doUpdateSet((eb) => ({ at: eb.ref('excluded.at'), findings: eb.ref('excluded.findings') })),
      )
      .execute();
  }
}
