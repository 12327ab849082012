import { poolOf, type SeatWant } from '../../src/domain/seat-queue';
import type { Store } from '../../src/evidence';
import { onBothDialects, type Ground } from './dialects';

const pool = poolOf({ kind: 'salesforce-user' })!;
const NOW = '2026-11-25T12:00:00.000Z';
const LATER = '2026-11-25T12:15:00.000Z';
const want = (employeeId: string): SeatWant => ({
  request: 'acme/access-requests#7',
  workflowId: 'access-request/7',
  task: 'salesforce',
  employeeId,
  class: 'convenience',
  startsOn: null,
  since: NOW,
  offeredUntil: null,
  lapses: 0,
});

onBothDialects((newGround) => {
  let ground: Ground;
  let stores: readonly Store[];
  beforeEach(async () => {
    ground = await newGround();
    stores = [await ground.open(), await ground.open()];
    await stores[0]!.seats.turns([pool]);
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await ground.end();
  });

  test('of many workers that look at a pool at once, one after the other sees it, and the last seat is promised once', async () => {
    const promise = (at: number): Promise<boolean> =>
      stores[at % 2]!.seats.inTurn(pool.key, async (queue) => {
        if ((await queue.promised(0, NOW)) > 0) return false;
        await queue.hold(`batch ${at}`, 1, LATER);
        return true;
      });
    const promised = await Promise.all(Array.from({ length: 12 }, (_, at) => promise(at)));
    expect(promised.filter(Boolean)).toHaveLength(1);
  });

  test('what was taken counts for readings of before, and no more for those of after', async () => {
    const { seats } = stores[0]!;
    await seats.inTurn(pool.key, (queue) => queue.hold('batch', 3, LATER));
    expect(await seats.inTurn(pool.key, (queue) => queue.release('batch'))).toBe(3);
    await seats.inTurn(pool.key, (queue) => queue.settle('batch', 2, NOW));
    const turn = (await seats.turns([pool])).get(pool.key) ?? 0;
    const promised = (since: number) => seats.inTurn(pool.key, (queue) => queue.promised(since, NOW));
    expect(await promised(turn - 1)).toBe(2);
    expect(await promised(turn)).toBe(0);
  });

  test('600 wants join, are offered, wait again and leave in few statements; who stands there keeps the place', async () => {
    const { seats } = stores[0]!;
    const crowd = Array.from({ length: 600 }, (_, at) => want(`${at}`));
    await seats.inTurn(pool.key, async (queue) => {
      await queue.join(crowd);
      await queue.join([{ ...want('7'), since: LATER }]);
      await queue.offer(crowd, LATER, false);
    });
    const all = await seats.wants(pool.key);
    expect(all).toHaveLength(600);
    expect(new Set(all.map(({ since, offeredUntil }) => `${since} ${offeredUntil}`))).toEqual(
      new Set([`${NOW} ${LATER}`]),
    );
    await seats.inTurn(pool.key, (queue) => queue.lapse(all));
    expect(new Set((await seats.wants(pool.key)).map(({ lapses }) => lapses))).toEqual(new Set([1]));
    expect(await seats.wantedBeyond('access-request/7', ['other'])).toEqual([pool.key]);
    expect(await seats.wantedBeyond('access-request/7', ['salesforce'])).toEqual([]);
    await seats.inTurn(pool.key, (queue) => queue.leave(crowd));
    expect(await seats.wanted()).toEqual([]);
  });
});
