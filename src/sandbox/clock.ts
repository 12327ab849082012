import type { World } from './world';

/** Milliseconds that the sandbox's clock is ahead of the real one; survives a restart. */
export const aheadIn = (world: World): number => world.table<number>('clock').get('ahead') ?? 0;

/** The time in the sandbox's world. */
export const timeIn = (world: World): Date => new Date(Date.now() + aheadIn(world));

/** Puts the clock forward, so that a month can be played in minutes. Never back: a system's stamps only grow. */
export function putForward(world: World, to: Date): boolean {
  const ahead = to.getTime() - Date.now();
  if (ahead < aheadIn(world)) return false;
  world.table<number>('clock').put('ahead', ahead);
  return true;
}
