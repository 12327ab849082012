import type { Actual, TerritoryAccount } from './account';
import type { Held, Placement } from './placement';
import type { TerritoryRules } from './rules';
import type { RunWritten } from './run';

/** An opportunity of an account that is transferred, as it stands. */
export interface AccountOpportunity {
  readonly id: string;
  readonly ownerId: string;
  /** As the org says it: `3-Technical Evaluation`. */
  readonly stage: string;
  readonly isClosed: boolean;
  readonly holdoverUntil: string | null;
}

/** What becomes of one open opportunity: its owner goes along, or it is held by its owner until a day. */
export type OpportunityMove =
  | { readonly id: string; readonly from: string; readonly to: string }
  | { readonly id: string; readonly heldUntil: string; readonly before: string | null };

/** At once by an approved request, or at a window of moves. */
export type MoveKind = 'immediate' | 'window';

/** An account's owner, territory, segment and employees from what to what, in one write, and what becomes of its opportunities. */
export interface Transfer {
  readonly accountId: string;
  readonly from: Actual;
  readonly to: Actual;
  readonly kind: MoveKind;
  /** What is cleared by it. */
  readonly effectiveDate: string | null;
  readonly holdoverUntil: string | null;
  readonly opportunities: readonly OpportunityMove[];
}

/** How a transfer stands in the store. */
export interface KeptTransfer {
  readonly transfer: Transfer;
  readonly state: 'begun' | 'done' | 'left' | 'refused';
  /** Why it was left or refused. */
  readonly why: string | null;
}

/** An approved day stands above these: whoever set it knew of them. */
const LIFTED_BY_A_DAY: readonly Held[] = ['window-closed', 'protected'];

/**
 * Why an account is transferred on this day, or null. "Accounts with an Effective Date are re-routed each night to the next owner"; a
 * holdover account moves on its day to the proposed owner. Nobody who is to be hired, has left, or isn't proposed gets one: "no
 * account ever loses its owner".
 */
export function dueBy(
  account: Pick<TerritoryAccount, 'effectiveDate' | 'holdoverUntil' | 'actual'>,
  { staging, held }: Pick<Placement, 'staging' | 'held'>,
  on: string,
): 'effective-date' | 'holdover' | null {
  const { nextOwnerId } = staging;
  if (nextOwnerId === null || nextOwnerId === account.actual.ownerId) return null;
  const { effectiveDate, holdoverUntil } = account;
  const ofDay = effectiveDate !== null && effectiveDate <= on;
  const ofHoldover = holdoverUntil !== null && holdoverUntil <= on;
  if (!ofDay && !ofHoldover) return null;
  const stays = held.filter((why) => !LIFTED_BY_A_DAY.includes(why) && !(ofHoldover && why === 'holdover'));
  if (stays.length > 0) return null;
  return ofDay ? 'effective-date' : 'holdover';
}

/** `3-Technical Evaluation` is 3; null where it has no number. */
export const stageNumber = (stage: string): number | null => {
  const found = /^(\d{1,2})(?:\D|$)/.exec(stage.trim())?.[1];
  return found === undefined ? null : Number(found);
};

/**
 * "Stage 0-2 move; 3-6 follow holdover" when moved at once, "0-3 move, 4-6 get a 90-day Holdover Expiration Date" at a window; "no
 * extension": a day that stands isn't moved. Closed ones keep their owner; so do those of somebody else than the account's owner.
 */
export function movesOf(
  opportunities: readonly AccountOpportunity[],
  { from, to, kind }: Pick<Transfer, 'kind'> & { readonly from: string; readonly to: string },
  rules: TerritoryRules['opportunities'],
  heldUntil: string,
): readonly OpportunityMove[] {
  const upTo = kind === 'immediate' ? rules.immediateUpTo : rules.windowUpTo;
  return opportunities.flatMap((one): OpportunityMove[] => {
    const stage = stageNumber(one.stage);
    if (one.isClosed || one.ownerId !== from) return [];
    if (stage !== null && stage <= upTo) return [{ id: one.id, from, to }];
    return one.holdoverUntil === null ? [{ id: one.id, heldUntil, before: null }] : [];
  });
}

/** What a transfer is to come to: owner, territory, segment and employees together, as staging has them. */
export const actualAfter = ({ staging }: Pick<Placement, 'staging'>, before: Actual): Actual => ({
  ownerId: staging.nextOwnerId ?? before.ownerId,
  segment: staging.segment,
  territory: staging.territory,
  maxFamilyEmployees: staging.maxFamilyEmployees,
});

/** What is logged on the account: ids and territories, no names. */
export const transferLine = (
  { from, to, kind }: Pick<Transfer, 'from' | 'to' | 'kind'>,
  on: string,
  run: string,
): string =>
  `${on} tsp/${run} (${kind}): owner ${from.ownerId} > ${to.ownerId}; territory ${from.territory ?? '-'} > ${to.territory ?? '-'}; segment ${from.segment ?? '-'} > ${to.segment ?? '-'}; employees ${from.maxFamilyEmployees ?? '-'} > ${to.maxFamilyEmployees ?? '-'}`;

export const sameActual = (one: Actual, other: Actual): boolean =>
  one.ownerId === other.ownerId &&
  one.segment === other.segment &&
  one.territory === other.territory &&
  one.maxFamilyEmployees === other.maxFamilyEmployees;

/** How the transfers of a run came out. */
export const transfersWritten = (all: readonly Pick<KeptTransfer, 'state'>[]): RunWritten => ({
  rows: all.filter(({ state }) => state === 'done').length,
  left: all.filter(({ state }) => state === 'left').length,
  refused: all.filter(({ state }) => state === 'refused').length,
});
