import { readFrom, readInWords, type NightRead, type ReadPolicy } from '../../../src/domain/territory/read';

const POLICY: ReadPolicy = { way: 'changed', wholeEvery: 7, overlapMinutes: 30 };
const KNOWN: NightRead = { at: '2026-11-25T10:00:00.000Z', whole: '2026-11-20', columns: ['id=Id'] };
const NOW = { day: '2026-11-26', columns: ['id=Id'] };

test.each([
  ['a read is kept', {}, KNOWN, NOW, { since: '2026-11-25T09:30:00.000Z' }],
  ['the policy says whole', { way: 'whole' }, KNOWN, NOW, { why: 'policy' }],
  ['none is kept', {}, undefined, NOW, { why: 'no-night' }],
  ['a field is another', {}, KNOWN, { ...NOW, columns: ['id=Id', 'name=Name'] }, { why: 'fields' }],
  ['the last whole one is six nights old', {}, KNOWN, NOW, { since: '2026-11-25T09:30:00.000Z' }],
  ['the last whole one is seven nights old', {}, KNOWN, { ...NOW, day: '2026-11-27' }, { why: 'turn' }],
  ['there was no night for weeks', {}, KNOWN, { ...NOW, day: '2026-12-24' }, { why: 'turn' }],
] as const)('where %s, a night reads so', (_, of, known, now, expected) => {
  expect(readFrom({ ...POLICY, ...of }, known, now)).toEqual(expected);
});

test('what was read is said in words', () => {
  expect(readInWords({ way: 'whole', why: 'turn', rows: 20_000 })).toBe(
    'all 20000 accounts were read: it is the turn of a whole read',
  );
  expect(readInWords({ way: 'changed', night: '2026-11-25', rows: 12, gone: 2 })).toBe(
    '12 accounts were read that changed since the night 2026-11-25, 2 of them deleted',
  );
});
