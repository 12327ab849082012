import type { AccessWay, GrantItem, GrantPerson } from '../../src/systems/connector';
import { SystemFault } from '../../src/systems/fault';
import { Salesforce } from '../../src/systems/salesforce';
import { Org } from '../../src/systems/salesforce/org';
import { again, begin, begun, item, person, Systems } from './fixture';

let systems: Systems;
beforeAll(async () => {
  systems = await Systems.start();
});
beforeEach(() => {
  begun.length = 0;
  return systems.reset();
});
afterEach(() => jest.restoreAllMocks());
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
  expect(await outcomes(connect().grant([user(), inbox(), leandata()], begin))).toEqual({
    salesforce: {
      kind: 'granted',
      verified: true,
      detail: 'profile Sales User, role Enterprise AE - Americas, permission sets Quoting_User',
    },
    'salesforce-inbox': { kind: 'granted', verified: true, detail: 'licence Inbox' },
    leandata: { kind: 'granted', verified: true, detail: 'licence LeanData' },
  });
  expect(await usersOf(person().email)).toEqual([
    expect.objectContaining({ email: person().email, state: 'active', profile: 'Sales User' }),
  ]);
});

test('asked again, nothing is done twice', async () => {
  await connect().grant([user(), inbox(), leandata()], begin);
  const log = await systems.watch();
  const all = [user(), inbox(), leandata()];
  const as = (kind: string) => ({
    salesforce: { kind },
    'salesforce-inbox': { kind },
    leandata: { kind },
  });
  expect(await outcomes(connect().grant(all, begin))).toMatchObject(as('already'));
  expect(await outcomes(connect().grant(all.map(again), begin))).toMatchObject(as('granted'));
  expect((await log()).filter(({ method, path }) => method !== 'GET' && !path.includes('oauth2'))).toEqual(
    [],
  );
});

test('a user who was deactivated is woken, with what was approved now', async () => {
  await connect().grant([user()], begin);
  await connect().revoke([user()], begin);
  expect(await usersOf(person().email)).toEqual([expect.objectContaining({ state: 'inactive' })]);
  expect(
    await outcomes(connect().grant([user(undefined, { role: 'Commercial AE - Americas' })], begin)),
  ).toEqual({
    salesforce: {
      kind: 'granted',
      verified: true,
      detail: 'profile Sales User, role Commercial AE - Americas, permission sets Quoting_User',
    },
  });
  expect(await usersOf(person().email)).toHaveLength(1);
});

describe('no seat', () => {
  test('of Salesforce: the user waits, and what hangs on it is not tried', async () => {
    await systems.salesforce('PATCH', '/licences', { name: 'Salesforce', total: 0 });
    expect(await outcomes(connect().grant([user(), inbox(), leandata()], begin))).toEqual({
      salesforce: { kind: 'waiting_for_seat', licence: 'Salesforce' },
    });
    await systems.salesforce('PATCH', '/licences', { name: 'Salesforce', total: 500 });
    expect(await outcomes(connect().grant([user(), inbox()], begin))).toMatchObject({
      salesforce: { kind: 'granted' },
      'salesforce-inbox': { kind: 'granted' },
    });
  });

  test.each([
    ['a permission-set licence', 'Inbox', inbox],
    ['a package licence', 'LeanData', leandata],
  ])('of %s: that one waits, the user is granted', async (_what, name, licence) => {
    await systems.salesforce('PATCH', '/licences', { name, total: 0 });
    const found = await outcomes(connect().grant([user(), licence()], begin));
    expect(found).toMatchObject({ salesforce: { kind: 'granted' } });
    expect(found[licence().id]).toEqual({ kind: 'waiting_for_seat', licence: name });
  });
});

describe('what no retry mends is a task for a person', () => {
  test.each([
    ['a user name', 'amber@daytwo.example'],
    ['a federation id', person().email],
  ])('%s that somebody else has', async (_what, email) => {
    await connect().grant([user(person({ employeeId: '1' }))], begin);
    const found = await outcomes(connect().grant([user(person({ employeeId: '2', email }))], begin));
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
    expect((await outcomes(connect().grant([user(undefined, changes)], begin)))['salesforce']).toMatchObject({
      kind: 'needs_person',
      problem: expect.stringContaining(problem),
    });
  });

  test('a licence that the org has not', async () => {
    const none = item('x', { way: { kind: 'salesforce-package', namespace: 'Nobody' }, system: 'x' });
    expect((await outcomes(connect().grant([user(), none], begin)))['x']).toMatchObject({
      kind: 'needs_person',
      problem: expect.stringContaining('no licence "Nobody"'),
    });
  });

  test('a licence for somebody without a user', async () => {
    expect((await outcomes(connect().grant([inbox()], begin)))['salesforce-inbox']).toMatchObject({
      kind: 'needs_person',
      problem: expect.stringContaining('no active Salesforce user'),
    });
  });
});

test('one bad member of a batch fails none of the others', async () => {
  const good = person();
  const bad = person({ employeeId: '2', email: 'bob@daytwo.example', name: 'Bob', timeZone: 'Mars/Olympus' });
  const found = await outcomes(
    connect().grant(
      [
        { ...user(bad), id: 'bad' },
        { ...user(good), id: 'good' },
      ],
      begin,
    ),
  );
  expect(found).toMatchObject({ bad: { kind: 'needs_person' }, good: { kind: 'granted' } });
});

test('hostile names reach no query and no other record', async () => {
  const hostile = person({
    email: `o'neil+x@daytwo.example`,
    name: `Robert'); DROP -- O'Neil`,
    employeeId: "7' OR '1'='1",
  });
  expect(await outcomes(connect().grant([user(hostile), inbox(hostile)], begin))).toMatchObject({
    salesforce: { kind: 'granted' },
    'salesforce-inbox': { kind: 'granted' },
  });
  expect(await usersOf(hostile.email)).toHaveLength(1);
});

describe('an answer that is lost after the effect', () => {
  const lose = (method: string) =>
    systems.fault({
      system: 'salesforce',
      method,
      path: '/composite/sobjects',
      kind: 'lose-answer',
      count: 1,
    });
  const sent = async (log: Awaited<ReturnType<Systems['watch']>>, method: string) =>
    (await log()).filter((one) => one.method === method && one.path.includes('/composite/sobjects'));

  test('makes no second user, holds up what hangs on it, and is known as ours by whoever began it', async () => {
    await lose('POST');
    expect(await outcomes(connect().grant([user(), inbox()], begin))).toEqual({
      salesforce: { kind: 'waiting_for_system', system: 'salesforce', code: expect.any(String) },
    });
    expect(begun).toEqual(['salesforce: no user']);
    expect(await outcomes(connect().grant([again(user()), inbox()], begin))).toMatchObject({
      salesforce: { kind: 'granted' },
      'salesforce-inbox': { kind: 'granted' },
    });
    expect(await usersOf(person().email)).toHaveLength(1);
  });

  test.each(['wake', 'take back'] as const)('to %s a user: the same, and it is sent once', async (what) => {
    await connect().grant([user()], begin);
    if (what === 'wake') await connect().revoke([user()], begin);
    const act = what === 'wake' ? 'grant' : 'revoke';
    await lose('PATCH');
    const log = await systems.watch();
    expect(await outcomes(connect()[act]([user()], begin))).toMatchObject({
      salesforce: { kind: 'waiting_for_system' },
    });
    expect(begun.at(-1)).toBe(`salesforce: an ${what === 'wake' ? 'inactive' : 'active'} user`);
    expect(await outcomes(connect()[act]([again(user())], begin))).toMatchObject({
      salesforce: { kind: what === 'wake' ? 'granted' : 'revoked' },
    });
    expect(await sent(log, 'PATCH')).toHaveLength(1);
  });
});

test('a permission set that was taken but is not shown is not taken at its word', async () => {
  const create = Org.prototype.create;
  jest.spyOn(Org.prototype, 'create').mockImplementation(function (this: Org, object, records) {
    return object === 'PermissionSetAssignment'
      ? Promise.resolve(records.map(() => ({ success: true, id: 'x' })))
      : create.call(this, object, records);
  });
  expect(await outcomes(connect().grant([user()], begin))).toMatchObject({
    salesforce: {
      kind: 'needs_person',
      problem: expect.stringContaining('is not shown after it was assigned'),
    },
  });
});

test('a record that is locked for a moment waits, and holds up no other', async () => {
  const create = Org.prototype.create;
  jest.spyOn(Org.prototype, 'create').mockImplementation(function (this: Org, object, records) {
    return object === 'PermissionSetLicenseAssign'
      ? Promise.resolve(records.map(() => ({ success: false, code: 'UNABLE_TO_LOCK_ROW' })))
      : create.call(this, object, records);
  });
  expect(await outcomes(connect().grant([user(), inbox(), leandata()], begin))).toMatchObject({
    salesforce: { kind: 'granted' },
    'salesforce-inbox': { kind: 'waiting_for_system', code: 'UNABLE_TO_LOCK_ROW' },
    leandata: { kind: 'granted' },
  });
});

test('a licence that the org has not is nothing to take back', async () => {
  const none = item('x', { way: { kind: 'salesforce-package', namespace: 'Nobody' }, system: 'x' });
  expect(await outcomes(connect().revoke([user(), none], begin))).toMatchObject({
    salesforce: { kind: 'not_applicable' },
    x: { kind: 'not_applicable' },
  });
});

test('a fault in the licence step leaves the user granted who was made just before', async () => {
  const query = Org.prototype.query;
  jest.spyOn(Org.prototype, 'query').mockImplementation(function (this: Org, soql) {
    return soql.includes('FROM PackageLicense')
      ? Promise.reject(new SystemFault('salesforce', 'INSUFFICIENT_ACCESS', false, 'a query was refused'))
      : query.call(this, soql);
  });
  await systems.fault({
    system: 'salesforce',
    kind: 'status',
    status: 503,
    path: 'PermissionSetLicense',
    method: 'GET',
  });
  expect(await outcomes(connect().grant([user(), inbox(), leandata()], begin))).toMatchObject({
    salesforce: { kind: 'granted', verified: true },
    'salesforce-inbox': { kind: 'waiting_for_system' },
    leandata: { kind: 'needs_person', problem: 'salesforce refused: INSUFFICIENT_ACCESS' },
  });
});

describe('a user who was active before us is left as they are', () => {
  test.each([
    [
      'another role',
      { role: 'Commercial AE - Americas' },
      'the user was there before, with profile Sales User, role Enterprise AE - Americas; approved is profile Sales User, role Commercial AE - Americas, permission sets Quoting_User',
    ],
    [
      'a permission set less',
      { permissionSets: ['Quoting_User', 'Inbox_User'] },
      'without permission set Inbox_User',
    ],
  ])('with %s it is for a person, and nothing is changed', async (_what, changes, problem) => {
    await connect().grant([user()], begin);
    const log = await systems.watch();
    expect(await outcomes(connect().grant([user(undefined, changes)], begin))).toMatchObject({
      salesforce: { kind: 'needs_person', problem: expect.stringContaining(problem) },
    });
    const writes = (await log()).filter(({ method, path }) => method !== 'GET' && !path.includes('oauth2'));
    expect(writes).toEqual([]);
  });

  test('a licence without its permission set, too', async () => {
    const bare = item('salesforce-inbox', {
      way: { ...INBOX, permissionSet: null } as AccessWay,
      system: 'salesforce-inbox',
    });
    await connect().grant([user(), bare], begin);
    expect(await outcomes(connect().grant([inbox()], begin))).toMatchObject({
      'salesforce-inbox': {
        kind: 'needs_person',
        problem: expect.stringContaining('without the permission set'),
      },
    });
    expect(await outcomes(connect().grant([again(inbox())], begin))).toMatchObject({
      'salesforce-inbox': { kind: 'granted' },
    });
  });
});

test('a session that has ended is renewed by itself, once', async () => {
  const org = connect();
  await org.grant([user()], begin);
  await systems.salesforce('POST', '/expire-sessions');
  const log = await systems.watch();
  expect(await outcomes(org.grant([inbox()], begin))).toMatchObject({
    'salesforce-inbox': { kind: 'granted' },
  });
  expect((await log()).filter(({ path }) => path.includes('oauth2/token'))).toHaveLength(1);
});

test('a wrong secret is for a person; it is not named, but what to check is', async () => {
  const { loginUrl, clientId, username } = systems.files.salesforce;
  const org = new Salesforce({ loginUrl, clientId, username, clientSecret: 'wrong-secret' });
  const found = await outcomes(org.grant([user()], begin));
  expect(found).toMatchObject({
    salesforce: {
      kind: 'needs_person',
      problem: expect.stringContaining('salesforce refused: invalid_client'),
    },
  });
  expect(JSON.stringify(found)).not.toContain('wrong-secret');
  await expect(org.find(USER, [person().email])).rejects.toMatchObject({
    retryable: false,
    message: expect.stringContaining('SALESFORCE_CLIENT_ID'),
  });
});

test('what was granted is taken back and read back; taken back again, there is nothing', async () => {
  const all = [user(), inbox(), leandata()];
  await connect().grant(all, begin);
  expect(await outcomes(connect().revoke(all, begin))).toEqual({
    salesforce: { kind: 'revoked', verified: true },
    'salesforce-inbox': { kind: 'revoked', verified: true },
    leandata: { kind: 'revoked', verified: true },
  });
  expect(await outcomes(connect().revoke(all, begin))).toMatchObject({
    salesforce: { kind: 'not_applicable' },
    'salesforce-inbox': { kind: 'not_applicable' },
    leandata: { kind: 'not_applicable' },
  });
});

describe('many at once', () => {
  const people = (n: number): GrantPerson[] =>
    Array.from({ length: n }, (_, at) =>
      person({ employeeId: `m${at}`, email: `m${at}@daytwo.example`, name: `Mo Many${at}` }),
    );
  const each = (who: readonly GrantPerson[], of: (one: GrantPerson) => GrantItem): GrantItem[] =>
    who.map((one) => ({ ...of(one), id: `${of(one).id}/${one.employeeId}` }));

  test('what is to be changed is written down in one write for each step', async () => {
    const writes: number[] = [];
    const who = people(30);
    await connect().grant([...each(who, user), ...each(who, inbox)], (items) => {
      writes.push(items.length);
      return Promise.resolve();
    });
    expect(writes).toEqual([30, 30]);
  });

  test('seats that run out inside a batch: who was refused waits, the others are granted', async () => {
    const who = people(5);
    await systems.salesforce('PATCH', '/licences', { name: 'LeanData', total: 3 });
    const found = await connect().grant([...each(who, user), ...each(who, leandata)], begin);
    const kinds = [...found].filter(([id]) => id.startsWith('leandata')).map(([, { kind }]) => kind);
    expect(kinds.sort()).toEqual(['granted', 'granted', 'granted', 'waiting_for_seat', 'waiting_for_seat']);
    expect(
      [...found].filter(([id, { kind }]) => id.startsWith('salesforce') && kind === 'granted'),
    ).toHaveLength(5);
  });

  test('no address is longer than 12,000 characters, whatever the e-mail addresses', async () => {
    const who = Array.from({ length: 120 }, (_, at) =>
      person({
        employeeId: `"'%${at}`,
        email: `${"o'".repeat(25)}${at}@${'long.'.repeat(20)}daytwo.example`,
      }),
    );
    const log = await systems.watch();
    await connect().revoke(each(who, user), begin);
    const lengths = (await log()).map(({ path }) => path.length);
    expect(lengths.length).toBeGreaterThan(2);
    expect(Math.max(...lengths)).toBeLessThan(12_000);
  });
});

describe('an approved change of access', () => {
  const change = (changes: Partial<GrantItem['access']>): GrantItem => ({
    ...user(undefined, changes),
    mayChange: true,
  });

  test('is made in place, up or down, and what stood before is written down', async () => {
    await connect().grant([user()], begin);
    begun.length = 0;
    const changed = change({ role: 'Commercial AE - Americas', permissionSets: ['Inbox_User'] });
    await systems.salesforce('PATCH', '/licences', { name: 'Inbox', total: 500 });
    await connect().grant([inbox()], begin);
    begun.length = 0;
    expect(await outcomes(connect().grant([changed], begin))).toEqual({
      salesforce: {
        kind: 'granted',
        verified: true,
        detail: 'profile Sales User, role Commercial AE - Americas, permission sets Inbox_User',
      },
    });
    expect(begun).toEqual([
      'salesforce: an active user, profile Sales User, role Enterprise AE - Americas, permission sets Quoting_User',
    ]);
    expect(await usersOf(person().email)).toMatchObject([{ role: 'Commercial AE - Americas' }]);
    // The set that was taken is gone: asked for what was before, it is missing.
    expect(
      await outcomes(connect().grant([user(undefined, { role: 'Commercial AE - Americas' })], begin)),
    ).toMatchObject({
      salesforce: {
        kind: 'needs_person',
        problem: expect.stringContaining('without permission set Quoting_User'),
      },
    });
  });

  test('that is there already is left alone', async () => {
    await connect().grant([user()], begin);
    const log = await systems.watch();
    expect(await outcomes(connect().grant([change({})], begin))).toMatchObject({
      salesforce: { kind: 'already' },
    });
    expect((await log()).filter(({ method, path }) => method !== 'GET' && !path.includes('oauth2'))).toEqual(
      [],
    );
  });

  test('gives a licence its permission set, too', async () => {
    const bare = item('salesforce-inbox', {
      way: { ...INBOX, permissionSet: null } as AccessWay,
      system: 'salesforce-inbox',
    });
    await connect().grant([user(), bare], begin);
    expect(await outcomes(connect().grant([{ ...inbox(), mayChange: true }], begin))).toMatchObject({
      'salesforce-inbox': { kind: 'granted' },
    });
    expect(begun.at(-1)).toBe('salesforce-inbox: licence Inbox without permission set Inbox_User');
  });
});
