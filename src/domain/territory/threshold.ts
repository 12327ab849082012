import { dollars } from '../close/cents';
import type { RunFigures } from './run';
import type { TerritoryRules } from './rules';

/**
 * What of a plan is above the threshold, in words; empty: it may be written without asking. "An error in a table mustn't move 5,000
 * accounts": whatever is re-staged or moved counts, each account once, and the CARR of those.
 */
export function aboveThreshold(
  { touched: accounts, carrCents }: Pick<RunFigures, 'touched' | 'carrCents'>,
  threshold: Pick<TerritoryRules['threshold'], 'accounts' | 'carrCents'>,
): readonly string[] {
  return [
    ...(accounts > threshold.accounts
      ? [`${accounts} accounts, more than ${threshold.accounts} in a night`]
      : []),
    ...(carrCents > threshold.carrCents
      ? [`${dollars(carrCents)} CARR, more than ${dollars(threshold.carrCents)} in a night`]
      : []),
  ];
}
