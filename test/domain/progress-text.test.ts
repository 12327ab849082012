import type { Counts } from '../../src/domain/outcome';
import { mergeBlock, ownedBlock, peoplesText } from '../../src/domain/owned-block';
import { withCounts } from '../../src/domain/progress-text';
import { boxText } from '../../src/domain/request-text';
import { plan } from './request';

const { tasks } = plan();
const [first, second] = [tasks[0]!, tasks[1]!];
const counts = (done: number, of = 200): Counts => ({ of, done, already: 0, waiting: 0, exceptions: 0 });
const block = (...lines: readonly string[]): string => lines.join('\n');
const BOXES = block(`- [ ] ${boxText(first)}`, `- [x] ${boxText(second)}`);

/** An issue on which people wrote before and after daytwo's part. */
const issue = (owned: string): string => {
  const [before, after] = ['ours\r\n', `\n\n- [ ] ${boxText(first)}\n`];
  return `${before}${mergeBlock('', owned)}${after}`;
};
const shown = (description: string, count: Readonly<Record<string, Counts>>): string | null =>
  ownedBlock(withCounts(description, tasks, count));

test('a box for many says below how far it is, and stays as people left it', () => {
  expect(shown(issue(BOXES), { [first.id]: counts(40), [second.id]: counts(7, 9) })).toBe(
    block(`- [ ] ${boxText(first)}`, '  - 40 of 200 done', `- [x] ${boxText(second)}`, '  - 7 of 9 done'),
  );
});

test('the next counts take the place of the last, and other lines below a box stay', () => {
  const before = issue(
    block(`- [ ] ${boxText(first)}`, '  - 40 of 200 done', '  - waits for a free licence'),
  );
  expect(shown(before, { [first.id]: { ...counts(90), waiting: 2, exceptions: 1 } })).toBe(
    block(
      `- [ ] ${boxText(first)}`,
      '  - 90 of 200 done, 2 wait, 1 need a look',
      '  - waits for a free licence',
    ),
  );
});

test("what people wrote stays byte for byte, even a line like daytwo's own", () => {
  const before = issue(BOXES);
  const after = withCounts(before, tasks, { [first.id]: counts(1) });
  expect(after).not.toBe(before);
  expect(peoplesText(after)).toEqual(peoplesText(before));
});

test.each([
  ['one person has no counts', issue(BOXES), { [first.id]: counts(1, 1) }],
  ['nothing is counted', issue(BOXES), {}],
  ['the box is gone', issue('other text'), { [first.id]: counts(1) }],
  ['the marks are gone', BOXES, { [first.id]: counts(1) }],
  [
    'the counts are the same',
    issue(block(`- [ ] ${boxText(first)}`, '  - 1 of 200 done')),
    { [first.id]: counts(1) },
  ],
])('nothing is written where %s', (_, description, count) => {
  expect(withCounts(description, tasks, count)).toBe(description);
});
