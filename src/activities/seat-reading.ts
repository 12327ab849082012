import { policyOn } from '../domain/day-two';
import type { SeatPolicy } from '../domain/handbook';
import type { SeatCount, SeatPool } from '../domain/seat-queue';
import type { Connector } from '../systems/connector';
import type { World } from './world';

/** A pool as its system counted it. */
export interface Reading {
  /** The pool's turn before the system was asked: what was taken in later turns may be missing. */
  readonly turn: number;
  readonly count: SeatCount;
  readonly at: string;
}

/** Seats are everybody's: the policy of today holds, whatever a request began with. */
export const seatPolicy = (world: Pick<World, 'handbook'>): SeatPolicy =>
  policyOn(world.handbook(), new Date().toISOString().slice(0, 10)).seats;

/** Reads pools from their system; their turns are asked for first. @throws SystemFault */
export async function readPools(
  world: Pick<World, 'store'>,
  connector: Connector,
  pools: readonly SeatPool[],
): Promise<ReadonlyMap<string, Reading>> {
  const turns = await world.store.seats.turns(pools);
  const at = new Date().toISOString();
  const counts = await connector.seats?.count(pools.map(({ kind, licence: name }) => ({ kind, name })));
  return new Map(
    pools.flatMap(({ key, licence }) => {
      const count = counts?.get(licence);
      return count ? [[key, { turn: turns.get(key) ?? 0, count, at }] as const] : [];
    }),
  );
}
