import { changeName, editInWords, type PeriodChange } from '../domain/close/change';
import type { KeptChange } from '../evidence/period-changes';
import type { Json } from '../evidence/row';
import { noteOfProcess, writtenBack, type OfProcess, type RecordOf } from './process-record';
import type { World } from './world';

export const ofChange = (change: PeriodChange): OfProcess => ({
  workflowId: `close/${changeName(change)}`,
  issue: change.issue,
  always: { policy: change.policyVersion },
});

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
export const keepChange = (world: Pick<World, 'store'>, kept: KeptChange): Promise<KeptChange> =>
  writtenBack(world.store.changes, kept, 'change');

/** A record about a change. Its id says what it is of: done again, it is there once. */
export const noteOfChange = (
  world: Pick<World, 'store'>,
  change: PeriodChange,
  ...record: RecordOf
): Promise<void> => noteOfProcess(world, ofChange(change), ...record);

/** What is changed, for the auditor: each field from what to what. */
export const editsAsJson = ({ edits }: Pick<PeriodChange, 'edits'>): Json => edits.map(editInWords);
