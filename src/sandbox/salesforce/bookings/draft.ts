import {
  ACCOUNT,
  APPROVAL,
  DOCUMENT,
  LINE,
  OPPORTUNITY,
  QUOTE,
  SPLIT,
  SUBMISSION,
  SUBSCRIPTION,
  type Booking,
  type DocumentKind,
  type Route,
} from '../../../domain/close/booking';
import type { BookingPolicy } from '../../../domain/close/booking-policy';
import type { Columns, RecordOf } from '../../../domain/close/columns';
import type { Matter } from '../../../domain/close/decisions';
import type { Period } from '../../../domain/close/period';
import { numbersFrom } from '../books';
import { makeId } from '../ids';

/** A booking that is being made. */
export type Draft<T> = T extends readonly (infer U)[]
  ? Draft<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: Draft<T[K]> }
    : T;
export type BookingDraft = Draft<Booking>;

/** When and under which rules the bookings are made. */
export interface Scene {
  readonly period: Period;
  /** The day on which they are looked at: after the cut-off. */
  readonly today: string;
  /** Names of approval steps and entities are its. */
  readonly policy: BookingPolicy;
}

/** Records that one seed may make: so far apart are their ids. */
const OF_ONE_SEED = 10_000_000;

/** Chance and ids: the same seed makes the same bookings. */
export class Maker {
  readonly #random: () => number;
  #made = 0;

  constructor(
    readonly scene: Scene,
    private readonly seed: number,
  ) {
    this.#random = numbersFrom(seed);
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  chance(of: number): boolean {
    return this.#random() < of;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.#random() * list.length)] ?? list[0];
  }

  /** Above the numbers that the org itself gives out, and others for another seed. */
  id(prefix: string): string {
    this.#made += 1;
    return makeId(prefix, 900_000_000 + this.seed * OF_ONE_SEED + this.#made);
  }

  /** A number that no other record of these has. */
  number(): string {
    this.#made += 1;
    return String(this.seed * OF_ONE_SEED + 100_000 + this.#made);
  }

  /** One of a few hundred people. */
  person(): string {
    return makeId('005', 900_000_000 + this.between(1, 300));
  }
}

/** What somebody wants of a booking; the rest is chance. */
export interface Wishes {
  readonly route?: Route;
  readonly type?: 'New Business' | 'Add-On Business' | 'Renewal';
  readonly stage?: string;
  readonly submittedOn?: string;
  /** The day of the period, from 1, or so many days before its last one. */
  readonly day?: number;
  readonly beforeEnd?: number;
  readonly startsOn?: string;
  /** Days from the submission to the start. */
  readonly startsIn?: number;
  /** A direct deal stands on a signed form, or on a purchase order where an MSA or an accepted refusal allows it. */
  readonly standsOn?: 'form' | 'msa' | 'refusal';
  /** A purchase order, or what is in its place; `none`: nobody needs one. */
  readonly order?: 'paper' | 'waiver' | 'number' | 'promise' | 'none';
  readonly ownForm?: boolean;
  readonly sow?: 'custom' | 'standard';
  readonly services?: boolean;
  readonly rampYear?: number;
  readonly swap?: boolean;
}

/** Copied for each record: with all its keys at once it is made in a fraction of the time. */
const BLANKS = new Map<Columns, object>();

function blank<C extends Columns>(columns: C, id: string): Draft<RecordOf<C>> {
  const empty =
    BLANKS.get(columns) ??
    Object.fromEntries(['id', ...Object.keys(columns)].map((column) => [column, null]));
  BLANKS.set(columns, empty);
  return { ...empty, id } as Draft<RecordOf<C>>;
}

const BARE = {
  ...blank(OPPORTUNITY, ''),
  account: null,
  quote: null,
  subscription: null,
  lines: [],
  documents: [],
  submissions: [],
  approvals: [],
  splits: [],
  unreadable: [],
};
export const blankOpportunity = (id: string): BookingDraft => ({
  ...BARE,
  id,
  lines: [],
  documents: [],
  submissions: [],
  approvals: [],
  splits: [],
  unreadable: [],
});
export const newAccount = (make: Maker) => blank(ACCOUNT, make.id('001'));
export const newQuote = (make: Maker) => blank(QUOTE, make.id('a0Q'));
export const newSubscription = (make: Maker) => blank(SUBSCRIPTION, make.id('a0S'));
export const newLine = (make: Maker) => blank(LINE, make.id('00k'));
export const newSplit = (make: Maker) => blank(SPLIT, make.id('1SP'));
export const newSubmission = (make: Maker) => blank(SUBMISSION, make.id('04g'));
export const newApproval = (make: Maker) => blank(APPROVAL, make.id('a0A'));
export const newDocument = (make: Maker) => blank(DOCUMENT, make.id('a0D'));

export type DocumentDraft = ReturnType<typeof newDocument>;

/** The paper of a kind; there must be one. */
export function paperOf(booking: BookingDraft, kind: DocumentKind): DocumentDraft {
  const found = booking.documents.find((document) => document.kind === kind);
  if (!found) throw new Error(`the booking has no ${kind}`);
  return found;
}

export function without(booking: BookingDraft, kind: DocumentKind): void {
  booking.documents = booking.documents.filter((document) => document.kind !== kind);
}

export function approve(
  make: Maker,
  booking: BookingDraft,
  matter: Matter,
  step: string,
  at: string,
  byId = make.person(),
): void {
  booking.approvals.push({
    ...newApproval(make),
    opportunityId: booking.id,
    matter,
    step,
    decision: 'Approved',
    byId,
    at,
  });
}
