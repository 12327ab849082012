import type { IssueRef } from '../access-request';
import type { Channel } from '../handbook';
import type { HoldoverPolicy } from './holdover';
import type { Occasion } from './opportunities';
import type { OverrideForm } from './override-form';

/** How reviews of accounts are decided, of one version of the policy. */
export interface ReviewPolicy {
  /** User names of Sales Operations who decide. */
  readonly decidedBy: readonly string[];
  /** Over which channels a word counts. */
  readonly channels: readonly Channel[];
  /** "24-48 h": business days after which those who decide are reminded, and after which it goes to the next. */
  readonly remindBusinessDays: number;
  readonly escalateBusinessDays: number;
  readonly escalateTo: readonly string[];
  /** Sites that are no source. */
  readonly notSources: readonly string[];
  /** Days that approved values stand. */
  readonly valuesDays: number;
  /** Strategy decides on moves that come to more CARR than this for one who asks, in a fiscal quarter. */
  readonly strategy: { readonly by: readonly string[]; readonly aboveCents: number };
  /** More accounts than this of one who asks are shown on one list. */
  readonly mostAccounts: number;
  /** Sales Ops leadership: it decides on a second holdover. */
  readonly leadership: readonly string[];
  readonly holdover: HoldoverPolicy;
  /** Words in the title of a user by which they don't sell: `SDR`, `Sales Admin`. */
  readonly notSales: readonly string[];
  /** Words in the title of a user who works public sector. */
  readonly publicSectorTitles: readonly string[];
  /** Once a week, on this day (1: Monday) or later, owners get their mail. */
  readonly digestWeekday: number;
}

export type ReviewKind = 'override' | 'owner-change';

/** What stands in the review fields of an account, as it was read. */
export interface ReviewForm extends OverrideForm {
  readonly ownerId: string | null;
  readonly evidence: string | null;
  /** Salesforce id of who asks; null where the field is empty. */
  readonly by: string | null;
  readonly at: string | null;
}

/**
 * Where a review stands. `asked`: people are to decide; `needs_info`: who asked is to add something. Over: `approved`, `rejected`,
 * `refused`: the form was wrong, nobody needed to look; `withdrawn` by who asked.
 */
export type ReviewPhase = 'asked' | 'needs_info' | 'approved' | 'rejected' | 'refused' | 'withdrawn';

export interface ReviewWord {
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  readonly reason: string | null;
}

/**
 * What must be settled. `giving`, `receiving`: the area managers of who has the account and of who is to have it; `chain`: those above
 * both, where the two don't agree; `strategy`: impact on quota; `leadership`: a second holdover; `decision`: Sales Operations.
 */
export const PARTS = ['giving', 'receiving', 'chain', 'strategy', 'leadership', 'decision'] as const;
export type Part = (typeof PARTS)[number];

/** What was said to a part. A rejection by an area manager ends nothing: it goes up the chain. */
export interface PartWord extends ReviewWord {
  readonly agrees: boolean;
}

/** A review of an account that somebody asked for. Ids only: names are read when they are shown. */
export interface Review {
  readonly accountId: string;
  /** From 1, within the account. */
  readonly n: number;
  readonly kind: ReviewKind;
  readonly phase: ReviewPhase;
  readonly form: ReviewForm;
  /** How often what is asked was filled in. */
  readonly round: number;
  /** The round that the issue was last seen to show, and the last comment and label event before it did: they speak of something else. */
  readonly shown?: { readonly round: number; readonly note: number; readonly label: number };
  /** GitLab user name of who asks; null where GitLab knows nobody by their address. */
  readonly asker: string | null;
  /** Who asked in earlier rounds: they decide on it no more than who asks now. */
  readonly earlierAskers?: readonly string[];
  readonly carrCents: number;
  readonly openedAt: string;
  /** Since when somebody is to decide, and by when; they begin anew when it was asked again. */
  readonly remindAt: string;
  readonly escalateAt: string;
  readonly policyVersion: string;
  readonly issue: IssueRef | null;
  readonly words: Partial<Readonly<Record<Part, PartWord>>>;
  /** Who wants it held over first. */
  readonly holdover: ReviewWord | null;
  readonly outcome: ReviewOutcome | null;
  /** The last label event and comment that were judged. */
  readonly cursor: { readonly label: number; readonly note: number };
  /** What people were told, and when: once each. */
  readonly told: Readonly<Record<string, string>>;
}

/** How it came out, as it is written to the account. */
export interface ReviewOutcome {
  readonly at: string;
  /** `[TSP] Decision Rationale`. */
  readonly rationale: string;
  readonly effectiveDate: string | null;
  readonly occasion: Occasion | null;
  /** Held over until this day. */
  readonly holdoverUntil: string | null;
  /** Approved values stand to this day. */
  readonly valuesUntil: string | null;
  /** The account says so, read back. */
  readonly isWritten: boolean;
  /** Who asked could not be mailed yet: it is tried again. */
  readonly owesMail?: boolean;
}

export const isReviewOver = ({ phase }: Pick<Review, 'phase'>): boolean =>
  phase !== 'asked' && phase !== 'needs_info';

/** Over, the account says so, and who asked knows. */
export const isReviewSettled = (review: Pick<Review, 'phase' | 'outcome'>): boolean =>
  isReviewOver(review) && review.outcome?.isWritten === true && review.outcome.owesMail !== true;

/** Its values stand on the account as those of Sales Operations, until they expire or the data agrees. */
export const valuesStand = ({ phase, kind, told }: Pick<Review, 'phase' | 'kind' | 'told'>): boolean =>
  phase === 'approved' && kind === 'override' && told[VALUES_ENDED] === undefined;
/** In `told`: when they ended. */
export const VALUES_ENDED = 'values-ended';

/** What a form asks for. "One thing at a time": values and another owner are decided by different people. */
export function kindOf(form: ReviewForm): ReviewKind | 'both' | 'nothing' {
  const asksValues =
    form.employees !== null || Object.values(form.address).some((part: string | null) => part !== null);
  if (asksValues) return form.ownerId === null ? 'override' : 'both';
  return form.ownerId === null ? 'nothing' : 'owner-change';
}

/** Whether two readings of the fields ask for the same, by the same person. */
export const isSameForm = (one: ReviewForm, other: ReviewForm): boolean =>
  JSON.stringify(formText(one)) === JSON.stringify(formText(other));

const formText = (form: ReviewForm): readonly (string | null)[] => [
  form.employees,
  form.employeesSource,
  form.address.street,
  form.address.city,
  form.address.state,
  form.address.postCode,
  form.address.country,
  form.addressSource,
  form.ownerId,
  form.evidence,
  form.by,
];

/** The status as the account says it. */
export const STATUS_ON_ACCOUNT: Readonly<Record<ReviewPhase, string | null>> = {
  asked: 'Requested',
  needs_info: 'Needs More Info',
  approved: 'Approved',
  rejected: 'Rejected',
  refused: 'Rejected',
  withdrawn: null,
};

export const reviewId = (accountId: string): string => `account-review/${accountId}`;
