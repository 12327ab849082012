import type { DeskMessage } from '../../../src/domain/desk-acts';
import { mergeBlock } from '../../../src/domain/owned-block';
import { byRun, editedSince, isRunId, nextRunId, runAt } from '../../../src/domain/territory/run';
import { judgeRun, mayApproveRun, type RunRules } from '../../../src/domain/territory/run-desk';
import { runBlock, runMarkOf, shownPlan } from '../../../src/domain/territory/run-text';
import { aboveThreshold } from '../../../src/domain/territory/threshold';
import { rulesOfRun } from '../../../src/domain/territory/handbook';
import { RULES } from './account-of';
import { asked, FIGURES, runOf } from './run-sample';

const rules: RunRules = {
  approvedBy: ['amber', 'meri', 'vera-vp'],
  channels: ['gitlab', 'console'],
  editors: ['meri'],
};
const say = (kind: DeskMessage['kind'], by: string, of: Partial<DeskMessage> = {}): DeskMessage => ({
  id: '1',
  kind,
  by,
  channel: 'console',
  at: '2026-11-26T11:00:00.000Z',
  reason: 'looked at it',
  ...of,
});
const judged = (run = asked(), ...messages: DeskMessage[]) => judgeRun(run, null, messages, rules);

describe('the threshold', () => {
  const threshold = { accounts: 500, carrCents: 1_000_000_00 };
  test.each([
    [{ touched: 500 }, 0],
    [{ touched: 501 }, 1],
    [{ carrCents: 1_000_000_00 }, 0],
    [{ carrCents: 1_000_000_01 }, 1],
    [{ touched: 5_000, carrCents: 9_000_000_00 }, 2],
  ])('%j: %d reasons to ask', (of, reasons) => {
    expect(aboveThreshold({ ...FIGURES, ...of }, threshold)).toHaveLength(reasons);
  });
});

describe('who decides on a run', () => {
  test.each([
    ['approve', 'amber', null],
    ['approve', 'meri', 'edited the tables'],
    ['approve', 'sam-ops', 'policy lets others'],
    ['reject', 'meri', null],
    ['reject', 'sam-ops', 'policy lets others'],
    ['cancel', 'daytwo', null],
    ['cancel', 'amber', 'only who began it'],
    ['hold', 'amber', 'is approved, rejected, or cancelled'],
  ] as const)('%s by %s: %s', (kind, by, why) => {
    const { answers, run } = judged(asked(), say(kind, by));
    if (why === null) expect(answers['1']).toBeNull();
    else expect(answers['1']).toContain(why);
    expect(run.phase === 'asked').toBe(why !== null);
  });

  test('never who began it, nor over a channel that does not count', () => {
    expect(judged(asked({ by: 'amber' }), say('approve', 'amber')).run.phase).toBe('asked');
    expect(judged(asked(), say('approve', 'amber', { channel: 'cli' })).answers['1']).toContain('gitlab');
    expect(mayApproveRun(asked({ by: 'amber' }), rules)).toEqual(['vera-vp']);
  });

  test('the same decision judged again is the same; another one comes too late', () => {
    const once = judged(asked(), say('approve', 'amber'));
    expect(judged(once.run, say('approve', 'amber'))).toMatchObject({ run: once.run, answers: { 1: null } });
    expect(judged(once.run, say('reject', 'vera-vp')).answers['1']).toContain('already');
  });

  test('a ticked box counts where the issue shows what is planned, and is put back where it does not', () => {
    const run = asked();
    const shown = mergeBlock('', runBlock(run, ['amber']));
    const ticked = shown.replace('[ ] Approve', '[x] Approve');
    const note = { id: 7, author: 'amber', at: '2026-11-26T11:00:00Z', system: true, body: 'marked the checklist item **Approve** as completed' }; // prettier-ignore
    const read = (description: string) =>
      judgeRun(run, { description, notes: [note], bot: 'bot' }, [], rules);
    expect(read(ticked).run).toMatchObject({
      phase: 'approved',
      decided: { by: 'amber', channel: 'gitlab' },
    });
    const edited = read(ticked.replace('990 stay', '999 stay'));
    expect(edited.run.phase).toBe('asked');
    expect(edited.putBacks).toMatchObject([{ key: 'tick/7', by: 'amber' }]);
    // What is planned, where nobody reads it, with another plan shown.
    const hidden = ticked
      .replace('## What it would do', `<!--\n${shownPlan(run)}\n-->\n## What it would do`)
      .replace(/990 stay(?!.*990 stay)/s, '999 stay');
    expect(hidden).toContain(shownPlan(run));
    expect(read(hidden).run.phase).toBe('asked');
  });
});

test('nobody decides: over at its time, and not before', () => {
  expect(runAt(asked(), '2026-11-27T05:59:59.000Z').phase).toBe('asked');
  expect(runAt(asked(), '2026-11-27T06:00:00.000Z').phase).toBe('expired');
  expect(runAt(runOf(), '2026-12-27T06:00:00.000Z').phase).toBe('approved');
});

test('text from outside stays text on the issue, and the issue is known by its mark', () => {
  const block = runBlock(asked({ undoes: null }), ['amber']);
  expect(block).not.toContain('<b>');
  expect(shownPlan(asked())).toContain('MM-EMEA');
  expect(runMarkOf(block)).toBe('2026-11-26');
  expect(runMarkOf(runBlock(asked({ id: '2026-11-26.2/rollback', undoes: '2026-11-26.2' }), []))).toBe(
    '2026-11-26.2/rollback',
  );
});

test('a second run of a day has a number', () => {
  expect(nextRunId('2026-11-26', ['2026-11-25'])).toBe('2026-11-26');
  expect(nextRunId('2026-11-26', ['2026-11-26', '2026-11-26/rollback'])).toBe('2026-11-26.2');
  expect(isRunId('2026-11-26.2')).toBe(true);
  expect(isRunId('2026-11-26/rollback')).toBe(false);
});

describe('since when edits of the tables count', () => {
  const after = (rulesVersion: string, tablesAt: string | null) => ({ rulesVersion, tablesAt });
  test.each([
    ['no run was written', [], null],
    ['the last one', [after('b', '9'), after('b', '8')], '9'],
    ['the last one says no commit', [after('b', null), after('b', '8')], null],
    [
      'a version that comes into force: since the first by the version before',
      [after('a', '3'), after('a', '2'), after('0', '1')],
      '2',
    ],
  ])('%s', async (_, written, commit) => {
    async function* last() {
      yield* await Promise.resolve(written);
    }
    expect(await editedSince(last(), 'b')).toBe(commit);
  });
});

test.each([
  ['2022-02-01', 'the version it was planned by', '2022-02-01'],
  ['2021-06-01', 'that of its day, where the version is gone', '2026-02-01'],
])('a run planned by %s has the rules of %s', (rulesVersion, _, expected) => {
  const versions = ['2022-02-01', '2026-02-01', '2027-02-01'].map((effectiveFrom) => ({
    ...RULES,
    effectiveFrom,
  }));
  expect(rulesOfRun(versions, { id: '2026-11-26', rulesVersion })?.effectiveFrom).toBe(expected);
  expect(rulesOfRun(versions, { id: '2020-11-26', rulesVersion: 'gone' })?.effectiveFrom).toBe('2022-02-01');
  expect(rulesOfRun([], { id: '2026-11-26', rulesVersion })).toBeUndefined();
});

test('runs are in the order in which they were begun', () => {
  const inOrder = [
    '2026-11-25',
    '2026-11-26',
    '2026-11-26/rollback',
    '2026-11-26.2',
    '2026-11-26.10',
    '2026-11-27',
  ];
  expect([...inOrder].reverse().sort(byRun)).toEqual(inOrder);
});

test('an issue says who edited the tables, and where that is not known', () => {
  expect(runBlock(asked({ editors: ['meri'] }), ['amber'])).toContain(
    'not by who edited rules and tables since: `meri`',
  );
  expect(runBlock(asked({ editorsNotKnown: 'no <b>checkout' }), [])).toContain(
    'is not known: no \\<b\\>checkout',
  );
  expect(runBlock(asked(), [])).not.toContain('edited');
});
