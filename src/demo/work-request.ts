import { isAutomatic, type Task } from '../domain/access-request';
import { markdown } from '../domain/escape';
import type { OtherTeamSection } from '../domain/handbook';
import { COMPLETED } from '../domain/labels';
import { boxText } from '../domain/request-text';
import type { Newcomer } from './hires';
import type { IssueWatch } from './issue-watch';
import { attestedBy, quoted } from './news';
import type { Stage } from './stories';
import { isTicked, tick } from './tick';

/**
 * Everything by API comes first; then a person does each of theirs, and the other teams theirs.
 *
 * @param done tasks that the person has done before
 */
export async function workThrough(
  stage: Stage,
  newcomer: Newcomer,
  request: IssueWatch,
  who: string,
  done: readonly Task[] = [],
): Promise<void> {
  const automatic = newcomer.tasks.filter(isAutomatic);
  await request.until(`daytwo to grant ${automatic.map(({ name }) => name).join(', ')}`, ({ issue }) =>
    automatic.every((task) => isTicked(issue.description, boxText(task))),
  );
  for (const task of newcomer.tasks.filter((one) => !isAutomatic(one) && !done.includes(one)))
    await workTask(stage, request, task, who);
  const completed = await request.until(`daytwo to set ${quoted(COMPLETED)}`, ({ issue }) =>
    issue.labels.includes(COMPLETED),
  );
  const sections = newcomer.role.kind === 'found' ? newcomer.role.otherTeams : [];
  if (sections.length > 0 && completed.issue.state === 'opened')
    await otherTeams(stage, newcomer, request, sections);
  await request.until('daytwo to close the request', ({ issue }) => issue.state === 'closed');
}

/** A person does one task, and daytwo notes it. */
export async function workTask(stage: Stage, request: IssueWatch, task: Task, who: string): Promise<void> {
  await tickBox(
    stage,
    request,
    who,
    boxText(task),
    `does ${task.name} by the handbook's steps and ticks its box`,
  );
  await request.until(
    `daytwo to note ${task.name}`,
    ({ issue }) => attestedBy(issue.description, task) !== null,
  );
}

async function otherTeams(
  stage: Stage,
  { event }: Newcomer,
  request: IssueWatch,
  sections: readonly OtherTeamSection[],
): Promise<void> {
  const { teams } = stage.around.handbook.people;
  const names = sections.map(({ team }) => teams[team]?.name ?? team).join(', ');
  stage.telling.step({
    hire: event.name,
    who: 'GitLab',
    what: `shows the request ${quoted(COMPLETED)}, yet open: ${names} still has boxes of its own`,
  });
  for (const section of sections) {
    const [who] = teams[section.team]?.members ?? [];
    if (who === undefined) throw new Error(`the handbook knows nobody of ${section.team}`);
    for (const text of section.tasks) await tickBox(stage, request, who, markdown(text), `ticks "${text}"`);
  }
}

/** As GitLab's page does it: the whole description is sent, with that one box ticked. */
function tickBox(stage: Stage, request: IssueWatch, who: string, text: string, what: string): Promise<void> {
  const project = stage.around.sandbox.gitlab.accessRequestsProject;
  return request.act(who, what, async (desk, issue) => {
    if (isTicked(issue.description, text)) return;
    const description = tick(issue.description, text);
    if (description === null) throw new Error('the box is not there');
    await desk.change(project, issue.iid, { description });
  });
}
