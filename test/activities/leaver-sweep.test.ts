import { endSystems } from '../../src/activities/leaver-systems';
import { sweep } from '../../src/activities/leaver-sweep';
import { recordOf, type World } from '../../src/activities/world';
import type { LeaverCase, LeaverItem } from '../../src/domain/leaving';
import { begin, item } from '../systems/fixture';
import { LeaverOrg } from '../systems/leaver-org';
import { leaverCase } from '../domain/leaver';
import { accountExecutive } from '../support/desk';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const TIME_ZERO = '2026-11-20T21:00:00.000Z'; // Friday, 16:00 in New York
const now = () => new Date().toISOString();
const emailOf = (id: string) => `e${id}@daytwo.example`;

/** Somebody of whom HR told, who leaves. */
async function leaving(id = '104711', change: Partial<LeaverCase> = {}): Promise<LeaverCase> {
  const { event_id: _, type: _type, employee_id: _employee, ...facts } = accountExecutive(id);
  await ground.store.putPerson(recordOf(id, facts, 'leaving', '2026-11-01T00:00:00Z'));
  const one = leaverCase(id, '2026-11-20', { timeZero: TIME_ZERO, ...change });
  await ground.store.leavers.put(one);
  return one;
}
/** They had another address until then. */
async function renamed(id: string, before: string): Promise<void> {
  const person = await ground.store.personById(id);
  if (!person) throw new Error('nobody');
  await ground.store.putPerson({ ...person, email: before, updatedAt: '2026-11-02T00:00:00Z' });
  await ground.store.putPerson({ ...person, updatedAt: '2026-11-03T00:00:00Z' });
}
const byId = (items: readonly LeaverItem[] = []) => new Map(items.map((one) => [one.id, one]));
const swept = async (one: LeaverCase, world: World = ground.world) =>
  byId((await sweep(world, [one])).get(one.leaving));
/** Swept, written down, and ended: as a leaving goes. */
async function taken(one: LeaverCase, world: World = ground.world) {
  await ground.store.leavers.putItems(one.leaving, [...(await swept(one, world)).values()]);
  await endSystems(world, [one]);
  return kept(one);
}
const kept = async (one: LeaverCase) => byId(await ground.store.leavers.items(one.leaving));
const scim = (system: string) => {
  const server = ground.systems.files.scim.find((one) => one.system === system);
  if (!server) throw new Error(`no SCIM server for ${system}`);
  return server;
};
async function account(system: string, userName: string, values: object = {}): Promise<void> {
  const { url, token } = scim(system);
  await fetch(`${url}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, ...values }),
  });
}
const isActive = async (system: string, userName: string) => {
  const way = { kind: 'scim', connection: system.toUpperCase().replace(/-/g, '_') } as const;
  const [found] = await ground.world.connector(`scim/${way.connection}`).find(way, [userName]);
  return found?.state === 'active';
};
/** A user at the identity provider, in a group of ours. */
async function member(email: string, group: string): Promise<void> {
  const { url, token } = ground.systems.files.okta;
  await fetch(`${url}/api/v1/users`, {
    method: 'POST',
    headers: { authorization: `SSWS ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profile: { firstName: 'Robin', lastName: 'Sample', email, login: email } }),
  });
  const person = { ...(await ground.store.personById('104711'))!, email };
  const access = { way: { kind: 'okta-group', group }, system: 'chorus' } as const;
  const granted = await ground.world.connector('okta').grant([item('one', access, person)], begin);
  expect(granted.get('one')).toMatchObject({ kind: 'granted' });
}
const asked = (id: string, system: string, kind = 'access.granted') =>
  ground.store.append([
    {
      id: `${id}/${system}/${kind}`,
      at: '2026-01-05T12:00:00Z',
      zone: 'America/New_York',
      subject: id,
      request: 'acme/access-requests#1',
      workflowId: 'access-request/acme/access-requests/1',
      kind,
      actor: 'daytwo',
      channel: 'daytwo',
      detail: { what: `granted ${system}`, system },
    },
  ]);
/** A user in Salesforce with the package licence and the permission-set licence. */
async function licensed(id: string): Promise<string> {
  const at = new LeaverOrg(ground.systems);
  const userId = await at.user(`Leaver${id}`, {
    Email: emailOf(id),
    Username: emailOf(id),
    EmployeeNumber: id,
  });
  const person = await ground.store.personById(id);
  if (!person) throw new Error('nobody');
  const ways = ground.handbook.systems.flatMap(({ key, ways: all }) =>
    all.flatMap((way) =>
      way.kind === 'salesforce-psl' || way.kind === 'salesforce-package'
        ? [item(key, { way, system: key }, person)]
        : [],
    ),
  );
  const outcomes = await ground.world.connector('salesforce').grant(ways, begin);
  expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['granted', 'granted']);
  return userId;
}
/** The world with something else in place of a connection. */
const withConnection = (connection: string, other: () => ReturnType<World['connector']>): World => ({
  ...ground.world,
  connector: (asked_) => (asked_ === connection ? other() : ground.world.connector(asked_)),
});

describe('the sweep asks every system, whatever was requested', () => {
  test('what can be asked and shows nothing is not applicable, verified; the rest is a question to people', async () => {
    const one = await leaving();
    const changes = await ground.changes(() => swept(one));
    expect(changes).toEqual([]);
    const items = await swept(one);
    expect([...items.keys()].sort()).toEqual(ground.handbook.systems.map(({ key }) => key).sort());
    for (const id of ['salesforce', 'salesforce-inbox', 'ringlead', 'linkedin-sales-insights'])
      expect(items.get(id)).toMatchObject({
        status: 'not_applicable',
        how: 'verified',
        by: 'daytwo',
        found: [],
      });
    // Chorus and LeanData have a part with an API and one that only a person sees.
    for (const id of ['chorus', 'leandata', 'clari', 'datafox', 'xactly-incent'])
      expect(items.get(id)).toMatchObject({ status: 'open', how: null, by: null, problem: null });
  });

  test('one day is 24 hours, more are business days where they are', async () => {
    const items = await swept(await leaving());
    expect(items.get('salesforce')?.dueAt).toBe('2026-11-21T21:00:00.000Z');
    expect(items.get('xactly-incent')?.dueAt).toBe('2026-11-21T21:00:00.000Z');
    // Thanksgiving is no business day: Monday to Wednesday, Friday, Monday.
    expect(Date.parse(items.get('clari')?.dueAt ?? '')).toBe(Date.parse('2026-11-30T21:00:00Z'));
  });

  test('accounts of today’s address, of one before and of HR’s number are found; what nobody asked for is marked', async () => {
    const one = await leaving();
    await renamed('104711', 'robin.before@daytwo.example');
    await account('ringlead', 'robin.before@daytwo.example', { roles: [{ value: 'Admin' }] });
    await account('linkedin-sales-insights', 'somebody', { externalId: '104711' });
    await member(emailOf('104711'), 'okta-chorus-users');
    const userId = await licensed('104711');
    await asked('104711', 'salesforce');
    await asked('104711', 'ringlead', 'access.not_applicable');
    const items = await swept(one);
    expect(items.get('ringlead')).toMatchObject({
      status: 'open',
      found: [{ connection: 'scim/RINGLEAD', by: 'username', shows: ['role Admin'], asked: false }],
    });
    expect(items.get('linkedin-sales-insights')?.found).toMatchObject([{ by: 'external_id', asked: false }]);
    expect(items.get('chorus')?.found).toMatchObject([{ connection: 'okta', shows: ['okta-chorus-users'] }]);
    expect(items.get('salesforce')?.found).toMatchObject([{ accountId: userId, asked: true }]);
    expect(items.get('salesforce-inbox')).toMatchObject({ status: 'open', found: [{ shows: ['licence'] }] });
    expect(items.get('leandata')?.found).toMatchObject([{ accountId: 'LeanData', shows: ['licence'] }]);
  });

  test('what stands under the user name that only Salesforce knows is frozen, found and ended, and kept by no name', async () => {
    const one = await leaving('104711', { phase: 'announced' });
    await new LeaverOrg(ground.systems).user('Leaver104711', {
      EmployeeNumber: '104711',
      FederationIdentifier: 'rsample@corp.example',
    });
    await account('ringlead', 'rsample@corp.example');
    await account('linkedin-sales-insights', 'li-1', { externalId: 'rsample@corp.example' });
    await member('rsample@corp.example', 'okta-chorus-users');
    const items = await swept(one);
    for (const id of ['ringlead', 'linkedin-sales-insights', 'chorus'])
      expect(items.get(id)).toMatchObject({ status: 'open', found: [{ by: 'federation_id' }] });
    await ground.run('freezeLeavers', {
      leaving: one.leaving,
      actions: ['sign_in'],
      now: new Date().toISOString(),
    });
    expect(await isActive('ringlead', 'rsample@corp.example')).toBe(false);
    const frozen = await kept(one);
    expect(frozen.get('chorus')?.found).toMatchObject([{ shows: ['okta-chorus-users'] }]);
    expect((await swept(one)).get('chorus')?.found).toMatchObject([{ shows: ['okta-chorus-users'] }]);
    const rows = await ground.store.rowsAfter(0);
    expect(JSON.stringify([rows, [...frozen.values()]])).not.toContain('rsample');
    expect((await taken(one)).get('ringlead')).toMatchObject({ status: 'revoked', how: 'verified' });
  });

  test('an address that is somebody else’s by now finds nothing: it is theirs', async () => {
    const one = await leaving();
    await renamed('104711', emailOf('2'));
    await leaving('2');
    await account('ringlead', emailOf('2'));
    expect((await swept(one)).get('ringlead')).toMatchObject({ status: 'not_applicable', found: [] });
  });

  test('an address that two people have takes nothing from the other: what it leads to is a question, by their number it is found', async () => {
    const one = await leaving();
    await leaving('2');
    const person = await ground.store.personById('2');
    if (person)
      await ground.store.putPerson({
        ...person,
        email: emailOf('104711'),
        status: 'active',
        updatedAt: now(),
      });
    await account('ringlead', emailOf('104711'));
    await account('linkedin-sales-insights', 'li-1', { externalId: '104711' });
    const items = await swept(one);
    expect(items.get('ringlead')).toMatchObject({
      status: 'open',
      found: [],
      problem: expect.stringContaining('somebody else has the same address') as unknown,
    });
    expect(items.get('linkedin-sales-insights')?.found).toMatchObject([{ by: 'external_id' }]);
    await taken(one);
    expect(await isActive('ringlead', emailOf('104711'))).toBe(true);
    expect((await kept(one)).get('ringlead')).toMatchObject({ status: 'open' });
    // Once the other has left, too, it is nobody's but theirs.
    const left = await ground.store.personById('2');
    if (left) await ground.store.putPerson({ ...left, status: 'left', updatedAt: now() });
    expect((await swept(one)).get('ringlead')).toMatchObject({ found: [{ by: 'username' }] });
  });

  test('service accounts that they answer for or whose secret they know are to be changed', async () => {
    const one = await leaving();
    const owner = ground.handbook.people.members.find(({ username }) => username !== 'amber');
    if (!owner) throw new Error('nobody');
    const theirs = { ...owner, employeeId: '104711' };
    const members = ground.handbook.people.members.map((known) => (known === owner ? theirs : known));
    const of = (name: string, by: string, holders: readonly string[]) => ({
      system: 'salesforce',
      name,
      owner: by,
      secretHolders: holders,
    });
    ground.handbook = {
      ...ground.handbook,
      people: { ...ground.handbook.people, members },
      serviceAccounts: [
        of('integration', owner.username, ['amber']),
        of('loader', 'amber', ['amber', owner.username]),
        of('other', 'amber', ['amber']),
      ],
    };
    const secrets = [...(await swept(one)).values()].filter(({ kind }) => kind === 'secret');
    expect(secrets).toMatchObject([
      { id: 'secret/salesforce/1', status: 'open', text: expect.stringContaining('name another owner') },
      { id: 'secret/salesforce/2', status: 'open', text: expect.not.stringContaining('another owner') },
    ]);
  });

  test('many at once cost Salesforce as many requests as one', async () => {
    const cost = async (cases: readonly LeaverCase[]) => {
      const log = await ground.systems.watch();
      const items = await sweep(ground.world, cases);
      expect(items.size).toBe(cases.length);
      return (await log()).filter(({ system, path }) => system === 'salesforce' && path.includes('/query'))
        .length;
    };
    const cases = [];
    for (let at = 1; at <= 25; at++) cases.push(await leaving(String(at)));
    const few = await cost(cases.slice(0, 1));
    expect(few).toBeGreaterThan(0);
    expect(await cost(cases)).toBe(few);
  });
});

describe('a system that can not be asked', () => {
  test.each([
    ['is not set up', () => Promise.reject(new Error()), 'scim/RINGLEAD is not set up'],
    [
      'does not answer',
      () => ground.systems.fault({ system: 'scim', kind: 'status', status: 503 }),
      'does not answer: 503',
    ],
    ['refuses', () => ground.systems.fault({ system: 'scim', kind: 'status', status: 401 }), 'refused: 401'],
  ])('since it %s stays open with its problem, and the others are asked', async (what, spoil, problem) => {
    const one = await leaving();
    let world = ground.world;
    if (what === 'is not set up')
      world = withConnection('scim/RINGLEAD', () => {
        throw new Error('RINGLEAD_SCIM_URL is missing');
      });
    else await spoil();
    const items = await swept(one, world);
    expect(items.get('ringlead')).toMatchObject({
      status: 'open',
      problem: expect.stringContaining(problem),
    });
    expect(items.get('salesforce-inbox')).toMatchObject({ status: 'not_applicable' });
  });

  test('is asked again when access is taken; until it answers nothing of it is settled', async () => {
    const one = await leaving();
    await account('ringlead', emailOf('104711'));
    await ground.systems.fault({ system: 'scim', kind: 'status', status: 503 });
    expect((await taken(one)).get('ringlead')).toMatchObject({ status: 'open', found: [] });
    await ground.systems.mend();
    await endSystems(ground.world, [one]);
    const items = await kept(one);
    expect(items.get('ringlead')).toMatchObject({ status: 'revoked', how: 'verified', problem: null });
    expect(items.get('linkedin-sales-insights')).toMatchObject({ status: 'not_applicable', how: 'verified' });
    expect(await isActive('ringlead', emailOf('104711'))).toBe(false);
    const ended = (await ground.evidence()).filter(({ kind }) => kind === 'leaver.access_ended');
    expect(ended.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['took access to ringlead', 'found no access to linkedin-sales-insights']),
    );
  });
});

describe('access is taken system by system', () => {
  test('accounts, groups and licences, each read back; what a person looks after, too, stays open', async () => {
    const one = await leaving();
    await account('ringlead', emailOf('104711'));
    await member(emailOf('104711'), 'okta-chorus-users');
    await licensed('104711');
    const items = await taken(one);
    for (const id of ['ringlead', 'salesforce-inbox'])
      expect(items.get(id)).toMatchObject({ status: 'revoked', how: 'verified', by: 'daytwo' });
    for (const id of ['chorus', 'leandata', 'clari'])
      expect(items.get(id)).toMatchObject({ status: 'open', problem: null });
    // The user itself is ended elsewhere, once what they own was handed over.
    expect(items.get('salesforce')).toMatchObject({ status: 'open' });
    expect(await isActive('ringlead', emailOf('104711'))).toBe(false);
    const nothing = await swept({ ...one, leaving: '104711/other' });
    for (const id of ['chorus', 'leandata', 'salesforce-inbox']) expect(nothing.get(id)?.found).toEqual([]);
  });

  test('done again, nothing changes', async () => {
    const one = await leaving();
    await account('ringlead', emailOf('104711'));
    await member(emailOf('104711'), 'okta-chorus-users');
    await licensed('104711');
    const before = await taken(one);
    const rows = await ground.store.evidenceRows();
    expect(await ground.changes(() => endSystems(ground.world, [one]))).toEqual([]);
    expect(await kept(one)).toEqual(before);
    expect(await ground.store.evidenceRows()).toBe(rows);
  });

  test('licences of a user that is known by its address alone are found and taken, too', async () => {
    const one = await leaving();
    const userId = await licensed('104711');
    await new LeaverOrg(ground.systems).change('User', userId, { EmployeeNumber: null });
    expect((await swept(one)).get('salesforce-inbox')?.found).toHaveLength(1);
    const items = await taken(one);
    expect(items.get('salesforce-inbox')).toMatchObject({ status: 'revoked', how: 'verified' });
    await new LeaverOrg(ground.systems).change('User', userId, { EmployeeNumber: '104711' });
    expect((await swept({ ...one, leaving: '104711/other' })).get('salesforce-inbox')?.found).toEqual([]);
  });

  test('a licence that comes free wakes who waits for one', async () => {
    const one = await leaving();
    await licensed('104711');
    await waitForInbox();
    await taken(one);
    expect(ground.workflows.told).toContain('salesforce/Inbox freed');
  });

  test('one that a system refuses stays open with why, and is tried again; the others are done', async () => {
    const [one, other] = [await leaving(), await leaving('2')];
    for (const id of ['104711', '2']) await account('ringlead', emailOf(id));
    for (const case_ of [one, other])
      await ground.store.leavers.putItems(case_.leaving, [...(await swept(case_)).values()]);
    await ground.systems.fault({ system: 'scim', kind: 'status', status: 503, method: 'PATCH', count: 1 });
    await endSystems(ground.world, [one, other]);
    const states = async () =>
      [(await kept(one)).get('ringlead'), (await kept(other)).get('ringlead')]
        .map((item_) => item_?.status)
        .sort();
    expect(await states()).toEqual(['open', 'revoked']);
    await endSystems(ground.world, [one, other]);
    expect(await states()).toEqual(['revoked', 'revoked']);
  });
});

/** A request waits for a seat of the permission-set licence Inbox. */
async function waitForInbox(): Promise<void> {
  const pool = {
    key: 'salesforce/Inbox',
    connection: 'salesforce',
    kind: 'salesforce-psl',
    licence: 'Inbox',
  } as const;
  await ground.store.seats.turns([pool]);
  const since = '2026-11-20T00:00:00Z';
  const who = { request: 'acme/access-requests#9', workflowId: 'w', task: 'inbox', employeeId: '9' };
  await ground.store.seats.inTurn(pool.key, (queue) =>
    queue.join([{ ...who, class: 'convenience', startsOn: null, since, offeredUntil: null, lapses: 0 }]),
  );
}
