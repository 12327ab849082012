import fc from 'fast-check';
import { addBusinessDates, isBusinessDay, onOrAfterBusinessDay } from '../../src/domain/calendar';
import { addDays, daysBetween, isCalendarDate, weekday } from '../../src/domain/dates';
import { addBusinessDays, calendarOf, isBusinessTime } from '../../src/handbook';
import { sampleHandbook } from '../handbook/sample';

const handbook = sampleHandbook();
const { holidays } = handbook;
const hours = { from: '09:00', to: '17:00' };
const calendar = (zone: string, country: string) => ({ zone, country, holidays, hours });
const newYork = calendar('America/New_York', 'US');
const tokyo = calendar('Asia/Tokyo', 'JP');

describe('dates', () => {
  it.each(['2028-02-29', '2026-12-31', '0001-01-01'])('%s is one', (date) =>
    expect(isCalendarDate(date)).toBe(true),
  );
  it.each(['2026-02-29', '2026-00-01', '2026-1-1', '0000-01-01', '2026-11-31', ' 2026-11-01', '2026-11-01Z'])(
    '%s is none',
    (date) => {
      expect(isCalendarDate(date)).toBe(false);
    },
  );
  it('counts days over months, years and leap days', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-01-01', '2027-01-01')).toBe(365);
    expect(weekday('2026-11-23')).toBe(1);
    expect(weekday('2026-11-29')).toBe(7);
  });
});

describe('business days', () => {
  it('are Monday to Friday without public holidays', () => {
    const off = holidays['GB'] ?? [];
    expect(isBusinessDay('2026-12-24', off)).toBe(true);
    expect(isBusinessDay('2026-12-25', off)).toBe(false);
    expect(isBusinessDay('2026-12-26', off)).toBe(false);
    // Boxing Day falls on a Saturday and moves to Monday.
    expect(onOrAfterBusinessDay('2026-12-25', off)).toBe('2026-12-29');
    expect(addBusinessDates('2026-12-24', 1, off)).toBe('2026-12-29');
  });

  it('never end, if a calendar says so: that is an error, not a loop', () => {
    const always = Array.from({ length: 400 }, (_, day) => addDays('2026-01-01', day));
    expect(() => onOrAfterBusinessDay('2026-01-01', always)).toThrow(/look at the calendar/);
  });

  it.each([
    ['the same hour two business days later', '2026-11-23T15:00:00Z', 2, newYork, '2026-11-25T15:00:00Z'],
    ['over Thanksgiving and a weekend', '2026-11-25T15:00:00Z', 2, newYork, '2026-11-30T15:00:00Z'],
    [
      'from the next opening after Friday evening',
      '2026-11-21T01:00:00Z',
      2,
      newYork,
      '2026-11-25T14:00:00Z',
    ],
    [
      'from the opening of the same day before it',
      '2026-11-23T10:00:00Z',
      0,
      newYork,
      '2026-11-23T14:00:00Z',
    ],
    ['the same local hour over a clock change', '2026-10-30T14:00:00Z', 1, newYork, '2026-11-02T15:00:00Z'],
    ['at the closing time from the next day', '2026-11-23T22:00:00Z', 0, newYork, '2026-11-24T14:00:00Z'],
    ['over Golden Week', '2026-05-01T02:00:00Z', 1, tokyo, '2026-05-07T02:00:00Z'],
    ['on the other side of the date line', '2026-11-24T23:30:00Z', 0, tokyo, '2026-11-25T00:00:00Z'],
    [
      'in a country without a calendar, by weekends only',
      '2026-12-24T12:00:00Z',
      1,
      calendar('Europe/Vienna', 'AT'),
      '2026-12-25T12:00:00Z',
    ],
  ])('count %s', (_, from, days, where, to) => {
    expect(addBusinessDays(from, days, where)).toBe(to);
  });

  it('refuse an unknown zone and negative days', () => {
    expect(() => addBusinessDays('2026-11-23T15:00:00Z', 1, calendar('Mars/Base', 'US'))).toThrow(RangeError);
    expect(() => addBusinessDays('2026-11-23T15:00:00Z', -1, newYork)).toThrow(RangeError);
  });

  const instants = fc
    .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 10, 1) })
    .map((at) => new Date(at).toISOString());
  const places = fc.constantFrom(
    ...handbook.people.members.map((person) => calendarOf(handbook, { businessHours: hours }, person)),
  );
  const days = fc.integer({ min: 0, max: 12 });

  it('never end on a weekend, a holiday or at night, and never before they began', () => {
    fc.assert(
      fc.property(instants, days, places, (from, count, where) => {
        const to = addBusinessDays(from, count, where);
        expect(isBusinessTime(to, where)).toBe(true);
        expect(Date.parse(to)).toBeGreaterThanOrEqual(Date.parse(from));
      }),
    );
  });

  it('keep the order of what began earlier, and more days take longer', () => {
    fc.assert(
      fc.property(instants, instants, days, places, (a, b, count, where) => {
        const [early, late] = [a, b].sort() as [string, string];
        const end = (from: string, after: number): number => Date.parse(addBusinessDays(from, after, where));
        expect(end(early, count)).toBeLessThanOrEqual(end(late, count));
        expect(end(early, count)).toBeLessThan(end(early, count + 1));
      }),
    );
  });

  it('can be counted one at a time', () => {
    fc.assert(
      fc.property(instants, days, places, (from, count, where) => {
        expect(addBusinessDays(addBusinessDays(from, count, where), 1, where)).toBe(
          addBusinessDays(from, count + 1, where),
        );
      }),
    );
  });
});
