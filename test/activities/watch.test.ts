import { raiseOpsTask } from '../../src/activities/ops-task';
import { accountExecutive } from '../support/desk';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const LONG_AGO = '2020-01-01T00:00:00.000Z';
const round = (cursor = LONG_AGO, configDigest = ground.handbook.digest) =>
  ground.run('watchDesk', { project: ground.projects.accessRequests, cursor, configDigest });
const workflowOf = (iid: number): string => `access-request/${ground.projects.accessRequests}/${iid}`;

test('an issue that moved is hinted; one that its workflow has seen since is not', async () => {
  const request = await ground.opened();
  ground.workflows.running.add(workflowOf(request.iid));
  const first = await round();
  expect(first).toMatchObject({ hinted: 1, everySeconds: 3 });
  await request.visit();
  const second = await round(first.cursor);
  expect(second.hinted).toBe(0);
  await ground.desk().comment('sam-ops', request.iid, 'On it.');
  const third = await round(second.cursor);
  expect(third.hinted).toBe(1);
  expect(third.cursor > second.cursor).toBe(true);
  expect(ground.workflows.told).toEqual(
    Array(2).fill(`${workflowOf(request.iid)} ${ground.projects.accessRequests}#${request.iid}`),
  );
});

describe('a turn', () => {
  const stopping = { now: new AbortController() };
  beforeEach(() => {
    stopping.now = new AbortController();
    ground.stopping = stopping.now.signal;
    ground.handbook = {
      ...ground.handbook,
      policies: ground.handbook.policies.map((policy) => ({ ...policy, deskWatchSeconds: 0.02 })),
    };
  });
  const begin = () =>
    ground.run('watchDesk', {
      project: ground.projects.accessRequests,
      cursor: LONG_AGO,
      configDigest: ground.handbook.digest,
      turn: true,
    });
  /** Lets the turn go on until it has looked so often more. */
  async function looks(more: number): Promise<void> {
    const asked = jest.spyOn(ground.world.gitlab, 'changedSince');
    const before = asked.mock.calls.length;
    await until(() => asked.mock.calls.length >= before + more);
  }

  test('looks again and again, tells of each move once, and ends when its worker is to end', async () => {
    const { iid } = await ground.opened();
    ground.workflows.running.add(workflowOf(iid));
    const turn = begin();
    await until(() => ground.workflows.told.length > 0);
    // Its workflow does not come to look: it was told, and nobody tells it again.
    await looks(4);
    expect(ground.workflows.told).toHaveLength(1);
    await ground.desk().comment('sam-ops', iid, 'On it.');
    await until(() => ground.workflows.told.length > 1);
    await looks(4);
    expect(ground.workflows.told).toHaveLength(2);
    stopping.now.abort();
    const { cursor, hinted } = await turn;
    expect(hinted).toBe(2);
    expect(Date.parse(cursor)).toBeGreaterThan(Date.now() - 60_000);
  });

  test('tells nobody of what was looked at while it waited', async () => {
    const request = await ground.opened();
    ground.workflows.running.add(workflowOf(request.iid));
    const unseen = ground.store.notSeen.bind(ground.store);
    // A visit that a webhook brought about comes between the look and the telling.
    jest.spyOn(ground.store, 'notSeen').mockImplementationOnce(async (...asked) => {
      const found = await unseen(...asked);
      await request.visit();
      return found;
    });
    const turn = begin();
    await looks(4);
    stopping.now.abort();
    expect((await turn).hinted).toBe(0);
    expect(ground.workflows.told).toEqual([]);
  });

  test('is over after its time, also where the pause is longer than that', async () => {
    ground.handbook = {
      ...ground.handbook,
      policies: ground.handbook.policies.map((policy) => ({ ...policy, deskWatchTurnSeconds: 0.01 })),
    };
    const asked = jest.spyOn(ground.world.gitlab, 'changedSince');
    const began = Date.now();
    await begin();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(Date.now() - began).toBeGreaterThanOrEqual(15);
  });

  test('with more moves than it has time for, tells of a page, and the next turn goes on there: nobody is left out', async () => {
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`;
    const iids: number[] = [];
    for (let at = 0; at < 230; at++) {
      const { iid } = await ground
        .desk()
        .as<{ iid: number }>('sam-ops', 'POST', path, { title: `Chorus ${at}` });
      iids.push(iid);
    }
    for (const iid of iids) ground.workflows.running.add(workflowOf(iid));
    ground.handbook = {
      ...ground.handbook,
      policies: ground.handbook.policies.map((policy) => ({
        ...policy,
        deskWatchTurnSeconds: 0,
        deskWatchOverlapSeconds: 0,
      })),
    };
    const first = await begin();
    expect(ground.workflows.told).toHaveLength(100);
    const next = { ...first, project: ground.projects.accessRequests, turn: true };
    const second = await ground.run('watchDesk', next);
    await ground.run('watchDesk', { ...next, ...second });
    expect(new Set(ground.workflows.told).size).toBe(230);
  });

  test('looks at people only as often as the policy says', async () => {
    await ground.store.work.replaceWork('access-request/x/1', { project: 'x', iid: 1 }, [
      { kind: 'claim', what: '', username: 'sam-ops', since: LONG_AGO },
    ]);
    const seen = await ground.systems.watch();
    const turn = begin();
    await looks(6);
    stopping.now.abort();
    await turn;
    const status = (await seen()).filter(({ path }) => path.includes('/status'));
    expect(status).toHaveLength(1);
  });
});

/** Lets the turn go on. */
async function until(fits: () => boolean): Promise<void> {
  while (!fits()) await new Promise((resolve) => setImmediate(resolve));
}

test('a round changes nothing in GitLab', async () => {
  await ground.opened();
  expect(await ground.changes(() => round())).toEqual([]);
});

test('a round on which nothing moved stays where it is', async () => {
  const cursor = new Date().toISOString();
  expect(await round(cursor)).toMatchObject({ cursor, hinted: 0 });
});

test('more issues than a page holds are all hinted', async () => {
  for (let filed = 0; filed < 120; filed++) {
    const { iid } = await ground.world.gitlab.create(ground.projects.accessRequests, {
      title: `request ${filed}`,
      description: '',
      labels: [],
      confidential: true,
    });
    ground.workflows.running.add(workflowOf(iid));
  }
  expect(await round()).toMatchObject({ hinted: 120 });
});

test('those who wait for a template hear of a changed handbook, once', async () => {
  const employeeId = '104711';
  const facts = accountExecutive(employeeId, { title: 'Chief Vibes Officer' });
  await ground.run('beginOnboarding', { employeeId, facts, now: new Date().toISOString() });
  ground.workflows.running.add(`onboarding/${employeeId}`);
  const first = await round(LONG_AGO, 'another digest');
  expect(ground.workflows.told).toEqual([`onboarding/${employeeId} ${ground.handbook.digest}`]);
  await round(first.cursor, first.configDigest);
  expect(ground.workflows.told).toHaveLength(1);
});

describe('a request without its workflow', () => {
  /** Made three minutes ago, as far as the issue says. */
  async function abandoned() {
    const request = await ground.opened();
    const { gitlab } = ground.world;
    const read = gitlab.changedSince.bind(gitlab);
    jest.spyOn(gitlab, 'changedSince').mockImplementation(async function* (...from) {
      const createdAt = new Date(Date.now() - 180_000).toISOString();
      for await (const page of read(...from)) yield page.map((issue) => ({ ...issue, createdAt }));
    });
    return request;
  }

  test('is taken up again', async () => {
    const request = await abandoned();
    await round();
    expect(ground.workflows.started).toEqual([`${ground.projects.accessRequests}#${request.iid}`]);
  });

  test('that has ended is not: whoever reopens its issue reads why, and it is closed again', async () => {
    const request = await abandoned();
    await request.takenBackByHr();
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues/${request.iid}`;
    await ground.desk().as('sam-ops', 'PUT', path, { state_event: 'reopen' });
    for (let rounds = 0; rounds < 2; rounds++) await round();
    expect(ground.workflows.started).toEqual([]);
    expect(await request.issue()).toMatchObject({ state: 'closed' });
    expect((await request.comments()).filter((text) => text.includes('this request has ended'))).toHaveLength(
      1,
    );
    expect(await ground.evidence()).toContainEqual(
      expect.objectContaining({ kind: 'decision.cancel', actor: 'hris' }),
    );
  });

  test('but not while its onboarding may be about to start it', async () => {
    await ground.opened();
    await round();
    expect(ground.workflows.started).toEqual([]);
    ground.workflows.running.add('onboarding/104711');
    await abandoned();
    await round();
    expect(ground.workflows.started).toEqual([]);
  });

  test('is hinted where it runs under the number that it was born with', async () => {
    await abandoned();
    ground.workflows.requests = ['access-request/elsewhere/3'];
    ground.workflows.running.add('access-request/elsewhere/3');
    expect(await round()).toMatchObject({ hinted: 1 });
    expect(ground.workflows.started).toEqual([]);
  });

  test('is not started from a mark that somebody else wrote', async () => {
    await ground.opened();
    const { description } = (await ground.desk().issues('state=opened'))[0]!;
    await ground.reset();
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`;
    await ground.desk().as('sam-ops', 'POST', path, { title: 'copied', description });
    await abandonedBySomebody();
    await round();
    expect(ground.workflows.started).toEqual([]);
  });

  async function abandonedBySomebody(): Promise<void> {
    const { gitlab } = ground.world;
    const read = gitlab.changedSince.bind(gitlab);
    jest.spyOn(gitlab, 'changedSince').mockImplementation(async function* (...from) {
      for await (const page of read(...from)) yield page.map((issue) => ({ ...issue, createdAt: LONG_AGO }));
    });
  }
});

describe('a task for ops', () => {
  const task = (key = 'lost:1') => ({
    key,
    title: 'Look here',
    problems: ['the *region* is wrong', '/close'],
    mend: 'Correct it.',
  });
  const tasks = () => ground.desk().issues('state=all');

  test('is raised once for the same trouble, also when the answer to its making was lost', async () => {
    await ground.systems.fault({
      system: 'gitlab',
      kind: 'lose-answer',
      method: 'POST',
      path: '/issues',
      count: 1,
    });
    await expect(raiseOpsTask(ground.world, task())).rejects.toThrow(/no answer/);
    const [first, second] = [
      await raiseOpsTask(ground.world, task()),
      await raiseOpsTask(ground.world, task()),
    ];
    expect(second).toEqual(first);
    expect(await tasks()).toHaveLength(1);
    await raiseOpsTask(ground.world, task('lost:2'));
    expect(await tasks()).toHaveLength(2);
  });

  test('is confidential, on the board of those who must act, and its text is inert', async () => {
    await raiseOpsTask(ground.world, task());
    const [issue] = await tasks();
    expect(issue).toMatchObject({ confidential: true, state: 'opened' });
    expect(issue?.labels).toContain('SalesOpsAR::Action Needed');
    expect(issue?.description).toContain('\\*region\\*');
    expect(issue?.description).toContain('cc @amber @meri');
  });
});

describe('somebody without a template', () => {
  async function waiting(): Promise<string> {
    const facts = accountExecutive('104711', { title: 'Chief Vibes Officer' });
    await ground.run('beginOnboarding', { employeeId: '104711', facts, now: new Date().toISOString() });
    return facts.email;
  }
  const file = (description: string) =>
    ground.world.gitlab.create(ground.projects.accessRequests, {
      title: 'Access, please',
      description,
      labels: [],
      confidential: true,
    });

  test('hears of a request that names them, and of no other', async () => {
    const email = await waiting();
    ground.workflows.running.add('onboarding/104711');
    await file('for somebody else');
    const { iid } = await file(`for ${email}`);
    expect(await round()).toMatchObject({ hinted: 1 });
    expect(ground.workflows.told).toEqual([`onboarding/104711 ${ground.projects.accessRequests}#${iid}`]);
  });

  test('hears of it once, and again when it moves', async () => {
    const email = await waiting();
    ground.workflows.running.add('onboarding/104711');
    const { iid } = await file(`for ${email}`);
    const first = await round();
    expect(first.hinted).toBe(1);
    expect((await round(first.cursor)).hinted).toBe(0);
    await ground.desk().comment('sam-ops', iid, 'On it.');
    expect((await round(first.cursor)).hinted).toBe(1);
  });

  test('hears of a request that names only their onboarding issue', async () => {
    await waiting();
    ground.workflows.running.add('onboarding/104711');
    const [onboarding] = await ground.desk(ground.projects.employment).issues('state=opened');
    await file(`for the hire of ${onboarding?.web_url}`);
    expect(await round()).toMatchObject({ hinted: 1 });
  });

  test('hears of a request that was filed before they began to wait', async () => {
    ground.workflows.running.add('onboarding/104711');
    const { iid } = await file(`for ${accountExecutive('104711').email}`);
    await waiting();
    expect(ground.workflows.told).toEqual([`onboarding/104711 ${ground.projects.accessRequests}#${iid}`]);
  });

  test('hears nothing of their own onboarding issue', async () => {
    await waiting();
    ground.workflows.running.add('onboarding/104711');
    const { hinted } = await ground.run('watchDesk', {
      project: ground.projects.employment,
      cursor: LONG_AGO,
      configDigest: ground.handbook.digest,
    });
    expect(hinted).toBe(0);
  });

  test('an issue of nobody that was closed is not looked at again', async () => {
    const { iid } = await file('for nobody');
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues/${iid}`;
    await ground.desk().as('amber', 'PUT', path, { state_event: 'close' });
    await round();
    const pages = ground.world.gitlab.changedSince(ground.projects.accessRequests, LONG_AGO);
    const changed = (await pages.next()).value ?? [];
    expect(changed).not.toEqual([]);
    expect(await ground.store.notSeen(ground.projects.accessRequests, changed)).toEqual([]);
  });
});
