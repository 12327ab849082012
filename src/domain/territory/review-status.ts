import type { Part, ReviewKind, ReviewPhase } from './review';
import { PART_WORDS } from './review-parts';

/** The one view of a review that the command and the Temporal UI show: no names, no values. */
export interface ReviewStatus {
  readonly kind: 'account-review';
  readonly accountId: string;
  readonly n: number;
  readonly since: string;
  readonly of: ReviewKind | null;
  readonly phase: ReviewPhase | 'new';
  /** What must still be settled. */
  readonly open: readonly Part[];
  /** When somebody is reminded, or it goes further; null: nothing comes by itself. */
  readonly nextAt: string | null;
  readonly effectiveDate: string | null;
  readonly url: string | null;
}

const IN_WORDS: Readonly<Record<ReviewStatus['phase'], string>> = {
  new: 'Begins.',
  asked: '**Waits for** a decision.',
  needs_info: '**Waits for** more information from who asked.',
  approved: 'Approved.',
  rejected: 'Rejected.',
  refused: 'Refused: the form was wrong.',
  withdrawn: 'Withdrawn.',
};
const OF: Readonly<Record<ReviewKind, string>> = {
  override: 'other employees or address',
  'owner-change': 'another owner',
};

/** What an operator sees in the Temporal UI. */
export const reviewDetails = (status: ReviewStatus): string =>
  [
    `## Review ${status.n} of ${status.accountId}`,
    ...(status.of ? [`Asked for: ${OF[status.of]}.`] : []),
    IN_WORDS[status.phase],
    ...(status.phase === 'asked' && status.open.length > 0
      ? [status.open.map((part) => `- ${PART_WORDS[part]}`).join('\n')]
      : []),
    ...(status.effectiveDate ? [`In force from ${status.effectiveDate}.`] : []),
    ...(status.nextAt ? [`Next at ${status.nextAt}.`] : []),
  ].join('\n\n');
