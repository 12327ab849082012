/** An open opportunity whose close date is over. */
export interface OverdueOpportunity {
  readonly id: string;
  readonly stage: string;
  readonly ownerId: string;
  /** Whole cents; null where no amount stands. */
  readonly amountCents: number | null;
  /** `YYYY-MM-DD` */
  readonly closeDate: string;
  /** The server's own stamp. */
  readonly changedAt: string;
}

/** One that is to be moved, as it was when that was planned. */
export interface DateMove extends Pick<OverdueOpportunity, 'id' | 'closeDate' | 'changedAt'> {
  readonly to: string;
}

export interface DateMoved {
  readonly id: string;
  readonly outcome: 'moved' | 'changed' | 'gone' | 'refused';
  /** The system's word for a refusal. */
  readonly code: string | null;
}

/** Finds what is overdue, and gives it another close date. */
export interface OverdueKeeper {
  /** Open opportunities whose close date lies before this day, by id. @throws SystemFault */
  list(before: string): Promise<readonly OverdueOpportunity[]>;
  /**
   * Moves those that are still open and unchanged, in collections, and reads each back; one that is refused keeps no other. Done again it goes
   * on where it ended. @param done told after each collection @throws SystemFault
   */
  move(moves: readonly DateMove[], done: (moved: readonly DateMoved[]) => Promise<void>): Promise<void>;
}
