import { approvedRecords, withoutUnderWay } from '../domain/close/change';
import {
  changesBetween,
  withWhatBecame,
  type ClosedRecord,
  type RecordChange,
} from '../domain/close/records';
import { periodsOf } from './periods-of';
import type { ReadWorld } from './world';

/** Where a locked period isn't what it is by rights: what was locked, and what was approved since. */
export async function driftOf(
  world: Pick<ReadWorld, 'store' | 'connector'>,
  period: string,
  records: readonly ClosedRecord[],
): Promise<readonly RecordChange[]> {
  const changes = await world.store.changes.of(period);
  const rightful = approvedRecords(await world.store.closes.records(period, 'after_lock'), changes);
  const differences = await whatBecame(world, rightful, records);
  return withoutUnderWay(differences, changes);
}

/** What became of records; of those that are gone, where they are now. */
export async function whatBecame(
  world: Pick<ReadWorld, 'connector'>,
  before: readonly ClosedRecord[],
  records: readonly ClosedRecord[],
): Promise<readonly RecordChange[]> {
  const changes = changesBetween(before, records);
  const gone = changes.flatMap(({ id, kind }) => (kind === 'gone' ? [id] : []));
  return gone.length === 0 ? changes : withWhatBecame(changes, before, await periodsOf(world).named(gone));
}
