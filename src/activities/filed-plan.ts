import { isAutomatic, newRequest, type RequestState } from '../domain/access-request';
import type { DeskReading } from '../domain/desk-acts';
import { applyFiled } from '../domain/filed-request';
import { filedPlanText, type RequestForecast } from '../domain/filed-plan-text';
import { unreadPlan } from '../domain/request-start';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce } from './desk-comments';
import { filedText, interpret, type Edit, type Moment } from './filed-reading';
import { seatsFor } from './filed-seats';
import type { ReadWorld, World } from './world';

/** As many of the plans asked for in comments are answered in one visit. */
const MOST_ANSWERS = 3;

/** Somebody wrote `/plan` in a comment: what would happen is answered there, once for each. */
export async function answerPlans(
  world: World,
  issue: DeskIssue,
  reading: DeskReading,
  state: RequestState,
  moment: Moment,
): Promise<void> {
  if (!state.plan.filed) return;
  const asked = reading.notes
    .filter((note) => !note.system && note.author !== reading.bot && /^\s*\/plan\s*$/m.test(note.body))
    .slice(-MOST_ANSWERS);
  for (const note of asked) {
    const key = `plan:${note.id}`;
    const mark = `<!-- daytwo:note:${key} -->`;
    if (reading.notes.some((one) => one.author === reading.bot && one.body.includes(mark))) continue;
    const edit: Edit = { by: state.plan.filed.requester, at: moment.now, alone: true };
    const forecast = await forecastOf(world, filedText(issue.description), edit, moment);
    await postOnce(world, issue, reading, key, filedPlanText(forecast));
  }
}

/** What would come of a request with this text, filed now: nothing is changed anywhere. */
export async function forecastOf(
  world: ReadWorld,
  text: string,
  edit: Edit,
  moment: Moment,
): Promise<RequestForecast> {
  const ref = { project: world.projects.accessRequests, iid: 0, url: '' };
  const plan = unreadPlan({ requester: edit.by, order: 'filed', policyVersion: moment.policy.effectiveFrom });
  const { read, crowd } = await interpret(world, newRequest(ref, plan, moment.now), text, edit, moment);
  const state = applyFiled(newRequest(ref, plan, moment.now), read);
  return {
    kind: read.filed.kind,
    people: crowd.people.length,
    leftOut: crowd.rows.flatMap(({ email, problem }) => (problem === null ? [] : [{ email, problem }])),
    tasks: state.plan.tasks.map((task) => ({ task, by: isAutomatic(task) ? 'daytwo' : 'person' })),
    parts: read.parts,
    seats: await seatsFor(world, state.plan.tasks, crowd.people.length),
    problems: read.filed.problems,
    unread: read.filed.unread,
    until: read.filed.until?.date ?? null,
  };
}
