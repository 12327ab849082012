import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTerritoryPeople, routed } from '../../src/activities/territory-people';
import { inactiveIn } from '../../src/cli/territory-check';
import { noteUpload, writeFile } from '../../src/cli/territory-router';
import { whatIfFrom } from '../../src/cli/territory-what-if';
import type { TerritoryRow } from '../../src/domain/territory/table';
import { Reader } from '../cli/fakes';
import { CONFIG } from '../handbook/sample';
import { LeaverOrg } from '../systems/leaver-org';
import { Ground } from './ground';

let ground: Ground;
let at: LeaverOrg;
beforeAll(async () => {
  ground = await Ground.start();
  at = new LeaverOrg(ground.systems);
});
afterAll(() => ground.stop());

const rows = (): readonly TerritoryRow[] => ground.handbook.territory?.rows ?? [];
const read = () => readTerritoryPeople(ground.world, rows());
const idOf = async (object: string, where: string): Promise<string> => {
  const [row] = await at.org.query(`SELECT Id FROM ${object} WHERE ${where}`);
  return String(row?.['Id']);
};
const CLARA = "Email = 'clara.neumann@daytwo.example'";
const NIALL = "Email = 'niall.byrne@daytwo.example'";
const BENELUX = 'MM-EMEA-Benelux-1';

test('the org begins as the tables say it; who works a territory is its user', async () => {
  const { people, drift, inactive } = await read();
  expect([drift, inactive]).toEqual([[], []]);
  expect(people.get(BENELUX)).toEqual({
    territory: BENELUX,
    ownerId: await idOf('User', CLARA),
    ownerIsActive: true,
    isToBeHired: false,
    coverId: null,
  });
  expect(people.get('MM-EMEA-Central-DE 3x')).toMatchObject({ isToBeHired: true, ownerId: null });
  expect(people.size).toBe(101);
});

test('a table that was changed alone gives nobody an account', async () => {
  expect(await noteUpload(ground.world, 'amber', {}, new Reader())).toBe(0);
  expect((await routed(ground.world))?.size).toBe(101);
  expect((await read()).drift).toEqual([]);
  const alone = rows().map((row) =>
    row.territory === BENELUX ? { ...row, owner: { name: 'Niall Byrne', cover: null } } : row,
  );
  const { people, drift } = await readTerritoryPeople(ground.world, alone);
  expect(drift).toEqual([{ territory: BENELUX, kind: 'table-alone' }]);
  expect(people.get(BENELUX)?.ownerId).toBe(await idOf('User', CLARA));
});

test('a change goes from Salesforce to the table to the router, and what is missing is named', async () => {
  const reader = new Reader();
  const niall = await idOf('User', NIALL);

  await at.change('Territory__c', await idOf('Territory__c', `Name = '${BENELUX}'`), { OwnerId: niall });
  const { people, drift } = await read();
  expect(drift).toEqual([{ territory: BENELUX, kind: 'table-behind' }]);
  expect(people.get(BENELUX)?.ownerId).toBe(niall);
  expect(await writeFile(ground.world, {}, reader)).toBe(1);
  expect(reader.text).not.toContain(BENELUX);
  await expect(noteUpload(ground.world, 'amber', {}, reader)).rejects.toThrow(/first Salesforce/);

  const changed = rows().map((row) =>
    row.territory === BENELUX ? { ...row, owner: { name: 'Niall Byrne', cover: null } } : row,
  );
  expect((await readTerritoryPeople(ground.world, changed)).drift).toEqual([
    { territory: BENELUX, kind: 'router-behind' },
  ]);
});

test('an owner who is no active user any more is named at each of their lines', async () => {
  await at.change('User', await idOf('User', NIALL), { IsActive: false });
  const { people, inactive } = await read();
  expect(inactive).toEqual(['Niall Byrne']);
  expect(people.get('MM-EMEA-UK-1')?.ownerIsActive).toBe(false);
  const told = inactiveIn(rows(), inactive);
  expect(told[0]).toMatchObject({ value: 'Niall Byrne', problem: 'Sales: no active user of Salesforce' });
  expect(told).toHaveLength(new Set(told.map(({ file, line }) => `${file}:${line}`)).size);
});

test('other tables are planned beside those of the handbook, for the org as it is now', async () => {
  for (const [name, country] of [
    ['A', 'France'],
    ['B', 'NL'],
  ])
    await at.one('Account', {
      Name: name,
      ZoomInfo_Employees__c: '500',
      ZoomInfo_Country__c: country,
      CARR__c: 100,
    });
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-what-if-'));
  try {
    cpSync(join(CONFIG, 'territory/tables'), dir, { recursive: true });
    const file = join(dir, 'mid-market.csv');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^(Southern.*)Niall Byrne/m, '$1Ben Okoye'));
    const reader = new Reader();
    expect(await whatIfFrom(ground.world, dir, { json: true }, reader)).toBe(0);
    expect(JSON.parse(reader.text)).toMatchObject({
      all: { accounts: 2, carrCents: 20_000 },
      moved: { accounts: 1, carrCents: 10_000 },
      placedAnew: { accounts: 0 },
      owners: expect.arrayContaining([
        expect.objectContaining({ name: 'Ben Okoye', after: expect.objectContaining({ accounts: 1 }) }),
      ]),
      countries: expect.arrayContaining([
        expect.objectContaining({ name: 'FR', moved: expect.objectContaining({ accounts: 1 }) }),
      ]),
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
