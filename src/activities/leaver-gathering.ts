import type { LeaverCase } from '../domain/leaving';
import { LEAVING_LIST } from '../domain/leaving-list';
import { freezeDue } from './leaver-freeze';
import type { World } from './world';

/** Whoever of a list isn't heard of for so long holds nobody up any more. */
const LONGEST_MS = 10 * 60_000;

/**
 * "Every one frozen before anything else is done for any": whoever is due and known is frozen now, and the rest of a list that has
 * begun is waited for.
 *
 * @returns whether anybody is still missing
 */
export async function isGathering(world: World, now: string): Promise<boolean> {
  const [due] = (await world.store.leavers.inPhase(['announced'])).filter(({ timeZero }) => timeZero <= now);
  if (due) await freezeDue(world, { leaving: due.leaving, actions: ['admin_rights', 'sign_in'], now });
  const missing = await world.store.peopleWaiting(LEAVING_LIST);
  return missing.some(({ since }) => Date.parse(since) > Date.parse(now) - LONGEST_MS);
}

/** These are frozen, or aren't due: the list no longer waits for them. The last of them sets the others going. */
export async function gathered(
  world: Pick<World, 'store' | 'hints'>,
  cases: readonly Pick<LeaverCase, 'employeeId'>[],
): Promise<void> {
  const awaited = new Set(
    (await world.store.peopleWaiting(LEAVING_LIST)).map(({ employeeId }) => employeeId),
  );
  if (awaited.size === 0) return;
  for (const { employeeId } of cases)
    if (awaited.delete(employeeId)) await world.store.stopWaiting(employeeId, LEAVING_LIST);
  if (awaited.size > 0) return;
  for (const { employeeId } of await world.store.leavers.inPhase(['frozen']))
    await world.hints.leaverChanged(`offboarding/${employeeId}`);
}
