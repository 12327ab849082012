import { addDays } from '../dates';
import { nextWindow } from './next-window';
import type { TerritoryRules } from './rules';

const FIRST_DAY = '02-01';

/** The 1 February of the fiscal year that a day is in. */
export function fiscalYearStart(on: string): string {
  const year = Number(on.slice(0, 4));
  return `${on.slice(5) >= FIRST_DAY ? year : year - 1}-${FIRST_DAY}`;
}

/**
 * Whether accounts change owners on a day though nobody asked for it: "Q2 week 1 reactive, Q3 week 1 proactive + requests, Q4 week 1
 * reactive, Q1 week 1 none" (rules of engagement). A reactive window is for what was asked for, which moves by its own day.
 */
export const isProactive = (on: string, rules: Pick<TerritoryRules, 'windows' | 'windowDays'>): boolean => {
  const windows = rules.windows.filter(({ kind }) => kind === 'proactive');
  return nextWindow(on, { windows, windowDays: rules.windowDays }) === on;
};

/** The last day on which activity counts: before it, an account is stale (handbook, Rules of Engagement). */
export const staleBefore = (on: string, { staleWeeks }: Pick<TerritoryRules, 'staleWeeks'>): string =>
  addDays(on, -7 * staleWeeks);
