import { statSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type PersonRecord, type Store } from '../../src/evidence';
import { onBothDialects, row, type Ground } from './dialects';
import { Postgres } from './postgres';

const ada: PersonRecord = {
  employeeId: '104711',
  email: 'Ada.Example@example.com',
  name: 'Ada Example',
  title: 'Senior Account Executive',
  specialty: null,
  department: 'Enterprise Sales',
  division: 'Sales',
  entity: 'Inc',
  country: 'US',
  region: 'Americas',
  timeZone: 'America/New_York',
  managerEmail: null,
  startDate: '2026-11-23',
  status: 'joining',
  updatedAt: '2026-11-01T00:00:00.000Z',
};

onBothDialects((newGround) => {
  let ground: Ground;
  let store: Store;
  beforeEach(async () => {
    ground = await newGround();
    store = await ground.open();
  });
  afterEach(async () => {
    await store.close();
    await ground.end();
  });

  test('a person is found by id, and by address in any spelling', async () => {
    await store.putPerson(ada);
    expect(await store.personById('104711')).toEqual(ada);
    expect(await store.personByEmail(' ada.example@EXAMPLE.com')).toEqual(ada);
    expect(await store.personByEmail('nobody@example.com')).toBeNull();
    expect(await store.personById('1')).toBeNull();
  });

  test('everybody who has an address is found by it, whoever was changed last', async () => {
    const second = { ...ada, employeeId: '2', email: 'ADA.example@example.com', status: 'left' as const };
    for (const person of [ada, second]) await store.putPerson(person);
    const found = await store.everybodyWith(['Ada.Example@example.com', 'nobody@example.com']);
    expect([...found]).toEqual([['ada.example@example.com', [ada, second]]]);
    expect(await store.everybodyWith([])).toEqual(new Map());
  });

  test('a newer fact replaces an older one, and an older one that comes late changes nothing', async () => {
    const newer = { ...ada, title: 'Manager', updatedAt: '2026-11-02T00:00:00.000Z' };
    await store.putPerson(newer);
    await store.putPerson(ada);
    expect(await store.personById('104711')).toEqual(newer);
    await store.putPerson({ ...newer, title: 'Director', updatedAt: '2026-11-02T00:00:00.001Z' });
    expect((await store.personById('104711'))?.title).toBe('Director');
  });

  test('an address that a person had before stays known as theirs, whoever has it now', async () => {
    const at = (day: number) => `2026-11-0${day}T00:00:00.000Z`;
    const former = async () => (await store.leavers.formerEmails(['104711', '2'])).get('104711') ?? [];
    await store.putPerson(ada);
    await store.putPerson({ ...ada, email: 'ADA.example@example.com', title: 'Manager', updatedAt: at(2) });
    expect(await former()).toEqual([]);
    await store.putPerson({ ...ada, email: 'ada.married@example.com', updatedAt: at(3) });
    await store.putPerson({ ...ada, email: 'late.news@example.com', updatedAt: at(2) });
    expect(await former()).toEqual(['ada.example@example.com']);
    await store.putPerson({ ...ada, employeeId: '2', updatedAt: at(4) });
    expect(await former()).toEqual(['ada.example@example.com']);
    expect((await store.leavers.formerEmails(['2'])).size).toBe(0);
  });

  test('a list of the workforce that names another address keeps the one before, too', async () => {
    const active = { ...ada, status: 'active' as const };
    await store.putPerson(active);
    const listed = { ...active, email: 'ada.listed@example.com', updatedAt: '2026-11-05T00:00:00.000Z' };
    expect(await store.importPeople([listed])).toEqual(['changed']);
    expect(await store.importPeople([{ ...active, updatedAt: '2026-11-04T00:00:00.000Z' }])).toEqual([
      'newer',
    ]);
    expect([...(await store.leavers.formerEmails(['104711']))]).toEqual([
      ['104711', ['ada.example@example.com']],
    ]);
  });

  test('a story is told by person, request, address, or all of them together', async () => {
    await store.putPerson(ada);
    await store.append([
      row({ id: 'mine' }),
      row({ id: 'other', subject: '2', request: 'acme/access-requests#8' }),
    ]);
    const ids = async (filter: Parameters<Store['story']>[0]) => (await store.story(filter)).map((r) => r.id);
    expect(await ids({ employeeId: '2' })).toEqual(['other']);
    expect(await ids({ request: 'acme/access-requests#7' })).toEqual(['mine']);
    expect(await ids({ email: 'ADA.example@example.com' })).toEqual(['mine']);
    expect(await ids({ employeeId: '2', email: 'ada.example@example.com' })).toEqual([]);
    expect(await ids({})).toEqual([]);
  });

  test('a list of the workforce adds and changes, and gives way to what is newer or under way', async () => {
    const listed = { ...ada, status: 'active', updatedAt: '2026-11-20T00:00:00.000Z' } as const;
    const of = (employeeId: string, change: Partial<PersonRecord> = {}): PersonRecord => ({
      ...listed,
      employeeId,
      email: `${employeeId}@example.com`,
      ...change,
    });
    await store.putPerson(of('old', { title: 'Juggler', updatedAt: '2026-11-19T00:00:00Z' }));
    await store.putPerson(of('new', { title: 'Juggler', updatedAt: '2026-11-21T00:00:00Z' }));
    await store.putPerson(of('goes', { status: 'leaving', updatedAt: '2026-11-19T00:00:00Z' }));
    const list = ['unknown', 'old', 'new', 'goes'].map((id) => of(id));
    const told: number[] = [];
    expect(await store.importPeople(list, (done) => told.push(done))).toEqual([
      'added',
      'changed',
      'newer',
      'moving',
    ]);
    expect(told).toEqual([4]);
    expect(await store.importPeople(list)).toEqual(['same', 'same', 'newer', 'moving']);
    const people = await store.peopleById(['unknown', 'old', 'new', 'goes']);
    expect(people.get('old')).toEqual(of('old'));
    expect(people.get('new')?.title).toBe('Juggler');
    expect(people.get('goes')?.status).toBe('leaving');
  });

  test('people wait until they stop waiting, the longest first', async () => {
    await store.startWaiting('2', 'template', '2026-11-02T00:00:00Z');
    await store.startWaiting('1', 'template', '2026-11-01T00:00:00Z');
    await store.startWaiting('1', 'template', '2026-11-05T00:00:00Z');
    await store.startWaiting('3', 'seat', '2026-11-01T00:00:00Z');
    expect(await store.peopleWaiting('template')).toEqual([
      { employeeId: '1', since: '2026-11-01T00:00:00.000Z' },
      { employeeId: '2', since: '2026-11-02T00:00:00.000Z' },
    ]);
    await store.stopWaiting('1', 'template');
    await store.stopWaiting('1', 'template');
    expect((await store.peopleWaiting('template')).map((p) => p.employeeId)).toEqual(['2']);
  });

  test('an issue counts as seen until it changes', async () => {
    const project = 'acme/access-requests';
    expect(await store.wasSeen(project, 7, '2026-11-24T04:00:00Z')).toBe(false);
    await store.seenIssue(project, 7, '2026-11-24T04:00:00.000Z');
    expect(await store.wasSeen(project, 7, '2026-11-24T05:00:00+01:00')).toBe(true);
    expect(await store.wasSeen(project, 7, '2026-11-24T04:00:01Z')).toBe(false);
    await store.seenIssue(project, 7, '2026-11-24T03:00:00Z');
    expect(await store.wasSeen(project, 7, '2026-11-24T04:00:00Z')).toBe(true);
    expect(await store.wasSeen('acme/employment', 7, '2026-11-24T04:00:00Z')).toBe(false);
    const fresh = await store.notSeen(project, [
      { iid: 7, updatedAt: '2026-11-24T04:00:00Z' },
      { iid: 8, updatedAt: '2026-11-24T04:00:00Z' },
    ]);
    expect(fresh.map((issue) => issue.iid)).toEqual([8]);
  });

  test('the first digest of an HR event stays', async () => {
    expect(await store.hrEventDigest('e1')).toBeNull();
    await store.rememberHrEvent('e1', 'first', '2026-11-24T04:00:00Z');
    await store.rememberHrEvent('e1', 'second', '2026-11-24T04:00:00Z');
    expect(await store.hrEventDigest('e1')).toBe('first');
  });

  test('the store says that it is reachable, and that it no longer is', async () => {
    expect(await store.reachable()).toBe(true);
    const closed = await ground.open();
    await closed.close();
    expect(await closed.reachable()).toBe(false);
  });
});

test('the SQLite file is for its owner only', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-mode-'));
  const store = await openStore({ stateDir: dir, databaseUrl: null });
  await store.close();
  expect(statSync(join(dir, 'daytwo.db')).mode & 0o777).toBe(0o600);
  rmSync(dir, { recursive: true });
});

const known = Postgres.binaries() !== null;
(known ? describe : describe.skip)('PostgreSQL with a working role that owns nothing', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await Postgres.start();
  });
  afterAll(() => server.stop());

  test('it appends and reads, and may neither change, remove, nor switch the guards off', async () => {
    const name = await server.createDatabase();
    await server.run(name, 'CREATE ROLE worker LOGIN');
    const settings = {
      stateDir: '',
      databaseUrl: server.url('worker', name),
      databaseOwnerUrl: server.url('owner', name),
    };
    const first = await openStore(settings);
    await first.close();
    const store = await openStore(settings);
    await store.append([row(), row()]);
    await store.putPerson(ada);
    expect(await store.verify()).toMatchObject({ ok: true, rows: 2 });
    await store.close();
    const alone = await openStore({ ...settings, databaseOwnerUrl: null });
    expect(await alone.verify()).toMatchObject({ ok: true, rows: 2 });
    await alone.close();
    const asWorker = (statement: string) => server.run(name, `SET ROLE worker; ${statement}`);
    for (const statement of [
      `UPDATE evidence SET actor = 'x'`,
      'DELETE FROM evidence',
      'TRUNCATE evidence',
      'DELETE FROM evidence_head',
      'ALTER TABLE evidence DISABLE TRIGGER ALL',
      'DROP TABLE evidence',
      'SET session_replication_role = replica',
    ])
      await expect(asWorker(statement)).rejects.toThrow(/permission denied|must be owner/);
  });
});

test('a database that is not there is an error of opening, not of later', async () => {
  await expect(
    openStore({ stateDir: '', databaseUrl: 'postgres://nobody@localhost/none?host=/nonexistent-daytwo' }),
  ).rejects.toThrow();
});
