import { accessAfter, type LeaverCase } from '../../src/domain/leaving';

const NOW = '2026-12-01T12:00:00.000Z';
const leaving = (change: Partial<LeaverCase>): LeaverCase => ({
  leaving: '1/0a1b2c3d',
  employeeId: '1',
  event: {
    type: 'employee.leaving',
    event_id: 'leaving-1',
    employee_id: '1',
    kind: 'voluntary',
    last_working_day: '2026-11-30',
    garden_leave_start: null,
    termination_date: null,
  },
  phase: 'taken',
  timeZero: '2026-11-30T15:00:00.000Z',
  policyVersion: '2026-01-01',
  frozenAt: '2026-11-30T15:00:01.000Z',
  takenAt: null,
  endedAt: null,
  issue: null,
  successor: null,
  ...change,
});
const ahead = { phase: 'announced', timeZero: '2026-12-31T15:00:00.000Z', frozenAt: null } as const;

test.each<[string, Partial<LeaverCase>[], string, ReturnType<typeof accessAfter>]>([
  ['never left', [], '2020-01-01', 'free'],
  ['leaves later', [ahead], '2020-01-01', 'free'],
  ['time zero has come, nothing is frozen yet', [{ ...ahead, timeZero: NOW }], '2020-01-01', 'barred'],
  ['frozen', [{ phase: 'frozen' }], '2020-01-01', 'barred'],
  ['suspended', [{ phase: 'suspended' }], '2020-01-01', 'barred'],
  ['suspended, and leaves later', [{ ...ahead, frozenAt: NOW }], '2020-01-01', 'barred'],
  ['everything is gone', [{ phase: 'ended' }], '2020-01-01', 'barred'],
  ['taken back after time zero', [{ phase: 'rescinded' }], '2020-01-01', 'given_back'],
  ['taken back before it', [{ phase: 'rescinded', frozenAt: null }], '2020-01-01', 'free'],
  ['a suspension was lifted: it gave everything back', [{ phase: 'restored' }], '2020-01-01', 'free'],
  ['came back later', [{ phase: 'watched' }], '2026-12-01', 'given_back'],
  ['taken back once, and leaves now', [{ phase: 'rescinded' }, { phase: 'taken' }], '2020-01-01', 'barred'],
  ['taken back once, and leaves later', [{ phase: 'rescinded' }, ahead], '2020-01-01', 'given_back'],
])('%s', (_what, cases, start, after) => {
  expect(accessAfter(cases.map(leaving), start, NOW)).toBe(after);
});
