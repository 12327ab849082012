import { recordOf } from '../../src/activities/world';
import { addDays } from '../../src/domain/dates';
import { grantable } from '../../src/domain/batches';
import type { LeavingEvent } from '../../src/domain/hr-event';
import { literal, textOf } from '../../src/systems/salesforce/soql';
import { message } from '../domain/request';
import { accountExecutive } from '../support/desk';
import { LeaverOrg } from '../systems/leaver-org';
import { Filed } from './filed';
import { Ground, Request } from './ground';

let ground: Ground;
let at: LeaverOrg;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  at = new LeaverOrg(ground.systems);
});
afterAll(() => ground.stop());

const ID = '104711';
const EMAIL = `e${ID}@daytwo.example`;
const now = () => new Date().toISOString();
const INSIGHTS = { kind: 'scim', connection: 'LINKEDIN_SALES_INSIGHTS' } as const;

async function userIs() {
  const [user] = await at.org.query(`SELECT Id, IsActive FROM User WHERE EmployeeNumber = ${literal(ID)}`);
  const [login] = await at.org.query(
    `SELECT IsFrozen FROM UserLogin WHERE UserId = ${literal(textOf(user, 'Id'))}`,
  );
  return { active: user?.['IsActive'], frozen: login?.['IsFrozen'] };
}
/** Systems that they can use as those say themselves. */
async function used() {
  const { world, handbook } = ground;
  const ways = [
    { kind: 'salesforce-user' },
    ...handbook.systems.flatMap((system) => system.ways.filter(({ kind }) => kind === 'salesforce-psl')),
    ...handbook.systems.flatMap((system) => system.ways.filter(({ kind }) => kind === 'okta-group')),
    INSIGHTS,
  ] as const;
  const found: string[] = [];
  for (const way of ways) {
    if (way.kind === 'person') continue;
    const connection =
      way.kind === 'scim' ? `scim/${way.connection}` : way.kind === 'okta-group' ? 'okta' : 'salesforce';
    const [account] = await world.connector(connection).find(way, [EMAIL]);
    if (account?.state === 'active') found.push(way.kind);
  }
  return found;
}

/** Somebody with what their role gives, granted by their first request. */
async function equipped(): Promise<Request> {
  const request = await ground.opened();
  await grantAll(request);
  const person = await ground.store.personById(ID);
  if (person) await ground.store.putPerson({ ...person, status: 'active', updatedAt: now() });
  return request;
}
async function grantAll(request: Request): Promise<readonly string[]> {
  const { ref, plan } = request.state;
  const kinds: string[] = [];
  for (const connection of ['salesforce', 'scim/LINKEDIN_SALES_INSIGHTS', 'okta'] as const) {
    const ids = {
      salesforce: ['salesforce', 'salesforce-inbox'],
      okta: ['chorus'],
      'scim/LINKEDIN_SALES_INSIGHTS': ['linkedin-sales-insights'],
    }[connection];
    const tasks = plan.tasks.filter(({ id }) => ids.includes(id));
    const { outcomes } = await ground.run('grantAccess', {
      ref,
      employeeId: ID,
      connection,
      tasks,
      tries: 5,
      approved: plan,
    });
    kinds.push(...Object.values(outcomes).map(({ kind }) => kind));
  }
  return kinds;
}

const event = (change: Partial<LeavingEvent> = {}): LeavingEvent => ({
  type: 'employee.leaving',
  event_id: 'leaving-1',
  employee_id: ID,
  kind: 'voluntary',
  last_working_day: now().slice(0, 10),
  garden_leave_start: null,
  termination_date: null,
  ...change,
});
async function leaves(change: Partial<LeavingEvent> = {}): Promise<string> {
  const planned = await ground.run('planLeaving', {
    employeeId: ID,
    leaving: null,
    event: event(change),
    immediately: { by: 'pia-people', reason: 'test', at: now() },
    successor: null,
    now: now(),
  });
  if (planned.kind !== 'planned') throw new Error(JSON.stringify(planned));
  const { leaving } = planned;
  await ground.run('freezeLeavers', { leaving, actions: ['admin_rights', 'sign_in'], now: now() });
  return leaving;
}
const take = (leaving: string) =>
  ground.run(
    'takeLeavers',
    { leaving, now: now() },
    { workflowExecution: { workflowId: `offboarding/${ID}`, runId: 'r' } },
  );
const back = (leaving: string) =>
  ground.run('takeBackLeaving', {
    employeeId: ID,
    leaving,
    event: { type: 'employee.rescinded', event_id: 'back', employee_id: ID, what: 'leaving' },
    now: now(),
  });
/** The request that was filed for it, read, and approved by those whose turn it is. */
async function approved(): Promise<Filed> {
  const filed = Filed.byDaytwo(ground);
  await filed.visit();
  for (const { who } of filed.state.parts ?? [])
    await filed.visit([message('approve', who[0] ?? '', { at: now() })]);
  return filed;
}
const ALL = ['salesforce-user', 'salesforce-psl', 'okta-group', 'scim'];

test('taken back after time zero: nothing until it is approved, then all that the request names, read back', async () => {
  await equipped();
  expect(await used()).toEqual(ALL);
  await at.one('GroupMember', {
    GroupId: await at.one('Group', { Name: 'Deal desk', DeveloperName: 'Deal_desk', Type: 'Queue' }),
    UserOrGroupId: textOf(
      (await at.org.query(`SELECT Id FROM User WHERE EmployeeNumber = ${literal(ID)}`))[0],
      'Id',
    ),
  });
  const leaving = await leaves();
  await take(leaving);
  expect(await used()).toEqual([]);
  expect(await userIs()).toEqual({ active: false, frozen: true });
  expect(await back(leaving)).toEqual({ kind: 'rescinded' });
  const filed = Filed.byDaytwo(ground);
  await filed.visit();
  await filed.work();
  expect(await userIs()).toEqual({ active: false, frozen: true });
  expect((await filed.issue()).description).toContain('Taken out of queues and groups: Deal desk.');
  const done = await approved();
  expect([...grantable(done.state, now()).values()].flat().length).toBeGreaterThan(3);
  await done.work();
  // What hangs on the user comes after it.
  await done.work();
  expect(await userIs()).toEqual({ active: true, frozen: false });
  expect(await used()).toEqual(ALL);
  const rows = (await ground.store.story({ employeeId: ID })).filter(
    ({ kind, detail }) => kind === 'access.begun' && detail.before === 'an inactive, frozen user',
  );
  expect(rows).toHaveLength(1);
  const changes = await ground.changes(() => done.work());
  expect(changes).toEqual([]);
});

test('taken back between the freeze and the hand-over: the active user is unfrozen, once it is approved', async () => {
  await equipped();
  const leaving = await leaves();
  expect(await userIs()).toEqual({ active: true, frozen: true });
  await back(leaving);
  expect(await userIs()).toEqual({ active: true, frozen: true });
  const filed = await approved();
  await filed.work();
  expect(await userIs()).toEqual({ active: true, frozen: false });
});

test('a lost answer to the unfreezing is no harm: the next try finds it done, and counts it as granted', async () => {
  await equipped();
  const leaving = await leaves();
  await take(leaving);
  await back(leaving);
  const filed = await approved();
  for (let lost = 0; lost < 3; lost++) {
    await ground.systems.fault({ system: 'salesforce', method: 'PATCH', kind: 'lose-answer', count: 1 });
    await filed.work(`${addDays(now().slice(0, 10), 1)}T00:00:00Z`);
  }
  expect(await userIs()).toEqual({ active: true, frozen: false });
  expect(filed.state.tasks['salesforce']).toMatchObject({ status: 'done', how: 'verified', by: 'daytwo' });
});

test.each<[string, Partial<LeavingEvent>]>([
  ['leaves', {}],
  ['is suspended', { kind: 'suspension' }],
])('somebody who %s is granted nothing while that stands, and it is said why', async (_what, change) => {
  const request = await equipped();
  const leaving = await leaves(change);
  if (change.kind === undefined) await take(leaving);
  const stood = await userIs();
  const changes = await ground.changes(async () => {
    expect(await grantAll(request)).toEqual(Array(4).fill('needs_person'));
  });
  expect(changes).toEqual([]);
  expect(await userIs()).toEqual(stood);
});

test('somebody who comes back later is another employment: what was frozen is theirs again', async () => {
  const request = await equipped();
  const leaving = await leaves();
  await take(leaving);
  const { employee_id: _i, event_id: _e, type: _t, ...facts } = accountExecutive(ID);
  await ground.store.putPerson(
    recordOf(ID, { ...facts, start_date: addDays(now().slice(0, 10), 5) }, 'joining', now()),
  );
  await grantAll(request);
  expect(await userIs()).toEqual({ active: true, frozen: false });
});

describe('only what their leaving froze is unfrozen by a request', () => {
  /** As an administrator does it by hand. */
  const set = async (frozen: boolean): Promise<void> => {
    const [user] = await at.org.query(`SELECT Id FROM User WHERE EmployeeNumber = ${literal(ID)}`);
    const [login] = await at.org.query(
      `SELECT Id FROM UserLogin WHERE UserId = ${literal(textOf(user, 'Id'))}`,
    );
    await at.change('UserLogin', textOf(login, 'Id'), { IsFrozen: frozen });
  };
  const stays = async (): Promise<void> => {
    const filed = await approved();
    const changes = await ground.changes(() => filed.work());
    // Reading several things together goes by POST.
    const written = changes.filter(({ system, method }) => system === 'salesforce' && method !== 'POST');
    expect(written).toEqual([]);
    expect(await userIs()).toEqual({ active: true, frozen: true });
    expect(filed.state.tasks['salesforce']).toMatchObject({ status: 'needs_person' });
    const asked = (await ground.store.story({ employeeId: ID })).filter(
      ({ kind }) => kind === 'access.needs_person',
    );
    expect(asked.map(({ detail }) => detail.why)).toEqual([
      expect.stringMatching(/^the user is frozen since .*, and not by their leaving/),
    ]);
  };

  test('whom security froze again since then stays frozen, and a person is asked why', async () => {
    await equipped();
    await back(await leaves());
    await set(false);
    await set(true);
    await stays();
  });

  test('who was frozen before the leaving stays frozen', async () => {
    await equipped();
    await set(true);
    await back(await leaves());
    await stays();
  });

  test('a freeze whose answer got lost is their leaving’s all the same', async () => {
    await equipped();
    await ground.systems.fault({ system: 'salesforce', method: 'PATCH', kind: 'lose-answer', count: 1 });
    const leaving = await leaves().catch(async () => {
      expect(await userIs()).toEqual({ active: true, frozen: true });
      return leaves();
    });
    await back(leaving);
    const filed = await approved();
    await filed.work();
    expect(await userIs()).toEqual({ active: true, frozen: false });
  });

  test('what an earlier try took is not taken again, and is known as it was', async () => {
    await equipped();
    await ground.systems.fault({
      system: 'okta',
      method: 'DELETE',
      path: '/groups/',
      kind: 'lose-answer',
      count: 1,
    });
    await expect(leaves()).rejects.toThrow();
    expect(await used()).not.toContain('okta-group');
    let leaving = '';
    const changes = await ground.changes(async () => {
      leaving = await leaves();
    });
    expect(changes.filter(({ system }) => system === 'okta')).toEqual([]);
    const item = (await ground.store.leavers.items(leaving)).find(({ id }) => id === 'chorus');
    expect(item?.found).toMatchObject([{ state: 'active', shows: ['okta-chorus-users'] }]);
  });
});
