import { policyOn } from '../domain/day-two';
import type { Handbook } from '../domain/handbook';
import { isRunId, nextRunId, rollbackId, runOfWorkflow, territoryRunId } from '../domain/territory/run';
import { localTime } from '../handbook/business-time';
import { readHandbook } from '../handbook';
import type { Store } from '../evidence';
import type { Engine } from './engine';
import { withProcesses } from './open';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';

/** Of one kind, there never are so many at a time. */
const MOST_RUNS = 100;

export interface RunOptions extends Spoken {
  readonly by: string;
}

/** `daytwo territory apply --by <username>`: by hand what the schedule does; the day's run that goes on isn't begun twice. */
export function territoryApply(options: RunOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ settings, engine, store }) =>
    applyTo({ handbook: readHandbook(settings.configDir), engine, store: await store() }, options, around),
  );
}

interface Applying {
  readonly handbook: Handbook;
  readonly engine: Pick<Engine, 'list' | 'startTerritoryRun'>;
  readonly store: Pick<Store, 'territoryRuns'>;
}

export async function applyTo(
  { handbook, engine, store }: Applying,
  { by, json }: RunOptions,
  around: Surroundings,
): Promise<number> {
  const { zone } = mayRun(handbook, by, around);
  const day = localTime(around.now().toISOString(), zone).date;
  const { territoryRuns: runs } = store;
  const known = await runs.ids(day);
  const last = known.filter(isRunId).at(-1);
  const open = last === undefined ? null : await runs.get(last);
  if (last !== undefined && open?.run.endedAt === null)
    throw new Refused(`The run ${last} goes on: daytwo show ${territoryRunId(last)}.`);
  // As a night, it doesn't begin beside another one that may be writing.
  const { found } = await engine.list({ kinds: ['territory-plan'] }, MOST_RUNS);
  const [atWork] = await runs.atWork(found.flatMap(({ workflowId }) => runOfWorkflow(workflowId) ?? []));
  if (atWork !== undefined) {
    const workflow = territoryRunId(atWork);
    throw new Refused(`${workflow} is still at work: daytwo show ${workflow}.`);
  }
  const run = nextRunId(day, known);
  await engine.startTerritoryRun({ run, undoes: null, by: by.replace(/^@/, '') });
  begun(run, json, around);
  return 0;
}

/** `daytwo territory rollback <run> --by <username>`: asks that what a run wrote is put back. */
export function territoryRollback(
  undoes: string,
  { by, json }: RunOptions,
  around: Surroundings,
): Promise<number> {
  if (!isRunId(undoes)) throw new WrongUsage(`"${undoes}" is no run, such as 2026-11-26.`);
  return withProcesses(around, async ({ settings, engine, store }) => {
    mayRun(readHandbook(settings.configDir), by, around);
    const { territoryRuns: runs } = await store();
    const kept = await runs.get(undoes);
    if (!kept) throw new Refused(`There was no run ${undoes}: daytwo territory show lists them.`);
    if (kept.run.phase !== 'done')
      throw new Refused(`The run ${undoes} wrote nothing that could be put back: it is ${kept.run.phase}.`);
    const run = rollbackId(undoes);
    const before = await runs.get(run);
    if (before?.run.phase === 'done') throw new Refused(`The run ${undoes} was put back already.`);
    if (before && before.run.endedAt !== null)
      throw new Refused(
        `Putting back ${undoes} was ${before.run.phase} at ${before.run.endedAt}: a new run plans what should stand instead.`,
      );
    await engine.startTerritoryRun({ run, undoes, by: by.replace(/^@/, '') });
    begun(run, json, around);
    return 0;
  });
}

function mayRun(handbook: Handbook, by: string, around: Surroundings): { readonly zone: string } {
  if (!handbook.territory) throw new Refused('config/territory does not say how territories are planned.');
  const { territoryRun } = policyOn(handbook, around.now().toISOString().slice(0, 10));
  if (!territoryRun.runBy.includes(by.replace(/^@/, '')))
    throw new Refused(
      `A run is begun by hand by ${territoryRun.runBy.join(', ') || 'nobody: policy names none'} (territory_run.run_by of the policy), not by ${by}.`,
    );
  return territoryRun;
}

function begun(run: string, json: boolean | undefined, around: Surroundings): void {
  if (json) around.out(jsonLine({ run, process: territoryRunId(run) }));
  else around.out(`The run ${run} has begun: daytwo show ${territoryRunId(run)}.`);
}
