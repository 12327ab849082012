import { isSettled, type FoundAccess, type LeaverCase, type LeaverItem } from '../domain/leaving';
import { SystemFault } from '../systems/fault';
import type { LeaverAccess, LeaverOutcome } from '../systems/leavers';
import { userAccounts, userSystem } from './leaver-estates';
import { noteEnded } from './leaver-record';
import { isHeld } from './leaver-steps';
import { seatsCameFree } from './seats';
import type { World } from './world';

/**
 * Deactivates their users, and reads it back: that frees the licence. What is in the way becomes a named step; the user stays frozen,
 * and it is tried again when the step is ticked, and daily.
 */
export async function endUsers(world: World, cases: readonly LeaverCase[]): Promise<void> {
  const { leavers } = world.connector('salesforce');
  if (!leavers) return;
  const people = await world.store.peopleById(cases.map(({ employeeId }) => employeeId));
  const items = await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving));
  const system = userSystem(world.handbook())?.key;
  const open = cases.flatMap((one) => {
    const all = items.get(one.leaving) ?? [];
    const item = all.find(({ id }) => id === system);
    return item && !isSettled(item) && !isHeld(all) ? [{ one, item, all }] : [];
  });
  const accounts = open.flatMap(({ item }) => userAccounts(item));
  if (accounts.length === 0) return;
  const outcomes = await endAll(leavers, accounts);
  let freed = false;
  for (const { one, item, all } of open) {
    const person = people.get(one.employeeId);
    if (!person) continue;
    const theirs = userAccounts(item).flatMap(({ accountId }) => {
      const outcome = outcomes.get(accountId);
      return outcome ? [outcome] : [];
    });
    if (theirs.length === 0) continue;
    const blocked = theirs.find((outcome) => outcome.kind === 'refused');
    const away = theirs.find((outcome) => outcome.kind === 'waiting_for_system');
    if (blocked?.kind === 'refused') await block(world, one, item, all, blocked);
    else if (away?.kind === 'waiting_for_system')
      await world.store.leavers.putItems(one.leaving, [
        { ...item, problem: `${away.system} does not answer: ${away.code}` },
      ]);
    else {
      const done: LeaverItem = {
        ...item,
        status: 'revoked',
        how: 'verified',
        by: 'daytwo',
        at: new Date().toISOString(),
        problem: null,
      };
      const solved = all
        .filter(({ kind, status }) => kind === 'blocker' && status === 'open')
        .map((blocker): LeaverItem => ({
          ...blocker,
          status: 'done',
          how: 'verified',
          by: 'daytwo',
          at: done.at,
        }));
      await world.store.leavers.putItems(one.leaving, [done, ...solved]);
      await noteEnded(world, one, person, done);
      freed = true;
    }
  }
  if (freed) await seatsCameFree(world, [{ kind: 'salesforce-user' }]);
}

/** A fault that no retry mends is what stands in the way of each; the rest of their access goes nevertheless. */
async function endAll(
  leavers: LeaverAccess,
  accounts: readonly FoundAccess[],
): Promise<ReadonlyMap<string, LeaverOutcome>> {
  try {
    return await leavers.end(accounts);
  } catch (error) {
    if (!(error instanceof SystemFault) || error.retryable) throw error;
    const refused = {
      kind: 'refused',
      code: error.code,
      blocker: `Salesforce refused: ${error.code}`,
      mend: 'Look there, or do it by hand; then tick this.',
    } as const;
    return new Map(accounts.map(({ accountId }) => [accountId, refused]));
  }
}

async function block(
  world: World,
  one: LeaverCase,
  item: LeaverItem,
  all: readonly LeaverItem[],
  { code, blocker, mend }: { readonly code: string; readonly blocker: string; readonly mend: string },
): Promise<void> {
  const id = `blocker/salesforce/${blocker
    .replace(/[^a-z]+/gi, '-')
    .toLowerCase()
    .slice(0, 60)}`;
  const known = all.find((other) => other.id === id);
  const others = all
    .filter((other) => other.kind === 'blocker' && other.id !== id && other.status === 'open')
    .map((other): LeaverItem => ({
      ...other,
      status: 'done',
      how: 'verified',
      by: 'daytwo',
      at: new Date().toISOString(),
    }));
  await world.store.leavers.putItems(one.leaving, [
    { ...item, problem: `the user is frozen, but not deactivated: ${blocker}` },
    ...others,
    {
      id,
      kind: 'blocker',
      system: 'salesforce',
      text: `Salesforce does not deactivate the user, since ${blocker}. ${mend}`,
      status: 'open',
      found: [],
      how: null,
      by: null,
      at: null,
      dueAt: item.dueAt,
      reminded: known?.reminded ?? 0,
      problem: known && isSettled(known) ? `it is in the way still: ${code}` : null,
    },
  ]);
}
