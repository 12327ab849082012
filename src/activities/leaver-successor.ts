import { heirOf } from '../domain/heir';
import type { LeaverCase } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { keepEvidence } from './keep';
import { aboutOf } from './leaver-record';
import type { PlanLeaving } from './leaving';
import type { World } from './world';

/**
 * Who takes over, where somebody named them: kept with who said so and when. Nobody hands over to themself, to whom HR has not told of,
 * or to somebody who leaves, too: that is refused and kept, and who was named before stays.
 */
export async function successorOf(
  world: World,
  { successor, namedBy }: Pick<PlanLeaving, 'successor' | 'namedBy'>,
  one: LeaverCase,
  person: PersonRecord,
): Promise<string | null> {
  // Asked by a worker that knew nothing of who named them.
  if (namedBy === undefined) return one.successor ?? successor;
  if (successor === null || namedBy === null) return one.successor;
  const heir = heirOf(await world.store.peopleWithEmail(successor), person.employeeId);
  await keepEvidence(world, [
    {
      ...aboutOf(one, person),
      id: `${one.leaving}/successor/${namedBy.by}/${namedBy.at}`,
      at: namedBy.at,
      kind: 'why' in heir ? 'decision.refused' : 'leaving.successor',
      actor: namedBy.by,
      channel: 'signal',
      detail:
        'why' in heir
          ? { what: 'was not allowed: naming who takes over', why: heir.why }
          : {
              what: `named employee ${heir.employeeId} as who takes over`,
              after: { successor: heir.employeeId },
            },
    },
  ]);
  return 'why' in heir ? one.successor : successor;
}
