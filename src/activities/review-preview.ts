import { rulesOn } from '../domain/territory/handbook';
import { ENGAGEMENT, engagementOf } from '../domain/territory/engagement';
import { families, topOf } from '../domain/territory/family';
import { lacksToHold } from '../domain/territory/holdover';
import { occasionOf } from '../domain/territory/owner-change';
import { opportunityMove } from '../domain/territory/opportunities';
import type { OverrideValues } from '../domain/territory/override-form';
import { planAccounts } from '../domain/territory/plan-family';
import type { Review } from '../domain/territory/review';
import type { ReviewScene } from '../domain/territory/review-outcome';
import type { ShownAccount, WouldChange } from '../domain/territory/review-text';
import { differences, withValues } from '../domain/territory/would-change';
import { SystemFault } from '../systems/fault';
import type { ReviewAccount } from './review-account';
import { accountsOfOrg, planWorld, territoryHandbook } from './territory-world';
import type { World } from './world';

type Preview = Pick<ShownAccount, 'changes' | 'whyNoChanges' | 'engagement'>;
const unknown = (whyNoChanges: string): Preview => ({ changes: null, whyNoChanges });

/** What would change if it were approved today: its family planned as it is, and once more with what is asked. */
export async function previewOf(
  world: World,
  review: Review,
  account: ReviewAccount,
  values: OverrideValues,
  scene: ReviewScene,
): Promise<Preview> {
  try {
    return review.kind === 'override'
      ? await ofValues(world, review, values, scene)
      : {
          changes: ofOwner(world, review, account, scene),
          whyNoChanges: null,
          engagement: await engagementFor(world, review, scene),
        };
  } catch (error) {
    // What no retry mends isn't told on the issue; whoever decides can still do so.
    if (error instanceof SystemFault && !error.retryable) return unknown(error.code);
    throw error;
  }
}

async function ofValues(
  world: World,
  { accountId }: Review,
  values: OverrideValues,
  { today }: ReviewScene,
): Promise<Preview> {
  const { by: plan } = await planWorld(world, today);
  const { accounts, fields, read } = accountsOfOrg(world);
  const family = (await accounts.family(fields, accountId)).map(read);
  const asked = family.map((one) =>
    one.id === accountId ? withValues(one, values, plan.rules.manualSource) : one,
  );
  const changes = differences(planAccounts(family, plan).placements, planAccounts(asked, plan).placements);
  return { changes, whyNoChanges: null };
}

/** Whose it is by the rules of engagement: its family says so. */
async function engagementFor(
  world: World,
  { accountId }: Review,
  { today }: ReviewScene,
): Promise<NonNullable<ShownAccount['engagement']> | null> {
  const { accounts, fields, read } = accountsOfOrg(world);
  const rules = rulesOn(territoryHandbook(world).rules, today);
  if (!rules) return null;
  const all = (await accounts.family(fields, accountId)).map(read);
  const family = families(all, rules.notParents).families.find((one) =>
    one.some(({ id }) => id === accountId),
  );
  const account = family?.find(({ id }) => id === accountId);
  if (!family || !account) return null;
  const top = topOf(family, rules.notParents);
  const said = engagementOf(account, top, today, rules);
  return { ownerId: said.rightful.ownerId, sentences: said.rules.map((rule) => ENGAGEMENT[rule]) };
}

/** The owner, and what becomes of the open opportunities by their stages. */
function ofOwner(
  world: World,
  { accountId, form }: Review,
  account: ReviewAccount,
  { move, today, policy, receivingSegment, holding }: ReviewScene,
): readonly WouldChange[] {
  const rules = rulesOn(world.handbook().territory?.rules ?? [], today);
  const { deals } = holding;
  const occasion = occasionOf({ ...move, found: null });
  const becomes = deals.map(({ stage }) =>
    rules ? opportunityMove({ stage, isClosed: false }, occasion, rules.opportunities) : 'held-over',
  );
  const count = (what: string): number => becomes.filter((one) => one === what).length;
  const may = deals.filter(
    (deal) => lacksToHold(deal, receivingSegment, today, policy.holdover).length === 0,
  );
  const changes: readonly (readonly [string, string | null, string | null])[] = [
    ['Account Owner', account.ownerId, form.ownerId],
    ['Open opportunities that move', String(deals.length), String(count('moves'))],
    ['Open opportunities held over', null, String(count('held-over'))],
    ['Opportunities that may hold the account', null, String(may.length)],
  ];
  return changes.map(([field, from, to]) => ({ accountId, field, from, to }));
}
