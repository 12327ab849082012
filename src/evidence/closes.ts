import type { Kysely } from 'kysely';
import type { CloseCase, KeptRecords } from '../domain/close/close';
import type { Finding } from '../domain/close/findings';
import type { OverdueRow } from '../domain/close/overdue';
import type { ClosedRecord } from '../domain/close/records';
import type { KeptVariance } from '../domain/close/variances';
import type { Tables } from './tables';

/** Rows that one statement may carry. */
const BATCH = 200;

/** Tables of rows that keep their identity. */
type RowTable = 'close_finding' | 'close_variance' | 'close_overdue';

/** A close as it was read, to be written back only if nobody wrote it meanwhile. */
export interface KeptClose {
  readonly close: CloseCase;
  readonly turn: number;
}

/** Where each close stands, and the records of its snapshots. */
export class Closes {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(period: string): Promise<KeptClose | null> {
    const query = this.#db.selectFrom('close_period').selectAll().where('period', '=', period);
    const row = await query.executeTakeFirst();
    return row ? { close: JSON.parse(row.body) as CloseCase, turn: row.turn } : null;
  }

  /** All periods, the newest first. */
  async all(): Promise<readonly CloseCase[]> {
    const rows = await this.#db.selectFrom('close_period').selectAll().orderBy('period', 'desc').execute();
    return rows.map(({ body }) => JSON.parse(body) as CloseCase);
  }

  /** Keeps a close that there wasn't; the one that there is already stays. */
  async begin(close: CloseCase): Promise<KeptClose> {
    await this.#db
      .insertInto('close_period')
      .values({ period: close.period, turn: 1, body: JSON.stringify(close) })
      .onConflict((conflict) => conflict.column('period').doNothing())
      .execute();
    const kept = await this.get(close.period);
    if (!kept) throw new Error(`the close of ${close.period} was not kept`);
    return kept;
  }

  /** Writes it back. False where somebody wrote it since it was read: read it again. */
  async put({ close, turn }: KeptClose): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('close_period')
      .set({ turn: turn + 1, body: JSON.stringify(close) })
      .where('period', '=', close.period)
      .where('turn', '=', turn)
      .executeTakeFirst();
    return Number(numUpdatedRows) === 1;
  }

  /** Every finding of a period, closed ones too. */
  findings(period: string): Promise<readonly Finding[]> {
    return this.#rows<Finding>('close_finding', period);
  }

  /** Keeps findings, each in place of what was kept of it before. */
  keepFindings(period: string, findings: readonly Finding[]): Promise<void> {
    return this.#keepRows('close_finding', period, findings);
  }

  /** Every variance with billing of a period, closed ones too. */
  variances(period: string): Promise<readonly KeptVariance[]> {
    return this.#rows<KeptVariance>('close_variance', period);
  }

  /** Keeps variances, each in place of what was kept of it before. */
  keepVariances(period: string, variances: readonly KeptVariance[]): Promise<void> {
    return this.#keepRows('close_variance', period, variances);
  }

  /** The overdue opportunities of a period's plan. */
  overdue(period: string): Promise<readonly OverdueRow[]> {
    return this.#rows<OverdueRow>('close_overdue', period);
  }

  /** Keeps them, each in place of what was kept of it before. */
  keepOverdue(period: string, rows: readonly OverdueRow[]): Promise<void> {
    return this.#keepRows('close_overdue', period, rows);
  }

  /** Forgets a plan that was never shown to anybody. */
  async forgetOverdue(period: string): Promise<void> {
    await this.#db.deleteFrom('close_overdue').where('period', '=', period).execute();
  }

  async #rows<T>(table: RowTable, period: string): Promise<readonly T[]> {
    const rows = await this.#db
      .selectFrom(table)
      .select('body')
      .where('period', '=', period)
      .orderBy('id')
      .execute();
    return rows.map(({ body }) => JSON.parse(body) as T);
  }

  async #keepRows(table: RowTable, period: string, rows: readonly { readonly id: string }[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (let at = 0; at < rows.length; at += BATCH)
        await trx
          .insertInto(table)
          .values(
            rows.slice(at, at + BATCH).map((row) => ({ period, id: row.id, body: JSON.stringify(row) })),
          )
          .onConflict((conflict) =>
            conflict.columns(['period', 'id']).doUpdateSet((eb) => ({ body: eb.ref('excluded.body') })),
          )
          .execute();
    });
  }

  /** Keeps the records of a snapshot in place of those that were kept by this name before. */
  async keepRecords(period: string, name: KeptRecords, records: readonly ClosedRecord[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx
        .deleteFrom('close_record')
        .where('period', '=', period)
        .where('snapshot', '=', name)
        .execute();
      for (let at = 0; at < records.length; at += BATCH)
        await trx
          .insertInto('close_record')
          .values(
            records.slice(at, at + BATCH).map((record) => ({
              period,
              snapshot: name,
              record_id: record.id,
              body: JSON.stringify(record),
            })),
          )
          .execute();
    });
  }

  async records(period: string, name: KeptRecords): Promise<readonly ClosedRecord[]> {
    const rows = await this.#db
      .selectFrom('close_record')
      .select('body')
      .where('period', '=', period)
      .where('snapshot', '=', name)
      .orderBy('record_id')
      .execute();
    return rows.map(({ body }) => JSON.parse(body) as ClosedRecord);
  }
}
