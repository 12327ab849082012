import { policyOn } from '../domain/day-two';
import { heldNightTask } from '../domain/territory/late';
import { newRun, nextRunId, type TerritoryRun } from '../domain/territory/run';
import type { RunStanding } from '../domain/territory/run-status';
import { aboveThreshold } from '../domain/territory/threshold';
import { areChangesKept, forgetChanges, keepChanges } from '../evidence/territory-changes';
import { TerritoryNights } from '../evidence/territory-nights';
import { runDay } from '../handbook/territory-time';
import type { Show } from './faults';
import { raiseOpsTask } from './ops-task';
import { editorsFor } from './territory-editors';
import { withNight } from './territory-plan';
import { keepRun, noteOfRun, standingOf } from './territory-record';
import { planRollback } from './territory-rollback';
import type { BeginRun } from './territory-run';
import type { World } from './world';

/** Begins the run of a night, which is named by its day where the business is; one that was begun already goes on. */
export async function openNight(world: World, now: string): Promise<string | null> {
  const handbook = world.handbook();
  if (!handbook.territory) return null;
  const day = runDay(handbook, now);
  const known = await world.store.territoryRuns.ids(day);
  if (known.includes(day)) return null;
  // Two runs at work would write beside each other.
  const atWork = await world.store.territoryRuns.atWork(await world.hints.territoryRuns());
  if (atWork.length > 0) {
    if (!atWork.includes(day)) await raiseOpsTask(world, heldNightTask(day, atWork));
    return null;
  }
  const run = nextRunId(day, known);
  await world.hints.startTerritoryRun({ run, undoes: null, by: 'daytwo' });
  return run;
}

/** Plans a run, and keeps what it changes before anything is written. Done again, it plans anew only where nothing was kept. */
export async function planRun(world: World, input: BeginRun, show: Show): Promise<RunStanding> {
  const known = await world.store.territoryRuns.get(input.run);
  if (known && (await areChangesKept(snapshotsOf(world), known.run))) return standingOf(known.run);
  const run =
    input.undoes === null
      ? await planned(world, input, show)
      : await planRollback(world, input, input.undoes, show);
  // Of a known one the changes are gone: nothing was written yet, or it couldn't go on.
  if (known) await keepRun(world, { ...known, run });
  const kept = await world.store.territoryRuns.begin(run);
  await noteOfRun(
    world,
    kept.run,
    'begun',
    kept.run.begunAt,
    'territory.planned',
    {
      what: run.undoes === null ? 'planned territories' : `planned to put back the run ${run.undoes}`,
      ...(run.above.length > 0 ? { why: run.above.join('; ') } : {}),
      after: { ...kept.run.figures },
    },
    run.by === 'daytwo' ? undefined : { actor: run.by, channel: 'cli' },
  );
  return standingOf(kept.run);
}

/** Where changes of runs are kept. */
export function snapshotsOf({ snapshotDir }: Pick<World, 'snapshotDir'>): string {
  if (snapshotDir === undefined) throw new Error('there is no folder for what a run changes');
  return snapshotDir;
}

/** Findings that a run keeps with it; its summary counts all of them, and `territory plan --json` names them. */
const NAMED = 200;

async function planned(world: World, { run, by, now }: BeginRun, show: Show): Promise<TerritoryRun> {
  const dir = snapshotsOf(world);
  const policy = policyOn(world.handbook(), now.slice(0, 10));
  const { openHours, keptNights } = policy.territoryRun;
  const begun = await withNight(
    world,
    { night: run, dir, now },
    async (plan) => {
      const changes = await keepChanges(dir, run, plan.changes());
      return newRun({
        id: run,
        undoes: null,
        by,
        begunAt: now,
        policyVersion: policy.effectiveFrom,
        rulesVersion: plan.rulesVersion,
        read: plan.read,
        figures: plan.figures,
        summary: plan.summary,
        changes,
        found: await plan.findings(NAMED),
        above: aboveThreshold(plan.figures, plan.threshold),
        ...(await editorsFor(world, plan.rulesVersion)),
        openHours,
      });
    },
    show,
  );
  for (const gone of await new TerritoryNights(dir).retire(keptNights)) await forgetChanges(dir, gone);
  return begun;
}
