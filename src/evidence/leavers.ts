import type { Kysely, Selectable } from 'kysely';
import type { IssueRef } from '../domain/access-request';
import type { HandoverRecord as LeaverRecord } from '../domain/handover-record';
import type { LeavingEvent } from '../domain/hr-event';
import type { FoundAccess, LeaverCase, LeaverItem, LeavingPhase } from '../domain/leaving';
import type { LeaverTables } from './leaver-tables';
import { utc } from './row';
import type { Tables } from './tables';

export type { HandoverRecord as LeaverRecord } from '../domain/handover-record';

/** Rows that one statement may carry. */
const BATCH = 100;

/** Where each leaving stands, what must be settled of it, and which records went to whom. */
export class Leavers {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async put(one: LeaverCase): Promise<void> {
    const row = toTable(one);
    const { leaving: _, ...changed } = row;
    await this.#db
      .insertInto('leaver')
      .values({ ...row, lease: null, lease_until: null })
      .onConflict((conflict) => conflict.column('leaving').doUpdateSet(changed))
      .execute();
  }

  async get(leaving: string): Promise<LeaverCase | null> {
    const query = this.#db.selectFrom('leaver').selectAll().where('leaving', '=', leaving);
    const row = await query.executeTakeFirst();
    return row ? fromTable(row) : null;
  }

  /** The leavings of a person, the newest time zero first. */
  async ofPerson(employeeId: string): Promise<readonly LeaverCase[]> {
    const query = this.#db.selectFrom('leaver').selectAll().where('employee_id', '=', employeeId);
    return (await query.orderBy('time_zero', 'desc').execute()).map(fromTable);
  }

  /** The leavings of many, by the person. */
  async ofPeople(employeeIds: readonly string[]): Promise<ReadonlyMap<string, readonly LeaverCase[]>> {
    const found = new Map<string, LeaverCase[]>();
    for (let at = 0; at < employeeIds.length; at += BATCH) {
      const some = employeeIds.slice(at, at + BATCH);
      const query = this.#db.selectFrom('leaver').selectAll().where('employee_id', 'in', some);
      for (const row of await query.execute())
        found.set(row.employee_id, [...(found.get(row.employee_id) ?? []), fromTable(row)]);
    }
    return found;
  }

  /** Those with a time zero within both instants, both included, in its order. */
  async between(from: string, to: string): Promise<readonly LeaverCase[]> {
    const query = this.#db
      .selectFrom('leaver')
      .selectAll()
      .where('time_zero', '>=', utc(from))
      .where('time_zero', '<=', utc(to));
    return (await query.orderBy('time_zero').orderBy('leaving').execute()).map(fromTable);
  }

  /** All in one of these phases, in the order of their time zero. */
  async inPhase(phases: readonly LeavingPhase[]): Promise<readonly LeaverCase[]> {
    const query = this.#db.selectFrom('leaver').selectAll().where('phase', 'in', phases);
    return (await query.orderBy('time_zero').orderBy('leaving').execute()).map(fromTable);
  }

  /**
   * Takes those who are frozen and whom nobody hands over just now, for `holder` until `until`: this one and others, so that
   * many who leave at one hour are handed over together. A holder that comes back gets its own again.
   */
  async lease(holder: string, now: string, until: string, limit: number): Promise<readonly LeaverCase[]> {
    return this.#db.transaction().execute(async (trx) => {
      const free = await trx
        .selectFrom('leaver')
        .select('leaving')
        .where('phase', '=', 'frozen')
        .where('kind', '!=', 'suspension')
        .where((eb) =>
          eb.or([eb('lease', 'is', null), eb('lease', '=', holder), eb('lease_until', '<', utc(now))]),
        )
        .orderBy('time_zero')
        .orderBy('leaving')
        .limit(limit)
        .execute();
      const ids = free.map(({ leaving }) => leaving);
      if (ids.length === 0) return [];
      // The condition stands again: on PostgreSQL somebody else may have come first.
      await trx
        .updateTable('leaver')
        .set({ lease: holder, lease_until: utc(until) })
        .where('leaving', 'in', ids)
        .where((eb) =>
          eb.or([eb('lease', 'is', null), eb('lease', '=', holder), eb('lease_until', '<', utc(now))]),
        )
        .execute();
      const taken = await trx
        .selectFrom('leaver')
        .selectAll()
        .where('lease', '=', holder)
        .where('phase', '=', 'frozen')
        .orderBy('time_zero')
        .orderBy('leaving')
        .execute();
      return taken.map(fromTable);
    });
  }

  /** Holds what `holder` has taken for longer. */
  async renew(holder: string, until: string): Promise<void> {
    await this.#db
      .updateTable('leaver')
      .set({ lease_until: utc(until) })
      .where('lease', '=', holder)
      .execute();
  }

  /** Lets go of all that `holder` has taken. */
  async letGo(holder: string): Promise<void> {
    await this.#db
      .updateTable('leaver')
      .set({ lease: null, lease_until: null })
      .where('lease', '=', holder)
      .execute();
  }

  async items(leaving: string): Promise<readonly LeaverItem[]> {
    return (await this.itemsOf([leaving])).get(leaving) ?? [];
  }

  async itemsOf(leavings: readonly string[]): Promise<ReadonlyMap<string, readonly LeaverItem[]>> {
    const found = new Map<string, LeaverItem[]>();
    for (let at = 0; at < leavings.length; at += BATCH) {
      const rows = await this.#db
        .selectFrom('leaver_item')
        .selectAll()
        .where('leaving', 'in', leavings.slice(at, at + BATCH))
        .orderBy('leaving')
        .orderBy('id')
        .execute();
      for (const row of rows) found.set(row.leaving, [...(found.get(row.leaving) ?? []), itemOf(row)]);
    }
    return found;
  }

  /** Writes items, new ones and changed ones. */
  async putItems(leaving: string, items: readonly LeaverItem[]): Promise<void> {
    const rows = items.map((item) => itemRow(leaving, item));
    for (let at = 0; at < rows.length; at += BATCH)
      await this.#db
        .insertInto('leaver_item')
        .values(rows.slice(at, at + BATCH))
        .onConflict((conflict) =>
          conflict.columns(['leaving', 'id']).doUpdateSet((eb) => ({
            kind: eb.ref('excluded.kind'),
            system: eb.ref('excluded.system'),
            text: eb.ref('excluded.text'),
            status: eb.ref('excluded.status'),
            found: eb.ref('excluded.found'),
            how: eb.ref('excluded.how'),
            by_whom: eb.ref('excluded.by_whom'),
            at: eb.ref('excluded.at'),
            due_at: eb.ref('excluded.due_at'),
            reminded: eb.ref('excluded.reminded'),
            problem: eb.ref('excluded.problem'),
          })),
        )
        .execute();
  }

  async records(leaving: string): Promise<readonly LeaverRecord[]> {
    const query = this.#db.selectFrom('leaver_record').selectAll().where('leaving', '=', leaving);
    return (await query.orderBy('object').orderBy('record_id').execute()).map(recordOf);
  }

  /** How many records that they owned are in which state, by object; rights that were taken (`right/…`) are no records. */
  async recordCounts(
    leaving: string,
  ): Promise<readonly { object: string; what: string; state: string; count: number }[]> {
    const rows = await this.#db
      .selectFrom('leaver_record')
      .select(({ fn }) => ['object', 'what', 'state', fn.countAll<number>().as('count')])
      .where('leaving', '=', leaving)
      .where('object', 'not like', 'right/%')
      .groupBy(['object', 'what', 'state'])
      .orderBy('object')
      .orderBy('what')
      .orderBy('state')
      .execute();
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  /** Writes records, new ones and changed ones. */
  async putRecords(leaving: string, records: readonly LeaverRecord[]): Promise<void> {
    const rows = records.map((record) => recordRow(leaving, record));
    await this.#db.transaction().execute(async (trx) => {
      for (let at = 0; at < rows.length; at += BATCH)
        await trx
          .insertInto('leaver_record')
          .values(rows.slice(at, at + BATCH))
          .onConflict((conflict) =>
            conflict.columns(['leaving', 'object', 'record_id']).doUpdateSet((eb) => ({
              what: eb.ref('excluded.what'),
              from_owner: eb.ref('excluded.from_owner'),
              to_owner: eb.ref('excluded.to_owner'),
              state: eb.ref('excluded.state'),
              code: eb.ref('excluded.code'),
            })),
          )
          .execute();
    });
  }

  /** Addresses that these people had before, in lower case. */
  async formerEmails(employeeIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, string[]>();
    for (let at = 0; at < employeeIds.length; at += BATCH) {
      const rows = await this.#db
        .selectFrom('former_email')
        .selectAll()
        .where('employee_id', 'in', employeeIds.slice(at, at + BATCH))
        .orderBy('email_key')
        .execute();
      for (const row of rows)
        found.set(row.employee_id, [...(found.get(row.employee_id) ?? []), row.email_key]);
    }
    return found;
  }
}

const toTable = (one: LeaverCase): Omit<LeaverTables['leaver'], 'lease' | 'lease_until'> => ({
  leaving: one.leaving,
  employee_id: one.employeeId,
  event: JSON.stringify(one.event),
  kind: one.event.kind,
  phase: one.phase,
  time_zero: utc(one.timeZero),
  policy_version: one.policyVersion,
  frozen_at: one.frozenAt && utc(one.frozenAt),
  taken_at: one.takenAt && utc(one.takenAt),
  ended_at: one.endedAt && utc(one.endedAt),
  issue: one.issue && JSON.stringify(one.issue),
  successor: one.successor,
});

const fromTable = (row: Selectable<LeaverTables['leaver']>): LeaverCase => ({
  leaving: row.leaving,
  employeeId: row.employee_id,
  event: JSON.parse(row.event) as LeavingEvent,
  phase: row.phase as LeavingPhase,
  timeZero: row.time_zero,
  policyVersion: row.policy_version,
  frozenAt: row.frozen_at,
  takenAt: row.taken_at,
  endedAt: row.ended_at,
  issue: row.issue === null ? null : (JSON.parse(row.issue) as IssueRef),
  successor: row.successor,
});

const itemRow = (leaving: string, item: LeaverItem): LeaverTables['leaver_item'] => ({
  leaving,
  id: item.id,
  kind: item.kind,
  system: item.system,
  text: item.text,
  status: item.status,
  found: JSON.stringify(item.found),
  how: item.how,
  by_whom: item.by,
  at: item.at && utc(item.at),
  due_at: utc(item.dueAt),
  reminded: item.reminded,
  problem: item.problem,
});

const itemOf = (row: Selectable<LeaverTables['leaver_item']>): LeaverItem => ({
  id: row.id,
  kind: row.kind as LeaverItem['kind'],
  system: row.system,
  text: row.text,
  status: row.status as LeaverItem['status'],
  found: JSON.parse(row.found) as FoundAccess[],
  how: row.how as LeaverItem['how'],
  by: row.by_whom,
  at: row.at,
  dueAt: row.due_at,
  reminded: row.reminded as LeaverItem['reminded'],
  problem: row.problem,
});

const recordRow = (leaving: string, record: LeaverRecord): LeaverTables['leaver_record'] => ({
  leaving,
  object: record.object,
  record_id: record.recordId,
  what: record.what,
  from_owner: record.fromOwner,
  to_owner: record.toOwner,
  state: record.state,
  code: record.code,
});

const recordOf = (row: Selectable<LeaverTables['leaver_record']>): LeaverRecord => ({
  object: row.object,
  recordId: row.record_id,
  what: row.what as LeaverRecord['what'],
  fromOwner: row.from_owner,
  toOwner: row.to_owner,
  state: row.state as LeaverRecord['state'],
  code: row.code,
});
