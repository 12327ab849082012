import { SystemFault } from '../../src/systems/fault';
import { ScimUsers, splitName } from '../../src/systems/scim';
import { item, person, Systems } from './fixture';
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
  expect(await outcome(connect().grant([asked()]))).toEqual({
    one: { kind: 'granted', verified: true, detail: 'role User' },
  });
  expect(await found(person().email)).toMatchObject([{ state: 'active', role: 'User' }]);
});

test('asked again, it is found: ours where it was made since, else there already; nothing is written', async () => {
  await connect().grant([asked()]);
  const log = await systems.watch();
  const later = { ...asked(), since: new Date(Date.now() + 60_000).toISOString() };
  expect(await outcome(connect().grant([asked()]))).toMatchObject({ one: { kind: 'granted' } });
  expect(await outcome(connect().grant([later]))).toMatchObject({ one: { kind: 'already' } });
  expect((await log()).filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('taken back it is inactive, then woken, never made twice', async () => {
  await connect().grant([asked()]);
  expect(await outcome(connect().revoke([asked()]))).toEqual({ one: { kind: 'revoked', verified: true } });
  expect(await found(person().email)).toMatchObject([{ state: 'inactive' }]);
  expect(await outcome(connect().revoke([asked()]))).toMatchObject({ one: { kind: 'not_applicable' } });
  const log = await systems.watch();
  expect(await outcome(connect().grant([asked()]))).toMatchObject({ one: { kind: 'granted' } });
  expect((await log()).map(({ method }) => method)).not.toContain('POST');
});

test('a POST whose answer is lost is sent once, and the account is found the next time', async () => {
  await systems.fault({ system: 'scim', kind: 'lose-answer', method: 'POST', count: 1 });
  const log = await systems.watch();
  await expect(connect().grant([asked()])).rejects.toMatchObject({
    system: 'scim/linkedin_sales_insights',
    code: 'no-answer',
    retryable: true,
  });
  expect(await outcome(connect().grant([asked()]))).toMatchObject({ one: { kind: 'granted' } });
  expect((await log()).filter(({ method }) => method === 'POST')).toHaveLength(1);
});

describe('an answer that is lost after the effect', () => {
  const lose = () => systems.fault({ system: 'scim', kind: 'lose-answer', method: 'PATCH', count: 1 });
  const patches = async (log: Awaited<ReturnType<Systems['watch']>>) =>
    (await log()).filter(({ method }) => method === 'PATCH');

  test('of a removal: a look tells that it came about, and it stays our doing', async () => {
    await connect().grant([asked()]);
    await lose();
    const log = await systems.watch();
    expect(await outcome(connect().revoke([asked()]))).toEqual({ one: { kind: 'revoked', verified: true } });
    expect(await patches(log)).toHaveLength(1);
  });

  test('of waking an old account: the same, so that a cancel takes it back', async () => {
    await connect().grant([asked()]);
    await connect().revoke([asked()]);
    await lose();
    const log = await systems.watch();
    const later = { ...asked(), since: new Date(Date.now() + 60_000).toISOString() };
    expect(await outcome(connect().grant([later]))).toMatchObject({ one: { kind: 'granted' } });
    expect(await patches(log)).toHaveLength(1);
  });

  test('but where nothing came about, it is a fault', async () => {
    await connect().grant([asked()]);
    await systems.fault({ system: 'scim', kind: 'status', status: 503, method: 'PATCH', count: 1 });
    const log = await systems.watch();
    await expect(connect().revoke([asked()])).rejects.toMatchObject({ code: '503', retryable: true });
    expect(await patches(log)).toHaveLength(1);
  });
});

test('a wrong token is a fault that no retry mends', async () => {
  await expect(connect({ token: 'wrong' }).grant([asked()])).rejects.toMatchObject({
    code: '401',
    retryable: false,
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
    await connect().grant([asked()]);
    const hostile = asked(person({ email }));
    for (const ask of [connect().find(way, [email]), connect().revoke([hostile])]) {
      // A server may refuse such a filter; then no retry mends it, and a person is told.
      const seen: unknown = await ask.catch((fault: unknown) => fault);
      if (seen instanceof SystemFault) expect(seen).toMatchObject({ code: '400', retryable: false });
      else if (Array.isArray(seen)) expect(seen).toEqual([]);
      else
        expect(Object.fromEntries(seen as Map<string, object>)).toMatchObject({
          one: { kind: 'not_applicable' },
        });
    }
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
    expect(await outcome(scripted().revoke([asked()]))).toMatchObject({ one: { kind: 'not_applicable' } });
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
      expect(await outcome(scripted().revoke([asked()]))).toEqual({
        one: { kind: 'revoked', verified: true },
      });
      const put = server.asked.find(({ method }) => method === 'PUT');
      expect(put).toMatchObject({ path: '/Users/u%2F1', body: { title: 'kept', active: false } });
    },
  );

  test('one that does not do what it was told is not taken at its word', async () => {
    serve(user(), ({ method }) => (method === 'PATCH' ? { status: 200, body: {} } : undefined));
    expect(await outcome(scripted().revoke([asked()]))).toMatchObject({
      one: { kind: 'needs_person', problem: expect.stringContaining('still active') },
    });
  });

  test('a name that is taken by an account that is not shown becomes a task', async () => {
    serve(null, ({ method }) => (method === 'POST' ? { status: 409 } : undefined));
    expect(await outcome(scripted().grant([asked()]))).toMatchObject({
      one: { kind: 'needs_person', problem: expect.stringContaining('is taken') },
    });
  });

  test.each([
    [400, { scimType: 'invalidValue' }, '400 invalidValue'],
    [403, { scimType: '<b>not a word</b>' }, '403'],
  ])('a refusal with %d becomes a task that quotes its kind only', async (status, body, quoted) => {
    serve(null, ({ method }) => (method === 'POST' ? { status, body } : undefined));
    expect(await outcome(scripted().grant([asked()]))).toMatchObject({
      one: { kind: 'needs_person', problem: `the system refused the new account (${quoted})` },
    });
  });

  test('an account that is not shown yet is looked for again later', async () => {
    serve(null, ({ method }) => (method === 'POST' ? { status: 201, body: {} } : { status: 200, body: {} }));
    await expect(scripted().grant([asked()])).rejects.toMatchObject({
      code: 'not-there-yet',
      retryable: true,
    });
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
