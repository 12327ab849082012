import { Temporal } from 'temporal-polyfill';
import { addBusinessDates, isBusinessDay } from '../domain/calendar';

import { addDays } from '../domain/dates';
import type { Absence } from '../domain/absence';
import type { Handbook, Holidays, Person, Policy } from '../domain/handbook';

/** Whose business time: where they are, what is off there, and when the day begins and ends. */
export interface BusinessCalendar {
  /** IANA zone. */
  readonly zone: string;
  /** ISO 3166-1 alpha-2; a country without a calendar has weekends only. */
  readonly country: string;
  readonly holidays: Holidays;
  readonly hours: Policy['businessHours'];
}

/** The calendar of a person by the policy of the day. */
export function calendarOf(
  handbook: Pick<Handbook, 'holidays'>,
  policy: Pick<Policy, 'businessHours'>,
  person: { readonly timeZone: string; readonly country: string },
): BusinessCalendar {
  const { timeZone: zone, country } = person;
  return { zone, country, holidays: handbook.holidays, hours: policy.businessHours };
}

/** Whether an instant (ISO 8601) lies within business hours of a business day there; the closing time doesn't. */
export function isBusinessTime(instant: string, calendar: BusinessCalendar): boolean {
  const { date, time } = localTime(instant, calendar.zone);
  return isBusinessDay(date, daysOff(calendar)) && time >= calendar.hours.from && time < calendar.hours.to;
}

/**
 * The same time of day so many business days later. An instant outside business time counts from the next opening, so that
 * nobody's deadline runs while they are off: two business days after Friday 20:00 is Wednesday's opening.
 *
 * For activities only: a workflow is given the instant and sleeps until then.
 *
 * @param from ISO 8601 instant
 * @param days whole and not negative; 0 gives `from` itself or the next opening
 * @returns ISO 8601 instant in UTC
 * @throws RangeError on an unknown zone, a bad instant or negative days
 */
export function addBusinessDays(from: string, days: number, calendar: BusinessCalendar): string {
  const off = daysOff(calendar);
  const local = localTime(from, calendar.zone);
  const open = isBusinessDay(local.date, off);
  const within = open && local.time >= calendar.hours.from && local.time < calendar.hours.to;
  if (within && days === 0) return Temporal.Instant.from(from).toString();
  const firstDay = open && local.time >= calendar.hours.to ? addDays(local.date, 1) : local.date;
  const day = addBusinessDates(firstDay, days, off);
  return instantAt(day, within ? local.time : calendar.hours.from, calendar.zone);
}

/** A person's days away as `people.yml` says them: from the first midnight where they are to the one after the last day. */
export const daysAway = ({ away = [], timeZone }: Pick<Person, 'away' | 'timeZone'>): readonly Absence[] =>
  away.map(({ from, to }) => ({
    from: startOfDay(from, timeZone),
    until: endOfDay(to, timeZone),
    source: 'handbook',
    note: null,
  }));

/** The instant at which a calendar date begins in a zone. @throws RangeError if it is none */
export const startOfDay = (date: string, zone: string): string => instantAt(date, '00:00', zone);
/** The instant at which the next date begins there. */
export const endOfDay = (date: string, zone: string): string => startOfDay(addDays(date, 1), zone);

/** Date and time of day where the zone is: for evidence and messages beside the instant. */
export function localTime(instant: string, zone: string): { readonly date: string; readonly time: string } {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return { date: local.toPlainDate().toString(), time: local.toPlainTime().toString() };
}

/** A local date and time as an instant; a time that the clock change leaves out is moved forward by as much. */
export function instantAt(date: string, time: string, zone: string): string {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone).toInstant().toString();
}

function daysOff({ country, holidays }: BusinessCalendar): readonly string[] {
  return Object.hasOwn(holidays, country) ? (holidays[country] ?? []) : [];
}
