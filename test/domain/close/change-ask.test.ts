import {
  approvedRecords,
  asksCommission,
  newChange,
  standingOf,
  type ChangePolicy,
  type PeriodChange,
} from '../../../src/domain/close/change';
import { judgeAsk, type AskGround, type NamedRecord } from '../../../src/domain/close/change-ask';
import { periodOf } from '../../../src/domain/close/period';
import { valueText } from '../../../src/domain/close/records';
import { longId } from '../../../src/domain/close/record-id';

const ID = '006000000000001AAA';
const OTHER = '006000000000002AAA';
const USER = '005000000000009AAA';
const record = (of: Partial<NamedRecord> = {}): NamedRecord => ({
  id: ID,
  stage: 'Closed Won',
  amountCents: 1000_00,
  closeDate: '2026-10-20',
  ownerId: '005000000000001AAA',
  accountId: '001000000000001AAA',
  type: 'New Business',
  changedBy: '005000000000001AAA',
  changedAt: '2026-10-20T10:00:00.000Z',
  isClosed: true,
  ...of,
});
const policy: ChangePolicy = {
  approvedBy: ['amber'],
  insideRep: null,
  channels: ['gitlab'],
  fields: ['StageName', 'Amount', 'CloseDate', 'AccountId', 'Type'],
  exceptionMinutes: 15,
  openDays: 14,
  commission: { fields: ['Amount'], by: ['carla-comp'] },
};
const period = periodOf('2026-10', '2026-11-01T06:59:59Z');
const ground = (of: Partial<AskGround> = {}): AskGround => ({
  period,
  close: { phase: 'locked' },
  records: [record()],
  changes: [],
  lockedPeriods: [period, periodOf('2026-09', '2026-10-01T06:59:59Z')],
  policy,
  ...of,
});
const edit = (field: string, value: string, id = ID) => ({ place: '--set', record: id, field, value });
const change = (of: Partial<PeriodChange> = {}): PeriodChange => ({
  ...newChange({
    period: '2026-10',
    n: 1,
    asked: { by: 'sam-ops', at: '2026-11-10T10:00:00.000Z', channel: 'cli', reason: 'typed wrong' },
    edits: [{ record: ID, field: 'amountCents', from: 1000_00, to: 900_00 }],
    policyVersion: '2026-01-01',
    openDays: 14,
  }),
  ...of,
});

describe('what may be asked', () => {
  test.each([
    ['Amount', '900', { field: 'amountCents', from: 1000_00, to: 900_00 }],
    ['amount', ' 900.5 ', { field: 'amountCents', from: 1000_00, to: 900_50 }],
    ['Amount', '-0.07', { field: 'amountCents', from: 1000_00, to: -7 }],
    ['Amount', '', { field: 'amountCents', from: 1000_00, to: null }],
    ['CloseDate', '2026-11-02', { field: 'closeDate', from: '2026-10-20', to: '2026-11-02' }],
    ['StageName', '8-Closed Lost', { field: 'stage', from: 'Closed Won', to: '8-Closed Lost' }],
    [
      'AccountId',
      '001000000000002',
      { field: 'accountId', from: '001000000000001AAA', to: '001000000000002AAA' },
    ],
    ['Type', '', { field: 'type', from: 'New Business', to: null }],
  ])('%s to "%s"', (field, value, wanted) => {
    expect(judgeAsk([edit(field, value)], ground())).toEqual({
      edits: [{ record: ID, ...wanted }],
      problems: [],
    });
  });
});

describe('what may not be asked is named with its mend', () => {
  test.each<[string, Partial<AskGround>, readonly ReturnType<typeof edit>[], string, string]>([
    ['no close', { close: null }, [edit('Amount', '1')], 'no close of it was begun', 'Edit the record'],
    ['not locked', { close: { phase: 'lit' } }, [edit('Amount', '1')], 'it is not locked', 'Edit the record'],
    ['nothing', {}, [], 'nothing is to be changed', '--set'],
    ['no id', {}, [edit('Amount', '1', "006' OR Id != '")], 'is no id of a record', '15 or 18'],
    ['unknown', {}, [edit('Amount', '1', OTHER)], `there is no opportunity ${OTHER}`, 'deleted'],
    ['open', { records: [record({ isClosed: false })] }, [edit('Amount', '1')], 'is open', 'Salesforce'],
    [
      'of another period',
      { records: [record({ closeDate: '2026-09-30' })] },
      [edit('Amount', '1')],
      "closed on 2026-09-30: it isn't in 2026-10",
      'Ask for a change of 2026-09',
    ],
    ['not allowed', {}, [edit('OwnerId', USER)], "OwnerId isn't changed", 'close.change.fields'],
    ['no field', {}, [edit('__proto__', 'x')], "__proto__ isn't changed", 'StageName, Amount'],
    ['the same', {}, [edit('Amount', '1000.00')], 'says "1000.00" already', 'Leave it out'],
    ['decimal comma', {}, [edit('Amount', '1.000,50')], 'is no amount', '1234.50'],
    ['no day', {}, [edit('CloseDate', '2026-02-30')], 'no day of the calendar', 'YYYY-MM-DD'],
    ['empty', {}, [edit('StageName', ' ')], "StageName can't be empty", 'Say what'],
    ['no account', {}, [edit('AccountId', 'Acme')], 'is no id', '15 or 18'],
    ['into a locked one', {}, [edit('CloseDate', '2026-09-30')], 'is in 2026-09, which is locked', 'Choose'],
    ['twice', {}, [edit('Amount', '1'), edit('Amount', '2')], 'is named twice', 'Leave one out'],
    [
      'asked before',
      { changes: [change()] },
      [edit('Amount', '900')],
      'asked already, as 2026-10/change/1',
      'show',
    ],
    ['beside another', { changes: [change()] }, [edit('Amount', '1')], 'by 2026-10/change/1, too', 'cancel'],
  ])('%s', (_, of, written, problem, mend) => {
    const { problems } = judgeAsk(written, ground(of));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.problem).toContain(problem);
    expect(problems[0]?.mend).toContain(mend);
  });

  test('what was decided stands in nobody’s way', () => {
    const over = change({ phase: 'rejected' });
    expect(judgeAsk([edit('Amount', '900')], ground({ changes: [over] })).problems).toEqual([]);
  });

  test('more records than one call takes', () => {
    const ids = Array.from({ length: 201 }, (_, at) => `006000000000${String(at).padStart(3, '0')}AAA`);
    const many = ground({ records: ids.map((id) => record({ id })) });
    const { problems } = judgeAsk(
      ids.map((id) => edit('Amount', '1', id)),
      many,
    );
    expect(problems[0]?.problem).toContain('more than 200');
  });
});

test('ids of 15 letters and digits have one long form', () => {
  expect(longId('006Hs00001AbCdE')).toMatch(/^006Hs00001AbCdE[A-Z0-5]{3}$/);
  expect(longId('00130000000xEGa')).toBe('00130000000xEGaAAM');
  expect(longId(ID)).toBe(ID);
  expect(longId('006')).toBeNull();
});

test('a record that says something else than it was to be changed from is stale', () => {
  const { edits } = change();
  expect(standingOf(edits, [record()])).toEqual({ asAsked: true, asApproved: false, stale: [] });
  expect(standingOf(edits, [record({ amountCents: 900_00 })])).toMatchObject({
    asAsked: false,
    asApproved: true,
  });
  expect(standingOf(edits, [record({ amountCents: 1 })])).toMatchObject({ asApproved: false, stale: edits });
  expect(standingOf(edits, [])).toMatchObject({ asAsked: false, asApproved: false });
});

describe('what a locked period is by rights', () => {
  const applied = (of: Partial<PeriodChange>): PeriodChange =>
    change({
      phase: 'applied',
      outcome: { at: '2026-11-11T10:00:00.000Z', why: null },
      after: { records: [record({ amountCents: 900_00, stage: 'edited too' })], left: [] },
      ...of,
    });
  const approved = (changes: readonly PeriodChange[]) => approvedRecords([record()], changes);

  test('is what was locked, with what was approved and nothing else', () => {
    expect(approved([])).toEqual([record()]);
    expect(approved([applied({})])).toMatchObject([{ amountCents: 900_00, stage: 'Closed Won' }]);
    expect(approved([change({ phase: 'refused' })])).toEqual([record()]);
  });

  test('follows changes in the order in which they were made', () => {
    const second = applied({
      n: 2,
      edits: [{ record: ID, field: 'amountCents', from: 900_00, to: 800_00 }],
      outcome: { at: '2026-11-12T10:00:00.000Z', why: null },
    });
    expect(approved([second, applied({})])).toMatchObject([{ amountCents: 800_00 }]);
  });

  test('is without what an approved change took out of it', () => {
    expect(approved([applied({ after: { records: [], left: [ID] } })])).toEqual([]);
  });
});

test('commissions are calculated anew where policy says so of a field', () => {
  expect(asksCommission(change().edits, policy)).toBe(true);
  expect(asksCommission([{ record: ID, field: 'type', from: null, to: 'Renewal' }], policy)).toBe(false);
});

test('values are written as they are read', () => {
  expect(valueText('amountCents', -7)).toBe('-0.07');
  expect(valueText('amountCents', 1234_50)).toBe('1234.50');
  expect(valueText('amountCents', null)).toBe('');
  expect(valueText('stage', '=cmd')).toBe('=cmd');
});
