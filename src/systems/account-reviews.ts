/** Texts in the order of the fields that were asked for; null where there is nothing. */
export type ReviewCells = readonly (string | null)[];

/** A user who owns accounts, asks, or is asked for. */
export interface ReviewUser {
  /** The system's own. */
  readonly id: string;
  readonly email: string;
  readonly active: boolean;
  readonly title: string | null;
}

export interface AccountDeal {
  readonly stage: string;
  readonly netArrCents: number;
  readonly type: string | null;
  readonly ownerId: string;
  /** `YYYY-MM-DD` */
  readonly closeDate: string;
  readonly lastActivity: string | null;
}

/** Where people ask for something about an account, and where they are answered. Which fields these are is the caller's to say. */
export interface AccountReviewKeeper {
  /** Ids of accounts where a field says this, in their order, from after this one on. @throws SystemFault */
  idsWhere(field: string, value: string, after: string | null, most: number): Promise<readonly string[]>;
  /** By id; an account that isn't there is left out. @throws SystemFault */
  read(accountIds: readonly string[], fields: readonly string[]): Promise<ReadonlyMap<string, ReviewCells>>;
  /** By id; whom the system doesn't know is left out. @throws SystemFault */
  users(ids: readonly string[]): Promise<ReadonlyMap<string, ReviewUser>>;
  /** Open opportunities of an account. @param netArr the field of their net ARR. @throws SystemFault */
  openDeals(accountId: string, netArr: string): Promise<readonly AccountDeal[]>;
  /**
   * The account of each open opportunity of an owner that is held over beyond this day, itself or with its account.
   *
   * @param fields until when an opportunity and an account are held. @throws SystemFault
   */
  accountsHeld(
    ownerId: string,
    day: string,
    fields: { readonly opportunity: string; readonly account: string },
  ): Promise<readonly string[]>;
  /** Writes fields of one account, and reads them back. @throws SystemFault, also where they aren't shown afterwards */
  write(accountId: string, fields: Readonly<Record<string, string | null>>): Promise<void>;
}
