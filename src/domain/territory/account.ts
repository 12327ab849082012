/**
 * An account as territory planning looks at it. Ids and facts; its name is for people's eyes only (a page, an issue), never for a
 * log or a workflow.
 */

/** What a source says of where an account is. Texts as the source has them; null where it says nothing. */
export interface Address {
  readonly street: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postCode: string | null;
  readonly country: string | null;
}

/** What one source of data says of an account. Which sources there are, and which comes first, is policy (`rules.yml`). */
export interface SourceFacts {
  /** Employees as the source has them, as text: it may say `1,200`, or nothing sensible. */
  readonly employees: string | null;
  readonly address: Address;
}

/** What stands in the staging fields now, or what a plan says should. */
export interface Staging {
  readonly segment: string | null;
  /** Of this account alone. */
  readonly employees: number | null;
  /** The most in its family. */
  readonly maxFamilyEmployees: number | null;
  /** Of the ultimate parent. */
  readonly address: Address;
  /** Which source the address came from. */
  readonly geoStory: string | null;
  readonly territory: string | null;
  readonly region: string | null;
  readonly subRegion: string | null;
  readonly area: string | null;
  /** Salesforce id of the user who should own it; null where nobody can be proposed. */
  readonly nextOwnerId: string | null;
}

/** What is true for commissions and reports until an agreed time: it changes by a transfer only. */
export interface Actual {
  readonly ownerId: string;
  readonly segment: string | null;
  readonly territory: string | null;
  readonly maxFamilyEmployees: number | null;
}

export interface TerritoryAccount {
  /** 18 characters. */
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  /** How its parent holds it, as the CRM says; null: an ordinary subsidiary. Some of these don't count as parents (policy). */
  readonly relation: string | null;
  readonly isHoldingCompany: boolean;
  readonly isNamed: boolean;
  readonly isPublicSector: boolean;
  readonly isChannel: boolean;
  readonly overridesHierarchy: boolean;
  readonly isEmbargoed: boolean;
  readonly industry: string | null;
  readonly isCustomer: boolean;
  readonly carrCents: number;
  readonly openPipelineCents: number;
  readonly openOpportunities: number;
  /** `YYYY-MM-DD`, null: never. */
  readonly lastActivity: string | null;
  readonly hasAccountPlan: boolean;
  /** By the name of the source. */
  readonly sources: Readonly<Record<string, SourceFacts>>;
  /** Until when what the manual-admin source says stands, including that day; null: without end. */
  readonly manualUntil: string | null;
  /** Held by its owner until this day, then moved. */
  readonly holdoverUntil: string | null;
  /** The segment in which it was found right on a 1 February, and that day. */
  readonly confirmedSegment: string | null;
  readonly confirmedOn: string | null;
  /** `Requested`, `Approved`, `Rejected`, `Needs More Info`; null: none. */
  readonly overrideStatus: string | null;
  /** From this day on it is to be transferred, by an approved request or a window. */
  readonly effectiveDate: string | null;
  readonly staging: Staging;
  readonly actual: Actual;
  /** The org's own stamp of its last change. */
  readonly changedAt: string;
}

/** Accounts under one ultimate parent, that parent among them. */
export type Family = readonly TerritoryAccount[];
