import { newChange, type PeriodChange } from '../../src/domain/close/change';
import type { Store } from '../../src/evidence';
import { onBothDialects, type Ground } from './dialects';

const PERIOD = '2026-10';
const change = (n: number): PeriodChange =>
  newChange({
    period: PERIOD,
    n,
    asked: { by: 'sam-ops', at: '2026-11-10T10:00:00.000Z', channel: 'cli', reason: 'typed wrong' },
    edits: [],
    policyVersion: '2026-01-01',
    openDays: 14,
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

  test('who asks at the same time gets a number of their own', async () => {
    const asked = await Promise.all(Array.from({ length: 4 }, () => store.changes.add(PERIOD, change)));
    expect(asked.map(({ n }) => n).sort()).toEqual([1, 2, 3, 4]);
    expect(await store.changes.of(PERIOD)).toHaveLength(4);
    expect((await store.changes.add('2026-09', change)).n).toBe(1);
  });

  test('what somebody wrote meanwhile is not written over', async () => {
    await store.changes.add(PERIOD, change);
    const kept = await store.changes.get(PERIOD, 1);
    if (!kept) throw new Error('not kept');
    expect(await store.changes.put({ ...kept, change: { ...kept.change, phase: 'approved' } })).toBe(true);
    expect(await store.changes.put({ ...kept, change: { ...kept.change, phase: 'rejected' } })).toBe(false);
    expect((await store.changes.get(PERIOD, 1))?.change.phase).toBe('approved');
    expect(await store.changes.get(PERIOD, 2)).toBeNull();
  });
});
