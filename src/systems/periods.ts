import type { PeriodChanger } from './period-changes';

/** A closed opportunity, by what a period is counted from. */
export interface ClosedRecord {
  readonly id: string;
  readonly stage: string;
  /** Whole cents; null where no amount stands. */
  readonly amountCents: number | null;
  /** `YYYY-MM-DD` */
  readonly closeDate: string;
  readonly ownerId: string;
  readonly accountId: string | null;
  readonly type: string | null;
  /** Who changed it last, and when: the server's own stamp. */
  readonly changedBy: string;
  readonly changedAt: string;
}

/** Locks periods of the CRM, and reads what is in them. */
export interface PeriodKeeper extends PeriodChanger {
  /** Closed opportunities, won and lost, whose close date lies in these days, both included; by id. @throws SystemFault */
  closedIn(firstDay: string, lastDay: string): Promise<readonly ClosedRecord[]>;
  /** How many they are, and their amounts together, without reading them. @throws SystemFault */
  totalsIn(firstDay: string, lastDay: string): Promise<PeriodTotals>;
  /** Ids of open opportunities whose close date lies before this day. @throws SystemFault */
  overdue(before: string): Promise<readonly string[]>;
  /** The day through which all is locked; null: nothing is. @throws SystemFault */
  lockedThrough(): Promise<string | null>;
  /** Locks all up to this day and reads it back; null unlocks. @throws SystemFault where it isn't shown afterwards */
  lockThrough(day: string | null): Promise<void>;
  /**
   * Tries an edit of this record that the lock must refuse, in such a way that nothing is changed whatever the answer: together with
   * one that can't succeed, all or none. @throws SystemFault
   */
  provenBy(recordId: string): Promise<LockProof>;
}

export interface PeriodTotals {
  readonly records: number;
  readonly totalCents: number;
}

export interface LockProof {
  readonly refused: boolean;
  /** What the system answered. */
  readonly code: string;
}
