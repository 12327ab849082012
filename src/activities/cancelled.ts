import { activityInfo } from '@temporalio/activity';
import type { IssueRef, RequestState, Task, TaskState } from '../domain/access-request';
import { codeSpan, markdown } from '../domain/escape';
import { begunOf } from './begun';
import { keepEvidence } from './keep';
import { raiseOpsTask } from './ops-task';
import type { World } from './world';

/** What people said that they granted: no API of ours made it, so none takes it back. */
const attestedOf = (state: RequestState): readonly Task[] =>
  state.plan.tasks.filter((task) => {
    const now = state.tasks[task.id];
    return now?.status === 'done' && now.how === 'attested';
  });

/**
 * After a cancel that asks for everything to be taken back: a task for people that names what they granted by hand, raised
 * once. Null where there is nothing of the kind.
 */
export async function askToTakeBack(world: World, state: RequestState): Promise<IssueRef | null> {
  const tasks = attestedOf(state);
  const { cancelled, closedAt, ref, plan } = state;
  if (!cancelled?.remove || !closedAt || tasks.length === 0) return null;
  const request = `${ref.project}#${ref.iid}`;
  const raised = await raiseOpsTask(world, {
    key: `take-back:${plan.employeeId}:${state.openedAt}`,
    title: `Employee ${plan.employeeId}: access to take back by hand`,
    problems: tasks.map(
      ({ name }) => `${name}: granted by hand for access request ${request}, which was cancelled`,
    ),
    mend: 'Take each back in its system, say so in a comment, then close this issue.',
    link: ref.url,
  });
  const person = await world.store.personById(plan.employeeId);
  const workflowId = activityInfo().workflowExecution?.workflowId ?? null;
  await keepEvidence(
    world,
    tasks.map((task) => ({
      id: `${workflowId}/access.handed_over/${task.id}/${closedAt}`,
      at: closedAt,
      zone: person?.timeZone ?? 'UTC',
      subject: plan.employeeId,
      request,
      workflowId,
      kind: 'access.handed_over',
      actor: 'daytwo',
      channel: 'daytwo',
      detail: {
        what: `asked people to take back ${task.name}`,
        why: 'it was granted by hand',
        system: task.system,
        task: `${raised.project}#${raised.iid}`,
        policy: plan.policyVersion,
      },
    })),
  );
  return raised;
}

/** What a cancelled request leaves behind: what was granted, what was taken back, and what remains. */
export async function cancelText(world: World, state: RequestState): Promise<string> {
  const asked = await askToTakeBack(world, state);
  const begun = await begunOf(world, 'grant', Object.keys(state.tasks));
  const lines = state.plan.tasks.flatMap((task) => {
    const words = leftInWords(state.tasks[task.id], begun.has(task.id), asked);
    return words ? [`- ${markdown(task.name)}: ${words}`] : [];
  });
  const { by, reason } = state.cancelled ?? { by: '', reason: '' };
  return `Cancelled by ${codeSpan(by)}: ${markdown(reason)}.\n\n${lines.length > 0 ? lines.join('\n') : 'Nothing had been granted.'}`;
}

function leftInWords(task: TaskState | undefined, begun: boolean, asked: IssueRef | null): string | null {
  switch (task?.status) {
    case 'done':
      if (task.how === 'already') return 'was there before, and stays';
      if (task.how === 'verified') return 'stays granted';
      return asked
        ? `was granted by hand, by ${codeSpan(task.by)}, and is still there: people are asked to take it back in ${asked.url}`
        : `stays granted (by hand, by ${codeSpan(task.by)})`;
    case 'removed':
      return 'taken back';
    case 'nothing_to_remove':
      return `nothing to take back (${markdown(task.reason)})`;
    case 'needs_person':
      return `could not be taken back by daytwo: ${markdown(task.problem)}`;
    default:
      return begun ? 'was begun, and may be there in part: it stays as it is' : null;
  }
}
