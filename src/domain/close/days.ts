import type { Day, Instant } from './columns';

/** Arithmetic on days that were checked when they were read: quick enough to be done for every record of a close. */

const DAY_MS = 86_400_000;

const midnight = (day: Day): number =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));

/** Days from one to another; negative if `to` is earlier. */
export const daysFrom = (from: Day, to: Day): number => (midnight(to) - midnight(from)) / DAY_MS;

export const dayAfter = (day: Day, days: number): Day =>
  new Date(midnight(day) + days * DAY_MS).toISOString().slice(0, 10);

/** Whether an instant is at a second or before it: at a cut-off of 23:59:59 that whole second still counts. */
export const isBy = (at: Instant, second: Instant): boolean => at.slice(0, 19) <= second.slice(0, 19);
