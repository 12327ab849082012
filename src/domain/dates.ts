/** Arithmetic on calendar dates (`YYYY-MM-DD`) without a zone: the same everywhere, so workflows may use it. */

const DAY_MS = 86_400_000;
const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a text is a date of the calendar: `2026-02-29` isn't. Years 0001 to 9999. */
export function isCalendarDate(text: string): boolean {
  if (!FORM.test(text) || text.startsWith('0000')) return false;
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))];
  return (
    day >= 1 && day <= (month === 2 && isLeap(Number(text.slice(0, 4))) ? 29 : (DAYS_OF[month - 1] ?? 0))
  );
}

const DAYS_OF = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** The date so many days later (earlier if negative). @throws RangeError if `date` is no calendar date. */
export function addDays(date: string, days: number): string {
  return new Date(midnight(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one date to another; negative if `to` is earlier. @throws RangeError if one is no calendar date. */
export function daysBetween(from: string, to: string): number {
  return (midnight(to) - midnight(from)) / DAY_MS;
}

/** Day of the week, Monday 1 to Sunday 7 (ISO 8601). @throws RangeError if it is no calendar date. */
export function weekday(date: string): number {
  return new Date(midnight(date)).getUTCDay() || 7;
}

function midnight(date: string): number {
  if (!isCalendarDate(date)) throw new RangeError('not a calendar date (YYYY-MM-DD)');
  return Date.parse(`${date}T00:00:00Z`);
}
