import { monthOf, quarterStart } from '../close/period';
import { addDays } from '../dates';
import type { TerritoryRules } from './rules';

/**
 * The first day on or after this one on which accounts may change hands; null where the rules know no window at all. "Q2 week 1 reactive,
 * Q3 week 1 proactive + requests, Q4 week 1 reactive, Q1 week 1 none" (rules of engagement): what was asked for moves in any of them.
 */
export function nextWindow(
  day: string,
  { windows, windowDays }: Pick<TerritoryRules, 'windows' | 'windowDays'>,
): string | null {
  let [first, last] = fiscalQuarterOf(day);
  // The quarter that the day is in, and the four after it.
  for (let passed = 0; passed <= 4; passed += 1) {
    const { quarter } = monthOf(first.slice(0, 7));
    if (windows.some((window) => window.quarter === quarter) && day < addDays(first, windowDays))
      return day > first ? day : first;
    [first, last] = fiscalQuarterOf(addDays(last, 1));
  }
  return null;
}

/** First and last day of the fiscal quarter of a day. */
export function fiscalQuarterOf(day: string): readonly [first: string, last: string] {
  const month = monthOf(day.slice(0, 7));
  return [quarterStart(month), month.quarterEnd];
}
