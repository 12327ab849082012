import fc from 'fast-check';
import { changesBetween, lineOf, totalCents, type ClosedRecord } from '../../../src/domain/close/records';

const record = (id: string, change: Partial<ClosedRecord> = {}): ClosedRecord => ({
  id,
  stage: 'Closed Won',
  amountCents: 100_00,
  closeDate: '2026-10-31',
  ownerId: 'u1',
  accountId: 'a1',
  type: 'Renewal',
  changedBy: 'u9',
  changedAt: '2026-11-06T00:00:00Z',
  ...change,
});

test('what changed, came and went is named, with who did it and when', () => {
  const before = [record('1'), record('2'), record('3')];
  const after = [record('1'), record('2', { amountCents: 90_00, changedBy: 'admin' }), record('4')];
  expect(changesBetween(before, after)).toEqual([
    {
      id: '2',
      kind: 'changed',
      fields: [{ field: 'amountCents', from: 100_00, to: 90_00 }],
      by: 'admin',
      at: '2026-11-06T00:00:00Z',
    },
    { id: '3', kind: 'gone', fields: [], by: null, at: null },
    { id: '4', kind: 'added', fields: [], by: 'u9', at: '2026-11-06T00:00:00Z' },
  ]);
});

test('a record that was saved again and is the same has not changed', () => {
  expect(changesBetween([record('1')], [record('1', { changedBy: 'x', changedAt: 'later' })])).toEqual([]);
  expect(lineOf(record('1'))).toBe(lineOf(record('1', { changedBy: 'x' })));
});

const records = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 30 }).map(String),
    stage: fc.constantFrom('Closed Won', '8-Closed Lost'),
    amountCents: fc.option(fc.integer()),
  }),
  { selector: ({ id }) => id, maxLength: 20 },
);

test('nothing changed exactly where every line is the same, in whatever order they were read', () => {
  fc.assert(
    fc.property(records, records, (some, others) => {
      const [before, after] = [some, others].map((list) => list.map((one) => record(one.id, one)));
      const lines = (list: readonly ClosedRecord[] = []) => list.map(lineOf).sort().join('\n');
      const changes = changesBetween(before ?? [], after ?? []);
      expect(changes.length === 0).toBe(lines(before) === lines(after));
      expect(changesBetween([...(before ?? [])].reverse(), after ?? [])).toEqual(changes);
    }),
  );
});

test('amounts are counted in cents; none is nothing', () => {
  expect(totalCents([record('1'), record('2', { amountCents: null }), record('3', { amountCents: 1 })])).toBe(
    100_01,
  );
});
