import type { Channel } from '../handbook';
import type { CloseDateKind } from './calendar';
import type { TaskListKind } from './task-lists';

/** What daytwo does itself of a close; all else is done by people. */
export const AUTOMATIC = ['overdue_list', 'booking_checks'] as const;
export type Automatic = (typeof AUTOMATIC)[number];

/** A line of the checklist, as `config/close.yml` has it. */
export interface CloseTask {
  /** Unique and lasting: it rolls forward from period to period. */
  readonly key: string;
  readonly title: string;
  /** Key of the team that owns it. */
  readonly team: string;
  /** User names; never the same person. */
  readonly preparer: string;
  readonly reviewer: string;
  readonly due: { readonly from: CloseDateKind; readonly businessDays: number };
  /** Keys of tasks that are signed before. */
  readonly needs: readonly string[];
  readonly quarterOnly: boolean;
  /** Signed by daytwo as prepared once it finds nothing; a person reviews. Null: people prepare it. */
  readonly automatic: Automatic | null;
  /** Signed over the records of the period: opens again when one of them changes. */
  readonly overRecords: boolean;
  /** Not signed before the period is reconciled with billing, and opened again by a new variance. */
  readonly overBilling: boolean;
  readonly steps: readonly string[];
  /** Deals that are listed on its issue; null: none are. */
  readonly shows: TaskListKind | null;
}

export interface Signature {
  /** User name, or `daytwo`. */
  readonly by: string;
  readonly at: string;
  readonly channel: Channel | 'daytwo';
}

/** A task of one period. */
export interface TaskState {
  readonly key: string;
  /** The instant by which it is due, ISO 8601. */
  readonly dueAt: string;
  /** Of its child issue; null before it is made. */
  readonly iid: number | null;
  readonly prepared: Signature | null;
  readonly reviewed: Signature | null;
  /** A digest of what stood when it was signed: a signed task whose data changed opens again. */
  readonly basis: string | null;
  /** Why it was opened again; null where it wasn't. */
  readonly reopened: string | null;
}

/** User names of those who signed something of a period as prepared. */
export const whoPrepared = (tasks: readonly TaskState[]): readonly string[] =>
  tasks.flatMap(({ prepared }) => (prepared ? [prepared.by] : []));

export const isSigned = ({ prepared, reviewed }: TaskState): boolean =>
  prepared !== null && reviewed !== null;

/** Keys of tasks that are not signed by both. */
export const unsignedOf = (tasks: readonly TaskState[]): readonly string[] =>
  tasks.filter((task) => !isSigned(task)).map(({ key }) => key);

export type Step = 'prepared' | 'reviewed';

/** Who stands in for whom: a user name to those who decide in their place, in order. */
export type Covers = (username: string) => readonly string[];

/** Those who may sign a step: the one who is named, else whoever covers them. The other's place is never taken. */
export function signersOf(task: CloseTask, step: Step, covers: Covers): readonly string[] {
  const [named, other] =
    step === 'prepared' ? [task.preparer, task.reviewer] : [task.reviewer, task.preparer];
  return [named, ...covers(named)].filter(
    (name, at, all) => all.indexOf(name) === at && (name !== other || at === 0),
  );
}

/**
 * Why somebody may not sign, or null: tasks are "signed by preparer, then reviewer", never the same person, and only once what
 * they need is signed.
 */
export function whyNotSigned(
  task: CloseTask,
  states: ReadonlyMap<string, TaskState>,
  step: Step,
  by: string,
  covers: Covers,
): string | null {
  const state = states.get(task.key);
  if (!state) return 'this period has no such task';
  const signers = signersOf(task, step, covers);
  if (!signers.includes(by)) return `it is signed as ${step} by ${signers.join(' or ')}`;
  const open = task.needs.filter((key) => {
    const needed = states.get(key);
    return needed !== undefined && !isSigned(needed);
  });
  if (open.length > 0) return `it needs ${open.join(', ')} first`;
  if (step === 'prepared') return state.reviewed?.by === by ? 'its reviewer does not prepare it' : null;
  if (state.prepared === null) return 'nobody has prepared it yet';
  return state.prepared.by === by ? 'nobody reviews what they prepared themselves' : null;
}

/** Signs a step; preparing anew takes the review away. */
export const signed = (
  state: TaskState,
  step: Step,
  signature: Signature,
  basis: string | null,
): TaskState =>
  step === 'prepared'
    ? { ...state, prepared: signature, reviewed: null, basis, reopened: null }
    : { ...state, reviewed: signature };

/** "A signed task whose data changed since opens again, and says what changed." */
export const reopenedBy = (state: TaskState, why: string): TaskState => ({
  ...state,
  prepared: null,
  reviewed: null,
  basis: null,
  reopened: why,
});

/** Takes a signature back: without the preparation there is nothing to review. */
export const unsigned = (state: TaskState, step: Step): TaskState =>
  step === 'prepared'
    ? { ...state, prepared: null, reviewed: null, basis: null }
    : { ...state, reviewed: null };
