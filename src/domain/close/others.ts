import { isSubmitted, lastSubmission, type Booking } from './booking';
import type { Day, Instant } from './columns';

/** What a rule looks at of another opportunity. */
export interface Other {
  readonly id: string;
  readonly type: string | null;
  readonly stage: string | null;
  readonly closeDate: Day | null;
  readonly startDate: Day | null;
  readonly submittedAt: Instant | null;
  readonly rampYear: number | null;
  readonly reversesId: string | null;
}

/** The opportunities that belong together, with the one that is judged among them. */
export interface Others {
  readonly ofSubscription: (id: string) => readonly Other[];
  readonly ofRamp: (key: string) => readonly Other[];
  /** Those booked, or to be booked, on a quote number. */
  readonly ofQuoteNumber: (number: string) => readonly Other[];
}

const NONE: readonly Other[] = [];

/** Puts together what belongs together; a rule then finds it without a search. */
export function othersOf(bookings: Iterable<Booking>): Others {
  const gathering = new OthersGathering();
  for (const booking of bookings) gathering.add(booking);
  return gathering;
}

/** The same of bookings that come one after another, and aren't kept. */
export class OthersGathering implements Others {
  readonly #bySubscription = new Map<string, Other[]>();
  readonly #byRamp = new Map<string, Other[]>();
  readonly #byQuote = new Map<string, Other[]>();

  add(booking: Booking): void {
    const quoteNumber = isSubmitted(booking) ? (booking.quote?.number ?? null) : null;
    if (booking.subscriptionId === null && booking.rampKey === null && quoteNumber === null) return;
    const other = otherOf(booking);
    add(this.#bySubscription, booking.subscriptionId, other);
    add(this.#byRamp, booking.rampKey, other);
    add(this.#byQuote, quoteNumber, other);
  }

  readonly ofSubscription = (id: string): readonly Other[] => this.#bySubscription.get(id) ?? NONE;
  readonly ofRamp = (key: string): readonly Other[] => this.#byRamp.get(key) ?? NONE;
  readonly ofQuoteNumber = (number: string): readonly Other[] => this.#byQuote.get(number) ?? NONE;
}

function add(to: Map<string, Other[]>, key: string | null, other: Other): void {
  if (key === null) return;
  const there = to.get(key);
  if (there) there.push(other);
  else to.set(key, [other]);
}

const otherOf = (booking: Booking): Other => ({
  id: booking.id,
  type: booking.type,
  stage: booking.stage,
  closeDate: booking.closeDate,
  startDate: booking.quote?.startDate ?? null,
  submittedAt: lastSubmission(booking)?.at ?? null,
  rampYear: booking.rampYear,
  reversesId: booking.reversesId,
});
