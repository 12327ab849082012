import { SystemFault } from './fault';
import { sideBySide } from './side-by-side';

/** By what a person's accounts are recognised. A name is no part of it: a match by name alone is never enough. */
export interface LeaverIdentity {
  readonly employeeId: string;
  /** The address of today first, then earlier ones and aliases. */
  readonly emails: readonly string[];
  /** User name at the identity provider as Salesforce has it, where it is no address of theirs; null while it isn't known. */
  readonly federationId: string | null;
}

/** An account found with a system; never by a name alone. */
export interface Found {
  /** A connection such as `salesforce`, `okta`, `scim/RINGLEAD`. */
  readonly connection: string;
  readonly accountId: string;
  readonly state: 'active' | 'frozen' | 'inactive';
  /** By what it was recognised as theirs. */
  readonly by: 'email' | 'username' | 'employee_number' | 'federation_id' | 'external_id';
  /** What it shows: role, licence, group. */
  readonly shows: readonly string[];
  readonly lastSignInAt: string | null;
  /** Their user name at the identity provider, where the account says one that is no address of theirs. */
  readonly federationId?: string;
}

/**
 * What became of one account; `gone`: read back, `refused`: the system said no, with its code and what blocks in words. The
 * `stamp` of a freeze is the system's own, and another one as soon as anybody touches it.
 */
export type LeaverOutcome =
  | { readonly kind: 'gone'; readonly stamp?: string }
  | { readonly kind: 'was_gone'; readonly stamp?: string }
  | { readonly kind: 'refused'; readonly code: string; readonly blocker: string; readonly mend: string }
  | { readonly kind: 'waiting_for_system'; readonly system: string; readonly code: string };

/** What was done with an account after an instant. */
export interface LaterUse {
  readonly accountId: string;
  readonly signIns: readonly { readonly at: string; readonly what: string }[];
  /** Counts of what was changed, by what: `Opportunity`, `setup`. */
  readonly changes: Readonly<Record<string, number>>;
}

/** What a system can do about those who leave. Everything takes many, and has an outcome for each. @throws SystemFault */
export interface LeaverAccess {
  /** Every account that is theirs, active or not, whatever was ever requested; by employee id. */
  accountsOf(people: readonly LeaverIdentity[]): Promise<ReadonlyMap<string, readonly Found[]>>;
  /**
   * Nobody signs in with it any longer; can be undone. Sessions end where the system has them. Of an account at the identity
   * provider the groups that `shows` names are taken, and no others. By account id.
   */
  freeze(accounts: readonly Found[]): Promise<ReadonlyMap<string, LeaverOutcome>>;
  /** Gives back what freezing took, as the accounts were before: `shows` names the groups. */
  unfreeze(accounts: readonly Found[]): Promise<ReadonlyMap<string, LeaverOutcome>>;
  /** Takes rights over others' access; the names of what was taken, by account id. Absent where the system has none. */
  takeAdminRights?(accountIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Ends the account for good: deactivated, read back. */
  end(accounts: readonly Found[]): Promise<ReadonlyMap<string, LeaverOutcome>>;
  /** Sign-ins and changes since; absent where the system doesn't tell. */
  usedSince?(accountIds: readonly string[], since: string): Promise<readonly LaterUse[]>;
}

/** Salesforce's own: what a user owns, and giving it to others. */
export interface BookKeeper {
  /** The active user of each address, by address; who isn't there or isn't active is left out. */
  activeUsers(emails: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * What each of these users owns, by user id: in as few queries as possible for all of them together. `routed`: only what is given
   * to somebody while nobody looks: leads, cases, accounts, opportunities, memberships.
   */
  booksOf(userIds: readonly string[], what?: 'all' | 'routed'): Promise<ReadonlyMap<string, Book>>;
  /** Makes the moves, 200 of one object in a call; the system's code for those it refused, by record id. */
  move(moves: readonly BookMove[]): Promise<ReadonlyMap<string, string>>;
  /** The owner of each of these records now. */
  ownersOf(object: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Names of the active assignment rules, whose entries no API shows. */
  assignmentRules(): Promise<readonly string[]>;
}

/* What a user owns: ids and what decides on them, no names. */

export interface OwnedAccount {
  readonly id: string;
  /** The territory's name as the account says it; null where it has none. */
  readonly territory: string | null;
}

export interface OwnedOpportunity {
  readonly id: string;
  readonly accountId: string | null;
  /** As the org names it: `3-Technical Evaluation`. */
  readonly stage: string;
  readonly closed: boolean;
  /** `YYYY-MM-DD` */
  readonly closeDate: string;
}

/** A record that names the person and can be pointed at somebody else. */
export interface OwnedRecord {
  readonly id: string;
  readonly object: string;
  /** The field that names them. */
  readonly field: string;
}

export interface Book {
  readonly leads: readonly string[];
  /** Open cases. */
  readonly cases: readonly string[];
  readonly accounts: readonly OwnedAccount[];
  /** Open and closed. */
  readonly opportunities: readonly OwnedOpportunity[];
  /** Memberships of queues and public groups: they are removed. */
  readonly memberships: readonly { readonly id: string; readonly group: string; readonly queue: boolean }[];
  /** Approvals that wait on them. */
  readonly approvals: readonly string[];
  /** Other users whose custom hierarchy field names them. */
  readonly hierarchy: readonly OwnedRecord[];
  /** Splits of open opportunities that credit them. */
  readonly splits: readonly { readonly id: string; readonly opportunityId: string }[];
  /** Team memberships on accounts and open opportunities. */
  readonly teams: readonly { readonly id: string; readonly object: string }[];
  /** Scheduled jobs that run as them: they have no API, an admin does it. */
  readonly jobs: readonly string[];
}

/** One record that gets another owner, or is removed. */
export interface BookMove {
  readonly object: string;
  readonly id: string;
  /** Field that changes; null: the record is removed. */
  readonly field: string | null;
  /** The new owner's Salesforce id; null with a removal. */
  readonly to: string | null;
  /** Further fields, by name. */
  readonly set?: Readonly<Record<string, string>>;
}

/** One account's fault is its own: it is asked again, and the others keep what came of them. */
export async function each(
  accounts: readonly Found[],
  act: (account: Found) => Promise<LeaverOutcome>,
): Promise<ReadonlyMap<string, LeaverOutcome>> {
  const outcomes = new Map<string, LeaverOutcome>();
  await sideBySide(accounts, async (account) => {
    outcomes.set(account.accountId, await act(account).catch(outcomeOf));
  });
  return outcomes;
}

function outcomeOf(error: unknown): LeaverOutcome {
  if (!(error instanceof SystemFault)) throw error;
  const { system, code, retryable } = error;
  return retryable
    ? { kind: 'waiting_for_system', system, code }
    : {
        kind: 'refused',
        code,
        blocker: `${system} refused: ${code}`,
        mend: 'Look there, or ask its owners; then do it by hand and tick the box.',
      };
}
