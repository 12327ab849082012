import { accessAfter, type LeaverCase } from '../domain/leaving';
import { needsPerson, type AccessOutcome, type GrantItem } from '../systems/connector';
import type { World } from './world';

/** Nobody is granted anything whose leaving stands; who stays after all, or came back, may be unfrozen. */
export async function withoutLeavers(
  world: World,
  items: readonly GrantItem[],
): Promise<{ readonly may: readonly GrantItem[]; readonly barred: ReadonlyMap<string, AccessOutcome> }> {
  const ids = [...new Set(items.map(({ person }) => person.employeeId))];
  const leavings = await world.store.leavers.ofPeople(ids);
  const people = await world.store.peopleById([...leavings.keys()]);
  const frozen = await frozenFor(world, [...leavings.values()].flat());
  const now = new Date().toISOString();
  const barred = new Map<string, AccessOutcome>();
  const may = items.flatMap((item): GrantItem[] => {
    const { employeeId } = item.person;
    const person = people.get(employeeId);
    const after = person ? accessAfter(leavings.get(employeeId) ?? [], person.startDate, now) : 'free';
    if (after === 'barred') barred.set(item.id, LEAVES);
    if (after === 'given_back') return [{ ...item, mayUnfreeze: frozen.get(employeeId) ?? new Map() }];
    return after === 'free' ? [item] : [];
  });
  return { may, barred };
}

/** The stamps of what these leavings froze, by account id, by whose they are: whatever else is frozen stays so. */
async function frozenFor(
  world: Pick<World, 'store'>,
  leavings: readonly LeaverCase[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const items = await world.store.leavers.itemsOf(leavings.map(({ leaving }) => leaving));
  const stamps = new Map<string, Map<string, string>>();
  for (const { leaving, employeeId } of leavings)
    for (const { accountId, frozenStamp } of (items.get(leaving) ?? []).flatMap(({ found }) => found))
      if (frozenStamp !== undefined)
        stamps.set(
          employeeId,
          (stamps.get(employeeId) ?? new Map<string, string>()).set(accountId, frozenStamp),
        );
  return stamps;
}

const LEAVES = needsPerson(
  'this person leaves, or is suspended, and their access has ended: nothing is granted while that stands',
  'Cancel this request; or have HR take the leaving back, then tick "try again".',
);
