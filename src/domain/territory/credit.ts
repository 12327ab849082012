import { daysBetween } from '../dates';

/** What each side is credited of what is booked on a held account, in percent. */
export interface Credit {
  readonly giving: number;
  readonly receiving: number;
}

/**
 * "Giving/receiving credit 100/0, 75/25, 50/50 in months 1/2/3" (rules of engagement, FY24). A month of a holdover is thirty days, since
 * ninety days are three of them.
 *
 * @param giving percent of who gives it up, by month from the first
 * @returns null once the last month is over: then all of it is the new owner's
 */
export function creditOn(day: string, { from, until }: Holdover, giving: readonly number[]): Credit | null {
  if (day < from || day >= until) return null;
  const month = Math.floor(daysBetween(from, day) / 30);
  const percent = giving[Math.min(month, giving.length - 1)];
  return percent === undefined ? null : { giving: percent, receiving: 100 - percent };
}

/** A time in which an account is held; on `until` it moves. */
export interface Holdover {
  readonly from: string;
  readonly until: string;
}

/** `100/0, then 75/25, then 50/50`: as it is shown. */
export const creditText = (giving: readonly number[]): string =>
  giving.map((percent) => `${percent}/${100 - percent}`).join(', then ');
