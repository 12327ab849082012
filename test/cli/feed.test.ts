import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemporalAway } from '../../src/cli/engine';
import { contentOf, feed, sayProblems, send } from '../../src/cli/feed';
import type { LocatedEvent } from '../../src/cli/hr-events';
import { planOf } from '../../src/cli/plan';
import { WrongUsage } from '../../src/cli/surroundings';
import { openStore, type Store } from '../../src/evidence';
import { readHandbook } from '../../src/handbook';
import { accountExecutive } from '../support/desk';
import { FakeEngine, Reader } from './fakes';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-feed-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const located = (...ids: string[]): LocatedEvent[] =>
  ids.map((id, index) => ({ place: `line ${index + 2}`, event: accountExecutive(id) }));

describe('feeding HR events by hand', () => {
  it('sends each once: the same file again starts nothing', async () => {
    const engine = new FakeEngine([]);
    expect(await send(located('1', '2'), 'hire', {}, { engine, store }, new Reader())).toBe(true);
    const again = new Reader();
    expect(await send(located('1', '2', '3'), 'hire', { json: true }, { engine, store }, again)).toBe(true);
    expect(engine.events.map((event) => event.employee_id)).toEqual(['1', '2', '3']);
    expect(again.said.map((line) => (JSON.parse(line) as { result: string }).result)).toEqual([
      'repeated',
      'repeated',
      'sent',
    ]);
  });

  it('refuses an id that was used before for other content', async () => {
    const engine = new FakeEngine([]);
    const [first] = located('1');
    const other: LocatedEvent = {
      place: 'line 9',
      event: accountExecutive('1', { title: 'Solutions Architect' }),
    };
    await send([first!], 'hire', {}, { engine, store }, new Reader());
    const reader = new Reader();
    expect(await send([other], 'hire', {}, { engine, store }, reader)).toBe(false);
    expect(reader.text).toMatch(/line 9 .*refused: its event_id was used before/);
    expect(engine.events).toHaveLength(1);
  });

  it('says what is not sent when Temporal is away, and remembers nothing of it', async () => {
    const engine = new FakeEngine([]);
    engine.away = new TemporalAway('127.0.0.1:7233', 'nothing listens there');
    await expect(send(located('1', '2'), 'hire', {}, { engine, store }, new Reader())).rejects.toThrow(
      /2 events not sent.*127\.0\.0\.1:7233.*same file again/,
    );
    expect(await store.hrEventDigest('hire-1')).toBeNull();
  });

  it('sends one person’s events in their order', async () => {
    const engine = new FakeEngine([]);
    const events = ['a', 'b', 'c'].map((event_id, index) => ({
      place: `line ${index}`,
      event: accountExecutive('1', { event_id, start_date: `2026-11-2${index}` }),
    }));
    await send(events, 'change', {}, { engine, store }, new Reader());
    expect(engine.events.map((event) => event.event_id)).toEqual(['a', 'b', 'c']);
  });

  it('sends nothing while one record is bad, and needs no Temporal to say so', async () => {
    const reader = new Reader({ TEMPORAL_ADDRESS: '127.0.0.1:1' }, `employee_id,email\n1,x\n`);
    expect(await feed('hire', '-', {}, reader)).toBe(1);
    expect(reader.complaints).toMatch(/line 2 {2}email isn't an e-mail address\n/);
    expect(reader.complaints).toContain('Nothing was sent.');
  });

  it('draws nothing on the terminal from what a file holds', () => {
    const reader = new Reader();
    sayProblems(
      {
        problems: [
          { place: 'line 2', field: 'region', problem: 'is wrong', value: '\u001b[2Jx\u202e', mend: 'y' },
        ],
        notes: ['\u001b]0;title\u0007column'],
      },
      {},
      reader,
    );
    expect(reader.complaints).toBe('column\nline 2  region is wrong: "x"\n    y\n');
  });

  it('a file that cannot be read is wrong usage', async () => {
    await expect(contentOf(join(dir, 'none.csv'), new Reader())).rejects.toThrow(WrongUsage);
    await expect(contentOf(dir, new Reader())).rejects.toThrow(/is a folder/);
    writeFileSync(join(dir, 'some.csv'), 'x');
    expect(Buffer.from(await contentOf(join(dir, 'some.csv'), new Reader())).toString()).toBe('x');
  });
});

describe('a plan says what would happen', () => {
  const handbook = readHandbook(join(__dirname, '..', '..', 'config'));
  const now = '2026-11-24T12:00:00.000Z';
  const plan = (change: Parameters<typeof accountExecutive>[1]) =>
    planOf('line 2', accountExecutive('1', { start_date: '2026-11-23', ...change }), handbook, store, now);

  it('an approved template: born approved, due at once, with its systems', async () => {
    expect(await plan({})).toMatchObject({
      repeated: false,
      problems: [],
      day_two: '2026-11-24T10:00:00.000Z',
      due_now: true,
      templates_found: ['roles/department_enterprise_sales/role_account_executive.yml'],
      born_approved: true,
      tasks: expect.arrayContaining([
        expect.objectContaining({ id: 'salesforce', by: 'daytwo' }),
        expect.objectContaining({ id: 'clari', by: 'person' }),
      ]),
    });
  });

  it('stages of the region: Recorder outside the Americas comes after the course', async () => {
    const { tasks } = await plan({ region: 'JAPAC', country: 'JP', time_zone: 'Asia/Tokyo' });
    expect(tasks.flatMap(({ id, access }) => (id.startsWith('chorus/') ? [[id, access]] : []))).toEqual([
      ['chorus/person', expect.stringContaining('licence type Listener')],
      ['chorus/course', ''],
      ['chorus/upgrade', expect.stringContaining('licence type Recorder')],
    ]);
  });

  it('a template that is not as it was approved, and a day two that is yet to come', async () => {
    expect(
      await plan({ department: 'Public Sector', title: 'Account Executive', start_date: '2026-11-24' }),
    ).toMatchObject({ born_approved: false, due_now: false });
  });

  it('no template: every path that would be looked for', async () => {
    expect(await plan({ title: 'Juggler', specialty: 'Fire' })).toMatchObject({
      born_approved: null,
      templates_found: [],
      tasks: [],
      template_paths: [
        'roles/department_enterprise_sales/role_juggler.yml',
        'roles/department_enterprise_sales/role_juggler_fire.yml',
      ],
    });
  });

  it('what would become a task for ops, without noting that anybody waits', async () => {
    const { problems, day_two } = await plan({ region: 'Atlantis' });
    expect(problems).toEqual([expect.stringContaining('region')]);
    expect(day_two).toBeNull();
    expect(await store.peopleWaiting('correction')).toEqual([]);
  });

  it('an event that was sent before would start nothing', async () => {
    await send(located('1'), 'hire', {}, { engine: new FakeEngine([]), store }, new Reader());
    const [same] = located('1');
    if (same?.event.type !== 'employee.hired') throw new Error('no hire');
    expect((await planOf('line 2', same.event, handbook, store, now)).repeated).toBe(true);
  });
});
