import { centsIn, CUSTOMER } from '../domain/territory/account-row';
import type { TerritoryFields } from '../domain/territory/fields';
import { kindOf, type ReviewForm } from '../domain/territory/review';
import type { AccountReviewKeeper } from '../systems/account-reviews';
import { SystemFault } from '../systems/fault';
import type { ReadWorld } from './world';

/** Where people find an account. */
export async function accountLink(
  world: Pick<ReadWorld, 'connector'>,
): Promise<(accountId: string) => string> {
  const address = (await world.connector('salesforce').owners?.address()) ?? '';
  return (accountId) => `${address}${encodeURIComponent(accountId)}`;
}

/** An account as a review looks at it. Its name is for people's eyes only. */
export interface ReviewAccount {
  readonly id: string;
  readonly name: string;
  readonly website: string | null;
  /** `[TSP] Override Status` as it says now. */
  readonly status: string | null;
  readonly form: ReviewForm;
  readonly ownerId: string;
  /** What it is counted by now, and what staging says. */
  readonly segment: string | null;
  readonly isPublicSector: boolean;
  readonly isCustomer: boolean;
  readonly carrCents: number;
  readonly openOpportunities: number;
  readonly holdoverUntil: string | null;
}

/** The standard field; all others are named by `fields.yml`. */
const WEBSITE = 'Website';

/** Where reviews are asked and answered. @throws SystemFault where the connection has none, or the handbook no territories */
export function reviewsOf(world: Pick<ReadWorld, 'handbook' | 'connector'>): {
  readonly keeper: AccountReviewKeeper;
  readonly fields: TerritoryFields;
} {
  const fields = world.handbook().territory?.fields;
  const { accountReviews: keeper } = world.connector('salesforce');
  if (!fields || !keeper)
    throw new SystemFault('salesforce', 'NO_TERRITORIES', false, 'config/territory/ is not there');
  return { keeper, fields };
}

/** Reads what is asked about an account; null where the account isn't there. */
export const readReviewAccount = async (
  world: Pick<ReadWorld, 'handbook' | 'connector'>,
  accountId: string,
): Promise<ReviewAccount | null> => (await readReviewAccounts(world, [accountId])).get(accountId) ?? null;

/** The same of many, by id; an account that isn't there is left out. */
export async function readReviewAccounts(
  world: Pick<ReadWorld, 'handbook' | 'connector'>,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, ReviewAccount>> {
  const { keeper, fields } = reviewsOf(world);
  const { account, review, actual, staging } = fields;
  const names = [
    ...new Set([
      ...Object.values(review),
      ...Object.values(actual),
      staging.segment,
      ...OF_ACCOUNT.map((one) => account[one]),
      WEBSITE,
    ]),
  ];
  const places = new Map(names.map((name, at) => [name, at]));
  const found = await keeper.read(accountIds, names);
  return new Map(
    [...found].map(([id, cells]) => [
      id,
      accountOf(id, fields, (field) => cells[places.get(field) ?? -1] ?? null),
    ]),
  );
}

function accountOf(
  id: string,
  { account, review, actual, staging }: TerritoryFields,
  text: (field: string) => string | null,
): ReviewAccount {
  const ownerId = text(actual.ownerId) ?? '';
  const form: ReviewForm = {
    employees: text(review.employees),
    employeesSource: text(review.employeesSource),
    address: {
      street: text(review.street),
      city: text(review.city),
      state: text(review.state),
      postCode: text(review.postCode),
      country: text(review.country),
    },
    addressSource: text(review.addressSource),
    ownerId: text(review.requestedOwnerId),
    evidence: text(review.ownerEvidence),
    by: text(review.requestedBy),
    at: text(review.requestedAt),
  };
  return {
    id,
    name: text(account.name) ?? '',
    website: text(WEBSITE),
    status: text(review.status),
    // Left over from a request that was granted: nobody asks for who has it already.
    form: form.ownerId === ownerId && kindOf(form) === 'both' ? { ...form, ownerId: null } : form,
    ownerId,
    segment: text(staging.segment) ?? text(actual.segment),
    isPublicSector: text(account.isPublicSector) === 'true',
    isCustomer: text(account.type) === CUSTOMER,
    carrCents: centsIn(text(account.carr)),
    openOpportunities: Number(text(account.openOpportunities) ?? 0),
    holdoverUntil: text(account.holdoverUntil),
  };
}

const OF_ACCOUNT = ['name', 'isPublicSector', 'type', 'carr', 'openOpportunities', 'holdoverUntil'] as const;
