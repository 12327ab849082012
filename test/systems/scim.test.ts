import { ScimUsers, splitName } from '../../src/systems/scim';
import { again, begin, begun, item, person, Systems } from './fixture';
import { Scripted, type Asked } from './scripted';

let systems: Systems;
let server: Scripted;
beforeAll(async () => {
  [systems, server] = [await Systems.start(), await Scripted.start()];
});
beforeEach(() => {
  begun.length = 0;
  return systems.reset();
});
afterAll(async () => {
  await Promise.all([systems.stop(), server.stop()]);
});

const NAME = 'LINKEDIN_SALES_INSIGHTS';
const connect = (change: Partial<{ url: string; token: string }> = {}): ScimUsers => {
  const { url, token } = systems.files.scim.find(({ system }) => system === 'linkedin-sales-insights')!;
  return new ScimUsers({ connection: NAME, url, token, ...change });
};
const scripted = (): ScimUsers => connect({ url: server.url });
const way = { kind: 'scim', connection: NAME } as const;
const asked = (who = person(), id = 'one') =>
  item(id, { way, system: 'linkedin-sales-insights', role: 'User' }, who);
const outcome = async (batch: Promise<ReadonlyMap<string, unknown>>) => Object.fromEntries(await batch);
const found = async (email: string) => connect().find(way, [email]);

test('an account is made with what was approved, and read back', async () => {
  expect(await outcome(connect().grant([asked()], begin))).toEqual({
    one: { kind: 'granted', verified: true, detail: 'role User' },
  });
  expect(await found(person().email)).toMatchObject([{ state: 'active', role: 'User' }]);
});

test('asked again, it is found: ours where we began it, else there already; nothing is written', async () => {
  await connect().grant([asked()], begin);
  expect(begun).toEqual(['one: no account']);
  const log = await systems.watch();
  expect(await outcome(connect().grant([again(asked())], begin))).toMatchObject({ one: { kind: 'granted' } });
  expect(await outcome(connect().grant([asked()], begin))).toMatchObject({ one: { kind: 'already' } });
  expect((await log()).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(begun).toHaveLength(1);
});

test('taken back it is inactive, then woken, never made twice', async () => {
  await connect().grant([asked()], begin);
  expect(await outcome(connect().revoke([asked()], begin))).toEqual({
    one: { kind: 'revoked', verified: true },
  });
  expect(await found(person().email)).toMatchObject([{ state: 'inactive' }]);
  expect(await outcome(connect().revoke([asked()], begin))).toMatchObject({
    one: { kind: 'not_applicable' },
  });
  const log = await systems.watch();
  expect(await outcome(connect().grant([asked()], begin))).toMatchObject({ one: { kind: 'granted' } });
  expect((await log()).map(({ method }) => method)).not.toContain('POST');
});

describe('an answer that is lost after the effect', () => {
  test.each(['make', 'wake', 'take back'] as const)(
    'to %s an account: whoever began it knows it as their doing, and sends it once',
    async (what) => {
      const act = what === 'take back' ? 'revoke' : 'grant';
      if (what !== 'make') await connect().grant([asked()], begin);
      if (what === 'wake') await connect().revoke([asked()], begin);
      const method = what === 'make' ? 'POST' : 'PATCH';
      await systems.fault({ system: 'scim', kind: 'lose-answer', method, count: 1 });
      const log = await systems.watch();
      expect(await outcome(connect()[act]([asked()], begin))).toMatchObject({
        one: { kind: 'waiting_for_system', system: 'scim/linkedin_sales_insights', code: 'no-answer' },
      });
      expect(await outcome(connect()[act]([again(asked())], begin))).toMatchObject({
        one: { kind: act === 'grant' ? 'granted' : 'revoked', verified: true },
      });
      expect((await log()).filter((one) => one.method === method)).toHaveLength(1);
    },
  );

  test('a fault of one account is that of no other', async () => {
    await systems.fault({ system: 'scim', kind: 'status', status: 503, method: 'POST', count: 1 });
    const other = asked(person({ email: 'bob.example@daytwo.example', employeeId: '2' }), 'other');
    expect(await outcome(connect().grant([asked(), other], begin))).toMatchObject({
      one: { kind: 'waiting_for_system', code: '503' },
      other: { kind: 'granted' },
    });
  });
});

test('a wrong token is for a person', async () => {
  expect(await outcome(connect({ token: 'wrong' }).grant([asked()], begin))).toMatchObject({
    one: { kind: 'needs_person', problem: 'scim/linkedin_sales_insights refused: 401' },
  });
});

describe('a role is claimed only where it is shown', () => {
  /** An account as somebody else made it. */
  async function there(values: object): Promise<string> {
    const { url, token } = systems.files.scim.find(({ system }) => system === 'linkedin-sales-insights')!;
    const response = await fetch(`${url}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: person().email,
        ...values,
      }),
    });
    return ((await response.json()) as { id: string }).id;
  }

  test('another role on an account that was there before is for a person, and stays', async () => {
    await there({ active: true, roles: [{ value: 'Admin' }] });
    const log = await systems.watch();
    expect(await outcome(connect().grant([asked()], begin))).toMatchObject({
      one: {
        kind: 'needs_person',
        problem: 'the account was there before, with role Admin; approved is role User',
      },
    });
    expect((await log()).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(begun).toEqual([]);
  });

  test('another role on an account that was there before is set, where its change was approved', async () => {
    await there({ active: true, roles: [{ value: 'Admin' }] });
    expect(await outcome(connect().grant([{ ...asked(), mayChange: true }], begin))).toEqual({
      one: { kind: 'granted', verified: true, detail: 'role User' },
    });
    expect(begun).toEqual(['one: an active account, role Admin']);
    expect(await found(person().email)).toMatchObject([{ state: 'active', role: 'User' }]);
    expect(await outcome(connect().grant([{ ...asked(), mayChange: true }], begin))).toMatchObject({
      one: { kind: 'already' },
    });
  });

  test('the approved role on an account that was there before is verified', async () => {
    await there({ active: true, roles: [{ value: 'user' }] });
    expect(await outcome(connect().grant([asked()], begin))).toEqual({
      one: { kind: 'already', verified: true, detail: 'role User' },
    });
  });

  test('an account that shows no role is there, but the role is not claimed', async () => {
    await there({ active: true });
    expect(await outcome(connect().grant([asked()], begin))).toEqual({
      one: { kind: 'already', verified: true, detail: 'account; the system shows no role' },
    });
  });

  test('an account that we wake gets the approved role before it is woken', async () => {
    await there({ active: false, roles: [{ value: 'Admin' }] });
    expect(await outcome(connect().grant([asked()], begin))).toEqual({
      one: { kind: 'granted', verified: true, detail: 'role User' },
    });
    expect(begun).toEqual(['one: an inactive account, role Admin']);
    expect(await found(person().email)).toMatchObject([{ state: 'active', role: 'User' }]);
  });
});

describe('an address that would be more than an address', () => {
  const HOSTILE = [
    'x" or userName pr or userName eq "x',
    'ada.example@daytwo.example" or active eq "true',
    'x\\" or userName sw "',
    '*',
    '"',
    '%22 or 1 eq 1',
  ];

  test.each(HOSTILE)('%s finds nobody, and takes nothing from anybody', async (email) => {
    await connect().grant([asked()], begin);
    // A server may refuse such a filter; then a person is told.
    const found_: unknown = await connect()
      .find(way, [email])
      .catch((fault: unknown) => fault);
    expect([[], expect.objectContaining({ code: '400', retryable: false })]).toContainEqual(found_);
    const { one } = (await outcome(connect().revoke([asked(person({ email }))], begin))) as {
      one: { kind: string };
    };
    expect(['not_applicable', 'needs_person']).toContain(one.kind);
    expect(await found(person().email)).toMatchObject([{ state: 'active' }]);
  });

  test('stands in the filter as one quoted value', async () => {
    server.answers({ status: 200, body: { Resources: [] } });
    await scripted().find(way, HOSTILE);
    const filters = server.asked.map(
      ({ path }) => new URLSearchParams(path.split('?')[1]).get('filter') ?? '',
    );
    for (const [at, filter] of filters.entries()) {
      const value = /^userName eq ("(?:[^"\\]|\\.)*")$/.exec(filter)?.[1];
      expect(JSON.parse(value ?? 'null')).toBe(HOSTILE[at]);
    }
  });
});

describe('servers that go their own ways', () => {
  const user = (changes: object = {}) => ({
    id: 'u/1',
    userName: person().email,
    active: true,
    meta: { created: '2020-01-01T00:00:00Z' },
    ...changes,
  });
  /** A server with one user, which says of itself what a test says. */
  function serve(
    first: object | null,
    answer: (asked: Asked) => { status: number; body?: unknown } | undefined,
  ): void {
    let now = first;
    server.asked.length = 0;
    server.answer = (asked) => {
      const own = answer(asked);
      if (own) return own;
      if (asked.method === 'GET' && asked.path.includes('filter='))
        return { status: 200, body: { Resources: now ? [now] : [] } };
      if (asked.method === 'GET') return { status: 200, body: now };
      now = { ...now, ...(asked.body as object) };
      return { status: 200, body: now };
    };
  }

  test('one that ignores the filter and lists somebody else is not believed', async () => {
    serve(user({ userName: 'somebody.else@daytwo.example' }), () => undefined);
    expect(await scripted().find(way, [person().email])).toEqual([]);
    expect(await outcome(scripted().revoke([asked()], begin))).toMatchObject({
      one: { kind: 'not_applicable' },
    });
    expect(server.asked.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('one that writes "False" for false is understood', async () => {
    serve(user({ active: 'False' }), () => undefined);
    expect(await scripted().find(way, [person().email])).toMatchObject([{ state: 'inactive' }]);
  });

  test.each([405, 501])(
    'one without PATCH (%d) gets the whole resource back, with one value changed',
    async (status) => {
      serve(user({ title: 'kept' }), ({ method }) => (method === 'PATCH' ? { status } : undefined));
      expect(await outcome(scripted().revoke([asked()], begin))).toEqual({
        one: { kind: 'revoked', verified: true },
      });
      const put = server.asked.find(({ method }) => method === 'PUT');
      expect(put).toMatchObject({ path: '/Users/u%2F1', body: { title: 'kept', active: false } });
    },
  );

  test('one that does not do what it was told is not taken at its word', async () => {
    serve(user(), ({ method }) => (method === 'PATCH' ? { status: 200, body: {} } : undefined));
    expect(await outcome(scripted().revoke([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person', problem: expect.stringContaining('still active') },
    });
  });

  test('a name that is taken by an account that is not shown becomes a task', async () => {
    serve(null, ({ method }) => (method === 'POST' ? { status: 409 } : undefined));
    expect(await outcome(scripted().grant([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person', problem: expect.stringContaining('is taken') },
    });
  });

  test.each([
    [400, { scimType: 'invalidValue' }, '400 invalidValue'],
    [403, { scimType: '<b>not a word</b>' }, '403'],
  ])('a refusal with %d becomes a task that quotes its kind only', async (status, body, quoted) => {
    serve(null, ({ method }) => (method === 'POST' ? { status, body } : undefined));
    expect(await outcome(scripted().grant([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person', problem: `the system refused the new account (${quoted})` },
    });
  });

  test('an account that is not shown yet is looked for again later', async () => {
    serve(null, ({ method }) => (method === 'POST' ? { status: 201, body: {} } : { status: 200, body: {} }));
    expect(await outcome(scripted().grant([asked()], begin))).toMatchObject({
      one: { kind: 'waiting_for_system', code: 'not-there-yet' },
    });
  });

  test('one that keeps the old role of an account that we wake: it stays asleep, and a person is told', async () => {
    serve(user({ active: false, roles: [{ value: 'Admin' }] }), ({ method }) =>
      method === 'PATCH' ? { status: 200, body: {} } : undefined,
    );
    expect(await outcome(scripted().grant([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person', problem: 'the account shows role Admin after role User was set' },
    });
    const sent = server.asked
      .filter(({ method }) => method === 'PATCH')
      .map(({ body }) => JSON.stringify(body));
    expect(sent.join()).not.toContain('"active"');
  });
});

test.each([
  ['Ada Example', 'Ada', 'Example'],
  ['Ada Maria van der Example', 'Ada Maria van der', 'Example'],
  ['  Ada   Example ', 'Ada', 'Example'],
  ['Björk', '', 'Björk'],
  ['', '', 'Unknown'],
])('%j has the names %j and %j', (name, first, last) => {
  expect(splitName({ name })).toEqual({ first, last });
});

test('many at once: each has an outcome, what is to be changed is written down in one write, and nobody is made twice', async () => {
  const batch = Array.from({ length: 50 }, (_, at) =>
    asked(person({ employeeId: `m${at}`, email: `m${at}@daytwo.example` }), `m${at}`),
  );
  const writes: number[] = [];
  await systems.fault({ system: 'scim', kind: 'status', status: 503, method: 'POST', count: 3 });
  const found_ = await connect().grant(batch, (items) => {
    writes.push(items.length);
    return Promise.resolve();
  });
  const kinds = [...found_.values()].map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'granted')).toHaveLength(47);
  expect(kinds.filter((kind) => kind === 'waiting_for_system')).toHaveLength(3);
  expect(writes).toEqual([50]);
});
