import type { Kysely } from 'kysely';
import { byRun, isRunId, rollbackId, type LeftAccount, type TerritoryRun } from '../domain/territory/run';
import type { DoneTransfer } from '../domain/territory/approved-owner';
import type { AccountTransfer, KeptTransfer } from '../domain/territory/transfer';
import type { Tables } from './tables';

/** A run as it was read, to be written back only if nobody wrote it meanwhile. */
export interface KeptRun {
  readonly run: TerritoryRun;
  readonly turn: number;
}

/** A batch of staging: being written, or done. Whoever repeats it goes on after the last account of what is done. */
export interface KeptBatch {
  readonly n: number;
  /** Id of the last account of it, written or not. */
  readonly last: string;
  readonly rows: number;
  /** Changed by somebody since the plan: not written. */
  readonly left: readonly LeftAccount[];
  /** Salesforce refused these. */
  readonly refused: readonly LeftAccount[];
  /** The bulk job that may be writing it. */
  readonly job: string | null;
  readonly isDone: boolean;
}

export interface StagedByDay {
  readonly accounts: number;
  readonly carrCents: number;
}

/** Runs of territory planning, and what they wrote. */
export class TerritoryRuns {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Keeps a run where there is none of that id. @returns the one that is kept */
  async begin(run: TerritoryRun): Promise<KeptRun> {
    await this.#db
      .insertInto('territory_run')
      .values({ run: run.id, turn: 1, body: JSON.stringify(run) })
      .onConflict((conflict) => conflict.column('run').doNothing())
      .execute();
    const kept = await this.get(run.id);
    if (!kept) throw new Error(`the run ${run.id} was not kept`);
    return kept;
  }

  async get(id: string): Promise<KeptRun | null> {
    const row = await this.#db
      .selectFrom('territory_run')
      .selectAll()
      .where('run', '=', id)
      .executeTakeFirst();
    return row ? { run: JSON.parse(row.body) as TerritoryRun, turn: row.turn } : null;
  }

  /** Ids of all runs that begin so, in their order. */
  async ids(beginning = ''): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom('territory_run').select('run').execute();
    return rows
      .map(({ run }) => run)
      .filter((run) => run.startsWith(beginning))
      .sort(byRun);
  }

  /** Of runs that go on, those that may be writing: no other one begins beside them. One that waits for its approval isn't one. */
  async atWork(running: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const id of running) {
      const kept = await this.get(id);
      // One that isn't kept yet is being planned.
      if (!kept || kept.run.phase === 'approved') found.push(id);
    }
    return found;
  }

  /** Those that planned, were written, and were not put back since: the last first. */
  async *standing(): AsyncGenerator<TerritoryRun> {
    const ids = await this.ids();
    for (const id of ids.filter(isRunId).reverse()) {
      const run = (await this.get(id))?.run;
      if (run?.phase !== 'done') continue;
      const back = (await this.get(rollbackId(id)))?.run.phase;
      if (back !== 'done') yield run;
    }
  }

  /** Writes it back. False where somebody wrote it since it was read: read it again. */
  async put({ run, turn }: KeptRun): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('territory_run')
      .set({ turn: turn + 1, body: JSON.stringify(run) })
      .where('run', '=', run.id)
      .where('turn', '=', turn)
      .executeTakeFirst();
    return Number(numUpdatedRows) === 1;
  }

  /** What was staged by day, between the nights: how many accounts, and their CARR. */
  async stagedOn(day: string): Promise<StagedByDay> {
    const row = await this.#db
      .selectFrom('territory_batch')
      .select('body')
      .where('run', '=', `day/${day}`)
      .executeTakeFirst();
    return row ? (JSON.parse(row.body) as StagedByDay) : { accounts: 0, carrCents: 0 };
  }

  async stagedIs(day: string, staged: StagedByDay): Promise<void> {
    const body = JSON.stringify(staged);
    await this.#db
      .insertInto('territory_batch')
      .values({ run: `day/${day}`, n: 1, body })
      .onConflict((conflict) => conflict.columns(['run', 'n']).doUpdateSet({ body }))
      .execute();
  }

  /** Says how far a batch is: whoever does the run again waits for its job, or goes on after it. */
  async batchIs(run: string, batch: KeptBatch): Promise<void> {
    await this.#db
      .insertInto('territory_batch')
      .values({ run, n: batch.n, body: JSON.stringify(batch) })
      .onConflict((conflict) => conflict.columns(['run', 'n']).doUpdateSet({ body: JSON.stringify(batch) }))
      .execute();
  }

  /** The batches of a run, in order. */
  async batches(run: string): Promise<readonly KeptBatch[]> {
    const rows = await this.#db
      .selectFrom('territory_batch')
      .select('body')
      .where('run', '=', run)
      .orderBy('n')
      .execute();
    return rows.map(({ body }) => JSON.parse(body) as KeptBatch);
  }

  /** Says that these are about to be made; those that are known stay as they were said first. */
  async beginTransfers(run: string, transfers: readonly AccountTransfer[]): Promise<void> {
    for (let from = 0; from < transfers.length; from += ROWS)
      await this.#db
        .insertInto('territory_transfer')
        .values(
          transfers.slice(from, from + ROWS).map((transfer) => ({
            run,
            account_id: transfer.accountId,
            state: 'begun',
            body: JSON.stringify({ transfer, why: null }),
          })),
        )
        .onConflict((conflict) => conflict.columns(['run', 'account_id']).doNothing())
        .execute();
  }

  async transfers(run: string): Promise<readonly KeptTransfer[]> {
    const rows = await this.#db
      .selectFrom('territory_transfer')
      .select(['state', 'body'])
      .where('run', '=', run)
      .orderBy('account_id')
      .execute();
    return rows.map(({ state, body }) => ({
      ...(JSON.parse(body) as Pick<KeptTransfer, 'transfer' | 'why'>),
      state: state as KeptTransfer['state'],
    }));
  }

  /** Which transfers of these accounts were made, by all runs. */
  async doneOf(accountIds: readonly string[]): Promise<readonly DoneTransfer[]> {
    const found: DoneTransfer[] = [];
    for (let from = 0; from < accountIds.length; from += ROWS) {
      const rows = await this.#db
        .selectFrom('territory_transfer')
        .select(['run', 'account_id'])
        .where('account_id', 'in', accountIds.slice(from, from + ROWS))
        .where('state', '=', 'done')
        .orderBy('run')
        .execute();
      found.push(...rows.map(({ run, account_id: accountId }) => ({ run, accountId })));
    }
    return found;
  }

  /** How a transfer came out. One that was said to be done stays so. */
  async transferIs(run: string, { transfer, state, why }: KeptTransfer): Promise<void> {
    await this.#db
      .updateTable('territory_transfer')
      .set({ state, body: JSON.stringify({ transfer, why }) })
      .where('run', '=', run)
      .where('account_id', '=', transfer.accountId)
      .where('state', '!=', 'done')
      .execute();
  }
}

/** A database takes so many values in one statement and more. */
const ROWS = 200;
