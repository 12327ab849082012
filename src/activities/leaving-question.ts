import type { LeavingStep } from '../domain/offboarding';
import type { PersonRecord } from '../evidence/store';
import { recordOfHire } from './hire-record';
import type { PlanLeaving } from './leaving';
import { closeOpsTask, opsMarker, ourIssue, raiseOpsTask, refOf } from './ops-task';
import type { World } from './world';

const questionKey = (employeeId: string): string => `leaving-question:${employeeId}`;

/** Asks HR for a correction: nothing is touched until then. */
export async function ask(
  world: World,
  { employeeId, event }: PlanLeaving,
  person: PersonRecord | null,
  problems: readonly string[],
): Promise<Extract<LeavingStep, { kind: 'question' }>> {
  const ref = await raiseOpsTask(world, {
    key: questionKey(employeeId),
    title: `HR's word on employee ${employeeId} needs a look`,
    problems,
    mend: 'Correct it in the HR system, or send the correction: daytwo leave. Until then nothing is done by that word.',
  });
  await recordOfHire(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    'leaving.questioned',
    'asked for an announcement to be corrected; nothing was touched',
    { why: problems.join('; ') },
    ref,
    event.event_id,
  );
  return { kind: 'question', problems, ref };
}

/** The question is answered: by HR's correction, or since nobody leaves. */
export async function closeQuestion(world: World, employeeId: string, why: string): Promise<void> {
  const asked = await ourIssue(world, opsMarker(questionKey(employeeId)), world.projects.accessRequests);
  if (asked?.state === 'opened') await closeOpsTask(world, refOf(asked), why);
}
