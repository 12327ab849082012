import type { DeskMessage } from '../../src/domain/desk-acts';
import { CALL_BOX, judgeLeaver, type LeaverReading, type LeaverRules } from '../../src/domain/leaver-desk';
import { leaverBlock, leaverMarkOf, type LeaverReaders } from '../../src/domain/leaver-text';
import type { LeaverCase, LeaverItem } from '../../src/domain/leaving';
import { boxesOf } from '../../src/domain/task-list';
import { handbook } from './request';

const [policy] = handbook.policies;
if (!policy) throw new Error('no policy');
const rules: LeaverRules = {
  systems: handbook.systems,
  people: handbook.people,
  policy,
  leaver: 'sam-ops',
  callers: ['dana-manager'],
};
const one = (change: Partial<LeaverCase> = {}): LeaverCase => ({
  leaving: '104711/0a1b2c3d',
  employeeId: '104711',
  event: {
    type: 'employee.leaving',
    event_id: 'e1',
    employee_id: '104711',
    kind: 'voluntary',
    last_working_day: '2026-11-27',
    garden_leave_start: null,
    termination_date: null,
  },
  phase: 'taken',
  timeZero: '2026-11-27T15:00:00.000Z',
  policyVersion: policy.effectiveFrom,
  frozenAt: '2026-11-27T15:00:01.000Z',
  takenAt: '2026-11-27T15:01:00.000Z',
  endedAt: null,
  issue: null,
  successor: null,
  ...change,
});
const item = (change: Partial<LeaverItem> = {}): LeaverItem => ({
  id: 'clari',
  kind: 'system',
  system: 'clari',
  text: '',
  status: 'open',
  found: [],
  how: null,
  by: null,
  at: null,
  dueAt: '2026-12-04T15:00:00.000Z',
  reminded: 0,
  problem: null,
  ...change,
});
const readers: LeaverReaders = {
  name: '</details>@all /close',
  email: 'x@daytwo.example',
  timeZero: '2026-11-27 16:00, Europe/Berlin',
  rules,
  records: [],
};

/** The issue as it shows these items, with boxes ticked by people in this order. */
function ticked(
  items: readonly LeaverItem[],
  ticks: readonly [string, string, boolean?][],
  its = one(),
): LeaverReading {
  let description = leaverBlock(its, items, readers);
  const notes = ticks.map(([by, text, on = true], at) => {
    description = description
      .split('\n')
      .map((line) => (line.includes(`] ${text}`) ? line.replace(/\[.\]/, on ? '[x]' : '[ ]') : line))
      .join('\n');
    return {
      id: at + 1,
      body: `marked the checklist item **${text}** as ${on ? 'completed' : 'incomplete'}`,
      author: by,
      at: `2026-11-28T10:00:0${at}.000Z`,
      system: true,
    };
  });
  return { description, notes, bot: 'daytwo-bot' };
}
const said = (change: Partial<DeskMessage>): DeskMessage => ({
  id: 'm1',
  kind: 'complete',
  by: 'priya-ops',
  channel: 'cli',
  at: '2026-11-28T10:00:00.000Z',
  task: 'clari',
  ...change,
});
const GONE = 'Access Deprovisioned - Clari';
const NONE = 'Not Applicable to Team Member - Clari';

describe('every system line is ticked: revoked, or checked and had no access', () => {
  test.each([
    [GONE, 'revoked'],
    [NONE, 'not_applicable'],
  ])('%s, by a deprovisioner: attested', (text, status) => {
    const verdict = judgeLeaver(one(), [item()], ticked([item()], [['priya-ops', text]]), [], rules);
    expect(verdict.items).toMatchObject([{ status, how: 'attested', by: 'priya-ops' }]);
    expect(verdict.changed).toMatchObject([{ by: 'priya-ops', channel: 'gitlab' }]);
    expect(verdict.putBacks).toEqual([]);
  });

  test.each([
    ['a stranger', 'eva-manager', 'clari', 'settled by its deprovisioners'],
    ['the leaver, though on the team', 'sam-ops', 'clari', 'nobody says of themself'],
  ])('%s is put back with the reason, and nothing is settled', (_who, by, id, why) => {
    const verdict = judgeLeaver(one(), [item({ id })], ticked([item({ id })], [[by, GONE]]), [], rules);
    expect(verdict.items).toMatchObject([{ status: 'open', how: null }]);
    expect(verdict.putBacks).toMatchObject([{ by, what: `"${GONE}"`, why: expect.stringContaining(why) }]);
    expect(verdict.putBacks[0]?.who).not.toContain('sam-ops');
  });

  test('a box that nobody ticked is no act: a text that came so is written anew', () => {
    const reading = { ...ticked([item()], [['priya-ops', GONE]]), notes: [] };
    const verdict = judgeLeaver(one(), [item()], reading, [], rules);
    expect(verdict).toMatchObject({ changed: [], putBacks: [], items: [{ status: 'open' }] });
  });

  test('unticked again by a deprovisioner, it is open again; by a stranger, it is put back', () => {
    const gone = item({
      status: 'revoked',
      how: 'attested',
      by: 'priya-ops',
      at: '2026-11-28T10:00:00.000Z',
    });
    const again = judgeLeaver(one(), [gone], ticked([gone], [['jonas-ops', GONE, false]]), [], rules);
    expect(again.items).toMatchObject([{ status: 'open', how: null }]);
    const not = judgeLeaver(one(), [gone], ticked([gone], [['eva-manager', GONE, false]]), [], rules);
    expect(not.items).toMatchObject([{ status: 'revoked' }]);
    expect(not.putBacks).toHaveLength(1);
  });

  test('what daytwo read back itself is opened by nobody', () => {
    const gone = item({ status: 'revoked', how: 'verified', by: 'daytwo', at: '2026-11-28T10:00:00.000Z' });
    const verdict = judgeLeaver(one(), [gone], ticked([gone], [['priya-ops', GONE, false]]), [], rules);
    expect(verdict.items).toMatchObject([{ status: 'revoked', how: 'verified' }]);
    expect(verdict.putBacks).toMatchObject([{ why: expect.stringContaining('read it back') }]);
  });

  test('a SOX system counts only where the person signed in', () => {
    const sox = item({ id: 'xactly-incent', system: 'xactly-incent' });
    const by = 'carla-comp';
    const message = said({ by, task: 'xactly-incent', channel: 'signal' });
    const told = judgeLeaver(one(), [sox], null, [message], rules);
    expect(told.answers['m1']).toContain('this is a SOX system');
    const box = ticked([sox], [[by, 'Access Deprovisioned - Xactly Incent']]);
    expect(judgeLeaver(one(), [sox], box, [], rules).items).toMatchObject([{ status: 'revoked' }]);
  });

  test.each([
    ['revoked', undefined, 'revoked'],
    ['had none', 'not_applicable', 'not_applicable'],
  ])('by the command: %s', (_what, reason, status) => {
    const verdict = judgeLeaver(one(), [item()], null, [said({ reason })], rules);
    expect(verdict.answers).toEqual({ m1: null });
    expect(verdict.items).toMatchObject([{ status, how: 'attested', by: 'priya-ops' }]);
  });

  test('a task that is none is answered with those that are open', () => {
    const verdict = judgeLeaver(one(), [item()], null, [said({ task: 'clarity' })], rules);
    expect(verdict.answers['m1']).toContain('open are clari');
  });
});

describe('the call with somebody who is dismissed', () => {
  const dismissed = one({
    phase: 'announced',
    frozenAt: null,
    takenAt: null,
    event: { ...one().event, kind: 'involuntary' },
  });

  test('its box is there before time zero, and the manager ticks it', () => {
    const verdict = judgeLeaver(
      dismissed,
      [],
      ticked([], [['dana-manager', CALL_BOX]], dismissed),
      [],
      rules,
    );
    expect(verdict.callStarted).toMatchObject({ by: 'dana-manager' });
  });

  test('nobody else', () => {
    const verdict = judgeLeaver(dismissed, [], ticked([], [['priya-ops', CALL_BOX]], dismissed), [], rules);
    expect(verdict.callStarted).toBeNull();
    expect(verdict.putBacks).toMatchObject([{ by: 'priya-ops', who: ['dana-manager'] }]);
  });

  test('somebody who leaves by themself has no such box', () => {
    expect(leaverBlock(one({ phase: 'announced' }), [], readers)).not.toContain(CALL_BOX);
  });
});

describe('the issue', () => {
  test('a name from outside is inert: one box for each meaning, and no mention, quick action or markup', () => {
    const text = leaverBlock(one(), [item(), item({ id: 'datafox', system: 'datafox' })], readers);
    expect(boxesOf(text).map((box) => box.text)).toEqual([
      GONE,
      NONE,
      'Access Deprovisioned - DataFox',
      'Not Applicable to Team Member - DataFox',
    ]);
    expect(text).not.toContain('@all');
    expect(text).not.toMatch(/^\/close/m);
    expect(text).not.toContain('</details>@');
  });

  test('it says whose leaving it is, also for an id with dashes', () => {
    const text = leaverBlock(one({ leaving: 'A-1.b/0a1b2c3d', employeeId: 'A-1.b' }), [], readers);
    expect(leaverMarkOf(text)).toBe('A-1.b');
    expect(leaverMarkOf('daytwo:leaver:1:0a1b2c3d:end')).toBeNull();
  });

  test('what nobody ever asked for is marked', () => {
    const found = {
      connection: 'okta',
      accountId: '00u1',
      state: 'active',
      by: 'email',
      shows: ['okta-chorus-users'],
      lastSignInAt: null,
      asked: false,
    } as const;
    expect(leaverBlock(one(), [item({ found: [found] })], readers)).toContain('**nobody ever asked for it**');
  });
});
