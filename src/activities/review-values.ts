import { valuesEnd, type ValuesEnd } from '../domain/territory/approved-values';
import type { TerritoryAccount } from '../domain/territory/account';
import type { TerritoryFields } from '../domain/territory/fields';
import { VALUES_ENDED, type Review } from '../domain/territory/review';
import { reviewsOf } from './review-account';
import { SystemFault } from '../systems/fault';
import { ofOne } from './review-fault';
import { keepReview, noteOfReview } from './review-record';
import { accountsOfOrg, planWorld } from './territory-world';
import type { World } from './world';

const WORDS: Readonly<Record<ValuesEnd, string>> = {
  expired: 'their day has come',
  agrees: 'the data says the same by now',
};

/**
 * Ends approved values whose day has come, or with which the data agrees: the manual source is cleared, and the data leads again.
 * Done again, it finds nothing. @returns how many ended
 */
export async function endValues(world: World, today: string, now: string): Promise<number> {
  const reviews = await world.store.reviews.withValues();
  if (reviews.length === 0) return 0;
  const { by } = await planWorld(world, today);
  const { accounts, fields: columns, read } = accountsOfOrg(world);
  const rows = await accounts.some(columns, [...new Set(reviews.map(({ accountId }) => accountId))]);
  const known = new Map(rows.map((row) => [row[0] ?? '', read(row)]));
  let ended = 0;
  let isWhole = true;
  for (const review of reviews) {
    const account = known.get(review.accountId);
    const isLast = !reviews.some((one) => one.accountId === review.accountId && one.n > review.n);
    // What a later review approved stands in the same fields: it ends with that one.
    const why =
      account && isLast
        ? (valuesEnd(account, today, by.rules, by.countries) ?? stillThere(account, by.rules.manualSource))
        : 'gone';
    if (why === null) continue;
    const isEnded = await ofOne(world, review.accountId, async () => {
      await end(world, review, why, by.rules.manualSource, now);
      return true;
    });
    if (isEnded === true) ended += 1;
    if (isEnded === 'later') isWhole = false;
  }
  if (!isWhole)
    throw new SystemFault('salesforce', 'NOT_NOW', true, 'some approved values are not ended yet');
  return ended;
}

/** Somebody cleared them by hand: there is nothing to end. */
const stillThere = ({ sources }: TerritoryAccount, manualSource: string): 'gone' | null => {
  const manual = sources[manualSource];
  if (!manual) return 'gone';
  const { street, city, state, postCode, country } = manual.address;
  const isThere = [manual.employees, street, city, state, postCode, country].some((text) => text !== null);
  return isThere ? null : 'gone';
};

async function end(
  world: World,
  review: Review,
  why: ValuesEnd | 'gone',
  manualSource: string,
  now: string,
): Promise<void> {
  const { keeper, fields } = reviewsOf(world);
  if (why !== 'gone') {
    await keeper.write(review.accountId, cleared(fields, manualSource));
    await noteOfReview(world, review, VALUES_ENDED, now, 'review.values_ended', {
      what: 'cleared the approved values of the account',
      why: WORDS[why],
      proof: 'verified',
    });
  }
  const kept = await world.store.reviews.get(review.accountId, review.n);
  if (kept)
    await keepReview(world, {
      ...kept,
      review: { ...kept.review, told: { ...kept.review.told, [VALUES_ENDED]: now } },
    });
}

function cleared(
  { account, sources }: TerritoryFields,
  manualSource: string,
): Readonly<Record<string, null>> {
  const manual = sources[manualSource];
  const fields = [account.manualUntil, manual?.employees ?? null, ...Object.values(manual?.address ?? {})];
  return Object.fromEntries(fields.flatMap((field) => (field === null ? [] : [[field, null] as const])));
}
