import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { absencesOf, hasLeft, noteGoneFrom, noteStaying, tellTeam } from '../../src/activities/absence';
import type { AbsencesByName } from '../../src/domain/absence';
import { Ground } from './ground';

const env = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR', () => undefined) });
let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const project = (): string => ground.projects.accessRequests;
const workflowOf = (iid: number): string => `access-request/${project()}/${iid}`;
const round = () =>
  ground.run('watchDesk', {
    project: project(),
    cursor: new Date().toISOString(),
    configDigest: ground.handbook.digest,
  });
const shows = (username: string, status: object) => ground.desk().as(username, 'PUT', '/user/status', status);
const told = (iid: number): string => `${workflowOf(iid)} ${project()}#${iid}`;

/** Requests that run, and in each of which something waits on somebody. */
async function held(by: string, ...iids: number[]): Promise<void> {
  for (const iid of iids) {
    ground.workflows.running.add(workflowOf(iid));
    await ground.store.work.replaceWork(workflowOf(iid), { project: project(), iid }, [
      { kind: 'claim', what: '', username: by, since: '2026-11-20T09:00:00Z' },
    ]);
  }
}

describe('the watch', () => {
  test('tells the requests of whoever is away, once, and again when they are back', async () => {
    await held('sam-ops', 901);
    await held('priya-ops', 902);
    expect((await round()).hinted).toBe(0);
    await shows('sam-ops', { emoji: 'palm_tree', message: 'OOO' });
    expect((await round()).hinted).toBe(1);
    expect((await round()).hinted).toBe(0);
    await shows('sam-ops', { emoji: '', message: '' });
    expect((await round()).hinted).toBe(1);
    expect(ground.workflows.told).toEqual([told(901), told(901)]);
  });

  test('tells nobody of a busy afternoon', async () => {
    await held('sam-ops', 901);
    await shows('sam-ops', { availability: 'busy', clear_status_after: '3_hours' });
    expect((await round()).hinted).toBe(0);
    await shows('sam-ops', { availability: 'busy', clear_status_after: '3_days' });
    expect((await round()).hinted).toBe(1);
  });

  test('tells those with much work a part at a time, and leaves nobody out', async () => {
    const iids = Array.from({ length: 430 }, (_, index) => 1000 + index);
    await held('sam-ops', ...iids);
    await shows('sam-ops', { message: 'OOO' });
    const rounds = [];
    for (let one = 0; one < 4; one++) rounds.push((await round()).hinted);
    expect(rounds).toEqual([200, 200, 30, 0]);
    expect(new Set(ground.workflows.told).size).toBe(430);
  });

  test('goes on though GitLab does not tell a status; what was known stands', async () => {
    await held('sam-ops', 901);
    await shows('sam-ops', { message: 'OOO' });
    await round();
    await ground.systems.fault({ system: 'gitlab', kind: 'status', status: 403, path: '/status' });
    expect((await round()).hinted).toBe(0);
    const at = new Date().toISOString();
    expect((await absencesOf(ground.world, ['sam-ops'], at)).get('sam-ops')).toHaveLength(1);
  });

  test('tells a request that is due, and lets it rest until its visit says more', async () => {
    await held('sam-ops', 901);
    const ref = { project: project(), iid: 901 };
    await ground.store.work.setDue(workflowOf(901), ref, '2026-01-01T00:00:00Z');
    await ground.store.work.setDue(workflowOf(902), { ...ref, iid: 902 }, '2036-01-01T00:00:00Z');
    expect((await round()).hinted).toBe(1);
    expect((await round()).hinted).toBe(0);
    expect(ground.workflows.told).toEqual([told(901)]);
  });

  test('forgets one that is due and whose workflow is gone', async () => {
    await held('sam-ops', 901);
    ground.workflows.running.clear();
    await ground.store.work.setDue(workflowOf(901), { project: project(), iid: 901 }, '2026-01-01T00:00:00Z');
    expect((await round()).hinted).toBe(0);
    expect(await ground.store.work.holders()).toEqual([]);
  });
});

describe('the watch starts a request that somebody filed', () => {
  const file = (description: string, username = 'dana-manager') =>
    ground.desk().as(username, 'POST', `/projects/${encodeURIComponent(project())}/issues`, {
      title: 'Access, please',
      description,
    });
  const from = { cursor: '2020-01-01T00:00:00.000Z' };
  const look = () =>
    ground.run('watchDesk', { project: project(), ...from, configDigest: ground.handbook.digest });

  test('once, naming who filed it', async () => {
    await file('- [x] Chorus: Recorder');
    await look();
    await look();
    expect(ground.workflows.filed).toEqual([
      expect.objectContaining({
        plan: expect.objectContaining({ filed: expect.objectContaining({ requester: 'dana-manager' }) }),
        ref: expect.objectContaining({ project: project() }),
      }),
    ]);
  });

  test('but not what is no request, and not what daytwo wrote', async () => {
    await file('The printer is broken.');
    await ground.world.gitlab.create(project(), {
      title: 'Something for ops',
      description: '- Chorus is slow',
      labels: [],
      confidential: true,
    });
    await look();
    expect(ground.workflows.filed).toEqual([]);
  });

  test('as soon as its text has become one', async () => {
    const issue = (await file('Hello')) as { iid: number };
    await look();
    await ground
      .desk()
      .as('dana-manager', 'PUT', `/projects/${encodeURIComponent(project())}/issues/${issue.iid}`, {
        description: '- Chorus',
      });
    await look();
    expect(ground.workflows.filed).toHaveLength(1);
  });
});

describe('somebody is away', () => {
  let server: Server;
  let calendar: string | null;
  let asked = 0;
  beforeAll(async () => {
    server = createServer((_req, res) => {
      asked += 1;
      if (calendar === null) res.writeHead(500).end();
      else res.end(calendar);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const NOW = '2026-11-25T12:00:00.000Z';
  const ICS = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:1@x',
    'DTSTART;VALUE=DATE:20261125',
    'DTEND;VALUE=DATE:20261127',
    'SUMMARY:Vacation',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

  function member(username: string, changes: object): void {
    const { people } = ground.handbook;
    const members = people.members.map((one) => (one.username === username ? { ...one, ...changes } : one));
    ground.handbook = { ...ground.handbook, people: { ...people, members } };
  }
  const known = async (at: string) => {
    const read = (): Promise<AbsencesByName> => absencesOf(ground.world, ['sam-ops'], at);
    const absences = ((await env.run(read)) as AbsencesByName).get('sam-ops') ?? [];
    return absences.map(({ from, until, source }) => [source, from.slice(0, 16), until?.slice(0, 16)]);
  };
  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret.ics`;

  test('as people.yml says, by the days where they are', async () => {
    member('sam-ops', { away: [{ from: '2026-11-25', to: '2026-11-26' }], timeZone: 'Asia/Tokyo' });
    expect(await known(NOW)).toEqual([['handbook', '2026-11-24T15:00', '2026-11-26T15:00']]);
  });

  test('as their calendar says, which is read again after ten minutes, and stands when it fails', async () => {
    member('sam-ops', { calendarUrl: address(), timeZone: 'Europe/London' });
    calendar = ICS;
    asked = 0;
    const expected = [['calendar', '2026-11-25T00:00', '2026-11-27T00:00']];
    expect(await known(NOW)).toEqual(expected);
    expect(await known('2026-11-25T12:09:00.000Z')).toEqual(expected);
    expect(asked).toBe(1);
    calendar = null;
    expect(await known('2026-11-25T12:11:00.000Z')).toEqual(expected);
    calendar = ICS.replace('SUMMARY:Vacation', 'STATUS:CANCELLED');
    expect(await known('2026-11-25T12:22:00.000Z')).toEqual([]);
  });

  test('for good, once their last working day is over; unless HR takes it back', async () => {
    const over = '2026-11-26T00:00:00.000Z';
    await noteGoneFrom(ground.world, 'sam.okafor@daytwo.example', over, NOW);
    expect(await hasLeft(ground.world, 'sam-ops', NOW)).toBe(false);
    expect(await hasLeft(ground.world, 'sam-ops', '2026-11-26T00:00:00.000Z')).toBe(true);
    await noteStaying(ground.world, 'sam.okafor@daytwo.example', NOW);
    expect(await hasLeft(ground.world, 'sam-ops', '2026-11-26T00:00:00.000Z')).toBe(false);
  });

  test('and their request goes back: mail to those of the team who are there, each once by its id', async () => {
    const { state } = await ground.opened();
    const claimed = { ...state, claim: { by: 'sam-ops', channel: 'gitlab', at: NOW } } as typeof state;
    const team = ground.handbook.people.teams[ground.handbook.people.salesOpsTeam]!.members;
    member('priya-ops', { away: [{ from: '2026-11-25', to: '2026-11-25' }] });
    await tellTeam(ground.world, claimed, { kind: 'away', until: null }, NOW);
    const mails = (await (await fetch(`${ground.systems.files.mailbox.url}/messages`)).json()) as {
      to: string;
      subject: string;
      text: string;
    }[];
    const expected = ground.handbook.people.members
      .filter(({ username }) => team.includes(username) && !['sam-ops', 'priya-ops'].includes(username))
      .map(({ email }) => email);
    const back = mails.filter(({ subject }) => subject.startsWith('Back with the team'));
    expect(back.map(({ to }) => to).sort()).toEqual([...expected].sort());
    expect(back[0]!.text).toContain(state.ref.url);
    expect(back[0]!.text).toContain('sam-ops is away');
  });
});
