import fc from 'fast-check';
import { scaleTo, stackedBars, timeSpans } from '../../../../src/domain/close/report/charts';
import { median, mendedWithin } from '../../../../src/domain/close/report/figures';

const heights = (svg: string): readonly number[] =>
  [...svg.matchAll(/<rect class="c\d" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"/g)].map(
    (found) => Number(found[1]),
  );

test('an axis goes in round steps, of which there are few, to no less than the largest value', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), (most) => {
      const { top, step } = scaleTo(most);
      expect(top).toBeGreaterThanOrEqual(most);
      expect(top / step).toBeLessThanOrEqual(5.5);
      expect(`${step}`).toMatch(/^[125]0*$/);
    }),
  );
});

test('the parts of a bar are as high as their values, and what is nothing has no part', () => {
  const { text } = stackedBars(
    't',
    ['a', 'b'],
    [
      { name: 'x', values: [10, 0] },
      { name: 'y', values: [20, 30] },
    ],
  );
  const [ten = 0, twenty = 0, thirty = 0, ...more] = heights(text.replace(/<ul[\s\S]*/, ''));
  expect(more).toEqual([]);
  expect((twenty + 0.5) / (ten + 0.5)).toBeCloseTo(2, 1);
  expect((thirty + 0.5) / (ten + 0.5)).toBeCloseTo(3, 1);
});

test('a chart of nothing is a chart', () => {
  expect(stackedBars('t', [], []).text).toContain('<svg');
  expect(stackedBars('t', ['a'], [{ name: 'x', values: [0] }]).text).not.toMatch(/NaN|Infinity/);
  expect(
    timeSpans('t', [{ label: 'a', spans: [{ from: 5, to: 5, kind: 0, words: 'w' }] }], ['k'], []).text,
  ).not.toMatch(/NaN|Infinity/);
});

test.each([
  [[], null],
  [[3], 3],
  [[5, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
])('the median of %j is %p', (numbers, expected) => {
  expect(median(numbers)).toBe(expected);
});

test('days to mend fall into exactly one span each', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(400)), (days) => {
      const counts = mendedWithin(days).map(({ count }) => count);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(days.length);
    }),
  );
  expect(mendedWithin([0, 3, 4, 7, 8, 15]).map(({ count }) => count)).toEqual([1, 0, 0, 1, 2, 1, 1]);
});
