import type { Booking } from '../../../src/domain/close/booking';
import { monthOf, quarterStart, periodOf } from '../../../src/domain/close/period';
import { largeDeals, listBlock, listed, reviewQueue, taskListOf } from '../../../src/domain/close/task-lists';
import { deal } from './deal';

const POLICY = { fromNetArrCents: 10_000_000, stages: ['4-Proposal', '5-Negotiating'] };
const APRIL = periodOf('2026-04', '2026-05-01T06:59:59.000Z');
const open = (id: string, changes: Partial<Booking> = {}): Booking => ({
  ...deal(),
  id,
  stage: '4-Proposal',
  netArr: 10_000_000,
  closeDate: '2026-04-30',
  ...changes,
});
const ids = (bookings: readonly Booking[]) => bookings.map(({ id }) => id);

test.each<[string, Partial<Booking>, boolean]>([
  ['of exactly the amount', {}, true],
  ['a cent below it', { netArr: 9_999_999 }, false],
  ['without net ARR', { netArr: null }, false],
  ['in an earlier stage', { stage: '3-Technical Evaluation' }, false],
  ['submitted already', { stage: '7-Closing' }, false],
  ['on the first day of the quarter', { closeDate: '2026-02-01' }, true],
  ['on the day before it', { closeDate: '2026-01-31' }, false],
  ['on the day after the quarter', { closeDate: '2026-05-01' }, false],
  ['without a close date', { closeDate: null }, false],
])('a deal %s', (_what, changes, isLarge) => {
  expect(largeDeals([open('1', changes)], APRIL, POLICY)).toHaveLength(isLarge ? 1 : 0);
});

test('the largest comes first', () => {
  const bookings = [open('b'), open('a'), open('c', { netArr: 20_000_000 })];
  expect(ids(largeDeals(bookings, APRIL, POLICY))).toEqual(['c', 'a', 'b']);
});

test('a quarter begins three months before its end, over the turn of a year too', () => {
  expect(quarterStart(monthOf('2026-04'))).toBe('2026-02-01');
  expect(quarterStart(monthOf('2026-12'))).toBe('2026-11-01');
  expect(quarterStart(monthOf('2027-01'))).toBe('2026-11-01');
});

it('reviews by start date, then revenue, then order of submission; what belongs to the next period waits there', () => {
  const waiting = (id: string, startDate: string, netArr: number, at: string): Booking => {
    const booking = deal({ stage: '7-Closing' });
    booking.submissions[0]!.at = at;
    return { ...booking, id, netArr, quote: { ...booking.quote!, startDate } };
  };
  const [a, b, c, d] = [
    waiting('a', '2026-05-01', 5, '2026-04-29T10:00:00.000Z'),
    waiting('b', '2026-05-02', 9, '2026-04-28T10:00:00.000Z'),
    waiting('c', '2026-05-02', 7, '2026-04-27T10:00:00.000Z'),
    waiting('d', '2026-05-02', 7, '2026-04-27T11:00:00.000Z'),
  ];
  const next = { ...waiting('e', '2026-05-02', 7, '2026-05-02T11:00:00.000Z'), closeDate: '2026-05-02' };
  expect(ids(reviewQueue([d, c, next, deal(), b, a], APRIL))).toEqual(['a', 'b', 'c', 'd']);
});

test('an issue shows fifty, says how many more there are, and shows text from outside as text', () => {
  const hostile = open('x|`', { route: '](http://evil) <img src=x> | a', quote: null, account: null });
  const deals = [hostile, ...Array.from({ length: 59 }, (_, at) => open(`${at}`))].map(listed);
  const text = listBlock(taskListOf(deals), 'large-deals', '2026-04');
  expect(text).toContain('60 at the last look, $6,000,000.00 net ARR.');
  expect(text).toContain('… and 10 more: `daytwo close findings 2026-04 --list large-deals --csv`.');
  expect(text).not.toMatch(/(?<!\\)<img/);
  expect(text).not.toMatch(/(?<!\\)\]\(/);
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  expect(new Set(rows.map((row) => row.replace(/\\\|/g, '').split('|').length))).toEqual(new Set([12]));
  expect(listBlock(taskListOf([]), 'queue', '2026-04')).toContain('None at the last look.');
});
