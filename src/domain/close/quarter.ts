/** Who is told and asked at a quarter's end, as `config/close.yml` has it. User names. */
export interface QuarterPeople {
  readonly letters: {
    /** Who answers a representation letter. */
    readonly to: readonly string[];
    /** The principal accounting officer, who gets the answers; null: nobody is named. */
    readonly accounting: string | null;
    readonly committee: readonly string[];
  };
  readonly freeze: {
    /** Systems that aren't changed. */
    readonly systems: readonly string[];
    /** Who lets an exception pass, in words. */
    readonly exceptionsBy: string;
    readonly tell: readonly string[];
  };
}

/** What of it the business changes with time, as `close.quarter` of `policy.yml` has it. */
export interface QuarterPolicy {
  /** Days before the letters are to be answered at which those who haven't are reminded. */
  readonly remindDays: number;
  readonly overdue: {
    /** The close date that overdue opportunities are moved to: the last day of the month, or of the fiscal quarter, that it is. */
    readonly moveTo: 'end_of_month' | 'end_of_quarter';
    /** User names of those who approve the plan; never who prepared the list. */
    readonly approvedBy: readonly string[];
    /** Days after which a plan that nobody decided on is dropped. */
    readonly waitDays: number;
  };
  readonly promises: {
    /** The stage of a booking that is taken back. */
    readonly stage: string;
    /** User names of those who are asked to take it back. */
    readonly by: readonly string[];
  };
}
