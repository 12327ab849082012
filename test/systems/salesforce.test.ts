import type { AccessWay, GrantItem, GrantPerson } from '../../src/systems/connector';
import { Salesforce } from '../../src/systems/salesforce';
import { item, person, Systems } from './fixture';

let systems: Systems;
beforeAll(async () => {
  systems = await Systems.start();
});
beforeEach(() => systems.reset());
afterAll(() => systems.stop());

const connect = (): Salesforce => {
  const { loginUrl, clientId, clientSecret, username } = systems.files.salesforce;
  return new Salesforce({ loginUrl, clientId, clientSecret, username });
};
const USER: AccessWay = { kind: 'salesforce-user' };
const INBOX: AccessWay = {
  kind: 'salesforce-psl',
  permissionSetLicense: 'Inbox',
  permissionSet: 'Inbox_User',
};
const LEANDATA: AccessWay = { kind: 'salesforce-package', namespace: 'LeanData' };

const user = (who?: GrantPerson, changes: Partial<GrantItem['access']> = {}): GrantItem =>
  item(
    'salesforce',
    {
      way: USER,
      system: 'salesforce',
      profile: 'Sales User',
      role: 'Enterprise AE - Americas',
      permissionSets: ['Quoting_User'],
      ...changes,
    },
    who,
  );
const inbox = (who?: GrantPerson): GrantItem =>
  item('salesforce-inbox', { way: INBOX, system: 'salesforce-inbox' }, who);
const leandata = (who?: GrantPerson): GrantItem =>
  item('leandata', { way: LEANDATA, system: 'leandata' }, who);
const outcomes = async (batch: Promise<ReadonlyMap<string, unknown>>) => Object.fromEntries(await batch);
const usersOf = async (email: string) => connect().find(USER, [email]);

test('a user, a permission-set licence and a package licence are granted in one batch, and read back', async () => {
  expect(await outcomes(connect().grant([user(), inbox(), leandata()]))).toEqual({
    salesforce: {
      kind: 'granted',
      verified: true,
      detail: 'profile Sales User, role Enterprise AE - Americas',
    },
    'salesforce-inbox': { kind: 'granted', verified: true, detail: 'licence Inbox' },
    leandata: { kind: 'granted', verified: true, detail: 'licence LeanData' },
  });
  expect(await usersOf(person().email)).toEqual([
    expect.objectContaining({ email: person().email, state: 'active', role: 'Sales User' }),
  ]);
});

test('asked again, nothing is done twice', async () => {
  await connect().grant([user(), inbox(), leandata()]);
  const log = await systems.watch();
  const later = new Date(Date.now() + 60_000).toISOString();
  const again = [user(), inbox(), leandata()].map((one) => ({ ...one, since: later }));
  expect(await outcomes(connect().grant(again))).toMatchObject({
    salesforce: { kind: 'already' },
    'salesforce-inbox': { kind: 'already' },
    leandata: { kind: 'already' },
  });
  expect((await log()).filter(({ method, path }) => method !== 'GET' && !path.includes('oauth2'))).toEqual(
    [],
  );
});

test('a user who was deactivated is woken, with what was approved now', async () => {
  await connect().grant([user()]);
  await connect().revoke([user()]);
  expect(await usersOf(person().email)).toEqual([expect.objectContaining({ state: 'inactive' })]);
  expect(await outcomes(connect().grant([user(undefined, { role: 'Commercial AE - Americas' })]))).toEqual({
    salesforce: {
      kind: 'granted',
      verified: true,
      detail: 'profile Sales User, role Commercial AE - Americas',
    },
  });
  expect(await usersOf(person().email)).toHaveLength(1);
});

describe('no seat', () => {
  test('of Salesforce: the user waits, and what hangs on it is not tried', async () => {
    await systems.salesforce('PATCH', '/licences', { name: 'Salesforce', total: 0 });
    expect(await outcomes(connect().grant([user(), inbox(), leandata()]))).toEqual({
      salesforce: { kind: 'waiting_for_seat', licence: 'Salesforce' },
    });
    await systems.salesforce('PATCH', '/licences', { name: 'Salesforce', total: 500 });
    expect(await outcomes(connect().grant([user(), inbox()]))).toMatchObject({
      salesforce: { kind: 'granted' },
      'salesforce-inbox': { kind: 'granted' },
    });
  });

  test.each([
    ['a permission-set licence', 'Inbox', inbox],
    ['a package licence', 'LeanData', leandata],
  ])('of %s: that one waits, the user is granted', async (_what, name, licence) => {
    await systems.salesforce('PATCH', '/licences', { name, total: 0 });
    const found = await outcomes(connect().grant([user(), licence()]));
    expect(found).toMatchObject({ salesforce: { kind: 'granted' } });
    expect(found[licence().id]).toEqual({ kind: 'waiting_for_seat', licence: name });
  });
});

describe('what no retry mends is a task for a person', () => {
  test.each([
    ['a user name', 'amber@daytwo.example'],
    ['a federation id', person().email],
  ])('%s that somebody else has', async (_what, email) => {
    await connect().grant([user(person({ employeeId: '1' }))]);
    const found = await outcomes(connect().grant([user(person({ employeeId: '2', email }))]));
    expect(found['salesforce']).toMatchObject({
      kind: 'needs_person',
      problem: expect.stringContaining('taken by somebody else'),
    });
    expect(JSON.stringify(found)).not.toContain(email);
  });

  test.each([
    ['a profile that does not exist', { profile: 'Nobody' }, 'no profile "Nobody"'],
    ['a role that does not exist', { role: 'Nobody' }, 'no role "Nobody"'],
    ['a permission set that does not exist', { permissionSets: ['Nobody'] }, '"Nobody"'],
  ])('%s', async (_what, changes, problem) => {
    expect((await outcomes(connect().grant([user(undefined, changes)])))['salesforce']).toMatchObject({
      kind: 'needs_person',
      problem: expect.stringContaining(problem),
    });
  });

  test('a licence that the org has not', async () => {
    const none = item('x', { way: { kind: 'salesforce-package', namespace: 'Nobody' }, system: 'x' });
    expect((await outcomes(connect().grant([user(), none])))['x']).toMatchObject({
      kind: 'needs_person',
      problem: expect.stringContaining('no licence "Nobody"'),
    });
  });

  test('a licence for somebody without a user', async () => {
    expect((await outcomes(connect().grant([inbox()])))['salesforce-inbox']).toMatchObject({
      kind: 'needs_person',
      problem: expect.stringContaining('no active Salesforce user'),
    });
  });
});

test('one bad member of a batch fails none of the others', async () => {
  const good = person();
  const bad = person({ employeeId: '2', email: 'bob@daytwo.example', name: 'Bob', timeZone: 'Mars/Olympus' });
  const found = await outcomes(
    connect().grant([
      { ...user(bad), id: 'bad' },
      { ...user(good), id: 'good' },
    ]),
  );
  expect(found).toMatchObject({ bad: { kind: 'needs_person' }, good: { kind: 'granted' } });
});

test('hostile names reach no query and no other record', async () => {
  const hostile = person({
    email: `o'neil+x@daytwo.example`,
    name: `Robert'); DROP -- O'Neil`,
    employeeId: "7' OR '1'='1",
  });
  expect(await outcomes(connect().grant([user(hostile), inbox(hostile)]))).toMatchObject({
    salesforce: { kind: 'granted' },
    'salesforce-inbox': { kind: 'granted' },
  });
  expect(await usersOf(hostile.email)).toHaveLength(1);
});

test('an answer that is lost after the effect makes no second user', async () => {
  await systems.fault({
    system: 'salesforce',
    method: 'POST',
    path: '/composite/sobjects',
    kind: 'lose-answer',
    count: 1,
  });
  await expect(connect().grant([user(), inbox()])).rejects.toMatchObject({
    name: 'SystemFault',
    system: 'salesforce',
    retryable: true,
  });
  expect(await outcomes(connect().grant([user(), inbox()]))).toMatchObject({
    salesforce: { kind: 'granted' },
    'salesforce-inbox': { kind: 'granted' },
  });
  expect(await usersOf(person().email)).toHaveLength(1);
});

describe('a user who is woken', () => {
  const asleep = async () => {
    await connect().grant([user()]);
    await connect().revoke([user()]);
    return { ...user(), since: new Date(Date.now() + 60_000).toISOString() };
  };
  const changes = async (log: Awaited<ReturnType<Systems['watch']>>) =>
    (await log()).filter(({ method }) => method === 'PATCH');

  test('and the answer is lost: it came about, is sent once, and stays our doing', async () => {
    const later = await asleep();
    await systems.fault({ system: 'salesforce', kind: 'lose-answer', method: 'PATCH', count: 1 });
    const log = await systems.watch();
    expect(await outcomes(connect().grant([later]))).toMatchObject({ salesforce: { kind: 'granted' } });
    expect(await changes(log)).toHaveLength(1);
  });

  test('but it did not come about: a fault, and Temporal tries again', async () => {
    const later = await asleep();
    await systems.fault({ system: 'salesforce', kind: 'status', status: 503, method: 'PATCH', count: 1 });
    const log = await systems.watch();
    await expect(connect().grant([later])).rejects.toMatchObject({ system: 'salesforce', retryable: true });
    expect(await changes(log)).toHaveLength(1);
  });
});

test('a session that has ended is renewed by itself, once', async () => {
  const org = connect();
  await org.grant([user()]);
  await systems.salesforce('POST', '/expire-sessions');
  const log = await systems.watch();
  expect(await outcomes(org.grant([inbox()]))).toMatchObject({ 'salesforce-inbox': { kind: 'granted' } });
  expect((await log()).filter(({ path }) => path.includes('oauth2/token'))).toHaveLength(1);
});

test('a wrong secret is a fault that no retry mends, and names what to check', async () => {
  const { loginUrl, clientId, username } = systems.files.salesforce;
  const fault = new Salesforce({ loginUrl, clientId, username, clientSecret: 'wrong-secret' }).grant([
    user(),
  ]);
  await expect(fault).rejects.toMatchObject({
    retryable: false,
    message: expect.stringContaining('SALESFORCE_CLIENT_ID'),
  });
  await expect(fault).rejects.not.toMatchObject({ message: expect.stringContaining('wrong-secret') });
});

test('what was granted is taken back and read back; taken back again, there is nothing', async () => {
  const all = [user(), inbox(), leandata()];
  await connect().grant(all);
  expect(await outcomes(connect().revoke(all))).toEqual({
    salesforce: { kind: 'revoked', verified: true },
    'salesforce-inbox': { kind: 'revoked', verified: true },
    leandata: { kind: 'revoked', verified: true },
  });
  expect(await outcomes(connect().revoke(all))).toMatchObject({
    salesforce: { kind: 'not_applicable' },
    'salesforce-inbox': { kind: 'not_applicable' },
    leandata: { kind: 'not_applicable' },
  });
});
