import type { EvidenceDetail, EvidenceRow } from '../evidence/row';
import type { KeptReview } from '../evidence/account-reviews';
import { reviewId, type Review } from '../domain/territory/review';
import type { ReviewVerb } from '../domain/territory/review-acts';
import type { ReviewVerdict } from '../domain/territory/review-desk';
import { askedLines } from '../domain/territory/review-text';
import { keepEvidence } from './keep';
import type { World } from './world';

type Doer = Pick<EvidenceRow, 'actor' | 'channel'>;

/** Writes it back; somebody who wrote meanwhile is another try of the same: this one is done again. */
export async function keepReview(world: Pick<World, 'store'>, kept: KeptReview): Promise<KeptReview> {
  if (!(await world.store.reviews.put(kept)))
    throw new Error('the review was written meanwhile: it is read again');
  return { ...kept, turn: kept.turn + 1 };
}

/** A record about a review. Its id says what it is of: done again, it is there once. */
export const noteOfReview = (
  world: Pick<World, 'store'>,
  review: Review,
  id: string,
  at: string,
  kind: string,
  detail: EvidenceDetail,
  doer: Doer = { actor: 'daytwo', channel: 'daytwo' },
): Promise<void> =>
  keepEvidence(world, [
    {
      id: `${reviewId(review.accountId)}/${review.n}/${id}`,
      at,
      zone: 'UTC',
      subject: null,
      request: review.issue && `${review.issue.project}#${review.issue.iid}`,
      workflowId: reviewId(review.accountId),
      kind,
      ...doer,
      detail: { policy: review.policyVersion, ...detail },
    },
  ]);

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
  for (const { key, by, at, channel, what, why } of putBacks)
    await noteOfReview(
      world,
      review,
      `putback/${key}`,
      at,
      'decision.refused',
      { what: `was not allowed: ${what}`, why },
      { actor: by, channel },
    );
}
