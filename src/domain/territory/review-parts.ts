import { holdoverNeedsLeadership } from './holdover';
import { PARTS, type Part, type Review, type ReviewPolicy } from './review';

/** Who may settle what, and what of it is needed, as it was found on a visit. User names. */
export interface ReviewPeople {
  /** Area manager of who has the account, and who covers them; empty: nobody is known. */
  readonly giving: readonly string[];
  readonly receiving: readonly string[];
  /** Those above both, the nearest first. */
  readonly above: readonly string[];
}

export interface ReviewFacts extends ReviewPeople {
  readonly policy: ReviewPolicy;
  readonly today: string;
  /** Moves of who asks come to more than Strategy lets pass. */
  readonly isLarge: boolean;
  /** Holdovers that this account had before. */
  readonly holdoversBefore: number;
  readonly now: string;
}

/**
 * What must be settled, in this order. An override is Sales Operations' alone. For another owner "both area managers agree, else up
 * the chain to the VP": the chain is asked where one of the two said no, where one didn't answer in time, or where neither is known.
 */
export function partsOf(
  review: Pick<Review, 'kind' | 'words' | 'escalateAt' | 'holdover'>,
  facts: ReviewFacts,
): readonly Part[] {
  if (review.kind === 'override') return ['decision'];
  const { words } = review;
  const areas = (['giving', 'receiving'] as const).filter((part) => facts[part].length > 0);
  const isOpen = areas.some((part) => words[part] === undefined);
  const isRefused = areas.some((part) => words[part]?.agrees === false);
  const toChain = isRefused || areas.length === 0 || (isOpen && facts.now >= review.escalateAt);
  const needed = new Set<Part>(areas);
  if (toChain || words.chain) needed.add('chain');
  if (facts.isLarge) needed.add('strategy');
  if (review.holdover && holdoverNeedsLeadership(facts.holdoversBefore)) needed.add('leadership');
  needed.add('decision');
  return PARTS.filter((part) => needed.has(part));
}

/**
 * Those who may settle a part. Nobody decides on what they asked for, now or in an earlier round; where nobody knows who asks, it may be
 * any of those who decide: only whom it is escalated to does.
 */
export function whoMaySettle(
  part: Part,
  { asker, earlierAskers = [] }: Pick<Review, 'asker' | 'earlierAskers'>,
  { policy, giving, receiving, above }: ReviewFacts,
): readonly string[] {
  const all: Readonly<Record<Part, readonly string[]>> = {
    giving,
    receiving,
    chain: above,
    strategy: policy.strategy.by,
    leadership: policy.leadership,
    decision: [...(asker === null ? [] : policy.decidedBy), ...policy.escalateTo],
  };
  return [...new Set(all[part])].filter((name) => name !== asker && !earlierAskers.includes(name));
}

/** The parts that are still open. Once the chain has spoken, nobody waits for the area managers. */
export function openParts(
  review: Pick<Review, 'kind' | 'words' | 'escalateAt' | 'holdover'>,
  facts: ReviewFacts,
): readonly Part[] {
  const { words } = review;
  return partsOf(review, facts).filter((part) => {
    if (part === 'giving' || part === 'receiving') return words[part] === undefined && !words.chain;
    return words[part] === undefined;
  });
}

/** What Sales Operations waits for before it can approve. */
export const openBefore = (
  review: Pick<Review, 'kind' | 'words' | 'escalateAt' | 'holdover'>,
  facts: ReviewFacts,
): readonly Part[] => {
  const open = openParts(review, facts).filter((part) => part !== 'decision');
  // Where the chain may speak, its word does for both area managers.
  return open.includes('chain') ? open.filter((part) => part !== 'giving' && part !== 'receiving') : open;
};

export const PART_WORDS: Readonly<Record<Part, string>> = {
  giving: 'the area manager of who has it',
  receiving: 'the area manager of who is to have it',
  chain: 'somebody above both area managers',
  strategy: 'Strategy, for the impact on quota',
  leadership: 'Sales Ops leadership, for a second holdover',
  decision: 'Sales Operations',
};
