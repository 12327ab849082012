import { digestOf, EvidenceConflictError, type EvidenceRow } from '../evidence';
import type { World } from './world';

/**
 * Writes evidence from an activity, which may run again and find more than before: a record that says something else than
 * the one of the same id stands beside it under an id of its own content. Nothing is lost, and nothing stops.
 */
export async function keepEvidence(world: Pick<World, 'store'>, rows: readonly EvidenceRow[]): Promise<void> {
  try {
    await world.store.append(rows);
  } catch (error) {
    if (!(error instanceof EvidenceConflictError)) throw error;
    await world.store.append(
      rows.map((row) => ({ ...row, id: `${row.id}#${digestOf(row.detail).slice(0, 12)}` })),
    );
  }
}
