import type { Occasion } from './opportunities';
import type { TerritoryRules } from './rules';
import { nextWindow } from './next-window';
import { whyNoSource, type FormProblem, type FormRules } from './override-form';

/** What somebody filled in to ask for another owner. */
export interface OwnerForm {
  /** Salesforce id of who should own the account. */
  readonly ownerId: string;
  /** Links that show why, in one text, as people write them. */
  readonly evidence: string | null;
}

/** The links of a text, in order, without what closes a sentence. */
export const linksIn = (text: string): readonly string[] =>
  [...text.matchAll(/https?:\/\/[^\s<>"',;]+/gi)].map(([link]) => link.replace(/[.)\]]+$/, ''));

/**
 * "Evidence links + both area managers agree." At least one link; what doesn't count as a source of an override doesn't as evidence
 * either, but the company's own site may show, say, who it belongs to.
 */
export function readOwnerChange(
  { ownerId, evidence }: OwnerForm,
  currentOwnerId: string,
  owner: { readonly active: boolean } | undefined,
  rules: Pick<FormRules, 'notSources'>,
): { readonly evidence: readonly string[]; readonly problems: readonly FormProblem[] } {
  const problems: FormProblem[] = [];
  const links = linksIn(evidence ?? '');
  if (ownerId === currentOwnerId)
    problems.push({ field: 'Owner', problem: 'owns the account already', mend: 'Name somebody else.' });
  else if (!owner?.active)
    problems.push({
      field: 'Owner',
      problem: owner ? 'is no active user' : 'is not a user',
      mend: 'Name an active user.',
    });
  const counting = links.filter((link) => whyNoSource(link, null, rules) === null);
  if (counting.length === 0)
    problems.push({
      field: 'Owner Evidence',
      problem: links.length === 0 ? 'has no link' : 'names only what does not count',
      mend: 'Show why with at least one link: a filing, a note of the account, a chart of its companies.',
    });
  return { evidence: counting, problems };
}

/** Cases in which an account moves at once, in the words of the rules of engagement. */
export const IMMEDIATE = {
  'public-sector': 'public sector owned outside of it, or the other way round',
  community: 'education or open source that Community owns',
  'mis-enriched': 'web-direct or new, and wrongly enriched',
  'first-order': 'a first-order account after its first win',
  'not-sales': 'owned by an SDR, by Sales Admin, or by nobody who sells',
} as const;
export type ImmediateCase = keyof typeof IMMEDIATE;

/** A user of the CRM, as far as it says what they do. */
export interface Seller {
  readonly active: boolean;
  readonly title: string | null;
}

const saysOneOf = (title: string, words: readonly string[]): boolean =>
  words.some((word) => title.toLowerCase().includes(word.toLowerCase()));

/** Whether somebody works public sector, by their title: "PubSec <-> non-PubSec mis-owned" moves at once. Null: nothing says so or not. */
export const worksPublicSector = (
  user: Seller | undefined,
  { publicSectorTitles }: { readonly publicSectorTitles: readonly string[] },
): boolean | null => (user?.title ? saysOneOf(user.title, publicSectorTitles) : null);

/** Who left, and whose title says so, doesn't sell: "owned by SDR, Sales Admin, non-sales" moves at once. */
export const sells = (
  user: Seller | undefined,
  { notSales }: { readonly notSales: readonly string[] },
): boolean => user?.active === true && !saysOneOf(user.title ?? '', notSales);

export interface MoveFacts {
  readonly isPublicSector: boolean;
  /** Whether who owns it, and who should, work public sector; null: not known. */
  readonly ownerIsPublicSector: boolean | null;
  readonly ownerSells: boolean;
  readonly isCustomer: boolean;
  readonly openOpportunities: number;
  /** What Sales Operations found it to be, though no field says so. */
  readonly found: ImmediateCase | null;
}

/** The case for which it moves at once; null where none is. */
export function immediateCase({
  isPublicSector,
  ownerIsPublicSector,
  ownerSells,
  found,
}: MoveFacts): ImmediateCase | null {
  if (found !== null) return found;
  if (!ownerSells) return 'not-sales';
  return ownerIsPublicSector !== null && ownerIsPublicSector !== isPublicSector ? 'public-sector' : null;
}

/**
 * "Quarterly: prospects with open opportunities; customers." All else that was agreed moves as agreed: at once, since no
 * opportunity and no quota hangs on it.
 */
export const occasionOf = (facts: MoveFacts): Occasion =>
  immediateCase(facts) === null && (facts.isCustomer || facts.openOpportunities > 0) ? 'window' : 'immediate';

/**
 * The day from which the nightly run moves it: today, or the first day of the next window ("Q1 week 1 none"). A later day that was
 * agreed is kept, and moved on to a window where it needs one. Null: no window comes.
 */
export function moveDay(
  occasion: Occasion,
  agreed: string,
  rules: Pick<TerritoryRules, 'windows' | 'windowDays'>,
): string | null {
  return occasion === 'immediate' ? agreed : nextWindow(agreed, rules);
}

/** "If a rep's requested moves total > $50k CARR, Strategy checks quota impact and accounts stay until decided." */
export const needsStrategy = (
  requested: readonly { readonly carrCents: number }[],
  aboveCents: number,
): boolean => requested.reduce((total, { carrCents }) => total + carrCents, 0) > aboveCents;

/** ">10 accounts: issue, not Chatter": one issue lists them all. */
export const needsList = (accounts: number, { mostAccounts }: { readonly mostAccounts: number }): boolean =>
  accounts > mostAccounts;
