import type { Asked } from '../domain/approvals';
import type { SystemKey } from '../domain/handbook';
import { courseOf } from '../domain/stages';
import type { Crowd } from './filed-people';
import type { ReadWorld } from './world';

/**
 * Systems whose course the person of a request has done before, as somebody said on another request of theirs: who changes
 * roles isn't sent to it again. Of several people it isn't asked: one box is for all of them.
 */
export async function coursesDone(
  world: ReadWorld,
  request: string,
  asked: readonly Asked[],
  { people }: Pick<Crowd, 'people'>,
): Promise<readonly SystemKey[]> {
  const [person] = people;
  const taught = asked
    .map(({ system }) => system)
    .filter((key) =>
      world
        .handbook()
        .systems.some((one) => one.key === key && one.stages.some(({ kind }) => kind === 'course')),
    );
  if (!person || people.length > 1 || taught.length === 0) return [];
  const story = await world.store.story({ employeeId: person.employeeId });
  return taught.filter((system) => {
    const said = story.filter(
      ({ kind, detail, request: other }) =>
        other !== request &&
        detail['task'] === courseOf(system) &&
        (kind === 'access.attested' || kind === 'access.reopened'),
    );
    return said.at(-1)?.kind === 'access.attested';
  });
}
