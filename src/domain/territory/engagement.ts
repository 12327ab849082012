import type { TerritoryAccount } from './account';
import { isNotParented } from './family';
import { isProtected, isStale } from './held';
import type { TerritoryRules } from './rules';

/**
 * Rules of engagement: whose an account is. Each rule is a sentence of the handbook's page of that name; an answer carries the
 * sentence, so that whoever is told no can read why.
 */
export const ENGAGEMENT = {
  named: 'A named account is given by hand, and never moves by itself.',
  'public-sector': 'Public sector is a flag, not a size: it follows its own rules, and is given by hand.',
  protected:
    'An account that was rightly placed on 1 February stays where it is until the next, whatever becomes of its employees.',
  stale:
    'Without activity in the weeks that the rules name, without an open opportunity and without a plan, nobody holds an account.',
  'global-owner': 'All accounts below follow the owner of the ultimate parent.',
  override:
    'Both area managers agreed that this account does not follow its parent; they look at that once a year.',
  'holding-company':
    'What a holding company, a private equity house or a government holds has its own size and address.',
  holdover: 'It stays with its owner until the holdover ends.',
} as const;
export type Engagement = keyof typeof ENGAGEMENT;

/** Who owns an account by the rules, and which rule says so. */
export interface RightfulOwner {
  readonly ownerId: string;
  readonly by: Engagement;
}

type Ruled = Pick<
  TerritoryAccount,
  | 'isNamed'
  | 'isPublicSector'
  | 'isHoldingCompany'
  | 'overridesHierarchy'
  | 'holdoverUntil'
  | 'relation'
  | 'actual'
>;

/**
 * The order in which the rules give an account its owner: what stands in the way of the family first ("all children follow the
 * global owner of the hierarchy, except Named, Holdover, Holding Company, or Override Hierarchy Routing"), then the owner of the
 * ultimate parent.
 */
export function rightfulOwner(
  account: Ruled,
  parent: Pick<TerritoryAccount, 'actual'>,
  day: string,
  { notParents }: Pick<TerritoryRules, 'notParents'>,
): RightfulOwner {
  const own = (by: Engagement): RightfulOwner => ({ ownerId: account.actual.ownerId, by });
  if (account.isNamed) return own('named');
  if (account.isPublicSector) return own('public-sector');
  if (account.holdoverUntil !== null && account.holdoverUntil > day) return own('holdover');
  if (account.isHoldingCompany || isNotParented(account, notParents)) return own('holding-company');
  if (account.overridesHierarchy) return own('override');
  return { ownerId: parent.actual.ownerId, by: 'global-owner' };
}

/** The sentences that bear on another owner, for whoever decides: whose it is by the rules, and whether it is protected or stale. */
export function engagementOf(
  account: TerritoryAccount,
  parent: TerritoryAccount,
  day: string,
  rules: TerritoryRules,
): { readonly rightful: RightfulOwner; readonly rules: readonly Engagement[] } {
  const rightful = rightfulOwner(account, parent, day, rules);
  const isConfirmed = isProtected(account, account.staging.segment ?? '', rules, day);
  return {
    rightful,
    rules: [
      rightful.by,
      ...(isConfirmed ? (['protected'] as const) : []),
      ...(isStale(account, rules, day) ? (['stale'] as const) : []),
    ],
  };
}
