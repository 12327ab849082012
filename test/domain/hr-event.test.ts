import { applyChange, isCalendarDate, type PersonFacts } from '../../src/domain/hr-event';

test.each([
  ['2026-11-23', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-1-2', false],
  ['2026-11-23T00:00:00Z', false],
  ['+002026-11-23', false],
  ['', false],
])('whether %j is a day of the calendar: %j', (text, expected) => {
  expect(isCalendarDate(text)).toBe(expected);
});

test('a change replaces what it names, null included, and leaves the rest', () => {
  const facts: PersonFacts = {
    email: 'ada@example.com',
    name: 'Ada Example',
    title: 'Account Executive',
    specialty: 'Public Sector',
    department: 'Enterprise Sales',
    division: 'Sales',
    entity: 'Inc',
    country: 'US',
    region: 'Americas',
    time_zone: 'America/New_York',
    manager_email: 'grace@example.com',
    start_date: '2026-11-23',
  };
  const changed = applyChange(facts, {
    event_id: 'e2',
    type: 'employee.changed',
    employee_id: '104711',
    start_date: '2026-12-01',
    specialty: null,
  });
  expect(changed).toEqual({ ...facts, start_date: '2026-12-01', specialty: null });
});
