/** What a person owns in Salesforce, read before it is handed over: ids and what decides on them, no names. */

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
  /** Of a removal, what they were taken out of, as people call it. */
  readonly name?: string;
}
