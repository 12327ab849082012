import { isSettled, type LeaverCase } from '../domain/leaving';
import { endUsers } from './leaver-handover';
import { endSystems } from './leaver-systems';
import type { World } from './world';

/** Tries again what was refused before: deactivating users that something blocked, and taking access system by system. */
export async function tryAgain(world: World, cases: readonly LeaverCase[]): Promise<void> {
  const taken = cases.filter(({ takenAt }) => takenAt !== null);
  if (taken.length === 0) return;
  const items = await world.store.leavers.itemsOf(taken.map(({ leaving }) => leaving));
  const open = taken.filter(({ leaving }) => (items.get(leaving) ?? []).some((item) => !isSettled(item)));
  if (open.length === 0) return;
  await endUsers(world, open);
  await endSystems(world, open);
}
