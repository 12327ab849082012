import { phaseOf, type RequestState } from './access-request';
import { markdown } from './escape';
import { waitsOf } from './request-status';
import { when } from './request-text';

const IN_WORDS = {
  waiting_approval: 'waits for approval',
  action_needed: 'action needed',
  in_progress: 'in progress',
  on_hold: 'on hold',
  completed: "Sales Ops' part completed",
  closed: 'closed',
  rejected: 'rejected',
  cancelled: 'cancelled',
} as const;

/** What an operator sees in the Temporal UI: what it waits for, on whom, since when, and what comes next. */
export function requestDetails(state: RequestState): string {
  const waits = waitsOf(state).map(
    (wait) =>
      `- **${markdown(wait.for)}**, on ${markdown(wait.on.replace(/^@/, ''))}, since ${when(wait.since)}`,
  );
  const tasks = state.plan.tasks.map(
    (task) => `| ${markdown(task.name)} | ${(state.tasks[task.id]?.status ?? 'open').replace(/_/g, ' ')} |`,
  );
  return [
    `## ${markdown(`${state.ref.project}#${state.ref.iid}`)}: ${IN_WORDS[phaseOf(state)]}`,
    `[Issue](${state.ref.url})`,
    waits.length > 0 ? `**Waits for**\n\n${waits.join('\n')}` : 'Waits for nothing.',
    `| Task | State |\n|---|---|\n${tasks.join('\n')}`,
    `Policy ${state.plan.policyVersion}, template ${state.plan.templateDigest.slice(0, 19)}`,
  ].join('\n\n');
}
