import type { ClosedRecord } from './periods';

/** A record wherever it belongs, whether it is closed or not. */
export type NamedRecord = ClosedRecord & { readonly isClosed: boolean };

/** A field of a record that is set. */
export interface RecordEdit {
  readonly record: string;
  readonly field: 'stage' | 'amountCents' | 'closeDate' | 'ownerId' | 'accountId' | 'type';
  readonly to: string | number | null;
}

/** Somebody, or everybody of a profile, for whom another lock holds than for the organization. */
export interface LockException {
  /** The system's id of the user or profile. */
  readonly owner: string;
  readonly isOwn: boolean;
  readonly through: string | null;
  /** Until when nothing is locked for them. */
  readonly openUntil: string | null;
}

/** Changes records of locked periods, under an exception for the user whom daytwo signs in as. */
export interface PeriodChanger {
  /** Records by their ids; who isn't there is left out. @throws SystemFault */
  named(ids: readonly string[]): Promise<readonly NamedRecord[]>;
  /** Users, by record, whom this field names and who don't own the record. @throws SystemFault */
  insideReps(ids: readonly string[], field: string): Promise<ReadonlyMap<string, string>>;
  /** The system's id of the user whom daytwo signs in as. @throws SystemFault */
  ownUser(): Promise<string>;
  /** What users are called there, by id. @throws SystemFault */
  userNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  exceptions(): Promise<readonly LockException[]>;
  /** Opens what is locked for daytwo's own user until an instant, and reads it back. @throws SystemFault where it isn't shown afterwards */
  openUntil(until: string): Promise<void>;
  /** Takes that away and reads it back. @returns whether it stood @throws SystemFault where it is still shown */
  endOpening(): Promise<boolean>;
  /** Makes all of these edits, of at most 200 records, or none. @returns the code with which one is refused; null: they are made @throws SystemFault */
  edit(edits: readonly RecordEdit[]): Promise<string | null>;
}
