import fc from 'fast-check';
import { isBusinessDay } from '../../../src/domain/calendar';
import { closeDates, periodName, type CloseDateKind } from '../../../src/domain/close/calendar';
import { periodOf } from '../../../src/domain/close/period';
import { addDays } from '../../../src/domain/dates';

const POLICY = {
  opensBusinessDays: 10,
  lockDay: 5,
  snapshotBeforeDay: 8,
  letters: { sent: 4, answered: 8, accounting: 12, committee: 14 },
  freezeDays: 14,
  overdueDay: 15,
};
const period = (key: string) => periodOf(key, `${key}-28T00:00:00Z`);
const datesOf = (key: string, holidays: readonly string[] = [], policy = POLICY) =>
  new Map(closeDates(period(key), policy, holidays).map(({ kind, date }) => [kind, date]));

test.each<[string, CloseDateKind, string]>([
  // 31 October 2026 is a Saturday: its last business day is the 30th, ten before are the 16th.
  ['2026-10', 'opens', '2026-10-16'],
  ['2026-10', 'cut_off', '2026-10-31'],
  ['2026-10', 'lock', '2026-11-05'],
  ['2026-10', 'snapshot', '2026-11-07'],
  ['2026-10', 'letters_sent', '2026-11-04'],
  // The 8th and the 14th of November 2026 are a Sunday and a Saturday.
  ['2026-10', 'letters_answered', '2026-11-06'],
  ['2026-10', 'letters_accounting', '2026-11-12'],
  ['2026-10', 'letters_committee', '2026-11-13'],
  ['2026-10', 'freeze_begins', '2026-10-17'],
  ['2026-10', 'freeze_ends', '2026-11-14'],
  ['2026-10', 'overdue_moved', '2026-11-15'],
  ['2026-12', 'lock', '2027-01-05'],
  ['2028-02', 'cut_off', '2028-02-29'],
])('%s: %s on %s', (key, kind, date) => {
  expect(datesOf(key).get(kind)).toBe(date);
});

test('a month that ends no quarter has neither letters nor a freeze', () => {
  expect([...datesOf('2026-11').keys()]).toEqual(['opens', 'cut_off', 'lock', 'snapshot', 'overdue_moved']);
});

test('a holiday moves a letter to the previous working day, and the opening to an earlier one', () => {
  const dates = datesOf('2026-10', ['2026-11-12', '2026-11-11', '2026-10-19']);
  expect(dates.get('letters_accounting')).toBe('2026-11-10');
  expect(dates.get('opens')).toBe('2026-10-15');
});

test('the lock was on the 10th, and is on the 5th: the policy in force says so', () => {
  expect(datesOf('2026-11', [], { ...POLICY, lockDay: 10 }).get('lock')).toBe('2026-12-10');
});

test.each([
  ['2026-10', 'October 2026 (FY27 Q3, ends the quarter)'],
  ['2027-01', 'January 2027 (FY27 Q4, ends the quarter)'],
  ['2027-02', 'February 2027 (FY28 Q1)'],
])('%s is called %s', (key, name) => {
  expect(periodName(period(key))).toBe(name);
});

test('whatever the month and the holidays: in order, each says its rule, and what must be a working day is one', () => {
  const months = fc
    .tuple(fc.integer({ min: 2020, max: 2040 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}`);
  fc.assert(
    fc.property(months, fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 6 }), (key, offs) => {
      const holidays = offs.map((off) => addDays(`${key}-28`, off));
      const dates = closeDates(period(key), POLICY, holidays);
      expect(dates.map(({ date }) => date)).toEqual(dates.map(({ date }) => date).sort());
      for (const { kind, date, rule } of dates) {
        expect(rule).not.toBe('');
        if (kind === 'opens' || kind.startsWith('letters')) expect(isBusinessDay(date, holidays)).toBe(true);
      }
    }),
  );
});
