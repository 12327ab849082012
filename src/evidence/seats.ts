import type { Kysely, Transaction } from 'kysely';
import type { SeatCount, SeatKey, SeatPool, SeatWant } from '../domain/seat-queue';
import type { Tables } from './tables';

/** A pool as the store last saw it. */
export interface SeenPool extends SeatPool {
  readonly turn: number;
  /** Null before the first reading. */
  readonly seen: (SeatCount & { readonly at: string }) | null;
  readonly warnedAt: string | null;
}

/** Rows in one statement: far below either database's limit of values. */
const CHUNK = 500;
/** A reading that was begun longer ago is never used, so what was taken before needs no mention any more. */
const READING_LASTS_MS = 10 * 60_000;

/** Who waits for licence seats, and what was promised: atomic in the database, for any number of workers. */
export class Seats {
  readonly #db: Kysely<Tables>;
  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** The turns of these pools, which are made known where they aren't yet. Asked for before the system is. */
  async turns(pools: readonly SeatPool[]): Promise<ReadonlyMap<string, number>> {
    const keys = pools.map(({ key }) => key);
    const ask = async () => {
      const rows = await this.#db
        .selectFrom('seat_pool')
        .select(['pool', 'turn'])
        .where('pool', 'in', keys)
        .execute();
      return new Map(rows.map(({ pool, turn }) => [pool, turn]));
    };
    const known = await ask();
    const unknown = pools.filter(({ key }) => !known.has(key));
    if (unknown.length === 0) return known;
    const fresh = unknown.map(({ key, kind, licence }) => ({
      pool: key,
      kind,
      licence,
      turn: 0,
      total: null,
      used: 0,
      read_at: null,
      warned_at: null,
    }));
    await this.#db
      .insertInto('seat_pool')
      .values(fresh)
      .onConflict((conflict) => conflict.column('pool').doNothing())
      .execute();
    return ask();
  }

  /** One thing at a time happens to a pool: `work` sees it as it is, and what it does is done as a whole or not at all. */
  inTurn<T>(pool: string, work: (queue: SeatQueue) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(async (transaction) => {
      // Takes the row's lock in PostgreSQL; SQLite's transaction holds the whole database.
      await transaction
        .updateTable('seat_pool')
        .set((eb) => ({ turn: eb.ref('turn') }))
        .where('pool', '=', pool)
        .execute();
      return work(new SeatQueue(transaction, pool));
    });
  }

  /** Every pool that was ever asked for, by name. */
  async pools(): Promise<readonly SeenPool[]> {
    const rows = await this.#db.selectFrom('seat_pool').selectAll().orderBy('pool').execute();
    return rows.map(seenOf);
  }

  async pool(key: string): Promise<SeenPool | null> {
    const row = await this.#db.selectFrom('seat_pool').selectAll().where('pool', '=', key).executeTakeFirst();
    return row ? seenOf(row) : null;
  }

  /** All wants of a pool, those with an offer too; without order. */
  async wants(pool: string): Promise<readonly SeatWant[]> {
    return new SeatQueue(this.#db, pool).wants();
  }

  /** Seats promised to batches under way. */
  async held(pool: string, now: string): Promise<number> {
    return new SeatQueue(this.#db, pool).promised(Number.MAX_SAFE_INTEGER, now);
  }

  /** Which pools anybody waits for. */
  async wanted(): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom('seat_wait').select('pool').distinct().execute();
    return rows.map(({ pool }) => pool).sort();
  }

  /** In which pools a request wants seats for other tasks than these. */
  async wantedBeyond(workflowId: string, tasks: readonly string[]): Promise<readonly string[]> {
    let query = this.#db
      .selectFrom('seat_wait')
      .select('pool')
      .distinct()
      .where('workflow_id', '=', workflowId);
    if (tasks.length > 0) query = query.where('task', 'not in', [...tasks]);
    return (await query.execute()).map(({ pool }) => pool).sort();
  }

  async wasTold(pool: string, workflowId: string, tasks: readonly string[]): Promise<void> {
    await this.#db
      .updateTable('seat_wait')
      .set({ told: 1 })
      .where('pool', '=', pool)
      .where('workflow_id', '=', workflowId)
      .where('task', 'in', [...tasks])
      .where('offered_until', 'is not', null)
      .execute();
  }

  async warned(pool: string, at: string | null): Promise<void> {
    await this.#db.updateTable('seat_pool').set({ warned_at: at }).where('pool', '=', pool).execute();
  }
}

/** One pool's queue, inside of a transaction of its own. */
export class SeatQueue {
  readonly #db: Kysely<Tables> | Transaction<Tables>;
  constructor(
    db: Kysely<Tables> | Transaction<Tables>,
    private readonly pool: string,
  ) {
    this.#db = db;
  }

  async state(): Promise<{ readonly turn: number; readonly warnedAt: string | null }> {
    const { turn, warned_at } = await this.#db
      .selectFrom('seat_pool')
      .select(['turn', 'warned_at'])
      .where('pool', '=', this.pool)
      .executeTakeFirstOrThrow();
    return { turn, warnedAt: warned_at };
  }

  async wants(): Promise<readonly (SeatWant & { readonly told: boolean })[]> {
    const rows = await this.#db.selectFrom('seat_wait').selectAll().where('pool', '=', this.pool).execute();
    return rows.map((row) => ({
      request: row.request,
      workflowId: row.workflow_id,
      task: row.task,
      employeeId: row.employee_id,
      class: row.class,
      startsOn: row.starts_on,
      since: row.since,
      offeredUntil: row.offered_until,
      lapses: row.lapses,
      told: row.told === 1,
    }));
  }

  /** Seats promised to batches, and those taken since a reading of the system that was begun in `turn`. */
  async promised(turn: number, now: string): Promise<number> {
    const row = await this.#db
      .selectFrom('seat_hold')
      .select((eb) => eb.fn.sum<number | string | null>('seats').as('seats'))
      .where('pool', '=', this.pool)
      .where('until', '>', now)
      .where((eb) => eb.or([eb('turn', 'is', null), eb('turn', '>', turn)]))
      .executeTakeFirst();
    return Number(row?.seats ?? 0);
  }

  /** Puts wants in the queue; one that stands there already keeps its place and its offer. */
  async join(wants: readonly SeatWant[]): Promise<void> {
    for (const some of chunks(wants))
      await this.#db
        .insertInto('seat_wait')
        .values(
          some.map((want) => ({
            pool: this.pool,
            workflow_id: want.workflowId,
            task: want.task,
            employee_id: want.employeeId,
            request: want.request,
            class: want.class,
            starts_on: want.startsOn,
            since: want.since,
            offered_until: want.offeredUntil,
            told: 0,
            lapses: want.lapses,
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['pool', 'workflow_id', 'task', 'employee_id']).doNothing(),
        )
        .execute();
  }

  /** Keeps a seat for each until then. `told`: their workflow is at it already. */
  offer(wants: readonly SeatKey[], until: string, told: boolean): Promise<void> {
    return this.#set(wants, () => ({ offered_until: until, told: told ? 1 : 0 }));
  }

  /** Gives their offers back: they wait again, at their old place. */
  waitAgain(wants: readonly SeatKey[]): Promise<void> {
    return this.#set(wants, () => ({ offered_until: null, told: 0, lapses: 0 }));
  }

  /** The same for offers that nobody took: the next are served before them. */
  lapse(wants: readonly (SeatKey & Pick<SeatWant, 'lapses'>)[]): Promise<void> {
    return this.#set(wants, (lapses) => ({ offered_until: null, told: 0, lapses: lapses + 1 }));
  }

  async leave(wants: readonly SeatKey[]): Promise<void> {
    for (const { workflowId, task, people } of byTask(wants))
      for (const some of chunks(people))
        await this.#db
          .deleteFrom('seat_wait')
          .where('pool', '=', this.pool)
          .where('workflow_id', '=', workflowId)
          .where('task', '=', task)
          .where('employee_id', 'in', [...some])
          .execute();
  }

  /** Promises seats to a batch until then. */
  async hold(holder: string, seats: number, until: string): Promise<void> {
    if (seats === 0) return;
    await this.#db
      .insertInto('seat_hold')
      .values({ pool: this.pool, holder, seats, until, turn: null })
      .execute();
  }

  /** Takes back what an earlier try of a batch was promised, and says how much: it ended without a word. */
  async release(holder: string): Promise<number> {
    const row = await this.#db
      .deleteFrom('seat_hold')
      .where('pool', '=', this.pool)
      .where('holder', '=', holder)
      .returning('seats')
      .executeTakeFirst();
    return row?.seats ?? 0;
  }

  /** Ends a batch's promise: so many seats were taken, by its own or by earlier offers. A new turn begins. */
  async settle(holder: string, taken: number, now: string): Promise<void> {
    const turn = await this.nextTurn();
    await this.#db
      .deleteFrom('seat_hold')
      .where('pool', '=', this.pool)
      .where((eb) => eb.or([eb('holder', '=', holder), eb('until', '<=', now)]))
      .execute();
    if (taken === 0) return;
    const until = new Date(Date.parse(now) + READING_LASTS_MS).toISOString();
    await this.#db
      .insertInto('seat_hold')
      .values({ pool: this.pool, holder: `${holder}#${turn}`, seats: taken, until, turn })
      .execute();
  }

  /** Something changed how many seats are free: who read the system before reads it again. */
  async nextTurn(): Promise<number> {
    const { turn } = await this.#db
      .updateTable('seat_pool')
      .set((eb) => ({ turn: eb('turn', '+', 1) }))
      .where('pool', '=', this.pool)
      .returning('turn')
      .executeTakeFirstOrThrow();
    return turn;
  }

  async note({ total, used }: SeatCount, readAt: string): Promise<void> {
    await this.#db
      .updateTable('seat_pool')
      .set({ total, used, read_at: readAt })
      .where('pool', '=', this.pool)
      .execute();
  }

  async #set(
    wants: readonly (SeatKey & { readonly lapses?: number })[],
    values: (lapses: number) => Partial<Tables['seat_wait']>,
  ): Promise<void> {
    for (const { workflowId, task, lapses, people } of byTask(wants))
      for (const some of chunks(people))
        await this.#db
          .updateTable('seat_wait')
          .set(values(lapses))
          .where('pool', '=', this.pool)
          .where('workflow_id', '=', workflowId)
          .where('task', '=', task)
          .where('employee_id', 'in', [...some])
          .execute();
  }
}

interface TaskWants {
  readonly workflowId: string;
  readonly task: string;
  readonly lapses: number;
  readonly people: string[];
}

/** A crowd's wants are of few tasks: one statement for each serves hundreds of people. */
function byTask(wants: readonly (SeatKey & { readonly lapses?: number })[]): readonly TaskWants[] {
  const groups = new Map<string, TaskWants>();
  for (const { workflowId, task, employeeId, lapses = 0 } of wants) {
    const key = JSON.stringify([workflowId, task, lapses]);
    const group = groups.get(key) ?? { workflowId, task, lapses, people: [] };
    group.people.push(employeeId);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += CHUNK) yield all.slice(from, from + CHUNK);
}

const seenOf = (row: Tables['seat_pool']): SeenPool => ({
  key: row.pool,
  connection: 'salesforce',
  kind: row.kind as SeatPool['kind'], // written from a SeatPool
  licence: row.licence,
  turn: row.turn,
  seen: row.read_at === null ? null : { total: row.total, used: row.used, at: row.read_at },
  warnedAt: row.warned_at,
});
