import { hasLapsed, isOffered, freeOf, nextServed, poolOf, type SeatWant } from '../domain/seat-queue';
import type { Way } from '../domain/handbook';
import { living } from './faults';
import { readPools, seatPolicy } from './seat-reading';
import { warnOfFew } from './seat-warning';
import type { World } from './world';

export { admit, grantThroughGate, settleSeats, type Admission, type SeatBatch } from './seat-gate';

/** What one look at a pool found. */
export interface PoolLook {
  readonly pool: string;
  /** Null where there are as many as wanted, or the system doesn't have this licence. */
  readonly total: number | null;
  readonly used: number;
  /** Wants in the queue, and how many of them a seat is kept for. */
  readonly waiting: number;
  readonly offered: number;
  /** When the pool is looked at again while somebody waits. */
  readonly everySeconds: number;
}

export interface SeatActivities {
  /** Offers what is free in a pool to the first in its queue, and tells their requests. */
  offerSeats(input: { readonly pool: string }): Promise<PoolLook>;
}

/** How often wants of requests that have ended are found and dropped in one look. */
const ROUNDS = 20;

export function seatActivities(world: World): SeatActivities {
  return {
    offerSeats: living(async ({ pool }) => {
      for (let round = 1; ; round += 1) {
        const { look, untold } = await offer(world, pool);
        const gone = await tell(world, pool, untold);
        // The seats of those who are gone go to the next at once.
        if (gone === 0 || round >= ROUNDS) return look;
      }
    }),
  };
}

/** A request wants seats for these tasks only, or none any more: its other places and offers go to the next. */
export async function releaseSeats(
  world: World,
  workflowId: string,
  stillWanted: readonly string[],
): Promise<void> {
  for (const pool of await world.store.seats.wantedBeyond(workflowId, stillWanted)) {
    const left = await world.store.seats.inTurn(pool, async (queue) => {
      const wants = await queue.wants();
      const theirs = wants.filter(
        (want) => want.workflowId === workflowId && !stillWanted.includes(want.task),
      );
      await queue.leave(theirs);
      await queue.nextTurn();
      return wants.length - theirs.length;
    });
    if (left > 0) await world.hints.seatFreed(pool);
  }
}

/** Seats of these ways came free: whoever waits for one is woken. */
export async function seatsCameFree(world: World, ways: readonly Way[]): Promise<void> {
  for (const key of new Set(ways.flatMap((way) => poolOf(way)?.key ?? []))) {
    if (!(await world.store.seats.pool(key))) continue;
    const waiting = await world.store.seats.inTurn(key, async (queue) => {
      await queue.nextTurn();
      return (await queue.wants()).length;
    });
    if (waiting > 0) await world.hints.seatFreed(key);
  }
}

async function offer(
  world: World,
  key: string,
): Promise<{ readonly look: PoolLook; readonly untold: readonly SeatWant[] }> {
  const policy = seatPolicy(world);
  const known = await world.store.seats.pool(key);
  const everySeconds = policy.checkSeconds;
  const nothing = { pool: key, total: null, used: 0, waiting: 0, offered: 0, everySeconds };
  if (!known) return { look: nothing, untold: [] };
  const reading = (await readPools(world, world.connector(known.connection), [known])).get(key);
  // A licence that is gone keeps nobody waiting: the grant says what is wrong.
  const count = reading?.count ?? { total: null, used: 0 };
  const found = await world.store.seats.inTurn(key, async (queue) => {
    const now = new Date().toISOString();
    const wants = await queue.wants();
    const lapsed = wants.filter((want) => hasLapsed(want, now));
    await queue.lapse(lapsed);
    const waiting = wants.map((want) =>
      hasLapsed(want, now) ? { ...want, offeredUntil: null, lapses: want.lapses + 1 } : want,
    );
    const offers = waiting.filter((want) => isOffered(want, now));
    const free = freeOf(count, offers.length + (await queue.promised(reading?.turn ?? 0, now)));
    const served = nextServed(waiting, free, policy, now);
    await queue.offer(served, new Date(Date.parse(now) + policy.offerMinutes * 60_000).toISOString(), false);
    if (reading) await queue.note(reading.count, reading.at);
    return {
      look: {
        pool: key,
        ...count,
        waiting: waiting.length,
        offered: offers.length + served.length,
        everySeconds,
      },
      untold: [...served, ...offers.filter(({ told }) => !told)],
      left: free - served.length,
    };
  });
  if (Number.isFinite(found.left)) await warnOfFew(world, known, found.left, known.warnedAt, policy);
  return found;
}

/** Tells each request once of its offers; the wants of one that has ended are dropped, and counted. */
async function tell(world: World, pool: string, untold: readonly SeatWant[]): Promise<number> {
  const tasksOf = new Map<string, Set<string>>();
  for (const { workflowId, task } of untold)
    tasksOf.set(workflowId, (tasksOf.get(workflowId) ?? new Set()).add(task));
  let gone = 0;
  for (const [workflowId, tasks] of tasksOf) {
    if (await world.hints.seatOffered(workflowId, [...tasks])) {
      await world.store.seats.wasTold(pool, workflowId, [...tasks]);
      continue;
    }
    gone += 1;
    await world.store.seats.inTurn(pool, async (queue) => {
      await queue.leave((await queue.wants()).filter((want) => want.workflowId === workflowId));
      await queue.nextTurn();
    });
  }
  return gone;
}
