import { groupedBy } from '../grouped';
import type { BookMove } from '../leavers';
import { passing } from './errors';
import { isGone, type Org, type Saved } from './org';

/**
 * Makes the moves, object by object: setup objects and records can't be written together. Accounts go first, since an org
 * may move their opportunities with them. Made again, nothing changes.
 *
 * @returns the code of each that was refused, by the record's id
 */
export async function moveAll(org: Org, moves: readonly BookMove[]): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  const accounts = moves.filter(({ object }) => object === 'Account');
  const others = moves.filter(({ object }) => object !== 'Account');
  for (const [object, of] of groupedBy([...accounts, ...others], (one) => one.object)) {
    const changes = changesOf(of.filter(({ field }) => field !== null));
    const removals = of.filter(({ field }) => field === null).map(({ id }) => id);
    for (const [{ Id: id }, saved] of await withAnotherTry(changes, (some) => org.update(object, some)))
      if (!saved.success) refused.set(id, saved.code ?? 'UNKNOWN');
    for (const [id, saved] of await withAnotherTry(removals, (some) => org.remove(object, some)))
      if (!isGone(saved)) refused.set(id, saved.code ?? 'UNKNOWN');
  }
  return refused;
}

type Change = Readonly<Record<string, unknown>> & { readonly Id: string };

/** One change a record: the same id twice in a collection is refused. */
function changesOf(moves: readonly BookMove[]): readonly Change[] {
  return [...groupedBy(moves, ({ id }) => id)].map(([Id, of]) => {
    const fields = of.flatMap(({ field, to, set }) => [
      ...(field === null ? [] : [[field, to] as const]),
      ...Object.entries(set ?? {}),
    ]);
    return { ...Object.fromEntries(fields), Id };
  });
}

/** What each was answered with; those that a lock or the like kept from it are tried once more. */
async function withAnotherTry<T>(
  members: readonly T[],
  write: (some: readonly T[]) => Promise<readonly Saved[]>,
): Promise<ReadonlyMap<T, Saved>> {
  const answers = new Map<T, Saved>();
  const tryThem = async (some: readonly T[]): Promise<void> => {
    const saved = await write(some);
    some.forEach((member, at) => answers.set(member, saved[at] ?? { success: false }));
  };
  await tryThem(members);
  const kept = members.filter((member) => passing(answers.get(member)?.code) !== undefined);
  if (kept.length > 0) await tryThem(kept);
  return answers;
}
