import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asOfDay, importInto, importPeople, showFrom } from '../../src/cli/people';
import { WrongUsage } from '../../src/cli/surroundings';
import { openStore, type Store } from '../../src/evidence';
import { accountExecutive } from '../support/desk';
import { Reader } from './fakes';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-people-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const AS_OF = '2026-11-20T00:00:00.000Z';
const worker = (id: string, change: Parameters<typeof accountExecutive>[1] = {}): object => {
  const { type: _, event_id: __, ...facts } = accountExecutive(id, { start_date: '2024-02-01', ...change });
  return facts;
};
const take = (records: readonly object[], reader = new Reader(), options: object = {}) =>
  importInto(
    store,
    Buffer.from(JSON.stringify(records)),
    { by: 'amber', asOf: AS_OF, json: false, skipBad: false, ...options },
    reader,
  );
const imported = async () => (await store.rowsAfter(0)).filter(({ kind }) => kind === 'people.imported');

describe('daytwo people import', () => {
  it('takes in those who worked here before, as active, and says so in the evidence', async () => {
    const reader = new Reader();
    expect(await take([worker('1'), worker('2')], reader)).toBe(0);
    expect(reader.text).toBe('2 people added, 0 changed.');
    expect(await store.personById('1')).toMatchObject({ status: 'active', updatedAt: AS_OF });
    expect(await imported()).toMatchObject([
      { actor: 'amber', channel: 'cli', subject: null, detail: { added: 2, changed: 0, asOf: AS_OF } },
    ]);
  });

  it('keeps names and addresses out of the evidence', async () => {
    await take([worker('1', { name: 'Very Secret', email: 'very.secret@daytwo.example' })]);
    expect(JSON.stringify(await store.rowsAfter(0))).not.toMatch(/secret/i);
  });

  it('changes nothing when it comes again, and records nothing', async () => {
    await take([worker('1')]);
    const again = new Reader();
    expect(await take([worker('1')], again)).toBe(0);
    expect(again.text).toBe('0 people added, 0 changed.\n  1 person known already with the same facts');
    expect(await imported()).toHaveLength(1);
  });

  it('leaves alone whom HR told of later, and who is leaving', async () => {
    await take([worker('1'), worker('2'), worker('3')]);
    const person = (await store.personById('1'))!;
    await store.putPerson({ ...person, title: 'Solutions Architect', updatedAt: '2026-11-22T00:00:00Z' });
    await store.putPerson({ ...(await store.personById('2'))!, status: 'leaving', updatedAt: AS_OF });
    const reader = new Reader();
    await take([worker('1'), worker('2'), worker('3', { region: 'EMEA', country: 'DE' })], reader);
    expect((await store.personById('1'))?.title).toBe('Solutions Architect');
    expect((await store.personById('2'))?.status).toBe('leaving');
    expect((await store.personById('3'))?.region).toBe('EMEA');
    expect(reader.text).toMatch(
      /^0 people added, 1 changed\.\n {2}1 person of whom.*\n {2}1 person who join/,
    );
  });

  it('names every problem with its place, and takes nobody in while there is one', async () => {
    await take([worker('9', { email: 'taken@daytwo.example' })]);
    const reader = new Reader();
    const records = [
      worker('1', { region: 'Atlantis', time_zone: 'Moon/Crater' }),
      worker('2', { email: 'TAKEN@daytwo.example' }),
      worker('3', { start_date: '2026-11-23' }),
      worker('4', { email: 'same@daytwo.example' }),
      worker('5', { email: 'Same@daytwo.example' }),
      worker('6', { country: 'Germany' }),
      worker('7'),
      worker('7', { title: 'Juggler' }),
      { type: 'employee.leaving', employee_id: '8' },
    ];
    expect(await take(records, reader)).toBe(1);
    for (const said of [
      /record 1 {2}region is not one of/,
      /record 1 {2}time_zone is not a zone/,
      /record 2 {2}the e-mail address belongs to employee 9 already/,
      /record 3 {2}start_date 2026-11-23 is after the list was taken/,
      /record 5 {2}the e-mail address stands on record 4 already/,
      /record 6 {2}country/,
      /record 8 {2}employee_id stands on record 7 already/,
      /record 9 {2}type isn't for `daytwo people import`/,
      /Nothing was taken in/,
    ])
      expect(reader.complaints).toMatch(said);
    expect(reader.complaints).not.toMatch(/same@|taken@/i);
    expect(await store.personById('7')).toBeNull();
  });

  it('with --skip-bad takes the others in, and still answers 1', async () => {
    const reader = new Reader();
    expect(
      await take([worker('1', { region: 'Atlantis' }), worker('2')], reader, { skipBad: true, json: true }),
    ).toBe(1);
    expect(await store.personById('1')).toBeNull();
    expect(await store.personById('2')).not.toBeNull();
    expect(JSON.parse(reader.said.at(-1)!)).toEqual({
      result: 'imported',
      as_of: AS_OF,
      bad: 1,
      added: 1,
      changed: 0,
      same: 0,
      newer: 0,
      moving: 0,
    });
  });

  it('lets two people swap their addresses in one list', async () => {
    await take([worker('1', { email: 'a@daytwo.example' }), worker('2', { email: 'b@daytwo.example' })]);
    expect(
      await take([worker('1', { email: 'b@daytwo.example' }), worker('2', { email: 'a@daytwo.example' })]),
    ).toBe(0);
    expect((await store.personByEmail('b@daytwo.example'))?.employeeId).toBe('1');
  });

  it('takes 5,000 people in, in one go', async () => {
    const reader = new Reader();
    const many = Array.from({ length: 5000 }, (_, at) => worker(`w${at}`));
    expect(await take(many, reader)).toBe(0);
    expect(reader.text).toBe('5,000 people added, 0 changed.');
    expect(await store.activePeople('Americas')).toHaveLength(5000);
  });

  it('reads a CSV without Temporal, and needs a user name', async () => {
    await store.close();
    const facts = worker('1') as Record<string, string | null>;
    const csv = `${Object.keys(facts).join(',')}\n${Object.values(facts)
      .map((one) => one ?? '')
      .join(',')}\n`;
    const reader = new Reader({ DAYTWO_STATE_DIR: dir, TEMPORAL_ADDRESS: '127.0.0.1:1' }, csv);
    expect(await importPeople('-', { by: '@amber' }, reader)).toBe(0);
    await expect(importPeople('-', { by: 'a b' }, reader)).rejects.toThrow(WrongUsage);
    store = await openStore({ stateDir: dir, databaseUrl: null });
    expect(await store.personById('1')).toMatchObject({ updatedAt: '2026-11-24T12:00:00.000Z' });
  });

  it('counts a list as taken when its file was written, unless it is said', () => {
    const file = join(dir, 'list.csv');
    writeFileSync(file, '');
    utimesSync(file, new Date('2026-11-18T07:00:00Z'), new Date('2026-11-18T07:00:00Z'));
    const now = new Date('2026-11-24T12:00:00Z');
    expect(asOfDay(undefined, file, now)).toBe('2026-11-18T07:00:00.000Z');
    expect(asOfDay('2026-11-20', file, now)).toBe(AS_OF);
    expect(asOfDay(undefined, '-', now)).toBe(now.toISOString());
    for (const wrong of ['2026-11-25', 'yesterday', '2026-13-01'])
      expect(() => asOfDay(wrong, file, now)).toThrow(WrongUsage);
  });
});

describe('daytwo people show', () => {
  it('says what is known, without name and addresses', async () => {
    await take([
      worker('1', { email: 'boss@daytwo.example' }),
      worker('2', { name: 'Very Secret', manager_email: 'boss@daytwo.example' }),
    ]);
    const reader = new Reader();
    expect(await showFrom(store, '2', {}, reader)).toBe(0);
    expect(reader.text).toMatch(/^Employee {4}2, active\nRole/);
    expect(reader.text).toMatch(/Manager {5}employee 1/);
    const json = new Reader();
    await showFrom(store, 'boss@daytwo.example', { json: true }, json);
    expect(JSON.parse(json.text)).toMatchObject({ employee_id: '1', status: 'active', as_of: AS_OF });
    expect(reader.text + json.text).not.toMatch(/secret|@/i);
  });

  it('says where nobody is known', async () => {
    await expect(showFrom(store, 'no@daytwo.example', {}, new Reader())).rejects.toThrow(
      /Nobody with this e-mail/,
    );
    await expect(showFrom(store, '77', {}, new Reader())).rejects.toThrow(/employee id 77/);
  });
});
