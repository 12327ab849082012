import { runDay } from '../../src/handbook/territory-time';
import { asked } from '../domain/territory/run-sample';
import { Org } from '../../src/systems/salesforce/org';
import { Ground } from './ground';

let ground: Ground;
let org: Org;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  org = new Org(ground.systems.files.salesforce);
});
afterAll(() => ground.stop());

const FIELDS = ['Id', 'JB_Test_Sales_Segment__c', 'ATAM_Territory__c', 'OwnerId'];
async function account(of: object): Promise<string> {
  const [saved] = await org.create('Account', [
    { Name: 'one', ZoomInfo_Country__c: 'US', ZoomInfo_State__c: 'WA', ...of },
  ]);
  return saved?.id ?? '';
}
const rowOf = async (id: string) => (await org.retrieve('Account', [id], FIELDS))[0] ?? {};
const stage = (...ids: string[]) => ground.run('stageAccounts', { ids });

test('a child that grows is in the staging of its whole family within two seconds of being known, and nobody else is touched', async () => {
  const parent = await account({ ZoomInfo_Employees__c: '50' });
  const child = await account({ ZoomInfo_Employees__c: '20', ParentId: parent });
  const other = await account({ ZoomInfo_Employees__c: '20' });
  expect(await stage(parent, child)).toEqual({ families: 1, staged: 2, left: 0 });
  expect(await rowOf(child)).toMatchObject({ JB_Test_Sales_Segment__c: 'SMB' });
  await org.update('Account', [{ Id: child, ZoomInfo_Employees__c: '3,000' }]);
  expect(await stage(child)).toEqual({ families: 1, staged: 2, left: 0 });
  const wanted = { JB_Test_Sales_Segment__c: 'Large', ATAM_Territory__c: expect.stringContaining('Large') };
  expect(await rowOf(parent)).toMatchObject(wanted);
  expect(await rowOf(child)).toMatchObject(wanted);
  expect(await rowOf(other)).toMatchObject({ JB_Test_Sales_Segment__c: null });
  expect(await stage(child)).toEqual({ families: 1, staged: 0, left: 0 });
});

test('more at once than may be written unasked is left to the night', async () => {
  const territory = ground.handbook.territory!;
  const rules = territory.rules.map((one) => ({ ...one, threshold: { ...one.threshold, accounts: 1 } }));
  ground.handbook = { ...ground.handbook, territory: { ...territory, rules } };
  const ids = [await account({}), await account({})];
  expect(await stage(...ids)).toEqual({ families: 2, staged: 0, left: 2 });
  expect(await rowOf(ids[0] ?? '')).toMatchObject({ ATAM_Territory__c: null });
});

test('what a day comes to is counted: above the threshold of a night nothing more is written unasked', async () => {
  const territory = ground.handbook.territory!;
  const rules = territory.rules.map((one) => ({ ...one, threshold: { ...one.threshold, accounts: 2 } }));
  ground.handbook = { ...ground.handbook, territory: { ...territory, rules } };
  expect(await stage(await account({}))).toEqual({ families: 1, staged: 1, left: 0 });
  expect(await stage(await account({}))).toEqual({ families: 1, staged: 1, left: 0 });
  const third = await account({});
  expect(await stage(third)).toEqual({ families: 1, staged: 0, left: 1 });
  expect(await rowOf(third)).toMatchObject({ ATAM_Territory__c: null });
});

test('with every event lost, a look finds what changed', async () => {
  const stopping = new AbortController();
  ground.stopping = stopping.signal;
  const id = await account({});
  const turn = ground.run('watchAccounts', { cursor: new Date(Date.now() - 5_000).toISOString() });
  while ((await rowOf(id))['ATAM_Territory__c'] === null) await new Promise(setImmediate);
  stopping.abort();
  expect((await turn).staged).toBeGreaterThanOrEqual(1);
});

describe('a change event of an account on which something is asked for', () => {
  const requested = {
    User_Input_Employee_Count__c: '5,000',
    User_Input_Employee_Source__c: 'https://sec.example/10-k',
    TSP_Override_Status__c: 'Requested',
  };
  const reviewOf = (id: string) => ground.store.reviews.get(id, 1);

  test('begins its review at once, and nobody else’s', async () => {
    const [id, quiet] = [await account(requested), await account({})];
    await account(requested);
    await stage(id, quiet);
    expect([...ground.workflows.running]).toEqual([`account-review/${id}`]);
    expect(await reviewOf(id)).toMatchObject({ review: { phase: 'asked', form: { employees: '5,000' } } });
    await stage(id);
    expect(ground.workflows.told).toEqual([]);
    await org.update('Account', [{ Id: id, User_Input_Employee_Count__c: '6,000' }]);
    await stage(id);
    expect(ground.workflows.told).toEqual([`account-review/${id} account changed`]);
    expect(await ground.store.reviews.get(id, 2)).toBeNull();
  });

  test('also where its staging is left to the night', async () => {
    await ground.store.territoryRuns.begin(asked({ id: runDay(ground.handbook, new Date().toISOString()) }));
    const id = await account(requested);
    expect(await stage(id)).toMatchObject({ left: 1 });
    expect(await reviewOf(id)).not.toBeNull();
  });

  test('goes on where its workflow is gone, and leaves alone what was decided', async () => {
    const id = await account(requested);
    await stage(id);
    ground.workflows.running.clear();
    await stage(id);
    expect([...ground.workflows.running]).toEqual([`account-review/${id}`]);
    await org.update('Account', [{ Id: id, TSP_Override_Status__c: 'Approved' }]);
    ground.workflows.running.clear();
    await stage(id);
    expect([...ground.workflows.running]).toEqual([]);
  });
});
