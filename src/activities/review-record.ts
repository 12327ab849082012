import type { KeptReview } from '../evidence/account-reviews';
import { reviewId, type Review } from '../domain/territory/review';
import type { ReviewVerb } from '../domain/territory/review-acts';
import type { ReviewVerdict } from '../domain/territory/review-desk';
import { askedLines } from '../domain/territory/review-text';
import { noteOfProcess, noteRefused, writtenBack, type OfProcess, type RecordOf } from './process-record';
import type { World } from './world';

const ofReview = ({ accountId, n, issue, policyVersion }: Review): OfProcess => ({
  workflowId: reviewId(accountId),
  key: `${reviewId(accountId)}/${n}`,
  issue,
  always: { policy: policyVersion },
});

/** Writes it back; somebody who wrote meanwhile is another try of the same: this one is done again. */
export const keepReview = (world: Pick<World, 'store'>, kept: KeptReview): Promise<KeptReview> =>
  writtenBack(world.store.reviews, kept, 'review');

/** A record about a review. Its id says what it is of: done again, it is there once. */
export const noteOfReview = (
  world: Pick<World, 'store'>,
  review: Review,
  ...record: RecordOf
): Promise<void> => noteOfProcess(world, ofReview(review), ...record);

const DONE: Readonly<Record<ReviewVerb, string>> = {
  approve: 'agreed to the review of the account',
  reject: 'said no to the review of the account',
  info: 'asked for more information',
  holdover: 'asked for a holdover of the account',
  withdraw: 'withdrew what was asked',
};

/** What was asked, decided and put back, for the auditor. */
export async function evidenceOfReview(
  world: Pick<World, 'store'>,
  { review, deeds, putBacks }: ReviewVerdict,
): Promise<void> {
  await noteOfReview(
    world,
    review,
    `asked/${review.round}`,
    review.form.at ?? review.openedAt,
    'review.asked',
    {
      what: `asked for ${review.kind === 'override' ? 'other employees or address' : 'another owner'} of the account`,
      after: [...askedLines(review.form)],
      by: review.asker ?? review.form.by ?? 'not known',
    },
  );
  for (const { verb, by, at, channel, reason, parts } of deeds)
    await noteOfReview(
      world,
      review,
      `${verb}/${by}/${at}`,
      at,
      `review.${verb}`,
      { what: DONE[verb], ...(reason === null ? {} : { why: reason }), parts: [...parts] },
      { actor: by, channel },
    );
  await noteRefused(world, ofReview(review), putBacks);
}
