import { policyOn } from '../domain/day-two';
import {
  isReviewSettled,
  isSameForm,
  kindOf,
  reviewId,
  STATUS_ON_ACCOUNT,
  type Review,
} from '../domain/territory/review';
import { clockOf } from './close';
import { readReviewAccounts, reviewsOf, type ReviewAccount } from './review-account';
import { askerOf, dayOf, deadlines } from './review-scene';
import { ofOne } from './review-fault';
import { endValues } from './review-values';
import type { World } from './world';

/** Accounts that are read together. */
const TOGETHER = 200;

/**
 * Accounts on which somebody asks for something: a review begins, or the one that runs is told that what is asked changed. One whose
 * workflow is gone (a lost cluster) goes on from what the store knows. @returns how many were begun or told
 */
export async function watchReviews(world: World, real: string): Promise<number> {
  if (!isAskedHere(world)) return 0;
  const now = (await clockOf(world)).at(real);
  const standing = new Map(
    (await world.store.reviews.standing()).map((review) => [review.accountId, review]),
  );
  const seen = new Set<string>();
  let told = 0;
  for await (const account of askedAccounts(world)) {
    seen.add(account.id);
    const took = await ofOne(world, account.id, () => take(world, account, standing.get(account.id), now));
    if (took === true) told += 1;
  }
  // What was decided and not written yet, or waits for its time, and whose workflow is gone.
  for (const [accountId, { n }] of standing)
    if (!seen.has(accountId) && !(await world.hints.isRunning(reviewId(accountId)))) {
      await world.hints.startReview({ accountId, n });
      told += 1;
    }
  await endValuesOnce(world, now);
  return told;
}

/**
 * The same of accounts that a change event told of, at once: those of them on which something is asked for. What it misses, the next round
 * finds. @returns how many were begun or told
 */
export async function hearReviews(world: World, ids: readonly string[], real: string): Promise<number> {
  if (!isAskedHere(world)) return 0;
  const now = (await clockOf(world)).at(real);
  // Read before the accounts: one that is decided meanwhile isn't asked for by its account any more.
  const known = (await world.store.reviews.ofAll(ids)).filter((review) => !isReviewSettled(review));
  const standing = new Map(known.map((review) => [review.accountId, review]));
  let told = 0;
  for (const account of (await readReviewAccounts(world, ids)).values()) {
    if (account.status !== ASKED) continue;
    const took = await ofOne(world, account.id, () => take(world, account, standing.get(account.id), now));
    if (took === true) told += 1;
  }
  return told;
}

const isAskedHere = (world: World): boolean =>
  world.handbook().territory !== undefined && world.connector('salesforce').accountReviews !== undefined;

/** What an account says as soon as somebody asks for something. */
const ASKED = STATUS_ON_ACCOUNT.asked ?? '';

/** Accounts on which something is asked for, all of them, by their ids. */
async function* askedAccounts(world: World): AsyncGenerator<ReviewAccount> {
  const { keeper, fields } = reviewsOf(world);
  let after: string | null = null;
  do {
    const ids: readonly string[] = await keeper.idsWhere(fields.review.status, ASKED, after, TOGETHER);
    yield* (await readReviewAccounts(world, ids)).values();
    after = ids.length < TOGETHER ? null : (ids.at(-1) ?? null);
  } while (after !== null);
}

/** Approved values are looked at once a day. */
async function endValuesOnce(world: World, now: string): Promise<void> {
  const today = dayOf(now, policyOn(world.handbook(), now.slice(0, 10)));
  const what = `values/${today}`;
  if ((await world.store.reviews.told(what)).size > 0) return;
  await endValues(world, today, now);
  await world.store.reviews.keepTold(what, 'daytwo', now);
}

async function take(
  world: World,
  account: ReviewAccount,
  standing: Review | undefined,
  now: string,
): Promise<boolean> {
  const workflowId = reviewId(account.id);
  if (standing) {
    const isNews = standing.phase === 'needs_info' || !isSameForm(standing.form, account.form);
    if (isNews && (await world.hints.accountChanged(workflowId))) return true;
    if (await world.hints.isRunning(workflowId)) return false;
  }
  const { n } = standing ?? (await beginReview(world, account, now));
  await world.hints.startReview({ accountId: account.id, n });
  return true;
}

/** Keeps a review of what the account asks for; the one that stands, where there is one. */
export async function beginReview(world: World, account: ReviewAccount, now: string): Promise<Review> {
  const { form } = account;
  const policy = policyOn(world.handbook(), now.slice(0, 10));
  const asker = await askerOf(world, form);
  const due = deadlines(world, policy, now);
  return world.store.reviews.begin(account.id, (n) => ({
    accountId: account.id,
    n,
    // Both at once is refused by the form.
    kind: kindOf(form) === 'owner-change' || kindOf(form) === 'both' ? 'owner-change' : 'override',
    phase: 'asked',
    form,
    round: 1,
    shown: { round: 0, note: 0, label: 0 },
    asker,
    carrCents: account.carrCents,
    openedAt: now,
    ...due,
    policyVersion: policy.effectiveFrom,
    issue: null,
    words: {},
    holdover: null,
    outcome: null,
    cursor: { label: 0, note: 0 },
    told: {},
  }));
}
