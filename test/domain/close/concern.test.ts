import { concernOf } from '../../../src/domain/close/concern';
import type { Booking } from '../../../src/domain/close/booking';
import { makeBookings } from '../../../src/sandbox/salesforce/bookings';
import { APRIL, SCENE } from './scene';

const [some] = makeBookings(SCENE, 1, 1, null).bookings;

const booking = (stage: string, closeDate: string | null, submittedAt?: string): Booking => ({
  ...some!,
  stage,
  closeDate,
  submissions:
    submittedAt === undefined ? [] : [{ id: '04g', opportunityId: some!.id, byId: null, at: submittedAt }],
});

const IN_TIME = '2026-05-01T06:59:59.000Z';
const LATE = '2026-05-01T07:00:00.000Z';

it.each([
  ['closes on the last day', booking('Closed Won', '2026-04-30'), 'of_period'],
  ['closes on the next day', booking('Closed Won', '2026-05-01'), 'of_next'],
  ['closes later, submitted at 23:59:59', booking('Closed Won', '2026-05-01', IN_TIME), 'of_period'],
  [
    'closes later, submitted within that second',
    booking('Closed Won', '2026-05-01', '2026-05-01T06:59:59.500Z'),
    'of_period',
  ],
  ['closes later, submitted at 00:00:00', booking('Closed Won', '2026-05-01', LATE), 'of_next'],
  ['waits for approval, submitted in time', booking('7-Closing', '2026-05-03', IN_TIME), 'of_period'],
  ['has no close date', booking('3-Technical Evaluation', null), 'of_period'],
  ['is open, and its day is over', booking('3-Technical Evaluation', '2026-04-30'), 'of_period'],
  ['is open, and expected later', booking('3-Technical Evaluation', '2026-05-01'), 'expected_later'],
  ['was lost later', booking('8-Closed Lost', '2026-05-01'), 'of_next'],
])('a deal that %s', (_, deal, concern) => {
  expect(concernOf(deal, APRIL)).toBe(concern);
});
