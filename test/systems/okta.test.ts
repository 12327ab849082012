import { OktaGroups } from '../../src/systems/okta';
import { again, begin, begun, item, person, Systems } from './fixture';
import { Scripted } from './scripted';

let systems: Systems;
beforeAll(async () => {
  systems = await Systems.start();
});
beforeEach(() => {
  begun.length = 0;
  return systems.reset();
});
afterAll(() => systems.stop());

const connect = (token = systems.files.okta.token): OktaGroups =>
  new OktaGroups({ url: systems.files.okta.url, token });
const GROUP = 'okta-chorus-users';
const way = (group = GROUP) => ({ kind: 'okta-group', group }) as const;
/** Somebody whom the identity provider knows. */
const sam = person({ email: 'sam.okafor@daytwo.example', name: 'Sam Okafor' });
const asked = (who = sam, group = GROUP, id = 'one') => item(id, { way: way(group), system: 'chorus' }, who);
const outcome = async (batch: Promise<ReadonlyMap<string, unknown>>) => Object.fromEntries(await batch);
const writes = async (log: () => Promise<readonly { method: string }[]>) =>
  (await log()).filter(({ method }) => method !== 'GET');

test('a person is taken into the group, and read back; again, they are there', async () => {
  expect(await outcome(connect().grant([asked()], begin))).toEqual({
    one: { kind: 'granted', verified: true, detail: `group ${GROUP}` },
  });
  expect(await connect().find(way(), [sam.email])).toMatchObject([{ state: 'active', role: GROUP }]);
  expect(begun).toEqual([`one: not in the group ${GROUP}`]);
  const log = await systems.watch();
  expect(await outcome(connect().grant([asked()], begin))).toMatchObject({
    one: { kind: 'already', verified: true },
  });
  expect(await writes(log)).toEqual([]);
});

test('taken out again, and read back; again, there is nothing', async () => {
  await connect().grant([asked()], begin);
  expect(await outcome(connect().revoke([asked()], begin))).toEqual({
    one: { kind: 'revoked', verified: true },
  });
  const log = await systems.watch();
  expect(await outcome(connect().revoke([asked()], begin))).toMatchObject({
    one: { kind: 'not_applicable' },
  });
  expect(await writes(log)).toEqual([]);
});

test('whom the identity provider does not know has nothing to be taken back, nor has a group that is not there', async () => {
  const nobody = person({ email: 'nobody.here@elsewhere.example' });
  expect(
    await outcome(connect().revoke([asked(nobody), asked(sam, 'okta-no-such', 'no group')], begin)),
  ).toMatchObject({ one: { kind: 'not_applicable' }, 'no group': { kind: 'not_applicable' } });
});

test('one bad member of a batch fails none of the others', async () => {
  const nobody = person({ email: 'nobody.here@elsewhere.example' });
  expect(
    await outcome(
      connect().grant(
        [asked(nobody, GROUP, 'nobody'), asked(sam, 'okta-no-such', 'no group'), asked(sam)],
        begin,
      ),
    ),
  ).toMatchObject({
    nobody: { kind: 'needs_person', problem: expect.stringContaining('no account for this person') },
    'no group': { kind: 'needs_person', problem: expect.stringContaining('no group okta-no-such') },
    one: { kind: 'granted' },
  });
});

test('an address with slashes and queries is one login, and nobody else is touched', async () => {
  await connect().grant([asked()], begin);
  for (const email of [
    '../groups',
    'me',
    `${sam.email}/lifecycle/deactivate`,
    `${sam.email}?x=`,
    `${sam.email}#`,
  ]) {
    const hostile = person({ email });
    expect(await outcome(connect().revoke([asked(hostile)], begin))).toMatchObject({
      one: { kind: 'not_applicable' },
    });
  }
  expect(await connect().find(way(), [sam.email])).toMatchObject([{ state: 'active' }]);
});

test.each(['PUT', 'DELETE'] as const)(
  'an answer to %s that is lost after the effect: whoever began it knows it as their doing, and sends it once',
  async (method) => {
    const act = method === 'PUT' ? 'grant' : 'revoke';
    if (act === 'revoke') await connect().grant([asked()], begin);
    await systems.fault({ system: 'okta', kind: 'lose-answer', method, count: 1 });
    const log = await systems.watch();
    expect(await outcome(connect()[act]([asked()], begin))).toMatchObject({
      one: { kind: 'waiting_for_system' },
    });
    expect(begun.at(-1)).toBe(`one: ${act === 'grant' ? 'not in' : 'in'} the group ${GROUP}`);
    expect(await outcome(connect()[act]([again(asked())], begin))).toMatchObject({
      one: { kind: act === 'grant' ? 'granted' : 'revoked', verified: true },
    });
    expect(await writes(log)).toHaveLength(1);
  },
);

test('a change that did not come about waits for the system, was sent once, and holds up no other', async () => {
  await systems.fault({ system: 'okta', kind: 'status', status: 503, method: 'PUT', count: 1 });
  const log = await systems.watch();
  const other = asked(sam, 'okta-ringlead-users', 'other');
  expect(await outcome(connect().grant([asked(), other], begin))).toMatchObject({
    one: { kind: 'waiting_for_system', system: 'okta', code: '503' },
    other: { kind: 'granted' },
  });
  expect(await writes(log)).toHaveLength(2);
});

test('a wrong token is for a person; a full window waits for its end', async () => {
  expect(await outcome(connect('wrong').grant([asked()], begin))).toMatchObject({
    one: { kind: 'needs_person', problem: 'okta refused: 401' },
  });
  await systems.fault({ system: 'okta', kind: 'status', status: 429, retryAfter: 60 });
  expect(await outcome(connect().grant([asked()], begin))).toEqual({
    one: { kind: 'waiting_for_system', system: 'okta', code: '429', retryAfterSeconds: 60 },
  });
});

describe('a provider that does not do what it was told is not taken at its word', () => {
  let server: Scripted;
  beforeAll(async () => {
    server = await Scripted.start();
  });
  afterAll(() => server.stop());

  /** A directory in which membership stays as it is. */
  const stubborn = (member: boolean): OktaGroups => {
    server.answer = ({ path }) => {
      if (path.startsWith('/api/v1/groups?'))
        return { status: 200, body: [{ id: 'g', profile: { name: GROUP } }] };
      if (path.endsWith('/groups')) return { status: 200, body: member ? [{ id: 'g' }] : [] };
      return { status: 200, body: { id: 'u', status: 'ACTIVE' } };
    };
    return new OktaGroups({ url: server.url, token: 'x' });
  };

  test('a grant that is not shown, and a removal that leaves them in, are for a person', async () => {
    expect(await outcome(stubborn(false).grant([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person' },
    });
    expect(await outcome(stubborn(true).revoke([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person' },
    });
  });

  test('a group whose name only begins like the one asked for is another group', async () => {
    server.asked.length = 0;
    server.answer = ({ path }) =>
      path.startsWith('/api/v1/groups?')
        ? { status: 200, body: [{ id: 'g', profile: { name: `${GROUP}-admins` } }] }
        : { status: 200, body: { id: 'u', status: 'ACTIVE' } };
    const provider = new OktaGroups({ url: server.url, token: 'x' });
    expect(await outcome(provider.grant([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person', problem: expect.stringContaining('no group') },
    });
    expect(server.asked.map(({ method }) => method)).not.toContain('PUT');
  });

  test.each(['SUSPENDED', 'DEPROVISIONED'])('an account that is %s gets nothing', async (status) => {
    server.asked.length = 0;
    server.answer = ({ path }) =>
      path.startsWith('/api/v1/groups?')
        ? { status: 200, body: [{ id: 'g', profile: { name: GROUP } }] }
        : { status: 200, body: { id: 'u', status } };
    const provider = new OktaGroups({ url: server.url, token: 'x' });
    expect(await outcome(provider.grant([asked()], begin))).toMatchObject({
      one: { kind: 'needs_person', problem: expect.stringContaining('not active') },
    });
    expect(server.asked.map(({ method }) => method)).not.toContain('PUT');
  });
});

describe('a large batch lists the members of its group once, instead of asking for each', () => {
  const PEOPLE = 250;
  const everybody = () =>
    Array.from({ length: PEOPLE }, (_, at) =>
      asked(person({ employeeId: `m${at}`, email: `m${at}@daytwo.example` }), GROUP, `m${at}`),
    );
  beforeEach(async () => {
    const { url, token } = systems.files.okta;
    for (const { person: who } of everybody())
      await fetch(`${url}/api/v1/users`, {
        method: 'POST',
        headers: { authorization: `SSWS ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          profile: { firstName: 'Mo', lastName: 'Many', email: who.email, login: who.email },
        }),
      });
  });

  test('page by page, before and after; again, all are there', async () => {
    const log = await systems.watch();
    const granted = await connect().grant(everybody(), begin);
    expect([...granted.values()].filter(({ kind }) => kind === 'granted')).toHaveLength(PEOPLE);
    const asks = await log();
    expect(asks.filter(({ method }) => method === 'PUT')).toHaveLength(PEOPLE);
    expect(asks.filter(({ path }) => /groups\/[^/]+\/users\?/.test(path))).toHaveLength(3);
    expect(asks.filter(({ path }) => path.endsWith('/groups'))).toEqual([]);
    const again_ = await connect().grant(everybody(), begin);
    expect([...again_.values()].filter(({ kind }) => kind === 'already')).toHaveLength(PEOPLE);
    const revoked = await connect().revoke(everybody(), begin);
    expect([...revoked.values()].filter(({ kind }) => kind === 'revoked')).toHaveLength(PEOPLE);
  });
});
