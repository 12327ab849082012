import type { Client } from '@temporalio/client';
import { decisions } from '../src/workflows/messages';

/** A server action that is paid for, as Temporal Cloud counts them, and how many of it there were. */
export type Actions = Readonly<Record<string, number>>;

/** Signals and hints that carry what people did: counted apart, as `PEOPLES`. */
const THEIRS: ReadonlySet<string> = new Set(['issueChanged', 'recordsChanged', 'leaveNow', ...decisions]);

/** The kind of action that people cause: each thing that they do is one signal, and no process has fewer. */
export const PEOPLES = "signal of people's own";

/**
 * Counts the billable actions in workflows' histories: starts (a child's counts twice: the command and the start),
 * activities with each of their attempts, timers, signals, search-attribute changes.
 */
export async function countActions(client: Client, workflowIds: readonly string[]): Promise<Actions> {
  const actions: Record<string, number> = {};
  const count = (what: string, by = 1): void => {
    actions[what] = (actions[what] ?? 0) + by;
  };
  for (const id of workflowIds) {
    const { events } = await client.workflow.getHandle(id).fetchHistory();
    for (const event of events ?? []) {
      if (event.workflowExecutionStartedEventAttributes) count(`start ${id.split('/')[0]}`);
      if (event.startChildWorkflowExecutionInitiatedEventAttributes) count('start a child');
      const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
      if (activity) count(`activity ${activity}`);
      const attempt = event.activityTaskStartedEventAttributes?.attempt ?? 1;
      if (attempt > 1) count('activity attempts again', attempt - 1);
      if (event.timerStartedEventAttributes) count('timer');
      if (event.upsertWorkflowSearchAttributesEventAttributes) count('search attributes');
      const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
      if (signal) count(THEIRS.has(signal) ? PEOPLES : `signal ${signal}`);
      if (event.signalExternalWorkflowExecutionInitiatedEventAttributes) count('signal another workflow');
      if (event.markerRecordedEventAttributes) count('local activity or marker');
    }
  }
  return actions;
}

/** `3 × activity workDesk, timer` */
export const inWords = (actions: Actions): string =>
  Object.entries(actions)
    .filter(([what]) => what !== PEOPLES)
    .map(([what, times]) => (times > 1 ? `${times} × ${what}` : what))
    .join(', ');

/** All but people's own. */
export const totalOf = (actions: Actions): number =>
  Object.entries(actions).reduce((sum, [what, times]) => (what === PEOPLES ? sum : sum + times), 0);
