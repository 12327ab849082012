import fc from 'fast-check';
import {
  classAt,
  freeOf,
  inTurn,
  nextServed,
  poolOf,
  rankOf,
  standingOf,
  type SeatWant,
} from '../../src/domain/seat-queue';
import { SEAT_CLASSES } from '../../src/domain/handbook';

const NOW = '2026-11-25T12:00:00.000Z';
const policy = { classes: SEAT_CLASSES, moveUpDays: 7 };
const daysAgo = (days: number): string => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();

const want = (employeeId: string, changes: Partial<SeatWant> = {}): SeatWant => ({
  request: 'sales-ops/access-requests#7',
  workflowId: 'access-request/7',
  task: 'salesforce',
  employeeId,
  class: 'convenience',
  startsOn: null,
  since: NOW,
  offeredUntil: null,
  lapses: 0,
  ...changes,
});
const order = (...wants: SeatWant[]): string[] =>
  inTurn(wants, policy, NOW).map(({ employeeId }) => employeeId);

test.each([
  ['hire', '2026-11-01', 'started'],
  ['hire', '2026-11-25', 'started'],
  ['hire', '2026-12-01', 'starting'],
  ['filed', '2026-12-01', 'starting'],
  ['filed', '2026-11-01', 'convenience'],
  ['filed', null, 'convenience'],
  ['change', '2026-12-01', 'change'],
] as const)('a want by %s of who starts on %s is of the class %s', (reason, startDate, expected) => {
  expect(classAt(standingOf(reason, startDate, NOW), NOW)).toBe(expected);
});

test('who is to start moves to the first class on the day that they start', () => {
  const standing = standingOf('hire', '2026-11-26', NOW);
  expect(classAt(standing, '2026-11-26T00:00:00.000Z')).toBe('started');
});

test('a start date reached goes before a convenience, and who came first before who came later', () => {
  expect(
    order(
      want('convenience', { since: daysAgo(6) }),
      want('change', { class: 'change', since: daysAgo(1) }),
      want('started-later', { class: 'starting', startsOn: '2026-11-20' }),
      want('started', { class: 'starting', startsOn: '2026-11-25', since: daysAgo(1) }),
      want('starting', { class: 'starting', startsOn: '2026-12-20', since: daysAgo(2) }),
    ),
  ).toEqual(['started', 'started-later', 'starting', 'change', 'convenience']);
});

test('who waits goes up a class every week, so that a convenience is served though hires keep coming', () => {
  const old = want('old', { since: daysAgo(21) });
  expect(rankOf(old, policy, NOW)).toBe(0);
  expect(order(want('new', { class: 'starting', startsOn: '2026-11-25' }), old)).toEqual(['old', 'new']);
});

test('who let an offer go by stands behind the others', () => {
  expect(order(want('gone', { lapses: 1, since: daysAgo(30) }), want('here'))).toEqual(['here', 'gone']);
});

test('a class that the policy leaves out is the last', () => {
  const short = { classes: ['convenience' as const], moveUpDays: 7 };
  expect(inTurn([want('change', { class: 'change' }), want('b')], short, NOW)[0]?.employeeId).toBe('b');
});

test('what is promised is not free; a licence without a limit always is', () => {
  expect(freeOf({ total: 10, used: 7 }, 2)).toBe(1);
  expect(freeOf({ total: 10, used: 12 }, 0)).toBe(0);
  expect(freeOf({ total: null, used: 12 }, 5)).toBe(Number.POSITIVE_INFINITY);
});

test('each licence is a pool of its own; what no licence limits has none', () => {
  expect(poolOf({ kind: 'salesforce-user' })?.key).toBe('salesforce/Salesforce');
  expect(poolOf({ kind: 'salesforce-psl', permissionSetLicense: 'Inbox', permissionSet: null })?.key).toBe(
    'salesforce/Inbox',
  );
  expect(poolOf({ kind: 'salesforce-package', namespace: 'LeanData' })?.key).toBe('salesforce/LeanData');
  expect(poolOf({ kind: 'okta-group', group: 'okta-chorus-users' })).toBeNull();
  expect(poolOf({ kind: 'person' })).toBeNull();
});

const anyWant = fc.record({
  employeeId: fc.string({ minLength: 1, maxLength: 3 }),
  class: fc.constantFrom('starting' as const, 'change' as const, 'convenience' as const),
  startsOn: fc.constantFrom(null, '2026-11-01', '2026-12-24'),
  since: fc.nat(40).map(daysAgo),
  lapses: fc.nat(2),
  offeredUntil: fc.constantFrom(null, daysAgo(1), '2026-11-25T12:10:00.000Z'),
});

test('the order is the same whatever order the rows come in; nobody is served twice, nor whom a seat is kept for', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyWant, { selector: ({ employeeId }) => employeeId, maxLength: 12 }),
      fc.nat(12),
      (some, free) => {
        const wants = some.map((one) => want(one.employeeId, one));
        const served = nextServed(wants, free, policy, NOW);
        expect(nextServed([...wants].reverse(), free, policy, NOW)).toEqual(served);
        expect(new Set(served.map(({ employeeId }) => employeeId)).size).toBe(served.length);
        const open = wants.filter(({ offeredUntil }) => offeredUntil === null || offeredUntil <= NOW);
        expect(served).toHaveLength(Math.min(free, open.length));
        for (const one of served) expect(open).toContain(one);
      },
    ),
  );
});
