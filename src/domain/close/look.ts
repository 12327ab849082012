import { isLocked, type CloseCase, type CloseLook } from './close';
import { lightsOver, PARTY_NAMES, type Party } from './green-light';
import { changesInWords, type RecordChange } from './records';
import { reopenedBy, signed, type Automatic, type CloseTask, type TaskState } from './tasks';

/** What a look at the whole period brought: the close as it is now, and what is to be told. */
export interface Looked {
  readonly close: CloseCase;
  /** Since the look before; after the lock, since what was locked. */
  readonly changes: readonly RecordChange[];
  /** Parties whose green light went out. */
  readonly out: readonly Party[];
}

/**
 * What changed opens signed tasks again and puts out a green light that was given over something else; what daytwo finds in order, it
 * signs as prepared. Before the cut-off nothing is signed by it, and of a locked period nothing any more.
 */
export function closeAfterLook(
  before: CloseCase,
  look: CloseLook,
  changes: readonly RecordChange[],
  tasks: readonly CloseTask[],
): Looked {
  if (isLocked(before)) return { close: { ...before, look }, changes, out: [] };
  const { lights, out } = lightsOver(before.lights, look.digest);
  const isOver = before.phase !== 'open';
  return {
    close: {
      ...before,
      look,
      lights,
      tasks: before.tasks.map((state) => {
        const task = tasks.find(({ key }) => key === state.key);
        return task && isOver ? taskAfterLook(task, state, look, changes) : state;
      }),
    },
    changes,
    out,
  };
}

function taskAfterLook(
  task: CloseTask,
  state: TaskState,
  look: CloseLook,
  changes: readonly RecordChange[],
): TaskState {
  if (task.overRecords && state.basis !== null && state.basis !== look.digest && changes.length > 0)
    return reopenedBy(state, changesInWords(changes));
  if (task.automatic === null) return state;
  const wrong = wrongFor(task.automatic, look);
  if (wrong !== null) return state.prepared?.by === 'daytwo' ? reopenedBy(state, wrong) : state;
  return state.prepared
    ? state
    : signed(state, 'prepared', { by: 'daytwo', at: look.at, channel: 'daytwo' }, look.digest);
}

/** What keeps daytwo from signing; null where nothing does. */
function wrongFor(automatic: Automatic, { open, checks }: CloseLook): string | null {
  if (automatic === 'overdue_list')
    return open > 0 ? `${open} open opportunities have a close date that is over` : null;
  if (checks === null) return 'the bookings are not checked';
  return checks.open > 0 ? `${checks.open} findings are neither mended nor accepted` : null;
}

export const outInWords = (out: readonly Party[], changes: readonly RecordChange[]): string =>
  `The green light of ${out.map((party) => PARTY_NAMES[party]).join(' and ')} went out: ${changesInWords(changes)}. Look at it, then give it again.`;
