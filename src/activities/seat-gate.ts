import { poolOf, standingOf, type SeatPool, type SeatReason, type SeatWant } from '../domain/seat-queue';
import {
  outcomeOfFault,
  type AccessOutcome,
  type Begin,
  type Connector,
  type GrantItem,
} from '../systems/connector';
import { SeatPromises, type Asked } from './seat-promises';
import { seatPolicy } from './seat-reading';
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
  const gate = new SeatPromises(world, connector, seatPolicy(world), holder);
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
