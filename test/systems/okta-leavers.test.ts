import type { Found, LeaverIdentity } from '../../src/systems/leavers';
import { OktaGroups } from '../../src/systems/okta';
import { Systems } from './fixture';
import { leaver } from './leaver-org';
import { Scripted } from './scripted';

let systems: Systems;
let server: Scripted;
beforeAll(async () => {
  [systems, server] = [await Systems.start(), await Scripted.start()];
});
beforeEach(() => systems.reset());
afterAll(async () => {
  await Promise.all([systems.stop(), server.stop()]);
});

const connect = () => new OktaGroups(systems.files.okta).leavers;
const RINGLEAD = 'okta-ringlead-users';
const CHORUS = 'okta-chorus-users';
const EVERYONE = 'everyone-at-work';
const ada = leaver('104711', 'Ada', { emails: ['ada@daytwo.example', 'ada.before@daytwo.example'] });

const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
  const { url, token } = systems.files.okta;
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `SSWS ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
};
/** A user in these groups, as somebody made them. */
async function user(login: string, groups: readonly string[] = [], profile: object = {}): Promise<string> {
  const { id } = (await ask('POST', '/users?activate=true', {
    profile: { firstName: 'Ada', lastName: 'Example', email: login, login, ...profile },
  })) as { id: string };
  for (const name of groups) await ask('PUT', `/groups/${await groupId(name)}/users/${id}`);
  return id;
}
async function groupId(name: string): Promise<string> {
  const found = (await ask('GET', `/groups?q=${name}`)) as { id: string }[];
  return found[0]?.id ?? ((await ask('POST', '/groups', { profile: { name } })) as { id: string }).id;
}
const groupsOf = async (id: string) =>
  ((await ask('GET', `/users/${id}/groups`)) as { profile: { name: string } }[])
    .map(({ profile }) => profile.name)
    .sort();
const accounts = async (who: LeaverIdentity = ada): Promise<readonly Found[]> =>
  (await connect().accountsOf([who])).get(who.employeeId) ?? [];
/** As the handbook's ways have it: what daytwo looks after. */
const owned = (found: readonly Found[], names = [CHORUS, RINGLEAD]): readonly Found[] =>
  found.map((one) => ({ ...one, shows: one.shows.filter((name) => names.includes(name)) }));
const kinds = (outcomes: ReadonlyMap<string, { kind: string }>) =>
  [...outcomes.values()].map(({ kind }) => kind);
const writes = async (log: () => Promise<readonly { method: string; path: string }[]>) =>
  (await log()).filter(({ method }) => method !== 'GET');

describe('what they have', () => {
  test('is found by the federation id that Salesforce knows', async () => {
    const id = await user('aex@corp.example', [CHORUS]);
    expect(await accounts()).toEqual([]);
    expect(await accounts({ ...ada, federationId: 'AEX@corp.example' })).toMatchObject([
      { accountId: id, by: 'federation_id' },
    ]);
  });

  test('is found by login, by address and by HR’s number, with its groups; nobody of that name alone', async () => {
    const login = await user('Ada@daytwo.example', [CHORUS, EVERYONE]);
    const before = await user('ada.before@daytwo.example', [RINGLEAD]);
    const number = await user('aex@elsewhere.example', [], { employeeNumber: '104711' });
    const address = await user('a.e@elsewhere.example', [], { email: 'ADA@daytwo.example' });
    await user('other@daytwo.example', [CHORUS], { employeeNumber: '1047110' });
    const found = new Map((await accounts()).map((one) => [one.accountId, one]));
    expect([...found.keys()].sort()).toEqual([login, before, number, address].sort());
    expect(found.get(login)).toMatchObject({
      connection: 'okta',
      state: 'active',
      by: 'username',
      shows: expect.arrayContaining([CHORUS, EVERYONE]),
    });
    expect(found.get(before)).toMatchObject({ by: 'username', shows: expect.arrayContaining([RINGLEAD]) });
    expect(found.get(number)).toMatchObject({ by: 'employee_number' });
    expect(found.get(address)).toMatchObject({ by: 'email' });
  });

  test('an earlier address that somebody with another number has by now is that person’s', async () => {
    await user('ada.before@daytwo.example', [CHORUS], { employeeNumber: '2' });
    await user('new@daytwo.example', [CHORUS], { employeeNumber: '3', email: 'ada.before@daytwo.example' });
    expect(await accounts()).toEqual([]);
  });

  test.each(['../groups', 'me', '"', 'x" or profile.email pr or profile.email eq "x'])(
    'an address %s finds nobody',
    async (email) => {
      await user('ada@daytwo.example', [CHORUS]);
      expect(await accounts({ ...ada, employeeId: '9', emails: [email], federationId: email })).toEqual([]);
    },
  );

  test('a part of a login finds nobody, though Okta answers with whoever’s begins so', async () => {
    server.answer = ({ path }) =>
      path.startsWith('/api/v1/users/ada7') && !path.includes('/groups')
        ? { status: 200, body: { id: '00u1', status: 'ACTIVE', profile: { login: 'ada7@other.example' } } }
        : path.startsWith('/api/v1/users/')
          ? { status: path.includes('/groups') ? 200 : 404, body: [] }
          : { status: 200, body: [] };
    const okta = new OktaGroups({ ...systems.files.okta, url: server.url }).leavers;
    const found = await okta.accountsOf([{ ...ada, federationId: 'ada7' }]);
    expect(found.get(ada.employeeId) ?? []).toEqual([]);
  });

  test('a deactivated user is found, and said to be inactive', async () => {
    const id = await user('ada@daytwo.example');
    await ask('POST', `/users/${id}/lifecycle/deactivate`);
    expect(await accounts()).toMatchObject([{ accountId: id, state: 'inactive' }]);
  });
});

describe('frozen', () => {
  test('they are out of our groups and of no others, signed out, and get exactly these back', async () => {
    const id = await user('ada@daytwo.example', [CHORUS, EVERYONE]);
    const all = await groupsOf(id);
    const had = owned(await accounts());
    expect(had).toMatchObject([{ shows: [CHORUS] }]);
    const log = await systems.watch();
    expect(kinds(await connect().freeze(had))).toEqual(['gone']);
    expect(await groupsOf(id)).toEqual(all.filter((name) => name !== CHORUS));
    expect((await writes(log)).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`)).toEqual([
      `DELETE /api/v1/users/${id}/sessions`,
      expect.stringMatching(/^DELETE \/api\/v1\/groups\/\w+\/users\/\w+$/),
    ]);
    expect(kinds(await connect().freeze(had))).toEqual(['was_gone']);
    expect(kinds(await connect().unfreeze(had))).toEqual(['gone']);
    expect(await groupsOf(id)).toEqual(all);
    expect(kinds(await connect().unfreeze(had))).toEqual(['was_gone']);
  });

  test('an answer that is lost after the effect: asked again it was gone, and is sent once', async () => {
    const id = await user('ada@daytwo.example', [CHORUS]);
    const had = owned(await accounts());
    await systems.fault({
      system: 'okta',
      kind: 'lose-answer',
      method: 'DELETE',
      path: '/groups/',
      count: 1,
    });
    const log = await systems.watch();
    expect(kinds(await connect().freeze(had))).toEqual(['waiting_for_system']);
    expect((await writes(log)).map(({ path }) => path)).toContainEqual(expect.stringContaining('/sessions'));
    expect(kinds(await connect().freeze(had))).toEqual(['was_gone']);
    expect((await writes(log)).filter(({ path }) => path.includes('/groups/'))).toHaveLength(1);
    expect(await groupsOf(id)).not.toContain(CHORUS);
  });

  test('a lost answer to ending sessions is asked again at once: that ends nothing more', async () => {
    const id = await user('ada@daytwo.example', [CHORUS]);
    const had = owned(await accounts());
    await systems.fault({
      system: 'okta',
      kind: 'lose-answer',
      method: 'DELETE',
      path: 'sessions',
      count: 2,
    });
    expect(kinds(await connect().freeze(had))).toEqual(['gone']);
    expect(await groupsOf(id)).not.toContain(CHORUS);
  });

  test('sessions that Okta refuses to end keep nobody in our groups, and it is told', async () => {
    const id = await user('ada@daytwo.example', [CHORUS]);
    const had = owned(await accounts());
    await systems.fault({ system: 'okta', kind: 'status', status: 403, method: 'DELETE', path: 'sessions' });
    expect(kinds(await connect().freeze(had))).toEqual(['refused']);
    expect(await groupsOf(id)).not.toContain(CHORUS);
  });

  test('a group that is gone meanwhile is named when it should be given back', async () => {
    await user('ada@daytwo.example', [EVERYONE]);
    const had = owned(await accounts(), [EVERYONE]);
    await connect().freeze(had);
    await ask('DELETE', `/groups/${await groupId(EVERYONE)}`);
    const [outcome] = (await connect().unfreeze(had)).values();
    expect(outcome).toMatchObject({ kind: 'refused', blocker: `is not a member of ${EVERYONE} again` });
  });
});

describe('ended', () => {
  test('none of the groups is left; again, nothing is written; who was deleted there was gone', async () => {
    const id = await user('ada@daytwo.example', [CHORUS, RINGLEAD, EVERYONE]);
    const had = owned(await accounts());
    const nobody: Found = { ...had[0]!, accountId: '00unobody' };
    expect(Object.fromEntries(await connect().end([...had, nobody]))).toEqual({
      [id]: { kind: 'gone' },
      '00unobody': { kind: 'was_gone' },
    });
    expect(await groupsOf(id)).toContain(EVERYONE);
    expect(await groupsOf(id)).not.toContain(RINGLEAD);
    const log = await systems.watch();
    await connect().end(had);
    expect(await writes(log)).toEqual([]);
  });

  test('a directory that puts them back is not taken at its word', async () => {
    server.answer = ({ method }) =>
      method === 'GET' ? { status: 200, body: [{ id: 'g', profile: { name: CHORUS } }] } : { status: 204 };
    const access = new OktaGroups({ url: server.url, token: 'x' }).leavers;
    const account: Found = {
      connection: 'okta',
      accountId: 'u',
      state: 'active',
      by: 'username',
      shows: [CHORUS],
      lastSignInAt: null,
    };
    expect((await access.end([account])).get('u')).toMatchObject({
      kind: 'refused',
      code: 'still-member',
      blocker: `is still a member of ${CHORUS} after being taken out`,
    });
  });

  test('many at once: one whom Okta refuses fails none of the others', async () => {
    const ids = [];
    for (let at = 0; at < 12; at++) ids.push(await user(`many${at}@daytwo.example`, [CHORUS]));
    const people = ids.map((_, at) => leaver(`m${at}`, `many${at}`));
    const all = owned([...(await connect().accountsOf(people)).values()].flat());
    expect(all).toHaveLength(12);
    await systems.fault({ system: 'okta', kind: 'status', status: 403, method: 'DELETE', count: 1 });
    const outcomes = kinds(await connect().end(all));
    expect(outcomes.filter((kind) => kind === 'gone')).toHaveLength(11);
    expect(outcomes.filter((kind) => kind === 'refused')).toHaveLength(1);
    expect(kinds(await connect().end(all)).filter((kind) => kind === 'gone')).toHaveLength(1);
  });
});
