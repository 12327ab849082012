import type { RunStanding } from '../../src/domain/territory/run-status';
import { Org } from '../../src/systems/salesforce/org';
import { Ground } from './ground';

/** A Thursday in the fourth quarter of the fiscal year, out of any window. */
const NOW = '2026-11-26T10:00:00.000Z';
const RUN = '2026-11-26';
const FIELDS = [
  'Id', 'OwnerId', 'JB_Test_Sales_Segment__c', 'ATAM_Territory__c', 'ATAM_Approved_Next_Owner__c', 'Account_Territory__c',
  'Ultimate_Parent_Sales_Segment_Employees__c', 'TSP_Effective_Date__c', 'TSP_Reasons__c', 'Name',
]; // prettier-ignore

let ground: Ground;
let org: Org;
let owners: { readonly hannah: string; readonly maya: string };
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  ground.keepsSnapshots = true;
  org = new Org(ground.systems.files.salesforce);
  owners = { hannah: await userOf('hannah.cole'), maya: await userOf('maya.brooks') };
});
afterAll(() => ground.stop());

async function userOf(name: string): Promise<string> {
  const [row] = await org.query(`SELECT Id FROM User WHERE Email = '${name}@daytwo.example'`);
  return String(row?.['Id']);
}

/** Mid-Market accounts in California, whose owner is Hannah Cole by the tables. */
async function accounts(count: number, of: object = {}): Promise<readonly string[]> {
  const saved = await org.create(
    'Account',
    Array.from({ length: count }, (_, n) => ({
      Name: `Account ${n}`,
      ZoomInfo_Employees__c: '1,200',
      ZoomInfo_Country__c: 'USA',
      ZoomInfo_State__c: 'WA',
      OwnerId: owners.maya,
      ...of,
    })),
  );
  return saved.map(({ id, code }) => id ?? `${code ?? ''}`);
}

const rowOf = async (id: string) => (await org.retrieve('Account', [id], FIELDS))[0] ?? {};
const plan = (of: object = {}) =>
  ground.run('planRun', { run: RUN, undoes: null, by: 'daytwo', now: NOW, ...of });
const write = (run = RUN): Promise<RunStanding> => ground.run('writeStaging', { run, now: NOW });
const transfer = (run = RUN): Promise<RunStanding> => ground.run('transferDue', { run, now: NOW });
const end = (run = RUN): Promise<RunStanding> => ground.run('endRun', { run, now: NOW });

test('staging comes to what was planned, actual fields stay, and the next night finds nothing to do', async () => {
  const [id = ''] = await accounts(3);
  const planned = await plan();
  expect(planned).toMatchObject({ phase: 'approved', figures: { due: 0 } });
  expect(planned.figures?.added).toBeGreaterThanOrEqual(3);
  const written = await write();
  expect(written.staging).toEqual({ rows: planned.figures?.added, left: 0, refused: 0 });
  expect(await rowOf(id)).toMatchObject({
    OwnerId: owners.maya,
    JB_Test_Sales_Segment__c: 'Mid-Market',
    ATAM_Territory__c: 'MM-AMER-West-1',
    ATAM_Approved_Next_Owner__c: owners.hannah,
    Account_Territory__c: null,
    TSP_Reasons__c: expect.stringContaining('zoominfo'),
  });
  expect(await transfer()).toMatchObject({ transfers: { rows: 0 } });
  expect(await end()).toMatchObject({ phase: 'done' });
  expect(await plan({ run: '2026-11-27' })).toMatchObject({ figures: { added: 0, changed: 0 } });
});
