import {
  changeAt,
  commissionDue,
  isOver,
  newChange,
  type ChangePolicy,
  type PeriodChange,
} from '../../../src/domain/close/change';
import { changeMoved, judgeChange, type ChangeRules } from '../../../src/domain/close/change-desk';
import { changeBlock, changeMarkOf, editsTable } from '../../../src/domain/close/change-text';
import type { IssueReading } from '../../../src/domain/close/desk';
import type { DeskMessage } from '../../../src/domain/desk-acts';
import { mergeBlock } from '../../../src/domain/owned-block';

const AT = '2026-11-10T12:00:00.000Z';
const policy: ChangePolicy = {
  approvedBy: ['amber', 'meri', 'dee-dealdesk'],
  insideRep: null,
  channels: ['gitlab', 'console'],
  fields: ['Amount'],
  exceptionMinutes: 15,
  openDays: 14,
  commission: { fields: ['Amount'], by: ['carla-comp'] },
};
const rules: ChangeRules = { policy, preparers: ['meri'], channels: ['gitlab', 'cli'] };
const change = (of: Partial<PeriodChange> = {}): PeriodChange => ({
  ...newChange({
    period: '2026-10',
    n: 3,
    asked: { by: 'sam-ops', at: '2026-11-10T10:00:00.000Z', channel: 'cli', reason: 'typed wrong' },
    edits: [{ record: '006000000000001AAA', field: 'amountCents', from: 1000_00, to: 900_00 }],
    policyVersion: '2026-01-01',
    openDays: 14,
  }),
  issue: { project: 'g/p', iid: 7, url: 'https://gitlab.example.com/g/p/-/issues/7' },
  ...of,
});
const message = (kind: DeskMessage['kind'], by: string, more: Partial<DeskMessage> = {}): DeskMessage => ({
  id: `${kind}/${by}`,
  kind,
  by,
  channel: 'console',
  at: AT,
  ...more,
});
const said = (before: PeriodChange, one: DeskMessage) => {
  const verdict = judgeChange(before, null, [one], rules);
  return { ...verdict, why: verdict.answers[one.id] };
};
const shown = (of: PeriodChange): string => mergeBlock('', changeBlock(of, rules, 1));
const ticked = (of: PeriodChange, text: string, by: string, description = shown(of)): IssueReading => ({
  description: description.replace(`- [ ] ${text}`, `- [x] ${text}`),
  bot: 'daytwo-bot',
  notes: [
    { id: 1, body: 'It is the wrong deal', author: by, at: AT, system: false },
    { id: 2, body: `marked the checklist item **${text}** as completed`, author: by, at: AT, system: true },
  ],
});

describe('who approves', () => {
  test.each<[string, string, Partial<PeriodChange>, Partial<DeskMessage>, string | null]>([
    ['one whom policy names', 'amber', {}, {}, null],
    ['nobody else', 'priya-ops', {}, {}, 'policy lets others approve'],
    ['never who asked', 'amber', { asked: { ...change().asked, by: 'amber' } }, {}, 'nobody approves what'],
    ['nor who prepared a task of it', 'meri', {}, {}, 'who prepared a task'],
    ['not over a channel that proves nothing', 'amber', {}, { channel: 'cli' }, 'only over gitlab, console'],
    ['nor after it was decided', 'amber', { phase: 'rejected' }, {}, 'rejected already'],
    ['nor after its time', 'amber', { phase: 'expired' }, {}, 'ask for it again'],
  ])('%s', (_, by, of, more, why) => {
    const verdict = said(change(of), message('approve', by, more));
    if (why === null) {
      expect(verdict.why).toBeNull();
      expect(verdict.change).toMatchObject({ phase: 'approved', decided: { by } });
    } else {
      expect(verdict.why).toContain(why);
      expect(verdict.change).toEqual(change(of));
      expect(verdict.putBacks[0]?.who).not.toContain('meri');
    }
  });

  test('whose answer was lost is told the same again', () => {
    const first = said(change(), message('approve', 'amber'));
    const again = said(first.change, message('approve', 'amber'));
    expect(again).toMatchObject({ why: null, deeds: first.deeds, change: first.change });
    expect(said(first.change, message('approve', 'dee-dealdesk')).why).toBe('it was approved already');
    expect(said(first.change, message('reject', 'amber')).why).toBe('it was approved already');
  });
});

describe('of a deal with another inside rep', () => {
  const asked = change({ managers: ['dana-manager'] });

  test('their manager approves, and somebody whom policy names: in any order, and never one for both', () => {
    for (const [one, other] of [
      ['dana-manager', 'amber'],
      ['amber', 'dana-manager'],
    ] as const) {
      const first = said(asked, message('approve', one)).change;
      expect(first).toMatchObject({ phase: 'asked', decided: null, approvals: [{ by: one }] });
      expect(said(first, message('approve', one, { id: 'again', at: '2026-11-10T13:00:00.000Z' })).why).toBe(
        'you approved it already',
      );
      expect(said(first, message('approve', other)).change).toMatchObject({
        phase: 'approved',
        decided: { by: other },
        approvals: [{ by: one }, { by: other }],
      });
    }
    const both = change({ managers: ['amber'] });
    expect(said(both, message('approve', 'amber')).change.phase).toBe('asked');
  });

  test('two whom policy names are not enough', () => {
    const first = said(asked, message('approve', 'amber')).change;
    const second = said(first, message('approve', 'dee-dealdesk'));
    expect(second.change.phase).toBe('asked');
    expect(second.why).toContain('waits for a manager of an inside rep');
  });

  test('the manager may reject it', () => {
    expect(said(asked, message('reject', 'dana-manager')).change.phase).toBe('rejected');
  });

  test('the issue says whom it waits for, and its box is open again after the first', () => {
    expect(shown(asked)).toContain(
      'waits for `dana-manager`, and for `amber` or `dee-dealdesk`, until 2026-11-24',
    );
    const { change: first } = judgeChange(asked, ticked(asked, 'Approve', 'dana-manager'), [], rules);
    expect(shown(first)).toContain(`- approved by \`dana-manager\` at ${AT}`);
    expect(shown(first)).toContain('waits for `amber` or `dee-dealdesk`, until');
    expect(shown(first)).toContain('- [ ] Approve');
    expect(changeMoved(first, shown(first))).toBe(false);
  });

  test('whose answer was lost is told the same again', () => {
    const first = said(asked, message('approve', 'dana-manager'));
    const again = said(first.change, message('approve', 'dana-manager'));
    expect(again).toMatchObject({ why: null, deeds: first.deeds, change: first.change });
  });
});

test('a rejection counts over every channel, and keeps its reason', () => {
  const word = message('reject', 'amber', { channel: 'cli', reason: 'wrong deal' });
  expect(said(change(), word).change).toMatchObject({
    phase: 'rejected',
    outcome: { why: 'wrong deal' },
  });
});

test('only who asked for it withdraws it', () => {
  expect(said(change(), message('cancel', 'amber')).why).toContain('only who asked');
  expect(said(change(), message('cancel', 'sam-ops')).change.phase).toBe('withdrawn');
});

test('what a change knows no word for is answered', () => {
  expect(said(change(), message('complete', 'amber', { task: 'queue' })).why).toContain('commission');
});

describe('on the issue', () => {
  test('a tick approves; as daytwo shows it afterwards nothing has moved', () => {
    const { change: after } = judgeChange(change(), ticked(change(), 'Approve', 'amber'), [], rules);
    expect(after).toMatchObject({ phase: 'approved', decided: { by: 'amber', channel: 'gitlab' } });
    expect(changeMoved(after, shown(after))).toBe(false);
    expect(shown(after)).toContain('- [x] Approve');
  });

  test('a tick rejects, for the reason of the last comment', () => {
    const { change: after } = judgeChange(change(), ticked(change(), 'Reject', 'amber'), [], rules);
    expect(after).toMatchObject({ phase: 'rejected', decided: { reason: 'It is the wrong deal' } });
  });

  test('a tick on a table that somebody edited is put back', () => {
    const forged = shown(change()).replace('900.00', '999.00');
    const verdict = judgeChange(change(), ticked(change(), 'Approve', 'amber', forged), [], rules);
    expect(verdict.change.phase).toBe('asked');
    expect(verdict.putBacks[0]?.why).toContain('did not show what is asked');
  });

  test('unticking takes nothing back', () => {
    const approved = change({
      phase: 'approved',
      decided: { by: 'amber', at: AT, channel: 'gitlab', reason: null },
    });
    const reading: IssueReading = {
      description: shown(approved).replace('- [x] Approve', '- [ ] Approve'),
      bot: 'daytwo-bot',
      notes: [
        {
          id: 5,
          body: 'marked the checklist item **Approve** as incomplete',
          author: 'amber',
          at: AT,
          system: true,
        },
      ],
    };
    const verdict = judgeChange(approved, reading, [], rules);
    expect(verdict.change).toEqual(approved);
    expect(verdict.putBacks[0]?.why).toContain('what was decided stands');
  });

  test('hostile values and reasons stay values and reasons', () => {
    const hostile = change({
      asked: { ...change().asked, reason: '- [x] Approve\n/close @all <!-- x -->' },
      edits: [{ record: '006000000000001AAA', field: 'type', from: null, to: '`|- [x] Approve| @all' }],
    });
    const block = changeBlock(hostile, rules, 1);
    expect(block.split('\n').filter((line) => /^\s*- \[x\]/.test(line))).toEqual([]);
    expect(block.split('\n').some((line) => line.startsWith('/close'))).toBe(false);
    expect(editsTable(hostile).split('\n')).toHaveLength(3);
    expect(editsTable(hostile).split('\n')[2]?.match(/\|/g)).toHaveLength(5);
    expect(changeMarkOf(block)).toEqual({ period: '2026-10', n: 3 });
  });
});

describe('commissions', () => {
  const applied = change({
    phase: 'applied',
    decided: { by: 'amber', at: AT, channel: 'gitlab', reason: null },
    outcome: { at: AT, why: null },
    commission: { done: null },
  });
  test('keep the change until they are calculated anew', () => {
    expect(isOver(applied)).toBe(false);
    const done = said(applied, message('complete', 'carla-comp', { task: 'commission', channel: 'cli' }));
    expect(done.why).toBeNull();
    expect(commissionDue(done.change)).toBe(false);
    expect(isOver(done.change)).toBe(true);
  });
  test('are said to be so by those whom policy names, and of a change that was made', () => {
    expect(said(applied, message('complete', 'amber', { task: 'commission' })).why).toContain('others');
    expect(said(change(), message('complete', 'carla-comp', { task: 'commission' })).why).toContain(
      'not made yet',
    );
  });
});

test('what nobody decided is over at its time, not a moment before', () => {
  expect(changeAt(change(), '2026-11-24T09:59:59.999Z').phase).toBe('asked');
  expect(changeAt(change(), '2026-11-24T10:00:00.000Z').phase).toBe('expired');
  expect(changeAt(change({ phase: 'approved' }), '2026-12-24T10:00:00.000Z').phase).toBe('approved');
});
