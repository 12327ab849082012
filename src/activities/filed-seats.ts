import type { Task } from '../domain/access-request';
import { isRemoval } from '../domain/batches';
import type { RequestForecast } from '../domain/filed-plan-text';
import { freeOf, poolOf, type SeatCount, type SeatPool } from '../domain/seat-queue';
import { SystemFault } from '../systems/fault';
import type { ReadWorld } from './world';

/** Which licences these tasks would take for so many people, and how many are free now. */
export async function seatsFor(
  world: ReadWorld,
  tasks: readonly Task[],
  people: number,
): Promise<RequestForecast['seats']> {
  const pools = new Map<string, SeatPool>();
  for (const task of tasks) {
    const pool = isRemoval(task) ? null : poolOf(task.way);
    if (pool) pools.set(pool.key, pool);
  }
  if (pools.size === 0) return [];
  const all = [...pools.values()];
  const counts = await countsOf(world, all);
  return all.map(({ licence }) => {
    const count = counts.get(licence);
    return { licence, needed: people, free: !count || count.total === null ? null : freeOf(count, 0) };
  });
}

/** A plan is worth having though a system is away: then nothing is known of its seats. */
async function countsOf(
  world: ReadWorld,
  pools: readonly SeatPool[],
): Promise<ReadonlyMap<string, SeatCount>> {
  try {
    const { seats } = world.connector('salesforce');
    return (
      (await seats?.count(pools.map(({ kind, licence }) => ({ kind, name: licence })))) ??
      new Map<string, SeatCount>()
    );
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    return new Map<string, SeatCount>();
  }
}
