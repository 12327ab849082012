/** Who owns a record. */
export interface RecordOwner {
  /** The system's own. */
  readonly id: string;
  readonly email: string;
  readonly active: boolean;
}

/** Finds those who own records, and where a record is looked at. */
export interface OwnerFinder {
  /** By the system's id; whom it doesn't know is left out. @throws SystemFault */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, RecordOwner>>;
  /** The address that a record's id follows: `https://acme.my.salesforce.com/`. @throws SystemFault */
  address(): Promise<string>;
}
