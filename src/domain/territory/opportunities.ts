import type { TerritoryRules } from './rules';

/** How an account comes to another owner: at once, or in the window of a quarter. */
export type Occasion = 'immediate' | 'window';

export interface HeldOpportunity {
  /** `3-Technical Evaluation`: the stage's name as Salesforce has it. */
  readonly stage: string;
  readonly isClosed: boolean;
}

/** What becomes of an opportunity whose account changes hands. */
export type OpportunityMove = 'moves' | 'held-over' | 'stays';

/** The number that a stage's name begins with; null for one that has none. */
export const stageNumber = (stage: string): number | null => {
  const [, digits] = /^\s*(\d{1,2})(?!\d)/.exec(stage) ?? [];
  return digits === undefined ? null : Number(digits);
};

/**
 * "Immediate: opportunities in stage 0-2 move, 3-6 follow the holdover rule. Quarterly: 0-3 move, 4-6 get a 90-day holdover date"
 * (rules of engagement; the two boundaries differ there). What is closed keeps its owner, always. A stage without a number, or
 * beyond 6, is nearer to its end than to its beginning: it is held over.
 */
export function opportunityMove(
  { stage, isClosed }: HeldOpportunity,
  occasion: Occasion,
  { immediateUpTo, windowUpTo }: TerritoryRules['opportunities'],
): OpportunityMove {
  if (isClosed) return 'stays';
  const number = stageNumber(stage);
  const upTo = occasion === 'immediate' ? immediateUpTo : windowUpTo;
  return number !== null && number <= upTo ? 'moves' : 'held-over';
}
