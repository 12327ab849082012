import { phaseOf, type RequestState } from './access-request';
import { markdown } from './escape';
import { waitsOf } from './request-status';
import { when } from './request-text';

const IN_WORDS = {
  waiting_requester: 'waits for whoever filed it',
  waiting_approval: 'waits for approval',
  action_needed: 'action needed',
  in_progress: 'in progress',
  on_hold: 'on hold',
  completed: "Sales Ops' part completed",
  closed: 'closed',
  rejected: 'rejected',
  cancelled: 'cancelled',
} as const;

/** What comes once that which is waited for is there; null where nothing does. */
const NEXT: Readonly<Record<keyof typeof IN_WORDS, string | null>> = {
  waiting_requester: 'it is read again as soon as its text changes.',
  waiting_approval: 'daytwo grants what has an API, and people do the rest.',
  action_needed: 'the steps appear below the boxes, for whoever picked it up.',
  in_progress: "Completed, when all of Sales Ops' tasks are done.",
  on_hold: 'it goes on where it was.',
  completed: "the issue is closed, when the other teams' boxes are ticked.",
  closed: null,
  rejected: null,
  cancelled: null,
};

/** What an operator sees in the Temporal UI: what it waits for, on whom, since when, and what comes next. */
export function requestDetails(state: RequestState): string {
  const waits = waitsOf(state).map(
    (wait) =>
      `- **${markdown(wait.for)}**, on ${markdown(wait.on.replace(/^@/, ''))}, since ${when(wait.since)}`,
  );
  const tasks = state.plan.tasks.map(
    (task) =>
      `| ${markdown(task.name)} | ${(state.tasks[task.id]?.status ?? 'open').replace(/_/g, ' ')}${progressOf(state, task.id)} |`,
  );
  const phase = phaseOf(state);
  return [
    `## ${markdown(`${state.ref.project}#${state.ref.iid}`)}: ${IN_WORDS[phase]}`,
    `[Issue](${state.ref.url})`,
    waits.length > 0 ? `**Waits for**\n\n${waits.join('\n')}` : 'Waits for nothing.',
    ...(NEXT[phase] === null ? [] : [`**Then** ${NEXT[phase]}`]),
    `| Task | State |\n|---|---|\n${tasks.join('\n')}`,
    ...(state.plan.filed
      ? [`${state.plan.filed.people} to serve, ${state.plan.filed.leftOut} left out`]
      : []),
    `Policy ${state.plan.policyVersion}, ${state.plan.filed ? 'version' : 'template'} ${(state.plan.filed?.version ?? state.plan.templateDigest).slice(0, 19)}`,
  ].join('\n\n');
}

/** How far a task for many has come: `, 640 of 1000, 3 to be looked at`. */
function progressOf(state: RequestState, task: string): string {
  const counts = state.counts?.[task];
  if (!counts || counts.of <= 1) return '';
  const waiting = counts.waiting > 0 ? `, ${counts.waiting} waiting` : '';
  const odd = counts.exceptions > 0 ? `, ${counts.exceptions} to be looked at` : '';
  return `, ${counts.done} of ${counts.of}${waiting}${odd}`;
}
