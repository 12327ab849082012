import { addDays } from '../domain/dates';
import { policyOn } from '../domain/day-two';
import type { Handbook } from '../domain/handbook';
import type { LeavingEvent } from '../domain/hr-event';
import { lastDayOf } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { localTime } from '../handbook/business-time';

/** What can't be right of an announcement: nothing is taken from the wrong person, or on a day that nobody meant. */
export function problemsOf(
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
