import { countsOfStatuses, wholeOf } from '../../src/domain/crowd';
import type { Outcome } from '../../src/domain/outcome';

const granted: Outcome = { kind: 'granted', verified: true, detail: 'role User' };
const already: Outcome = { kind: 'already', verified: true };
const seat: Outcome = { kind: 'waiting_for_seat', licence: 'Inbox' };
const away = (retryAfterSeconds?: number): Outcome => ({
  kind: 'waiting_for_system',
  system: 'okta',
  code: '503',
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
});
const stuck: Outcome = {
  kind: 'needs_person',
  problem: 'the name ada@example.com is taken',
  mend: 'Free it.',
};
const gone: Outcome = { kind: 'revoked', verified: true };
const nothing: Outcome = { kind: 'not_applicable', reason: 'has no account' };

describe('what comes next for a task of many people', () => {
  test.each<[string, readonly Outcome[], object | null]>([
    ['all were granted', [granted, granted], granted],
    ['some were there before', [already, granted], { kind: 'granted', verified: true }],
    ['all were there before', [already, already], { kind: 'already' }],
    ['one waits for a seat', [granted, seat, stuck], seat],
    ['the system was away for one', [granted, seat, away(), away(30), away(5), stuck], away(30)],
    [
      'one can not be served',
      [granted, stuck, granted],
      { kind: 'needs_person', problem: '1 of 3 need a look' },
    ],
    ['all are gone', [gone, nothing], { kind: 'revoked', verified: true }],
    ['nobody had it', [nothing, nothing], { kind: 'not_applicable' }],
    ['nobody takes part', [], { kind: 'not_applicable', reason: 'nobody takes part' }],
  ])('%s', (_what, outcomes, expected) => {
    expect(wholeOf(outcomes, outcomes.length, 0)).toMatchObject(expected ?? {});
  });

  test('some were not tried, since what comes before did not come about: it stays open', () => {
    expect(wholeOf([granted], 2, 0)).toBeNull();
  });

  test('some are held up by another batch', () => {
    expect(wholeOf([granted], 1200, 1199)).toMatchObject({
      problem: '1,199 of 1,200 wait for another task first',
    });
    expect(wholeOf([granted, stuck], 3, 1)).toMatchObject({
      problem: '1 of 3 need a look; 1 of 3 wait for another task first',
    });
  });

  test('nobody is named', () => {
    expect(JSON.stringify(wholeOf([stuck, stuck], 2, 0))).not.toContain('ada');
  });
});

test('a status counts for what it is, where access is given and where it is taken', () => {
  const statuses = new Map([
    ['granted', 4],
    ['already', 2],
    ['waiting_for_seat', 1],
    ['waiting_for_system', 1],
    ['needs_person', 1],
    ['revoked', 3],
    ['not_applicable', 2],
  ]);
  expect(countsOfStatuses(statuses, 20, false)).toEqual({
    of: 20,
    done: 6,
    already: 2,
    waiting: 2,
    exceptions: 1,
  });
  expect(countsOfStatuses(statuses, 20, true)).toEqual({
    of: 20,
    done: 5,
    already: 2,
    waiting: 2,
    exceptions: 1,
  });
});
