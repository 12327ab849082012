import { CHECKS } from '../../../src/domain/close/checks';
import { askCheck } from '../../../src/domain/close/judge';
import { othersOf } from '../../../src/domain/close/others';
import { mayTurn, turnedBetween } from '../../../src/domain/close/turning';
import { addDays } from '../../../src/domain/dates';
import { makeBookings } from '../../../src/sandbox/salesforce/bookings';
import { closeOf, NOW, SCENE, TODAY } from './scene';

const { bookings } = makeBookings(SCENE, 1_200, 3);
const now = closeOf(bookings);

test('no other check looks at the day or at other opportunities', () => {
  const later = [30, 400].map((days) => ({ ...now, today: addDays(TODAY, days) }));
  const elsewhere = [...later, { ...now, others: othersOf([]) }];
  const turning = CHECKS.filter((check) =>
    bookings.some((booking) => {
      const verdict = JSON.stringify(askCheck(check, booking, now));
      return elsewhere.some((close) => JSON.stringify(askCheck(check, booking, close)) !== verdict);
    }),
  ).map(({ id }) => id);
  expect(turning.filter((check) => !mayTurn({ state: 'open', check }))).toEqual([]);
  // What the bookings of the sandbox show of it; a rule over what isn't there can't be seen.
  expect(turning).toEqual(expect.arrayContaining(['past-dated', 'stalled', 'same-quote-twice']));
  expect(mayTurn({ state: 'closed', check: 'past-dated' })).toBe(false);
});

test.each([
  ['overdue', [{ from: '2026-04-10', before: '2026-04-12' }]],
  [
    'undelivered',
    [{ from: addDays('2026-04-10', -NOW.licenceDays), before: addDays('2026-04-12', -NOW.licenceDays) }],
  ],
  [
    'started',
    [
      { from: '2026-04-10', before: '2026-04-12' },
      { from: addDays('2026-04-10', -NOW.pastStartDays), before: addDays('2026-04-12', -NOW.pastStartDays) },
    ],
  ],
  [
    'promised',
    [
      {
        from: addDays('2026-04-10', -NOW.po.promiseDays),
        before: addDays('2026-04-12', -NOW.po.promiseDays),
      },
    ],
  ],
] as const)('from one day to another it is the turn of %s', (what, spans) => {
  expect(turnedBetween('2026-04-10', '2026-04-12', [NOW, NOW])[what]).toEqual(spans);
});
