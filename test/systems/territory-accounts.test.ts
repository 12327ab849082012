import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDelimited } from '../../src/domain/delimited-text';
import { accountReader } from '../../src/domain/territory/account-row';
import { readColumns } from '../../src/domain/territory/read-columns';
import { known } from '../../src/sandbox/salesforce/schema';
import { Org as SandboxOrg } from '../../src/sandbox/salesforce/org';
import { TerritoryAccounts } from '../../src/systems/salesforce/territory-accounts';
import { Grounds } from '../sandbox/systems';
import { configuredFields, TerritoryOrg } from './territory-org';

const dir = mkdtempSync(join(tmpdir(), 'daytwo-territory-'));
const grounds = new Grounds();
const fields = configuredFields();
const wanted = readColumns(fields).map(({ field }) => field);
let at: TerritoryOrg;
let reader: TerritoryAccounts;
beforeAll(async () => {
  at = await TerritoryOrg.start(grounds);
  reader = new TerritoryAccounts(at.bulk, at.org);
});
afterAll(async () => {
  await grounds.close();
  rmSync(dir, { recursive: true, force: true });
});

test('every field that is configured stands in the org, and none is asked for twice', () => {
  const { account, sources, staging, actual, review } = fields;
  const named = [account, staging, actual, review].flatMap((group) => Object.values(group));
  const ofSources = Object.values(sources).flatMap(({ employees, address }) => [
    ...(employees === null ? [] : [employees]),
    ...Object.values(address ?? {}),
  ]);
  const there = [...known('Account').fields.values()].map(({ name }) => name);
  expect([...named, ...ofSources].filter((field) => !there.includes(field))).toEqual([]);
  expect(new Set(wanted).size).toBe(wanted.length);
});

test('an account is the same out of a file of all and alone, with the numbers of its opportunities', async () => {
  const [id = ''] = await at.make('Account', [
    {
      Name: 'Größe, "one"\nAG',
      Type: 'Customer',
      CARR__c: 1234.5,
      Named_Account__c: true,
      ZoomInfo_Employees__c: '1,200',
      ShippingPostalCode: 'sw1a 1aa',
      TSP_Max_Family_Employees__c: 5000,
      Admin_Manual_Until__c: '2027-01-31',
    },
  ]);
  const deal = { AccountId: id, Name: 'Deal', CloseDate: '2027-01-01' };
  await at.make('Opportunity', [
    { ...deal, StageName: '1-Discovery', Amount: 0.1 },
    { ...deal, StageName: '6-Awaiting Signature', Amount: 0.2 },
    { ...deal, StageName: 'Closed Won', Amount: 7 },
  ]);
  const read = accountReader(fields);
  const { files, rows } = await reader.all(wanted, dir);
  const text = files.map((file) => readFileSync(file, 'utf8')).join('');
  const [head, ...records] = readDelimited(text.trimEnd().split('\n'), ',');
  expect(head?.cells).toEqual(wanted);
  expect(rows).toBe(records.length);
  const ofFile = records.map(({ cells }) => read(cells)).find((account) => account.id === id);
  const [alone] = await reader.family(wanted, id);
  expect(read(alone ?? [])).toEqual(ofFile);
  expect(ofFile).toMatchObject({
    name: 'Größe, "one"\nAG',
    isCustomer: true,
    isNamed: true,
    isChannel: false,
    carrCents: 123_450,
    openPipelineCents: 30,
    openOpportunities: 2,
    manualUntil: '2027-01-31',
    sources: { zoominfo: { employees: '1,200' }, 'ship-to': { address: { postCode: 'sw1a 1aa' } } },
    staging: { maxFamilyEmployees: 5000, segment: null },
  });
});

test('since an instant, only what changed, and what was deleted', async () => {
  const [kept = '', gone = ''] = await at.make('Account', [{ Name: 'kept' }, { Name: 'gone' }]);
  const { SystemModstamp: since } = await at.one('Account', kept, ['SystemModstamp']);
  await at.org.remove('Account', [gone]);
  const changed = await reader.changedSince(String(since), 100);
  expect(changed).toContainEqual({ id: kept, isDeleted: false });
  expect(changed).toContainEqual({ id: gone, isDeleted: true });
  const { files, rows } = await reader.changed(['Id'], dir, String(since));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(1));
  expect(lines).toHaveLength(rows ?? 0);
  expect(lines).toEqual(expect.arrayContaining([`${kept},false`, `${gone},true`]));
  expect((await reader.changed(wanted, dir, '2099-01-01T00:00:00Z')).rows).toBe(0);
});

describe('a family', () => {
  const names = async (id: string) => (await reader.family(['Name'], id)).map(([name]) => name).sort();

  test('is found from any member of a chain of fourteen, with what hangs beside it', async () => {
    const org = new SandboxOrg(at.world);
    const ids: string[] = [];
    for (let depth = 0; depth < 14; depth++)
      ids.push(org.add('Account', { Name: `chain ${depth}`, ParentId: ids.at(-1) ?? null }, null).Id);
    org.add('Account', { Name: 'aside', ParentId: ids[3] ?? null }, null);
    const all = ['aside', ...ids.map((_, depth) => `chain ${depth}`)].sort();
    for (const member of [0, 6, 13]) expect(await names(ids[member] ?? '')).toEqual(all);
  });

  test('of 900 is found with few requests', async () => {
    const [top = ''] = await at.make('Account', [{ Name: 'top' }]);
    const [middle = ''] = await at.make('Account', [{ Name: 'middle', ParentId: top }]);
    const children = Array.from({ length: 898 }, () => ({ Name: 'child', ParentId: middle }));
    await at.make('Account', children);
    const log = at.world.table<{ path: string }>('log');
    const before = log.size;
    expect(await names(middle)).toHaveLength(900);
    // Up, three times down (the last of them two requests long), the accounts themselves.
    expect(log.size - before).toBeLessThanOrEqual(7);
  });

  test('of a cycle is the cycle, and of a parent that is not there those who name it', async () => {
    const [one = '', two = ''] = await at.make('Account', [{ Name: 'one' }, { Name: 'two' }]);
    await at.make('Account', [{ Name: 'below', ParentId: two }]);
    await at.change('Account', one, { ParentId: two });
    await at.change('Account', two, { ParentId: one });
    expect(await names(one)).toEqual(['below', 'one', 'two']);
    const missing = '001dt0099999999AAA';
    new SandboxOrg(at.world).add('Account', { Name: 'orphan', ParentId: missing }, null);
    const [orphan = ''] = (await at.org.query("SELECT Id FROM Account WHERE Name = 'orphan'")).map((row) =>
      String(row['Id']),
    );
    expect(await names(orphan)).toEqual(['orphan']);
    expect(await names(missing)).toEqual(['orphan']);
  });
});
