import { NoStatus, NoWorker } from '../../src/cli/engine';
import { listFrom, type ListOptions } from '../../src/cli/list';
import { inWords, watch } from '../../src/cli/show';
import { WrongUsage } from '../../src/cli/surroundings';
import { viewOf } from '../../src/cli/views';
import { statusOf } from '../../src/domain/request-status';
import { request as newRequest } from '../domain/request';
import { FakeEngine, hireStatus, issue, Reader, running } from './fakes';

const request = running('access-request/sales-ops/access-requests/12');
const onboarding = running('onboarding/104711', { state: 'on_track' });
const waiting = running('onboarding/104712', { state: 'no_template', employeeId: '104712' });
const since = '2026-11-24T05:00:00.000Z';
const inProgress = {
  kind: 'access-request', request: 'sales-ops/access-requests#12', url: issue.url, employeeId: '104711', phase: 'in_progress', claimedBy: 'amber', approval: 'born',
  waits: [{ for: 'Clari', on: '@amber', since }, { for: 'x', on: 'y', since }],
  tasks: [
    { id: 'salesforce', name: 'Salesforce', by: 'daytwo', state: { status: 'done', at: since, by: 'daytwo', how: 'verified', detail: 'profile Sales User' } },
    { id: 'salesforce-inbox', name: 'Inbox', by: 'daytwo', state: { status: 'waiting_for_seat', since, licence: 'Inbox' } },
    { id: 'chorus', name: 'Chorus', by: 'daytwo', state: { status: 'waiting_for_system', since, again: since, system: 'okta', code: '503' } },
    { id: 'gong', name: 'Gong', by: 'daytwo', state: { status: 'nothing_to_remove', at: since, reason: 'has no active account' } },
    { id: 'ringlead', name: 'RingLead', by: 'daytwo', state: { status: 'needs_person', since, problem: 'the user name is taken\u001b[31m', mend: 'try again' } },
    { id: 'clari', name: 'Clari', by: 'person', state: { status: 'open' } },
  ],
  policyVersion: '2026-01-01', templateDigest: `sha256:${'ab'.repeat(32)}`,
}; // prettier-ignore
const noTemplate = hireStatus(
  {
    kind: 'no_template',
    paths: ['roles/department_x/role_y.yml'],
    onboarding: issue,
    since,
    remindAt: since,
    escalateAt: since,
  },
  { employeeId: '104712' },
);
const statuses = {
  [request.workflowId]: inProgress,
  [onboarding.workflowId]: hireStatus({ kind: 'requested', ref: issue }),
  [waiting.workflowId]: noTemplate,
};
const places = {
  employeeOf: (email: string) => Promise.resolve(email === 'ada@example.com' ? '104712' : null),
};
const list = async (
  options: Partial<ListOptions> = {},
  engine = new FakeEngine([request, onboarding, waiting], statuses),
) => {
  const reader = new Reader();
  expect(await listFrom(engine, places, null, { limit: 200, ...options }, reader)).toBe(0);
  return reader;
};

describe('list', () => {
  it('says state, since when in the reader’s zone, on whom, and the link', async () => {
    const reader = await list();
    expect(reader.text).toMatch(
      /access-request\/sales-ops\/access-requests\/12 +104711 +in progress +2026-11-24 06:00 \(7 h\) +Clari, on @amber \(\+1\) +https:\/\/gitlab\.example/,
    );
    expect(reader.text).toContain('Times are those of Europe/Berlin.');
  });

  it('leaves out the onboarding that only follows its request, and says so', async () => {
    const reader = await list();
    expect(reader.text).not.toContain('onboarding/104711');
    expect(reader.text).toContain('1 onboarding that only follows');
    expect((await list({ kind: 'onboarding' })).text).toContain('onboarding/104711');
    expect((await list({ all: true })).text).toContain('onboarding/104711');
  });

  it('shows a licence reclaim with what it waits for; pools only where they are asked for', async () => {
    const reclaim = running('reclaim/2026-Q4', { kind: 'licence-reclaim', state: '', employeeId: null });
    const pool = running('seats/salesforce/Inbox', {
      kind: 'seat-pool',
      state: 'watching',
      employeeId: null,
    });
    const statuses = {
      'reclaim/2026-Q4': {
        kind: 'licence-reclaim', quarter: '2026-Q4', standing: 'notice', decided: null, since, users: 3, noticeEndsAt: '2026-12-08T05:00:00.000Z', ref: issue,
      },
      'seats/salesforce/Inbox': {
        kind: 'seat-pool', pool: 'salesforce/Inbox', wanted: true, lookedAt: since,
        last: { pool: 'salesforce/Inbox', total: 5, used: 5, waiting: 2, offered: 0, everySeconds: 60 },
      },
    }; // prettier-ignore
    const engine = new FakeEngine([reclaim, pool], statuses);
    const shown = async (options: Partial<ListOptions> = {}) => {
      const reader = new Reader();
      await listFrom(engine, places, null, { limit: 200, ...options }, reader);
      return reader.text;
    };
    expect(await shown()).toMatch(
      /reclaim\/2026-Q4 +notice +.*the end of the notice, on 3 users who were told \(\+1\) +https:\/\/gitlab/,
    );
    expect(await shown()).not.toContain('seats/salesforce/Inbox');
    expect(await shown({ kind: 'licence-reclaim' })).toContain('reclaim/2026-Q4');
    expect(await shown({ kind: 'seat-pool' })).toMatch(
      /seats\/salesforce\/Inbox +watching +.*seats for 2 who wait, on whoever frees or buys one/,
    );
    const words = (id: 'reclaim/2026-Q4' | 'seats/salesforce/Inbox', process: typeof pool): string =>
      inWords(process, viewOf(statuses[id]), new Reader()).join('\n');
    expect(words('reclaim/2026-Q4', reclaim)).toMatch(/about +3 users[\s\S]*notice +until 2026-12-08 06:00/);
    expect(words('seats/salesforce/Inbox', pool)).toContain('5 of 5 taken, 2 wait');
  });

  it('narrows down by state and by person', async () => {
    expect((await list({ state: 'no template' })).text).toMatch(
      /^(?!.*access-request\/).*onboarding\/104712/s,
    );
    expect((await list({ employee: 'ada@example.com' })).text).toContain('onboarding/104712');
    expect((await list({ employee: '104711' })).text).not.toContain('104712');
  });

  it('tells onboardings that are on track apart by where they stand', async () => {
    const before = running('onboarding/104713', {
      state: 'on_track',
      kind: 'onboarding',
      employeeId: '104713',
    });
    const all = new FakeEngine([request, onboarding, waiting, before], {
      ...statuses,
      [before.workflowId]: hireStatus({ kind: 'wait', until: '2026-11-25T10:00:00Z' }),
    });
    const named = async (state: string) =>
      (await list({ state, json: true }, all)).said.map(
        (line) => (JSON.parse(line) as { process: string }).process,
      );
    expect(await named('wait')).toEqual(['onboarding/104713']);
    expect(await named('requested')).toEqual(['onboarding/104711']);
  });

  it('gives one JSON document a process', async () => {
    const { said } = await list({ json: true });
    expect(said.map((line) => (JSON.parse(line) as { process: string }).process)).toEqual([
      request.workflowId,
      waiting.workflowId,
    ]);
  });

  it('refuses words that are no state or kind, and names those that are', async () => {
    await expect(list({ state: "x' OR ''='" })).rejects.toThrow(/There are: waiting_approval/);
    await expect(list({ kind: 'close' })).rejects.toThrow(WrongUsage);
  });

  it('without a worker it still lists what Temporal knows, and asks no further', async () => {
    const many = Array.from({ length: 30 }, (_, index) => running(`access-request/p/q/${index}`));
    const engine = new FakeEngine(many);
    engine.away = new NoWorker(10);
    const reader = await list({}, engine);
    expect(reader.text).toContain('30 processes');
    expect(reader.complaints).toContain('No worker answered');
    expect(engine.asked.length).toBeLessThanOrEqual(8);
  });

  it('lists the others where one process does not go on', async () => {
    const engine = new FakeEngine([running('onboarding/1'), running('onboarding/2')]);
    engine.stuck = new NoStatus('onboarding/1', 'Nondeterminism error');
    const reader = await list({}, engine);
    expect(reader.text).toMatch(/onboarding\/1 .*does not go on/);
    expect(reader.text).toContain('2 processes');
    const [first] = (await list({ json: true }, engine)).said.map((line) => JSON.parse(line));
    expect(first).toMatchObject({ process: 'onboarding/1', fault: 'Nondeterminism error' });
  });

  it('says how many there are beyond the limit', async () => {
    expect((await list({ limit: 1 })).complaints).toContain('2 more processes not shown');
  });

  it('shows how a process died that did not end by itself', async () => {
    const dead = running('onboarding/9', { execution: 'TERMINATED', closedAt: since });
    expect((await list({ all: true }, new FakeEngine([dead]))).text).toMatch(/onboarding\/9 .*terminated/);
  });
});

describe('show', () => {
  const text = (process = request, status: unknown = statuses[process.workflowId]) =>
    inWords(process, viewOf(status), new Reader()).join('\n');

  it('tells of a request where it stands, what it waits for, and each task with its id', () => {
    expect(text()).toContain('picked up  by @amber');
    expect(text()).toContain('Clari, on @amber, since 2026-11-24 06:00 (7 h)');
    expect(text()).toMatch(/\[x\] salesforce +Salesforce: verified, 2026-11-24 06:00\n +profile Sales User/);
    expect(text()).toMatch(/\[~\] salesforce-inbox +Inbox: waits for a free licence Inbox/);
    expect(text()).toMatch(
      /\[~\] chorus +Chorus: waits for Okta to answer since 2026-11-24 06:00\n +503; asked again 2026-11-24 06:00/,
    );
    expect(text()).toMatch(/\[-\] gong +Gong: nothing to take back, .*\n +has no active account/);
    expect(text()).toMatch(
      /\[!\] ringlead +RingLead: needs a person.*\n +the user name is taken\n +try again/,
    );
    expect(text()).toMatch(/\[ \] clari +Clari: a person does it/);
  });

  it('tells of a hire without a template which files were looked for', () => {
    expect(text(waiting)).toMatch(/Looked for\n {2}roles\/department_x\/role_y\.yml/);
  });

  it('what has ended waits for nothing, whatever its last words were', () => {
    const ended = text({ ...waiting, execution: 'COMPLETED', closedAt: since }, noTemplate);
    expect(ended).toMatch(/^onboarding\/104712 {2}ended/);
    expect(ended).not.toMatch(/Waits for|Looked for/);
  });

  it('names an activity that fails again and again', () => {
    expect(text({ ...request, retried: [{ activity: 'workDesk', attempt: 7 }] })).toMatch(
      /tries again workDesk, attempt 7/,
    );
  });

  it('of a process that answers otherwise it shows what Temporal knows', () => {
    expect(text(request, { kind: 'access-request', phase: 1 })).toContain('in progress');
    expect(text({ ...request, execution: 'COMPLETED', closedAt: since }, null)).toContain(
      'daytwo evidence show',
    );
  });

  it('reads the status as the workflow gives it', () => {
    const status = statusOf(newRequest());
    expect(viewOf(JSON.parse(JSON.stringify(status)))).toEqual(status);
  });
});

describe('show --watch', () => {
  it('says it again only when something changed, and ends with the process', async () => {
    const reader = new Reader();
    const rounds = [
      inProgress,
      inProgress,
      { ...inProgress, phase: 'completed', waits: [] },
      { ...inProgress, phase: 'closed', waits: [] },
    ];
    let round = -1;
    const engine = new FakeEngine([request]);
    engine.status = () => Promise.resolve(rounds[(round += 1)]);
    engine.find = () => Promise.resolve({ ...request, execution: round >= 2 ? 'COMPLETED' : 'RUNNING' });
    expect(await watch(engine, request, { json: true }, reader)).toBe(0);
    expect(
      reader.said.map((line) => (JSON.parse(line) as { status: { phase: string } }).status.phase),
    ).toEqual(['in_progress', 'completed', 'closed']);
    expect(reader.pauses).toBe(3);
  });

  it('ends when the reader has had enough', async () => {
    const reader = new Reader();
    const engine = new FakeEngine([request], statuses);
    reader.hasEnough();
    expect(await watch(engine, request, {}, reader)).toBe(0);
    expect(engine.asked).toHaveLength(1);
  });
});
