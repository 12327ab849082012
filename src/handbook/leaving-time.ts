import { weekday } from '../domain/dates';
import { isBusinessDay, onOrAfterBusinessDay, onOrBeforeBusinessDay } from '../domain/calendar';
import type { LeavingPolicy } from '../domain/handbook';
import type { LeavingEvent } from '../domain/hr-event';
import { lastDayOf } from '../domain/leaving';
import { addBusinessDays, instantAt, startOfDay, type BusinessCalendar } from './business-time';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FRIDAY = 5;

/**
 * Time zero: the kick-off hour of the last day where the person is. A suspension begins with its day; what lies behind has come
 * already.
 *
 * @returns an ISO 8601 instant in UTC
 * @throws RangeError on an unknown zone
 */
export function timeZeroOf(
  event: LeavingEvent,
  policy: Pick<LeavingPolicy, 'kickOff' | 'dayOff'>,
  calendar: BusinessCalendar,
): string {
  const last = lastDayOf(event);
  if (event.kind === 'suspension') return startOfDay(last, calendar.zone);
  const day = kickOffDay(last, policy.dayOff, calendar);
  const hour = policy.kickOff[Math.min(weekday(day), FRIDAY) - 1] ?? calendar.hours.to;
  return instantAt(day, hour, calendar.zone);
}

/** "Unsupported days: agree an alternative": policy says which. */
function kickOffDay(last: string, dayOff: LeavingPolicy['dayOff'], calendar: BusinessCalendar): string {
  const off = Object.hasOwn(calendar.holidays, calendar.country)
    ? (calendar.holidays[calendar.country] ?? [])
    : [];
  if (dayOff === 'same' || isBusinessDay(last, off)) return last;
  if (dayOff === 'after') return onOrAfterBusinessDay(last, off);
  return onOrBeforeBusinessDay(last, off);
}

/**
 * By when access to a system is gone: "critical systems: 24 h; everything else: 5 days". One day of the system's deadline is 24
 * hours, more are business days where the person is.
 */
export function removalDueAt(timeZero: string, days: number, calendar: BusinessCalendar): string {
  return days <= 1
    ? new Date(Date.parse(timeZero) + days * DAY_MS).toISOString()
    : addBusinessDays(timeZero, days, calendar);
}

/** When the deprovisioners, the team and the owner are reminded of what is open. */
export function remindersOf(
  timeZero: string,
  remind: LeavingPolicy['remind'],
  calendar: BusinessCalendar,
): readonly [string, string, string] {
  return [
    new Date(Date.parse(timeZero) + remind.deprovisionersHours * HOUR_MS).toISOString(),
    addBusinessDays(timeZero, remind.teamBusinessDays, calendar),
    addBusinessDays(timeZero, remind.ownerBusinessDays, calendar),
  ];
}
