import { newClose } from '../../src/domain/close/close';
import type { Finding } from '../../src/domain/close/findings';
import { dayOfClose } from '../../src/domain/close/trend';
import type { ClosedRecord } from '../../src/domain/close/records';
import type { Store } from '../../src/evidence';
import { onBothDialects, type Ground } from './dialects';

const PERIOD = '2026-10';
const close = newClose({
  period: PERIOD,
  policyVersion: '2026-01-01',
  dates: [],
  due: [],
  openedAt: '2026-10-16T07:00:00.000Z',
  openedBy: 'amber',
});
const record = (id: string): ClosedRecord => ({
  id,
  stage: 'Closed Won',
  amountCents: 1,
  closeDate: '2026-10-31',
  ownerId: 'u',
  accountId: null,
  type: null,
  changedBy: 'u',
  changedAt: '2026-10-31T00:00:00Z',
});
const finding = (id: string, state: Finding['state']): Finding => ({
  id,
  check: 'amount',
  record: '006',
  times: 1,
  since: '2026-11-01',
  kind: 'reject',
  what: 'w',
  mend: 'm',
  mender: 'owner',
  region: null,
  ownerId: null,
  amountCents: null,
  inputs: 'i',
  state,
  closedOn: null,
  accepted: null,
});

onBothDialects((newGround) => {
  let ground: Ground;
  let store: Store;
  beforeEach(async () => {
    ground = await newGround();
    store = await ground.open();
  });
  afterEach(async () => {
    await store.close();
    await ground.end();
  });

  test('a close that was begun twice is the first one', async () => {
    await store.closes.begin(close);
    expect(await store.closes.begin({ ...close, openedBy: 'meri' })).toEqual({ close, turn: 1 });
    expect(await store.closes.all()).toEqual([close]);
  });

  test('of two who write at once, the second reads again', async () => {
    const [mine, yours] = [await store.closes.begin(close), await store.closes.begin(close)];
    expect(await store.closes.put({ ...mine, close: { ...close, phase: 'closing' } })).toBe(true);
    expect(await store.closes.put({ ...yours, close: { ...close, phase: 'lit' } })).toBe(false);
    expect((await store.closes.get(PERIOD))?.close.phase).toBe('closing');
  });

  test('records of a snapshot stand in place of those before, and beside those of another', async () => {
    const many = Array.from({ length: 450 }, (_, at) => record(String(at).padStart(4, '0')));
    await store.closes.keepRecords(PERIOD, 'look', many);
    await store.closes.keepRecords(PERIOD, 'after_lock', [record('1')]);
    expect(await store.closes.records(PERIOD, 'look')).toEqual(many);
    await store.closes.keepRecords(PERIOD, 'look', [record('2')]);
    expect(await store.closes.records(PERIOD, 'look')).toEqual([record('2')]);
    expect(await store.closes.records(PERIOD, 'after_lock')).toEqual([record('1')]);
  });

  test('a finding is kept in place of what it was, and the others stay', async () => {
    await store.closes.keepFindings(PERIOD, [finding('a', 'open'), finding('b', 'open')]);
    await store.closes.keepFindings(PERIOD, [finding('b', 'closed')]);
    expect((await store.closes.findings(PERIOD)).map(({ id, state }) => [id, state])).toEqual([
      ['a', 'open'],
      ['b', 'closed'],
    ]);
    expect(await store.closes.findings('2026-11')).toEqual([]);
  });

  test('the last look of a day is the one that counts, and days come in their order', async () => {
    const day = (on: string, at: string) => dayOfClose([], { day: on, at, submissions: null });
    await store.trend.keepDay(PERIOD, day('2026-10-21', 'first'));
    await store.trend.keepDay(PERIOD, day('2026-10-20', 'before'));
    await store.trend.keepDay(PERIOD, day('2026-10-21', 'second'));
    expect((await store.trend.days(PERIOD)).map(({ at }) => at)).toEqual(['before', 'second']);
    expect(await store.trend.days('2026-11')).toEqual([]);
  });

  test('of each owner it is known what they were told last', async () => {
    await store.trend.keepTold(PERIOD, 'u1', { at: 'a', findings: ['x'] });
    await store.trend.keepTold(PERIOD, 'u1', { at: 'b', findings: ['x', 'y'] });
    await store.trend.keepTold('2026-11', 'u2', { at: 'c', findings: [] });
    expect([...(await store.trend.told(PERIOD))]).toEqual([['u1', { at: 'b', findings: ['x', 'y'] }]]);
  });
});
