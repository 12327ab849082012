import type { TerritoryAccount } from './account';
import { HELD, type Held } from './placement';
import type { TerritoryRules } from './rules';
import type { TerritoryPeople } from './table';
import { fiscalYearStart, isProactive, staleBefore } from './windows';

/** What a plan proposes for an account, as far as it matters to whether its owner may change. */
export interface Proposal {
  readonly segment: string;
  /** Null: no row of the table is for it. */
  readonly people: TerritoryPeople | null;
  readonly hasTerritory: boolean;
}

/** Without activity for weeks, without open opportunity and without a plan (handbook, Rules of Engagement). */
export const isStale = (
  account: Pick<TerritoryAccount, 'lastActivity' | 'openOpportunities' | 'hasAccountPlan'>,
  rules: Pick<TerritoryRules, 'staleWeeks'>,
  on: string,
): boolean =>
  (account.lastActivity === null || account.lastActivity < staleBefore(on, rules)) &&
  account.openOpportunities === 0 &&
  !account.hasAccountPlan;

/** Its day has come: by an approved request or a window (`effectiveDate`), or since its holdover ended. */
export const isDue = ({ effectiveDate, holdoverUntil }: TerritoryAccount, on: string): boolean =>
  (effectiveDate !== null && effectiveDate <= on) || (holdoverUntil !== null && holdoverUntil <= on);

/**
 * Found right on this fiscal year's 1 February, and only its size has changed: it isn't moved this year. Not for a stale account, nor
 * against an agreed day (handbook, Rules of Engagement).
 */
export const isProtected = (
  account: TerritoryAccount,
  segment: string,
  rules: Pick<TerritoryRules, 'protects' | 'staleWeeks'>,
  on: string,
): boolean =>
  rules.protects &&
  account.confirmedOn !== null &&
  account.confirmedOn >= fiscalYearStart(on) &&
  account.confirmedSegment !== null &&
  account.confirmedSegment !== segment &&
  !isStale(account, rules, on) &&
  !isDue(account, on);

/** Who should own an account of a territory: its owner, or who covers until somebody is hired; nobody who has left. */
export function nextOwner(people: TerritoryPeople | null): string | null {
  if (people === null) return null;
  if (people.isToBeHired) return people.coverId;
  return people.ownerIsActive ? people.ownerId : null;
}

/** What of an account itself holds it, whatever is proposed for it. */
const ownHolds = (account: TerritoryAccount, on: string) => ({
  embargo: account.isEmbargoed,
  named: account.isNamed,
  'public-sector': account.isPublicSector,
  channel: account.isChannel,
  'holding-company': account.isHoldingCompany,
  'hierarchy-override': account.overridesHierarchy,
  holdover: account.holdoverUntil !== null && on < account.holdoverUntil,
  'request-pending': account.overrideStatus === 'Requested' || account.overrideStatus === 'Needs More Info',
});

/** Whether something of the account itself holds it on this day. */
export const isHeldItself = (account: TerritoryAccount, on: string): boolean =>
  Object.values(ownHolds(account, on)).some(Boolean);

/** What holds an account back from another owner (handbook, Rules of Engagement): all of it, in the order of `HELD`. */
export function heldOf(
  account: TerritoryAccount,
  { segment, people, hasTerritory }: Proposal,
  rules: TerritoryRules,
  on: string,
): readonly Held[] {
  const isTbh = people?.isToBeHired === true;
  const holds: Readonly<Record<Held, boolean>> = {
    cycle: false,
    ...ownHolds(account, on),
    protected: isProtected(account, segment, rules, on),
    'no-territory': !hasTerritory,
    'to-be-hired': isTbh,
    'owner-inactive': hasTerritory && !isTbh && nextOwner(people) === null,
    'window-closed': !isProactive(on, rules) && !isDue(account, on),
  };
  return HELD.filter((reason) => holds[reason]);
}
