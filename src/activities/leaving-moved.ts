import { codeSpan } from '../domain/escape';
import type { IssueRef } from '../domain/access-request';
import type { LeavingEvent } from '../domain/hr-event';
import { lastDayOf, type LeaverCase } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { postOnce } from './desk-comments';
import { recordOfHire } from './hire-record';
import { raiseOpsTask } from './ops-task';
import type { World } from './world';

/**
 * HR named another day after time zero: nothing is given back by itself, and nothing is taken twice. Who is to stay longer is a task,
 * and access until then is asked for and approved like any other; a day that is over by now is told on the issue of the leaving.
 *
 * @param timeZero as it would be by the new word
 */
export async function tellMoved(
  world: World,
  person: PersonRecord,
  known: LeaverCase,
  event: LeavingEvent,
  { timeZero, now }: { readonly timeZero: string; readonly now: string },
): Promise<void> {
  const day = lastDayOf(event);
  const staysLonger = timeZero > now && timeZero > known.timeZero;
  if (!staysLonger && day === lastDayOf(known.event)) return;
  const ref = staysLonger
    ? await askLater(world, person, event)
    : await tellOnIssue(world, person, known, event);
  await recordOfHire(
    world,
    person.employeeId,
    person.timeZone,
    'leaving.moved_late',
    `${staysLonger ? 'raised a task' : 'told it'}: the last day was moved after time zero; what was taken stays taken`,
    { before: { hr_date: lastDayOf(known.event) }, after: { hr_date: day }, time_zero: known.timeZero },
    ref,
    event.event_id,
  );
}

const askLater = (world: World, person: PersonRecord, event: LeavingEvent): Promise<IssueRef> =>
  raiseOpsTask(world, {
    key: `leaving-later:${person.employeeId}:${event.event_id}`,
    title: `Employee ${person.employeeId} stays longer, but access is gone`,
    problems: [`employee ${person.employeeId}: HR moved the last day to ${lastDayOf(event)} after time zero`],
    mend: 'If they are to have access until then, file an access request for it. Or HR takes the leaving back: then one is filed.',
  });

async function tellOnIssue(
  world: World,
  { employeeId }: PersonRecord,
  known: LeaverCase,
  event: LeavingEvent,
): Promise<IssueRef> {
  const words = `HR moved the last day from ${lastDayOf(known.event)} to ${lastDayOf(event)} after access had ended at ${known.timeZero}`;
  if (!known.issue)
    return raiseOpsTask(world, {
      key: `leaving-moved:${employeeId}:${event.event_id}`,
      title: `Employee ${employeeId} left on another day than HR said first`,
      problems: [`employee ${employeeId}: ${words}`],
      mend: 'Nothing is to be done for their access, and its deadlines stay. Correct it in the HR system where the first day was right.',
    });
  const { username: bot } = await world.gitlab.self();
  await postOnce(
    world,
    known.issue,
    { bot },
    `moved:${event.event_id}`,
    `${words} (${codeSpan(event.event_id)}). What was taken stays taken, and the deadlines count from then. Where the first day was right, HR corrects it.`,
  );
  return known.issue;
}
