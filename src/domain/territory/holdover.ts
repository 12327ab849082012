import { dollars } from '../close/cents';
import { addDays, daysBetween } from '../dates';
import type { Holdover } from './credit';
import { stageNumber } from './opportunities';

/** What an opportunity is by its type; all that is neither is growth. */
export type DealKind = 'growth' | 'newLogo' | 'services';

/** When an account may stay with its owner for a while. */
export interface HoldoverPolicy {
  /** Segments that hold by the size of what is open, and for how long. */
  readonly enterprise: {
    readonly segments: readonly string[];
    readonly days: number;
    /** Net ARR above which an opportunity holds its account. */
    readonly aboveCents: Readonly<Record<DealKind, number>>;
    readonly fromStage: number;
    readonly closesWithinDays: number;
    readonly activeWithinDays: number;
  };
  /** All others: so many opportunities of one owner, for so many days. */
  readonly commercial: { readonly days: number; readonly opportunities: number };
  /** Types of opportunities, as Salesforce names them, that are no growth. */
  readonly types: Readonly<Record<Exclude<DealKind, 'growth'>, readonly string[]>>;
  /** Percent of who gives the account up, by month. */
  readonly credit: readonly number[];
}

export interface OpenDeal {
  readonly stage: string;
  readonly netArrCents: number;
  readonly type: string | null;
  readonly closeDate: string;
  /** `YYYY-MM-DD`; null: none is known. */
  readonly lastActivity: string | null;
}

/** What is open for who gives an account up. */
export interface Holding {
  /** Theirs, on this account. */
  readonly deals: readonly OpenDeal[];
  /** How many of theirs on other accounts are held over on this day. */
  readonly heldElsewhere: number;
}

/** For how long an account of this segment is held. "Receiving segment's rule governs." */
export const holdoverDays = (receivingSegment: string | null, policy: HoldoverPolicy): number =>
  isEnterprise(receivingSegment, policy) ? policy.enterprise.days : policy.commercial.days;

const isEnterprise = (segment: string | null, { enterprise }: HoldoverPolicy): boolean =>
  segment !== null && enterprise.segments.includes(segment);

const kindOfDeal = ({ type }: OpenDeal, { types }: HoldoverPolicy): DealKind => {
  const is = (names: readonly string[]): boolean =>
    type !== null && names.some((name) => name.toLowerCase() === type.trim().toLowerCase());
  if (is(types.services)) return 'services';
  return is(types.newLogo) ? 'newLogo' : 'growth';
};

const KIND_WORDS: Readonly<Record<DealKind, string>> = {
  growth: 'growth',
  newLogo: 'a new logo',
  services: 'services alone',
};

/**
 * What an opportunity lacks to hold its account, in words; none: it does. Enterprise: "net ARR > $50k growth / > $5k new logo (> $5k
 * PS-only), stage 3+, close <= 90 d, activity in last 30 d" (annual holdover). Commercial: any that is open; how many is counted by owner.
 */
export function lacksToHold(
  deal: OpenDeal,
  receivingSegment: string | null,
  day: string,
  policy: HoldoverPolicy,
): readonly string[] {
  if (!isEnterprise(receivingSegment, policy)) return [];
  const { aboveCents, fromStage, closesWithinDays, activeWithinDays } = policy.enterprise;
  const kind = kindOfDeal(deal, policy);
  const closesIn = daysBetween(day, deal.closeDate);
  const holds: readonly (readonly [boolean, string])[] = [
    [
      deal.netArrCents > aboveCents[kind],
      `net ARR of more than ${dollars(aboveCents[kind])}, as ${KIND_WORDS[kind]}`,
    ],
    [(stageNumber(deal.stage) ?? -1) >= fromStage, `stage ${fromStage} or later`],
    [closesIn >= 0 && closesIn <= closesWithinDays, `a close date within ${closesWithinDays} days`],
    [
      deal.lastActivity !== null && deal.lastActivity >= addDays(day, -activeWithinDays),
      `activity in the last ${activeWithinDays} days`,
    ],
  ];
  return holds.flatMap(([isSo, what]) => (isSo ? [] : [what]));
}

/**
 * Why an account isn't held over, or null. By "annual holdover" (rules of engagement): something of who gives it up must be open on
 * it; for Enterprise, one that lacks nothing; for Commercial, "2 opps per AE", with those that are held on other accounts.
 */
export function whyNoHoldover(
  { deals, heldElsewhere }: Holding,
  receivingSegment: string | null,
  day: string,
  policy: HoldoverPolicy,
): string | null {
  if (deals.length === 0) return 'who has the account has no open opportunity on it';
  if (isEnterprise(receivingSegment, policy)) {
    const lacks = deals.map((deal) => lacksToHold(deal, receivingSegment, day, policy));
    const [nearest = []] = [...lacks].sort((a, b) => a.length - b.length);
    if (nearest.length === 0) return null;
    return `no open opportunity of who has the account is enough for a holdover; the nearest one lacks ${nearest.join(', and ')}`;
  }
  const { opportunities } = policy.commercial;
  const held = deals.length + heldElsewhere;
  return held <= opportunities
    ? null
    : `who has the account would hold over ${held} opportunities, ${heldElsewhere} of them on other accounts; there may be ${opportunities}`;
}

/** From today on, for as long as the segment says; "no extension": it is never reckoned from anything else. */
export const holdoverFrom = (
  day: string,
  receivingSegment: string | null,
  policy: HoldoverPolicy,
): Holdover => ({ from: day, until: addDays(day, holdoverDays(receivingSegment, policy)) });

/**
 * Who must let an account be held: both area managers say so with the move itself; "a second holdover only with both area managers and Sales Ops
 * leadership".
 *
 * @param before holdovers that this account had with its owner
 */
export const holdoverNeedsLeadership = (before: number): boolean => before > 0;
