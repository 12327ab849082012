import { timeAwayAt, type TimeAway } from '../domain/absence';
import type { World } from './world';

/** Who of people.yml is away at an instant, as all sources together say. */
export async function awayAmong(world: World, instant: string): Promise<ReadonlyMap<string, TimeAway>> {
  const usernames = world.handbook().people.members.map(({ username }) => username);
  const known = await world.store.work.absences.of(usernames, instant);
  const away = new Map<string, TimeAway>();
  for (const [username, absences] of known) {
    const time = timeAwayAt(absences, instant);
    if (time) away.set(username, time);
  }
  return away;
}
