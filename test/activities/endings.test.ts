import type { ChangedEvent } from '../../src/domain/hr-event';
import { message } from '../domain/request';
import { accountExecutive } from '../support/desk';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const ID = '104711';
const now = (): string => new Date().toISOString();
const issuesOf = (project: string) => ground.desk(project).issues('state=all');
const kinds = async () => (await ground.evidence()).map(({ kind }) => kind);
const twice = async <T>(act: () => Promise<T>): Promise<T> => {
  await act();
  return act();
};

describe('a hire that HR takes back', () => {
  test('before day two: what was opened is closed with its reason, and the person is known not to come', async () => {
    const title = 'Chief Vibes Officer';
    const facts = accountExecutive(ID, { title });
    const step = await ground.run('beginOnboarding', { employeeId: ID, facts, now: now() });
    if (step.kind !== 'no_template') throw new Error(step.kind);
    const { start_date: startDate } = facts;
    await twice(() =>
      ground.run('closeOnboarding', { employeeId: ID, startDate, how: 'rescinded', step, reason: null }),
    );
    const [onboarding] = await issuesOf(ground.projects.employment);
    expect(onboarding?.state).toBe('closed');
    const notes = await ground.desk(ground.projects.employment).notes(onboarding!.iid);
    expect(notes.filter(({ body }) => body === 'Closed: HR took the hire back.')).toHaveLength(1);
    expect(await ground.store.personById(ID)).toMatchObject({ status: 'rescinded' });
    expect(await ground.store.peopleWaiting('template')).toEqual([]);
    expect((await kinds()).filter((kind) => kind === 'hire.rescinded')).toHaveLength(1);
  });

  test('after its request had ended: one task for ops, to take back what was granted', async () => {
    await ground.opened();
    const again = () =>
      ground.run('noteOfKnown', { employeeId: ID, changes: [], rescinded: true, now: now() });
    expect(await twice(again)).toBe(true);
    const tasks = (await issuesOf(ground.projects.accessRequests)).filter(({ title }) =>
      title.includes('did not join'),
    );
    expect(tasks).toHaveLength(1);
    expect((await kinds()).filter((kind) => kind === 'hire.rescinded')).toHaveLength(1);
  });
});

describe('a change of somebody whose onboarding has ended', () => {
  const change: ChangedEvent = {
    type: 'employee.changed',
    event_id: 'c1',
    employee_id: ID,
    title: 'Account Executive',
  };

  test('is kept, and stands in the evidence once, also where the answer was lost', async () => {
    await ground.opened();
    const note = () =>
      ground.run('noteOfKnown', { employeeId: ID, changes: [change], rescinded: false, now: now() });
    expect(await twice(note)).toBe(true);
    expect(await ground.store.personById(ID)).toMatchObject({ title: 'Account Executive' });
    expect((await ground.evidence()).filter(({ kind }) => kind === 'person.changed')).toEqual([
      expect.objectContaining({ what: 'noted that HR changed title' }),
    ]);
  });

  test('of somebody who is not known at all is told so', async () => {
    expect(
      await ground.run('noteOfKnown', { employeeId: '999', changes: [change], rescinded: false, now: now() }),
    ).toBe(false);
  });
});

describe('a cancel before day two', () => {
  const asked = (by: string, reason: string | null = 'a contractor') => ({
    employeeId: ID,
    by,
    channel: 'cli' as const,
    at: '2026-11-24T10:00:00.000Z',
    reason,
    managerEmail: 'dana.whitfield@daytwo.example',
    timeZone: 'America/New_York',
  });

  test.each<[string, string | null, RegExp | null]>([
    ['amber', 'a contractor', null],
    ['dana-manager', 'a contractor', null],
    ['vera-vp', 'a contractor', null],
    ['mo-mktg', 'a contractor', /policy lets others cancel this.*amber/],
    ['amber', null, /needs its reason/],
  ])('by %s with the reason %j', async (by, reason, why) => {
    const judged = await twice(() => ground.run('judgeCancel', asked(by, reason)));
    if (why) expect(judged).toMatch(why);
    else expect(judged).toBeNull();
    expect(await ground.evidence()).toEqual([
      expect.objectContaining({ actor: by, kind: why ? 'decision.refused' : 'decision.cancel' }),
    ]);
  });
});

describe('what people must hear of is said once', () => {
  const said = async (request: { comments: () => Promise<string[]> }, part: RegExp) =>
    (await request.comments()).filter((body) => part.test(body));

  test('a rejection, with its reason', async () => {
    const request = await ground.opened(ID, {
      department: 'Public Sector',
      manager_email: 'pete.alvarez@daytwo.example',
    });
    await request.visit();
    expect(await said(request, /^@pete-manager: this request waits for `approve` or `reject`/)).toHaveLength(
      1,
    );
    const reject = message('reject', 'pete-manager', { reason: 'another *role*' });
    await request.look(reject);
    await request.visit(reject);
    expect(await said(request, /^Rejected by `pete-manager`: another \\\*role\\\*\./)).toHaveLength(1);
    expect(await request.issue()).toMatchObject({ state: 'closed' });
  });

  test('a task that needs a person, to whoever holds the request', async () => {
    const request = await ground.opened();
    // Held since now: what is held for days without anything moving goes back to the team.
    await request.visit({ ...message('claim', 'sam-ops'), at: new Date().toISOString() });
    request.happened('salesforce', {
      kind: 'needs_person',
      problem: 'the name is <taken>',
      mend: 'Free it.',
    });
    await request.look();
    await request.visit();
    expect(await said(request, /^@sam-ops \*\*Salesforce\*\*: the name is \\<taken/)).toHaveLength(1);
  });

  test('a cancel, with what stays granted', async () => {
    const request = await ground.opened();
    request.happened('salesforce', { kind: 'granted', verified: true });
    await request.visit(message('cancel', 'amber', { reason: 'the wrong person' }));
    const [told] = await said(request, /^Cancelled by `amber`: the wrong person/);
    expect(told).toContain('- Salesforce: stays granted');
    expect(await request.issue()).toMatchObject({ state: 'closed' });
  });

  test('a cancel of nothing', async () => {
    const request = await ground.opened();
    await request.visit(message('cancel', 'amber', { reason: 'the wrong person' }));
    expect(await said(request, /Nothing had been granted/)).toHaveLength(1);
  });
});

test('every decision stands in the evidence with who, over which channel, and under which policy', async () => {
  const request = await ground.opened();
  for (const one of [
    message('claim', 'sam-ops'),
    message('hold', 'sam-ops', { reason: 'later', channel: 'signal' }),
    message('resume', 'amber'),
    message('release', 'sam-ops', { reason: 'holiday' }),
    message('claim', 'priya-ops'),
    message('cancel', 'amber', { reason: 'wrong', remove: true }),
  ])
    await request.visit(one);
  const rows = (await ground.store.rowsAfter(0)).filter(({ kind }) => kind.startsWith('decision.'));
  expect(rows.map(({ kind, actor, channel }) => [kind, actor, channel])).toEqual([
    ['decision.claim', 'sam-ops', 'cli'],
    ['decision.hold', 'sam-ops', 'signal'],
    ['decision.resume', 'amber', 'cli'],
    ['decision.release', 'sam-ops', 'cli'],
    ['decision.claim', 'priya-ops', 'cli'],
    ['decision.cancel', 'amber', 'cli'],
  ]);
  for (const { detail } of rows)
    expect(detail).toMatchObject({
      policy: '2026-01-01',
      templateDigest: expect.stringContaining('sha256:'),
    });
  expect(await ground.store.verify()).toMatchObject({ ok: true });
});
