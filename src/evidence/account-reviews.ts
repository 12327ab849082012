import type { Kysely, SelectQueryBuilder } from 'kysely';
import { isReviewSettled, valuesStand, type Review } from '../domain/territory/review';
import { textOf } from './dialect-text';
import type { Dialect } from './migrations';
import type { Tables } from './tables';

/** Reviews of accounts, and what owners were told of moves. */
export interface ReviewTables {
  /** `turn` goes up with each write; `asker` is the Salesforce id of who asks; `standing` is 1 until it is settled, and 2 while its values stand. */
  account_review: {
    account_id: string;
    n: number;
    turn: number;
    asker: string;
    standing: number;
    body: string;
  };
  /** What somebody was told once: `what` names it, `who` by the CRM's id. */
  territory_told: { what: string; who: string; at: string };
}

export async function createReviewTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('account_review')
    .addColumn('account_id', text, (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('asker', text, (c) => c.notNull())
    .addColumn('standing', 'integer', (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('account_review_key', ['account_id', 'n'])
    .execute();
  await db.schema.createIndex('account_review_asker').on('account_review').column('asker').execute();
  await db.schema.createIndex('account_review_standing').on('account_review').column('standing').execute();
  await db.schema
    .createTable('territory_told')
    .addColumn('what', text, (c) => c.notNull())
    .addColumn('who', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('territory_told_key', ['what', 'who'])
    .execute();
}

/** A review as it was read, to be written back only if nobody wrote it meanwhile. */
export interface KeptReview {
  readonly review: Review;
  readonly turn: number;
}

/** Two who begin one at the same time get two numbers, of which the second is not begun: so often another one is tried. */
const TRIES = 10;

/** Reviews of accounts by account and number. One of an account stands at a time. */
type Bodies = SelectQueryBuilder<Tables, 'account_review', { body: string }>;

export class AccountReviews {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Keeps a review under the next number of its account; the one that stands, where there is one. */
  async begin(accountId: string, numbered: (n: number) => Review): Promise<Review> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const last = (await this.of(accountId)).at(-1);
      if (last && !isReviewSettled(last)) return last;
      const review = numbered((last?.n ?? 0) + 1);
      const { numInsertedOrUpdatedRows } = await this.#db
        .insertInto('account_review')
        .values({ ...columnsOf(review), account_id: accountId, n: review.n, turn: 1 })
        .onConflict((conflict) => conflict.columns(['account_id', 'n']).doNothing())
        .executeTakeFirst();
      if (Number(numInsertedOrUpdatedRows) === 1) return review;
    }
    throw new Error(`a review of ${accountId} found no number`);
  }

  async get(accountId: string, n: number): Promise<KeptReview | null> {
    const row = await this.#db
      .selectFrom('account_review')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('n', '=', n)
      .executeTakeFirst();
    return row ? { review: JSON.parse(row.body) as Review, turn: row.turn } : null;
  }

  /** All of an account, by number. */
  async of(accountId: string): Promise<readonly Review[]> {
    return this.#read((query) => query.where('account_id', '=', accountId));
  }

  /** All of these accounts, by account and number. */
  async ofAll(accountIds: readonly string[]): Promise<readonly Review[]> {
    const found: Review[] = [];
    for (let from = 0; from < accountIds.length; from += IDS) {
      const ids = accountIds.slice(from, from + IDS);
      found.push(...(await this.#read((query) => query.where('account_id', 'in', ids))));
    }
    return found;
  }

  /** All that somebody asked for, by the CRM's id of who. */
  async ofAsker(asker: string): Promise<readonly Review[]> {
    return this.#read((query) => query.where('asker', '=', asker));
  }

  /** All that aren't settled yet. */
  async standing(): Promise<readonly Review[]> {
    return this.#read((query) => query.where('standing', '=', 1));
  }

  /** Approved ones whose values stand on their account. */
  async withValues(): Promise<readonly Review[]> {
    return this.#read((query) => query.where('standing', '=', VALUES_STAND));
  }

  /** By account and number. */
  async #read(of: (query: Bodies) => Bodies): Promise<readonly Review[]> {
    const query = of(this.#db.selectFrom('account_review').select('body'));
    const rows = await query.orderBy('account_id').orderBy('n').execute();
    return rows.map(({ body }) => JSON.parse(body) as Review);
  }

  /** Writes it back. False where somebody wrote it since it was read: read it again. */
  async put({ review, turn }: KeptReview): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('account_review')
      .set({ ...columnsOf(review), turn: turn + 1 })
      .where('account_id', '=', review.accountId)
      .where('n', '=', review.n)
      .where('turn', '=', turn)
      .executeTakeFirst();
    return Number(numUpdatedRows) === 1;
  }

  /** Who was told of these. */
  async told(what: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#db.selectFrom('territory_told').selectAll().where('what', '=', what).execute();
    return new Map(rows.map(({ who, at }) => [who, at]));
  }

  async keepTold(what: string, who: string, at: string): Promise<void> {
    await this.#db
      .insertInto('territory_told')
      .values({ what, who, at })
      .onConflict((conflict) => conflict.columns(['what', 'who']).doNothing())
      .execute();
  }
}

const VALUES_STAND = 2;
/** A database takes so many values in one statement and more. */
const IDS = 500;

const columnsOf = (review: Review) => ({
  asker: review.form.by ?? '',
  standing: isReviewSettled(review) ? (valuesStand(review) ? VALUES_STAND : 0) : 1,
  body: JSON.stringify(review),
});
