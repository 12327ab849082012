import { mergeBlock } from '../domain/owned-block';
import { readOverride, type FormProblem, type OverrideValues } from '../domain/territory/override-form';
import { readOwnerChange } from '../domain/territory/owner-change';
import { isReviewOver, isReviewSettled, isSameForm, type Review } from '../domain/territory/review';
import { REVIEW_LABELS } from '../domain/territory/review-acts';
import { judgeReview } from '../domain/territory/review-desk';
import { askedAgain, gone, refusedReview, type ReviewScene } from '../domain/territory/review-outcome';
import { openParts } from '../domain/territory/review-parts';
import { refusalText, reviewBlock, reviewMarker, reviewTitle } from '../domain/territory/review-text';
import { rulesOn } from '../domain/territory/handbook';
import type { KeptReview } from '../evidence/account-reviews';
import type { DeskIssue } from '../systems/gitlab';
import type { ReviewVisit, VisitReview } from './account-review';
import { show } from './close-issues';
import { postOnce, putBackText } from './desk-comments';
import { createOnce, refOf } from './ops-task';
import { accountLink, readReviewAccount, type ReviewAccount } from './review-account';
import { listOfMany, tellOfReview } from './review-telling';
import { previewOf } from './review-preview';
import { evidenceOfReview, keepReview, noteOfReview } from './review-record';
import { askerOf, deadlines, mayAskFor, reviewScene, usersOf, type ReviewUsers } from './review-scene';
import { mailAnswer, writeAnswer } from './review-write';
import { pinnedPolicy, type World } from './world';

/**
 * One visit: what is asked is read from the account, what people said is judged, and the account and the issue say where it stands. What
 * must outlive a death comes first: whoever dies in between judges the same again.
 */
export async function visitReview(
  world: World,
  { accountId, n, messages, now }: VisitReview,
): Promise<ReviewVisit> {
  const kept = await world.store.reviews.get(accountId, n);
  if (!kept) throw new Error('the review is not in the store');
  if (isReviewSettled(kept.review)) return seen(kept.review, [], {});
  const account = await readReviewAccount(world, accountId);
  if (!account) return endGone(world, kept, now);
  const isNews = isAskedAgain(kept.review, account);
  const policy = pinnedPolicy(world.handbook(), kept.review.policyVersion);
  const before = isNews
    ? askedAgain(kept.review, account.form, deadlines(world, policy, now), await askerOf(world, account.form))
    : await withAsker(world, kept.review);
  const users = await usersOf(world, before, account);
  const scene = await reviewScene(world, before, account, users, {
    now,
    isNews: before.shown !== undefined && before.shown.round !== before.round,
  });
  const { values, problems } = await checkForm(world, before, account, users, scene);
  const isWrong = problems.length > 0 && !isReviewOver(before) && before.phase === 'asked';
  const asked = isWrong ? refusedReview(before, now, refusalText(problems)) : before;
  if (isWrong)
    await noteOfReview(world, asked, `refused/${asked.round}`, now, 'review.refused', {
      what: 'refused the form: nobody needed to look at it',
      why: refusalText(problems),
    });
  const visit: Visit = { world, account, users, scene, values, now };
  const issue = isWrong && asked.issue === null ? null : await issueOf(visit, asked);
  const { username: bot } = await world.gitlab.self();
  const reading = issue && {
    notes: await world.gitlab.notes(issue.project, issue.iid),
    labelEvents: await world.gitlab.labelEvents(issue.project, issue.iid),
    bot,
  };
  const verdict = judgeReview(issue ? { ...asked, issue: refOf(issue) } : asked, reading, messages, scene);
  await evidenceOfReview(world, verdict);
  const judged = await keepReview(world, { ...kept, review: verdict.review });
  if (issue)
    for (const putBack of verdict.putBacks)
      await postOnce(world, issue, { bot }, `putback:${putBack.key}`, putBackText(putBack));
  const written = await writeAnswer(world, judged.review, values, scene.today);
  const told = await tellOfReview(visit, issue, bot, await mailAnswer(world, written, account, users, now));
  const last = await keepReview(world, { ...judged, review: told });
  const { review } = last;
  if (issue) {
    await showReview(visit, issue, review);
    if (review.shown?.round !== review.round) await keepShown(world, issue, last);
  }
  return seen(review, openParts(review, scene), verdict.answers, now);
}

/** Somebody whom GitLab didn't know may be known by now. */
const withAsker = async (world: World, review: Review): Promise<Review> =>
  review.asker === null && !isReviewOver(review)
    ? { ...review, asker: await askerOf(world, review.form) }
    : review;

/** Says that the issue shows this round. What was said up to now was said to what it showed before. */
async function keepShown(world: World, { project, iid }: DeskIssue, kept: KeptReview): Promise<void> {
  const { review } = kept;
  if (isReviewOver(review)) return;
  const last = (of: readonly { readonly id: number }[]): number => Math.max(0, ...of.map(({ id }) => id));
  const shown = {
    round: review.round,
    note: last(await world.gitlab.notes(project, iid)),
    label: last(await world.gitlab.labelEvents(project, iid)),
  };
  await keepReview(world, { ...kept, review: { ...review, shown } });
}

export interface Visit {
  readonly world: World;
  readonly account: ReviewAccount;
  readonly users: ReviewUsers;
  readonly scene: ReviewScene;
  readonly values: OverrideValues;
  readonly now: string;
}

/** Asked anew: after more was wanted, or with other values while it is looked at. */
const isAskedAgain = (review: Review, { status, form }: ReviewAccount): boolean =>
  status === 'Requested' &&
  (review.phase === 'asked'
    ? !isSameForm(review.form, form)
    : review.phase === 'needs_info' && review.outcome?.isWritten === true);

async function checkForm(
  world: World,
  review: Review,
  account: ReviewAccount,
  users: ReviewUsers,
  { policy, today }: ReviewScene,
): Promise<{ readonly values: OverrideValues; readonly problems: readonly FormProblem[] }> {
  const { form } = review;
  const problems: FormProblem[] = [];
  if (!(await mayAskFor(world, review, account, users)))
    problems.push({
      field: 'Asked By',
      problem: 'is neither who owns the account nor who leads them',
      mend: 'The owner asks, or somebody above them.',
    });
  if (form.ownerId !== null) {
    const { ownerId, evidence } = form;
    const asked = { ownerId, evidence };
    const read = readOwnerChange(asked, account.ownerId, users.get(ownerId), policy);
    const isBoth = form.employees !== null || Object.values(form.address).some((part) => part !== null);
    if (isBoth)
      problems.push({
        field: 'User Input',
        problem: 'asks for values and for another owner at once',
        mend: 'Different people decide on the two: ask for one, and for the other afterwards.',
      });
    return { values: { employees: null, address: null }, problems: [...problems, ...read.problems] };
  }
  const { mostEmployees = Number.MAX_SAFE_INTEGER } =
    rulesOn(world.handbook().territory?.rules ?? [], today) ?? {};
  const read = readOverride(form, account.website, { notSources: policy.notSources, mostEmployees });
  return { values: read.values, problems: [...problems, ...read.problems] };
}

/** Confidential: it is about accounts. */
async function issueOf(visit: Visit, review: Review): Promise<DeskIssue> {
  const { gitlab, projects } = visit.world;
  const known = review.issue && (await gitlab.issue(review.issue.project, review.issue.iid));
  if (known) return known;
  const project = review.issue?.project ?? projects.accessRequests;
  const list = await listOfMany(visit.world, review);
  const cc = [
    ...new Set([
      ...(review.asker === null ? [] : [review.asker]),
      ...visit.scene.giving.slice(0, 1),
      ...visit.scene.receiving.slice(0, 1),
    ]),
  ];
  const said = [
    ...(list ? [`One of many that are asked for together: ${list.url}`] : []),
    ...(cc.length > 0 ? [`cc ${cc.map((name) => `@${name}`).join(' ')}`] : []),
  ];
  return createOnce(visit.world, project, reviewMarker(review), {
    title: reviewTitle(review),
    description: [mergeBlock('', await blockOf(visit, review)), ...said].join('\n\n'),
    labels: [REVIEW_LABELS.asked],
    confidential: true,
  });
}

async function blockOf({ world, account, scene, values }: Visit, review: Review): Promise<string> {
  const link = (await accountLink(world))(review.accountId);
  const preview = isReviewOver(review)
    ? { changes: null, whyNoChanges: 'it is decided' }
    : await previewOf(world, review, account, values, scene);
  return reviewBlock(review, scene, { name: account.name, link, ...preview });
}

const LABEL_OF: Readonly<Record<Review['phase'], string>> = {
  ...REVIEW_LABELS,
  refused: REVIEW_LABELS.rejected,
  withdrawn: REVIEW_LABELS.rejected,
};

/** One label, the block, and closed once it is over: by the smallest change. */
async function showReview(visit: Visit, read: DeskIssue, review: Review): Promise<void> {
  const { gitlab } = visit.world;
  const wanted = LABEL_OF[review.phase];
  const others: readonly string[] = Object.values(REVIEW_LABELS).filter((label) => label !== wanted);
  const remove = read.labels.filter((label) => others.includes(label));
  const add = read.labels.includes(wanted) ? [] : [wanted];
  const issue =
    add.length + remove.length > 0
      ? await gitlab.change(read.project, read.iid, { addLabels: add, removeLabels: remove })
      : read;
  await show(visit.world, issue, await blockOf(visit, review), isReviewOver(review));
}

/** The account isn't there any more: nothing can be decided, and nothing written. */
async function endGone(world: World, kept: KeptReview, now: string): Promise<ReviewVisit> {
  const { review } = await keepReview(world, { ...kept, review: gone(kept.review, now) });
  await noteOfReview(world, review, 'gone', now, 'review.gone', {
    what: 'ended the review: the account is gone',
  });
  return seen(review, [], {});
}

/** How long until an answer that could not be mailed is tried once more. */
const MAIL_AGAIN_MS = 15 * 60_000;

function seen(
  review: Review,
  open: ReviewVisit['open'],
  answers: ReviewVisit['answers'],
  now: string | null = null,
): ReviewVisit {
  const { phase, kind, outcome, issue, told, remindAt, escalateAt, round } = review;
  const next = told[`escalate/${round}`] ? null : told[`remind/${round}`] ? escalateAt : remindAt;
  const mailAt =
    outcome?.owesMail && now !== null ? new Date(Date.parse(now) + MAIL_AGAIN_MS).toISOString() : null;
  return {
    of: kind,
    phase,
    open: phase === 'asked' ? open : [],
    over: isReviewSettled(review),
    nextAt: phase === 'asked' ? next : mailAt,
    effectiveDate: outcome?.effectiveDate ?? null,
    url: issue?.url ?? null,
    answers,
  };
}
