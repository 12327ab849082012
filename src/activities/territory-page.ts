import { log } from '@temporalio/activity';
import { policyOn } from '../domain/day-two';
import { compare } from '../domain/territory/compare/comparison';
import type { Flow, Stand } from '../domain/territory/compare/flows';
import { comparisonPage } from '../domain/territory/compare/page';
import type { TerritoryRun } from '../domain/territory/run';
import type { KeptRun } from '../evidence/territory-runs';
import { TerritoryNights } from '../evidence/territory-nights';
import { localTime } from '../handbook/business-time';
import { SystemFault } from '../systems/fault';
import { GitlabRefusal } from '../systems/gitlab';
import { snapshotsOf } from './territory-begin';
import { keepRun } from './territory-record';
import { memberByEmail, type World } from './world';

/**
 * The run with the page of what it would do, attached once for its issue. What puts back a run has none: its night is the one of the
 * run. Without the page the run goes on, its issue says the same in tables.
 */
export async function withPage(world: World, kept: KeptRun): Promise<KeptRun> {
  const { run } = kept;
  if (run.page || run.phase !== 'asked' || run.undoes !== null) return kept;
  if (!new TerritoryNights(snapshotsOf(world)).has(run.id)) return kept;
  const content = new Blob([await planPage(world, run)], { type: 'text/html' });
  const project = run.issue?.project ?? world.projects.accessRequests;
  try {
    const page = await world.gitlab.attach(project, `tsp-${run.id}.html`, content);
    return await keepRun(world, { ...kept, run: { ...run, page } });
  } catch (error) {
    const isRefused = error instanceof GitlabRefusal || (error instanceof SystemFault && !error.retryable);
    if (!isRefused) throw error;
    log.warn('the page of a run could not be attached', { run: run.id });
    return kept;
  }
}

/** What the plan of a run makes of what stands in staging. */
export async function planPage(world: World, run: TerritoryRun): Promise<string> {
  const flows = await new TerritoryNights(snapshotsOf(world)).planned(run.id);
  const { date, time } = localTime(
    run.begunAt,
    policyOn(world.handbook(), run.begunAt.slice(0, 10)).territoryRun.zone,
  );
  return comparisonPage(
    compare(await named(world, flows)),
    {
      before: 'staging as it is',
      after: `the plan of ${run.id}`,
      accounts: `Salesforce, ${date} ${time.slice(0, 5)}`,
    },
    `${date} ${time.slice(0, 5)}`,
  );
}

/** Owners by their names, as people.yml has them, else by their address; who isn't found any more by the id. */
async function named(world: World, flows: readonly Flow[]): Promise<readonly Flow[]> {
  const ids = [...new Set(flows.flatMap(({ before, after }) => [before.owner, after.owner]))];
  const found = await world
    .connector('salesforce')
    .owners?.find(ids.filter((id): id is string => id !== null));
  const { people } = world.handbook();
  const nameOf = (id: string | null): string | null => {
    const email = id === null ? undefined : found?.get(id)?.email;
    return email === undefined ? id : (memberByEmail(people, email)?.name ?? email);
  };
  const withName = ({ territory, owner }: Stand): Stand => ({ territory, owner: nameOf(owner) });
  return flows.map((flow) => ({ ...flow, before: withName(flow.before), after: withName(flow.after) }));
}
