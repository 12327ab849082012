import type { Booking } from '../../../src/domain/close/booking';
import type { Finding } from '../../../src/domain/close/findings';
import { forecastLines, forecastOf, sparkline } from '../../../src/domain/close/forecast';
import { dayOfClose, submissionsByHour } from '../../../src/domain/close/trend';
import { found } from './found';

const look = (day: string) => ({ day, at: `${day}T09:00:00.000Z`, submissions: null });
const counted = (findings: readonly Finding[], day = '2026-10-21') => dayOfClose(findings, look(day));

it('counts a booking and its amount once, however much is wrong with it', () => {
  const day = counted([
    found('a/1', { check: 'amount', record: '1', amountCents: 500 }),
    found('b/1', { check: 'currency', record: '1', amountCents: 500 }),
    found('b/2', { check: 'currency', record: '2', amountCents: null }),
  ]);
  expect(day.all).toMatchObject({ findings: 3, bookings: 2, cents: 500 });
  expect(day.byCheck).toMatchObject([
    { part: 'currency', bookings: 2, cents: 500 },
    { part: 'amount', bookings: 1, cents: 500 },
  ]);
});

it('knows what is new, mended and accepted on the day, and forgets what was mended before', () => {
  const day = counted([
    found('a/1', { since: '2026-10-21' }),
    found('a/2', { since: '2026-10-20' }),
    found('a/3', { since: '2026-10-20', state: 'accepted' }),
    found('a/4', { since: '2026-10-20', state: 'closed', closedOn: '2026-10-21', region: 'EMEA' }),
    found('a/5', { since: '2026-10-19', state: 'closed', closedOn: '2026-10-20', region: 'LATAM' }),
  ]);
  expect(day.all).toMatchObject({ findings: 2, fresh: 1, mended: 1, accepted: 1 });
  expect(day.byRegion.map(({ part, mended }) => [part, mended])).toEqual([
    ['AMER', 0],
    ['EMEA', 1],
  ]);
});

it('leaves out deals that are expected after the period', () => {
  const day = counted([found('a/1'), found('a/2', { record: '2', later: true })]);
  expect(day.all).toMatchObject({ findings: 1, bookings: 1 });
});

it('counts submissions by their hour on the last day alone', () => {
  const at = (...instants: (string | null)[]) =>
    ({
      submissions: instants.map((instant) => ({ id: 's', opportunityId: 'o', at: instant, byId: null })),
    }) as unknown as Booking;
  const hours = submissionsByHour(
    [
      at('2026-10-31T00:10:00Z', '2026-10-31T23:59:59Z', null),
      at('2026-10-30T23:00:00Z', '2026-11-01T00:00:00Z'),
      at('2026-10-31T23:00:00Z'),
    ],
    { lastDay: '2026-10-31' },
    (instant) => ({ day: instant.slice(0, 10), hour: Number(instant.slice(11, 13)) }),
  );
  expect(hours).toHaveLength(24);
  expect([hours[0], hours[23], hours.reduce((a, b) => a + b)]).toEqual([1, 2, 3]);
});

it('a forecast compares with the look of the day before, part by part', () => {
  const first = counted([found('a/1'), found('a/2', { record: '2', region: null })], '2026-10-20');
  const second = counted([found('a/1'), found('a/3', { record: '3' })], '2026-10-21');
  const forecast = forecastOf([first, second]);
  expect(forecast).toMatchObject({ day: '2026-10-21', before: { day: '2026-10-20', all: { bookings: 2 } } });
  expect(forecast?.byRegion).toMatchObject([{ part: 'AMER', bookings: 2, more: 1 }]);
  expect(forecast?.trend).toEqual([
    { day: '2026-10-20', bookings: 2, cents: 200 },
    { day: '2026-10-21', bookings: 2, cents: 200 },
  ]);
  expect(forecastOf([first])?.byCheck[0]?.more).toBeNull();
  expect(forecastOf([])).toBeNull();
});

it('a sparkline goes from nothing to the most there was', () => {
  expect(sparkline([0, 7, 14])).toBe('▁▅█');
  expect(sparkline([0, 0])).toBe('▁▁');
});

it('the issue tells it in a few lines, in which text from outside stays text', () => {
  const many = Array.from({ length: 9 }, (_, at) =>
    found(`c${at}/r`, {
      check: `c${at}`,
      record: `${at}`,
      region: at === 0 ? '`@all`' : `R${at}`,
      ownerId: `005${at}`,
    }),
  );
  const forecast = forecastOf([counted(many, '2026-10-20'), counted(many.slice(0, 8), '2026-10-21')]);
  const lines = forecastLines(forecast!);
  expect(lines.length).toBeLessThanOrEqual(6);
  expect(lines[0]).toBe(
    '- **8 bookings would fail** as of 2026-10-21, \\$8.00, for 8 findings. -1 since 2026-10-20.',
  );
  expect(lines.join('\n')).toContain('`` `@all` `` 1');
  expect(lines.at(-1)).toMatch(/; 3 more$/);
});

it('where nothing is open, the issue says so', () => {
  const lines = forecastLines(forecastOf([counted([])])!);
  expect(lines[0]).toBe('- **No booking would fail** as of 2026-10-21.');
});
