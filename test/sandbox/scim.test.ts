import { mountScim } from '../../src/sandbox/scim';
import type { World } from '../../src/sandbox/world';
import { Grounds, withSystems } from './systems';

const grounds = new Grounds();
afterEach(() => grounds.close());

const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

async function servers(world: World = grounds.world()) {
  const { app, systems } = mountScim(world, withSystems);
  const url = await grounds.serve(app);
  const client = (system: string) => {
    const server = systems.find((one) => one.system === system);
    if (!server) throw new Error(`no SCIM server for ${system}`);
    return async (method: string, path: string, body?: object, token = server.token): Promise<Answer> => {
      const answer = await fetch(`${url}${server.path}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      };
    };
  };
  return { url, systems, ringlead: client('ringlead'), linkedin: client('linkedin-sales-insights') };
}

const user = (userName: string, more: object = {}) => ({ schemas: [CORE_USER], userName, ...more });
const filter = (text: string) => `/Users?filter=${encodeURIComponent(text)}`;
const patch = (...Operations: object[]) => ({ schemas: [PATCH_OP], Operations });

test('there is one server for each system that the handbook provisions by SCIM', async () => {
  const { systems } = await servers();
  expect(systems).toEqual([
    {
      system: 'ringlead',
      connection: 'RINGLEAD',
      path: '/ringlead/scim/v2',
      token: expect.stringMatching(/.{20}/),
    },
    {
      system: 'linkedin-sales-insights',
      connection: 'LINKEDIN_SALES_INSIGHTS',
      path: '/linkedin-sales-insights/scim/v2',
      token: expect.stringMatching(/.{20}/),
    },
  ]);
});

describe('a user', () => {
  test('is made, found in any case of letters, deactivated and deleted', async () => {
    const { ringlead, url } = await servers();
    const made = await ringlead(
      'POST',
      '/Users',
      user('erin@example.com', { name: { givenName: 'Erin', familyName: 'Ellis' }, password: 'secret' }),
    );
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`${url}/ringlead/scim/v2/Users/${String(made.body['id'])}`);
    expect(made.headers.get('content-type')).toMatch(/^application\/scim\+json/);
    const id = String(made.body['id']);
    expect(made.body).toMatchObject({
      userName: 'erin@example.com',
      active: true,
      meta: { resourceType: 'User', location: `${url}/ringlead/scim/v2/Users/${id}` },
    });
    expect(JSON.stringify(made.body)).not.toContain('secret');
    const found = await ringlead('GET', filter('userName eq "ERIN@Example.com"'));
    expect(found.body).toMatchObject({
      totalResults: 1,
      itemsPerPage: 1,
      startIndex: 1,
      Resources: [{ id }],
    });
    const off = await ringlead(
      'PATCH',
      `/Users/${id}`,
      patch({ op: 'replace', path: 'active', value: false }),
    );
    expect([200, 204]).toContain(off.status);
    expect((await ringlead('GET', `/Users/${id}`)).body).toMatchObject({
      active: false,
      name: { familyName: 'Ellis' },
    });
    expect(
      (await ringlead('PUT', `/Users/${id}`, user('erin@example.com', { active: true }))).body,
    ).toMatchObject({ active: true });
    expect((await ringlead('DELETE', `/Users/${id}`)).status).toBe(204);
    expect(await ringlead('GET', `/Users/${id}`)).toMatchObject({
      status: 404,
      body: { schemas: [ERROR], status: '404' },
    });
  });

  test('has a user name of their own', async () => {
    const { ringlead } = await servers();
    await ringlead('POST', '/Users', user('erin@example.com'));
    const other = await ringlead('POST', '/Users', user('dana@example.com'));
    expect(await ringlead('POST', '/Users', user('Erin@example.com'))).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    });
    expect(
      await ringlead('PUT', `/Users/${String(other.body['id'])}`, user('erin@example.com')),
    ).toMatchObject({ status: 409 });
  });

  test('of one server is not known to another', async () => {
    const { ringlead, linkedin } = await servers();
    await ringlead('POST', '/Users', user('erin@example.com'));
    expect((await linkedin('GET', filter('userName eq "erin@example.com"'))).body).toMatchObject({
      totalResults: 0,
    });
    const answers = await Promise.all([
      linkedin('POST', '/Users', user('a@example.com')),
      ringlead('POST', '/Users', user('b@example.com')),
    ]);
    expect(
      answers.map(
        ({ body }) => new URL((body['meta'] as { location: string }).location).pathname.split('/')[1],
      ),
    ).toEqual(['linkedin-sales-insights', 'ringlead']);
  });

  test('without a user name, or of no JSON, is refused', async () => {
    const { ringlead, url, systems } = await servers();
    expect(await ringlead('POST', '/Users', { schemas: [CORE_USER] })).toMatchObject({
      status: 400,
      body: { schemas: [ERROR] },
    });
    for (const schemas of [undefined, [], [PATCH_OP], CORE_USER])
      expect(await ringlead('POST', '/Users', { userName: 'erin@example.com', schemas })).toMatchObject({
        status: 400,
        body: { scimType: 'invalidSyntax' },
      });
    const headers = {
      authorization: `Bearer ${systems[0]?.token ?? ''}`,
      'content-type': 'application/scim+json',
    };
    const broken = await fetch(`${url}/ringlead/scim/v2/Users`, { method: 'POST', headers, body: '{broken' });
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      { schemas: [ERROR], scimType: 'invalidSyntax' },
    ]);
    expect(await ringlead('GET', filter('userName xx "y"'))).toMatchObject({ status: 400 });
  });
});

describe('a filter', () => {
  test.each([
    'bogus',
    'userName eq',
    'userName eq erin',
    'userName xx "y"',
    'userName eq "a" and',
    '(userName eq "a"',
    'userName eq "a" userName eq "b"',
    'emails[type eq "work"',
    'userName eq "\\q"',
    `${'('.repeat(60)}userName pr${')'.repeat(60)}`,
  ])('that is none is the fault of who asks: %s', async (text) => {
    const { ringlead } = await servers();
    expect(await ringlead('GET', filter(text))).toMatchObject({
      status: 400,
      body: { schemas: [ERROR], scimType: 'invalidFilter' },
    });
  });

  test('finds a text with quotes, backslashes, "and" and parentheses in it', async () => {
    const { ringlead } = await servers();
    const title = 'Rep "East" (and West) \\ or [North]';
    await ringlead('POST', '/Users', user('erin@example.com', { title, externalId: 'A "1"' }));
    await ringlead('POST', '/Users', user('dana@example.com', { title: 'Rep' }));
    const found = async (text: string) =>
      ((await ringlead('GET', filter(text))).body['Resources'] as { userName: string }[]).map(
        ({ userName }) => userName,
      );
    expect(await found(`title eq ${JSON.stringify(title)}`)).toEqual(['erin@example.com']);
    expect(
      await found(`(title eq ${JSON.stringify(title)} or userName sw "dana") and active eq true`),
    ).toEqual(['erin@example.com', 'dana@example.com']);
    expect(await found('externalId eq "A \\"1\\""')).toEqual(['erin@example.com']);
    expect(await found('externalId eq "a \\"1\\""')).toEqual([]);
    expect(await found('userName eq "\\u0065rin@example.com"')).toEqual(['erin@example.com']);
  });

  test('may name an attribute with its schema, and one that nobody has', async () => {
    const { ringlead } = await servers();
    const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const schemas = [CORE_USER, ENTERPRISE];
    const manager = { value: '26118915' };
    await ringlead(
      'POST',
      '/Users',
      user('erin@example.com', { schemas, [ENTERPRISE]: { department: 'Sales', manager } }),
    );
    await ringlead('POST', '/Users', user('dana@example.com'));
    const total = async (text: string) => (await ringlead('GET', filter(text))).body['totalResults'];
    expect(await total(`${CORE_USER}:userName eq "erin@example.com"`)).toBe(1);
    expect(await total(`${ENTERPRISE}:department eq "sales"`)).toBe(1);
    expect(await total(`${ENTERPRISE}:manager.value pr`)).toBe(1);
    expect(await total('name.familyName pr')).toBe(0);
    expect(await total('name.familyName pr or userName sw "e"')).toBe(1);
  });

  test('may stand in the body of a search', async () => {
    const { ringlead } = await servers();
    await ringlead('POST', '/Users', user('erin@example.com'));
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'];
    expect(
      (await ringlead('POST', '/Users/.search', { schemas, filter: 'userName eq "erin@example.com"' })).body,
    ).toMatchObject({ totalResults: 1 });
    expect(await ringlead('POST', '/Users/.search', { schemas, filter: 'bogus' })).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    });
  });
});

test('an extension is removed whole', async () => {
  const { ringlead } = await servers();
  const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const { body } = await ringlead(
    'POST',
    '/Users',
    user('erin@example.com', {
      schemas: [CORE_USER, ENTERPRISE],
      [ENTERPRISE]: { department: 'Sales', manager: { value: '1' } },
    }),
  );
  const path = `/Users/${String(body['id'])}`;
  expect(body).toHaveProperty([ENTERPRISE]);
  expect((await ringlead('PATCH', path, patch({ op: 'remove', path: ENTERPRISE }))).status).toBeLessThan(300);
  expect((await ringlead('GET', path)).body).not.toHaveProperty([ENTERPRISE]);
});

test('LinkedIn lists nobody without a filter, as the vendor cannot', async () => {
  const { linkedin, ringlead } = await servers();
  const made = await linkedin('POST', '/Users', user('erin@example.com', { externalId: 'e-1' }));
  expect(await linkedin('GET', '/Users')).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  expect((await linkedin('GET', filter('externalId eq "e-1"'))).body).toMatchObject({
    Resources: [{ id: made.body['id'] }],
  });
  expect((await ringlead('GET', '/Users')).status).toBe(200);
});

test('a list comes in pages that end', async () => {
  const { ringlead } = await servers();
  for (const n of [1, 2, 3]) await ringlead('POST', '/Users', user(`u${n}@example.com`));
  const namesAt = async (start: number) => {
    const { body } = await ringlead('GET', `/Users?startIndex=${start}&count=2`);
    expect(body).toMatchObject({ totalResults: 3 });
    return (body['Resources'] as { userName: string }[]).map(({ userName }) => userName);
  };
  expect([await namesAt(1), await namesAt(3), await namesAt(4)]).toEqual([
    ['u1@example.com', 'u2@example.com'],
    ['u3@example.com'],
    [],
  ]);
});

test('a group has members, shown at the user too', async () => {
  const { ringlead } = await servers();
  const id = String((await ringlead('POST', '/Users', user('erin@example.com'))).body['id']);
  const group = await ringlead('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Reps',
  });
  await ringlead(
    'PATCH',
    `/Groups/${String(group.body['id'])}`,
    patch({ op: 'add', path: 'members', value: [{ value: id }] }),
  );
  expect((await ringlead('GET', `/Groups/${String(group.body['id'])}`)).body).toMatchObject({
    members: [{ value: id, display: 'erin@example.com' }],
  });
  expect((await ringlead('GET', `/Users/${id}`)).body).toMatchObject({
    groups: [{ value: group.body['id'], display: 'Reps' }],
  });
});

describe('a server', () => {
  test('takes only its own token', async () => {
    const { ringlead, linkedin, systems } = await servers();
    const refused = await ringlead('GET', '/Users', undefined, systems[1]?.token);
    expect(refused).toMatchObject({ status: 401, body: { schemas: [ERROR], status: '401' } });
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await linkedin('POST', '/ServiceProviderConfig', {}, 'wrong')).status).toBe(401);
  });

  test('says what it can, read only, and 404 to the rest', async () => {
    const { ringlead, url } = await servers();
    expect((await ringlead('GET', '/ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      filter: { supported: true },
    });
    expect((await ringlead('GET', '/ResourceTypes')).body).toMatchObject({ totalResults: 2 });
    expect((await ringlead('GET', `/Schemas/${CORE_USER}`)).body).toMatchObject({ id: CORE_USER });
    expect((await ringlead('DELETE', '/Schemas')).status).toBe(405);
    expect((await ringlead('GET', '/Nothing')).status).toBe(404);
    expect(await ringlead('GET', '/Me')).toMatchObject({ status: 501, body: { schemas: [ERROR] } });
    expect((await fetch(`${url}/unknown/scim/v2/Users`)).status).toBe(404);
  });

  test('keeps users and token over a restart', async () => {
    const world = grounds.world();
    const before = await servers(world);
    await before.ringlead('POST', '/Users', user('erin@example.com'));
    const after = await servers(world);
    expect(after.systems).toEqual(before.systems);
    expect((await after.ringlead('GET', filter('userName eq "erin@example.com"'))).body).toMatchObject({
      totalResults: 1,
    });
  });
});

describe('a server with ways of its own', () => {
  const ways = async (url: string, body: object, system = 'ringlead') =>
    (
      await fetch(`${url}/__sandbox/${system}/ways`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status;

  test('one that lacks PATCH says so, and takes the whole resource', async () => {
    const { url, ringlead, linkedin } = await servers();
    expect(await ways(url, { patch: false })).toBe(200);
    expect((await ringlead('GET', '/ServiceProviderConfig')).body['patch']).toMatchObject({
      supported: false,
    });
    expect((await linkedin('GET', '/ServiceProviderConfig')).body['patch']).toMatchObject({
      supported: true,
    });
    const made = await ringlead('POST', '/Users', user('a@daytwo.example'));
    const path = `/Users/${String(made.body['id'])}`;
    const off = patch({ op: 'replace', path: 'active', value: false });
    expect(await ringlead('PATCH', path, off)).toMatchObject({ status: 501, body: { schemas: [ERROR] } });
    expect((await ringlead('PUT', path, { ...made.body, active: false })).status).toBe(200);
    expect((await ringlead('GET', path)).body).toMatchObject({ active: false });
  });

  test('one that wants text shows "True" and "False", and refuses a boolean', async () => {
    const { url, ringlead } = await servers();
    await ways(url, { activeAsText: true });
    const made = await ringlead('POST', '/Users', user('a@daytwo.example', { active: 'True' }));
    expect(made.body).toMatchObject({ active: 'True' });
    const path = `/Users/${String(made.body['id'])}`;
    const set = (value: unknown) => ringlead('PATCH', path, patch({ op: 'replace', path: 'active', value }));
    expect(await set(false)).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    const whole = await ringlead('PATCH', path, patch({ op: 'replace', value: { active: false } }));
    expect(whole.status).toBe(400);
    expect((await set('False')).status).toBeLessThan(300);
    const found = await ringlead('GET', filter('userName eq "a@daytwo.example"'));
    expect(found.body['Resources']).toMatchObject([{ active: 'False' }]);
  });

  test('one may not be asked by externalId, nor for a list', async () => {
    const { url, ringlead } = await servers();
    await ways(url, { findsByExternalId: false, lists: false });
    for (const path of [filter('externalId eq "7"'), '/Users'])
      expect(await ringlead('GET', path)).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
    expect((await ringlead('GET', filter('userName eq "a@daytwo.example"'))).status).toBe(200);
  });

  test('what is no way, and no system, is refused', async () => {
    const { url } = await servers();
    expect(await ways(url, { patch: 'no' })).toBe(400);
    expect(await ways(url, { speed: true })).toBe(400);
    expect(await ways(url, { patch: true }, 'clari')).toBe(404);
  });
});
