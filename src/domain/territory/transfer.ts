import type { Actual, TerritoryAccount } from './account';
import type { ApprovedOwner } from './approved-owner';
import { isDue, isHeldItself } from './held';
import { opportunityMove, type Occasion } from './opportunities';
import type { Review } from './review';
import type { TerritoryRules } from './rules';
import { territoryRunId, type RunWritten } from './run';
import { changedColumns, type AccountChange } from './staging-change';

/** An opportunity of an account before it is transferred. */
export interface OpportunityBefore {
  readonly id: string;
  readonly ownerId: string;
  readonly stage: string;
  readonly isClosed: boolean;
  readonly heldUntil: string | null;
}

/** Whose an opportunity is to be, and until when it is held by its owner; null: nothing is written of that. */
export interface OpportunityAfter {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly heldUntil: string | null;
  /** Until when it was held before; absent in what was kept before this was read. */
  readonly heldBefore?: string | null;
}

/** An account's owner, territory, segment and employees from what to what, in one write, and what becomes of its opportunities. */
export interface AccountTransfer {
  readonly accountId: string;
  readonly from: Actual;
  readonly to: Actual;
  readonly occasion: Occasion;
  /** Days that are cleared by it. */
  readonly effectiveDate: string | null;
  readonly holdoverUntil: string | null;
  readonly why: string;
  readonly opportunities: readonly OpportunityAfter[];
}

/** How a transfer stands in the store: begun before anything is written. */
export interface KeptTransfer {
  readonly transfer: AccountTransfer;
  readonly state: 'begun' | 'done' | 'left' | 'refused';
  /** Why it was left or refused, or what of a done one was refused. */
  readonly why: string | null;
}

/** An account went over, but an opportunity of it was refused: this, and the code. */
export const OPPORTUNITY_REFUSED = 'opportunity/';

/** What was answered to a request for this account, and what stands on it when it is transferred. */
export interface Answered {
  /** Of the review that was approved; null: none, or it was transferred already. Fields of the account approve nobody. */
  readonly approved: ApprovedOwner | null;
  readonly requestedOwnerId: string | null;
  readonly reassignment: string | null;
}

/** Moves that wait for a window stand with this word (rules of engagement). */
const AT_A_WINDOW = 'Quarterly Review';

/** "Immediate, or Account Reassignment Status = Quarterly Review" (rules of engagement): what the account says once a review stands so. */
export function reassignmentOf({ phase, outcome }: Pick<Review, 'phase' | 'outcome'>): string | null {
  if (phase === 'approved') return outcome?.occasion === 'window' ? AT_A_WINDOW : 'Approved';
  if (phase === 'needs_info') return 'Requested';
  return phase === 'withdrawn' ? null : 'Rejected';
}

/**
 * What an account whose day has come is transferred to, or why it isn't. The approved review names its owner and its day; where the account
 * asks for somebody else by now, whom nobody approved nor turned down, it is left for a person to look at. Without one "accounts with an
 * Effective Date are re-routed to the next owner", and a holdover moves to the proposed owner, unless something holds it. Whatever somebody
 * changed since the plan stands: where staging isn't as the run planned it any more, or something of the account holds it now, it is
 * left, and planned again the next night.
 */
export function transferOf(
  change: AccountChange,
  account: TerritoryAccount,
  answered: Answered,
  on: string,
): Omit<AccountTransfer, 'opportunities'> | { readonly left: string } | null {
  const { transfer, to } = change;
  if (!transfer) return null;
  if (!isDue(account, on) || account.actual.ownerId !== transfer.actual.ownerId)
    return { left: 'changed-meanwhile' };
  const { approved, requestedOwnerId } = answered;
  if (approved && approved.day > on) return null;
  if (approved && requestedOwnerId !== null && !isAccountedFor(requestedOwnerId, approved))
    return { left: 'owner-not-approved' };
  const requested = approved?.ownerId ?? null;
  const proposed = transfer.held.length > 0 ? null : to.nextOwnerId;
  const ownerId = requested ?? proposed;
  if (ownerId === null) return null;
  // Of a named account and the like, nothing but its owner by request is anybody's plan.
  if (requested === null && isHeldItself(account, on))
    return ownerId === account.actual.ownerId ? null : { left: 'changed-meanwhile' };
  if (changedColumns(account.staging, to).length > 0) return { left: 'changed-meanwhile' };
  return {
    accountId: account.id,
    from: account.actual,
    to: { ownerId, segment: to.segment, territory: to.territory, maxFamilyEmployees: to.maxFamilyEmployees },
    occasion: approved?.occasion ?? (answered.reassignment === AT_A_WINDOW ? 'window' : 'immediate'),
    effectiveDate: account.effectiveDate,
    holdoverUntil: account.holdoverUntil,
    why: change.why,
  };
}

/** The approved owner, or somebody who was asked for since and turned down. */
const isAccountedFor = (requested: string, { ownerId, turnedDown }: ApprovedOwner): boolean =>
  requested === ownerId || turnedDown.includes(requested);

/**
 * What becomes of the opportunities of an account that is transferred: by stage, the owner's own move with it or are held by a day;
 * closed ones, and those of somebody else, stay with whom they are.
 */
export const opportunitiesAfter = (
  all: readonly OpportunityBefore[],
  { from, to, occasion }: Pick<AccountTransfer, 'from' | 'to' | 'occasion'>,
  rules: TerritoryRules['opportunities'],
  heldUntil: string,
): readonly OpportunityAfter[] =>
  all.map((one) => {
    const isTheirs = one.ownerId === from.ownerId && from.ownerId !== to.ownerId;
    const move = isTheirs ? opportunityMove(one, occasion, rules) : 'stays';
    return {
      id: one.id,
      from: one.ownerId,
      to: move === 'moves' ? to.ownerId : one.ownerId,
      heldUntil: move === 'held-over' ? heldUntil : null,
      heldBefore: one.heldUntil,
    };
  });

/** What is logged on the account: ids and territories, no names. */
export const transferLine = (
  { from, to, occasion }: Pick<AccountTransfer, 'from' | 'to' | 'occasion'>,
  on: string,
  run: string,
): string =>
  `${on} ${territoryRunId(run)} (${occasion}): owner ${from.ownerId} > ${to.ownerId}; territory ${from.territory ?? '-'} > ${to.territory ?? '-'}; segment ${from.segment ?? '-'} > ${to.segment ?? '-'}; employees ${from.maxFamilyEmployees ?? '-'} > ${to.maxFamilyEmployees ?? '-'}`;

/**
 * The way back: what moved comes back, and what was cleared stands again. A day that has passed doesn't: by it, the next night would
 * transfer the account once more, so that people set another one.
 */
export const reversed = (of: AccountTransfer, today: string): AccountTransfer => ({
  ...of,
  from: of.to,
  to: of.from,
  effectiveDate: stillToCome(of.effectiveDate, today),
  holdoverUntil: stillToCome(of.holdoverUntil, today),
  opportunities: of.opportunities.map(({ id, from, to, heldUntil, heldBefore }) => ({
    id,
    from: to,
    to: from,
    heldUntil: heldBefore ?? null,
    heldBefore: heldUntil,
  })),
});

const stillToCome = (day: string | null, today: string): string | null =>
  day !== null && day > today ? day : null;

/** How the transfers of a run came out. */
export const transfersWritten = (all: readonly Pick<KeptTransfer, 'state'>[]): RunWritten => ({
  rows: all.filter(({ state }) => state === 'done').length,
  left: all.filter(({ state }) => state === 'left').length,
  refused: all.filter(({ state }) => state === 'refused').length,
});
