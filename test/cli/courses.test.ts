import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { readCompletions } from '../../src/cli/course-list';
import { completeCourses, gatesOf } from '../../src/cli/courses';
import { NoStatus, NoWorker } from '../../src/cli/engine';
import { WrongUsage } from '../../src/cli/surroundings';
import { newRequest, type RequestState } from '../../src/domain/access-request';
import { filedTasks } from '../../src/domain/filed-tasks';
import { statusOf } from '../../src/domain/request-status';
import { openStore, type Store } from '../../src/evidence';
import { readHandbook } from '../../src/handbook';
import type { DecisionAnswer } from '../../src/workflows/messages';
import { accountExecutive } from '../support/desk';
import { asked, unfiled } from '../domain/filed';
import { FakeEngine, Reader, running } from './fakes';

const COURSE = 'Data-protection course';
const handbook = readHandbook(join(__dirname, '..', '..', 'config'));
const ID = (iid: number): string => `access-request/sales-ops/access-requests/${iid}`;

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-courses-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
  for (const id of ['1', '2', '3']) {
    const { employee_id, ...facts } = accountExecutive(id);
    await store.putPerson(recordOf(employee_id, facts, 'active', '2026-11-01T00:00:00Z'));
  }
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

/** A filed request for a Recorder in EMEA, as its workflow answers. */
function request(iid: number, done: readonly string[] = []): object {
  const tasks = filedTasks(
    [asked('chorus', { licenceType: 'Recorder', role: 'User', team: 'EMEA' })],
    handbook.systems,
    ['EMEA'],
  );
  const ref = { project: 'sales-ops/access-requests', iid, url: 'https://gitlab.example/1' };
  const state: RequestState = newRequest(
    ref,
    { ...unfiled(), tasks, employeeId: '1' },
    '2026-11-20T00:00:00Z',
  );
  const at = '2026-11-21T00:00:00Z';
  const ticked = Object.fromEntries(
    done.map((id) => [id, { status: 'done', at, by: 'amber', how: 'attested', detail: null } as const]),
  );
  return statusOf({ ...state, tasks: { ...state.tasks, ...ticked } });
}

const scene = (statuses: Record<string, object>, people: Record<string, string>): FakeEngine =>
  new FakeEngine(
    Object.entries(people).map(([workflowId, employeeId]) => running(workflowId, { employeeId })),
    statuses,
  );

const tick = async (engine: FakeEngine, list: string, plan = false) => {
  const reader = new Reader();
  const wanted = { by: 'amber', course: COURSE, gates: ['chorus/course'], plan };
  const code = await completeCourses(engine, store, Buffer.from(list), wanted, { json: true }, reader);
  const results = reader.said.map(
    (line) => JSON.parse(line) as { place: string; result: string; why: string | null },
  );
  return { code, results, reader };
};

describe('a list of who has done the course', () => {
  it('ticks the task that waits for it, once for each person, and names what became of the others', async () => {
    const engine = scene(
      { [ID(1)]: request(1, ['chorus', 'chorus/person']), [ID(2)]: request(2, ['chorus/course']) },
      { [ID(1)]: '1', [ID(2)]: '2' },
    );
    const { code, results, reader } = await tick(
      engine,
      'email,employee_id,date\nE1@daytwo.example,,2026-11-20\n,2,\n,3,\nnobody@daytwo.example,,\n',
    );
    expect(results.map(({ place, result }) => [place, result])).toEqual([
      ['line 2', 'done'],
      ['line 3', 'done before'],
      ['line 4', 'no such task'],
      ['line 5', 'unknown person'],
    ]);
    expect(code).toBe(1);
    expect(engine.decided).toEqual([
      {
        workflowId: ID(1),
        decision: {
          kind: 'complete',
          by: 'amber',
          task: 'chorus/course',
          reason: `${COURSE} done on 2026-11-20, as the completion list says`,
        },
      },
    ]);
    expect(reader.text + reader.complaints).not.toContain('@');
  });

  it('somebody whom no request waits for is no fault', async () => {
    expect((await tick(scene({}, {}), 'employee_id\n3\n')).code).toBe(0);
  });

  it('shows first what it would tick, and decides nothing', async () => {
    const engine = scene({ [ID(1)]: request(1) }, { [ID(1)]: '1' });
    const { code, results } = await tick(engine, 'employee_id\n1\n', true);
    expect([code, results[0]?.result, engine.decided]).toEqual([0, 'would be done', []]);
  });

  it('names a refusal with its reason, and goes on with the others', async () => {
    const engine = scene({ [ID(1)]: request(1), [ID(2)]: request(2) }, { [ID(1)]: '1', [ID(2)]: '2' });
    const answers: DecisionAnswer[] = [{ taken: false, why: 'not a provisioner' }];
    const decide = engine.decide.bind(engine);
    engine.decide = async (...all) => answers.shift() ?? decide(...all);
    const { code, results } = await tick(engine, 'employee_id\n1\n2\n');
    expect(results.map(({ result }) => result)).toEqual(['refused', 'done']);
    expect(results[0]?.why).toBe('not a provisioner');
    expect(code).toBe(1);
  });

  it('says of everybody that nothing was tried where no worker answers', async () => {
    const engine = scene({ [ID(1)]: request(1), [ID(2)]: request(2) }, { [ID(1)]: '1', [ID(2)]: '2' });
    engine.away = new NoWorker(10);
    const { code, results } = await tick(engine, 'employee_id\n1\n2\n');
    expect(code).toBe(1);
    expect(results.map(({ place, result }) => [place, result])).toEqual([
      ['line 2', 'not tried'],
      ['line 3', 'not tried'],
    ]);
    expect(engine.decided).toEqual([]);
  });

  it('a request that can not say where it stands hides no other', async () => {
    const engine = scene({ [ID(2)]: request(2) }, { [ID(1)]: '1', [ID(2)]: '1' });
    engine.stuck = new NoStatus(ID(1), 'its code does not fit');
    const { code, results } = await tick(engine, 'employee_id\n1\n');
    expect([code, ...results.map(({ result }) => result)]).toEqual([1, 'not tried', 'done']);
  });

  it('never ticks for many what one of them has done', async () => {
    const one = request(1) as { filed: object };
    const engine = scene({ [ID(1)]: { ...one, filed: { ...one.filed, people: 2 } } }, { [ID(1)]: '1' });
    const { code, results } = await tick(engine, 'employee_id\n1\n');
    expect([code, results[0]?.result, results[0]?.why]).toEqual([
      1,
      'refused',
      'its box is for many people: tick it by hand',
    ]);
    expect(engine.decided).toEqual([]);
  });

  it('ticks nothing while the list has a fault, and names all of them without an address', async () => {
    const engine = scene({ [ID(1)]: request(1) }, { [ID(1)]: '1' });
    const reader = new Reader();
    const list =
      'email,employee_id,date\n,1,2026-02-30\n,,2026-11-20\na@b.example,7,\nnot an address,,\n,2,2026-11-25\n,3,\n,3,\n';
    const wanted = { by: 'amber', course: COURSE, gates: ['chorus/course'], plan: false };
    expect(await completeCourses(engine, store, Buffer.from(list), wanted, {}, reader)).toBe(1);
    for (const said of [
      /line 2 {2}date isn't a day of the calendar: "2026-02-30"/,
      /line 3 {2}names nobody/,
      /line 4 {2}names somebody twice/,
      /line 5 {2}email isn't an e-mail address\n/,
      /line 6 {2}date is yet to come/,
      /line 8 {2}names the same person as line 7/,
      /Nothing was ticked/,
    ])
      expect(reader.complaints).toMatch(said);
    expect(engine.decided).toEqual([]);
    expect(reader.complaints).not.toContain('@');
  });

  it('reads a byte-order mark, other line ends and semicolons', () => {
    const list = Buffer.from('\ufeffemail;Date\r\na@b.example;2026-11-20\r\n');
    expect(readCompletions(list, '2026-11-24')).toEqual({
      completions: [{ place: 'line 2', email: 'a@b.example', employeeId: null, date: '2026-11-20' }],
      problems: [],
    });
  });

  it('knows the courses of systems.yml alone', () => {
    expect(gatesOf('data-protection COURSE', handbook.systems)).toEqual(['chorus/course']);
    expect(() => gatesOf('Juggling', handbook.systems)).toThrow(WrongUsage);
  });
});
