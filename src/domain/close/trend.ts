import type { Booking } from './booking';
import type { Day, Instant } from './columns';
import { ofPeriod, type Finding } from './findings';
import type { Period } from './period';

/** What was found, counted over one part of a period: a check, a region, an owner, or all of it. */
export interface Count {
  /** Findings that are neither mended nor accepted. */
  readonly findings: number;
  /** Bookings that have one: they would fail today. Their amount counts once, however much is wrong with them. */
  readonly bookings: number;
  readonly cents: number;
  /** Found for the first time on the day. */
  readonly fresh: number;
  /** Mended on the day. */
  readonly mended: number;
  /** Accepted by then, and still so. */
  readonly accepted: number;
}

/** The part and its count; null where the CRM says no region or no owner. */
export interface PartCount extends Count {
  readonly part: string | null;
}

/** A whole look of one day, in numbers: "how many would fail today, by check, region and owner, with the amount, and the trend". */
export interface DayOfClose {
  readonly day: Day;
  readonly at: Instant;
  readonly all: Count;
  readonly byCheck: readonly PartCount[];
  readonly byRegion: readonly PartCount[];
  /** By the CRM's id of the owner. */
  readonly byOwner: readonly PartCount[];
  /** How often bookings were submitted in each hour of the period's last day, where the business is; null before that day. */
  readonly submissions: readonly number[] | null;
}

/** Counts the findings of a period as they stand after a look. The parts with the most bookings come first. */
export function dayOfClose(
  all: readonly Finding[],
  look: Pick<DayOfClose, 'day' | 'at' | 'submissions'>,
): DayOfClose {
  const findings = ofPeriod(all);
  const of = (partOf: (finding: Finding) => string | null): readonly PartCount[] => {
    const parts = new Map<string | null, Finding[]>();
    for (const finding of findings) {
      const part = partOf(finding);
      const known = parts.get(part);
      if (known) known.push(finding);
      else parts.set(part, [finding]);
    }
    return [...parts]
      .map(([part, its]) => ({ part, ...countOf(its, look.day) }))
      .filter(({ findings: open, fresh, mended, accepted }) => open + fresh + mended + accepted > 0)
      .sort(
        (a, b) => b.bookings - a.bookings || b.cents - a.cents || (a.part ?? '').localeCompare(b.part ?? ''),
      );
  };
  return {
    day: look.day,
    at: look.at,
    submissions: look.submissions,
    all: countOf(findings, look.day),
    byCheck: of(({ check }) => check),
    byRegion: of(({ region }) => region),
    byOwner: of(({ ownerId }) => ownerId),
  };
}

function countOf(findings: readonly Finding[], day: Day): Count {
  const amounts = new Map<string, number>();
  let [open, fresh, mended, accepted] = [0, 0, 0, 0];
  for (const { state, record, amountCents, since, closedOn } of findings) {
    if (since === day) fresh += 1;
    if (closedOn === day) mended += 1;
    if (state === 'accepted') accepted += 1;
    if (state !== 'open') continue;
    open += 1;
    amounts.set(record, amountCents ?? 0);
  }
  const cents = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
  return { findings: open, bookings: amounts.size, cents, fresh, mended, accepted };
}

/**
 * How often bookings of the period were submitted in each hour of its last day: the rush that checking all month is to end.
 *
 * @param timeOf the day and the hour of an instant where the business is
 */
export function submissionsByHour(
  bookings: readonly Pick<Booking, 'submissions'>[],
  period: Pick<Period, 'lastDay'>,
  timeOf: (at: Instant) => { readonly day: Day; readonly hour: number },
): readonly number[] {
  const hours = Array.from({ length: 24 }, () => 0);
  for (const { submissions } of bookings)
    for (const { at } of submissions) {
      if (at === null) continue;
      const { day, hour } = timeOf(at);
      if (day === period.lastDay) hours[hour] = (hours[hour] ?? 0) + 1;
    }
  return hours;
}
