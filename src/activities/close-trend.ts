import type { Booking } from '../domain/close/booking';
import type { Finding } from '../domain/close/findings';
import { dayOfClose, submissionsByHour } from '../domain/close/trend';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import type { ReadWorld } from './world';

interface LookOfDay {
  readonly findings: readonly Finding[];
  /** Those of the bookings that were submitted on the last day or later; of others nothing is asked. Null where not all were read. */
  readonly submitted: readonly Pick<Booking, 'submissions'>[] | null;
  readonly now: string;
}

/** Keeps what a look found in numbers, in place of an earlier look of that day: so a period has its trend. */
export async function keepDay(
  world: Pick<ReadWorld, 'store'>,
  { period, policy }: ClosePlan,
  { findings, submitted, now }: LookOfDay,
): Promise<void> {
  const { zone } = policy.close;
  const day = localTime(now, zone).date;
  const submissions =
    submitted === null
      ? ((await world.store.trend.days(period.key)).find((one) => one.day === day)?.submissions ?? null)
      : day < period.lastDay
        ? null
        : submissionsByHour(submitted, period, hourIn(zone));
  await world.store.trend.keepDay(period.key, dayOfClose(findings, { day, at: now, submissions }));
}

/** Counts the last day that was looked at anew: some of its findings were accepted since. */
export async function recountDay(
  { store }: Pick<ReadWorld, 'store'>,
  period: string,
  findings: readonly Finding[],
): Promise<void> {
  const last = (await store.trend.days(period)).at(-1);
  if (last) await store.trend.keepDay(period, dayOfClose(findings, last));
}

/** The day and hour of an instant in a zone: a calendar is asked once for each quarter of an hour, since zones differ by those. */
function hourIn(zone: string): (at: string) => { readonly day: string; readonly hour: number } {
  const known = new Map<number, { readonly day: string; readonly hour: number }>();
  return (at) => {
    const quarter = Math.floor(Date.parse(at) / 900_000);
    const found = known.get(quarter);
    if (found) return found;
    const { date, time } = localTime(new Date(quarter * 900_000).toISOString(), zone);
    const local = { day: date, hour: Number(time.slice(0, 2)) };
    known.set(quarter, local);
    return local;
  };
}
