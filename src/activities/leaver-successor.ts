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
  const heirs = await world.store.peopleWithEmail(successor);
  const heir = heirs.find(({ status }) => status !== 'left' && status !== 'rescinded');
  const why = !heir
    ? heirs.length > 0
      ? 'the person with this address has left'
      : 'HR has told of nobody with this address'
    : heir.employeeId === person.employeeId
      ? 'nobody takes over from themself'
      : heir.status === 'leaving'
        ? `employee ${heir.employeeId} leaves, too`
        : null;
  await keepEvidence(world, [
    {
      ...aboutOf(one, person),
      id: `${one.leaving}/successor/${namedBy.by}/${namedBy.at}`,
      at: namedBy.at,
      kind: why === null ? 'leaving.successor' : 'decision.refused',
      actor: namedBy.by,
      channel: 'signal',
      detail:
        why === null
          ? {
              what: `named employee ${heir?.employeeId ?? ''} as who takes over`,
              after: { successor: heir?.employeeId ?? null },
            }
          : { what: 'was not allowed: naming who takes over', why },
    },
  ]);
  return why === null ? successor : one.successor;
}
