import {
  isLapsed,
  isMovable,
  overdueTo,
  whyNotDecided,
  type OverdueMove,
} from '../../../src/domain/close/overdue';

const move: OverdueMove = {
  plannedAt: '2026-11-15T08:00:00.000Z',
  digest: 'abc',
  records: 2,
  totalCents: 1,
  to: '2026-11-30',
  issue: null,
  state: 'planned',
  decided: null,
  done: null,
};

test.each([
  ['2026-10-31', '4-Proposal', true],
  ['2026-11-01', '4-Proposal', false],
  ['2026-10-31', '7-Closing', false],
])('on 15 November, one of %s in %s is moved: %p', (closeDate, stage, expected) => {
  expect(isMovable({ closeDate, stage }, '2026-11-15')).toBe(expected);
});

test.each([
  ['2026-11-15', 'end_of_month', '2026-11-30'],
  ['2026-11-15', 'end_of_quarter', '2027-01-31'],
  ['2027-02-15', 'end_of_month', '2027-02-28'],
] as const)('on %s by %s it becomes %s', (today, moveTo, to) => {
  expect(overdueTo(today, { moveTo })).toBe(to);
});

test.each([
  ['whom policy names', move, 'amber', 'cli', null],
  ['another', move, 'omar', 'cli', 'it is decided by amber or sam'],
  ['who prepared the list', move, 'sam', 'cli', 'who prepared the list does not approve it'],
  ['another channel', move, 'amber', 'signal', 'it counts only over cli, gitlab'],
  ['of what is done', { ...move, state: 'moved' }, 'amber', 'cli', 'the plan is moved already'],
] as const)('decided by %s', (_name, of, by, channel, why) => {
  expect(whyNotDecided(of, by, channel, ['sam'], { approvedBy: ['amber', 'sam'] }, ['cli', 'gitlab'])).toBe(
    why,
  );
});

test.each([
  ['2026-11-22T07:59:59.000Z', false],
  ['2026-11-22T08:00:00.000Z', true],
])('seven days on, at %s, it is dropped: %p', (now, expected) => {
  expect(isLapsed(move, now, { waitDays: 7 })).toBe(expected);
  expect(isLapsed({ ...move, state: 'approved' }, now, { waitDays: 7 })).toBe(false);
});
