import { sql, type Kysely } from 'kysely';
import type { Tables } from './tables';

const MICROSECONDS = 1000;

/** So much of a second is reserved at once: one write for a tenth of a second's requests. */
const BLOCK_OF_A_SECOND = 0.1;

/** Who may send when, over all workers: one row for each connection, in the store that they share. */
export class Rate {
  readonly #db: Kysely<Tables>;
  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /**
   * Reserves the next `n` requests of a connection: a span of time of their own, in which nobody else sends. Answers in how
   * many milliseconds it begins. One statement, so that no two workers get the same span. Where clocks differ, the one that
   * is behind waits longer; the rate is kept.
   */
  async reserve(connection: string, n: number, perSecond: number, nowMs: number): Promise<number> {
    const now = Math.floor(nowMs * MICROSECONDS);
    const span = Math.ceil((n / perSecond) * 1000 * MICROSECONDS);
    const row = await this.#db
      .insertInto('rate')
      .values({ connection, free_at: now + span })
      .onConflict((conflict) =>
        conflict.column('connection').doUpdateSet({
          free_at: sql<number>`case when rate.free_at > ${sql.lit(now)} then rate.free_at else ${sql.lit(now)} end + ${sql.lit(span)}`,
        }),
      )
      .returning('free_at')
      .executeTakeFirstOrThrow();
    return Math.max(0, (Number(row.free_at) - span - now) / MICROSECONDS);
  }
}

/**
 * Holds one worker to its part of a connection's rate: comes back when the next request may be sent, in the order of asking.
 * Reserves a block of a tenth of a second's requests at once, and lets what is left of it go when its span is over. So in any
 * span of time all workers together send at most its length × the rate, and besides at most two blocks at its ends.
 * Without a rate nothing is waited for.
 */
export function sharedPace(
  rate: Pick<Rate, 'reserve'>,
  connection: string,
  perSecond: () => number | undefined,
): () => Promise<void> {
  let block = { left: 0, endsAt: 0 };
  let turn: Promise<void> = Promise.resolve();
  const next = async (): Promise<void> => {
    const limit = perSecond();
    if (limit === undefined) return;
    if (block.left === 0 || Date.now() >= block.endsAt) {
      const n = Math.max(1, Math.floor(limit * BLOCK_OF_A_SECOND));
      const asked = Date.now();
      const wait = await rate.reserve(connection, n, limit, asked);
      const late = asked + wait - Date.now();
      if (late > 0) await new Promise((resolve) => setTimeout(resolve, Math.ceil(late)));
      block = { left: n, endsAt: asked + wait + (n * 1000) / limit };
    }
    block = { ...block, left: block.left - 1 };
  };
  return () => {
    const mine = turn.then(next);
    turn = mine.catch(() => undefined);
    return mine;
  };
}
