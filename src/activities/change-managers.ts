import type { AskProblem } from '../domain/close/change-ask';
import type { ChangePolicy } from '../domain/close/change';
import type { RecordOwner } from '../systems/owners';
import { chainAbove } from './approvers';
import { periodsOf } from './periods-of';
import { memberByEmail, type ReadWorld } from './world';

/**
 * The managers of inside reps whose deals are to be changed and who don't own them, by their user names; where one can't decide (they
 * asked, prepared a task, or have left), the manager above them. What names nobody is a problem: nothing is passed by default.
 */
export async function managersOfReps(
  world: ReadWorld,
  records: readonly string[],
  { insideRep }: Pick<ChangePolicy, 'insideRep'>,
  barred: readonly string[],
): Promise<{ readonly managers: readonly string[]; readonly problems: readonly AskProblem[] }> {
  if (insideRep === null || records.length === 0) return { managers: [], problems: [] };
  const reps = await periodsOf(world).insideReps(records, insideRep);
  const known =
    (await world.connector('salesforce').owners?.find([...new Set(reps.values())])) ??
    new Map<string, RecordOwner>();
  const managers = new Set<string>();
  const problems: AskProblem[] = [];
  for (const [record, rep] of reps) {
    const manager = await managerOf(world, known.get(rep)?.email ?? null, barred);
    if (manager) managers.add(manager);
    else
      problems.push({
        place: record,
        problem: `its inside rep ${rep} has no manager who could approve it`,
        mend: "Have HR's record name their manager, with an account in GitLab.",
      });
  }
  return { managers: [...managers], problems };
}

async function managerOf(
  world: ReadWorld,
  email: string | null,
  barred: readonly string[],
): Promise<string | null> {
  if (email === null) return null;
  const person = (await world.store.personByEmail(email)) ?? memberByEmail(world.handbook().people, email);
  const { people } = await chainAbove(world, person?.managerEmail ?? null);
  return people.find(({ username }) => username !== '' && !barred.includes(username))?.username ?? null;
}
