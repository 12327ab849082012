import type { SeatPolicy } from '../domain/handbook';
import {
  freeOf,
  isOffered,
  nextServed,
  poolOf,
  seatKey,
  type SeatPool,
  type SeatWant,
} from '../domain/seat-queue';
import type { SeatQueue } from '../evidence/seats';
import type { Connector, GrantItem } from '../systems/connector';
import { readPools, type Reading } from './seat-reading';
import { warnOfFew } from './seat-warning';
import type { World } from './world';

/** One of a batch, and the seat that is wanted for them. */
export interface Asked {
  readonly item: GrantItem;
  readonly want: SeatWant;
}

/** A reading this young may serve again, but only where far more is free than is asked for: people take seats by hand, too. */
const FRESH_MS = 5_000;
const COMFORT = 25;
const kept = new WeakMap<object, Map<string, Reading>>();

/** So often a pool is looked at anew in one go while others change it; then who is not served waits for its next look. */
const LOOKS = 5;

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

/**
 * The pools of one batch: what is free in each is worked out and promised in one transaction, after a look at the system that
 * is close enough for how little is left.
 */
export class SeatPromises {
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
