import type { LeavingEvent } from '../../src/domain/hr-event';
import { isSettled, type LeaverItem } from '../../src/domain/leaving';
import type { VisitLeaver } from '../../src/activities/leaving';
import { accountExecutive } from '../support/desk';
import { LeaverOrg } from '../systems/leaver-org';
import { literal, textOf } from '../../src/systems/salesforce/soql';
import { Ground } from './ground';
import { recordOf } from '../../src/activities/world';

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
const LEAVING = /^104711\/[0-9a-f]{8}$/;
const event = (change: Partial<LeavingEvent> = {}): LeavingEvent => ({
  type: 'employee.leaving',
  event_id: 'leaving-1',
  employee_id: ID,
  kind: 'voluntary',
  last_working_day: new Date().toISOString().slice(0, 10),
  garden_leave_start: null,
  termination_date: null,
  ...change,
});
const now = () => new Date().toISOString();

/** Somebody of whom HR told, with a user in Salesforce and accounts elsewhere. */
async function employed(employeeId = ID, manager = 'dana.whitfield@daytwo.example') {
  const {
    event_id: _id,
    type: _type,
    employee_id: _employee,
    ...facts
  } = accountExecutive(employeeId, {
    start_date: '2026-01-05',
    manager_email: manager,
  });
  await ground.store.putPerson(recordOf(employeeId, facts, 'active', '2026-01-05T00:00:00Z'));
  const userId = await at.user(`Leaver${employeeId}`, {
    Email: facts.email,
    Username: facts.email,
    EmployeeNumber: employeeId,
  });
  return { facts, userId };
}
const plan = async (change: Partial<LeavingEvent> = {}, immediately = true): Promise<string> => {
  const planned = await ground.run('planLeaving', {
    employeeId: change.employee_id ?? ID,
    leaving: null,
    event: event(change),
    immediately: immediately ? { by: 'pia-people', reason: 'test', at: now() } : null,
    successor: null,
    now: now(),
  });
  if (planned.kind !== 'planned') throw new Error(JSON.stringify(planned));
  return planned.leaving;
};
const freeze = (leaving: string) =>
  ground.run('freezeLeavers', { leaving, actions: ['admin_rights', 'sign_in'], now: now() });
const as = (employeeId: string) => ({
  workflowExecution: { workflowId: `offboarding/${employeeId}`, runId: 'r' },
});
const take = (leaving: string) =>
  ground.run('takeLeavers', { leaving, now: now() }, as(leaving.split('/')[0] ?? ''));
const visit = (leaving: string, change: Partial<VisitLeaver> = {}) =>
  ground.run('workLeaver', {
    leaving,
    phase: 'taken',
    messages: [],
    daily: false,
    final: false,
    now: now(),
    ...change,
  });
const items = async (leaving: string) =>
  new Map((await ground.store.leavers.items(leaving)).map((item) => [item.id, item]));
const open = async (leaving: string): Promise<readonly string[]> =>
  [...(await items(leaving)).values()].filter((item) => !isSettled(item)).map(({ id }) => id);
const userIs = async (id: string) => {
  const [user] = await at.org.query(`SELECT IsActive FROM User WHERE Id = ${literal(id)}`);
  const [login] = await at.org.query(`SELECT IsFrozen FROM UserLogin WHERE UserId = ${literal(id)}`);
  return { active: user?.['IsActive'], frozen: login?.['IsFrozen'] };
};
const fill = (username: string, book: object) =>
  ground.systems.salesforce('POST', '/books', { username, seed: 7, ...book });
const counted = async (object: string, ownerId: string, more = '') => {
  const rows = await at.org.query(`SELECT Id FROM ${object} WHERE OwnerId = ${literal(ownerId)}${more}`);
  return rows.length;
};

describe('when', () => {
  test('an announcement touches nothing but what daytwo itself keeps', async () => {
    const { facts } = await employed();
    const changes = await ground.changes(() => plan({ last_working_day: '2027-01-29' }, false));
    expect(changes).toEqual([]);
    expect((await ground.store.personById(ID))?.status).toBe('leaving');
    expect(JSON.stringify(await ground.evidence())).not.toContain(facts.email);
  });

  test.each<[string, Partial<LeavingEvent>, string]>([
    ['nobody of whom HR told', { employee_id: '999' }, 'HR never told'],
    ['before the start', { last_working_day: '2025-12-31' }, 'before the start'],
    ['years away', { last_working_day: '2031-01-01' }, 'more than 365 days away'],
    [
      'an employment that ends before access does',
      { last_working_day: '2027-01-29', termination_date: '2027-01-01' },
      'before access does',
    ],
  ])('%s is asked, and nothing is touched', async (_what, change, why) => {
    await employed();
    const asked = await ground.run('planLeaving', {
      employeeId: change.employee_id ?? ID,
      leaving: null,
      event: event(change),
      immediately: null,
      successor: null,
      now: now(),
    });
    expect(asked).toMatchObject({ kind: 'question', problems: [expect.stringContaining(why)] });
    const issues = await ground.desk().issues('state=opened');
    expect(issues).toMatchObject([{ confidential: true }]);
    expect(await ground.store.leavers.ofPerson(ID)).toEqual([]);
  });
});

describe('words of HR that can’t be right, or come too late', () => {
  /** HR's word, to the process that holds the leaving. */
  const says = (change: Partial<LeavingEvent>, leaving: string | null = null) =>
    ground.run('planLeaving', {
      employeeId: ID,
      leaving,
      event: event(change),
      immediately: null,
      successor: null,
      now: now(),
    });
  const kept = async (kind: string) => (await ground.store.rowsAfter(0)).filter((row) => row.kind === kind);
  const tasks = async () => (await ground.desk().issues('state=opened')).map(({ title }) => title);

  test('a question is closed when HR takes its word back, and nothing was touched', async () => {
    const changes = await ground.changes(() => says({ last_working_day: '2031-01-01' }));
    expect(changes.map(({ system }) => system)).toEqual(['gitlab']);
    expect(await tasks()).toEqual([`HR's word on employee ${ID} needs a look`]);
    const event_ = { type: 'employee.rescinded', event_id: 'b', employee_id: ID, what: 'leaving' } as const;
    const input = { employeeId: ID, leaving: null, event: event_, now: now() };
    expect(await ground.run('takeBackLeaving', input)).toEqual({ kind: 'noted' });
    expect(await tasks()).toEqual([]);
  });

  test.each([
    ['a member of the request project has it elsewhere', 'employment'],
    ['a member of every project has it nowhere: it says not who', null],
  ] as const)('a question is not for the eyes of who leaves: %s', async (_what, where) => {
    const email = 'sam.okafor@daytwo.example';
    if (where)
      jest
        .spyOn(ground.world.gitlab, 'seesConfidential')
        .mockImplementation((project) => Promise.resolve(project === ground.projects.accessRequests));
    const facts = accountExecutive(ID, { email, start_date: '2026-01-05' });
    await ground.store.putPerson(recordOf(ID, facts, 'active', '2026-01-05T00:00:00Z'));
    await says({ last_working_day: '2031-01-01' });
    const shown = async (project: string) =>
      (await ground.desk(project).issues('state=opened')).map(
        ({ title, description }) => `${title}\n${description}`,
      );
    const { accessRequests, employment } = ground.projects;
    const [here, there] = [await shown(accessRequests), await shown(employment)];
    expect(there).toEqual(where === null ? [] : [expect.stringContaining(ID)]);
    expect(here).toEqual(where === null ? [expect.stringContaining('needs a look')] : []);
    expect(here.join()).not.toMatch(new RegExp(`${ID}|2031|${email}`));
    await says({ event_id: 'right', last_working_day: '2027-01-29' });
    expect([await shown(accessRequests), await shown(employment)]).toEqual([[], []]);
  });

  test('another day before time zero moves it: sooner, later, and into garden leave', async () => {
    await employed();
    const leaving = await plan({ last_working_day: '2027-01-29' }, false);
    for (const [id, change, day] of [
      ['sooner', { last_working_day: '2027-01-27' }, '2027-01-27'],
      ['later', { last_working_day: '2027-02-03' }, '2027-02-03'],
      ['garden', { garden_leave_start: '2027-01-20', termination_date: '2027-02-26' }, '2027-01-20'],
    ] as const) {
      const moved = await says({ event_id: id, ...change }, leaving);
      expect(moved).toMatchObject({ kind: 'planned', leaving, phase: 'announced' });
      expect((await ground.store.leavers.get(leaving))?.timeZero.slice(0, 10)).toBe(day);
    }
    expect(await ground.store.leavers.ofPerson(ID)).toHaveLength(1);
    expect(await tasks()).toEqual([]);
  });

  test('another day after time zero is kept and told; what was taken stays taken, from when it was', async () => {
    const { userId } = await employed();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    await visit(leaving);
    const before = await ground.store.leavers.get(leaving);
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    for (const [id, day] of [
      ['longer', inDays(40)],
      ['over', inDays(-3)],
    ] as const) {
      const heard = await says({ event_id: id, last_working_day: day }, leaving);
      expect(heard).toMatchObject({ kind: 'planned', leaving, phase: 'taken', timeZero: before?.timeZero });
    }
    expect(await userIs(userId)).toMatchObject({ active: false });
    expect((await ground.store.personById(ID))?.status).toBe('left');
    expect((await kept('leaving.moved_late')).map(({ detail }) => detail.after)).toEqual([
      { hr_date: inDays(40) },
      { hr_date: inDays(-3) },
    ]);
    expect(await tasks()).toContain(`Employee ${ID} stays longer, but access is gone`);
    const notes = await ground.desk(before?.issue?.project).notes(before?.issue?.iid ?? 0);
    expect(notes.filter(({ body }) => body.includes(`to ${inDays(-3)} after access had ended`))).toHaveLength(
      1,
    );
  });

  test('what can’t be right after time zero is asked, and the leaving goes on meanwhile', async () => {
    await employed();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    const heard = await says({ event_id: 'wrong', last_working_day: '2031-01-01' }, leaving);
    expect(heard).toMatchObject({ kind: 'planned', leaving, phase: 'taken' });
    expect(await tasks()).toContain(`HR's word on employee ${ID} needs a look`);
    expect((await ground.store.leavers.get(leaving))?.event.event_id).toBe('leaving-1');
  });

  test('of somebody who is gone already it is kept, and starts nothing twice', async () => {
    const { userId } = await employed();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    const one = await ground.store.leavers.get(leaving);
    if (one) await ground.store.leavers.put({ ...one, phase: 'ended', endedAt: now() });
    const changes = await ground.changes(async () => {
      expect(await says({ event_id: 'again' })).toEqual({ kind: 'noted' });
    });
    expect(changes).toEqual([]);
    expect(await ground.store.leavers.ofPerson(ID)).toHaveLength(1);
    expect(await kept('leaving.repeated')).toMatchObject([
      { detail: { what: expect.stringContaining('left already') } },
    ]);
    expect(await userIs(userId)).toMatchObject({ active: false });
  });

  test('somebody whom no system knows: each was asked, and is not applicable by that; the rest is a question', async () => {
    const {
      event_id: _id,
      type: _type,
      employee_id: _employee,
      ...facts
    } = accountExecutive(ID, { start_date: '2026-01-05' });
    await ground.store.putPerson(recordOf(ID, facts, 'active', '2026-01-05T00:00:00Z'));
    const seen = await ground.systems.watch();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    const asked = (await seen()).map(({ system, path }) => `${system} ${path}`);
    for (const one of [/^salesforce .*query/, /^okta .*users/, /^scim .*ringlead/, /^scim .*linkedin/])
      expect(asked).toContainEqual(expect.stringMatching(one));
    const all = [...(await items(leaving)).values()];
    const settled = all.filter(isSettled);
    expect(settled.map(({ id }) => id)).toEqual(expect.arrayContaining(['salesforce', 'ringlead']));
    for (const item of settled)
      expect(item).toMatchObject({ status: 'not_applicable', how: 'verified', by: 'daytwo', found: [] });
    expect(await open(leaving)).toEqual(expect.arrayContaining(['clari', 'xactly-incent']));
  });

  test('of two people with one name only the leaver’s is taken', async () => {
    const { userId } = await employed();
    const [mine] = await at.org.query(`SELECT LastName FROM User WHERE Id = ${literal(userId)}`);
    const namesake = await at.user('Namesake', { LastName: textOf(mine, 'LastName') });
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    expect(await userIs(userId)).toEqual({ active: false, frozen: true });
    expect(await userIs(namesake)).toEqual({ active: true, frozen: false });
  });
});

describe('who takes over', () => {
  const name = (successor: string) =>
    ground.run('planLeaving', {
      employeeId: ID,
      leaving: null,
      event: event({ last_working_day: '2027-01-29' }),
      immediately: null,
      successor,
      namedBy: { by: 'dana-manager', at: now() },
      now: now(),
    });
  const said = async () =>
    (await ground.store.story({ employeeId: ID })).filter(
      ({ kind }) => kind === 'leaving.successor' || kind === 'decision.refused',
    );

  test('is kept with who named them, and when', async () => {
    await employed();
    const { facts } = await employed('104712');
    await name(facts.email);
    expect((await ground.store.leavers.ofPerson(ID))[0]?.successor).toBe(facts.email);
    const [row] = await said();
    expect(row).toMatchObject({
      kind: 'leaving.successor',
      actor: 'dana-manager',
      detail: { what: 'named employee 104712 as who takes over' },
    });
    expect(JSON.stringify(row)).not.toContain(facts.email);
  });

  test.each<[string, string, string]>([
    ['the leaver', `e${ID}@daytwo.example`, 'from themself'],
    ['a stranger', 'nobody@daytwo.example', 'HR has told of nobody'],
    ['somebody who left', 'e104712@daytwo.example', 'has left'],
    ['somebody who leaves', 'e104713@daytwo.example', 'leaves, too'],
  ])('%s is refused, and who was named before stays', async (_who, email, why) => {
    await employed();
    for (const [id, status] of [
      ['104712', 'left'],
      ['104713', 'leaving'],
    ] as const) {
      await employed(id);
      const person = await ground.store.personById(id);
      if (person) await ground.store.putPerson({ ...person, status, updatedAt: now() });
    }
    await name(email);
    expect((await ground.store.leavers.ofPerson(ID))[0]?.successor).toBeNull();
    expect(await said()).toMatchObject([
      { kind: 'decision.refused', actor: 'dana-manager', detail: { why: expect.stringContaining(why) } },
    ]);
  });
});

describe('what they have', () => {
  test('is frozen at once, handed over, then ended; closed opportunities keep their owner', async () => {
    const { facts, userId } = await employed();
    await fill(facts.email, {
      leads: 300,
      accounts: 40,
      open: 15,
      closed: 60,
      cases: 4,
      teams: 5,
      queues: 2,
      approvals: 2,
      territories: ['MM-EMEA-Central-1', 'Atlantis'],
    });
    const leaving = await plan();
    expect(leaving).toMatch(LEAVING);
    await freeze(leaving);
    expect(await userIs(userId)).toEqual({ active: true, frozen: true });
    expect(await take(leaving)).toEqual({ kind: 'taken' });
    expect(await userIs(userId)).toEqual({ active: false, frozen: true });
    const closed = ' AND IsClosed = true';
    expect(await counted('Opportunity', userId, closed)).toBe(60);
    expect(await counted('Opportunity', userId)).toBe(60);
    for (const object of ['Lead', 'Account', 'Case']) expect(await counted(object, userId)).toBe(0);
    const pete = textOf(
      (await at.org.query("SELECT Id FROM User WHERE Email = 'pete.alvarez@daytwo.example'"))[0],
      'Id',
    );
    const dana = textOf(
      (await at.org.query("SELECT Id FROM User WHERE Email = 'dana.whitfield@daytwo.example'"))[0],
      'Id',
    );
    expect([await counted('Account', pete), await counted('Account', dana)]).toEqual([20, 20]);
    expect(await counted('Lead', dana)).toBe(300);
    const counts = await ground.store.leavers.recordCounts(leaving);
    expect(counts).toContainEqual({ object: 'Opportunity', what: 'stay', state: 'put_back', count: 60 });
    expect((await items(leaving)).get('salesforce')).toMatchObject({
      status: 'revoked',
      how: 'verified',
      by: 'daytwo',
    });
    expect(await open(leaving)).toEqual(
      expect.arrayContaining(['clari', 'chorus', 'xactly-incent', 'step/salesforce/territories']),
    );
  });

  test('taken twice, nothing changes', async () => {
    const { facts } = await employed();
    await fill(facts.email, { leads: 5, accounts: 3, open: 3, closed: 3 });
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    const before = await items(leaving);
    const one = await ground.store.leavers.get(leaving);
    if (!one) throw new Error('no leaving');
    await ground.store.leavers.put({ ...one, phase: 'frozen' });
    const changes = await ground.changes(async () => {
      await freeze(leaving);
      await take(leaving);
    });
    // Salesforce takes a long list of ids, and several queries together, to read by POST.
    const isRead = (path: string) => /\/composite(?:\/sobjects\/\w+)?$/.test(path);
    expect(changes.filter(({ system, path }) => system === 'salesforce' && !isRead(path))).toEqual([]);
    expect([...(await items(leaving)).keys()]).toEqual([...before.keys()]);
  });

  test('each write whose answer is lost is done once, and the rest after it', async () => {
    const { facts, userId } = await employed();
    await fill(facts.email, { leads: 5, accounts: 3, open: 3, closed: 4, queues: 1, approvals: 1 });
    const leaving = await plan();
    await freeze(leaving);
    let lost = 0;
    for (; lost < 20; lost++) {
      await ground.systems.fault({ system: 'salesforce', method: 'PATCH', kind: 'lose-answer', count: 1 });
      const taken = await take(leaving).catch(() => null);
      if (taken) break;
    }
    expect(lost).toBeGreaterThan(3);
    expect(await userIs(userId)).toMatchObject({ active: false });
    expect(await counted('Opportunity', userId)).toBe(4);
    expect(await counted('Lead', userId)).toBe(0);
    const states = (await ground.store.leavers.recordCounts(leaving)).map(({ state }) => state);
    expect(states).not.toContain('refused');
    expect(states).not.toContain('planned');
  });

  test('what blocks deactivation is a step in words; once it is mended and ticked, it is tried again', async () => {
    const { facts, userId } = await employed();
    await ground.systems.salesforce('PATCH', '/settings', { defaultLeadOwner: facts.email });
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    expect(await userIs(userId)).toEqual({ active: true, frozen: true });
    const blocker = [...(await items(leaving)).values()].find(({ kind }) => kind === 'blocker') as LeaverItem;
    expect(blocker.text).toContain('default lead owner');
    const tell = (by: string) =>
      visit(leaving, {
        messages: [{ id: 'm', kind: 'complete', by, channel: 'cli', at: now(), task: blocker.id }],
      });
    await tell('ines-systems');
    expect((await items(leaving)).get(blocker.id)).toMatchObject({
      status: 'open',
      problem: expect.stringContaining('in the way still'),
    });
    await ground.systems.salesforce('PATCH', '/settings', { defaultLeadOwner: null });
    await tell('ines-systems');
    expect(await userIs(userId)).toMatchObject({ active: false });
    expect(await open(leaving)).not.toContain(blocker.id);
  });

  test('many of one hour: one turn freezes and takes all, and tells the others', async () => {
    const ids = ['1', '2', '3', '4', '5'];
    const users = [];
    const leavings: string[] = [];
    for (const id of ids) {
      users.push((await employed(id)).userId);
      leavings.push(await plan({ employee_id: id, event_id: `leaving-${id}` }));
      ground.workflows.running.add(`offboarding/${id}`);
    }
    const [first = '', second = ''] = leavings;
    expect(await freeze(first)).toEqual({ frozen: 5 });
    expect(await take(first)).toEqual({ kind: 'taken' });
    for (const id of users) expect(await userIs(id)).toEqual({ active: false, frozen: true });
    expect(await take(second)).toEqual({ kind: 'taken' });
    expect(ground.workflows.told.filter((told) => told.endsWith(' changed'))).toHaveLength(8);
  });
});

describe('the issue', () => {
  const ready = async () => {
    await employed();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    await visit(leaving);
    const one = await ground.store.leavers.get(leaving);
    if (!one?.issue) throw new Error('no issue');
    return { leaving, iid: one.issue.iid, project: one.issue.project };
  };

  test('is confidential, names each system with its two boxes, and is made once', async () => {
    const { leaving, iid, project } = await ready();
    await visit(leaving);
    const desk = ground.desk(project);
    const issue = await desk.issue(iid);
    expect(issue).toMatchObject({ confidential: true, state: 'opened' });
    expect(issue.description).toContain('- [x] Access Deprovisioned - Salesforce');
    expect(issue.description).toContain('- [ ] Access Deprovisioned - Clari');
    expect(issue.description).toContain('- [ ] Not Applicable to Team Member - Clari');
    expect(
      (await desk.issues('state=all')).filter(({ description }) => description.includes('daytwo:leaver:')),
    ).toHaveLength(1);
  });

  test('a deprovisioner’s tick settles, a stranger’s is put back; all settled, it is closed', async () => {
    const { leaving, iid, project } = await ready();
    const desk = ground.desk(project);
    await desk.tick('eva-manager', iid, 'Access Deprovisioned - Clari');
    await visit(leaving);
    expect(await open(leaving)).toContain('clari');
    expect((await desk.issue(iid)).description).toContain('- [ ] Access Deprovisioned - Clari');
    await desk.tick('priya-ops', iid, 'Not Applicable to Team Member - Clari');
    const seen = await visit(leaving);
    expect((await items(leaving)).get('clari')).toMatchObject({
      status: 'not_applicable',
      how: 'attested',
      by: 'priya-ops',
    });
    expect(seen.open).toBe((await open(leaving)).length);
    for (const id of await open(leaving)) {
      const by =
        id === 'xactly-incent' ? 'carla-comp' : id.startsWith('step/') ? 'ines-systems' : 'priya-ops';
      const channel = id === 'xactly-incent' ? 'gitlab' : 'cli';
      await visit(leaving, { messages: [{ id, kind: 'complete', by, channel, at: now(), task: id }] });
    }
    expect((await visit(leaving, { phase: 'taken' })).open).toBe(0);
    expect(await desk.issue(iid)).toMatchObject({ state: 'closed' });
    expect((await ground.store.leavers.get(leaving))?.phase).toBe('watched');
  });

  test('where the leaver sees the confidential issues of every project there is none, and no word of who it is', async () => {
    await ground.store.putPerson(
      recordOf(
        ID,
        { ...accountExecutive(ID), email: 'sam.okafor@daytwo.example', start_date: '2026-01-05' },
        'active',
        '2026-01-05T00:00:00Z',
      ),
    );
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    await visit(leaving);
    expect((await ground.store.leavers.get(leaving))?.issue).toBeNull();
    const seen = await ground.desk().issues('state=all');
    const words = seen.map(({ title, description }) => `${title}\n${description}`).join('\n');
    expect(words).toContain('A leaving can not be shown on GitLab');
    for (const secret of [ID, 'sam.okafor', 'daytwo:leaver:']) expect(words).not.toContain(secret);
  });

  test('nobody is reminded before 24 hours; then the deprovisioners, the team, the owner, each once', async () => {
    const { leaving, iid, project } = await ready();
    const notes = async () =>
      (await ground.desk(project).notes(iid)).filter(({ body }) =>
        body.includes('still open after time zero'),
      );
    expect(await notes()).toHaveLength(0);
    const later = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    for (const days of [1.1, 1.2, 8, 30, 60]) await visit(leaving, { now: later(days) });
    expect(await notes()).toHaveLength(3);
    expect(await open(leaving)).toContain('clari');
    expect((await ground.store.leavers.get(leaving))?.phase).toBe('taken');
  });
});

describe('looking back', () => {
  test('a sign-in after time zero and a user who is active again are found, each a task for security', async () => {
    const { facts, userId } = await employed();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    await visit(leaving);
    await visit(leaving, { daily: true });
    expect((await open(leaving)).filter((id) => id.startsWith('security/'))).toEqual([]);
    await at.change('User', userId, { IsActive: true });
    const [login] = await at.org.query(`SELECT Id FROM UserLogin WHERE UserId = ${literal(userId)}`);
    await at.change('UserLogin', textOf(login, 'Id'), { IsFrozen: false });
    await ground.systems.salesforce('POST', '/sign-in', { username: facts.email });
    await visit(leaving, { daily: true });
    const found = await open(leaving);
    expect(found.filter((id) => id.startsWith('security/used/salesforce'))).toHaveLength(1);
    expect(found.filter((id) => id.startsWith('security/back/salesforce'))).toHaveLength(1);
    // It is ended again at once, by the same visit.
    expect(await userIs(userId)).toMatchObject({ active: false });
    await visit(leaving, { daily: true });
    expect((await open(leaving)).filter((id) => id.startsWith('security/'))).toHaveLength(2);
  });

  test('who was hired again since holds what they do by right: nothing is taken, and nobody is asked', async () => {
    const { facts, userId } = await employed();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    await visit(leaving);
    await ground.store.putPerson(recordOf(ID, { ...facts, start_date: '2099-01-04' }, 'active', now()));
    await at.change('User', userId, { IsActive: true });
    await visit(leaving, { daily: true });
    expect((await open(leaving)).filter((id) => id.startsWith('security/'))).toEqual([]);
    expect(await userIs(userId)).toMatchObject({ active: true });
  });
});

describe('HR takes it back', () => {
  const back = (leaving: string) =>
    ground.run('takeBackLeaving', {
      employeeId: ID,
      leaving,
      event: { type: 'employee.rescinded', event_id: 'back', employee_id: ID, what: 'leaving' },
      now: now(),
    });

  test('before time zero: it ends, and nothing was touched', async () => {
    await employed();
    const leaving = await plan({ last_working_day: '2027-01-29' }, false);
    expect(await back(leaving)).toEqual({ kind: 'rescinded' });
    expect((await ground.store.personById(ID))?.status).toBe('active');
  });

  test('a suspension: exactly what was held is there again', async () => {
    const { userId } = await employed();
    const set = await at.one('PermissionSet', {
      Name: 'Deputy',
      Label: 'Deputy',
      PermissionsManageUsers: true,
    });
    await at.one('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: set });
    const holders = `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = ${literal(set)}`;
    const leaving = await plan({ kind: 'suspension' }, false);
    await freeze(leaving);
    expect(await userIs(userId)).toEqual({ active: true, frozen: true });
    expect(await back(leaving)).toEqual({ kind: 'restored' });
    expect(await userIs(userId)).toEqual({ active: true, frozen: false });
    expect(await at.org.query(holders)).toHaveLength(1);
  });

  test('a suspension whose freeze lost its answer: what was held is there again, too', async () => {
    const { userId } = await employed();
    const leaving = await plan({ kind: 'suspension' }, false);
    await ground.systems.fault({ system: 'salesforce', method: 'PATCH', kind: 'lose-answer', count: 1 });
    await freeze(leaving).catch(() => freeze(leaving));
    expect(await userIs(userId)).toEqual({ active: true, frozen: true });
    expect(await back(leaving)).toEqual({ kind: 'restored' });
    expect(await userIs(userId)).toEqual({ active: true, frozen: false });
  });

  test('after it: what was taken is asked for by a request, which nobody has approved', async () => {
    const { userId } = await employed();
    const leaving = await plan();
    await freeze(leaving);
    await take(leaving);
    expect(await back(leaving)).toEqual({ kind: 'rescinded' });
    expect(await userIs(userId)).toMatchObject({ active: false });
    const [asked] = ground.workflows.plans;
    expect(asked?.plan.filed).toMatchObject({ kind: 'change', move: { given: [] } });
    const issue = await ground.desk().issue(asked?.ref.iid ?? 0);
    expect(issue.description).toContain('Stays after all');
    expect(issue.description).toContain('Salesforce');
  });
});
