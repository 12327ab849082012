import type { Found } from '../../src/systems/leavers';
import { ScimUsers } from '../../src/systems/scim';
import { begin, item, person, Systems } from './fixture';
import { leaver } from './leaver-org';
import { Scripted, type Asked } from './scripted';

let systems: Systems;
let server: Scripted;
beforeAll(async () => {
  [systems, server] = [await Systems.start(), await Scripted.start()];
});
beforeEach(() => systems.reset());
afterAll(async () => {
  await Promise.all([systems.stop(), server.stop()]);
});

const NAME = 'RINGLEAD';
const settings = () => {
  const one = systems.files.scim.find(({ system }) => system === 'ringlead');
  if (!one) throw new Error('no SCIM server');
  return one;
};
const connect = (change: object = {}) => new ScimUsers({ connection: NAME, ...settings(), ...change });
const leavers = () => connect().leavers;
const ada = leaver('104711', 'Ada', { emails: ['ada@daytwo.example', 'ada.before@daytwo.example'] });

/** An account as somebody made it there. */
async function there(userName: string, values: object = {}): Promise<string> {
  const { url, token } = settings();
  const response = await fetch(`${url}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName,
      ...values,
    }),
  });
  return ((await response.json()) as { id: string }).id;
}
const ways = async (body: object) => {
  await fetch(`${new URL(settings().url).origin}/__sandbox/ringlead/ways`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
};
const accounts = async (who = ada): Promise<readonly Found[]> =>
  (await leavers().accountsOf([who])).get(who.employeeId) ?? [];
const writes = async (log: () => Promise<readonly { method: string }[]>) =>
  (await log()).filter(({ method }) => method !== 'GET').map(({ method }) => method);

describe('what they have', () => {
  test('is found by the federation id that Salesforce knows, as user name or as external id', async () => {
    const [name, external] = [await there('aex7'), await there('other7', { externalId: 'AEX-7' })];
    expect(await accounts()).toEqual([]);
    for (const [federationId, accountId] of [
      ['aex7', name],
      ['AEX-7', external],
    ] as const)
      expect(await accounts({ ...ada, federationId })).toMatchObject([{ accountId, by: 'federation_id' }]);
  });

  test('is found by each address and by HR’s number, with its role; nobody of that name alone', async () => {
    const [now, before, number] = [
      await there('Ada@daytwo.example', { roles: [{ value: 'Admin' }] }),
      await there('ada.before@daytwo.example', { active: false }),
      await there('aex', { externalId: '104711' }),
    ];
    await there('other@daytwo.example', {
      displayName: 'Ada',
      name: { givenName: 'Ada', familyName: 'Ada' },
      externalId: '1047110',
    });
    expect(await accounts()).toEqual([
      expect.objectContaining({ accountId: now, state: 'active', by: 'username', shows: ['role Admin'] }),
      expect.objectContaining({ accountId: before, state: 'inactive', by: 'username' }),
      expect.objectContaining({ accountId: number, state: 'active', by: 'external_id' }),
    ]);
  });

  test('one account that both name is found once; the users are never listed', async () => {
    await there('ada@daytwo.example', { externalId: '104711' });
    const log = await systems.watch();
    expect(await accounts()).toHaveLength(1);
    expect((await log()).every(({ path }) => path.includes('filter='))).toBe(true);
  });

  test('where the server knows no externalId the addresses do, and it is not asked for it again', async () => {
    await there('ada@daytwo.example', { externalId: '104711' });
    await ways({ findsByExternalId: false, lists: false });
    const log = await systems.watch();
    const access = leavers();
    for (let times = 0; times < 2; times++)
      expect((await access.accountsOf([ada])).get('104711')).toHaveLength(1);
    expect((await log()).filter(({ path }) => path.includes('externalId'))).toHaveLength(1);
  });

  test('one that ignores the filter and lists others is not believed', async () => {
    server.answer = () => ({
      status: 200,
      body: { Resources: [{ id: 'x', userName: 'somebody.else@daytwo.example', externalId: '7' }] },
    });
    const found = await connect({ url: server.url }).leavers.accountsOf([ada]);
    expect([...found]).toEqual([]);
  });
});

describe.each([
  ['as the RFCs have it', {}, ['PATCH']],
  ['without PATCH', { patch: false }, ['PATCH', 'PUT']],
  ['that wants "False" as text', { activeAsText: true }, ['PATCH']],
  [
    'without PATCH, with text, that can not list',
    { patch: false, activeAsText: true, lists: false },
    ['PATCH', 'PUT'],
  ],
] as const)('a server %s', (_what, own, sent) => {
  test('ends the account, reads it back, and again there is nothing to do', async () => {
    await there('ada@daytwo.example', { title: 'kept' });
    await ways(own);
    const [found] = await accounts();
    if (!found) throw new Error('not found');
    const log = await systems.watch();
    expect([...(await leavers().end([found]))]).toEqual([[found.accountId, { kind: 'gone' }]]);
    expect(await writes(log)).toEqual(sent);
    expect(await accounts()).toMatchObject([{ state: 'inactive' }]);
    const again = await systems.watch();
    expect([...(await leavers().end([found]))]).toEqual([[found.accountId, { kind: 'was_gone' }]]);
    expect(await writes(again)).toEqual([]);
  });

  test('freezes it, and gives it back', async () => {
    await there('ada@daytwo.example');
    await ways(own);
    const found = await accounts();
    const kinds = async (act: 'freeze' | 'unfreeze') =>
      [...(await leavers()[act](found)).values()].map(({ kind }) => kind);
    expect(await kinds('freeze')).toEqual(['gone']);
    expect(await accounts()).toMatchObject([{ state: 'inactive' }]);
    expect(await kinds('unfreeze')).toEqual(['gone']);
    expect(await accounts()).toMatchObject([{ state: 'active' }]);
    expect(await kinds('unfreeze')).toEqual(['was_gone']);
  });

  test('gives and takes access as well', async () => {
    await ways(own);
    const access = { way: { kind: 'scim', connection: NAME }, system: 'ringlead', role: 'User' } as const;
    const asked = item('one', access, person());
    const kind = async (act: 'grant' | 'revoke') => (await connect()[act]([asked], begin)).get('one')?.kind;
    // daytwo makes its accounts with a boolean, which a server that wants text refuses: a person's task.
    expect(await kind('grant')).toBe('activeAsText' in own ? 'needs_person' : 'granted');
    if ('activeAsText' in own) await there(person().email, { active: 'True' });
    expect(await kind('revoke')).toBe('revoked');
    expect(await kind('grant')).toBe('granted');
  });
});

describe('not taken at its word', () => {
  const account: Found = {
    connection: 'scim/RINGLEAD',
    accountId: 'u/1',
    state: 'active',
    by: 'username',
    shows: [],
    lastSignInAt: null,
  };
  const user = { id: 'u/1', userName: 'ada@daytwo.example', active: true };
  const serve = (answer: (asked: Asked) => { status: number; body?: unknown }) => {
    server.asked.length = 0;
    server.answer = answer;
    return connect({ url: server.url }).leavers;
  };
  const sent = () => server.asked.filter(({ method }) => method !== 'GET');
  const end = async (access: ReturnType<typeof serve>) => (await access.end([account])).get('u/1');

  test('a server that forgot the account has ended it; it can not be given back', async () => {
    const access = serve(() => ({ status: 404 }));
    expect(await end(access)).toEqual({ kind: 'was_gone' });
    expect((await access.unfreeze([account])).get('u/1')).toMatchObject({
      kind: 'refused',
      code: 'not-active',
    });
    expect(sent()).toEqual([]);
  });

  test('one that forgets it when it is deactivated has ended it, too', async () => {
    let gone = false;
    const access = serve(({ method }) => {
      gone ||= method === 'PATCH';
      return gone && method === 'GET' ? { status: 404 } : { status: 200, body: user };
    });
    expect(await end(access)).toEqual({ kind: 'gone' });
  });

  test('one that takes no notice of a boolean gets the text; if that helps as little, it is refused', async () => {
    const access = serve(() => ({ status: 200, body: user }));
    expect(await end(access)).toMatchObject({ kind: 'refused', code: 'still-active' });
    const values = sent().map(
      ({ body }) => (body as { Operations: { value: unknown }[] }).Operations[0]?.value,
    );
    expect(values).toEqual([false, 'False']);
  });

  test('one that says only in its configuration that it lacks PATCH gets the whole resource', async () => {
    let active: unknown = true;
    const access = serve(({ method, path, body }) => {
      if (path.endsWith('/ServiceProviderConfig'))
        return { status: 200, body: { patch: { supported: false } } };
      if (method === 'PATCH') return { status: 403 };
      if (method === 'PUT') active = (body as { active: unknown }).active;
      return { status: 200, body: { ...user, title: 'kept', active } };
    });
    expect(await end(access)).toEqual({ kind: 'gone' });
    expect(sent().at(-1)).toMatchObject({
      method: 'PUT',
      path: '/Users/u%2F1',
      body: { title: 'kept', active: false },
    });
  });

  test('what refuses and what does not answer is the outcome of that account alone', async () => {
    const access = serve(({ method, path }) => {
      const id = path.split('/').at(-1) ?? '';
      if (id === 'ServiceProviderConfig') return { status: 404 };
      if (method === 'PATCH') return { status: id === 'bad' ? 403 : 503 };
      return { status: 200, body: { ...user, id, active: id !== 'good' } };
    });
    const outcomes = await access.end(
      ['bad', 'away', 'good'].map((accountId) => ({ ...account, accountId })),
    );
    expect(Object.fromEntries(outcomes)).toMatchObject({
      bad: { kind: 'refused', code: '403' },
      away: { kind: 'waiting_for_system', system: 'scim/ringlead', code: '503' },
      good: { kind: 'was_gone' },
    });
  });
});

test('an answer that is lost after the effect: asked again it was gone, and is sent once', async () => {
  await there('ada@daytwo.example');
  const found = await accounts();
  await systems.fault({ system: 'scim', kind: 'lose-answer', method: 'PATCH', count: 1 });
  const log = await systems.watch();
  const kinds = async () => [...(await leavers().end(found)).values()].map(({ kind }) => kind);
  expect(await kinds()).toEqual(['waiting_for_system']);
  expect(await kinds()).toEqual(['was_gone']);
  expect(await writes(log)).toEqual(['PATCH']);
});
