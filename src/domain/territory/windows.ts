import { addDays } from '../dates';
import { nextWindow } from './next-window';
import type { TerritoryRules } from './rules';

const FIRST_DAY = '02-01';

/** The 1 February of the fiscal year that a day is in. */
export function fiscalYearStart(on: string): string {
  const year = Number(on.slice(0, 4));
  return `${on.slice(5) >= FIRST_DAY ? year : year - 1}-${FIRST_DAY}`;
}

/** Whether a day is in a window, so that owners change: the first days of some quarters (handbook, Rules of Engagement; the first quarter has none). */
export const isInWindow = (on: string, rules: Pick<TerritoryRules, 'windows' | 'windowDays'>): boolean =>
  nextWindow(on, rules) === on;

/** The last day on which activity counts: before it, an account is stale (handbook, Rules of Engagement). */
export const staleBefore = (on: string, { staleWeeks }: Pick<TerritoryRules, 'staleWeeks'>): string =>
  addDays(on, -7 * staleWeeks);
