import { openItem, type LeaverCase } from '../../src/domain/leaving';
import { recordOf, type World } from '../../src/activities/world';
import { SystemFault } from '../../src/systems/fault';
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

  const mails = async () => {
    const answer = await fetch(`${ground.systems.files.mailbox.url}/messages`);
    const all = (await answer.json()) as { to: string; subject: string; text: string }[];
    return all.filter(({ subject }) => subject.startsWith('Late:'));
  };
  const team = () => {
    const { teams, members, salesOpsTeam } = ground.handbook.people;
    const names = teams[salesOpsTeam]?.members ?? [];
    return members.filter(({ username }) => names.includes(username)).map(({ email }) => email);
  };

  test('is mailed to each of the team once, by employee id and system, with no name or address of who left', async () => {
    await left(2);
    await tellLate(ground.world, LATER);
    await tellLate(ground.world, LATER);
    const sent = await mails();
    expect(sent.map(({ to }) => to).sort()).toEqual([...team()].sort());
    for (const { subject, text } of sent) {
      expect(subject).toBe('Late: access of 2 people who have left');
      expect(text).toMatch(/700.*clari/);
      expect(text).toMatch(/701.*clari/);
      expect(text).not.toMatch(/e70\d@|Robin/);
    }
  });

  test('is not mailed to somebody of the team who is one of those who left', async () => {
    const [first = '', ...others] = team();
    await left(1, () => first);
    await tellLate(ground.world, LATER);
    expect((await mails()).map(({ to }) => to).sort()).toEqual([...others].sort());
  });

  test('without mail is a task that says that there is something, and not who', async () => {
    ground.withoutMail = true;
    await left(1);
    await tellLate(ground.world, LATER);
    expect(await mails()).toEqual([]);
    const [issue, ...more] = (await ground.desk().issues('state=opened')).filter(({ title }) =>
      title.startsWith('Late:'),
    );
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ confidential: true, title: 'Late: access of 1 person who has left' });
    expect(`${issue?.title} ${issue?.description}`).not.toMatch(/\b700\b|e700@/);
  });

  test('an address that is refused keeps it from nobody else, and nobody has it twice', async () => {
    await left(1);
    const [first = ''] = team();
    const sent: string[] = [];
    const mailer = {
      send: ({ to }: { readonly to: string }) => {
        if (to === first) return Promise.reject(new SystemFault('mail', '550', true, 'was refused'));
        sent.push(to);
        return Promise.resolve();
      },
    } as unknown as World['mailer'];
    for (let n = 0; n < 2; n++) await tellLate({ ...ground.world, mailer }, LATER);
    expect(sent.sort()).toEqual(team().slice(1).sort());
    const [row] = (await ground.store.rowsAfter(0)).filter(({ kind }) => kind === 'leavers.late');
    expect(row?.detail.why).toMatch(/^no mail was taken for \w/);
  });

  test('that reached nobody is sent again', async () => {
    await left(1);
    const mailer = {
      send: () => Promise.reject(new SystemFault('mail', 'ECONNREFUSED', true, 'does not answer')),
    } as unknown as World['mailer'];
    await expect(tellLate({ ...ground.world, mailer }, LATER)).rejects.toBeInstanceOf(SystemFault);
    expect(await tellLate(ground.world, LATER)).toBe(true);
  });

  test('is told by the watch, though GitLab refuses the page of those who left with them', async () => {
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    for (const one of await left(10)) {
      await ground.store.leavers.put({ ...one, timeZero: hourAgo });
      await ground.store.leavers.putItems(
        one.leaving,
        (await ground.store.leavers.items(one.leaving)).map((item) => ({ ...item, dueAt: hourAgo })),
      );
    }
    await ground.systems.fault({
      system: 'gitlab',
      method: 'POST',
      path: '/issues',
      kind: 'status',
      status: 403,
    });
    const { digest } = ground.handbook;
    const watch = { project: ground.projects.accessRequests, cursor: hourAgo, configDigest: digest };
    for (let n = 0; n < 2; n++)
      expect(await ground.run('watchDesk', watch)).toMatchObject({ configDigest: digest });
    expect(await summaries()).toEqual([]);
    expect((await mails()).map(({ to }) => to).sort()).toEqual([...team()].sort());
  });
});
