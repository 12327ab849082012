import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, sharedPace, type Store } from '../../src/evidence';
import { OktaGroups } from '../../src/systems/okta';
import { Salesforce } from '../../src/systems/salesforce';
import { Systems } from './fixture';

let systems: Systems;
let dir: string;
let stores: Store[];
beforeAll(async () => {
  systems = await Systems.start();
});
beforeEach(async () => {
  await systems.reset();
  dir = mkdtempSync(join(tmpdir(), 'daytwo-pace-'));
  stores = [];
  for (let at = 0; at < 3; at++) stores.push(await openStore({ stateDir: dir, databaseUrl: null }));
});
afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(dir, { recursive: true, force: true });
});
afterAll(() => systems.stop());

const way = { kind: 'okta-group', group: 'okta-chorus-users' } as const;

/** The most requests that any span of this length saw. */
function mostWithin(times: readonly number[], spanMs: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return Math.max(...sorted.map((from) => sorted.filter((at) => at >= from && at < from + spanMs).length));
}

test('three workers together send no more than the rate says, and two blocks at the ends of a span', async () => {
  const PER_SECOND = 60;
  const BLOCK = 6;
  const seen = await systems.watch();
  await Promise.all(
    stores.map((store, at) =>
      new OktaGroups({
        ...systems.files.okta,
        pace: sharedPace(store.rate, 'okta', () => PER_SECOND),
      }).find(
        way,
        Array.from({ length: 40 }, (_, n) => `nobody${at}-${n}@daytwo.example`),
      ),
    ),
  );
  const times = (await seen()).filter(({ system }) => system === 'okta').map(({ time }) => Date.parse(time));
  expect(times.length).toBeGreaterThanOrEqual(120);
  for (const spanMs of [200, 500, 1000])
    expect(mostWithin(times, spanMs)).toBeLessThanOrEqual((PER_SECOND * spanMs) / 1000 + 2 * BLOCK);
});

test('Salesforce is paced with all it is sent: the sign-in, and what is sent again after a session has ended', async () => {
  let paced = 0;
  const org = new Salesforce({
    ...systems.files.salesforce,
    pace: () => {
      paced += 1;
      return Promise.resolve();
    },
  });
  const seen = await systems.watch();
  await org.find({ kind: 'salesforce-user' }, ['nobody@daytwo.example']);
  await systems.salesforce('POST', '/expire-sessions');
  await org.find({ kind: 'salesforce-user' }, ['nobody@daytwo.example']);
  const sent = (await seen()).filter(({ path }) => !path.includes('__sandbox'));
  expect(sent).toHaveLength(5);
  expect(paced).toBe(5);
});

test('a read that is repeated is paced each time', async () => {
  let paced = 0;
  const pace = (): Promise<void> => {
    paced += 1;
    return Promise.resolve();
  };
  await systems.fault({ system: 'okta', kind: 'status', status: 503, method: 'GET', count: 2 });
  const seen = await systems.watch();
  await new OktaGroups({ ...systems.files.okta, pace }).find(way, []);
  expect(paced).toBe((await seen()).length);
  expect(paced).toBe(3);
});

test('without a rate nothing is waited for, and the store is not asked', async () => {
  const reserve = jest.fn();
  await sharedPace({ reserve }, 'okta', () => undefined)();
  expect(reserve).not.toHaveBeenCalled();
});

test('a store that can not be reached fails who asks, and nobody after that', async () => {
  const reserve = jest.fn().mockRejectedValueOnce(new Error('no database')).mockResolvedValue(0);
  const pace = sharedPace({ reserve }, 'okta', () => 10);
  await expect(pace()).rejects.toThrow('no database');
  await expect(pace()).resolves.toBeUndefined();
});
