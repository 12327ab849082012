import type { People, Policy } from '../domain/handbook';
import { rulesOn } from '../domain/territory/handbook';
import type { Holding } from '../domain/territory/holdover';
import { needsStrategy, sells, worksPublicSector } from '../domain/territory/owner-change';
import { fiscalQuarterOf } from '../domain/territory/next-window';
import type { Review } from '../domain/territory/review';
import type { ReviewScene } from '../domain/territory/review-outcome';
import type { ReviewUser } from '../systems/account-reviews';
import { addBusinessDays, calendarOf, localTime } from '../handbook/business-time';
import { reviewsOf, type ReviewAccount } from './review-account';
import { above, memberByEmail, pinnedPolicy, userNameOf, type World } from './world';

/** People of a review as the CRM knows them, by id. */
export type ReviewUsers = ReadonlyMap<string, ReviewUser>;

export const usersOf = (
  world: World,
  review: Pick<Review, 'form'>,
  account: Pick<ReviewAccount, 'ownerId'>,
): Promise<ReviewUsers> =>
  reviewsOf(world).keeper.users(
    [account.ownerId, review.form.by, review.form.ownerId].filter((id) => id !== null),
  );

/** GitLab user name of who asks; null where GitLab knows nobody by their address. */
export async function askerOf(world: World, { by }: Review['form']): Promise<string | null> {
  const users = by === null ? undefined : await reviewsOf(world).keeper.users([by]);
  return userNameOf(world, users?.get(by ?? '')?.email ?? null);
}

/** What a review is judged by on this visit. */
export async function reviewScene(
  world: World,
  review: Review,
  account: ReviewAccount,
  users: ReviewUsers,
  { now, isNews }: { readonly now: string; readonly isNews: boolean },
): Promise<ReviewScene> {
  const handbook = world.handbook();
  const policy = pinnedPolicy(handbook, review.policyVersion);
  const today = dayOf(now, policy);
  const owner = users.get(account.ownerId);
  const next = review.form.ownerId === null ? undefined : users.get(review.form.ownerId);
  const managers = await Promise.all([owner, next].map((user) => managerEmailOf(world, user)));
  const [giving = null, receiving = null] = managers;
  const { territoryReview } = policy;
  return {
    policy: territoryReview,
    giving: areaOf(handbook.people, giving),
    receiving: areaOf(handbook.people, receiving),
    above: chainOf(handbook.people, [giving, receiving], territoryReview.escalateTo),
    isLarge: await isLarge(world, review, policy),
    holdoversBefore: await holdoversBefore(world, review, account),
    today,
    now,
    move: {
      isPublicSector: account.isPublicSector,
      ownerIsPublicSector: worksPublicSector(owner, territoryReview),
      ownerSells: sells(owner, territoryReview),
      isCustomer: account.isCustomer,
      openOpportunities: account.openOpportunities,
    },
    receivingSegment: account.segment,
    holding: await holdingOf(world, review, account, today),
    rules: rulesOn(handbook.territory?.rules ?? [], today) ?? { windows: [], windowDays: 0 },
    isNews,
  };
}

/** The day where the business is. */
export const dayOf = (now: string, { close }: Pick<Policy, 'close'>): string =>
  localTime(now, close.zone).date;

/** "24-48 h": business time of where the business is. */
export function deadlines(
  world: Pick<World, 'handbook'>,
  policy: Policy,
  now: string,
): Pick<Review, 'remindAt' | 'escalateAt'> {
  const { zone: timeZone, country } = policy.close;
  const calendar = calendarOf(world.handbook(), policy, { timeZone, country });
  const after = (days: number) => new Date(addBusinessDays(now, days, calendar)).toISOString();
  const { remindBusinessDays, escalateBusinessDays } = policy.territoryReview;
  return { remindAt: after(remindBusinessDays), escalateAt: after(escalateBusinessDays) };
}

/** The address of somebody's manager, from people.yml or HR; null where neither knows. */
export async function managerEmailOf(
  world: Pick<World, 'handbook' | 'store'>,
  user: ReviewUser | undefined,
): Promise<string | null> {
  if (!user) return null;
  const member = memberByEmail(world.handbook().people, user.email);
  return member?.managerEmail ?? (await world.store.personByEmail(user.email))?.managerEmail ?? null;
}

function areaOf(people: People, managerEmail: string | null): readonly string[] {
  const manager = managerEmail === null ? undefined : memberByEmail(people, managerEmail);
  return manager ? [manager.username, ...manager.coveredBy] : [];
}

/** Those above both area managers, nearest first; above the one who is known; else whom policy names. */
function chainOf(
  people: People,
  managers: readonly (string | null)[],
  otherwise: readonly string[],
): readonly string[] {
  const chains = managers.filter((email) => email !== null).map((email) => namesAbove(people, email));
  const [first = [], ...others] = chains;
  const both = first.filter((name) => others.every((chain) => chain.includes(name)));
  return both.length > 0 ? both : otherwise;
}

/** User names of those above somebody, nearest first. */
const namesAbove = (people: People, email: string): readonly string[] =>
  above(people, memberByEmail(people, email)?.managerEmail ?? null);

/** "The owner fills the fields": they, or who is above them. Anybody may ask for another owner. */
export async function mayAskFor(
  world: Pick<World, 'handbook' | 'store'>,
  { kind, form }: Pick<Review, 'kind' | 'form'>,
  { ownerId }: Pick<ReviewAccount, 'ownerId'>,
  users: ReviewUsers,
): Promise<boolean> {
  const [asker, owner] = [users.get(form.by ?? ''), users.get(ownerId)];
  if (!asker) return false;
  if (kind === 'owner-change' || asker.id === ownerId) return true;
  const { people } = world.handbook();
  const manager = await managerEmailOf(world, owner);
  const name = memberByEmail(people, asker.email)?.username;
  const leads =
    manager === null ? [] : [memberByEmail(people, manager)?.username, ...namesAbove(people, manager)];
  return name !== undefined && leads.includes(name);
}

/** All that somebody asks to move in this fiscal quarter, this one among it: what was turned down doesn't count. */
export async function movesAskedWith(
  world: Pick<World, 'store'>,
  review: Review,
): Promise<readonly Review[]> {
  if (review.kind !== 'owner-change') return [];
  const [first, last] = fiscalQuarterOf(review.openedAt.slice(0, 10));
  const all = review.form.by === null ? [] : await world.store.reviews.ofAsker(review.form.by);
  const others = all.filter(
    ({ kind, phase, openedAt, accountId, n }) =>
      kind === 'owner-change' &&
      (phase === 'asked' || phase === 'needs_info' || phase === 'approved') &&
      openedAt.slice(0, 10) >= first &&
      openedAt.slice(0, 10) <= last &&
      !(accountId === review.accountId && n === review.n),
  );
  return [...others, review];
}

const isLarge = async (world: World, review: Review, { territoryReview }: Policy): Promise<boolean> =>
  needsStrategy(await movesAskedWith(world, review), territoryReview.strategy.aboveCents);

async function holdoversBefore(world: World, review: Review, account: ReviewAccount): Promise<number> {
  const earlier = (await world.store.reviews.of(review.accountId)).filter(
    ({ n, outcome }) => n < review.n && outcome?.holdoverUntil,
  );
  // One that stands on the account and that nobody asked for here counts, too.
  return Math.max(earlier.length, account.holdoverUntil === null ? 0 : 1);
}

/** What is open for who owns an account, read where another owner is asked for. */
async function holdingOf(
  world: World,
  { kind }: Review,
  { id, ownerId }: ReviewAccount,
  today: string,
): Promise<Holding> {
  if (kind !== 'owner-change' || ownerId === '') return { deals: [], heldElsewhere: 0 };
  const { keeper, fields } = reviewsOf(world);
  const { netArr, holdoverUntil } = fields.opportunity;
  const deals = (await keeper.openDeals(id, netArr)).filter((deal) => deal.ownerId === ownerId);
  const held = await keeper.accountsHeld(ownerId, today, {
    opportunity: holdoverUntil,
    account: fields.account.holdoverUntil,
  });
  return { deals, heldElsewhere: held.filter((accountId) => accountId !== id).length };
}
