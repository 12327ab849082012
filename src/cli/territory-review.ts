import { pinnedPolicy, type ReadWorld } from '../activities/world';
import { terminal } from '../domain/escape';
import { creditOn, type Credit } from '../domain/territory/credit';
import { isReviewOver, reviewId, type Review } from '../domain/territory/review';
import { askedLines } from '../domain/territory/review-text';
import { PART_WORDS } from '../domain/territory/review-parts';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { onCalendar, onClock, plural, spaced, table, zoneNote } from './words';

export interface ReviewListOptions extends Spoken {
  /** One account's, also those that are over. */
  readonly account?: string;
}

/** `daytwo territory review list`: what people ask about accounts, and where it stands. Ids only: names are on the issues. */
export const territoryReviews = (options: ReviewListOptions, around: Surroundings): Promise<number> =>
  withReadWorld(around, async (world) => listReviews(world, options, around));

export async function listReviews(
  world: Pick<ReadWorld, 'store'>,
  { account, json }: ReviewListOptions,
  around: Pick<Surroundings, 'out' | 'zone' | 'colours'>,
): Promise<number> {
  const reviews =
    account === undefined
      ? await world.store.reviews.standing()
      : await world.store.reviews.of(accountNamed(account));
  if (json) for (const review of reviews) around.out(jsonLine(shownOf(review)));
  else if (reviews.length === 0) around.out('Nothing is asked for.');
  else {
    const rows = reviews.map((review) => [
      `${review.accountId}/${review.n}`,
      review.kind === 'override' ? 'values' : 'owner',
      spaced(review.phase),
      onClock(review.openedAt, around.zone),
      review.outcome?.effectiveDate ?? '',
      review.issue?.url ?? '',
    ]);
    for (const line of table(
      ['Review', 'Asks for', 'Stands', 'Since', 'In force', 'Issue'],
      rows,
      around.colours.bold,
    ))
      around.out(line);
    around.out(`\n${plural(reviews.length, 'review')}. ${zoneNote(around.zone)}`);
  }
  return 0;
}

/** `daytwo territory review show <account>`: the last review of an account: what is asked, who said what, and how it came out. */
export const territoryReview = (asked: string, options: Spoken, around: Surroundings): Promise<number> =>
  withReadWorld(around, async (world) => showLastReview(world, asked, options, around));

export async function showLastReview(
  world: Pick<ReadWorld, 'store' | 'handbook'>,
  asked: string,
  { json }: Spoken,
  around: Pick<Surroundings, 'out' | 'zone' | 'now'>,
): Promise<number> {
  const accountId = accountNamed(asked);
  const review = (await world.store.reviews.of(accountId)).at(-1);
  if (!review) throw new Refused(`Nothing was ever asked about ${accountId}.`);
  if (json) around.out(jsonLine(shownOf(review)));
  else
    for (const line of linesOf(review, around.zone, creditNow(world, review, around.now())))
      around.out(terminal(line));
  return 0;
}

/** "Credit by month" while it is held over; null where it isn't. */
function creditNow(world: Pick<ReadWorld, 'handbook'>, review: Review, now: Date): Credit | null {
  const { outcome } = review;
  if (!outcome?.holdoverUntil) return null;
  const { zone } = pinnedPolicy(world.handbook(), review.policyVersion).close;
  const { credit } = pinnedPolicy(world.handbook(), review.policyVersion).territoryReview.holdover;
  const held = { from: onCalendar(outcome.at, zone), until: outcome.holdoverUntil };
  return creditOn(onCalendar(now, zone), held, credit);
}

/** An account id, or the id of its process. @throws WrongUsage */
function accountNamed(text: string): string {
  const id = text.trim().replace(/^account-review\//, '');
  if (!/^[0-9A-Za-z]{18}$/.test(id))
    throw new WrongUsage(`"${terminal(text)}" is no account: name the 18 characters of its id.`);
  return id;
}

function linesOf(review: Review, zone: string, credit: Credit | null): readonly string[] {
  const { outcome, words, form } = review;
  const shared = credit ? `; credit now ${credit.giving}/${credit.receiving}` : '';
  return [
    `${reviewId(review.accountId)}, review ${review.n}: ${review.kind === 'override' ? 'other employees or address' : 'another owner'}, ${spaced(review.phase)}`,
    `asked ${onClock(form.at ?? review.openedAt, zone)} by ${review.asker ?? form.by ?? 'nobody who is known'}${review.round > 1 ? `, filled in ${review.round} times` : ''}`,
    ...askedLines(form).map((line) => line.replace(/`/g, '')),
    ...Object.entries(words).map(
      ([part, { agrees, by, at, channel, reason }]) =>
        `${agrees ? 'yes' : 'no'}: ${PART_WORDS[part as keyof typeof PART_WORDS]}, by ${by} (${channel}) ${onClock(at, zone)}${reason === null ? '' : `: ${reason}`}`,
    ),
    ...(outcome ? [`answer: ${outcome.rationale}`] : []),
    ...(outcome?.effectiveDate ? [`in force from ${outcome.effectiveDate}`] : []),
    ...(outcome?.valuesUntil ? [`the values stand to ${outcome.valuesUntil}`] : []),
    ...(outcome?.holdoverUntil ? [`held over until ${outcome.holdoverUntil}${shared}`] : []),
    ...(outcome && !outcome.isWritten ? ['not written to the account yet'] : []),
    ...(review.issue ? [review.issue.url] : []),
    ...(isReviewOver(review) ? [] : [`Decide: daytwo approve ${reviewId(review.accountId)} --by <username>`]),
  ];
}

const shownOf = (review: Review) => ({
  process: reviewId(review.accountId),
  account: review.accountId,
  n: review.n,
  kind: review.kind,
  phase: review.phase,
  asked: review.form,
  by: review.asker,
  since: review.openedAt,
  words: review.words,
  holdover: review.holdover,
  outcome: review.outcome,
  issue: review.issue?.url ?? null,
});
