import { activityInfo } from '@temporalio/activity';
import type { Handbook, SeatPolicy } from '../domain/handbook';
import { poolOf, type SeatPool } from '../domain/seat-queue';
import { keepEvidence } from './keep';
import { raiseOpsTask } from './ops-task';
import type { World } from './world';

/**
 * Warns the owners of a pool once when few seats are left, and again only after enough were. "warn sales leaders at five
 * seats left" (the Marketing Operations handbook page); the number is policy.
 * @param warnedAt when they were warned last, null while enough are left
 */
export async function warnOfFew(
  world: World,
  pool: SeatPool,
  left: number,
  warnedAt: string | null,
  policy: Pick<SeatPolicy, 'lowAt'>,
): Promise<void> {
  const few = left <= policy.lowAt;
  if (few === (warnedAt !== null)) return;
  if (!few) return world.store.seats.warned(pool.key, null);
  const at = new Date().toISOString();
  const words = `${left} of the seats of ${pool.licence} are left`;
  const mend = 'Buy seats, or take back what nobody uses: daytwo seats shows who waits.';
  const owners = ownersOf(world.handbook(), pool);
  if (world.mailer && owners.length > 0)
    for (const { username, email } of owners)
      await world.mailer.send({
        to: email,
        subject: `Few seats left: ${pool.licence}`,
        text: `${words}.\n\n${mend}\n`,
        messageId: `<daytwo-seats-${encodeURIComponent(pool.key)}-${at.slice(0, 13)}-${username}@daytwo>`,
      });
  else
    await raiseOpsTask(world, {
      key: `seats-low:${pool.key}:${at.slice(0, 10)}`,
      title: `Few seats left: ${pool.licence}`,
      problems: [`${words}.`],
      mend,
    });
  await keepEvidence(world, [
    {
      id: `seats/${pool.key}/low/${at}`,
      at,
      zone: 'UTC',
      subject: null,
      request: null,
      workflowId: activityInfo().workflowExecution?.workflowId ?? null,
      kind: 'seats.low',
      actor: 'daytwo',
      channel: 'daytwo',
      detail: { what: `warned the owners: ${words}`, owners: owners.map(({ username }) => username) },
    },
  ]);
  await world.store.seats.warned(pool.key, at);
}

/** Those who answer for the systems that take their seats from this pool. */
function ownersOf({ systems, people }: Handbook, pool: SeatPool): Handbook['people']['members'] {
  const teams = systems
    .filter(({ ways }) => ways.some((way) => poolOf(way)?.key === pool.key))
    .map(({ owner }) => owner);
  const names = new Set(teams.flatMap((team) => people.teams[team]?.members ?? []));
  return people.members.filter(({ username }) => names.has(username));
}
