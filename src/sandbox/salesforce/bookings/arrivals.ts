import { isOpen, type Booking } from '../../../domain/close/booking';
import type { MadeBookings } from '.';
import type { Org } from '../org';
import { partsOf, storeBookings } from './store';

/** A booking that comes once its time has come, and what it would be without its fault. */
interface Arrival {
  readonly at: string;
  readonly booking: Booking;
  readonly clean: Booking | null;
  readonly come: boolean;
}

const arrivals = (org: Org) => org.world.table<Arrival>('sf-arrival');

/** Keeps bookings for later: each comes at the last instant that it tells of, an open one with the period. */
export function keepForLater(org: Org, { bookings, clean }: MadeBookings, firstDay: string): void {
  for (const booking of bookings)
    arrivals(org).put(booking.id, {
      at: lastInstantOf(booking) ?? `${firstDay}T00:00:00Z`,
      booking,
      clean: clean.get(booking.id) ?? null,
      come: false,
    });
}

/** Lets all come whose time has come. @returns how many came, and how many are still to come */
export function letArrive(org: Org, now: Date): { readonly arrived: number; readonly waiting: number } {
  const waiting = arrivals(org).filter(({ come }) => !come);
  const due = waiting.filter(({ at }) => Date.parse(at) <= now.getTime());
  storeBookings(
    org,
    due.map(({ booking }) => booking),
  );
  for (const arrival of due) arrivals(org).put(arrival.booking.id, { ...arrival, come: true });
  return { arrived: due.length, waiting: waiting.length - due.length };
}

/**
 * Somebody mends these bookings: each becomes what it would be without its fault, changed now. One that others were planted with
 * isn't mended by itself. @returns the ids of those that were mended
 */
export function mend(org: Org, records: readonly string[]): readonly string[] {
  return records.flatMap((record) => {
    const arrival = arrivals(org).get(record);
    if (!arrival?.come || !arrival.clean) return [];
    const now = partsOf(arrival.clean);
    const kept = new Set(now.map(({ id }) => id));
    for (const { object, id } of partsOf(arrival.booking)) if (!kept.has(id)) org.remove(object, id);
    for (const { object, id, values } of now) {
      const row = org.get(object, id);
      if (row) org.change(object, row, values, null);
      else org.load(object, id, values);
    }
    arrivals(org).put(record, { ...arrival, booking: arrival.clean });
    return [record];
  });
}

/** An open deal waits for its day; all else tells of something that has happened. */
function lastInstantOf(booking: Booking): string | null {
  const { submissions, approvals, closeDate } = booking;
  const said = [...submissions, ...approvals].flatMap(({ at }) => (at === null ? [] : [at]));
  const ended = isOpen(booking) || closeDate === null ? [] : [`${closeDate}T12:00:00Z`];
  const all = [...said, ...ended].map((at) => Date.parse(at)).filter((at) => !Number.isNaN(at));
  return all.length === 0 ? null : new Date(Math.max(...all)).toISOString();
}
