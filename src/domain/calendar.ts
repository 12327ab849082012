import { addDays, weekday } from './dates';

/**
 * Business days: Monday to Friday without the public holidays of a country. Pure date arithmetic; instants and zones
 * are in `handbook/business-time.ts`, which workflows don't import.
 */
export type HolidayDates = ReadonlySet<string> | readonly string[];

/** Longest run of days off that a calendar may hold; beyond it the calendar is wrong, not the search. */
const LONGEST_PAUSE_DAYS = 366;

export function isBusinessDay(date: string, holidays: HolidayDates): boolean {
  if (weekday(date) > 5) return false;
  return !('has' in holidays ? holidays.has(date) : holidays.includes(date));
}

/** The date itself if it is a business day, else the next one. @throws RangeError if a year of days off follows. */
export function onOrAfterBusinessDay(date: string, holidays: HolidayDates): string {
  let day = date;
  for (let passed = 0; passed <= LONGEST_PAUSE_DAYS; passed++) {
    if (isBusinessDay(day, holidays)) return day;
    day = addDays(day, 1);
  }
  throw new RangeError(`no business day within a year of ${date}: look at the calendar`);
}

/** The date itself if it is a business day, else the last one before it. @throws RangeError if a year of days off lies before */
export function onOrBeforeBusinessDay(date: string, holidays: HolidayDates): string {
  let day = date;
  for (let passed = 0; passed <= LONGEST_PAUSE_DAYS; passed++) {
    if (isBusinessDay(day, holidays)) return day;
    day = addDays(day, -1);
  }
  throw new RangeError(`no business day within a year before ${date}: look at the calendar`);
}

/** The business day so many business days after `date`; 0 gives `date` or the next business day. */
export function addBusinessDates(date: string, days: number, holidays: HolidayDates): string {
  if (!Number.isInteger(days) || days < 0) throw new RangeError('business days are whole and not negative');
  let day = onOrAfterBusinessDay(date, holidays);
  for (let left = days; left > 0; left--) day = onOrAfterBusinessDay(addDays(day, 1), holidays);
  return day;
}
