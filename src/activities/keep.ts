import { digestOf, EvidenceConflictError, type EvidenceRow } from '../evidence';
import type { World } from './world';

/**
 * Writes evidence from an activity, which may run again and find more than before: a record that says something else than
 * the one of the same id stands beside it under an id of its own content. Nothing is lost, nothing stops, and what was
 * written before is there once.
 */
export async function keepEvidence(world: Pick<World, 'store'>, rows: readonly EvidenceRow[]): Promise<void> {
  try {
    await world.store.append(rows);
  } catch (error) {
    if (!(error instanceof EvidenceConflictError)) throw error;
    for (const row of rows) await keepBeside(world, row);
  }
}

async function keepBeside(world: Pick<World, 'store'>, row: EvidenceRow): Promise<void> {
  try {
    await world.store.append([row]);
  } catch (error) {
    if (!(error instanceof EvidenceConflictError)) throw error;
    await world.store.append([{ ...row, id: `${row.id}#${digestOf(row.detail).slice(0, 12)}` }]);
  }
}
