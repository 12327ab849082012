import type { Store, HeldItem } from '../../src/evidence';
import { onBothDialects, type Ground } from './dialects';

const ref = (iid: number) => ({ project: 'sales-ops/access-requests', iid });
const id = (iid: number): string => `access-request/sales-ops/access-requests/${iid}`;
const SINCE = '2026-11-20T09:00:00.000Z';
const item = (username: string, kind: HeldItem['kind'] = 'claim', what = ''): HeldItem => ({
  kind,
  what,
  username,
  since: SINCE,
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

  describe('what waits on whom', () => {
    test('is what the last visit said of each request', async () => {
      await store.work.replaceWork(id(1), ref(1), [item('sam-ops'), item('dana', 'approval', 'manager/a')]);
      await store.work.replaceWork(id(2), ref(2), [item('sam-ops')]);
      await store.work.replaceWork(id(1), ref(1), [item('dana', 'approval', 'manager/a')]);
      expect(await store.work.workOf('sam-ops')).toEqual([
        { ...item('sam-ops'), ...ref(2), workflowId: id(2) },
      ]);
      expect(await store.work.workOf('dana')).toHaveLength(1);
      expect(await store.work.holders()).toEqual(['dana', 'sam-ops']);
    });

    test('follows an issue that was moved, and a wait that began anew', async () => {
      await store.work.replaceWork(id(1), ref(1), [item('sam-ops')]);
      const later = { ...item('sam-ops'), since: '2026-11-21T09:00:00.000Z' };
      await store.work.replaceWork(id(1), ref(9), [later]);
      expect(await store.work.workOf('sam-ops')).toEqual([{ ...later, ...ref(9), workflowId: id(1) }]);
    });

    test('is nothing once a request has ended, and for nobody there are no holders', async () => {
      await store.work.replaceWork(id(1), ref(1), [item('sam-ops'), item('sam-ops', 'task', 'chorus')]);
      await store.work.setDue(id(1), ref(1), SINCE);
      await store.work.forget(id(1));
      expect(await store.work.holders()).toEqual([]);
      expect(await store.work.workOf('sam-ops')).toEqual([]);
      expect(await store.work.dueBy(ref(1).project, '2027-01-01T00:00:00Z', 10)).toEqual([]);
    });

    test('is gone through request by request, a part at a time', async () => {
      for (const iid of [1, 2, 3])
        await store.work.replaceWork(id(iid), ref(iid), [item('sam-ops'), item('sam-ops', 'task', 'chorus')]);
      const first = await store.work.requestsOf('sam-ops', '', 2);
      expect(first.map(({ iid }) => iid)).toEqual([1, 2]);
      const rest = await store.work.requestsOf('sam-ops', first[1]!.workflowId, 2);
      expect(rest).toEqual([{ workflowId: id(3), ...ref(3) }]);
    });
  });

  describe('what is due', () => {
    const due = async (instant: string, limit = 10) =>
      (await store.work.dueBy(ref(1).project, instant, limit)).map(({ iid }) => iid);

    test('is told by its instant, the longest due first, so many at a time', async () => {
      await store.work.setDue(id(1), ref(1), '2026-11-22T10:00:00Z');
      await store.work.setDue(id(2), ref(2), '2026-11-22T09:00:00Z');
      await store.work.setDue(id(3), ref(3), '2026-11-23T09:00:00Z');
      await store.work.setDue('elsewhere', { project: 'other', iid: 4 }, '2026-11-22T09:00:00Z');
      expect(await due('2026-11-22T08:59:59Z')).toEqual([]);
      expect(await due('2026-11-22T10:00:00Z')).toEqual([2, 1]);
      expect(await due('2026-11-22T10:00:00Z', 1)).toEqual([2]);
    });

    test('may be moved, and taken away', async () => {
      await store.work.setDue(id(1), ref(1), '2026-11-22T10:00:00Z');
      await store.work.setDue(id(1), ref(1), '2026-11-22T08:00:00Z');
      expect(await due('2026-11-22T09:00:00Z')).toEqual([1]);
      await store.work.setDue(id(1), ref(1), null);
      expect(await due('2027-01-01T00:00:00Z')).toEqual([]);
    });

    test('rests when it was told, unless a visit has put it off further', async () => {
      await store.work.setDue(id(1), ref(1), '2026-11-22T10:00:00Z');
      await store.work.setDue(id(2), ref(2), '2026-12-22T10:00:00Z');
      await store.work.postpone([id(1), id(2)], '2026-11-22T11:00:00Z');
      expect(await due('2026-11-22T10:30:00Z')).toEqual([]);
      expect(await due('2026-11-22T11:00:00Z')).toEqual([1]);
      expect(await due('2026-12-22T10:00:00Z')).toEqual([1, 2]);
    });
  });

  describe('who is away', () => {
    const absence = (until: string | null) =>
      ({ from: '2026-11-20T00:00:00.000Z', until, source: 'gitlab', note: 'OOO' }) as const;

    test('is what each source said last; what has ended is no longer told', async () => {
      const { absences } = store.work;
      await absences.put('sam-ops', 'gitlab', [absence(null)], SINCE);
      await absences.put(
        'sam-ops',
        'calendar',
        [{ ...absence('2026-11-21T00:00:00.000Z'), source: 'calendar' }],
        SINCE,
      );
      const known = async (instant: string) =>
        ((await absences.of(['sam-ops', 'dana'], instant)).get('sam-ops') ?? []).map(({ source }) => source);
      expect((await known('2026-11-20T12:00:00Z')).sort()).toEqual(['calendar', 'gitlab']);
      expect(await known('2026-11-21T00:00:00Z')).toEqual(['gitlab']);
      await absences.put('sam-ops', 'gitlab', [], '2026-11-20T09:00:00.000Z');
      await absences.seen(['sam-ops'], 'gitlab', '2026-11-21T09:00:00.000Z');
      expect(await known('2026-11-21T00:00:00Z')).toEqual([]);
      expect(await absences.seenAt('gitlab')).toEqual(new Map([['sam-ops', '2026-11-21T09:00:00.000Z']]));
    });

    test('and how far their requests were told of it is kept', async () => {
      const { absences } = store.work;
      await absences.setTold('sam-ops', { away: true, upto: id(3) });
      expect(await absences.told()).toEqual(new Map([['sam-ops', { away: true, upto: id(3) }]]));
      await absences.forgetTold(['sam-ops']);
      expect(await absences.told()).toEqual(new Map());
    });
  });
});
