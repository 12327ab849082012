import type { Letters } from './letters';
import type { OverdueMove } from './overdue';
import type { Promised } from './promises';
import type { TaskList, TaskListKind } from './task-lists';

/** What a close does beside its tasks, each on its day and once. */
export interface CloseExtras {
  /** What was told already, by a key of what and whom, and when. */
  readonly told: Readonly<Record<string, string>>;
  /** The representation letters of a quarter, once they are sent. */
  readonly letters: Letters | null;
  /** The plan for overdue opportunities, once it is made. */
  readonly overdue: OverdueMove | null;
  /** Bookings on a promised purchase order, as they stood at the last look. */
  readonly promises: readonly Promised[];
  /** Lists that are shown on issues of tasks; absent before the first look, or where no task shows one. */
  readonly lists?: Partial<Readonly<Record<TaskListKind, TaskList>>>;
}

export const NO_EXTRAS: CloseExtras = { told: {}, letters: null, overdue: null, promises: [] };
