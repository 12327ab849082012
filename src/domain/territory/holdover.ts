import { addDays, daysBetween } from '../dates';
import type { Holdover } from './credit';
import { stageNumber } from './opportunities';

/** When an account may stay with its owner for a while. */
export interface HoldoverPolicy {
  /** Segments that hold by the size of what is open, and for how long. */
  readonly enterprise: {
    readonly segments: readonly string[];
    readonly days: number;
    /** Net ARR above which an opportunity holds its account, by its type. */
    readonly growthAboveCents: number;
    readonly newLogoAboveCents: number;
    readonly fromStage: number;
    readonly closesWithinDays: number;
    readonly activeWithinDays: number;
  };
  /** All others: so many opportunities of one owner, for so many days. */
  readonly commercial: { readonly days: number; readonly opportunities: number };
  /** Percent of who gives the account up, by month. */
  readonly credit: readonly number[];
}

export interface OpenDeal {
  readonly stage: string;
  readonly netArrCents: number;
  readonly isNewLogo: boolean;
  readonly closeDate: string;
  /** `YYYY-MM-DD`; null: none is known. */
  readonly lastActivity: string | null;
}

/** For how long an account of this segment is held. "Receiving segment's rule governs." */
export const holdoverDays = (receivingSegment: string | null, policy: HoldoverPolicy): number =>
  isEnterprise(receivingSegment, policy) ? policy.enterprise.days : policy.commercial.days;

const isEnterprise = (segment: string | null, { enterprise }: HoldoverPolicy): boolean =>
  segment !== null && enterprise.segments.includes(segment);

/**
 * Whether an opportunity holds its account. Enterprise: "net ARR > $50k growth / > $5k new logo, stage 3+, close <= 90 d, activity in
 * last 30 d" (annual holdover). Commercial: any that is open; how many is counted by owner.
 */
export function holdsAccount(
  deal: OpenDeal,
  receivingSegment: string | null,
  day: string,
  policy: HoldoverPolicy,
): boolean {
  if (!isEnterprise(receivingSegment, policy)) return true;
  const rule = policy.enterprise;
  const above = deal.isNewLogo ? rule.newLogoAboveCents : rule.growthAboveCents;
  const closesIn = daysBetween(day, deal.closeDate);
  return (
    deal.netArrCents > above &&
    (stageNumber(deal.stage) ?? -1) >= rule.fromStage &&
    closesIn >= 0 &&
    closesIn <= rule.closesWithinDays &&
    deal.lastActivity !== null &&
    deal.lastActivity >= addDays(day, -rule.activeWithinDays)
  );
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
