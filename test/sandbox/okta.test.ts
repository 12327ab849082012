import fc from 'fast-check';
import { importPeople, mountOkta, oktaToken } from '../../src/sandbox/okta';
import { BadExpression, parseExpression } from '../../src/sandbox/okta/search';
import { Grounds, withSystems } from './systems';

const grounds = new Grounds();
afterEach(() => grounds.close());

interface Shown {
  id: string;
  status: string;
  profile: Record<string, string>;
}

async function okta() {
  const world = grounds.world();
  const url = await grounds.serve(mountOkta(world, withSystems));
  const ask = async (
    method: string,
    path: string,
    body?: object,
    authorization = `SSWS ${oktaToken(world)}`,
  ) => {
    const answer = await fetch(path.startsWith('http') ? path : `${url}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text === '' ? null : JSON.parse(text)) as unknown,
    };
  };
  const shown = async (path: string) => (await ask('GET', path)).body as Shown;
  const list = async (path: string) => (await ask('GET', path)).body as Shown[];
  return { world, ask, shown, list };
}

const searching = (text: string) => `search=${encodeURIComponent(text)}`;

describe('the directory', () => {
  test('has the people of the handbook and a group for each that its ways name', async () => {
    const { list, shown } = await okta();
    expect((await list('/api/v1/groups')).map(({ profile }) => profile['name']).sort()).toEqual([
      'okta-chorus-users',
      'okta-outreach-eu',
      'okta-outreach-users',
      'okta-ringlead-users',
    ]);
    expect(await shown('/api/v1/users/DANA@example.com')).toMatchObject({
      status: 'ACTIVE',
      profile: { firstName: 'Dana', lastName: 'Desk' },
    });
  });

  test('gets imported people once', async () => {
    const { world, list, shown } = await okta();
    const before = (await list('/api/v1/users')).length;
    importPeople(world, [
      { email: 'new@example.com', name: 'Nadia van der Berg' },
      { email: 'NEW@example.com' },
      { email: 'dana@example.com' },
    ]);
    expect(await list('/api/v1/users')).toHaveLength(before + 1);
    expect(await shown('/api/v1/users/new@example.com')).toMatchObject({
      status: 'ACTIVE',
      profile: { firstName: 'Nadia van der', lastName: 'Berg' },
    });
  });
});

test('a membership is put and taken as often as wanted, with the same end', async () => {
  const { ask, list, shown } = await okta();
  const [group] = await list('/api/v1/groups?q=okta-ring');
  const dana = await shown('/api/v1/users/dana@example.com');
  const path = `/api/v1/groups/${group?.id}/users/${dana.id}`;
  for (let i = 0; i < 2; i++) expect((await ask('PUT', path)).status).toBe(204);
  expect((await list(`/api/v1/groups/${group?.id}/users`)).map(({ id }) => id)).toEqual([dana.id]);
  expect((await list(`/api/v1/users/${dana.id}/groups`)).map(({ id }) => id)).toEqual([group?.id]);
  for (let i = 0; i < 2; i++) expect((await ask('DELETE', path)).status).toBe(204);
  expect(await list(`/api/v1/groups/${group?.id}/users`)).toEqual([]);
});

describe('users', () => {
  const nadia = {
    profile: { firstName: 'Nadia', lastName: 'Berg', email: 'nadia@example.com', login: 'nadia@example.com' },
  };

  test('are made once, staged or not, and go through their states', async () => {
    const { ask, shown, list } = await okta();
    const made = await ask('POST', '/api/v1/users?activate=false', nadia);
    expect(made).toMatchObject({ status: 200, body: { status: 'STAGED' } });
    expect(await ask('POST', '/api/v1/users', nadia)).toMatchObject({
      status: 400,
      body: {
        errorCode: 'E0000001',
        errorCauses: [{ errorSummary: expect.stringContaining('already exists') }],
      },
    });
    const id = (made.body as Shown).id;
    expect((await ask('POST', `/api/v1/users/${id}/lifecycle/activate?sendEmail=false`)).status).toBe(200);
    expect(await shown(`/api/v1/users/${id}`)).toMatchObject({ status: 'ACTIVE' });
    expect((await ask('POST', `/api/v1/users/${id}/lifecycle/deactivate`)).status).toBe(200);
    expect(await ask('POST', `/api/v1/users/${id}/lifecycle/deactivate`)).toMatchObject({
      status: 403,
      body: { errorCode: 'E0000038' },
    });
    expect((await list('/api/v1/users')).map((user) => user.id)).not.toContain(id);
    expect(await list(`/api/v1/users?${searching('status eq "DEPROVISIONED"')}`)).toHaveLength(1);
  });

  test('have their sessions ended; nobody has none', async () => {
    const { ask } = await okta();
    const { id } = (await ask('POST', '/api/v1/users', nadia)).body as Shown;
    expect((await ask('DELETE', `/api/v1/users/${id}/sessions?oauthTokens=true`)).status).toBe(204);
    expect((await ask('DELETE', '/api/v1/users/00unobody/sessions')).status).toBe(404);
  });

  test('are searched for', async () => {
    const { list, ask } = await okta();
    const found = async (query: string) =>
      (await list(`/api/v1/users?${query}`)).map(({ profile }) => profile['login']);
    expect(await found(searching('profile.email eq "DANA@example.com" and status eq "ACTIVE"'))).toEqual([
      'dana@example.com',
    ]);
    expect(
      await found(searching('profile.firstName sw "D" or (profile.lastName eq "Manager" and status pr)')),
    ).toEqual(['dana@example.com', 'mona@example.com']);
    expect(await found('q=eri')).toEqual(['erin@example.com']);
    expect(await ask('GET', `/api/v1/users?${searching('profile.email equals "x"')}`)).toMatchObject({
      status: 400,
      body: { errorCode: 'E0000031' },
    });
  });

  test('come in pages that the Link header joins', async () => {
    const { ask, list } = await okta();
    const all = (await list('/api/v1/users')).map(({ id }) => id);
    const seen: string[] = [];
    let next: string | undefined = '/api/v1/users?limit=2';
    while (next !== undefined) {
      const { body, headers } = await ask('GET', next);
      seen.push(...(body as Shown[]).map(({ id }) => id));
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(all).toHaveLength(3);
    expect(seen).toEqual(all);
  });
});

describe('a refusal', () => {
  test('has the words and numbers of the catalogue', async () => {
    const { ask } = await okta();
    expect(await ask('GET', '/api/v1/users/nobody')).toMatchObject({
      status: 404,
      body: {
        errorCode: 'E0000007',
        errorSummary: 'Not found: Resource not found: nobody (User)',
        errorLink: 'E0000007',
        errorId: expect.stringMatching(/^oae/),
        errorCauses: [],
      },
    });
    expect(await ask('GET', '/api/v1/groups/none')).toMatchObject({
      status: 404,
      body: { errorSummary: expect.stringContaining('(UserGroup)') },
    });
    expect(await ask('GET', '/api/v1/users', undefined, 'SSWS wrong')).toMatchObject({
      status: 401,
      body: { errorCode: 'E0000011' },
    });
    expect((await ask('GET', '/api/v1/apps')).status).toBe(404);
  });

  test('comes when the minute is used up', async () => {
    const { ask } = await okta();
    const { headers } = await ask('GET', '/api/v1/users');
    expect(Number(headers.get('x-rate-limit-limit'))).toBe(1200);
    expect(headers.get('x-okta-request-id')).toMatch(/.{10}/);
    await ask('PATCH', '/__sandbox/rate-limit', { perMinute: 1 });
    const answers = [
      await ask('GET', '/api/v1/groups'),
      await ask('GET', '/api/v1/groups'),
      await ask('GET', '/api/v1/groups'),
    ];
    const refused = answers.filter(({ status }) => status === 429);
    // The minute may turn between two of the three.
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused[0]?.body).toMatchObject({ errorCode: 'E0000047' });
    expect(Number(refused[0]?.headers.get('x-rate-limit-reset')) * 1000).toBeGreaterThan(Date.now() - 1000);
  });
});

test('a search nested without end is refused', () => {
  expect(() => parseExpression('('.repeat(50_000))).toThrow(BadExpression);
});

test('no search text does more than find or be refused', () => {
  const word = fc.constantFrom('profile.login', 'eq', 'and', 'or', '(', ')', '"x"', 'pr', 'true');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (text) => {
        try {
          expect(typeof parseExpression(text)({ profile: { login: 'x' } })).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(BadExpression);
        }
      },
    ),
  );
});
