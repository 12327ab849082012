/** A user of the CRM, as far as territories name them. */
export interface TerritoryUser {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly isActive: boolean;
}

/** A territory's own record in the CRM. */
export interface TerritoryRecord {
  readonly name: string;
  readonly ownerId: string | null;
  readonly isToBeHired: boolean;
}

/** Where the CRM keeps records of territories: object and fields as its API names them. */
export interface TerritoryRecordFields {
  readonly object: string;
  readonly fields: { readonly name: string; readonly ownerId: string; readonly isToBeHired: string };
}

/** Who works which territory, as the CRM knows it. */
export interface TerritoryKeeper {
  /** Users of these addresses, and of these ids. @throws SystemFault */
  users(emails: readonly string[], ids: readonly string[]): Promise<readonly TerritoryUser[]>;
  /** All records of territories. @throws SystemFault */
  records(where: TerritoryRecordFields): Promise<readonly TerritoryRecord[]>;
}
