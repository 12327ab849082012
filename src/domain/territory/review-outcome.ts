import type { ReviewAct } from './review-acts';
import { creditText } from './credit';
import { valuesUntil } from './approved-values';
import { holdoverFrom, whyNoHoldover, type Holding } from './holdover';
import { immediateCase, moveDay, occasionOf, IMMEDIATE, type MoveFacts } from './owner-change';
import type { ReviewFacts } from './review-parts';
import type { TerritoryRules } from './rules';
import { isReviewOver, type Review, type ReviewOutcome, type ReviewPhase } from './review';

/** What is found of the account beside the people. */
export interface ReviewScene extends ReviewFacts {
  readonly move: Omit<MoveFacts, 'found'>;
  /** The segment that it goes to: its rule governs. */
  readonly receivingSegment: string | null;
  /** What is open for who gives it up. */
  readonly holding: Holding;
  readonly rules: Pick<TerritoryRules, 'windows' | 'windowDays'>;
  /** What is asked was filled in anew since the issue last showed it. */
  readonly isNews: boolean;
}

/** Over by somebody's word. */
export const ended = (review: Review, phase: ReviewPhase, { at }: ReviewAct, rationale: string): Review => ({
  ...review,
  phase,
  outcome: outcomeOf({ at }, rationale),
});

export const outcomeOf = ({ at }: Pick<ReviewAct, 'at'>, rationale: string): ReviewOutcome => ({
  at,
  rationale,
  effectiveDate: null,
  occasion: null,
  holdoverUntil: null,
  valuesUntil: null,
  isWritten: false,
});

/** A form that is wrong ends the review before anybody needs to look at it. */
export const refusedReview = (review: Review, at: string, rationale: string): Review => ({
  ...review,
  phase: 'refused',
  outcome: outcomeOf({ at }, rationale),
});

/** There is nothing left to decide on, nor anything to write to. */
export const gone = (review: Review, at: string): Review =>
  isReviewOver(review) && review.outcome?.isWritten
    ? { ...review, outcome: { ...review.outcome, owesMail: false } }
    : {
        ...review,
        phase: 'withdrawn',
        outcome: { ...outcomeOf({ at }, 'The account is gone.'), isWritten: true },
      };

/** Why it can't be held over on this day; null: it can. */
export const noHoldover = ({ holding, receivingSegment, today, policy }: ReviewScene): string | null =>
  whyNoHoldover(holding, receivingSegment, today, policy.holdover);

/**
 * "Approved (+ Effective Date)". An override whose day is named keeps it, since Sales Operations decides; another owner comes at once
 * or in a window, whatever was named. With a holdover it moves when that ends, and never earlier than without one; what no
 * longer meets the conditions of a holdover by then moves as without.
 */
export function approvedOutcome(act: ReviewAct, review: Review, scene: ReviewScene): ReviewOutcome | null {
  const { policy, today, rules, receivingSegment } = scene;
  const facts = { ...scene.move, found: act.found };
  const occasion = occasionOf(facts);
  const isOverride = review.kind === 'override';
  const whyNot = review.holdover ? noHoldover(scene) : null;
  const held =
    review.holdover && whyNot === null ? holdoverFrom(today, receivingSegment, policy.holdover) : null;
  const unheld =
    isOverride && act.effectiveDate !== null
      ? act.effectiveDate
      : moveDay(occasion, act.effectiveDate ?? today, rules);
  if (unheld === null) return null;
  const day = held && held.until > unheld ? held.until : unheld;
  const why = immediateCase(facts);
  const sentences = [
    act.reason,
    why && `At once: ${IMMEDIATE[why]}.`,
    whyNot && `Not held over: ${whyNot}.`,
    held &&
      `Held over until ${held.until}, without extension; credit by month ${creditText(policy.holdover.credit)}.`,
  ];
  return {
    ...outcomeOf(act, sentences.filter((one) => one !== null).join(' ') || 'Approved.'),
    effectiveDate: day,
    occasion,
    holdoverUntil: held?.until ?? null,
    valuesUntil: isOverride ? valuesUntil(today, policy.valuesDays) : null,
  };
}

/** Asked again, after more was wanted or with other values: what was said before was about something else. */
export function askedAgain(
  review: Review,
  form: Review['form'],
  { remindAt, escalateAt }: Pick<Review, 'remindAt' | 'escalateAt'>,
  asker: string | null = review.asker,
): Review {
  if (isReviewOver(review)) return review;
  const { earlierAskers = [], shown = { round: review.round, note: 0, label: 0 } } = review;
  const earlier = review.asker === null ? earlierAskers : [...earlierAskers, review.asker];
  return {
    ...review,
    phase: 'asked',
    form,
    asker,
    earlierAskers: [...new Set(earlier)],
    shown,
    round: review.round + 1,
    words: {},
    holdover: null,
    outcome: null,
    remindAt,
    escalateAt,
  };
}
