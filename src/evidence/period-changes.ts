import type { Kysely } from 'kysely';
import type { PeriodChange } from '../domain/close/change';
import type { Tables } from './tables';

/** A change as it was read, to be written back only if nobody wrote it meanwhile. */
export interface KeptChange {
  readonly change: PeriodChange;
  readonly turn: number;
}

/** Two who ask at the same time get two numbers: so often another one is tried. */
const TRIES = 10;

/** Changes of locked periods that somebody asked for, by period and number. */
export class PeriodChanges {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Keeps a change under the next number of its period. */
  async add(period: string, numbered: (n: number) => PeriodChange): Promise<PeriodChange> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const changes = await this.of(period);
      const change = numbered((changes.at(-1)?.n ?? 0) + 1);
      const { numInsertedOrUpdatedRows } = await this.#db
        .insertInto('close_change')
        .values({ period, n: change.n, turn: 1, body: JSON.stringify(change) })
        .onConflict((conflict) => conflict.columns(['period', 'n']).doNothing())
        .executeTakeFirst();
      if (Number(numInsertedOrUpdatedRows) === 1) return change;
    }
    throw new Error(`a change of ${period} found no number`);
  }

  async get(period: string, n: number): Promise<KeptChange | null> {
    const row = await this.#db
      .selectFrom('close_change')
      .selectAll()
      .where('period', '=', period)
      .where('n', '=', n)
      .executeTakeFirst();
    return row ? { change: JSON.parse(row.body) as PeriodChange, turn: row.turn } : null;
  }

  /** All of a period, by number. */
  async of(period: string): Promise<readonly PeriodChange[]> {
    const rows = await this.#db
      .selectFrom('close_change')
      .select('body')
      .where('period', '=', period)
      .orderBy('n')
      .execute();
    return rows.map(({ body }) => JSON.parse(body) as PeriodChange);
  }

  /** Those of any period that were approved and are not made yet. */
  async beingMade(): Promise<readonly PeriodChange[]> {
    const rows = await this.#db.selectFrom('close_change').select('body').execute();
    return rows
      .map(({ body }) => JSON.parse(body) as PeriodChange)
      .filter(({ phase }) => phase === 'approved');
  }

  /** Writes it back. False where somebody wrote it since it was read: read it again. */
  async put({ change, turn }: KeptChange): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('close_change')
      .set({ turn: turn + 1, body: JSON.stringify(change) })
      .where('period', '=', change.period)
      .where('n', '=', change.n)
      .where('turn', '=', turn)
      .executeTakeFirst();
    return Number(numUpdatedRows) === 1;
  }
}
