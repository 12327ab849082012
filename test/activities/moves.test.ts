import type { Move } from '../../src/activities/moves';
import { grantable, type Connection } from '../../src/domain/batches';
import type { PersonFacts } from '../../src/domain/hr-event';
import type { MoveStep } from '../../src/domain/role-change';
import { message } from '../domain/request';
import { accountExecutive } from '../support/desk';
import { Ground, Request } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const SINCE = new Date().toISOString();
const ID = '104711';
const COMMERCIAL = { department: 'Commercial Sales' };
const { event_id: _id, type: _type, employee_id: _employee, ...ENTERPRISE } = accountExecutive(ID);
const factsBefore: PersonFacts = ENTERPRISE;

/** HR says so, and it is kept. */
const hears = (change: Partial<PersonFacts>, id = 'changed') =>
  ground.run('noteOfKnown', {
    employeeId: ID,
    changes: [{ type: 'employee.changed', event_id: id, employee_id: ID, ...change }],
    rescinded: false,
    now: new Date().toISOString(),
  });
const open = (change: Partial<Move> = {}): Promise<MoveStep> =>
  ground.run('openMove', {
    employeeId: ID,
    before: factsBefore,
    event: 'changed',
    since: SINCE,
    waited: false,
    now: new Date().toISOString(),
    ...change,
  });
const moves = async () =>
  (await ground.desk().issues('state=all')).filter(({ description }) =>
    description.includes('<!-- daytwo:move:'),
  );

/** A hire whose access by API stands. */
async function hired(): Promise<Request> {
  const request = await ground.opened();
  const { ref, plan } = request.state;
  const connections: readonly [Connection, readonly string[]][] = [
    ['salesforce', ['salesforce', 'salesforce-inbox']],
    ['scim/LINKEDIN_SALES_INSIGHTS', ['linkedin-sales-insights']],
    ['okta', ['chorus']],
  ];
  for (const [connection, ids] of connections) {
    const tasks = plan.tasks.filter(({ id }) => ids.includes(id));
    const { outcomes } = await ground.run('grantAccess', {
      ref,
      employeeId: ID,
      connection,
      tasks,
      tries: 5,
      approved: plan,
    });
    expect(Object.values(outcomes).map(({ kind }) => kind)).toEqual(tasks.map(() => 'granted'));
  }
  return request;
}

/** The request of the move, as its workflow leads it, after its first visit. */
async function visited(): Promise<Request> {
  const [input] = ground.workflows.plans;
  if (!input) throw new Error('no request was started');
  const request = new Request(ground, { kind: 'opened', ...input });
  await request.visit();
  return request;
}

describe('somebody goes to another department', () => {
  test('an access change is filed: what is added, changed, removed, and what stays', async () => {
    await hired();
    await hears({ ...COMMERCIAL, manager_email: 'pete.alvarez@daytwo.example' });
    expect(await open()).toMatchObject({ kind: 'filed', facts: { ...COMMERCIAL } });
    const [issue] = await moves();
    expect(issue).toMatchObject({ state: 'opened', confidential: true, assignees: [] });
    expect(issue?.labels).toEqual(expect.arrayContaining(['NewAccessRequest', 'SalesOpsAR::Action Needed']));
    const form = issue?.description.slice(issue.description.indexOf('## Person')) ?? '';
    expect(form.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      '- E-mail: e104711\\@\u2060daytwo.example',
      '- Salesforce: profile: Sales User, role: Commercial AE - Americas, permission sets: Quoting\\_User',
      '- Chorus: role: Sales Rep, team: Commercial Americas, licence type: Recorder',
      '- Salesforce Inbox: remove',
      '- LinkedIn Sales Insights: remove',
    ]);
    expect(issue?.description).toContain('| Clari | role Rep | stays |');
    expect(issue?.description).toContain('cc @pete-manager @dana-manager @amber @meri');
    const [row] = (await ground.store.story({ employeeId: ID })).filter(({ kind }) => kind === 'move.filed');
    expect(row?.detail).toMatchObject({
      before: { department: 'Enterprise Sales' },
      after: { department: 'Commercial Sales' },
      changed: ['salesforce', 'chorus'],
      removed: ['salesforce-inbox', 'linkedin-sales-insights'],
    });
    expect(JSON.stringify(row?.detail)).not.toContain('daytwo.example');
  });

  test('it is read back without a question: the template needs no approval, what goes needs the old manager', async () => {
    await hired();
    await hears({ ...COMMERCIAL, manager_email: 'pete.alvarez@daytwo.example' });
    await open();
    const { state } = await visited();
    expect(state.plan.filed).toMatchObject({ order: 'move', kind: 'change', unread: 0, people: 1 });
    expect(state.parts?.map(({ key, who: [first], status }) => [key, first, status])).toEqual([
      ['old_manager/salesforce-inbox', 'dana-manager', 'waiting'],
      ['old_manager/linkedin-sales-insights', 'dana-manager', 'waiting'],
    ]);
    const { graceDays } = ground.handbook.policies[0]!.moves;
    const grace = Date.parse(state.openedAt) + graceDays * 86_400_000;
    for (const { lapsesAt } of state.parts ?? []) expect(Date.parse(lapsesAt ?? '')).toBe(grace);
  });

  test('said nothing until the grace is over, the old manager counts as agreed: the desk watch wakes the request then', async () => {
    await hired();
    await hears({ ...COMMERCIAL, manager_email: 'pete.alvarez@daytwo.example' });
    await open();
    const request = await visited();
    const grace = request.state.parts?.[0]?.lapsesAt ?? '';
    const due = await ground.store.work.dueBy(ground.projects.accessRequests, grace, 10);
    expect(due).toEqual([expect.objectContaining({ iid: request.iid })]);
    const late = await request.visitAt(grace);
    expect(late.facts.filter(({ kind }) => kind === 'part_lapsed')).toHaveLength(2);
    expect([...grantable(request.state, grace).values()].flat().map(({ id }) => id)).toEqual(
      expect.arrayContaining(['salesforce-inbox', 'linkedin-sales-insights']),
    );
    const kinds = (await ground.evidence()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'decision.lapsed')).toHaveLength(2);
  });

  test('where the new template is not as it was approved, the new manager approves what is added or changed', async () => {
    await hired();
    const { templates } = ground.handbook;
    ground.handbook = {
      ...ground.handbook,
      templates: templates.map((one) => (one.path.includes('commercial') ? { ...one, approval: null } : one)),
    };
    await hears({ ...COMMERCIAL, manager_email: 'pete.alvarez@daytwo.example' });
    await open();
    const { state } = await visited();
    expect(state.parts?.map(({ key, who: [first] }) => [key, first])).toEqual(
      expect.arrayContaining([
        ['manager/salesforce', 'pete-manager'],
        ['manager/chorus', 'pete-manager'],
      ]),
    );
  });

  test('done again, it finds what it made, and changes nothing', async () => {
    await hired();
    await hears(COMMERCIAL);
    const first = await open();
    const changes = await ground.changes(async () => expect(await open()).toEqual(first));
    expect(changes).toEqual([]);
    const [one, two] = ground.workflows.plans;
    expect(two).toEqual(one);
  });

  test('where the answer to the making is lost, the next try finds it by its mark', async () => {
    await hired();
    await hears(COMMERCIAL);
    const path = '/issues$/';
    await ground.systems.fault({ system: 'gitlab', kind: 'lose-answer', method: 'POST', path, count: 1 });
    await expect(open()).rejects.toMatchObject({ type: 'gitlab:no-answer', nonRetryable: false });
    expect(await open()).toMatchObject({ kind: 'filed' });
    expect(await moves()).toHaveLength(1);
    expect(ground.workflows.started).toHaveLength(1);
  });

  test('a system that is away is asked again later, and nothing is filed on a guess', async () => {
    await hired();
    await hears(COMMERCIAL);
    await ground.systems.fault({ system: 'okta', kind: 'status', status: 503, retryAfter: 60, count: 1 });
    await expect(open()).rejects.toMatchObject({ nonRetryable: false });
    expect(await moves()).toEqual([]);
    expect(await open()).toMatchObject({ kind: 'filed' });
  });
});

describe('somebody outside the Americas changes roles', () => {
  const EMEA = { region: 'EMEA', country: 'GB', time_zone: 'Europe/London' };
  const gates = async (): Promise<readonly string[]> => {
    await hears(COMMERCIAL);
    await open({ before: { ...factsBefore, ...EMEA } });
    const { state } = await visited();
    return state.plan.tasks.flatMap(({ id }) => (id.startsWith('chorus/') ? [id] : []));
  };

  test('waits for the course again only where nobody said that it is done', async () => {
    await ground.opened(ID, EMEA);
    expect(await gates()).toEqual(['chorus/person', 'chorus/course', 'chorus/upgrade']);
  });

  test('is not sent to a course that they have done', async () => {
    const request = await ground.opened(ID, EMEA);
    await request.visit();
    for (const id of ['salesforce', 'chorus']) request.happened(id, { kind: 'granted', verified: true });
    await request.visit(
      ...['chorus/person', 'chorus/course'].map((task) => ({
        ...message('complete', 'amber', { task }),
        id: task,
      })),
    );
    expect(await gates()).toEqual(['chorus/person']);
  });
});

describe("a mover's request without its workflow", () => {
  const round = () =>
    ground.run('watchDesk', {
      project: ground.projects.accessRequests,
      cursor: '2020-01-01T00:00:00.000Z',
      configDigest: ground.handbook.digest,
    });
  /** Filed three minutes ago, as far as the issue says. */
  async function abandoned() {
    await hired();
    await hears({ ...COMMERCIAL, manager_email: 'pete.alvarez@daytwo.example' });
    await open();
    const { gitlab } = ground.world;
    const read = gitlab.changedSince.bind(gitlab);
    jest.spyOn(gitlab, 'changedSince').mockImplementation(async function* (...from) {
      for await (const page of read(...from))
        yield page.map((issue) => ({
          ...issue,
          createdAt: new Date(Date.parse(issue.createdAt) - 180_000).toISOString(),
        }));
    });
    ground.workflows.requests = ['access-request/of/the/hire'];
    const [first] = ground.workflows.plans.splice(0);
    return first!;
  }

  test('is taken up again by the desk watch, with all that HR said when it was filed', async () => {
    const first = await abandoned();
    await round();
    const [again, ...more] = ground.workflows.plans;
    expect(more).toEqual([]);
    const shifted = new Date(Date.parse(first.openedAt) - 180_000).toISOString();
    const grace = Date.parse(first.plan.filed!.move!.graceUntil) - 180_000;
    expect(again).toEqual({
      ...first,
      openedAt: shifted,
      plan: {
        ...first.plan,
        filed: {
          ...first.plan.filed,
          move: { ...first.plan.filed!.move, graceUntil: new Date(grace).toISOString() },
        },
      },
    });
    expect(again?.plan.filed?.move).toMatchObject({ oldManagerEmail: 'dana.whitfield@daytwo.example' });
    expect(again?.plan.filed?.move?.given).not.toEqual([]);
  });

  test('asks for an approval where the template was changed meanwhile', async () => {
    await abandoned();
    const { templates } = ground.handbook;
    ground.handbook = {
      ...ground.handbook,
      templates: templates.map((one) => (one.path.includes('commercial') ? { ...one, approval: null } : one)),
    };
    await round();
    expect(ground.workflows.plans[0]?.plan.filed?.move?.given).toEqual([]);
  });

  test.each([
    ['while its change of role runs', () => void ground.workflows.running.add(`move/${ID}`)],
    [
      'for somebody who has left',
      async () => {
        const person = await ground.store.personById(ID);
        await ground.store.putPerson({ ...person!, status: 'left', updatedAt: new Date().toISOString() });
      },
    ],
  ])('is not taken up %s', async (_when, change) => {
    await abandoned();
    await change();
    await round();
    expect(ground.workflows.plans).toEqual([]);
  });

  test('is not started from a mark that somebody else wrote', async () => {
    await abandoned();
    const description = (await moves())[0]?.description;
    await ground.reset();
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`;
    await ground.desk().as('sam-ops', 'POST', path, { title: 'copied', description });
    await round();
    expect(ground.workflows.plans.map(({ plan }) => plan.filed?.move)).toEqual([undefined]);
  });
});

describe('a second change before the first one is done', () => {
  test('the first request ends, and the new one takes up what was left of it', async () => {
    await hired();
    await hears(COMMERCIAL);
    const first = await open();
    if (first.kind !== 'filed') throw new Error(first.kind);
    ground.workflows.running.add(`access-request/${first.ref.project}/${first.ref.iid}`);
    await hears({ department: 'Customer Success', title: 'Solutions Architect' }, 'again');
    const second = await open({ before: first.facts, event: 'again' });
    if (second.kind !== 'filed') throw new Error(second.kind);
    expect(second.ref.iid).not.toBe(first.ref.iid);
    expect(ground.workflows.told).toEqual([
      expect.stringMatching(
        `^access-request/.*/${first.ref.iid} cancelled by daytwo-bot: .*#${second.ref.iid}$`,
      ),
    ]);
    const issue = await ground.desk().issue(second.ref.iid);
    // Only the role before the first change gave it.
    expect(issue.description).toContain('- LinkedIn Sales Insights: remove');
  });

  test('its cancel in the name of daytwo, which filed it, is taken; what was done of it stays', async () => {
    await hired();
    await hears(COMMERCIAL);
    await open();
    const first = await visited();
    await first.visit(
      message('cancel', 'daytwo-bot', { channel: 'signal', reason: 'HR told of another role since' }),
    );
    expect(first.state.cancelled).toMatchObject({ by: 'daytwo-bot', remove: false });
    expect((await first.issue()).state).toBe('closed');
  });

  test('taken back before anything was done, the first request ends and nothing else is asked', async () => {
    await hired();
    await hears({ title: 'Account Executive, Strategic' });
    const first = await open();
    if (first.kind !== 'filed') throw new Error(first.kind);
    await hears({ title: 'Senior Account Executive' }, 'back');
    const second = await open({ before: first.facts, event: 'back' });
    expect((await ground.desk().issue(first.ref.iid)).state).toBe('closed');
    expect(second.kind).toBe('filed');
    const [latest] = (await moves()).filter(({ state }) => state === 'opened');
    // Nobody can read Chorus's settings or permission sets: they are set again as the role gives them.
    expect(latest?.description).not.toContain(': remove');
  });
});

describe('what concerns no access', () => {
  test('another title of the same template: kept as evidence, nothing is filed', async () => {
    await hired();
    await hears({ title: 'Account Executive' });
    expect(await open()).toEqual({ kind: 'nothing' });
    expect(await moves()).toEqual([]);
    expect((await ground.evidence()).map(({ kind }) => kind)).toContain('move.nothing');
  });

  test('another manager: the open requests that name the person hear of it, and nothing is filed', async () => {
    const { state } = await hired();
    const { project, iid } = state.ref;
    ground.workflows.requests = [`access-request/${project}/${iid}`];
    ground.workflows.running = new Set([`access-request/${project}/${iid}`, `access-request/${project}/77`]);
    await ground.store.crowd.putPeople(`${project}#77`, 'v', [
      { place: 1, employeeId: ID, email: 'e104711@daytwo.example', problem: null },
    ]);
    await hears({ manager_email: 'pete.alvarez@daytwo.example' });
    expect(await open()).toEqual({ kind: 'manager_moved' });
    expect(ground.workflows.told).toEqual([
      `access-request/${project}/${iid} ${project}#${iid}`,
      `access-request/${project}/77 ${project}#77`,
    ]);
    expect(await moves()).toEqual([]);
    expect((await ground.evidence()).map(({ kind }) => kind)).toContain('person.manager_changed');
  });

  test('somebody who has left gets nothing', async () => {
    await hired();
    await hears(COMMERCIAL);
    const person = await ground.store.personById(ID);
    await ground.store.putPerson({ ...person!, status: 'left', updatedAt: new Date().toISOString() });
    expect(await open()).toEqual({ kind: 'nothing' });
    expect(await moves()).toEqual([]);
  });
});

describe('no template for the new role', () => {
  const STRANGE = { title: 'Chief Mind Reader', manager_email: 'pete.alvarez@daytwo.example' };
  const waits = async (): Promise<Extract<MoveStep, { kind: 'no_template' }>> => {
    await hired();
    await hears(STRANGE);
    const step = await open();
    if (step.kind !== 'no_template') throw new Error(step.kind);
    return step;
  };
  const remind = (waiting: Extract<MoveStep, { kind: 'no_template' }>) =>
    ground.run('remindOfMove', { employeeId: ID, before: factsBefore, since: SINCE, waiting });
  const said = async ({ desk }: { desk: { project: string; iid: number } }) =>
    (await ground.desk(desk.project).notes(desk.iid)).filter(({ system }) => !system).map(({ body }) => body);

  test('both managers and the DRIs are told on the onboarding issue, once', async () => {
    const step = await waits();
    expect(step.desk.project).toBe(ground.projects.employment);
    expect(Date.parse(step.remindAt)).toBe(Date.parse(SINCE) + 5 * 86_400_000);
    await open();
    const comments = (await said(step)).filter((body) => body.includes('another role'));
    expect(comments).toEqual([
      expect.stringContaining('@pete-manager @dana-manager @amber @meri this person has another role now'),
    ]);
    expect(comments[0]).toContain('chief_mind_reader');
    expect(await ground.store.peopleWaiting('move')).toMatchObject([{ employeeId: ID }]);
  });

  test('where the onboarding issue is closed, a task is raised, and closed once it is over', async () => {
    await hired();
    const [onboarding] = await ground.desk(ground.projects.employment).issues('state=opened');
    const path = `/projects/${encodeURIComponent(ground.projects.employment)}/issues/${onboarding?.iid}`;
    await ground.desk().as('amber', 'PUT', path, { state_event: 'close' });
    await hears(STRANGE);
    const step = await open();
    if (step.kind !== 'no_template') throw new Error(step.kind);
    expect(step.desk.project).toBe(ground.projects.accessRequests);
    await hears({ title: 'Senior Account Executive', ...COMMERCIAL }, 'corrected');
    expect(await open({ waited: true, event: 'corrected' })).toMatchObject({ kind: 'filed' });
    expect((await ground.desk().issue(step.desk.iid)).state).toBe('closed');
    expect(await ground.store.peopleWaiting('move')).toEqual([]);
  });

  test('whoever waits hears of a changed handbook from the desk watch', async () => {
    await waits();
    ground.workflows.running.add(`move/${ID}`);
    const { accessRequests: project } = ground.projects;
    await ground.run('watchDesk', { project, cursor: SINCE, configDigest: 'another' });
    expect(ground.workflows.told).toContain(`move/${ID} ${ground.handbook.digest}`);
  });

  test('after the days of the policy both managers are reminded, once', async () => {
    const step = await waits();
    expect(await remind(step)).toEqual({ kind: 'reminded' });
    expect(await remind(step)).toEqual({ kind: 'reminded' });
    const reminders = (await said(step)).filter((body) => body.includes('a reminder'));
    expect(reminders).toEqual([expect.stringContaining('@pete-manager @dana-manager')]);
  });

  test('nobody is reminded where somebody filed a request meanwhile', async () => {
    const step = await waits();
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`;
    const filed = await ground.desk().as<{ iid: number }>('pete-manager', 'POST', path, {
      title: 'More access',
      description: '## Person\n- E-mail: e104711@daytwo.example\n\n## More or less\n- Clari: Manager',
    });
    expect(await remind(step)).toMatchObject({ kind: 'filed_by_hand', ref: { iid: filed.iid } });
    expect((await said(step)).filter((body) => body.includes('a reminder'))).toEqual([]);
    expect(await open({ waited: true })).toMatchObject({ kind: 'filed_by_hand' });
  });
});
