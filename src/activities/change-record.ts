import { changeName, editInWords, type PeriodChange } from '../domain/close/change';
import type { KeptChange } from '../evidence/period-changes';
import type { EvidenceDetail, EvidenceRow, Json } from '../evidence/row';
import { keepEvidence } from './keep';
import type { World } from './world';

type Doer = Pick<EvidenceRow, 'actor' | 'channel'>;

export async function keptChange(
  world: Pick<World, 'store'>,
  period: string,
  n: number,
): Promise<KeptChange> {
  const kept = await world.store.changes.get(period, n);
  if (!kept) throw new Error(`${changeName({ period, n })} is not in the store`);
  return kept;
}

/** Writes it back; somebody who wrote meanwhile is another try of the same: this one is done again. */
export async function keepChange(world: Pick<World, 'store'>, kept: KeptChange): Promise<KeptChange> {
  if (!(await world.store.changes.put(kept)))
    throw new Error('the change was written meanwhile: it is read again');
  return { ...kept, turn: kept.turn + 1 };
}

/** A record about a change. Its id says what it is of: done again, it is there once. */
export const noteOfChange = (
  world: Pick<World, 'store'>,
  change: PeriodChange,
  id: string,
  at: string,
  kind: string,
  detail: EvidenceDetail,
  doer: Doer = { actor: 'daytwo', channel: 'daytwo' },
): Promise<void> =>
  keepEvidence(world, [
    {
      id: `close/${changeName(change)}/${id}`,
      at,
      zone: 'UTC',
      subject: null,
      request: change.issue && `${change.issue.project}#${change.issue.iid}`,
      workflowId: `close/${changeName(change)}`,
      kind,
      ...doer,
      detail: { policy: change.policyVersion, ...detail },
    },
  ]);

/** What is changed, for the auditor: each field from what to what. */
export const editsAsJson = ({ edits }: Pick<PeriodChange, 'edits'>): Json => edits.map(editInWords);
