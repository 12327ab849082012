import type { RunPolicy, TerritoryRun } from '../domain/territory/run';
import type { RunStanding } from '../domain/territory/run-status';
import type { EvidenceDetail, EvidenceRow } from '../evidence/row';
import type { KeptRun } from '../evidence/territory-runs';
import { keepEvidence } from './keep';
import { pinnedPolicy, type World } from './world';

type Doer = Pick<EvidenceRow, 'actor' | 'channel'>;

export async function keptRun(world: Pick<World, 'store'>, id: string): Promise<KeptRun> {
  const kept = await world.store.territoryRuns.get(id);
  if (!kept) throw new Error(`the run ${id} is not in the store`);
  return kept;
}

/** Writes it back; somebody who wrote meanwhile is another try of the same: this one is done again. */
export async function keepRun(world: Pick<World, 'store'>, kept: KeptRun): Promise<KeptRun> {
  if (!(await world.store.territoryRuns.put(kept)))
    throw new Error('the run was written meanwhile: it is read again');
  return { ...kept, turn: kept.turn + 1 };
}

/** The policy that a run began with. */
export const pinnedRunPolicy = (
  world: Pick<World, 'handbook'>,
  run: Pick<TerritoryRun, 'policyVersion'>,
): RunPolicy => pinnedPolicy(world.handbook(), run.policyVersion).territoryRun;

export const standingOf = ({
  phase,
  figures,
  staging,
  transfers,
  expiresAt,
  issue,
}: TerritoryRun): RunStanding => ({
  phase,
  figures,
  staging,
  transfers,
  expiresAt,
  url: issue?.url ?? null,
});

/** A record about a run. Its id says what it is of: done again, it is there once. */
export const rowOfRun = (
  run: Pick<TerritoryRun, 'id' | 'issue' | 'policyVersion' | 'rulesVersion'>,
  id: string,
  at: string,
  kind: string,
  detail: EvidenceDetail,
  doer: Doer = { actor: 'daytwo', channel: 'daytwo' },
): EvidenceRow => ({
  id: `tsp/${run.id}/${id}`,
  at,
  zone: 'UTC',
  subject: null,
  request: run.issue && `${run.issue.project}#${run.issue.iid}`,
  workflowId: `tsp/${run.id}`,
  kind,
  ...doer,
  detail: { policy: run.policyVersion, rules: run.rulesVersion, ...detail },
});

export const noteOfRun = (world: Pick<World, 'store'>, ...of: Parameters<typeof rowOfRun>): Promise<void> =>
  keepEvidence(world, [rowOfRun(...of)]);
