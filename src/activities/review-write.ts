import type { TerritoryFields } from '../domain/territory/fields';
import { approvedOwner } from '../domain/territory/approved-owner';
import { isSameForm, kindOf, STATUS_ON_ACCOUNT, type Review } from '../domain/territory/review';
import type { OverrideValues } from '../domain/territory/override-form';
import { rulesOn } from '../domain/territory/handbook';
import { reassignmentOf } from '../domain/territory/transfer';
import { answerMail } from '../domain/territory/review-text';
import { SystemFault } from '../systems/fault';
import { accountLink, readReviewAccount, reviewsOf, type ReviewAccount } from './review-account';
import { noteOfReview } from './review-record';
import type { ReviewUsers } from './review-scene';
import type { World } from './world';

/** Characters of a rationale at most: those of the field. */
const LONGEST = 4_000;

/**
 * Writes how a review came out to the account, and reads it back. The same written twice is written once. What somebody filled in since it
 * was decided stays, as the next request.
 */
export async function writeAnswer(
  world: World,
  review: Review,
  values: OverrideValues,
  today: string,
): Promise<Review> {
  const { outcome } = review;
  if (!outcome || outcome.isWritten) return review;
  const { keeper, fields } = reviewsOf(world);
  const manual = rulesOn(world.handbook().territory?.rules ?? [], today)?.manualSource;
  const account = await readReviewAccount(world, review.accountId);
  const answer = answerFields(fields, review, values, manual);
  const dated = await notLaterThanOwner(world, review, answer, fields.review.effectiveDate);
  const written =
    account && isFilledInSince(account, review) ? besideNewRequest(fields.review, dated) : dated;
  await keeper.write(review.accountId, written);
  await noteOfReview(world, review, `written/${review.phase}/${outcome.at}`, outcome.at, 'review.written', {
    what: 'wrote the answer to the account, and read it back',
    after: written,
    proof: 'verified',
  });
  return { ...review, outcome: { ...outcome, isWritten: true } };
}

/** Another thing is asked for by now. Fields that an earlier try emptied ask for nothing, and no longer say `Requested`. */
const isFilledInSince = ({ status, form }: ReviewAccount, review: Review): boolean =>
  status === STATUS_ON_ACCOUNT.asked && kindOf(form) !== 'nothing' && !isSameForm(form, review.form);

const ASKED_SINCE = 'What was filled in since then was not part of it: it stays, and is looked at next.';

/** The answer without what would take the new request away: its status and its input fields. */
function besideNewRequest(
  of: TerritoryFields['review'],
  answer: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string | null>> {
  const inputs = new Set<string>([of.status, ...INPUTS.map((column) => of[column])]);
  const kept = Object.entries(answer).filter(([field]) => !inputs.has(field));
  const why = (answer[of.rationale] ?? '').slice(0, LONGEST - ASKED_SINCE.length - 1);
  return { ...Object.fromEntries(kept), [of.rationale]: `${why} ${ASKED_SINCE}`.trim() };
}

/** The account has one day: values that hold from later on don't put off an owner who was approved for an earlier one. */
async function notLaterThanOwner(
  world: World,
  { kind, accountId }: Review,
  answer: Readonly<Record<string, string | null>>,
  field: string,
): Promise<Readonly<Record<string, string | null>>> {
  const day = answer[field] ?? null;
  if (kind !== 'override' || day === null) return answer;
  const reviews = await world.store.reviews.of(accountId);
  const owner = approvedOwner(reviews, await world.store.territoryRuns.doneOf([accountId]));
  return owner && owner.day < day ? { ...answer, [field]: owner.day } : answer;
}

/** Fields of the account that say the answer: status, why and from when; approved values as those of Sales Operations. */
export function answerFields(
  { account, review: of, sources }: TerritoryFields,
  { phase, kind, outcome }: Review,
  values: OverrideValues,
  manualSource: string | undefined,
): Readonly<Record<string, string | null>> {
  const isApproved = phase === 'approved';
  const manual = manualSource === undefined ? undefined : sources[manualSource];
  const { employees, address } = values;
  const ofEmployees = employees && manual?.employees ? { [manual.employees]: String(employees.count) } : {};
  const ofAddress =
    address && manual?.address
      ? {
          [manual.address.street]: address.address.street,
          [manual.address.city]: address.address.city,
          [manual.address.state]: address.address.state,
          [manual.address.postCode]: address.address.postCode,
          [manual.address.country]: address.address.country,
        }
      : {};
  return {
    [of.status]: STATUS_ON_ACCOUNT[phase],
    [of.rationale]: outcome?.rationale.slice(0, LONGEST) ?? null,
    ...(isApproved ? { [of.effectiveDate]: outcome?.effectiveDate ?? null } : {}),
    ...(isApproved && kind === 'override'
      ? {
          ...ofEmployees,
          ...ofAddress,
          [account.manualUntil]: outcome?.valuesUntil ?? null,
          ...emptied(of),
        }
      : {}),
    ...(kind === 'owner-change' ? { [of.reassignmentStatus]: reassignmentOf({ phase, outcome }) } : {}),
    ...(outcome?.holdoverUntil ? { [account.holdoverUntil]: outcome.holdoverUntil } : {}),
  };
}

/** What was filled in stands elsewhere now: the next who asks begins with an empty form, and no owner of an earlier request is left. */
const emptied = (of: TerritoryFields['review']): Readonly<Record<string, null>> =>
  Object.fromEntries(INPUTS.map((column) => [of[column], null]));
const INPUTS = [
  'employees',
  'employeesSource',
  'street',
  'city',
  'state',
  'postCode',
  'country',
  'addressSource',
  'requestedOwnerId',
  'ownerEvidence',
] as const;

/** How long an answer is tried to be mailed. */
const MAIL_FOR_MS = 24 * 3_600_000;

/**
 * Mails the answer to who asked, once. Whom no mail reaches now is tried again: until then the review isn't over. After a day it is given
 * up, since the account says the answer, and the next request mustn't wait for it.
 */
export async function mailAnswer(
  world: World,
  review: Review,
  account: ReviewAccount,
  users: ReviewUsers,
  now: string,
): Promise<Review> {
  const key = `answer/${review.phase}/${review.round}`;
  const asker = review.form.by === null ? undefined : users.get(review.form.by);
  const linkOf = await accountLink(world);
  const { outcome } = review;
  if (!outcome || review.told[key] !== undefined) return review;
  const settled = { ...review, outcome: { ...outcome, owesMail: false } };
  if (!world.mailer || !asker?.email) return outcome.owesMail ? settled : review;
  const words = answerMail(review, {
    name: account.name,
    address: linkOf(review.accountId),
  });
  const messageId = `<review.${review.accountId}.${review.n}.${key.replace(/\//g, '.')}@daytwo>`;
  try {
    await world.mailer.send({ ...words, to: asker.email, messageId });
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    if (error.retryable && Date.parse(now) - Date.parse(outcome.at) < MAIL_FOR_MS)
      return { ...review, outcome: { ...outcome, owesMail: true } };
    await noteOfReview(world, review, `not-mailed/${key}`, now, 'review.not_mailed', {
      what: 'gave up mailing the answer: the account says it',
      why: error.code,
    });
    return settled;
  }
  return { ...settled, told: { ...review.told, [key]: now } };
}
