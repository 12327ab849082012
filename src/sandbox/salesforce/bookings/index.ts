import type { Booking } from '../../../domain/close/booking';
import { endedDeal, openDeal, rampDeal, submittedDeal, webDeal } from './clean';
import { Maker, type BookingDraft, type Scene } from './draft';
import type { Fault, Kind } from './faults/fault';
import { HYGIENE_FAULTS } from './faults/hygiene';
import { ORDER_FAULTS } from './faults/orders';
import { PAPER_FAULTS } from './faults/papers';
import { PARTY_FAULTS } from './faults/parties';
import { TIMING_FAULTS } from './faults/timing';

/** What was planted: in which record, for which check to find, and what it should say. */
export interface Planted {
  readonly record: string;
  readonly check: string;
  readonly kind: Kind;
  readonly route: string | null;
}

export interface MadeBookings {
  readonly bookings: readonly Booking[];
  readonly planted: readonly Planted[];
  /** What a spoilt booking would be without its fault, where no other one was planted with it. */
  readonly clean: ReadonlyMap<string, Booking>;
}

const FAULTS: readonly Fault[] = [
  ...PARTY_FAULTS,
  ...PAPER_FAULTS,
  ...ORDER_FAULTS,
  ...TIMING_FAULTS,
  ...HYGIENE_FAULTS,
];
/** Every fault on every route that it may be on. */
const ONES = FAULTS.flatMap((fault) => fault.routes.map((route) => ({ fault, route })));
/** Goes through all of them in no order, so that a few bookings hold faults of every kind: a prime, and more than there are. */
const STRIDE = 7_919;
/** One in so many bookings is spoilt, where nobody wants it otherwise. */
const SPOILT_ONE_IN = 4;

/**
 * Fills a period: bookings of every route that keep every rule, and among them some that break one, each written down. It asks
 * no check: what is planted is known from what was done.
 *
 * @param count at least so many; the same seed makes the same
 * @param oneIn one in so many is spoilt; null: none
 */
export function makeBookings(
  scene: Scene,
  count: number,
  seed = 1,
  oneIn: number | null = SPOILT_ONE_IN,
): MadeBookings {
  const make = new Maker(scene, seed);
  const bookings: BookingDraft[] = [];
  const planted: Planted[] = [];
  const clean = new Map<string, Booking>();
  const atQuarterEnd = scene.period.lastDay === scene.period.quarterEnd;
  const ones = ONES.filter(({ fault }) => atQuarterEnd || fault.wishes?.order !== 'promise');
  for (let at = 0; bookings.length < count; at++) {
    const one = oneIn !== null && at % oneIn === 0 ? ones[((at / oneIn) * STRIDE) % ones.length] : undefined;
    if (one) plant(make, one, { bookings, planted, clean });
    else bookings.push(...cleanOnes(make));
  }
  // As an org tells them, whatever a fault did to their instants.
  for (const { approvals } of bookings) approvals.sort(byInstant);
  return { bookings, planted, clean };
}

const byInstant = (a: DecisionDraft, b: DecisionDraft): number => (keyOf(a) < keyOf(b) ? -1 : 1);
const keyOf = ({ at, id }: DecisionDraft): string => `${at ?? ''} ${id}`;
type DecisionDraft = BookingDraft['approvals'][number];

function cleanOnes(make: Maker): readonly BookingDraft[] {
  const dice = make.between(1, 100);
  if (dice <= 10) return [openDeal(make)];
  if (dice <= 14) return [endedDeal(make)];
  if (dice <= 20) return [webDeal(make)];
  if (dice <= 22) return rampDeal(make, make.between(2, 3));
  return [submittedDeal(make, make.chance(0.05) ? { services: true } : {})];
}

function plant(
  make: Maker,
  { fault, route }: (typeof ONES)[number],
  { bookings, planted, clean }: { bookings: BookingDraft[]; planted: Planted[]; clean: Map<string, Booking> },
): void {
  const made = victims(make, fault, route);
  const booking = made.at(-1);
  if (!booking) return;
  const before = structuredClone(booking);
  const companions = fault.spoil(booking, make);
  bookings.push(...made, ...(companions?.more ?? []));
  if (!companions && made.length === 1) clean.set(booking.id, before);
  for (const { id } of [booking, ...(companions?.found ?? [])])
    planted.push({ record: id, check: fault.check, kind: fault.kind ?? 'reject', route });
}

/** The booking that is spoilt, the last one, with those that belong to it. */
function victims(make: Maker, fault: Fault, route: (typeof ONES)[number]['route']): readonly BookingDraft[] {
  switch (fault.of) {
    case 'open':
      return [Object.assign(openDeal(make, fault.wishes?.type), { route })];
    case 'ended':
      return [endedDeal(make)];
    case 'ramp':
      return rampDeal(make, 2, { ...fault.wishes, route });
    default:
      return [route === 'web_direct' ? webDeal(make) : submittedDeal(make, { ...fault.wishes, route })];
  }
}
