import type { Task } from '../../src/domain/access-request';
import type { Connection } from '../../src/domain/batches';
import { SystemFault } from '../../src/systems/fault';
import { takeable, takenWhateverBegun } from '../../src/domain/batches';
import { message } from '../domain/request';
import { Ground, type Request } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterEach(() => jest.restoreAllMocks());
afterAll(() => ground.stop());

const SALESFORCE = ['salesforce', 'salesforce-inbox'];

function batchOf(request: Request, connection: Connection, ids: readonly string[]) {
  const { ref, plan } = request.state;
  const tasks = ids.map((id) => plan.tasks.find((task) => task.id === id) as Task);
  const { employeeId, policyVersion, templateDigest } = plan;
  const approved = { policyVersion, templateDigest };
  return { ref, employeeId, connection, tasks, tries: 5, approved };
}
const grant = (request: Request, connection: Connection, ids: readonly string[], attempt = 1) =>
  ground.run('grantAccess', batchOf(request, connection, ids), { attempt });
const revoke = (
  request: Request,
  connection: Connection,
  ids: readonly string[],
  whateverBegun: readonly string[] = [],
) => ground.run('revokeAccess', { ...batchOf(request, connection, ids), whateverBegun });
const kinds = ({ outcomes }: Awaited<ReturnType<typeof grant>>) =>
  Object.fromEntries(Object.entries(outcomes).map(([id, { kind }]) => [id, kind]));

describe.each<[string, Connection, readonly string[], { system: string; method: string; path: string }]>([
  [
    'Salesforce',
    'salesforce',
    SALESFORCE,
    { system: 'salesforce', method: 'POST', path: '/composite/sobjects' },
  ],
  [
    'SCIM',
    'scim/LINKEDIN_SALES_INSIGHTS',
    ['linkedin-sales-insights'],
    { system: 'scim', method: 'POST', path: '/Users' },
  ],
  ['Okta', 'okta', ['chorus'], { system: 'okta', method: 'PUT', path: '/users/' }],
])('%s', (_system, connection, ids, write) => {
  const all = (kind: string) => Object.fromEntries(ids.map((id) => [id, kind]));

  test('grants, verifies, and keeps a row of evidence for each', async () => {
    const request = await ground.opened();
    expect(kinds(await grant(request, connection, ids))).toEqual(all('granted'));
    const rows = (await ground.store.rowsAfter(0)).filter(({ kind }) => kind === 'access.granted');
    expect(rows).toHaveLength(ids.length);
    const { policyVersion: policy, templateDigest } = request.state.plan;
    for (const { detail } of rows)
      expect(detail).toMatchObject({ policy, templateDigest, proof: 'verified' });
  });

  test('done again, it says the same and changes nothing', async () => {
    const request = await ground.opened();
    const first = await grant(request, connection, ids);
    const rows = (await ground.evidence()).length;
    const changes = await ground.changes(async () => {
      expect(kinds(await grant(request, connection, ids))).toEqual(kinds(first));
    });
    expect(changes).toEqual([]);
    expect(await ground.evidence()).toHaveLength(rows);
  });

  test('takes back what it granted; asked again, it says the same and changes nothing', async () => {
    const request = await ground.opened();
    await grant(request, connection, ids);
    expect(kinds(await revoke(request, connection, ids))).toEqual(all('revoked'));
    const changes = await ground.changes(async () => {
      expect(kinds(await revoke(request, connection, ids))).toEqual(all('revoked'));
    });
    expect(changes).toEqual([]);
  });

  test('what was there before is no doing of ours: it goes only where everything is to go', async () => {
    const [before, request] = [await ground.opened(), await ground.opened('104712')];
    await grant(before, connection, ids);
    // The same access, asked for by a request that knows nothing of the first one.
    const info = { workflowExecution: { workflowId: 'access-request/later', runId: 'r' } };
    const batch = batchOf(before, connection, ids);
    const found = await ground.run('grantAccess', batch, info);
    expect(kinds(found)).toEqual(all('already'));
    const changes = await ground.changes(async () => {
      const kept = await ground.run('revokeAccess', { ...batch, whateverBegun: [] }, info);
      expect(kinds(kept)).toEqual(all('not_applicable'));
      expect(kinds(await revoke(request, connection, ids))).toEqual(all('not_applicable'));
    });
    expect(changes).toEqual([]);
    const gone = await ground.run('revokeAccess', { ...batch, whateverBegun: ids }, info);
    expect(kinds(gone)).toEqual(all('revoked'));
  });

  test('writes down that it begins, how it stood before, and that once, before it changes anything', async () => {
    const request = await ground.opened();
    await ground.systems.fault({ ...write, kind: 'status', status: 503, count: 1 });
    await expect(grant(request, connection, ids)).rejects.toMatchObject({ nonRetryable: false });
    const begun = async () => (await ground.store.rowsAfter(0)).filter(({ kind }) => kind === 'access.begun');
    const [first] = await begun();
    expect(first?.detail).toMatchObject({ before: expect.stringMatching(/^not? /), task: ids[0] });
    expect(first?.detail['before']).not.toContain('@');
    await grant(request, connection, ids, 2);
    expect((await begun()).map(({ detail }) => detail['task']).sort()).toEqual([...ids].sort());
  });

  test('an answer that is lost after the effect: it is found, counts as granted, and is done no second time', async () => {
    const [other, request] = [await ground.opened('104710'), await ground.opened()];
    const straight = await ground.changes(() => grant(other, connection, ids));
    const isWrite = ({ method, path }: { method: string; path: string }) =>
      method === write.method && path.includes(write.path);
    await ground.systems.fault({ ...write, kind: 'lose-answer', count: 1 });
    const changes = await ground.changes(async () => {
      await expect(grant(request, connection, ids)).rejects.toMatchObject({ nonRetryable: false });
      expect(kinds(await grant(request, connection, ids, 2))).toEqual(all('granted'));
    });
    expect(changes.filter(({ status }) => status === 0)).toHaveLength(1);
    expect(changes.filter(isWrite)).toHaveLength(straight.filter(isWrite).length);
  });
});

test('a batch that waits for a seat keeps its order: what hangs on the seat is left open', async () => {
  const request = await ground.opened();
  await ground.systems.salesforce('PATCH', '/licences', { name: 'Salesforce', total: 0 });
  expect(kinds(await grant(request, 'salesforce', SALESFORCE))).toEqual({ salesforce: 'waiting_for_seat' });
});

test('a person who has no account yet, and a system that is not set up, become a task that says what to do', async () => {
  const request = await ground.opened();
  await ground.systems.fault({ system: 'okta', kind: 'status', status: 404, path: 'v1/users/' });
  const { outcomes } = await grant(request, 'okta', ['chorus']);
  expect(outcomes['chorus']).toMatchObject({
    kind: 'needs_person',
    problem: 'the identity provider has no account for this person yet',
    mend: expect.stringContaining('try again'),
  });
  const other = await ground.run('grantAccess', {
    ...batchOf(request, 'scim/NOWHERE', ['linkedin-sales-insights']),
  });
  expect(other.outcomes['linkedin-sales-insights']).toMatchObject({
    kind: 'needs_person',
    mend: expect.stringContaining('NOWHERE_SCIM_URL is missing'),
  });
});

describe('a system that does not answer', () => {
  const away = (retryAfter?: number) =>
    ground.systems.fault({
      system: 'okta',
      kind: 'status',
      status: 429,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });

  test('is tried again by Temporal four times, then it is an outcome, and the evidence says so', async () => {
    const request = await ground.opened();
    await away(10);
    await expect(grant(request, 'okta', ['chorus'], 4)).rejects.toMatchObject({
      type: 'okta:429',
      nextRetryDelay: 10_000,
    });
    const { outcomes } = await grant(request, 'okta', ['chorus'], 5);
    expect(outcomes['chorus']).toEqual({
      kind: 'waiting_for_system',
      system: 'okta',
      code: '429',
      retryAfterSeconds: 10,
    });
    const rows = await ground.store.rowsAfter(0);
    expect(rows.at(-1)).toMatchObject({
      kind: 'access.waiting_for_system',
      detail: { why: 'okta does not answer (429)' },
    });
  });

  test('and asks for a longer wait is an outcome at once', async () => {
    const request = await ground.opened();
    await away(90);
    const { outcomes } = await grant(request, 'okta', ['chorus']);
    expect(outcomes['chorus']).toMatchObject({ kind: 'waiting_for_system', retryAfterSeconds: 90 });
  });

  test('holds up nobody else in the batch, whose grant stays ours', async () => {
    const request = await ground.opened();
    const [one] = request.state.plan.tasks.filter(({ way }) => way.kind === 'okta-group') as [Task];
    const way = { kind: 'okta-group', group: 'okta-ringlead-users' } as const;
    const tasks = [one, { ...one, id: 'ringlead', name: 'RingLead', way }];
    const batch = { ...batchOf(request, 'okta', []), tasks };
    const fault = { system: 'okta', kind: 'status', status: 503, method: 'PUT' } as const;
    // The first member is granted, the second is not.
    await ground.systems.fault({ ...fault, path: await groupPath(way.group) });
    await expect(ground.run('grantAccess', batch)).rejects.toMatchObject({ type: 'okta:503' });
    expect(kinds(await ground.run('grantAccess', batch, { attempt: 5 }))).toEqual({
      [one.id]: 'granted',
      ringlead: 'waiting_for_system',
    });
  });

  async function groupPath(name: string): Promise<string> {
    const { url, token } = ground.systems.files.okta;
    const answer = await fetch(`${url}/api/v1/groups`, { headers: { authorization: `SSWS ${token}` } });
    const groups = (await answer.json()) as { id: string; profile: { name: string } }[];
    return `/groups/${groups.find(({ profile }) => profile.name === name)?.id}/users`;
  }
});

test('a fault that no retry mends is an outcome at once', async () => {
  const request = await ground.opened();
  await ground.systems.fault({ system: 'okta', kind: 'status', status: 401 });
  const { outcomes } = await grant(request, 'okta', ['chorus']);
  expect(outcomes['chorus']).toMatchObject({ kind: 'needs_person', problem: 'okta refused: 401' });
});

test('what is no fault of a system is thrown as it is', async () => {
  const request = await ground.opened();
  jest.spyOn(ground.world, 'connector').mockReturnValue({
    find: () => Promise.resolve([]),
    grant: () => Promise.reject(new TypeError('a mistake of ours')),
    revoke: () => Promise.reject(new SystemFault('x', 'y', true, 'z')),
  });
  await expect(grant(request, 'okta', ['chorus'])).rejects.toThrow('a mistake of ours');
});

describe('a cancel that asks for everything to be taken back', () => {
  const cancelled = (request: Request) =>
    request.visit(message('cancel', 'amber', { reason: 'the wrong person', remove: true }));
  const takeBack = async (request: Request): Promise<void> => {
    for (const [connection, tasks] of takeable(request.state, new Date().toISOString())) {
      const ids = tasks.map(({ id }) => id);
      const { outcomes } = await revoke(request, connection, ids, takenWhateverBegun(request.state, tasks));
      for (const [id, outcome] of Object.entries(outcomes)) request.happened(id, outcome);
    }
    await request.visit();
  };
  const byHand = (request: Request): void => {
    const at = new Date().toISOString();
    request.hears({ kind: 'attested', task: 'clari', by: 'sam-ops', channel: 'gitlab', at });
  };
  const said = async (request: Request): Promise<string> =>
    (await request.comments()).find((body) => body.startsWith('Cancelled by')) ?? '';

  test('takes a half-made user back, and says so', async () => {
    const request = await ground.opened();
    const task = request.state.plan.tasks.find(({ id }) => id === 'salesforce') as Task;
    const bad = { ...task, entitlement: { ...task.entitlement, permissionSets: ['No_Such_Set'] } };
    const batch = { ...batchOf(request, 'salesforce', []), tasks: [bad] };
    const { outcomes } = await ground.run('grantAccess', batch);
    expect(outcomes['salesforce']).toMatchObject({ kind: 'needs_person' });
    request.happened('salesforce', outcomes['salesforce']!);
    await cancelled(request);
    expect(request.state.closedAt).toBeNull();
    await takeBack(request);
    expect(request.state.closedAt).not.toBeNull();
    const { email } = (await ground.store.personById('104711'))!;
    expect(
      await ground.world.connector('salesforce').find({ kind: 'salesforce-user' }, [email]),
    ).toMatchObject([{ state: 'inactive' }]);
    expect(await said(request)).toContain('- Salesforce: taken back');
    expect(await said(request)).toContain('nothing to take back (daytwo changed nothing here)');
  });

  test('without remove, what may be there in part is named as staying', async () => {
    const request = await ground.opened();
    await ground.systems.fault({ system: 'okta', kind: 'status', status: 503, method: 'PUT' });
    const { outcomes } = await grant(request, 'okta', ['chorus'], 5);
    request.happened('chorus', outcomes['chorus']!);
    await request.visit(message('cancel', 'amber', { reason: 'the wrong person' }));
    expect(await said(request)).toContain(
      '- Chorus (sign-in group): was begun, and may be there in part: it stays as it is',
    );
  });

  test.each(['amber', 'hris'])(
    'by %s: what people granted by hand becomes one task for people, linked and in the evidence',
    async (by) => {
      const request = await ground.opened();
      byHand(request);
      if (by === 'hris')
        request.hears({
          kind: 'cancelled',
          by,
          channel: 'hris',
          at: new Date().toISOString(),
          reason: 'x',
          remove: true,
        });
      else await cancelled(request);
      await takeBack(request);
      await request.visit();
      const tasks = (await ground.desk().issues('state=opened')).filter(({ title }) =>
        title.includes('access to take back by hand'),
      );
      expect(tasks).toHaveLength(1);
      expect(tasks[0]?.title).toBe('Employee 104711: access to take back by hand');
      const { description } = await ground.desk().issue(tasks[0]!.iid);
      expect(description).toContain('- Clari: granted by hand');
      expect(description).toContain(request.state.ref.url);
      expect(description).not.toMatch(/Robin|Sample|example@/);
      const comment = await said(request);
      expect(comment).toContain('- Clari: was granted by hand, by `sam-ops`, and is still there');
      expect(comment).toContain(`/issues/${tasks[0]!.iid}`);
      const rows = (await ground.evidence()).filter(({ kind }) => kind === 'access.handed_over');
      expect(rows).toEqual([expect.objectContaining({ what: 'asked people to take back Clari' })]);
    },
  );

  test('of a request whose issue is gone: the task for people is raised all the same', async () => {
    const request = await ground.opened();
    byHand(request);
    jest.spyOn(ground.world.gitlab, 'issue').mockResolvedValue(undefined);
    await cancelled(request);
    await takeBack(request);
    jest.restoreAllMocks();
    const tasks = (await ground.desk().issues('state=opened')).map(({ title }) => title);
    expect(tasks).toContain('Employee 104711: access to take back by hand');
  });

  test('by HR, before anything could be granted: nothing is there, and the request ends', async () => {
    const request = await ground.opened('104711', { email: 'never.came@daytwo.example' });
    const at = new Date().toISOString();
    request.hears({ kind: 'cancelled', by: 'hris', channel: 'hris', at, reason: 'x', remove: true });
    await ground.systems.fault({ system: 'okta', kind: 'status', status: 404, path: 'v1/users/' });
    await takeBack(request);
    expect(request.state.closedAt).not.toBeNull();
    expect(await said(request)).toContain('- Salesforce: nothing to take back (has no active user)');
  });

  test('what can not be taken back stays visible until a person has done it', async () => {
    const request = await ground.opened();
    const { outcomes } = await grant(request, 'okta', ['chorus']);
    request.happened('chorus', outcomes['chorus']!);
    await cancelled(request);
    await ground.systems.fault({ system: 'okta', kind: 'status', status: 403, method: 'DELETE' });
    await takeBack(request);
    expect(request.state.closedAt).toBeNull();
    const { description } = await request.issue();
    expect(description).toContain('okta refused: 403');
    expect(description).toContain('Take back by hand what is there, then close this issue.');
    expect(description).not.toContain('Try again: Chorus');
  });
});
