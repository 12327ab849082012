import {
  isSigned,
  reopenedBy,
  signed,
  signersOf,
  unsigned,
  whyNotSigned,
  type CloseTask,
  type TaskState,
} from '../../../src/domain/close/tasks';

const task: CloseTask = {
  key: 'splits',
  title: 'Splits are 100 %',
  team: 'sales-ops',
  preparer: 'sam',
  reviewer: 'amber',
  due: { from: 'cut_off', businessDays: 1 },
  needs: [],
  quarterOnly: false,
  automatic: null,
  overRecords: false,
  overBilling: false,
  steps: [],
  shows: null,
};
const open: TaskState = {
  key: 'splits',
  dueAt: '2026-11-02T00:00:00Z',
  iid: null,
  prepared: null,
  reviewed: null,
  basis: null,
  reopened: null,
};
const by = (name: string) => ({ by: name, at: '2026-11-01T10:00:00Z', channel: 'gitlab' as const });
const prepared = signed(open, 'prepared', by('sam'), 'd1');
const done = signed(prepared, 'reviewed', by('amber'), 'd1');
const covers = (name: string): readonly string[] =>
  ({ sam: ['priya', 'amber'], amber: ['meri', 'sam'] })[name] ?? [];
const stateMap = (...states: TaskState[]) => new Map(states.map((state) => [state.key, state]));

test.each([
  ['the preparer', open, 'prepared', 'sam', null],
  ['who covers the preparer', open, 'prepared', 'priya', null],
  [
    'the reviewer, though they cover the preparer',
    open,
    'prepared',
    'amber',
    'it is signed as prepared by sam or priya',
  ],
  ['a stranger', open, 'prepared', 'mallory', 'it is signed as prepared by sam or priya'],
  ['a review before the preparation', open, 'reviewed', 'amber', 'nobody has prepared it yet'],
  ['the reviewer', prepared, 'reviewed', 'amber', null],
  ['who covers the reviewer', prepared, 'reviewed', 'meri', null],
  ['the preparer as reviewer', prepared, 'reviewed', 'sam', 'it is signed as reviewed by amber or meri'],
] as const)('%s', (_what, state, step, name, why) => {
  expect(whyNotSigned(task, stateMap(state), step, name, covers)).toBe(why);
});

test('who covers both signs one of the two alone', () => {
  const both = (): readonly string[] => ['cover'];
  const its = signed(open, 'prepared', by('cover'), null);
  expect(whyNotSigned(task, stateMap(its), 'reviewed', 'cover', both)).toBe(
    'nobody reviews what they prepared themselves',
  );
  expect(
    whyNotSigned(task, stateMap(signed(its, 'reviewed', by('amber'), null)), 'prepared', 'sam', both),
  ).toBeNull();
});

test('what it needs is signed first', () => {
  const needy = { ...task, key: 'totals', needs: ['splits'] };
  const its = { ...open, key: 'totals' };
  expect(whyNotSigned(needy, stateMap(its, prepared), 'prepared', 'sam', covers)).toBe(
    'it needs splits first',
  );
  expect(whyNotSigned(needy, stateMap(its, done), 'prepared', 'sam', covers)).toBeNull();
});

test('a task that is needed in quarters only holds up nobody in other months', () => {
  expect(whyNotSigned({ ...task, needs: ['letters'] }, stateMap(open), 'prepared', 'sam', covers)).toBeNull();
});

test('preparing anew takes the review away, and so does taking the preparation back', () => {
  expect(isSigned(done)).toBe(true);
  expect(signed(done, 'prepared', by('sam'), 'd2')).toMatchObject({ reviewed: null, basis: 'd2' });
  expect(unsigned(done, 'prepared')).toMatchObject({ prepared: null, reviewed: null, basis: null });
  expect(unsigned(done, 'reviewed')).toMatchObject({ prepared: by('sam'), reviewed: null });
});

test('a signed task whose data changed opens again and says why, until it is signed anew', () => {
  const again = reopenedBy(done, 'two opportunities changed');
  expect(isSigned(again)).toBe(false);
  expect(again.reopened).toBe('two opportunities changed');
  expect(signed(again, 'prepared', by('sam'), 'd2').reopened).toBeNull();
});

test('the preparer comes first, and nobody is named twice', () => {
  expect(signersOf(task, 'prepared', () => ['sam', 'x', 'x'])).toEqual(['sam', 'x']);
});
