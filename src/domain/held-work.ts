import { openTasks, peopleTasks, phaseOf, type RequestState } from './access-request';
import { waitingParts } from './filed-request';

/** One thing that waits on somebody by name. */
export interface Held {
  /** `stand_in`: may approve, though it is somebody else's turn. */
  readonly kind: 'claim' | 'approval' | 'stand_in';
  /** The approval's part; empty for a claim. */
  readonly what: string;
  readonly username: string;
  readonly since: string;
}

/** Of those who may approve, as many are watched for being away. */
const MOST_WATCHED = 4;

/** What of a request waits on whom: who picked it up, and whose turn it is to approve. */
export function heldWork(state: RequestState): readonly Held[] {
  if (state.closedAt || state.cancelled) return [];
  const claim: Held[] =
    state.claim && openTasks(state).length > 0
      ? [{ kind: 'claim', what: '', username: state.claim.by, since: state.claim.at }]
      : [];
  const approvals = waitingParts(state).flatMap(({ key, who, since }) =>
    who.slice(0, MOST_WATCHED).map((username, place): Held => ({
      kind: place === 0 ? 'approval' : 'stand_in',
      what: key,
      username,
      since,
    })),
  );
  return [...claim, ...approvals];
}

/**
 * When something last moved on a request that somebody picked up; null where nobody did, or where it isn't theirs to move it.
 *
 * @param commentedAt when they last wrote a comment there
 */
export function movedAt(state: RequestState, commentedAt: string | null): string | null {
  if (!state.claim || phaseOf(state) !== 'in_progress' || peopleTasks(state).length === 0) return null;
  const done = Object.values(state.tasks).flatMap((task) =>
    task.status === 'done' && task.how === 'attested' ? [task.at] : [],
  );
  return [state.claim.at, ...done, ...(commentedAt === null ? [] : [commentedAt])].sort().at(-1) ?? null;
}
