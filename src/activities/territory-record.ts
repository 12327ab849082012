import { territoryRunId, type RunPolicy, type TerritoryRun } from '../domain/territory/run';
import type { RunStanding } from '../domain/territory/run-status';
import type { EvidenceRow } from '../evidence/row';
import type { KeptRun } from '../evidence/territory-runs';
import { keepEvidence } from './keep';
import { rowOfProcess, writtenBack, type OfProcess, type RecordOf } from './process-record';
import { pinnedPolicy, type World } from './world';

export async function keptRun(world: Pick<World, 'store'>, id: string): Promise<KeptRun> {
  const kept = await world.store.territoryRuns.get(id);
  if (!kept) throw new Error(`the run ${id} is not in the store`);
  return kept;
}

/** Writes it back; somebody who wrote meanwhile is another try of the same: this one is done again. */
export const keepRun = (world: Pick<World, 'store'>, kept: KeptRun): Promise<KeptRun> =>
  writtenBack(world.store.territoryRuns, kept, 'run');

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
export const rowOfRun = (run: Parameters<typeof ofRun>[0], ...record: RecordOf): EvidenceRow =>
  rowOfProcess(ofRun(run), ...record);

const ofRun = ({
  id,
  issue,
  policyVersion,
  rulesVersion,
}: Pick<TerritoryRun, 'id' | 'issue' | 'policyVersion' | 'rulesVersion'>): OfProcess => ({
  workflowId: territoryRunId(id),
  issue,
  always: { policy: policyVersion, rules: rulesVersion },
});

export const noteOfRun = (world: Pick<World, 'store'>, ...of: Parameters<typeof rowOfRun>): Promise<void> =>
  keepEvidence(world, [rowOfRun(...of)]);
