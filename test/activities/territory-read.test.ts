import { existsSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { TerritoryRun } from '../../src/domain/territory/run';
import { TerritorySession } from '../../src/evidence/territory-session';
import { Org } from '../../src/systems/salesforce/org';
import { TerritoryAccounts } from '../../src/systems/salesforce/territory-accounts';
import { withNight } from '../../src/activities/territory-plan';
import { Ground } from './ground';

const FIRST = '2026-11-26';
const SECOND = '2026-11-27';

let ground: Ground;
let org: Org;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  ground.keepsSnapshots = true;
  ahead = 0;
  reads('changed');
  org = new Org(ground.systems.files.salesforce);
});
afterAll(() => ground.stop());

function reads(way: 'whole' | 'changed', of: { wholeEvery?: number } = {}): void {
  const { policies } = ground.handbook;
  ground.handbook = {
    ...ground.handbook,
    policies: policies.map((one) => ({
      ...one,
      territoryRun: {
        ...one.territoryRun,
        read: { ...one.territoryRun.read, ...of, way, overlapMinutes: 1 },
      },
    })),
  };
}

const dir = (): string => ground.world.snapshotDir ?? '';
/** A night of its day: the sandbox's clock, which stamps what changes, goes along. */
async function night(run: string): Promise<TerritoryRun> {
  const now = await later();
  await ground.run('planRun', { run, undoes: null, by: 'daytwo', now });
  const kept = await ground.store.territoryRuns.get(run);
  if (!kept) throw new Error('the run is not kept');
  return kept.run;
}

let ahead: number;
/** Hours go by. @returns the time then */
async function later(): Promise<string> {
  ahead += 6 * 3_600_000;
  const now = new Date(Date.now() + ahead).toISOString();
  await fetch(`${ground.systems.files.control.url}/clock`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ now }),
  });
  return now;
}

async function make(count: number, of: (n: number) => object): Promise<readonly string[]> {
  const saved = await org.create(
    'Account',
    Array.from({ length: count }, (_, n) => ({ Name: `Account ${n}`, ZoomInfo_Country__c: 'USA', ...of(n) })),
  );
  return saved.map(({ id, code }) => id ?? `${code ?? ''}`);
}

/** Everything that a night is: what was read, and what is planned of it, in order. */
async function allOf(folder: string) {
  const session = await TerritorySession.open(null);
  const rows = (file: string, order: string) =>
    session.rows(`SELECT to_json(t)::VARCHAR AS row FROM '${join(folder, file)}' t ORDER BY ${order}`);
  try {
    return {
      account: await rows('account/*.parquet', 'n'),
      plan: await rows('plan/*.parquet', 'n'),
      change: await rows('change*.parquet', 'n'),
      finding: await rows('finding.parquet', 'kind, account_id, what'),
    };
  } finally {
    await session.close();
  }
}

/** The same org read whole, without anything that is kept. */
async function wholeNow(run: string) {
  const elsewhere = join(dir(), `whole-${run}`);
  reads('whole');
  const now = new Date().toISOString();
  const { rows } = await withNight(ground.world, { night: run, dir: elsewhere, now }, (plan) =>
    Promise.resolve(plan.read),
  );
  reads('changed');
  return { rows, all: await allOf(join(elsewhere, `territory-${run}`)) };
}

test('what changed since the last time, put into what is kept, gives the plan of a whole read, byte by byte', async () => {
  const [parent = '', loser = '', child = '', ...others] = await make(40, (n) => ({
    ZoomInfo_Employees__c: n % 3 === 0 ? 'many' : String(n * 40),
    ZoomInfo_Street__c: n % 4 === 0 ? 'Main "St", 1\nSuite 2' : null,
  }));
  await org.update('Account', [{ Id: child, ParentId: loser }]);
  const first = await night(FIRST);
  expect(first.read).toMatchObject({ way: 'whole', why: 'no-night' });

  await later();
  const [changed = '', blank = '', gone = ''] = others;
  await org.update('Account', [
    { Id: changed, ZoomInfo_Employees__c: '9,000', ZoomInfo_Country__c: 'Deutschland' },
    { Id: blank, ZoomInfo_Employees__c: null, ZoomInfo_Country__c: 'Nowhere' },
  ]);
  await org.remove('Account', [gone]);
  // A merge: the children of the one go to the other, then it is deleted.
  await org.update('Account', [{ Id: child, ParentId: parent }]);
  await org.remove('Account', [loser]);
  await make(1, () => ({ Name: 'New', ZoomInfo_Employees__c: '50', ParentId: parent }));

  const second = await night(SECOND);
  const whole = await wholeNow(SECOND);
  expect(second.read).toMatchObject({ way: 'changed', night: FIRST, gone: 2 });
  expect(second.read?.rows).toBeLessThan(whole.rows);
  const here = await allOf(join(dir(), `territory-${SECOND}`));
  expect(here).toEqual(whole.all);
  expect(here.account).toHaveLength(whole.rows);
});

const readOf = (run: string): string => join(dir(), `territory-${run}`, 'read.parquet');

test('a read that is kept is gone on from once more each night, and only the last one is kept', async () => {
  await make(3, () => ({ ZoomInfo_Employees__c: '50' }));
  await night(FIRST);
  await later();
  await make(2, () => ({ ZoomInfo_Employees__c: '70' }));
  expect((await night(SECOND)).read).toMatchObject({ way: 'changed', night: FIRST, rows: 2, gone: 0 });
  expect([FIRST, SECOND].map((run) => existsSync(readOf(run)))).toEqual([false, true]);
  expect((await night('2026-11-28')).read).toEqual({ way: 'changed', night: SECOND, rows: 0, gone: 0 });
  expect((await ground.store.territoryRuns.get('2026-11-28'))?.run.figures.accounts).toBe(
    (await wholeNow('2026-11-28')).rows,
  );
});

test.each([
  ['it is its turn', 'turn', () => reads('changed', { wholeEvery: 1 })],
  ['the kept read is cut off', 'unreadable', () => truncateSync(readOf(FIRST), 200)],
  [
    'a field is another',
    'fields',
    () => {
      const { territory } = ground.handbook;
      const { fields } = territory!;
      const account = { ...fields.account, industry: 'Type', type: 'Industry' };
      ground.handbook = {
        ...ground.handbook,
        territory: { ...territory!, fields: { ...fields, account } },
      };
    },
  ],
])('everything is read anew when %s, and the run says why', async (_, why, happens) => {
  await make(3, () => ({ ZoomInfo_Employees__c: '50' }));
  await night(FIRST);
  happens();
  const { read, figures } = await night(SECOND);
  expect(read).toEqual({ way: 'whole', why, rows: figures.accounts });
});

test('an account that was deleted for good is in no answer: the number tells, and everything is read anew', async () => {
  const [gone = ''] = await make(3, () => ({ ZoomInfo_Employees__c: '50' }));
  await night(FIRST);
  await org.remove('Account', [gone]);
  jest
    .spyOn(TerritoryAccounts.prototype, 'changed')
    .mockImplementationOnce(() => Promise.resolve({ files: [], rows: 0 }));
  const { read, figures } = await night(SECOND);
  expect(read).toEqual({ way: 'whole', why: 'count', rows: figures.accounts });
});

test('an account that is made while changes are read does not make a whole read of it, and comes the next night', async () => {
  await make(3, () => ({ ZoomInfo_Employees__c: '50' }));
  const before = (await night(FIRST)).figures.accounts;
  const known = TerritoryAccounts.prototype.changed;
  jest.spyOn(TerritoryAccounts.prototype, 'changed').mockImplementationOnce(async function (
    this: TerritoryAccounts,
    ...of
  ) {
    const found = await known.apply(this, of);
    await make(1, () => ({ ZoomInfo_Employees__c: '70' }));
    return found;
  });
  expect(await night(SECOND)).toMatchObject({ read: { way: 'changed' }, figures: { accounts: before } });
  expect(await night('2026-11-28')).toMatchObject({
    read: { way: 'changed', night: SECOND, rows: 1 },
    figures: { accounts: before + 1 },
  });
});

test('where the policy says whole, nothing is kept to go on from', async () => {
  reads('whole');
  expect((await night(FIRST)).read).toMatchObject({ way: 'whole', why: 'policy' });
  expect(existsSync(readOf(FIRST))).toBe(false);
});
