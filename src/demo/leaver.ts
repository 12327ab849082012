import { isAutomatic, type Task } from '../domain/access-request';
import { connectionOf } from '../domain/batches';
import { addDays } from '../domain/dates';
import type { LeavingEvent } from '../domain/hr-event';
import { ON_HOLD, WAITING_ON_LICENCE } from '../domain/labels';
import { offboardingId } from '../temporal/client';
import { daytwo } from './command';
import { estateOf, type EstateSeen } from './estate';
import { leavingEventId, type Cast, type Newcomer } from './hires';
import { announce, announceHire } from './hr';
import { IssueWatch } from './issue-watch';
import { settleBoxes } from './leaver-boxes';
import { quoted } from './news';
import type { SpareSeats } from './spare-seats';
import { pickUp, requestOpened, workflowUrl, type Stage } from './stories';
import { workTask, workThrough } from './work-request';

/** Who says that it is now. */
const SECURITY = 'noor-security';
const WHY = 'laptop stolen';
/** HR's day lies so far ahead, whatever the time of day and week is. */
const NOTICE_DAYS = 7;

/** What HR says of the leaver: a last day that is yet to come. */
const leavingOf = ({ event }: Newcomer, today: string): LeavingEvent => ({
  type: 'employee.leaving',
  event_id: leavingEventId(event.employee_id),
  employee_id: event.employee_id,
  kind: 'voluntary',
  last_working_day: addDays(today, NOTICE_DAYS),
  garden_leave_start: null,
  termination_date: null,
});

/**
 * No Salesforce licence is left, and somebody who joins waits for one. Somebody else leaves: announced for another day, then
 * at once. They are frozen, handed over and deactivated, and their seat is the one that the request gets.
 */
export async function playLeaver(stage: Stage, cast: Cast, seats: SpareSeats): Promise<void> {
  const { leaver, seatless } = cast;
  const workOn = await seatAwaited(stage, seatless, seats);
  await announced(stage, leaver);
  await now(stage, leaver);
  await Promise.all([gone(stage, leaver), workOn()]);
  await seats.putBack();
}

/** @returns what is done once the seat is there */
async function seatAwaited(
  stage: Stage,
  seatless: Newcomer,
  seats: SpareSeats,
): Promise<() => Promise<void>> {
  const { patience, telling } = stage;
  const who = stage.players.assigns;
  const used = await patience.until('the spare Salesforce licences to go', () => seats.takeAway());
  telling.step({
    hire: null,
    who: 'sandbox',
    what: `takes the spare Salesforce licences away: ${used} of ${used} are in use`,
  });
  await announceHire(stage, seatless);
  const request = await requestOpened(stage, seatless, true);
  await pickUp(stage, request, who);
  const before = withoutSeat(seatless);
  for (const task of before) await workTask(stage, request, task, who);
  await request.until(`daytwo to set ${quoted(ON_HOLD)}`, ({ issue: { labels } }) =>
    [ON_HOLD, WAITING_ON_LICENCE].every((label) => labels.includes(label)),
  );
  telling.step({
    hire: seatless.event.name,
    who: 'GitLab',
    what: `shows the request ${quoted(ON_HOLD)}: it waits for a seat`,
  });
  return () => workThrough(stage, seatless, request, who, before);
}

/** People's tasks that nobody needs the Salesforce user for. */
function withoutSeat({ tasks }: Newcomer): readonly Task[] {
  const seats = tasks.filter(({ way }) => connectionOf(way) === 'salesforce').map(({ id }) => id);
  return tasks.filter((task) => !isAutomatic(task) && !task.after.some((id) => seats.includes(id)));
}

async function announced(stage: Stage, leaver: Newcomer): Promise<void> {
  const { name, employee_id: id } = leaver.event;
  const event = leavingOf(leaver, new Date().toISOString().slice(0, 10));
  await announce(
    stage,
    event,
    name,
    `says that employee ${id} leaves; the last day is ${event.last_working_day}`,
  );
  const seen = await stage.patience.until(`${name}: the offboarding to wait for time zero`, async () => {
    const workflow = await stage.readings.workflow(offboardingId(id));
    return workflow?.state === 'announced' ? workflow : undefined;
  });
  stage.telling.step({
    hire: name,
    who: 'Temporal',
    what: `${seen.id} waits for time zero, DaytwoState=announced; nothing was touched`,
    link: workflowUrl(stage.around, seen),
  });
}

/** Danger: it isn't the last day that counts any more. */
async function now(stage: Stage, { event: { name, employee_id: id } }: Newcomer): Promise<void> {
  await stage.patience.until(`${name}: daytwo leave --now`, async () => {
    await daytwo(stage.around, 'leave', id, '--now', '--reason', WHY, '--by', SECURITY);
    return true;
  });
  stage.telling.step({
    hire: name,
    who: SECURITY,
    what: `says that it is now: daytwo leave ${id} --now --reason "${WHY}"; time zero is now`,
  });
}

/** What Salesforce shows, step by step; then people do what has no API. */
async function gone(stage: Stage, leaver: Newcomer): Promise<void> {
  const { name } = leaver.event;
  const shown = async (what: string, holds: (seen: EstateSeen) => boolean): Promise<EstateSeen> =>
    stage.patience.until(`${name}: ${what}`, async () => {
      const seen = await estateOf(stage.accounts, leaver.event.email);
      return seen && holds(seen) ? seen : undefined;
    });
  const tell = (what: string): void => stage.telling.step({ hire: name, who: 'Salesforce', what });
  await shown('daytwo to freeze them', ({ frozen }) => frozen);
  tell('shows the user frozen: nobody signs in with it any more');
  const left = await shown(
    'daytwo to hand over what they own',
    ({ accounts, leads, open }) => accounts + leads + open === 0,
  );
  tell(
    `shows no account, lead or open opportunity of theirs any more; ${left.closed} closed ones are theirs still`,
  );
  await shown('daytwo to deactivate them', ({ active }) => !active);
  tell('shows the user deactivated: a licence is free');
  await settled(stage, leaver);
}

async function settled(stage: Stage, leaver: Newcomer): Promise<void> {
  const { event } = leaver;
  const issue = await stage.patience.until(`${event.name}: daytwo to open the offboarding issue`, async () =>
    (await stage.readings.offboardingsOf(event)).at(0),
  );
  stage.telling.step({
    hire: event.name,
    who: 'daytwo',
    what: `opened the offboarding issue #${issue.iid}: what has no API is left for people`,
    link: issue.webUrl,
  });
  const watch = new IssueWatch(stage, event, issue, issue.project, []);
  await settleBoxes(stage, leaver, watch);
  await watch.until('daytwo to close the offboarding issue', ({ issue: { state } }) => state === 'closed');
}
