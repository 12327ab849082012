import type { LeavingStep } from '../domain/offboarding';
import { digestOf } from '../evidence';
import type { PersonRecord } from '../evidence/store';
import { recordOfHire } from './hire-record';
import { hiddenFrom } from './leaver-issue';
import type { PlanLeaving } from './leaving';
import { closeOpsTask, opsMarker, ourIssue, raiseOpsTask, refOf, type OpsTask } from './ops-task';
import { userNameOf, type World } from './world';

/** What somebody waits for of whom HR is asked. */
const QUESTION = 'leaving_question';

/** Says not who it is. */
const keyOf = (employeeId: string): string => `leaving-question:${digestOf(employeeId).slice(0, 12)}`;

/** Asks HR for a correction: nothing is done by that word until then. Who leaves is told nothing of it. */
export async function ask(
  world: World,
  { employeeId, event, now }: PlanLeaving,
  person: PersonRecord | null,
  problems: readonly string[],
): Promise<Extract<LeavingStep, { kind: 'question' }>> {
  await world.store.startWaiting(employeeId, QUESTION, now);
  const leaver = person && (await userNameOf(world, person.email));
  const ref = await raiseOpsTask(world, questionOf(employeeId, problems, await hiddenFrom(world, leaver)));
  await recordOfHire(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    'leaving.questioned',
    'asked for an announcement to be corrected; nothing was done by it',
    { why: problems.join('; ') },
    ref,
    event.event_id,
  );
  return { kind: 'question', problems, ref };
}

/** @param project one that the person doesn't see; null: there is none, so that it says nothing of them */
const questionOf = (employeeId: string, problems: readonly string[], project: string | null): OpsTask =>
  project === null
    ? {
        key: keyOf(employeeId),
        title: "HR's word on a leaving needs a look",
        problems: ['it is not shown here: every project that daytwo may write to is visible to the person'],
        mend: 'See who it is and why: daytwo list --kind offboarding --state question, daytwo show. Correct it in the HR system, or send the correction: daytwo leave.',
      }
    : {
        key: keyOf(employeeId),
        title: `HR's word on employee ${employeeId} needs a look`,
        problems,
        mend: 'Correct it in the HR system, or send the correction: daytwo leave. Until then nothing is done by that word.',
        project,
      };

/** The question is answered: by HR's correction, or since nobody leaves. */
export async function closeQuestion(world: World, employeeId: string, why: string): Promise<void> {
  const waiting = await world.store.peopleWaiting(QUESTION);
  if (!waiting.some((one) => one.employeeId === employeeId)) return;
  const { accessRequests, employment } = world.projects;
  for (const project of [accessRequests, employment]) {
    const asked = await ourIssue(world, opsMarker(keyOf(employeeId)), project);
    if (asked?.state === 'opened') await closeOpsTask(world, refOf(asked), why);
  }
  await world.store.stopWaiting(employeeId, QUESTION);
}
