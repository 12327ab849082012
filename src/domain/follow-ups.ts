import { openTasks, phaseOf, type Fact, type RequestState } from './access-request';
import { revocable, someIsGranted } from './batches';

/**
 * What follows by itself from a request's state: done means completed; completed, and everybody else done too, means
 * closed; so does a refusal, and a cancel once nothing is left to take back.
 */
export function followUps(state: RequestState, now: string): readonly Fact[] {
  const facts: Fact[] = [];
  const phase = phaseOf(state);
  if (phase === 'completed' && !state.completedAt) facts.push({ kind: 'completed', at: now });
  const left = Object.values(state.tasks).some((task) => task.status === 'needs_person');
  const tidied =
    (phase === 'cancelled' && revocable(state).length === 0 && !(state.cancelled?.remove && left)) ||
    phase === 'rejected';
  const finished =
    phase === 'completed' &&
    !outlives(state) &&
    openTasks(state).length === 0 &&
    Object.values(state.others).every((ticked) => ticked);
  if (!state.closedAt && (tidied || finished)) facts.push({ kind: 'closed', at: now });
  return facts;
}

/** Access for a time is followed until it is gone. */
const outlives = (state: RequestState): boolean =>
  Boolean(state.plan.filed?.until) && !state.end?.endedAt && someIsGranted(state);
