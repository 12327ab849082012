import { isAway } from '../domain/absence';
import { NOTHING_TOLD } from '../evidence';
import { knownAbsences, readAbsences } from './absence';
import { bounded } from './bounded';
import type { World } from './world';

/** Signals of one round at most, of each kind: what is left over is told in the next one. */
const MOST_HINTS = 200;
/** Signals at one time. */
const AT_ONCE = 8;
/** A due request that was hinted rests so long, unless its visit says when it is due next. */
const REST_MS = 10 * 60_000;

/**
 * Reads the absences of those on whom something waits, and hints the requests of whoever began or ceased to be away: each
 * once, in the order of their ids, so many a round. A worker that dies goes on where it was.
 * @returns how many were hinted
 */
export async function hintAway(world: World, at: string): Promise<number> {
  const { work } = world.store;
  const holders = await work.holders();
  await readAbsences(world, holders, at, 0);
  const absences = await knownAbsences(world, holders, at);
  const told = await work.absences.told();
  const gone = [...told.keys()].filter((name) => !absences.has(name));
  await work.absences.forgetTold(gone);
  let hinted = 0;
  for (const name of holders) {
    const away = isAway(absences.get(name) ?? [], at);
    const before = told.get(name) ?? NOTHING_TOLD;
    if (before.away === away && before.upto === null) continue;
    let upto = before.away === away ? (before.upto ?? '') : '';
    const requests = await work.requestsOf(name, upto, MOST_HINTS - hinted);
    await bounded(requests, AT_ONCE, ({ workflowId, project, iid }) =>
      world.hints.issueChanged(workflowId, { project, iid }),
    );
    hinted += requests.length;
    const isAll = hinted < MOST_HINTS;
    upto = requests.at(-1)?.workflowId ?? upto;
    await work.absences.setTold(name, { away, upto: isAll ? null : upto });
    if (!isAll) break;
  }
  return hinted;
}

/**
 * Hints the requests that are due, the longest due first. They are put to rest before they are told, so that their own visit,
 * which says when they are due next, has the last word. One whose workflow is gone is forgotten.
 * @returns how many were hinted
 */
export async function hintDue(world: World, project: string, at: string): Promise<number> {
  const due = await world.store.work.dueBy(project, at, MOST_HINTS);
  await world.store.work.postpone(
    due.map(({ workflowId }) => workflowId),
    new Date(Date.parse(at) + REST_MS).toISOString(),
  );
  const told = await bounded(due, AT_ONCE, async ({ workflowId, iid }) => {
    const runs = await world.hints.issueChanged(workflowId, { project, iid });
    if (!runs) await world.store.work.forget(workflowId);
    return runs;
  });
  return told.filter(Boolean).length;
}
