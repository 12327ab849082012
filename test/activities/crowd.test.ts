import type { Task } from '../../src/domain/access-request';
import type { Connection } from '../../src/domain/batches';
import { recordOf } from '../../src/activities/world';
import { countsOf } from '../../src/activities/access-crowd';
import type { PersonRecord } from '../../src/evidence';
import { plan, ref } from '../domain/request';
import { accountExecutive } from '../support/desk';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterEach(() => jest.restoreAllMocks());
afterAll(() => ground.stop());

const CROWD = { request: 'sales-ops/access-requests#7', version: 'v1' };
const INFO = { workflowExecution: { workflowId: 'access-request/sales-ops/access-requests/7', runId: 'r' } };
const SALESFORCE = ['salesforce', 'salesforce-inbox'];
const LINKEDIN = ['linkedin-sales-insights'];
const taskOf = (id: string): Task => plan().tasks.find((task) => task.id === id) as Task;
const personOf = (id: string): PersonRecord => {
  const { employee_id, ...facts } = accountExecutive(id);
  return recordOf(employee_id, facts, 'active', '2026-11-24T00:00:00.000Z');
};
const idsOf = (n: number) => Array.from({ length: n }, (_, at) => `c${String(at).padStart(4, '0')}`);

/** So many people whom HR told of, all named in the request. */
async function crowd(
  n: number,
  change: (person: PersonRecord) => PersonRecord = (one) => one,
): Promise<void> {
  const ids = idsOf(n);
  for (const id of ids) await ground.store.putPerson(change(personOf(id)));
  await ground.store.crowd.putPeople(
    CROWD.request,
    CROWD.version,
    ids.map((employeeId, at) => ({
      place: at + 1,
      employeeId,
      email: personOf(employeeId).email,
      problem: null,
    })),
  );
}

const batchOf = (connection: Connection, tasks: readonly Task[]) => ({
  ref,
  employeeId: '',
  crowd: CROWD,
  connection,
  tasks,
  tries: 5,
  approved: { policyVersion: '2026-01-01', templateDigest: 'd' },
});
let call = 0;
/** One call of the activity; the same number again is another try of the same call. */
const grant = (connection: Connection, tasks: readonly Task[], { attempt = 1, again = false } = {}) => {
  if (!again) call += 1;
  return ground.run('grantAccess', batchOf(connection, tasks), { ...INFO, attempt, activityId: `${call}` });
};
const revoke = (connection: Connection, tasks: readonly Task[], whateverBegun: readonly string[] = []) => {
  call += 1;
  return ground.run(
    'revokeAccess',
    { ...batchOf(connection, tasks), whateverBegun },
    { ...INFO, activityId: `${call}` },
  );
};
const salesforceTasks = SALESFORCE.map(taskOf);
const kindsOf = async (kind: string) =>
  (await ground.store.rowsAfter(0, 10_000)).filter((row) => row.kind === kind);

test('everybody gets all of it, each with a row of evidence of their own, and the workflow hears counts', async () => {
  await crowd(7);
  const { outcomes, counts } = await grant('salesforce', salesforceTasks);
  expect(outcomes).toMatchObject({
    salesforce: { kind: 'granted', verified: true },
    'salesforce-inbox': { kind: 'granted', verified: true, detail: 'licence Inbox' },
  });
  expect(counts).toEqual({
    salesforce: { of: 7, done: 7, already: 0, waiting: 0, exceptions: 0 },
    'salesforce-inbox': { of: 7, done: 7, already: 0, waiting: 0, exceptions: 0 },
  });
  const granted = await kindsOf('access.granted');
  expect(granted).toHaveLength(14);
  expect(new Set(granted.map(({ subject }) => subject))).toEqual(new Set(idsOf(7)));
  expect(await kindsOf('access.begun')).toHaveLength(14);
  const [first] = await kindsOf('access.begun');
  expect(first).toMatchObject({ subject: 'c0000', detail: { task: 'salesforce', before: 'no user' } });
  expect(JSON.stringify(outcomes)).not.toContain('@');
});

test('asked again, nobody is asked about whom it is settled for', async () => {
  await crowd(7);
  await grant('salesforce', salesforceTasks);
  const before = (await ground.evidence()).length;
  const seen = await ground.systems.watch();
  const { outcomes } = await grant('salesforce', salesforceTasks);
  expect(outcomes).toMatchObject({
    salesforce: { kind: 'granted' },
    'salesforce-inbox': { kind: 'granted' },
  });
  expect(await seen()).toEqual([]);
  expect(await ground.evidence()).toHaveLength(before);
});

test('what was asked for became something else: it is asked for again', async () => {
  await crowd(2);
  await grant('salesforce', salesforceTasks);
  const [user] = salesforceTasks as [Task];
  const changed: Task = {
    ...user,
    verb: 'change',
    entitlement: { ...user.entitlement, role: 'Commercial AE - Americas' },
  };
  expect((await grant('salesforce', [changed])).outcomes['salesforce']).toMatchObject({
    kind: 'granted',
    detail: expect.stringContaining('role Commercial AE - Americas'),
  });
});

test('one bad person is an exception, named in the store; the others are granted once', async () => {
  await crowd(5, (one) => (one.employeeId === 'c0002' ? { ...one, timeZone: 'Mars/Olympus' } : one));
  const { outcomes, counts } = await grant('salesforce', salesforceTasks);
  expect(outcomes['salesforce']).toMatchObject({ kind: 'needs_person', problem: '1 of 5 need a look' });
  // What hangs on the one user that did not come about stays open.
  expect(outcomes).not.toHaveProperty('salesforce-inbox');
  expect(counts?.['salesforce']).toMatchObject({ of: 5, done: 4, exceptions: 1 });
  expect(counts?.['salesforce-inbox']).toMatchObject({ of: 5, done: 4, exceptions: 0 });
  const [exception] = await ground.store.crowd.exceptions(CROWD.request, CROWD.version, 10);
  expect(exception).toMatchObject({ employeeId: 'c0002', task: 'salesforce', place: 3 });
  // Mended, only that one is served.
  await ground.store.putPerson({ ...personOf('c0002'), updatedAt: '2026-11-25T00:00:00.000Z' });
  const changes = await ground.changes(async () => {
    expect((await grant('salesforce', salesforceTasks)).outcomes).toMatchObject({
      salesforce: { kind: 'granted' },
      'salesforce-inbox': { kind: 'granted' },
    });
  });
  expect(changes.filter(({ method, path }) => method === 'POST' && path.includes('sobjects'))).toHaveLength(
    4,
  );
});

test('who is left out of the request gets nothing', async () => {
  await crowd(2);
  await ground.store.crowd.putPeople(CROWD.request, CROWD.version, [
    {
      place: 3,
      employeeId: null,
      email: 'nobody@daytwo.example',
      problem: 'HR knows nobody by this address',
    },
  ]);
  expect((await grant('salesforce', salesforceTasks)).counts?.['salesforce']).toMatchObject({
    of: 2,
    done: 2,
  });
});

test('whom HR has not told of is for a person', async () => {
  await ground.store.crowd.putPeople(CROWD.request, CROWD.version, [
    { place: 1, employeeId: 'unknown', email: 'x@daytwo.example', problem: null },
  ]);
  const { outcomes } = await grant('salesforce', [taskOf('salesforce')]);
  expect(outcomes['salesforce']).toMatchObject({ kind: 'needs_person' });
  expect(await ground.store.crowd.exceptions(CROWD.request, CROWD.version, 10)).toMatchObject([
    { why: 'HR has not told of this person' },
  ]);
});

test('seats that run out in the middle: some are granted, the others wait, and are asked for again', async () => {
  await crowd(6);
  await ground.systems.salesforce('PATCH', '/licences', { name: 'Inbox', total: 4 });
  const { outcomes, counts } = await grant('salesforce', salesforceTasks);
  expect(outcomes).toMatchObject({
    salesforce: { kind: 'granted' },
    'salesforce-inbox': { kind: 'waiting_for_seat', licence: 'Inbox' },
  });
  expect(counts?.['salesforce-inbox']).toEqual({ of: 6, done: 4, already: 0, waiting: 2, exceptions: 0 });
  // Who still waits is no news.
  const before = (await ground.evidence()).length;
  await grant('salesforce', [taskOf('salesforce-inbox')]);
  expect(await ground.evidence()).toHaveLength(before);
  await ground.systems.salesforce('PATCH', '/licences', { name: 'Inbox', total: 6 });
  expect(
    (await grant('salesforce', [taskOf('salesforce-inbox')])).outcomes['salesforce-inbox'],
  ).toMatchObject({
    kind: 'granted',
  });
});

describe('a system that goes away in the middle', () => {
  test('those who were served stay served, and the rest alone is tried again', async () => {
    await crowd(12);
    const tasks = LINKEDIN.map(taskOf);
    await ground.systems.fault({ system: 'scim', kind: 'status', status: 503, method: 'POST', count: 5 });
    await expect(grant('scim/LINKEDIN_SALES_INSIGHTS', tasks)).rejects.toMatchObject({
      message: expect.stringContaining('5 of 12 could not be done for now'),
    });
    expect(await countsOf(ground.store, CROWD, tasks)).toMatchObject({
      'linkedin-sales-insights': { done: 7, waiting: 5 },
    });
    const changes = await ground.changes(async () => {
      const { outcomes } = await grant('scim/LINKEDIN_SALES_INSIGHTS', tasks, { attempt: 2, again: true });
      expect(outcomes['linkedin-sales-insights']).toMatchObject({ kind: 'granted' });
    });
    expect(changes).toHaveLength(5);
    expect(await kindsOf('access.begun')).toHaveLength(12);
  });

  test('an answer that is lost after the effect: nobody is made twice, and all count as granted by us', async () => {
    await crowd(5);
    await ground.systems.fault({
      system: 'salesforce',
      kind: 'lose-answer',
      method: 'POST',
      path: '/composite/sobjects',
      count: 1,
    });
    await expect(grant('salesforce', salesforceTasks)).rejects.toMatchObject({ nonRetryable: false });
    const { outcomes, counts } = await grant('salesforce', salesforceTasks, { attempt: 2, again: true });
    expect(outcomes['salesforce']).toMatchObject({ kind: 'granted' });
    expect(counts?.['salesforce']).toMatchObject({ done: 5, already: 0 });
  });

  test('it is an outcome after the last try, with the longest wait that was asked for', async () => {
    await crowd(3);
    await ground.systems.fault({ system: 'okta', kind: 'status', status: 429, retryAfter: 10 });
    const { outcomes } = await grant('okta', [taskOf('chorus')], { attempt: 5 });
    expect(outcomes['chorus']).toMatchObject({ kind: 'waiting_for_system', retryAfterSeconds: 10 });
  });
});

test('killed at any step of a write, it comes out as without, and nobody is granted twice', async () => {
  const PEOPLE = 3;
  for (let at = 1; ; at++) {
    await ground.reset();
    await crowd(PEOPLE);
    const real = ground.store;
    let writes = 0;
    const kill = (): void => {
      writes += 1;
      if (writes === at) throw new Error('killed');
    };
    const [append, put] = [real.append.bind(real), real.crowd.putGrants.bind(real.crowd)];
    jest.spyOn(real, 'append').mockImplementation(async (rows) => {
      const answer = await append(rows);
      kill();
      return answer;
    });
    jest.spyOn(real.crowd, 'putGrants').mockImplementation(async (request, rows) => {
      kill();
      return put(request, rows);
    });
    const first = await grant('salesforce', salesforceTasks).catch((error: Error) => error.message);
    if (first === 'killed') await grant('salesforce', salesforceTasks, { attempt: 2, again: true });
    expect(await countsOf(real, CROWD, salesforceTasks)).toEqual({
      salesforce: { of: PEOPLE, done: PEOPLE, already: 0, waiting: 0, exceptions: 0 },
      'salesforce-inbox': { of: PEOPLE, done: PEOPLE, already: 0, waiting: 0, exceptions: 0 },
    });
    expect(await kindsOf('access.begun')).toHaveLength(2 * PEOPLE);
    expect(await kindsOf('access.granted')).toHaveLength(2 * PEOPLE);
    if (first !== 'killed') break;
  }
});

describe('taking back', () => {
  test('a removal that was approved takes it from everybody, whoever gave it', async () => {
    await crowd(3);
    await grant('salesforce', salesforceTasks);
    const removal = salesforceTasks.map((task): Task => ({ ...task, verb: 'remove' }));
    const { outcomes, counts } = await revoke('salesforce', removal);
    expect(outcomes).toMatchObject({
      salesforce: { kind: 'revoked' },
      'salesforce-inbox': { kind: 'revoked' },
    });
    expect(counts?.['salesforce']).toEqual({ of: 3, done: 3, already: 0, waiting: 0, exceptions: 0 });
    expect((await revoke('salesforce', removal)).outcomes).toMatchObject({ salesforce: { kind: 'revoked' } });
  });

  test('a cancel takes back what was begun, and leaves what was there before', async () => {
    await crowd(2);
    const mine = ground.world.connector('salesforce');
    const user = taskOf('salesforce');
    await mine.grant(
      [
        {
          id: 'x',
          person: personOf('c0000'),
          access: { way: { kind: 'salesforce-user' }, ...user.entitlement },
          ours: false,
        },
      ],
      () => Promise.resolve(),
    );
    expect((await grant('salesforce', [user])).counts?.['salesforce']).toMatchObject({ done: 2, already: 1 });
    const { outcomes, counts } = await revoke('salesforce', [user]);
    expect(outcomes['salesforce']).toMatchObject({ kind: 'revoked' });
    expect(counts?.['salesforce']).toMatchObject({ of: 2, done: 2, already: 1 });
    const states = await mine.find({ kind: 'salesforce-user' }, [
      personOf('c0000').email,
      personOf('c0001').email,
    ]);
    expect(states.map(({ state }) => state).sort()).toEqual(['active', 'inactive']);
  });
});

test('who is not served in another batch yet is held up alone', async () => {
  await crowd(3, (one) => (one.employeeId === 'c0001' ? { ...one, timeZone: 'Mars/Olympus' } : one));
  await grant('salesforce', [taskOf('salesforce')]);
  call += 1;
  const { outcomes, counts } = await ground.run(
    'grantAccess',
    {
      ...batchOf('scim/LINKEDIN_SALES_INSIGHTS', LINKEDIN.map(taskOf)),
      crowd: { ...CROWD, waitsFor: ['salesforce'] },
    },
    { ...INFO, activityId: `${call}` },
  );
  expect(counts?.['linkedin-sales-insights']).toMatchObject({ of: 3, done: 2 });
  expect(outcomes['linkedin-sales-insights']).toMatchObject({
    kind: 'needs_person',
    problem: '1 of 3 wait for another task first',
  });
});

test('a thousand people: at most 60 requests to Salesforce, few when asked again by another request', async () => {
  await crowd(1000);
  await ground.systems.salesforce('PATCH', '/licences', { name: 'Salesforce', total: 2000 });
  await ground.systems.salesforce('PATCH', '/licences', { name: 'Inbox', total: 2000 });
  await ground.systems.salesforce('PATCH', '/licences', { name: 'LeanData', total: 2000 });
  const leandata: Task = {
    ...taskOf('salesforce-inbox'),
    id: 'leandata',
    name: 'LeanData',
    way: { kind: 'salesforce-package', namespace: 'LeanData' },
  };
  const tasks = [...salesforceTasks, leandata];
  // One for all calls, as the worker has it.
  jest.spyOn(ground.world, 'connector').mockReturnValue(ground.world.connector('salesforce'));
  const seen = await ground.systems.watch();
  const { counts } = await grant('salesforce', tasks);
  for (const { id } of tasks) expect(counts?.[id]).toMatchObject({ of: 1000, done: 1000, already: 0 });
  const requests = (await seen()).filter(({ system }) => system === 'salesforce');
  expect(requests.length).toBeLessThanOrEqual(60);
  expect(Math.max(...requests.map(({ path }) => path.length))).toBeLessThan(12_000);
  const again = await ground.systems.watch();
  const other = { ...INFO, workflowExecution: { workflowId: 'access-request/other', runId: 'r' } };
  await ground.store.crowd.putPeople(
    'other',
    'v1',
    await ground.store.crowd.people(CROWD.request, CROWD.version, { limit: 1000 }),
  );
  const found = await ground.run(
    'grantAccess',
    { ...batchOf('salesforce', tasks), crowd: { request: 'other', version: 'v1' } },
    other,
  );
  expect(found.outcomes).toMatchObject({ salesforce: { kind: 'already' }, leandata: { kind: 'already' } });
  expect((await again()).length).toBeLessThanOrEqual(20);
}, 120_000);

describe('while a batch goes on', () => {
  const tasks = SALESFORCE.map(taskOf);
  const show = (iid: number) =>
    ground.run('showProgress', { ref: { ...ref, iid }, crowd: CROWD, tasks }, INFO);

  test('the issue says how far it is, from the rows that are settled; people see no other change', async () => {
    const request = await ground.opened();
    await request.visit();
    await crowd(3);
    await ground.store.crowd.putGrants(
      CROWD.request,
      ['c0000', 'c0001'].map((employeeId) => ({
        task: 'salesforce',
        employeeId,
        at: '2026-11-24T10:00:00.000Z',
        outcome: { kind: 'granted' as const, verified: true },
        access: 'a',
        run: '1/1',
      })),
    );
    const before = (await request.issue()).description;
    const told = await show(request.iid);
    expect(told['salesforce']).toMatchObject({ of: 3, done: 2 });
    const lines = (await request.issue()).description.split('\n');
    expect(lines.filter((line) => !before.split('\n').includes(line))).toEqual([
      '  - 2 of 3 done',
      '  - 0 of 3 done',
    ]);
  });

  test('a GitLab that is down holds nobody up: the counts are answered all the same', async () => {
    const request = await ground.opened();
    await request.visit();
    await crowd(2);
    await ground.systems.fault({ system: 'gitlab', kind: 'status', status: 503, count: 100 });
    expect((await show(request.iid))['salesforce']).toMatchObject({ of: 2, done: 0 });
    await ground.systems.mend();
    expect((await request.issue()).description).not.toContain('of 2 done');
  });
});
