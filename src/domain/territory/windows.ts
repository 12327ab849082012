import { addDays } from '../dates';
import type { TerritoryRules } from './rules';

/** First days of the quarters of the fiscal year, which begins on 1 February. */
const QUARTERS = ['02-01', '05-01', '08-01', '11-01'] as const;

/** The 1 February of the fiscal year that a day is in. */
export function fiscalYearStart(on: string): string {
  const year = Number(on.slice(0, 4));
  return `${on.slice(5) >= QUARTERS[0] ? year : year - 1}-${QUARTERS[0]}`;
}

/** Whether a day is in a window, so that owners change: the first days of some quarters (handbook, Rules of Engagement; the first quarter has none). */
export function isInWindow(
  on: string,
  { windows, windowDays }: Pick<TerritoryRules, 'windows' | 'windowDays'>,
): boolean {
  return windows.some(({ quarter }) => {
    const first = `${fiscalYearStart(on).slice(0, 4)}-${QUARTERS[quarter - 1] ?? QUARTERS[0]}`;
    return on >= first && on < addDays(first, windowDays);
  });
}

/** The last day on which activity counts: before it, an account is stale (nine weeks; handbook, Rules of Engagement). */
export const staleBefore = (on: string, { staleWeeks }: Pick<TerritoryRules, 'staleWeeks'>): string =>
  addDays(on, -7 * staleWeeks);
