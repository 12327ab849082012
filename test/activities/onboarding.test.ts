import type { IssueRef } from '../../src/domain/access-request';
import { grantable } from '../../src/domain/batches';
import { requestMarkOf } from '../../src/domain/request-text';
import type { PersonFacts } from '../../src/domain/hr-event';
import { accountExecutive } from '../support/desk';
import { BOT, Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const now = (): string => new Date().toISOString();
const begin = (facts: Partial<PersonFacts> = {}, employeeId = '104711') =>
  ground.run('beginOnboarding', { employeeId, facts: accountExecutive(employeeId, facts), now: now() });
const issuesOf = (project: string) => ground.desk(project).issues('state=all');
const requests = () => issuesOf(ground.projects.accessRequests);
const onboardings = () => issuesOf(ground.projects.employment);
const dri = async () =>
  (await mails()).filter(({ to }) => ['amber@daytwo.example', 'meri@daytwo.example'].includes(to));
const mails = async () =>
  (await (await fetch(`${ground.systems.files.mailbox.url}/messages`)).json()) as {
    to: string;
    subject: string;
  }[];

describe('what a role gives in stages', () => {
  const EMEA = { region: 'EMEA', country: 'GB', time_zone: 'Europe/London' };

  test('stands on the issue with its gate: Listener, the course, then Recorder', async () => {
    const request = await ground.opened('104711', EMEA);
    await request.visit();
    const { description } = await request.issue();
    expect(description.split('\n').filter((line) => /^- \[ \] Chorus[ :]/.test(line))).toEqual([
      '- [ ] Chorus (sign-in group)',
      expect.stringContaining(
        'Chorus (settings): role Sales Rep, team Enterprise EMEA, licence type Listener',
      ),
      '- [ ] Chorus: Data-protection course done',
      expect.stringMatching(/Chorus: upgrade to Recorder: .*licence type Recorder/),
    ]);
  });

  test('goes on by time where time must pass', async () => {
    const systems = ground.handbook.systems.map((system) =>
      system.key === 'linkedin-sales-insights'
        ? { ...system, stages: [{ kind: 'delay' as const, after: 'salesforce', hours: 24 }] }
        : system,
    );
    ground.handbook = { ...ground.handbook, systems };
    const request = await ground.opened();
    const before = Date.now();
    const granted = { kind: 'granted', verified: true } as const;
    const ready = () => [...grantable(request.state, now()).values()].flat().map(({ id }) => id);
    for (const [hours, there] of [
      [23, false],
      [25, true],
    ] as const) {
      const at = new Date(before - hours * 3_600_000).toISOString();
      request.hears({ kind: 'outcome', task: 'salesforce', outcome: granted, at });
      await request.visit();
      expect(ready().includes('linkedin-sales-insights')).toBe(there);
    }
  });
});

describe('on day two', () => {
  test('the request is opened, linked with the onboarding issue, and both DRIs get mail', async () => {
    const begun = await begin();
    expect(begun).toMatchObject({ kind: 'opened', plan: { bornApproved: true } });
    const [request] = await requests();
    expect(request).toMatchObject({ state: 'opened', confidential: true, assignees: [] });
    expect(request?.labels).toEqual(
      expect.arrayContaining(['NewAccessRequest', 'BaselineEntitlementAR', 'SalesOpsAR::Action Needed']),
    );
    expect(requestMarkOf(request?.description ?? '')).toMatchObject({ employeeId: '104711' });
    const [onboarding] = await onboardings();
    const links = await ground
      .desk(ground.projects.employment)
      .as<{ title: string }[]>(
        'amber',
        'GET',
        `/projects/${encodeURIComponent(ground.projects.employment)}/issues/${onboarding?.iid}/links`,
      );
    expect(links.map(({ title }) => title)).toEqual([request?.title]);
    expect((await dri()).map(({ to }) => to).sort()).toEqual(['amber@daytwo.example', 'meri@daytwo.example']);
  });

  test('done again, it finds what it made, and changes nothing', async () => {
    const first = await begin();
    const rows = (await ground.evidence()).length;
    const changes = await ground.changes(async () => expect(await begin()).toEqual(first));
    // Linking again is refused with 409: the link is there.
    expect(
      changes.map(({ method, path, status }) => `${method} ${path.split('/').at(-1)} ${status}`),
    ).toEqual(['POST links 409']);
    expect(await ground.evidence()).toHaveLength(rows);
    expect(await dri()).toHaveLength(2);
  });

  test.each([
    ['of the onboarding issue', 'employment'],
    ['of the request', 'access-requests'],
  ])('where the answer to the making %s is lost, the next try finds it by its mark', async (_of, project) => {
    const path = `/${project}\\/issues$/`;
    await ground.systems.fault({ system: 'gitlab', kind: 'lose-answer', method: 'POST', path, count: 1 });
    await expect(begin()).rejects.toMatchObject({ type: 'gitlab:no-answer', nonRetryable: false });
    expect(await begin()).toMatchObject({ kind: 'opened' });
    expect(await requests()).toHaveLength(1);
    expect(await onboardings()).toHaveLength(1);
  });

  test('an answer of 429 is passed on with the wait that GitLab asked for', async () => {
    await ground.systems.fault({
      system: 'gitlab',
      kind: 'status',
      method: 'POST',
      status: 429,
      retryAfter: 17,
      count: 1,
    });
    await expect(begin()).rejects.toMatchObject({ type: 'gitlab:429', nextRetryDelay: 17_000 });
  });

  test("people's own onboarding issue is used where there is one", async () => {
    const { email } = accountExecutive('104711');
    const path = `/projects/${encodeURIComponent(ground.projects.employment)}/issues`;
    await ground
      .desk()
      .as('pia-people', 'POST', path, { title: 'Onboarding of Robin', description: `For ${email}.` });
    await begin();
    expect((await onboardings()).map(({ title }) => title)).toEqual(['Onboarding of Robin']);
  });

  test("a request of this hire that is closed already isn't made again", async () => {
    const first = await begin();
    const iid = first.kind === 'opened' ? first.ref.iid : 0;
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues/${iid}`;
    await ground.desk().as('amber', 'PUT', path, { state_event: 'close' });
    expect(await begin()).toMatchObject({ kind: 'repeat', ref: { iid } });
    expect(await requests()).toHaveLength(1);
  });

  test('an issue with the mark that somebody else made is not taken for it', async () => {
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`;
    const { start_date } = accountExecutive('104711');
    await ground.desk().as('sam-ops', 'POST', path, {
      title: 'not ours',
      description: `<!-- daytwo:request:104711:${start_date} -->`,
    });
    expect(await begin()).toMatchObject({ kind: 'opened', ref: { iid: 2 } });
  });
});

describe('hostile text in the HR event is inert', () => {
  const HOSTILE = [
    'Bobby @vera-vp',
    '/close',
    '/assign @otto',
    '/label ~"SalesOpsAR::Completed"',
    '- [x] Salesforce',
    '<!-- daytwo:end --> <img src=x onerror=alert(1)>',
    '| a | b |',
    '[click](javascript:alert(1)) `code` **bold**',
  ].join('\n');

  test('no quick action runs, nobody is mentioned, no box and no mark is made', async () => {
    const begun = await begin({
      name: HOSTILE,
      division: HOSTILE,
      entity: HOSTILE,
      specialty: HOSTILE,
      country: 'US',
    });
    expect(begun).toMatchObject({ kind: 'opened' });
    for (const issue of [...(await requests()), ...(await onboardings())]) {
      expect(issue).toMatchObject({ state: 'opened', assignees: [], confidential: true });
      expect(issue.labels).not.toContain('SalesOpsAR::Completed');
      expect(issue.description).not.toMatch(/(?<!\\)<img|(?<!\\)\[click/);
      expect(issue.description.match(/<!-- daytwo:end -->/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(issue.description).not.toMatch(/^\s*\/(?:close|assign|label)/m);
      expect(issue.title).not.toContain('\n');
    }
    const told = (await mails()).map(({ to }) => to);
    expect(told).not.toContain('vera.castellanos@daytwo.example');
    expect(told).not.toContain('otto@outside.example');
  });

  test('it stays inert after a visit, in which daytwo writes it once more', async () => {
    const request = await ground.opened('104711', { name: HOSTILE });
    await ground.desk().assignSelf('sam-ops', request.iid);
    await request.visit();
    expect(await request.issue()).toMatchObject({ state: 'opened', assignees: [{ username: 'sam-ops' }] });
    expect((await mails()).map(({ to }) => to)).not.toContain('vera.castellanos@daytwo.example');
  });

  test('in a title for which there is no template, the paths that were looked for stay one line each', async () => {
    const title = '../../../etc/passwd `\n/close\n@vera-vp';
    const begun = await begin({ title });
    expect(begun).toMatchObject({ kind: 'no_template' });
    const [onboarding] = await onboardings();
    expect(onboarding).toMatchObject({ state: 'opened' });
    const notes = await ground.desk(ground.projects.employment).notes(onboarding!.iid);
    const body = notes.find(({ author, system }) => !system && author.username === BOT)?.body ?? '';
    expect(body).toContain('roles/department_enterprise_sales/role_');
    expect(body).not.toContain('..');
    expect(body).not.toMatch(/^\//m);
    expect((await mails()).map(({ to }) => to)).not.toContain('vera.castellanos@daytwo.example');
  });
});

describe('where the event makes no sense', () => {
  test.each<[string, Partial<PersonFacts>, RegExp]>([
    ['an unknown region', { region: 'Atlantis' }, /region/],
    ['an unknown zone', { time_zone: 'Mars/Olympus' }, /time\\?_zone/],
    ['a start date years away', { start_date: '2031-01-01' }, /days ahead/],
  ])('%s becomes one task for ops that names no person', async (_what, facts, problem) => {
    expect(await begin(facts)).toMatchObject({ kind: 'needs_ops' });
    await begin(facts);
    const tasks = await requests();
    expect(tasks).toHaveLength(1);
    expect(tasks[0]?.description).toMatch(problem);
    const text = `${tasks[0]?.title}${tasks[0]?.description}`;
    expect(text).not.toContain('Robin');
    expect(text).not.toContain('e104711@');
  });

  test('the address of somebody else who is here is asked about', async () => {
    await begin({}, '104711');
    const { email } = accountExecutive('104711');
    expect(await begin({ email: email.toUpperCase() }, '104712')).toMatchObject({
      kind: 'needs_ops',
      problems: ['the e-mail address belongs to employee 104711 already'],
    });
  });

  test('corrected, the task is closed with its reason and the request is opened', async () => {
    const asked = await begin({ region: 'Atlantis' });
    expect(await begin()).toMatchObject({ kind: 'opened' });
    const iid = asked.kind === 'needs_ops' ? asked.ref.iid : 0;
    expect(await ground.desk().issue(iid)).toMatchObject({ state: 'closed' });
    expect((await ground.desk().notes(iid)).map(({ body }) => body)).toContainEqual(
      expect.stringContaining('was corrected'),
    );
  });
});

describe('where no template fits', () => {
  const title = 'Chief Vibes Officer';

  test('manager and DRIs are told once which files were looked for, reminded once, and escalated once', async () => {
    const waiting = await begin({ title });
    if (waiting.kind !== 'no_template') throw new Error(waiting.kind);
    await begin({ title });
    for (const stage of ['reminder', 'escalation'] as const) {
      await ground.run('remindAboutTemplate', { employeeId: '104711', stage, waiting });
      await ground.run('remindAboutTemplate', { employeeId: '104711', stage, waiting });
    }
    const notes = await ground.desk(ground.projects.employment).notes(waiting.onboarding.iid);
    const said = notes.filter(({ system }) => !system).map(({ body }) => body.split('\n')[0]);
    expect(said).toEqual([
      expect.stringMatching(/^@dana-manager @amber @meri there is no role template/),
      expect.stringMatching(/^@dana-manager @amber @meri a reminder/),
      expect.stringMatching(/^@vera-vp @dana-manager @amber @meri escalated/),
    ]);
    expect(Date.parse(waiting.remindAt)).toBeLessThan(Date.parse(waiting.escalateAt));
  });

  test('a manager whom GitLab does not know gets a mail', async () => {
    const waiting = await begin({ title, manager_email: 'new.manager@elsewhere.example' });
    const theirs = async () =>
      (await mails())
        .filter(({ to }) => to === 'new.manager@elsewhere.example')
        .map(({ subject }) => subject);
    expect(await theirs()).toHaveLength(1);
    await begin({ title, manager_email: 'new.manager@elsewhere.example' });
    expect(await theirs()).toHaveLength(1);
    if (waiting.kind !== 'no_template') throw new Error(waiting.kind);
    for (let tries = 0; tries < 2; tries++)
      for (const which of ['reminder', 'escalation'] as const)
        await ground.run('remindAboutTemplate', { employeeId: '104711', stage: which, waiting });
    expect((await theirs()).map((subject) => subject.split(':')[0])).toEqual(
      expect.arrayContaining(['A reminder', 'Escalated']),
    );
    expect(await theirs()).toHaveLength(3);
  });

  test('a request that names their address is found to be theirs, and linked', async () => {
    const waiting = await begin({ title });
    if (waiting.kind !== 'no_template') throw new Error(waiting.kind);
    const { email } = accountExecutive('104711');
    const file = async (text: string): Promise<number> => {
      const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`;
      return (
        await ground
          .desk()
          .as<{ iid: number }>('sam-ops', 'POST', path, { title: 'Access', description: text })
      ).iid;
    };
    const [theirs, others] = [await file(`For ${email}`), await file(`For x${email}`)];
    const read = (iid: number) =>
      ground.run('readFiledRequest', {
        employeeId: '104711',
        issue: { project: ground.projects.accessRequests, iid },
        onboarding: waiting.onboarding,
      });
    expect(await read(theirs)).toMatchObject({ forThem: true, closed: false });
    expect(await read(others)).toMatchObject({ forThem: false });
    expect(await read(999)).toMatchObject({ forThem: false });
  });
});

describe('what HR changes once the request is open', () => {
  const change = (facts: Partial<PersonFacts>, request: IssueRef | null) =>
    ground.run('noteOfChange', {
      employeeId: '104711',
      facts: { ...accountExecutive('104711'), ...facts },
      request,
      now: new Date().toISOString(),
    });

  test('is kept, and told once to those who work on it', async () => {
    const { state, comments } = await ground.opened();
    for (let tries = 0; tries < 2; tries++) await change({ title: 'Sales Manager' }, state.ref);
    expect(await ground.store.personById('104711')).toMatchObject({ title: 'Sales Manager' });
    const told = (await comments()).filter((text) => text.includes('HR changed'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/@amber @meri HR changed `title`/);
    expect((await ground.evidence()).filter(({ kind }) => kind === 'person.changed')).toHaveLength(1);
  });

  test('and can not be right is asked about, and not kept', async () => {
    const { state } = await ground.opened();
    await ground.opened('104712');
    const facts = { region: 'Moon', time_zone: 'Mars/Base', email: accountExecutive('104712').email };
    for (let tries = 0; tries < 2; tries++) await change(facts, state.ref);
    expect(await ground.store.personById('104711')).toMatchObject({ region: 'Americas' });
    const asked = (await requests()).filter(({ title }) => title.includes('needs a look'));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.description).toMatch(/region[\s\S]*zone[\s\S]*employee 104712/);
    expect(asked[0]?.description).not.toContain('@daytwo.example');
  });
});

test('who is hired again for the same day after HR took the hire back gets another request', async () => {
  const request = await ground.opened();
  await request.takenBackByHr();
  await ground.run('closeOnboarding', {
    employeeId: '104711',
    startDate: request.state.plan.startDate,
    how: 'rescinded',
    step: { kind: 'requested', ref: request.state.ref },
    reason: null,
  });
  const again = await begin();
  expect(again).toMatchObject({ kind: 'opened' });
  expect(again.kind === 'opened' && again.ref.iid).not.toBe(request.iid);
  expect(await begin()).toEqual(again);
  expect((await onboardings()).map(({ state }) => state)).toEqual(['opened']);
});

test('a change without its hire becomes one task, without personal data', async () => {
  await begin();
  for (let tries = 0; tries < 2; tries++) await ground.run('askForHire', { employeeId: '104799' });
  const titles = (await requests()).map((issue) => issue.title);
  expect(titles.filter((title) => title.includes('104799'))).toHaveLength(1);
});

test('a leaving that an onboarding hears goes to the process that holds it', async () => {
  const leaving = {
    event_id: 'leaving-1',
    type: 'employee.leaving' as const,
    employee_id: '104711',
    kind: 'voluntary' as const,
    last_working_day: '2027-01-29',
    garden_leave_start: null,
    termination_date: null,
  };
  await ground.run('tellOfLeaving', { employeeId: '104711', leaving });
  await ground.run('leavingTakenBack', { employeeId: '104711' });
  expect(ground.workflows.leavings).toMatchObject([
    leaving,
    { type: 'employee.rescinded', what: 'leaving', employee_id: '104711' },
  ]);
});
