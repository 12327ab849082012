import type { Store } from '../../src/evidence';
import type { AccountTransfer } from '../../src/domain/territory/transfer';
import { runOf } from '../domain/territory/run-sample';
import { onBothDialects, type Ground } from './dialects';

const RUN = '2026-11-26';
const actual = { ownerId: '005a', segment: null, territory: null, maxFamilyEmployees: null };
const transfer = (accountId: string, ownerId: string): AccountTransfer => ({
  accountId,
  from: actual,
  to: { ...actual, ownerId },
  occasion: 'immediate',
  effectiveDate: RUN,
  holdoverUntil: null,
  why: '',
  opportunities: [],
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

  test('a run is begun once, and what somebody wrote meanwhile is not written over', async () => {
    const { territoryRuns: runs } = store;
    const kept = await runs.begin(runOf());
    expect((await runs.begin(runOf({ by: 'amber' }))).run.by).toBe('daytwo');
    expect(await runs.put({ ...kept, run: { ...kept.run, phase: 'done' } })).toBe(true);
    expect(await runs.put({ ...kept, run: { ...kept.run, phase: 'rejected' } })).toBe(false);
    expect((await runs.get(RUN))?.run.phase).toBe('done');
  });

  test('a batch is known while its job writes, and as done afterwards', async () => {
    const { territoryRuns: runs } = store;
    const batch = { n: 0, last: '001z', rows: 0, left: [], refused: [], job: '750a', isDone: false };
    await runs.batchIs(RUN, batch);
    await runs.batchIs(RUN, { ...batch, rows: 3, job: null, isDone: true });
    expect(await runs.batches(RUN)).toEqual([{ ...batch, rows: 3, job: null, isDone: true }]);
  });

  test('a transfer stays as it was said first, and once it is done it stays done', async () => {
    const { territoryRuns: runs } = store;
    await runs.beginTransfers(RUN, [transfer('001a', '005b')]);
    await runs.beginTransfers(RUN, [transfer('001a', '005c'), transfer('001b', '005c')]);
    const [first] = await runs.transfers(RUN);
    expect(first?.transfer.to.ownerId).toBe('005b');
    await runs.transferIs(RUN, { ...first!, state: 'done' });
    await runs.transferIs(RUN, { ...first!, state: 'left', why: 'changed-meanwhile' });
    expect((await runs.transfers(RUN)).map(({ state }) => state)).toEqual(['done', 'begun']);
  });
});
