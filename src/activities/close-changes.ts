import { isLocked, type CloseCase, type CloseLook } from '../domain/close/close';
import { CHECKS } from '../domain/close/checks';
import { concernOf } from '../domain/close/concern';
import { checksOf, foundIn, openOf, PAST_DATED, type Found } from '../domain/close/findings';
import { closeAfterLook } from '../domain/close/look';
import type { CloseTask } from '../domain/close/tasks';
import { mayTurn, turnedBetween } from '../domain/close/turning';
import { addDays } from '../domain/dates';
import { localTime } from '../handbook/business-time';
import { digestOf } from '../evidence';
import type { ClosePlan } from '../handbook/close-time';
import { SystemFault } from '../systems/fault';
import { TooMany } from '../systems/salesforce/booking-search';
import { changedSince, turned, withChanged, type BookingChanges } from './bookings-changed';
import type { ReadBookings } from './bookings';
import { judgedIn, keepLook } from './close-findings';
import { periodsOf } from './periods-of';
import type { ReadWorld } from './world';

/** A change is stamped when its transaction begins and seen when it ends; and two clocks are never the same. */
const OVERLAP_MS = 3_600_000;
/** After so many days all is read again: what moved from one deal to another names only the one where it is now. */
const WHOLE_EVERY_DAYS = 7;

/** By what the bookings are judged, as a digest. */
export function rulesDigest({ handbook }: Pick<ReadWorld, 'handbook'>): string {
  const { bookingFields, policies } = handbook();
  const booking = policies.map(({ effectiveFrom, close }) => [effectiveFrom, close.booking]);
  const checks = CHECKS.map(({ id, words }) => [id, words]);
  return digestOf([bookingFields, booking, checks]);
}

/**
 * Looks at what changed since the look before, and at what the days that passed may have turned; all else stays as it was found. Null
 * where all is to be read: from the cut-off on, once a week, and when the rules or more than a few bookings are others.
 */
export async function lookAtChanges(
  world: ReadWorld,
  before: CloseCase,
  plan: ClosePlan,
  now: string,
): Promise<CloseLook | null> {
  const { look, phase } = before;
  const changes = changesOf(world, plan);
  if (phase !== 'open' || !look?.wholeAt || !look.checks || !changes) return null;
  const { zone } = plan.policy.close;
  const [today, last] = [localTime(now, zone).date, localTime(look.at, zone).date];
  const isLongAgo = localTime(look.wholeAt, zone).date <= addDays(today, -WHOLE_EVERY_DAYS);
  if (isLongAgo || look.rules !== rulesDigest(world)) return null;
  const policies = world.handbook().policies;
  // A policy that came into force since: it may say something else of any booking.
  if (policies.some(({ effectiveFrom }) => last < effectiveFrom && effectiveFrom <= today)) return null;
  try {
    const since = new Date(Date.parse(look.at) - OVERLAP_MS).toISOString();
    const booking = policies.map(({ close }) => close.booking);
    const [changed, turning, known] = await Promise.all([
      changedSince(changes, since),
      turned(changes, turnedBetween(last, today, booking)),
      world.store.closes.findings(plan.period.key),
    ]);
    const ids = [...changed, ...turning, ...known.filter(mayTurn).map(({ record }) => record)];
    const [judged, totals] = await withChanged(changes, ids, async (read, toJudge) => {
      // The org sums up while we judge. Where it fails, what was read still stays until it was judged.
      const summed = periodsOf(world).totalsIn(plan.period.firstDay, plan.period.lastDay);
      void summed.catch(() => undefined);
      return [await judgedOf(world, plan, now, read, toJudge), await summed] as const;
    });
    const findings = await keepLook(world, plan, { now, judged, submitted: null });
    return { ...look, ...totals, at: now, open: openOf(findings, PAST_DATED), checks: checksOf(findings) };
  } catch (error) {
    // What can't be told apart is looked at whole.
    if (error instanceof TooMany || (error instanceof SystemFault && !error.retryable)) return null;
    throw error;
  }
}

/** What becomes of a close when some opportunities may have changed: they are judged again, and what was counted then stays. */
export async function afterChanges(
  world: ReadWorld,
  close: CloseCase,
  plan: ClosePlan,
  tasks: readonly CloseTask[],
  { ids, now }: { readonly ids: readonly string[]; readonly now: string },
): Promise<CloseCase> {
  const changes = changesOf(world, plan);
  const { look } = close;
  if (!changes || !look?.checks || isLocked(close)) return close;
  try {
    const judged = await withChanged(changes, ids, (read, toJudge) =>
      judgedOf(world, plan, now, read, toJudge),
    );
    const findings = await keepLook(world, plan, { now, judged, submitted: null });
    const seen = { ...look, open: openOf(findings, PAST_DATED), checks: checksOf(findings) };
    return closeAfterLook(close, seen, [], tasks).close;
  } catch (error) {
    // Those of one subscription are more than are judged at once: the next look finds them.
    if (error instanceof TooMany) return close;
    throw error;
  }
}

/** What a look over changes needs; null where it isn't there. */
function changesOf(world: ReadWorld, { period }: ClosePlan): BookingChanges | null {
  const { bookings: reader, bookingSearch: search } = world.connector('salesforce');
  const { bookingFields: fields } = world.handbook();
  return reader && search && fields ? { reader, search, fields, period } : null;
}

/** What is wrong with these of the bookings that were read. */
async function judgedOf(
  world: ReadWorld,
  plan: ClosePlan,
  now: string,
  read: ReadBookings,
  toJudge: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly Found[]>> {
  // Of one that isn't there, or not of this period any more, nothing is wrong.
  const found = new Map<string, readonly Found[]>([...toJudge].map((id) => [id, []]));
  const close = await judgedIn(world, plan, now, read);
  for await (const part of read.parts())
    for (const booking of part)
      if (toJudge.has(booking.id) && concernOf(booking, plan.period) !== 'of_next')
        found.set(booking.id, foundIn(booking, close));
  return found;
}
