import { timeAwayAt, type TimeAway } from '../domain/absence';
import type { RequestState } from '../domain/access-request';
import { waitingParts } from '../domain/filed-request';
import { absencesOf, knownAbsences } from './absence';
import type { World } from './world';

/**
 * Who is away at an instant, as all sources together say, by user name. Those on whom the request waits are looked up; of the
 * others, what is known counts.
 */
export async function awayAround(
  world: World,
  state: RequestState,
  instant: string,
): Promise<ReadonlyMap<string, TimeAway>> {
  const waitedFor = [
    ...(state.claim ? [state.claim.by] : []),
    ...waitingParts(state).flatMap(({ who: [first] }) => (first === undefined ? [] : [first])),
  ];
  const members = world.handbook().people.members.map(({ username }) => username);
  const asked = await absencesOf(world, [...new Set(waitedFor)], instant);
  const known = await knownAbsences(world, members, instant);
  const away = new Map<string, TimeAway>();
  for (const [username, absences] of [...known, ...asked]) {
    const time = timeAwayAt(absences, instant);
    if (time) away.set(username, time);
  }
  return away;
}
