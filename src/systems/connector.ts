import type { AccountReviewKeeper } from './account-reviews';
import { SystemFault } from './fault';
import type { BookKeeper, LeaverAccess } from './leavers';
import type { OwnerFinder } from './owners';
import type { TerritoryKeeper } from './territories';
import type { OverdueKeeper } from './overdue';
import type { PeriodKeeper } from './periods';
import type { BookingReader } from './salesforce/bookings';
import type { BookingSearch } from './salesforce/booking-search';
import type { TerritoryAccounts } from './salesforce/territory-accounts';
import type { TerritoryStaging } from './salesforce/territory-staging';
import type { TerritoryTransfers } from './salesforce/territory-transfers';

/** What a connector may be asked: DESIGN's capabilities, for the systems that have an API for them. */
export interface GrantItem {
  /** Comes back with the outcome. */
  readonly id: string;
  readonly person: GrantPerson;
  readonly access: RequestedAccess;
  /** This very change was begun before: what is found changed was our doing, whatever answer got lost. */
  readonly ours: boolean;
  /**
   * An approved change of access: what was there before may be changed in place to what was approved, down as well as up.
   * Otherwise it stays as it is, and where it differs a person decides.
   */
  readonly mayChange?: boolean;
  /**
   * Their leaving is over and done with: an account that was frozen for it, and that nobody touched since, may be signed in with
   * again. The system's stamps of those freezes, by account id.
   */
  readonly mayUnfreeze?: ReadonlyMap<string, string>;
}

/** One change that is about to be made; `before` says for the auditor how it stood. */
export interface Begun {
  readonly id: string;
  readonly before: string;
}

/**
 * Called once it was seen that there is something to change, and before it is changed: once for all members that are
 * changed together, so that a batch of 200 costs one write.
 */
export type Begin = (items: readonly Begun[]) => Promise<void>;

export interface GrantPerson {
  readonly employeeId: string;
  readonly email: string;
  readonly name: string;
  readonly title: string;
  readonly department: string;
  readonly division: string;
  readonly timeZone: string;
  readonly managerEmail: string | null;
  /** The account of theirs that was found, where neither number nor federation id leads to it. */
  readonly userId?: string;
}

/** One way of one system, with the values that were approved. */
export interface RequestedAccess {
  readonly way: AccessWay;
  readonly system: string;
  readonly role?: string;
  readonly profile?: string;
  readonly team?: string;
  readonly licenceType?: string;
  readonly permissionSets?: readonly string[];
}

export type AccessWay =
  | { readonly kind: 'salesforce-user' }
  | {
      readonly kind: 'salesforce-psl';
      readonly permissionSetLicense: string;
      readonly permissionSet: string | null;
    }
  | { readonly kind: 'salesforce-package'; readonly namespace: string }
  | { readonly kind: 'scim'; readonly connection: string }
  | { readonly kind: 'okta-group'; readonly group: string };

/** One person's result; one bad member never fails the others. */
export type AccessOutcome =
  | { readonly kind: 'granted'; readonly verified: boolean; readonly detail?: string }
  | { readonly kind: 'already'; readonly verified: boolean; readonly detail?: string }
  | { readonly kind: 'waiting_for_seat'; readonly licence: string }
  | {
      readonly kind: 'waiting_for_system';
      readonly system: string;
      readonly code: string;
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: 'needs_person'; readonly problem: string; readonly mend: string }
  | { readonly kind: 'revoked'; readonly verified: boolean }
  | { readonly kind: 'not_applicable'; readonly reason: string };

export interface Account {
  readonly system: string;
  readonly email: string;
  readonly id: string;
  readonly state: 'active' | 'frozen' | 'inactive';
  readonly role?: string;
  readonly profile?: string;
  readonly team?: string;
  readonly licence?: string;
  readonly lastLogin?: string;
}

export interface Connector {
  find(way: AccessWay, emails: readonly string[]): Promise<readonly Account[]>;
  /** An outcome for each that was tried; one is missing only where what it hangs on in the same batch did not come about. */
  grant(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>>;
  revoke(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>>;
  /** Absent where the system has no licences to count. */
  readonly seats?: SeatCounter;
  /** Absent where the system has no accounts of its own. */
  readonly leavers?: LeaverAccess;
  /** Absent where people own no records in the system. */
  readonly books?: BookKeeper;
  /** Absent where the system has no periods to lock. */
  readonly periods?: PeriodKeeper;
  /** Absent where nothing is overdue there. */
  readonly overdue?: OverdueKeeper;
  /** Addresses of active users by their ids. @throws SystemFault */
  readonly emailsOf?: (userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Absent where the system has no bookings. */
  readonly bookings?: BookingReader;
  /** Absent where it can't be told what changed: every look is a whole one. */
  readonly bookingSearch?: BookingSearch;
  /** Absent where nobody asks for reviews of accounts. */
  readonly accountReviews?: AccountReviewKeeper;
  /** Absent where nobody owns records. */
  readonly owners?: OwnerFinder;
  /** Who works which territory, where this system holds that. */
  readonly territories?: TerritoryKeeper;
  /** Absent where no territories are planned. */
  readonly territoryAccounts?: TerritoryAccounts;
  readonly territoryStaging?: TerritoryStaging;
  readonly territoryTransfers?: TerritoryTransfers;
}

/** A licence whose seats can be counted. */
export interface SeatLicence {
  readonly kind: 'salesforce-user' | 'salesforce-psl' | 'salesforce-package';
  readonly name: string;
}

/** `total` is null where there is no limit. */
export interface SeatCount {
  readonly total: number | null;
  readonly used: number;
}

export interface SeatCounter {
  /** The counts by the licence's name; one that the system doesn't have is left out. @throws SystemFault */
  count(licences: readonly SeatLicence[]): Promise<ReadonlyMap<string, SeatCount>>;
  /** The ids of those whose person has their seat already. @throws SystemFault */
  holders(items: readonly GrantItem[]): Promise<ReadonlySet<string>>;
  /** Active users who take a seat of the system's own licence. @throws SystemFault */
  users(): Promise<readonly SeatUser[]>;
  /** Takes their seats back and reads them again; whom the system doesn't let go is frozen. @throws SystemFault */
  deactivate(ids: readonly string[]): Promise<readonly Deactivated[]>;
}

export interface SeatUser {
  /** The system's own. */
  readonly id: string;
  readonly email: string;
  readonly employeeId: string | null;
  readonly profile: string;
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
  readonly frozen: boolean;
}

/** What became of a user, and the system's code for why they aren't inactive. */
export interface Deactivated {
  readonly id: string;
  readonly became: 'inactive' | 'frozen' | 'unchanged';
  readonly code: string | null;
}

/** What is there as it was approved: granted where we began it, else there already. */
export const grantedOrAlready = (ours: boolean, detail?: string): AccessOutcome => ({
  kind: ours ? 'granted' : 'already',
  verified: true,
  ...(detail === undefined ? {} : { detail }),
});

/** What is gone: taken back where we began it, else there was nothing. */
export const revokedOrNothing = (ours: boolean, reason: string): AccessOutcome =>
  ours ? { kind: 'revoked', verified: true } : { kind: 'not_applicable', reason };

export const needsPerson = (problem: string, mend: string): AccessOutcome => ({
  kind: 'needs_person',
  problem,
  mend,
});

/** A system's fault as the outcome of those whom it struck. @throws what is no fault of a system */
export function outcomeOfFault(error: unknown): AccessOutcome {
  if (!(error instanceof SystemFault)) throw error;
  const { system, code, retryAfterMs } = error;
  if (!error.retryable)
    return needsPerson(
      `${system} refused: ${code}`,
      'Look there, or ask its owners; then tick "try again", or do it by hand and tick the box.',
    );
  return {
    kind: 'waiting_for_system',
    system,
    code,
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
  };
}

/** Says once of all that are to be changed how they stood; nothing where there are none. */
export async function beginAll(
  begin: Begin,
  items: readonly GrantItem[],
  before: (item: GrantItem) => string,
): Promise<void> {
  if (items.length > 0) await begin(items.map((item) => ({ id: item.id, before: before(item) })));
}

/** One step for those members that have no outcome yet. A fault of it is theirs alone: the others keep what came of them. */
export async function step(
  items: readonly GrantItem[],
  outcomes: Map<string, AccessOutcome>,
  act: (open: readonly GrantItem[]) => Promise<void>,
): Promise<void> {
  const open = items.filter(({ id }) => !outcomes.has(id));
  if (open.length === 0) return;
  try {
    await act(open);
  } catch (error) {
    const outcome = outcomeOfFault(error);
    for (const { id } of open) if (!outcomes.has(id)) outcomes.set(id, outcome);
  }
}
