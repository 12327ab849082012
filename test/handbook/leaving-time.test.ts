import fc from 'fast-check';
import type { LeavingEvent } from '../../src/domain/hr-event';
import { localTime, type BusinessCalendar } from '../../src/handbook/business-time';
import { remindersOf, removalDueAt, timeZeroOf } from '../../src/handbook/leaving-time';

const leaving = (change: Partial<LeavingEvent> = {}): LeavingEvent => ({
  type: 'employee.leaving',
  event_id: 'e1',
  employee_id: '104711',
  kind: 'voluntary',
  last_working_day: '2026-11-27',
  garden_leave_start: null,
  termination_date: null,
  ...change,
});
const at = (zone: string, country = 'DE', holidays: readonly string[] = []): BusinessCalendar => ({
  zone,
  country,
  holidays: { [country]: holidays },
  hours: { from: '09:00', to: '17:00' },
});
const FOUR = { kickOff: ['16:00', '16:00', '16:00', '16:00', '16:00'], dayOff: 'before' as const };
const EARLY_FRIDAY = { ...FOUR, kickOff: ['16:00', '16:00', '16:00', '16:00', '12:00'] };
const berlin = at('Europe/Berlin');

describe('time zero is the kick-off hour of the last day, where the person is', () => {
  test.each([
    ['a Friday at four', leaving(), FOUR, berlin, '2026-11-27T15:00:00Z'],
    ['a Friday at noon, as it was until 2022', leaving(), EARLY_FRIDAY, berlin, '2026-11-27T11:00:00Z'],
    [
      'a Thursday keeps its hour then',
      leaving({ last_working_day: '2026-11-26' }),
      EARLY_FRIDAY,
      berlin,
      '2026-11-26T15:00:00Z',
    ],
    ['across the date line', leaving(), FOUR, at('Pacific/Auckland', 'NZ'), '2026-11-27T03:00:00Z'],
    ['in California', leaving(), FOUR, at('America/Los_Angeles', 'US'), '2026-11-28T00:00:00Z'],
    ['in summer time', leaving({ last_working_day: '2026-07-03' }), FOUR, berlin, '2026-07-03T14:00:00Z'],
    [
      'garden leave comes first',
      leaving({ garden_leave_start: '2026-11-20' }),
      FOUR,
      berlin,
      '2026-11-20T15:00:00Z',
    ],
    [
      'the payroll end does not count',
      leaving({ termination_date: '2026-12-31' }),
      FOUR,
      berlin,
      '2026-11-27T15:00:00Z',
    ],
    [
      'a Saturday: the Friday before',
      leaving({ last_working_day: '2026-11-28' }),
      FOUR,
      berlin,
      '2026-11-27T15:00:00Z',
    ],
    [
      'a Saturday: the Monday after',
      leaving({ last_working_day: '2026-11-28' }),
      { ...FOUR, dayOff: 'after' as const },
      berlin,
      '2026-11-30T15:00:00Z',
    ],
    [
      'a Sunday itself has Friday’s hour',
      leaving({ last_working_day: '2026-11-29' }),
      { ...EARLY_FRIDAY, dayOff: 'same' as const },
      berlin,
      '2026-11-29T11:00:00Z',
    ],
    [
      'a holiday: the day before',
      leaving({ last_working_day: '2026-12-25' }),
      FOUR,
      at('Europe/Berlin', 'DE', ['2026-12-25']),
      '2026-12-24T15:00:00Z',
    ],
    [
      'a holiday elsewhere is none here',
      leaving({ last_working_day: '2026-12-25' }),
      FOUR,
      at('Europe/Berlin', 'JP', []),
      '2026-12-25T15:00:00Z',
    ],
    [
      'a suspension begins with its day',
      leaving({ kind: 'suspension' }),
      FOUR,
      berlin,
      '2026-11-26T23:00:00Z',
    ],
  ])('%s', (_what, event, policy, calendar, expected) => {
    expect(Date.parse(timeZeroOf(event, policy, calendar))).toBe(Date.parse(expected));
  });

  test('never after the last day where it is moved before, never before it where it is moved after', () => {
    const day = fc
      .integer({ min: 0, max: 3_000 })
      .map((days) => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
    const zone = fc.constantFrom('Europe/Berlin', 'Pacific/Auckland', 'America/Los_Angeles', 'Asia/Kolkata');
    fc.assert(
      fc.property(day, zone, fc.array(day, { maxLength: 30 }), (last, where, off) => {
        const calendar = at(where, 'DE', off);
        const dateOf = (dayOff: 'before' | 'after') =>
          localTime(timeZeroOf(leaving({ last_working_day: last }), { ...FOUR, dayOff }, calendar), where)
            .date;
        expect(dateOf('before') <= last).toBe(true);
        expect(dateOf('after') >= last).toBe(true);
        expect(off).not.toContain(dateOf('before'));
        expect(off).not.toContain(dateOf('after'));
      }),
    );
  });
});

describe('by when access is gone', () => {
  const friday = '2026-11-27T15:00:00Z';
  test.each([
    ['critical: within 24 hours, whatever the day', 1, '2026-11-28T15:00:00Z'],
    ['at once', 0, '2026-11-27T15:00:00Z'],
    ['all else: five business days', 5, '2026-12-04T15:00:00Z'],
  ])('%s', (_what, days, due) => {
    expect(Date.parse(removalDueAt(friday, days, berlin))).toBe(Date.parse(due));
  });

  test('reminders: 24 hours, three and five business days, without the holidays there', () => {
    const remind = { deprovisionersHours: 24, teamBusinessDays: 3, ownerBusinessDays: 5 };
    const holidays = at('Europe/Berlin', 'DE', ['2026-12-01']);
    expect(remindersOf(friday, remind, holidays).map((one) => Date.parse(one))).toEqual(
      ['2026-11-28T15:00:00Z', '2026-12-03T15:00:00Z', '2026-12-07T15:00:00Z'].map((one) => Date.parse(one)),
    );
  });
});
