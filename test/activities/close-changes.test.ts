import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withChanged } from '../../src/activities/bookings-changed';
import { afterChanges } from '../../src/activities/close-changes';
import { keepSnapshot } from '../../src/activities/close-snapshot';
import { lookAtPeriod } from '../../src/activities/close-look';
import type { ReadWorld } from '../../src/activities/world';
import { newClose, type CloseCase } from '../../src/domain/close/close';
import { STAGE } from '../../src/domain/close/booking';
import { periodOf } from '../../src/domain/close/period';
import { planCloseBy } from '../../src/handbook/close-time';
import { openStore, type Store } from '../../src/evidence';
import { putForward } from '../../src/sandbox/clock';
import { mountSalesforce, salesforceCredentials } from '../../src/sandbox/salesforce';
import { SANDBOX_FIELDS } from '../../src/sandbox/salesforce/objects-bookings';
import { Org } from '../../src/sandbox/salesforce/org';
import type { Scalar } from '../../src/sandbox/salesforce/schema';
import type { World } from '../../src/sandbox/world';
import { SystemFault } from '../../src/systems/fault';
import { Salesforce } from '../../src/systems/salesforce';
import { sampleHandbook } from '../handbook/sample';
import { Grounds } from '../sandbox/systems';

/** Far ahead, since a sandbox's clock goes forward only. */
const PERIOD = periodOf('2043-04', '2043-05-01T06:59:59.000Z');
const handbook = { ...sampleHandbook(), bookingFields: SANDBOX_FIELDS };
const [policy] = handbook.policies.slice(-1);
const plan = planCloseBy(handbook, PERIOD.key, policy!);
const grounds = new Grounds();
const dir = mkdtempSync(join(tmpdir(), 'daytwo-changes-'));

let sandbox: World;
let org: Org;
let store: Store;
let salesforce: Salesforce;
beforeAll(async () => {
  sandbox = grounds.world();
  putForward(sandbox, new Date('2043-04-10T10:00:00Z'));
  org = new Org(sandbox);
  const url = await grounds.serve(mountSalesforce(sandbox, sampleHandbook()));
  const { clientId, clientSecret, username } = salesforceCredentials(sandbox);
  salesforce = new Salesforce({ loginUrl: url, clientId, clientSecret, username });
  store = await openStore({ stateDir: dir, databaseUrl: null });
  const body = { period: PERIOD.key, cutOff: PERIOD.cutOff, today: '2043-04-10', count: 300, seed: 7 };
  const filled = await fetch(`${url}/__sandbox/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(filled.status).toBe(200);
});
afterAll(async () => {
  await store.close();
  await grounds.close();
  rmSync(dir, { recursive: true });
});

/** How often bookings were read, and each time how many. */
const reads: string[] = [];
function world(change: object = {}): ReadWorld {
  const counted = {
    opportunities: (...args: Parameters<typeof salesforce.bookings.opportunities>) => {
      reads.push(args[1].condition);
      return salesforce.bookings.opportunities(...args);
    },
    belonging: salesforce.bookings.belonging.bind(salesforce.bookings),
  };
  return {
    handbook: () => handbook,
    store,
    connector: () => ({
      periods: salesforce.periods,
      bookings: counted,
      bookingSearch: salesforce.bookingSearch,
      ...change,
    }),
  } as never;
}
const fresh = (): CloseCase =>
  newClose({
    period: PERIOD.key,
    policyVersion: policy!.effectiveFrom,
    dates: [],
    openedAt: '2043-04-10T10:00:00.000Z',
    openedBy: 'amber',
    due: [],
  });
async function look(close: CloseCase, now: string, changesOnly: boolean, of = world()): Promise<CloseCase> {
  reads.length = 0;
  return (await lookAtPeriod(of, close, plan, [], { now, changesOnly })).close;
}
/** What is wrong now, however long it has been. */
const open = async () =>
  (await store.closes.findings(PERIOD.key))
    .filter(({ state }) => state !== 'closed')
    .map(({ check, record, kind, what, mend, inputs, later }) => ({
      check,
      record,
      kind,
      what,
      mend,
      inputs,
      later,
    }))
    .sort((a, b) => (`${a.check} ${a.record}` < `${b.check} ${b.record}` ? -1 : 1));
const at = (day: number) => `2043-04-${String(day).padStart(2, '0')}T10:00:00.000Z`;

/** The same numbers for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** Somebody does anything to some record. */
function edit(roll: (below: number) => number): void {
  const one = <T>(of: readonly T[]): T => of[roll(of.length)]!;
  const row = (object: string) => one(org.rows(object));
  const set = (object: string, values: Record<string, Scalar>) =>
    org.change(object, row(object), values, null);
  const other = row('Opportunity');
  const day = `2043-0${4 + roll(2)}-${String(1 + roll(28)).padStart(2, '0')}`;
  const edits: readonly (() => unknown)[] = [
    () => set('Opportunity', { StageName: one(Object.values(STAGE)) }),
    () => set('Opportunity', { CloseDate: roll(5) === 0 ? '2043-03-20' : day }),
    () => set('Opportunity', { Quote__c: other['Quote__c'] ?? null }),
    () => set('Opportunity', { Subscription__c: other['Subscription__c'] ?? null }),
    () => set('Opportunity', { Ramp_Key__c: other['Ramp_Key__c'] ?? null, Ramp_Year__c: 1 + roll(2) }),
    () => {
      const ramps = org.rows('Opportunity').filter((ramp) => typeof ramp['Ramp_Key__c'] === 'string');
      if (ramps.length > 0) org.change('Opportunity', one(ramps), { Ramp_Key__c: null }, null);
    },
    () => set('Opportunity', { Type: one(['New Business', 'Renewal', 'Add-On Business']) }),
    () => set('Opportunity', { Moved_On__c: day, Amount: roll(100_000) }),
    () => set('Account', { Trade_Status__c: one(['Clear', 'Red']), Country__c: one(['US', 'IN', 'KP']) }),
    () => set('Quote__c', { Start_Date__c: day }),
    () => set('Quote__c', { Number__c: row('Quote__c')['Number__c'] ?? null }),
    () => set('Subscription__c', { Term_End__c: day }),
    () => set('Booking_Document__c', { Kind__c: 'Order Form', Signed_On__c: null }),
    () => org.remove('Booking_Document__c', row('Booking_Document__c').Id),
    () => org.remove('OpportunityLineItem', row('OpportunityLineItem').Id),
    () => org.remove('Booking_Approval__c', row('Booking_Approval__c').Id),
    () => org.remove('Opportunity', row('Opportunity').Id),
  ];
  one(edits)();
}

test('a look over what changed leaves the same findings as a look at everything, whatever was done to the org', async () => {
  const roll = dice(11);
  let close = await look(fresh(), at(10), false);
  expect((await open()).length).toBeGreaterThan(50);
  for (const [day, edits] of [
    [11, 40],
    [12, 0],
    [15, 60],
  ] as const) {
    putForward(sandbox, new Date(at(day)));
    for (let done = 0; done < edits; done++) edit(roll);
    const before = await open();
    close = await look(close, at(day), true);
    expect(reads.every((condition) => condition.startsWith('Id IN ('))).toBe(true);
    expect(close.look).toMatchObject({ at: at(day), wholeAt: at(10) });
    const found = await open();
    const whole = await look(close, at(day), false);
    expect(reads).toHaveLength(1);
    expect(found).toEqual(await open());
    if (edits > 0) expect(found).not.toEqual(before);
    // What a look over changes counts without reading it.
    const { records, totalCents, open: overdue, checks } = close.look!;
    expect(whole.look).toMatchObject({ records, totalCents, open: overdue, checks });
  }
  // A week after the last whole look all is read again.
  close = await look(close, at(17), true);
  expect(close.look?.wholeAt).toBe(at(17));
});

test('all is read where a look over changes is refused, where the rules are others, and from the cut-off on', async () => {
  const close = await look(fresh(), at(20), false);
  const failing = (fault: SystemFault) => {
    jest.spyOn(salesforce.bookingSearch, 'changedSince').mockRejectedValueOnce(fault);
    return look(close, at(21), true);
  };
  const refused = await failing(new SystemFault('salesforce', 'INVALID_FIELD', false, 'a query was refused'));
  expect(refused.look?.wholeAt).toBe(at(21));
  const others = { ...close, look: { ...close.look!, rules: 'of before' } };
  expect((await look(others, at(21), true)).look?.wholeAt).toBe(at(21));
  expect((await look({ ...close, phase: 'closing' }, at(21), true)).look?.wholeAt).toBe(at(21));
  await expect(failing(new SystemFault('salesforce', 'timeout', true, 'later'))).rejects.toMatchObject({
    code: 'timeout',
  });
});

test('what an event tells of is judged at once; what was counted at the look stays', async () => {
  const close = await look(fresh(), at(24), false);
  const won = org.rows('Opportunity').find((row) => row['StageName'] === STAGE.won)!;
  const wrong = async () =>
    (await open()).filter(({ record }) => record === won.Id).map(({ check }) => check);
  expect(await wrong()).not.toContain('currency');
  org.change('Opportunity', won, { Currency__c: 'CHF' }, null);
  const told = (ids: readonly string[], of = close) =>
    afterChanges(world(), of, plan, [], { ids, now: at(24) });
  const after = await told([won.Id]);
  expect(await wrong()).toContain('currency');
  expect(after.look).toMatchObject({ at: at(24), digest: close.look?.digest });
  expect(after.look?.checks?.open).toBe(close.look!.checks!.open + 1);
  org.change('Opportunity', won, { Currency__c: won['Currency__c'] ?? null }, null);
  expect((await told([won.Id], after)).look?.checks).toEqual(close.look?.checks);
  const locked = { ...close, phase: 'locked' as const };
  expect(await told([won.Id], locked)).toBe(locked);
});

test('a promised purchase order that did not come is found on the day after its last one, though nothing changed', async () => {
  const wrong = async () =>
    new Set((await open()).filter(({ check }) => check === 'po-exception').map(({ record }) => record));
  putForward(sandbox, new Date(at(25)));
  for (const paper of org.rows('Booking_Document__c').filter((row) => row['Kind__c'] === 'PO Promise'))
    org.change(
      'Booking_Document__c',
      paper,
      { CreatedDate: '2043-04-16T18:00:00.000Z', Promised_On__c: '2043-04-20' },
      null,
    );
  const whole = await look(fresh(), at(26), false);
  const before = await wrong();
  putForward(sandbox, new Date(at(27)));
  const changed = await look(whole, at(27), true);
  expect(changed.look?.wholeAt).toBe(at(26));
  const over = await open();
  expect((await wrong()).size).toBeGreaterThan(before.size);
  await look(whole, at(27), false);
  expect(await open()).toEqual(over);
});

test('a snapshot has every closed record of the period, and what hangs on it, as Parquet; written again, it is the same', async () => {
  const snapshotDir = join(dir, 'snapshots');
  const keep = () => keepSnapshot({ ...world(), snapshotDir }, PERIOD, 'after_lock');
  const files = await keep();
  expect(files.map(({ file }) => file)).toContain('close-2043-04-after_lock-opportunity.parquet');
  expect(files).toHaveLength(9);
  expect(await keep()).toEqual(files);
  expect(readdirSync(snapshotDir).sort()).toEqual(files.map(({ file }) => file).sort());
  const closed = await salesforce.periods.closedIn(PERIOD.firstDay, PERIOD.lastDay);
  const reader = await (await DuckDBInstance.create()).connect();
  const rows = (record: string) =>
    reader.runAndReadAll(
      `SELECT * FROM read_parquet('${join(snapshotDir, `close-2043-04-after_lock-${record}.parquet`)}')`,
    );
  expect((await rows('opportunity')).getColumns()[0]).toEqual(closed.map(({ id }) => id));
  expect((await rows('line')).currentRowCount).toBeGreaterThan(0);
  reader.closeSync();
  expect(await keepSnapshot(world(), PERIOD, 'after_lock')).toEqual([]);
});

test('what is named is looked up, and what is no id asks nothing', async () => {
  const changes = {
    reader: salesforce.bookings,
    search: salesforce.bookingSearch,
    fields: SANDBOX_FIELDS,
    period: PERIOD,
  };
  const count = (ids: readonly string[]) =>
    withChanged(changes, ids, (read, toJudge) => Promise.resolve([read.count, toJudge.size]));
  expect(await count(["') OR Id != ('", ''])).toEqual([0, 0]);
  const [id] = org.rows('Opportunity').map((row) => row.Id);
  expect((await count([id!]))[1]).toBeGreaterThan(0);
});
