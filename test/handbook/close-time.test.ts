import fc from 'fast-check';
import { join } from 'node:path';
import { readHandbook } from '../../src/handbook';
import { nextNight, planClose } from '../../src/handbook/close-time';

const handbook = readHandbook(join(__dirname, '..', '..', 'config'));
const [policy] = handbook.policies;
if (!policy) throw new Error('the sample has no policy');

test.each([
  // Summer time in Los Angeles ends on 1 November 2026, in the night after this cut-off.
  ['2026-10', '2026-11-01T06:59:59.000Z'],
  ['2026-11', '2026-12-01T07:59:59.000Z'],
])('the cut-off of %s is the last second of its last day in Los Angeles', (key, at) => {
  const plan = planClose(handbook, key);
  expect(plan.period.cutOff).toBe(at);
  expect(plan.dates.find(({ kind }) => kind === 'cut_off')?.at).toBe(at);
});

test('a close keeps the policy of the day on which it opens, whatever comes in force later', () => {
  const later = {
    ...policy,
    effectiveFrom: '2026-11-20',
    close: { ...policy.close, dates: { ...policy.close.dates, lockDay: 3 } },
  };
  const both = { ...handbook, policies: [policy, later] };
  const lockOf = (key: string) => planClose(both, key).dates.find(({ kind }) => kind === 'lock')?.date;
  // November opens on the 13th, before the new version; December afterwards.
  expect(lockOf('2026-11')).toBe('2026-12-05');
  expect(lockOf('2026-12')).toBe('2027-01-03');
});

test('what a task needs is due no later than it, in any month of the sample', () => {
  for (let year = 2026; year <= 2030; year++)
    for (let month = 1; month <= 12; month++) {
      const { tasks } = planClose(handbook, `${year}-${String(month).padStart(2, '0')}`);
      const due = new Map(tasks.map(({ task, dueAt }) => [task.key, dueAt]));
      for (const { task, dueAt } of tasks)
        for (const needed of task.needs)
          expect([task.key, (due.get(needed) ?? '') <= dueAt]).toEqual([task.key, true]);
    }
});

test('letters are a task of quarters alone', () => {
  const keys = (key: string) => planClose(handbook, key).tasks.map(({ task }) => task.key);
  expect(keys('2026-10')).toContain('representation-letters');
  expect(keys('2026-11')).not.toContain('representation-letters');
});

test('the next night comes within a day, also where clocks change', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
      (now) => {
        const at = Date.parse(nextNight(now.toISOString(), policy.close));
        expect(at).toBeGreaterThan(now.getTime());
        expect(at - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
      },
    ),
  );
});
