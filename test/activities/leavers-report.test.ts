import { openItem, type LeaverCase } from '../../src/domain/leaving';
import { recordOf } from '../../src/activities/world';
import { LEAVING_LIST } from '../../src/domain/leaving-list';
import { gathered } from '../../src/activities/leaver-gathering';
import { tellLate } from '../../src/activities/leavers-late';
import { summariseLeavings } from '../../src/activities/leavers-summary';
import { leaverCase } from '../domain/leaver';
import { accountExecutive } from '../support/desk';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const ZERO = '2026-11-26T16:00:00.000Z';
const LATER = '2026-12-07T09:00:00.000Z';

/** So many who left at one hour, each with Clari open and due two days later. */
async function left(count: number, email = (id: string) => `e${id}@daytwo.example`): Promise<LeaverCase[]> {
  const { store } = ground;
  const cases: LeaverCase[] = [];
  for (let at = 0; at < count; at++) {
    const id = `70${at}`;
    const { employee_id, ...facts } = accountExecutive(id, { email: email(id) });
    await store.putPerson(recordOf(employee_id, facts, 'left', ZERO));
    const one = leaverCase(id, '2026-11-26', { timeZero: ZERO, phase: 'taken', takenAt: ZERO });
    await store.leavers.put(one);
    await store.leavers.putItems(one.leaving, [
      openItem({ id: 'clari', kind: 'system', system: 'clari', text: '', dueAt: '2026-11-28T16:00:00.000Z' }),
    ]);
    cases.push(one);
  }
  return cases;
}

const summaries = async (project = ground.projects.accessRequests) =>
  (await ground.desk(project).issues('state=all')).filter(({ title }) => title.startsWith('Leaving at'));

describe('many at one hour', () => {
  test('nothing is handed over for any while one of their list is not frozen; the last one sets the others going', async () => {
    const [one] = await left(1);
    await ground.store.leavers.put({ ...one!, phase: 'frozen', takenAt: null });
    await ground.store.startWaiting('999', LEAVING_LIST, new Date().toISOString());
    const as = { workflowExecution: { workflowId: 'offboarding/700', runId: 'r' } };
    const changes = await ground.changes(async () => {
      const taken = await ground.run('takeLeavers', { leaving: one!.leaving, now: LATER }, as);
      expect(taken).toEqual({ kind: 'with' });
    });
    expect(changes).toEqual([]);
    expect((await ground.store.leavers.get(one!.leaving))?.phase).toBe('frozen');
    ground.workflows.running.add('offboarding/700');
    await gathered(ground.world, [{ employeeId: '999' }]);
    expect(await ground.store.peopleWaiting(LEAVING_LIST)).toEqual([]);
    expect(ground.workflows.told).toEqual([expect.stringContaining('offboarding/700')]);
  });

  test('are shown on one confidential issue, which is written only when something changed, and closed at the end', async () => {
    const cases = await left(10);
    expect(await summariseLeavings(ground.world, LATER)).toBe(1);
    const [issue, ...others] = await summaries();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ confidential: true, state: 'opened' });
    expect(issue?.description).toContain('sign-in stopped: **10 of 10**');
    expect(issue?.description).toContain('| `709` | taken | 1 of 1 |');
    expect(issue?.description).not.toContain('@daytwo.example');
    expect(await summariseLeavings(ground.world, LATER)).toBe(0);
    for (const one of cases) await ground.store.leavers.put({ ...one, phase: 'ended', endedAt: LATER });
    expect(await summariseLeavings(ground.world, LATER)).toBe(1);
    expect(await summaries()).toMatchObject([{ state: 'closed' }]);
  });

  test('few have none', async () => {
    await left(9);
    expect(await summariseLeavings(ground.world, LATER)).toBe(0);
    expect(await summaries()).toEqual([]);
  });

  test('none of them sees it: a member of the project has it elsewhere', async () => {
    await left(10, (id) => (id === '703' ? 'mo.haddad@daytwo.example' : `e${id}@daytwo.example`));
    const seen = await ground.world.gitlab.seesConfidential(ground.projects.accessRequests, 'mo-mktg');
    expect(seen).toBe(true);
    await summariseLeavings(ground.world, LATER);
    expect(await summaries()).toEqual([]);
  });
});

describe('what is late', () => {
  test('is told once a week, until nothing is', async () => {
    const [one] = await left(2);
    expect(await tellLate(ground.world, '2026-11-27T09:00:00.000Z')).toBe(false);
    expect(await tellLate(ground.world, LATER)).toBe(true);
    expect(await tellLate(ground.world, '2026-12-13T23:00:00.000Z')).toBe(false);
    expect(await tellLate(ground.world, '2026-12-14T09:00:00.000Z')).toBe(true);
    const rows = (await ground.store.rowsAfter(0)).filter(({ kind }) => kind === 'leavers.late');
    expect(rows).toHaveLength(2);
    expect(rows[0]?.detail.after).toEqual({ '700': ['clari'], '701': ['clari'] });
    expect(JSON.stringify(rows)).not.toContain('@daytwo.example');
    for (const leaving of [one?.leaving ?? '', '701/0a1b2c3d'])
      await ground.store.leavers.putItems(
        leaving,
        (await ground.store.leavers.items(leaving)).map((item) => ({ ...item, status: 'revoked' as const })),
      );
    expect(await tellLate(ground.world, '2026-12-21T09:00:00.000Z')).toBe(false);
  });
});
