import type { SeatPolicy } from '../domain/handbook';
import {
  freeOf,
  isOffered,
  nextServed,
  poolOf,
  seatKey,
  standingOf,
  type SeatPool,
  type SeatReason,
  type SeatWant,
} from '../domain/seat-queue';
import type { SeatQueue } from '../evidence/seats';
import {
  outcomeOfFault,
  type AccessOutcome,
  type Begin,
  type Connector,
  type GrantItem,
} from '../systems/connector';
import { readPools, seatPolicy, type Reading } from './seat-reading';
import { warnOfFew } from './seat-warning';
import type { World } from './world';

/** Whose batch it is that wants seats. */
export interface SeatBatch {
  /** `project#iid` */
  readonly request: string;
  readonly workflowId: string;
  /** The same for every try of the same grant: what one try was promised, the next one has. */
  readonly activityId: string;
  readonly reason: SeatReason;
  readonly taskOf: (item: GrantItem) => string;
  /** `YYYY-MM-DD`, or null where none is known. */
  readonly startDateOf: (employeeId: string) => string | null;
}

/** Who may try, who waits and with which outcome. Who is in neither hangs on one who waits, and is asked for after them. */
export interface Admission {
  readonly go: readonly GrantItem[];
  readonly wait: ReadonlyMap<string, AccessOutcome>;
  /** What was promised, by pool: for `settleSeats`. */
  readonly promises: readonly PoolPromise[];
  readonly holder: string;
}

interface PoolPromise {
  readonly pool: SeatPool;
  readonly members: readonly Asked[];
}

interface Asked {
  readonly item: GrantItem;
  readonly want: SeatWant;
}

/** A reading this young may serve again, but only where far more is free than is asked for: people take seats by hand, too. */
const FRESH_MS = 5_000;
const COMFORT = 25;
const kept = new WeakMap<object, Map<string, Reading>>();

/** So often a pool is looked at anew in one go while others change it; then who is not served waits for its next look. */
const LOOKS = 5;

/** Grants a batch through the gate of its pools: an outcome for each that was tried, and for each that waits for a seat. */
export async function grantThroughGate(
  world: World,
  connector: Connector,
  batch: SeatBatch,
  items: readonly GrantItem[],
  begin: Begin,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const admission = await admit(world, connector, batch, items);
  const { go, wait } = admission;
  const outcomes =
    go.length === 0
      ? new Map<string, AccessOutcome>()
      : await connector.grant(go, begin).catch((error: unknown) => {
          const outcome = outcomeOfFault(error);
          return new Map(go.map(({ id }) => [id, outcome]));
        });
  await settleSeats(world, admission, outcomes);
  return new Map([...outcomes, ...wait]);
}

/**
 * Decides who of a batch may try to take a licence seat. One seat is never promised to two: what is free is what the system
 * counts, less what is promised or was taken since, and that is worked out and written down in one transaction for each pool.
 * Whoever holds the seat already goes on freely; who isn't served joins the queue, whose place they keep until they are.
 */
export async function admit(
  world: World,
  connector: Connector,
  batch: SeatBatch,
  items: readonly GrantItem[],
): Promise<Admission> {
  const holder = `${batch.workflowId}/${batch.activityId}`;
  const { seats } = connector;
  const pooled = items.filter((item) => poolOf(item.access.way));
  const go = items.filter((item) => !poolOf(item.access.way));
  const wait = new Map<string, AccessOutcome>();
  const promises: PoolPromise[] = [];
  if (!seats || pooled.length === 0) return { go: items, wait, promises, holder };
  const gate = new Gate(world, connector, seatPolicy(world), holder);
  try {
    await gate.readKept(pooled);
    const waiting = new Set<string>();
    // Users first: whose user waits takes no other seat meanwhile.
    for (const [pool, members] of inOrder(batch, pooled)) {
      const able = members.filter(({ want }) => !waiting.has(want.employeeId));
      if (able.length === 0) continue;
      const { served, free } = await gate.enter(pool, able);
      promises.push({ pool, members: [...served, ...free] });
      go.push(...served.map(({ item }) => item), ...free.map(({ item }) => item));
      const gone = new Set([...served, ...free]);
      for (const one of able.filter((member) => !gone.has(member))) {
        wait.set(one.item.id, { kind: 'waiting_for_seat', licence: pool.licence });
        if (pool.kind === 'salesforce-user') waiting.add(one.want.employeeId);
      }
    }
  } catch (error) {
    const outcome = outcomeOfFault(error);
    const tried = new Set(go);
    for (const item of pooled) if (!tried.has(item) && !wait.has(item.id)) wait.set(item.id, outcome);
  }
  const admitted = new Set(go);
  return { go: items.filter((item) => admitted.has(item)), wait, promises, holder };
}

/**
 * What came of those who were admitted: a seat that was taken is theirs, one that wasn't is given back at once and goes to the
 * next. Whom somebody forestalled by hand waits again, at their old place.
 */
export async function settleSeats(
  world: World,
  { promises, holder }: Admission,
  outcomes: ReadonlyMap<string, AccessOutcome>,
): Promise<void> {
  const now = new Date().toISOString();
  for (const { pool, members } of promises) {
    const kindOf = ({ item }: Asked) => outcomes.get(item.id)?.kind;
    const wantsOf = (...kinds: readonly (AccessOutcome['kind'] | undefined)[]) =>
      members.filter((one) => kinds.includes(kindOf(one))).map(({ want }) => want);
    const forestalled = wantsOf('waiting_for_seat');
    // Not answered, or not tried: asked for again soon, from the place that they may have had.
    const later = wantsOf('waiting_for_system', undefined);
    const stay = new Set([...forestalled, ...later]);
    const anybody = await world.store.seats.inTurn(pool.key, async (queue) => {
      await queue.join(forestalled.map((want) => ({ ...want, offeredUntil: null })));
      await queue.waitAgain([...forestalled, ...later]);
      await queue.leave(members.map(({ want }) => want).filter((want) => !stay.has(want)));
      await queue.settle(holder, wantsOf('granted').length, now);
      return (await queue.wants()).length > 0;
    });
    if (!anybody) continue;
    // Looking at once where all were forestalled would find the same again.
    if (forestalled.length === members.length) await world.hints.seatWanted(pool.key);
    else await world.hints.seatFreed(pool.key);
  }
}

function inOrder(batch: SeatBatch, items: readonly GrantItem[]): readonly [SeatPool, readonly Asked[]][] {
  const at = new Date().toISOString();
  const pools = new Map<string, [SeatPool, Asked[]]>();
  for (const item of items) {
    const pool = poolOf(item.access.way);
    if (!pool) continue;
    const { employeeId } = item.person;
    const want: SeatWant = {
      request: batch.request,
      workflowId: batch.workflowId,
      task: batch.taskOf(item),
      employeeId,
      ...standingOf(batch.reason, batch.startDateOf(employeeId), at),
      since: at,
      offeredUntil: null,
      lapses: 0,
    };
    const [, members] = pools.get(pool.key) ?? [pool, []];
    pools.set(pool.key, [pool, [...members, { item, want }]]);
  }
  return [...pools.values()].sort(
    ([one], [other]) => Number(other.kind === 'salesforce-user') - Number(one.kind === 'salesforce-user'),
  );
}

/** What one transaction found: who is served, or that the pool must be looked at more closely first. */
type Entry =
  | {
      readonly kind: 'served';
      readonly served: readonly Asked[];
      /** Others wait whose turn has come, too. */
      readonly others: boolean;
      readonly left: number;
      readonly warnedAt: string | null;
    }
  | { readonly kind: 'read_again' }
  | { readonly kind: 'who_holds' };

/** How closely the pool was looked at. */
interface Look {
  readonly exact: boolean;
  readonly holdersKnown: boolean;
  readonly last: boolean;
}

/** The gate of all pools of one batch. */
class Gate {
  readonly #readings: Map<string, Reading>;
  /** Pools that this batch read itself. */
  readonly #read = new Set<string>();
  /** What an earlier try of this batch was promised, by pool: it comes before what others wait for. */
  readonly #promisedBefore = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly connector: Connector,
    private readonly policy: SeatPolicy,
    private readonly holder: string,
  ) {
    this.#readings = new Map(kept.get(world.store));
  }

  /** Takes readings that are young enough; reads the others in one go. */
  async readKept(items: readonly GrantItem[]): Promise<void> {
    const old = new Date(Date.now() - FRESH_MS).toISOString();
    for (const [key, { at }] of this.#readings) if (at < old) this.#readings.delete(key);
    const pools = new Map(
      items.flatMap((item) => {
        const pool = poolOf(item.access.way);
        return pool && !this.#readings.has(pool.key) ? [[pool.key, pool] as const] : [];
      }),
    );
    await this.#readNow([...pools.values()]);
  }

  /** `served` were promised a seat; `free` need none of ours. */
  async enter(
    pool: SeatPool,
    asked: readonly Asked[],
  ): Promise<{ readonly served: readonly Asked[]; readonly free: readonly Asked[] }> {
    let holders: ReadonlySet<string> | null = null;
    for (let looks = 1; ; looks += 1) {
      const reading = this.#readings.get(pool.key);
      // A licence that the system doesn't have is for the grant to name.
      if (!reading || reading.count.total === null) return { served: [], free: asked };
      const [free, rest] = parted(asked, ({ item }) => holders?.has(item.id) ?? false);
      const look = { exact: this.#read.has(pool.key), holdersKnown: holders !== null, last: looks >= LOOKS };
      const entry = await this.#try(pool, reading, rest, look);
      if (entry.kind === 'served') {
        await this.#tell(pool, entry, rest);
        return { served: entry.served, free };
      }
      if (entry.kind === 'who_holds')
        holders = (await this.connector.seats?.holders(asked.map(({ item }) => item))) ?? new Set();
      await this.#readNow([pool]);
    }
  }

  async #tell(pool: SeatPool, entry: Entry & { kind: 'served' }, asked: readonly Asked[]): Promise<void> {
    if (entry.others) await this.world.hints.seatFreed(pool.key);
    else if (entry.served.length < asked.length) await this.world.hints.seatWanted(pool.key);
    await warnOfFew(this.world, pool, entry.left, entry.warnedAt, this.policy);
  }

  #try(pool: SeatPool, reading: Reading, asked: readonly Asked[], look: Look): Promise<Entry> {
    const now = new Date().toISOString();
    const until = later(now, this.policy.offerMinutes);
    return this.world.store.seats.inTurn(pool.key, async (queue): Promise<Entry> => {
      const before = (this.#promisedBefore.get(pool.key) ?? 0) + (await queue.release(this.holder));
      this.#promisedBefore.set(pool.key, before);
      const { turn, warnedAt } = await queue.state();
      const here = await this.#here(queue, reading, asked, now);
      const wanted = here.waiting.length + here.others.length;
      if (!look.last) {
        const comfortable = here.free >= wanted * 2 + COMFORT && here.others.length === 0;
        if (!look.exact && !comfortable) return { kind: 'read_again' };
        if (here.free < wanted && !look.holdersKnown) return { kind: 'who_holds' };
        if (here.free < wanted && turn !== reading.turn) return { kind: 'read_again' };
      }
      const first = here.fresh.slice(0, Math.min(before, here.free));
      const rest = [...here.others, ...here.waiting.filter((want) => !first.includes(want))];
      const next = [...first, ...nextServed(rest, here.free - first.length, this.policy, now)];
      const promised = new Set([...next, ...here.offered].map(seatKey));
      const [served, unserved] = parted(asked, ({ want }) => promised.has(seatKey(want)));
      const [known, fresh] = parted(served, ({ want }) => here.queued.has(seatKey(want)));
      await queue.offer(
        known.map(({ want }) => want),
        until,
        true,
      );
      await queue.hold(this.holder, fresh.length, until);
      const wants = unserved.map(({ want }) => want);
      await queue.join(wants);
      await queue.waitAgain(wants.filter((want) => here.queued.has(seatKey(want))));
      await queue.note(reading.count, reading.at);
      const others = new Set(here.others);
      return {
        kind: 'served',
        served,
        others: next.some((want) => others.has(want)),
        left: here.free - next.length,
        warnedAt,
      };
    });
  }

  /** The pool as it stands, and this batch in it. */
  async #here(queue: SeatQueue, reading: Reading, asked: readonly Asked[], now: string) {
    const ours = new Set(asked.map(({ want }) => seatKey(want)));
    const all = await queue.wants();
    const [mine, theirs] = parted<SeatWant>(all, (want) => ours.has(seatKey(want)));
    const [offered, asking] = parted(mine, (want) => isOffered(want, now));
    const queued = new Set(mine.map(seatKey));
    const fresh = asked.map(({ want }) => want).filter((want) => !queued.has(seatKey(want)));
    const offers = all.filter((want) => isOffered(want, now)).length;
    return {
      queued,
      offered,
      fresh,
      // Who asks again shows that they are there: an offer that went by is forgotten.
      waiting: [...asking.map((want) => ({ ...want, lapses: 0 })), ...fresh],
      others: theirs.filter((want) => !isOffered(want, now)),
      free: freeOf(reading.count, offers + (await queue.promised(reading.turn, now))),
    };
  }

  async #readNow(pools: readonly SeatPool[]): Promise<void> {
    if (pools.length === 0) return;
    for (const { key } of pools) this.#read.add(key);
    for (const [key, reading] of await readPools(this.world, this.connector, pools))
      this.#readings.set(key, reading);
    kept.set(this.world.store, new Map(this.#readings));
  }
}

function parted<T>(all: readonly T[], fits: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const one of all) (fits(one) ? yes : no).push(one);
  return [yes, no];
}

const later = (at: string, minutes: number): string =>
  new Date(Date.parse(at) + minutes * 60_000).toISOString();
