import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSeatsFrom, seatsFrom } from '../../src/cli/seats';
import { Refused } from '../../src/cli/surroundings';
import { poolOf, type SeatWant } from '../../src/domain/seat-queue';
import { ordinal } from '../../src/domain/seat-report';
import { openStore, type Store } from '../../src/evidence';
import { sampleHandbook } from '../handbook/sample';
import { FakeEngine, Reader } from './fakes';

const handbook = sampleHandbook();
const inbox = poolOf({ kind: 'salesforce-psl', permissionSetLicense: 'Inbox', permissionSet: null })!;
const want = (employeeId: string, changes: Partial<SeatWant> = {}): SeatWant => ({
  request: 'sales-ops/access-requests#12',
  workflowId: 'access-request/sales-ops/access-requests/12',
  task: 'salesforce-inbox',
  employeeId,
  class: 'convenience',
  startsOn: null,
  since: '2026-11-23T12:00:00.000Z',
  offeredUntil: null,
  lapses: 0,
  ...changes,
});

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-seats-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
  await store.seats.turns([inbox]);
  await store.seats.inTurn(inbox.key, async (queue) => {
    await queue.note({ total: 50, used: 47 }, '2026-11-24T11:59:00.000Z');
    await queue.hold('batch', 1, '2026-11-24T12:10:00.000Z');
    await queue.join([
      want('3', { since: '2026-11-22T12:00:00.000Z' }),
      want('2', { class: 'starting', startsOn: '2026-11-23' }),
      want('1', { offeredUntil: '2026-11-24T12:10:00.000Z' }),
    ]);
  });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

test('seats shows total, used, reserved and free, and who waits in which turn', async () => {
  const reader = new Reader();
  expect(await seatsFrom(store, handbook, { pool: 'inbox' }, reader)).toBe(0);
  expect(reader.said[1]).toMatch(/^salesforce\/Inbox +50 +47 +2 +1 +3 +2026-11-24 12:59$/);
  expect(reader.text).toMatch(/kept for them until 2026-11-24 13:10 +1 day +convenience .*employee 1\n/);
  expect(reader.text).toMatch(/1st +1 day +started +sales-ops\/access-requests#12 +employee 2\n/);
  expect(reader.text).toMatch(/2nd +2 days +convenience +sales-ops\/access-requests#12 +employee 3\n/);
});

test('a pool of the handbook that nobody has asked for is shown too, as not read yet', async () => {
  const reader = new Reader();
  await seatsFrom(store, handbook, {}, reader);
  expect(reader.text).toMatch(/salesforce\/Salesforce +\? +\? +0 +\? +0 +not read yet/);
});

test('--json gives one line a pool', async () => {
  const reader = new Reader();
  await seatsFrom(store, handbook, { json: true, pool: 'salesforce/Inbox' }, reader);
  expect(reader.said).toHaveLength(1);
  expect(JSON.parse(reader.text)).toMatchObject({
    pool: 'salesforce/Inbox',
    total: 50,
    used: 47,
    reserved: 2,
    free: 1,
    waiting: [{ turn: null }, { turn: 1, class: 'started' }, { turn: 2 }],
  });
});

test('a pool that is not there is named, with those that are', async () => {
  await expect(seatsFrom(store, handbook, { pool: 'Outbox' }, new Reader())).rejects.toThrow(
    /no pool Outbox\. There are: .*salesforce\/Inbox/,
  );
});

test('check has the pool look now', async () => {
  const [reader, engine] = [new Reader(), new FakeEngine([])];
  expect(await checkSeatsFrom(engine, handbook, 'INBOX', {}, reader)).toBe(0);
  expect(engine.pools).toEqual(['salesforce/Inbox']);
  expect(reader.text).toContain('looks now');
  await expect(checkSeatsFrom(engine, handbook, 'x', {}, reader)).rejects.toThrow(Refused);
  expect(engine.pools).toHaveLength(1);
});

test.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [22, '22nd'],
  [113, '113th'],
])('%d is said as %s', (number, words) => {
  expect(ordinal(number)).toBe(words);
});
