import { policyOn } from '../domain/day-two';
import { addDays } from '../domain/dates';
import type { Handbook, Policy } from '../domain/handbook';
import type { LeavingEvent } from '../domain/hr-event';
import { lastDayOf, type LeaverCase } from '../domain/leaving';
import type { LeavingStep, PlannedLeaving } from '../domain/offboarding';
import { digestOf } from '../evidence';
import type { PersonRecord } from '../evidence/store';
import { calendarOf, localTime } from '../handbook/business-time';
import { timeZeroOf } from '../handbook/leaving-time';
import { noteGoneFrom } from './absence';
import { recordOfHire } from './hire-record';
import { successorOf } from './leaver-successor';
import type { PlanLeaving } from './leaving';
import { closeOpsTask, opsMarker, ourIssue, raiseOpsTask, refOf } from './ops-task';
import { managersOf, pinnedPolicy, type World } from './world';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Judges what HR said, keeps it, and works out the instants; no system is touched, and nobody outside People is told. */
export async function planOf(
  world: World,
  input: PlanLeaving,
): Promise<Exclude<LeavingStep, { kind: 'new' }>> {
  const { employeeId, event, now } = input;
  const handbook = world.handbook();
  const person = await world.store.personById(employeeId);
  const known = await knownCase(world, input);
  if (person?.status === 'left' && (!known || known.endedAt)) return goneAlready(world, person, event);
  const problems = problemsOf(handbook, person, event, now);
  if (!person || problems.length > 0) return ask(world, input, person, problems);
  const policy = known ? pinnedPolicy(handbook, known.policyVersion) : policyOn(handbook, now.slice(0, 10));
  const calendar = calendarOf(handbook, policy, person);
  const hurried = await mayHurry(world, input, person, policy);
  const timeZero = hurried?.at ?? timeZeroOf(event, policy.leaving, calendar);
  const touched = known !== null && known.frozenAt !== null && known.phase !== 'suspended';
  if (touched && timeZero > now && timeZero > known.timeZero) await askLater(world, person, event);
  const worked: LeaverCase = {
    leaving: known?.leaving ?? `${employeeId}/${digestOf(event.event_id).slice(0, 8)}`,
    employeeId,
    event,
    phase: touched
      ? known.phase
      : known?.phase === 'suspended' && event.kind === 'suspension'
        ? 'suspended'
        : 'announced',
    timeZero: touched ? known.timeZero : timeZero,
    policyVersion: policy.effectiveFrom,
    frozenAt: known?.frozenAt ?? null,
    takenAt: known?.takenAt ?? null,
    endedAt: null,
    issue: known?.issue ?? null,
    successor: known?.successor ?? null,
  };
  const leaving = { ...worked, successor: await successorOf(world, input, worked, person) };
  await world.store.leavers.put(leaving);
  // Who has left stays so, whatever date HR sends afterwards.
  await world.store.putPerson({ ...person, status: touched ? person.status : 'leaving', updatedAt: now });
  await noteGoneFrom(world, person.email, leaving.timeZero, now);
  await closeQuestion(world, employeeId);
  await recordOfHire(
    world,
    employeeId,
    person.timeZone,
    'leaving.announced',
    'worked out when access ends; nothing was touched',
    {
      after: {
        kind: event.kind,
        hr_date: lastDayOf(event),
        time_zero: leaving.timeZero,
        at_once_by: hurried?.by ?? null,
        at_once_why: hurried?.reason ?? null,
      },
      policy: policy.effectiveFrom,
    },
    null,
    `${event.event_id}/${input.immediately?.at ?? ''}`,
  );
  return plannedOf(leaving, policy);
}

/** Danger: the manager, those who run leavings, and security say that it is now; of anybody else it is refused and kept. */
async function mayHurry(
  world: World,
  { immediately, employeeId }: PlanLeaving,
  person: PersonRecord,
  policy: Policy,
): Promise<PlanLeaving['immediately']> {
  if (!immediately) return null;
  const who = [
    ...(await managersOf(world, person.managerEmail)),
    ...policy.leaving.runBy,
    ...world.handbook().people.approvers.security,
  ];
  if (who.includes(immediately.by)) return immediately;
  await recordOfHire(
    world,
    employeeId,
    person.timeZone,
    'decision.refused',
    `was not allowed to ${immediately.by}: stop their access at once`,
    { why: `it may be done by ${[...new Set(who)].join(', ')}` },
    null,
    immediately.at,
  );
  return null;
}

function plannedOf(leaving: LeaverCase, { leaving: policy }: Policy): PlannedLeaving {
  const { timeZero, event } = leaving;
  const before = event.kind === 'involuntary' && policy.call.before.includes('admin_rights');
  return {
    kind: 'planned',
    leaving: leaving.leaving,
    why: event.kind,
    phase: leaving.phase,
    timeZero,
    adminAt: before ? new Date(Date.parse(timeZero) - policy.call.hoursBefore * HOUR_MS).toISOString() : null,
    lookBackAt: new Date(Date.parse(timeZero) + policy.lookBackDays * DAY_MS).toISOString(),
  };
}

/** The leaving that goes on, or one of the same event that a lost cluster forgot. */
async function knownCase(
  world: World,
  { employeeId, leaving, event }: PlanLeaving,
): Promise<LeaverCase | null> {
  if (leaving !== null) return world.store.leavers.get(leaving);
  const all = await world.store.leavers.ofPerson(employeeId);
  return (
    all.find((one) => one.event.event_id === event.event_id) ??
    all.find((one) => one.endedAt === null && one.phase !== 'rescinded' && one.phase !== 'restored') ??
    null
  );
}

async function goneAlready(
  world: World,
  person: PersonRecord,
  event: LeavingEvent,
): Promise<{ readonly kind: 'noted' }> {
  await recordOfHire(
    world,
    person.employeeId,
    person.timeZone,
    'leaving.repeated',
    'did nothing: this person had left already',
    { after: { hr_date: lastDayOf(event) } },
    null,
    event.event_id,
  );
  return { kind: 'noted' };
}

/** What can't be right of an announcement: nothing is taken from the wrong person, or on a day that nobody meant. */
function problemsOf(
  handbook: Handbook,
  person: PersonRecord | null,
  event: LeavingEvent,
  now: string,
): readonly string[] {
  const id = event.employee_id;
  if (!person) return [`employee ${id}: HR never told of a person with this id`];
  if (person.status === 'rescinded')
    return [`employee ${id}: HR took this hire back; nobody of this id is here`];
  const problems: string[] = [];
  const { startDateHorizonDays: horizon } = policyOn(handbook, now.slice(0, 10));
  const last = lastDayOf(event);
  const today = now.slice(0, 10);
  if (last < person.startDate)
    problems.push(`employee ${id}: leaves on ${last}, before the start on ${person.startDate}`);
  if (last > addDays(today, horizon) || last < addDays(today, -horizon))
    problems.push(`employee ${id}: the last day ${last} is more than ${horizon} days away`);
  const { termination_date: end, garden_leave_start: garden, last_working_day: work } = event;
  if (end !== null && end < last)
    problems.push(`employee ${id}: the employment ends on ${end}, before access does on ${last}`);
  if (garden !== null && garden < work && end === null)
    problems.push(`employee ${id}: garden leave from ${garden}, and a last working day after it, on ${work}`);
  if (!isZone(person.timeZone)) problems.push(`employee ${id}: nobody knows the time zone that HR gave`);
  return problems;
}

function isZone(zone: string): boolean {
  try {
    localTime('2026-01-01T00:00:00Z', zone);
    return true;
  } catch {
    return false;
  }
}

const questionKey = (employeeId: string): string => `leaving-question:${employeeId}`;

async function ask(
  world: World,
  { employeeId, event }: PlanLeaving,
  person: PersonRecord | null,
  problems: readonly string[],
): Promise<Extract<LeavingStep, { kind: 'question' }>> {
  const ref = await raiseOpsTask(world, {
    key: questionKey(employeeId),
    title: `HR's word on employee ${employeeId} needs a look`,
    problems,
    mend: 'Correct it in the HR system, or send the correction: daytwo leave. Nothing was touched until then.',
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

async function closeQuestion(world: World, employeeId: string): Promise<void> {
  const asked = await ourIssue(world, opsMarker(questionKey(employeeId)), world.projects.accessRequests);
  if (asked?.state === 'opened') await closeOpsTask(world, refOf(asked), 'HR sent what could be right');
}

/** Somebody whose access is gone is to stay longer after all: that is asked for, and approved, like any other access. */
async function askLater(world: World, person: PersonRecord, event: LeavingEvent): Promise<void> {
  const ref = await raiseOpsTask(world, {
    key: `leaving-later:${person.employeeId}:${event.event_id}`,
    title: `Employee ${person.employeeId} stays longer, but access is gone`,
    problems: [`employee ${person.employeeId}: HR moved the last day to ${lastDayOf(event)} after time zero`],
    mend: 'If they are to have access until then, file an access request for it. Or HR takes the leaving back: then one is filed.',
  });
  await recordOfHire(
    world,
    person.employeeId,
    person.timeZone,
    'leaving.moved_late',
    'raised a task: the last day was moved after time zero',
    { after: { hr_date: lastDayOf(event) } },
    ref,
    event.event_id,
  );
}
