import { policyOn } from '../domain/day-two';
import type { Policy } from '../domain/handbook';
import type { LeavingEvent } from '../domain/hr-event';
import { lastDayOf, type LeaverCase } from '../domain/leaving';
import type { LeavingStep, PlannedLeaving } from '../domain/offboarding';
import { digestOf } from '../evidence';
import type { PersonRecord } from '../evidence/store';
import { calendarOf } from '../handbook/business-time';
import { timeZeroOf } from '../handbook/leaving-time';
import { noteGoneFrom } from './absence';
import { recordOfHire } from './hire-record';
import { successorOf } from './leaver-successor';
import type { PlanLeaving } from './leaving';
import { tellMoved } from './leaving-moved';
import { problemsOf } from './leaving-problems';
import { ask, closeQuestion } from './leaving-question';
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
  if (!person || problems.length > 0) {
    const asked = await ask(world, input, person, problems);
    // Whose access is stopped already is looked after as before, while HR is asked.
    return known?.frozenAt && !known.endedAt
      ? plannedOf(known, pinnedPolicy(handbook, known.policyVersion))
      : asked;
  }
  const policy = known ? pinnedPolicy(handbook, known.policyVersion) : policyOn(handbook, now.slice(0, 10));
  const calendar = calendarOf(handbook, policy, person);
  const hurried = await mayHurry(world, input, person, policy);
  const timeZero = hurried?.at ?? timeZeroOf(event, policy.leaving, calendar);
  const touched = known !== null && known.frozenAt !== null && known.phase !== 'suspended';
  if (touched) await tellMoved(world, person, known, event, { timeZero, now });
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
  await closeQuestion(world, employeeId, 'HR sent what could be right');
  await recordOfHire(
    world,
    employeeId,
    person.timeZone,
    'leaving.announced',
    touched ? 'kept what HR says now; access had ended' : 'worked out when access ends; nothing was touched',
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
