import { setTimeout as pause } from 'node:timers/promises';
import { mountSalesforce } from '../../src/sandbox/salesforce';
import { Org } from '../../src/sandbox/salesforce/org';
import { resumeIngests } from '../../src/sandbox/salesforce/rest/ingest-run';
import { jobTable } from '../../src/sandbox/salesforce/rest/jobs';
import { fillTerritories, type MadeTerritories } from '../../src/sandbox/salesforce/territory';
import { sampleHandbook } from '../handbook/sample';
import { Grounds, salesforceOrg } from './systems';

const handbook = sampleHandbook();
const grounds = new Grounds();
afterAll(() => grounds.close());

const today = '2026-11-26';
const wanted = { seed: 7, today, faults: true, spoilt_one_in: 10, staged: true, drifted: 30 };

describe('a generated org', () => {
  let org: Org;
  let made: MadeTerritories;
  beforeAll(() => {
    const world = grounds.world();
    mountSalesforce(world, handbook);
    org = new Org(world);
    made = fillTerritories(org, handbook, { ...wanted, count: 1_200 });
  });

  test('has families of all sizes, each account an owner, and opportunities open and closed', () => {
    const accounts = org.rows('Account');
    expect([made.accounts, accounts.length]).toEqual([1_200, 1_200]);
    expect(org.count('Account', 'ParentId', null)).toBe(0);
    const tops = accounts.filter(({ ParentId }) => ParentId === null);
    expect(tops.length).toBeGreaterThan(80);
    expect(accounts.filter(({ OwnerId }) => !org.get('User', OwnerId ?? null))).toEqual([]);
    const deals = org.rows('Opportunity');
    expect(deals.filter(({ StageName }) => StageName === 'Closed Won').length).toBeGreaterThan(10);
    expect(deals.filter(({ StageName }) => StageName === '1-Discovery').length).toBeGreaterThan(10);
  });

  test('is spoilt where it says so', () => {
    const one = (kind: string) => made.planted.find((planted) => planted.kind === kind)?.account ?? '';
    const valueOf = (kind: string, field: string) => org.get('Account', one(kind))?.[field];
    expect(org.get('Account', valueOf('missing-parent', 'ParentId') ?? null)).toBeUndefined();
    expect(valueOf('employees-grouped', 'ZoomInfo_Employees__c')).toBe('1,200');
    expect(valueOf('employees-too-many', 'ZoomInfo_Employees__c')).toBe('1000000000');
    expect(valueOf('country-unknown', 'ZoomInfo_Country__c')).toBe('Freedonia');
    expect(valueOf('embargo', 'Embargoed__c')).toBe(true);
    const cycle = new Set(made.planted.filter(({ kind }) => kind === 'cycle').map(({ account }) => account));
    const [first] = cycle;
    const seen = new Set<unknown>();
    for (let at = org.get('Account', first); at && !seen.has(at.Id); at = org.get('Account', at['ParentId']))
      seen.add(at.Id);
    expect(seen.size).toBeGreaterThan(1);
    expect([...seen].every((id) => cycle.has(String(id)))).toBe(true);
  });

  test('is the same by the same seed', () => {
    const world = grounds.world();
    mountSalesforce(world, handbook);
    const other = new Org(world);
    expect(fillTerritories(other, handbook, { ...wanted, count: 1_200 })).toEqual(made);
    const stripped = (of: Org) =>
      of.rows('Account').map(({ SystemModstamp: _, CreatedDate: __, LastModifiedDate: ___, ...row }) => row);
    expect(stripped(other)).toEqual(stripped(org));
  });
});

describe('a bulk write', () => {
  /** A job of accounts that is sent off, and what the org says of it. */
  async function sentOff(rows: number) {
    const world = grounds.world();
    const { conn } = await salesforceOrg(grounds, world);
    const send = <T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object | string) =>
      conn.request<T>({
        method,
        url: `/jobs/ingest${path}`,
        headers: { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    const { id } = await send<{ id: string }>('POST', '', { object: 'Account', operation: 'insert' });
    const csv = ['Name', ...Array.from({ length: rows }, (_, at) => `row ${at}`)].join('\n');
    await send('PUT', `/${id}/batches`, csv);
    const { state } = await send<{ state: string }>('PATCH', `/${id}`, { state: 'UploadComplete' });
    const now = () => send<{ state: string; numberRecordsProcessed: number }>('GET', `/${id}`);
    return {
      world,
      id,
      state,
      now,
      part: (name: string) => send<readonly object[]>('GET', `/${id}/${name}`),
      send,
    };
  }
  const ended = async (now: () => Promise<{ state: string; numberRecordsProcessed: number }>) => {
    for (;;) {
      const job = await now();
      if (!['UploadComplete', 'InProgress'].includes(job.state)) return job;
      await pause(5);
    }
  };

  test('is answered before it is made, and goes on where it was stopped, each row once', async () => {
    const job = await sentOff(900);
    expect(job.state).toBe('UploadComplete');
    const org = new Org(job.world);
    const half = await job.now();
    expect(half).toMatchObject({ state: 'InProgress' });
    expect(half.numberRecordsProcessed).toBeLessThan(900);
    // As after a kill: whatever ran is gone, the table says how far it came.
    const table = jobTable(org);
    table.put(job.id, { ...table.get(job.id)!, createdDate: '2026-11-26T00:00:00.000Z' });
    resumeIngests(org);
    expect(await ended(job.now)).toEqual(
      expect.objectContaining({ state: 'JobComplete', numberRecordsProcessed: 900 }),
    );
    expect(await job.part('successfulResults')).toHaveLength(900);
    expect(await job.part('unprocessedrecords')).toHaveLength(0);
    expect(org.rows('Account')).toHaveLength(900);
  });

  test('that somebody aborts leaves the rest, and says which', async () => {
    const job = await sentOff(900);
    await job.send('PATCH', `/${job.id}`, { state: 'Aborted' });
    const { numberRecordsProcessed: done } = await ended(job.now);
    expect(done).toBeLessThan(900);
    await job.part('successfulResults');
    expect((await job.now()).numberRecordsProcessed).toBe(done);
    expect(await job.part('unprocessedrecords')).toHaveLength(900 - done);
  });

  test('with a field that is not there fails as a whole', async () => {
    const world = grounds.world();
    const { conn } = await salesforceOrg(grounds, world);
    const job = conn.bulk2.createJob({ object: 'Account', operation: 'insert' });
    await job.open();
    await job.uploadData('Name,Nothing__c\none,two\n');
    await job.close();
    await expect(job.poll(10, 5_000)).rejects.toThrow('Field name not found : Nothing__c');
  });
});

describe('the page of an account', () => {
  test('shows it harmlessly, and takes what its reader asks for, as whom they are', async () => {
    const world = grounds.world();
    const { url } = await salesforceOrg(grounds, world);
    const org = new Org(world);
    const { Id } = org.add('Account', { Name: '<b>A & B</b>', ATAM_Territory__c: 'West-1' }, null);
    const [user] = org.where('User', 'Username', 'dana@example.com');
    const text = await (await fetch(`${url}/lightning/r/Account/${Id}/view`)).text();
    expect(text).toContain('&lt;b&gt;A &amp; B&lt;/b&gt;');
    expect(text).toContain('West-1');
    expect(text).not.toContain('<b>A');
    expect(await (await fetch(`${url}/accounts?q=a+%26+b`)).text()).toContain(`href="/${Id}"`);
    const ask = (values: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${url}/${Id}`, {
        method: 'POST',
        body: new URLSearchParams(values),
        headers,
        redirect: 'manual',
      });
    const values = { as: user!.Id, User_Input_Employee_Count__c: '3,000', OwnerId: user!.Id };
    expect((await ask(values, { 'sec-fetch-site': 'cross-site' })).status).toBe(404);
    expect((await ask({ ...values, as: 'nobody' })).status).toBe(400);
    expect((await ask({ ...values, User_Input_Employee_Count__c: 'x'.repeat(41) })).status).toBe(400);
    expect(org.get('Account', Id)?.['TSP_Override_Status__c'] ?? null).toBeNull();
    expect((await ask(values)).status).toBe(303);
    expect(org.get('Account', Id)).toMatchObject({
      User_Input_Employee_Count__c: '3,000',
      User_Input_By__c: user!.Id,
      User_Input_At__c: expect.any(String),
      TSP_Override_Status__c: 'Requested',
      LastModifiedById: user!.Id,
    });
    // Only what the section asks for: the owner is nobody's to write there.
    expect(org.get('Account', Id)?.['OwnerId'] ?? null).toBeNull();
  });
});
