import type { TerritoryFields } from '../domain/territory/fields';
import { STATUS_ON_ACCOUNT, type Review } from '../domain/territory/review';
import type { OverrideValues } from '../domain/territory/override-form';
import { rulesOn } from '../domain/territory/handbook';
import { answerMail } from '../domain/territory/review-text';
import { SystemFault } from '../systems/fault';
import { reviewsOf, type ReviewAccount } from './review-account';
import { noteOfReview } from './review-record';
import type { ReviewUsers } from './review-scene';
import type { World } from './world';

/** Characters of a rationale at most: those of the field. */
const LONGEST = 4_000;

/** Writes how a review came out to the account, and reads it back. The same written twice is written once. */
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
  const written = answerFields(fields, review, values, manual);
  await keeper.write(review.accountId, written);
  await noteOfReview(world, review, `written/${review.phase}/${outcome.at}`, outcome.at, 'review.written', {
    what: 'wrote the answer to the account, and read it back',
    after: written,
    proof: 'verified',
  });
  return { ...review, outcome: { ...outcome, isWritten: true } };
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
    ...(kind === 'owner-change' ? { [of.reassignmentStatus]: reassignmentOf(phase, outcome) } : {}),
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

/** "Immediate, or Account Reassignment Status = Quarterly Review" (rules of engagement). */
function reassignmentOf(phase: Review['phase'], outcome: Review['outcome']): string | null {
  if (phase === 'approved') return outcome?.occasion === 'window' ? 'Quarterly Review' : 'Approved';
  if (phase === 'needs_info') return 'Requested';
  return phase === 'withdrawn' ? null : 'Rejected';
}

/** Mails the answer to who asked, once. Whom no mail reaches now is tried again with the next visit. */
export async function mailAnswer(
  world: World,
  review: Review,
  account: ReviewAccount,
  users: ReviewUsers,
  now: string,
): Promise<Review> {
  const key = `answer/${review.phase}/${review.round}`;
  const asker = review.form.by === null ? undefined : users.get(review.form.by);
  const address = await world.connector('salesforce').owners?.address();
  if (!world.mailer || !asker?.email || !review.outcome || review.told[key] !== undefined) return review;
  const words = answerMail(review, {
    name: account.name,
    address: `${address ?? ''}${encodeURIComponent(review.accountId)}`,
  });
  const messageId = `<review.${review.accountId}.${review.n}.${key.replace(/\//g, '.')}@daytwo>`;
  try {
    await world.mailer.send({ ...words, to: asker.email, messageId });
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    return review;
  }
  return { ...review, told: { ...review.told, [key]: now } };
}
