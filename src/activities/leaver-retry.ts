import { isSettled, type LeaverCase } from '../domain/leaving';
import { endUsers } from './leaver-ending';
import { userSystem } from './leaver-estates';
import { handOverAll } from './leaver-handover';
import { endSystems } from './leaver-systems';
import type { World } from './world';

/**
 * Tries again what was refused before: records that nobody took, users whose deactivation something blocked, and access system by
 * system.
 */
export async function tryAgain(world: World, cases: readonly LeaverCase[]): Promise<void> {
  const taken = cases.filter(({ takenAt }) => takenAt !== null);
  const unfinished: LeaverCase[] = [];
  for (const one of taken) if (await ownsStill(world, one)) unfinished.push(one);
  if (unfinished.length > 0) await handOverAll(world, unfinished);
  const items = await world.store.leavers.itemsOf(taken.map(({ leaving }) => leaving));
  const open = taken.filter(({ leaving }) => (items.get(leaving) ?? []).some((item) => !isSettled(item)));
  if (open.length === 0) return;
  await endUsers(world, open);
  await endSystems(world, open);
}

/** Their user isn't ended, or a record of theirs was refused: what is theirs is looked at again. */
async function ownsStill(world: World, { leaving }: LeaverCase): Promise<boolean> {
  const { leavers } = world.store;
  const key = userSystem(world.handbook())?.key;
  const user = (await leavers.items(leaving)).find(({ id }) => id === key);
  if (user && !isSettled(user)) return true;
  return (await leavers.recordCounts(leaving)).some(
    ({ state }) => state === 'refused' || state === 'planned',
  );
}
