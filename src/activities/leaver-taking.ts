import { activityInfo } from '@temporalio/activity';
import type { LeaverCase } from '../domain/leaving';
import { showing, type Show } from './faults';
import { endUsers } from './leaver-ending';
import { isGathering } from './leaver-gathering';
import { handOverAll, handOverLatecomers } from './leaver-handover';
import { noteOfLeaver } from './leaver-record';
import { sweep } from './leaver-sweep';
import { endSystems } from './leaver-systems';
import type { World } from './world';

export interface TakingActivities {
  /**
   * Asks every system, hands over and takes access: of this leaver, and of all others who are frozen and whom nobody takes just
   * now, together. `with`: another's turn takes this one, too, or others are to be frozen first.
   */
  takeLeavers(input: {
    readonly leaving: string;
    readonly now: string;
  }): Promise<{ readonly kind: 'taken' | 'with' }>;
}

/** So many are taken together: as many as a collection of Salesforce holds. */
const TOGETHER = 200;
/** A turn that isn't heard of for so long is over: somebody else takes it up. */
const TURN_MS = 60_000;

export function takingActivities(world: World): TakingActivities {
  return { takeLeavers: showing((show, input) => take(world, input.leaving, show)) };
}

async function take(
  world: World,
  leaving: string,
  show: Show,
): Promise<Awaited<ReturnType<TakingActivities['takeLeavers']>>> {
  const holder = activityInfo().workflowExecution?.workflowId ?? leaving;
  const { leavers } = world.store;
  if (await isGathering(world, new Date().toISOString())) return { kind: 'with' };
  const until = (): string => new Date(Date.now() + TURN_MS).toISOString();
  const cases = await leavers.lease(holder, new Date().toISOString(), until(), TOGETHER);
  if (!cases.some((one) => one.leaving === leaving)) {
    const mine = await leavers.get(leaving);
    await leavers.letGo(holder);
    return { kind: mine?.phase === 'frozen' ? 'with' : 'taken' };
  }
  const beat = setInterval(() => void leavers.renew(holder, until()).catch(() => undefined), TURN_MS / 3);
  try {
    await work(world, cases, show);
  } finally {
    clearInterval(beat);
    await leavers.letGo(holder);
  }
  for (const one of cases)
    if (one.leaving !== leaving) await world.hints.leaverChanged(`offboarding/${one.employeeId}`);
  return { kind: 'taken' };
}

async function work(world: World, cases: readonly LeaverCase[], show: Show): Promise<void> {
  const { leavers } = world.store;
  const of = cases.length;
  show({ step: 'asking every system', of });
  const people = await world.store.peopleById(cases.map(({ employeeId }) => employeeId));
  for (const one of cases)
    for (const request of await world.hints.requestsOf(one.employeeId))
      await world.hints.personLeft(request, 'the person has left');
  for (const [leaving, items] of await sweep(world, cases)) {
    await leavers.putItems(leaving, items);
    const one = cases.find((other) => other.leaving === leaving);
    const person = one && people.get(one.employeeId);
    if (one && person)
      await noteOfLeaver(world, one, person, 'leaver.swept', {
        what: 'asked every system what they hold',
        after: Object.fromEntries(items.map(({ id, found }) => [id, found.length])),
        by: 'employee number, federation id, addresses; never a name',
        proof: 'verified',
      });
  }
  show({ step: 'handing over', of });
  await handOverAll(world, cases);
  await handOverLatecomers(world, cases, 'routed');
  show({ step: 'taking licences and accounts', of });
  await endUsers(world, cases);
  await endSystems(world, cases);
  const takenAt = new Date().toISOString();
  for (const one of cases) {
    const now = await leavers.get(one.leaving);
    // HR may have taken it back meanwhile: then it stays as it was put.
    if (now?.phase === 'frozen')
      await leavers.put({ ...now, phase: 'taken', takenAt: now.takenAt ?? takenAt });
  }
}
