import type { DeskMessage } from '../domain/desk-acts';
import type { Part, ReviewKind, ReviewPhase } from '../domain/territory/review';
import { clockOf } from './close';
import { living } from './faults';
import { visitReview } from './review-visit';
import type { World } from './world';

export interface ReviewRef {
  /** 18 characters. */
  readonly accountId: string;
  /** From 1, within the account. */
  readonly n: number;
}

export interface VisitReview extends ReviewRef {
  readonly messages: readonly DeskMessage[];
  readonly now: string;
}

/** What a visit found, small enough for a history: no names and no values. */
export interface ReviewVisit {
  readonly of: ReviewKind;
  readonly phase: ReviewPhase;
  readonly open: readonly Part[];
  /** Nobody has a part in it any more, and the account says how it came out. */
  readonly over: boolean;
  /** When it is looked at again by itself. */
  readonly nextAt: string | null;
  readonly effectiveDate: string | null;
  readonly url: string | null;
  /** How far the clock of a sandbox is ahead. */
  readonly aheadMs?: number;
  /** Why each message wasn't taken; null where it was. */
  readonly answers: Readonly<Record<string, string | null>>;
}

export interface AccountReviewActivities {
  /**
   * Reads what is asked on the account, refuses a wrong form, makes the issue and shows what would change, judges what people said, and
   * writes the answer to the account, read back.
   */
  visitReview(input: VisitReview): Promise<ReviewVisit>;
}

export const accountReviewActivities = (world: World): AccountReviewActivities => ({
  visitReview: living(async ({ messages, ...input }) => {
    const { at, aheadMs } = await clockOf(world);
    const told = messages.map((message) => ({ ...message, at: at(message.at) }));
    return { ...(await visitReview(world, { ...input, messages: told, now: at(input.now) })), aheadMs };
  }),
});
