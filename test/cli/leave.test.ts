import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { readHrEvents } from '../../src/cli/hr-events';
import { personOf, tellOf, type LeaveOptions } from '../../src/cli/leave';
import { run } from '../../src/cli/program';
import { Refused, WrongUsage } from '../../src/cli/surroundings';
import { openStore, type PersonRecord, type Store } from '../../src/evidence';
import { accountExecutive } from '../support/desk';
import { FakeEngine, Reader } from './fakes';

let dir: string;
let store: Store;
let engine: FakeEngine;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-leave-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
  engine = new FakeEngine([]);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

async function employed(
  employeeId: string,
  change: Parameters<typeof accountExecutive>[1] = {},
  status: PersonRecord['status'] = 'active',
): Promise<PersonRecord> {
  const { employee_id, ...facts } = accountExecutive(employeeId, change);
  const person = recordOf(employee_id, facts, status, '2026-01-05T00:00:00Z');
  await store.putPerson(person);
  return person;
}
const tell = async (options: LeaveOptions, person?: PersonRecord): Promise<void> =>
  tellOf(
    person ?? (await employed('104711')),
    { by: 'pia-people', ...options },
    { engine, store },
    new Reader(),
  );

describe('of whom it is said', () => {
  const asked = (object: string) => personOf(object, store, 'https://gitlab.example');

  test.each(['104711', 'e104711@daytwo.example', 'E104711@Daytwo.Example'])(
    '%s is the one person',
    async (object) => {
      await employed('104711');
      expect((await asked(object)).employeeId).toBe('104711');
    },
  );

  test('an address that two people have is refused, and says which they are', async () => {
    await employed('1', { email: 'alex@daytwo.example' });
    await employed('2', { email: 'alex@daytwo.example' });
    await expect(asked('alex@daytwo.example')).rejects.toThrow(/employees 1, 2\. Say which one/);
  });

  test.each(['999', 'nobody@daytwo.example'])('%s, of whom HR never told, is refused', async (object) => {
    await employed('104711');
    await expect(asked(object)).rejects.toThrow(/HR has told of nobody/);
  });

  test.each(['Robin Sample', 'Sample'])(
    '%s is a name, which is never enough, and it says so',
    async (name) => {
      await employed('104711', { name });
      const refused = asked(name);
      await expect(refused).rejects.toBeInstanceOf(Refused);
      await expect(refused).rejects.toThrow('A name is not enough: two people may have it.');
    },
  );
});

describe('what HR says of one person', () => {
  const event = {
    type: 'employee.leaving',
    employee_id: '104711',
    kind: 'voluntary',
    last_working_day: '2026-12-31',
    garden_leave_start: null,
    termination_date: null,
  };

  test.each<[string, LeaveOptions, object]>([
    ['a last day', { lastDay: '2026-12-31' }, {}],
    [
      'every date, and a kind',
      {
        lastDay: '2026-12-31',
        gardenLeave: '2026-12-01',
        termination: '2027-01-31',
        kind: 'involuntary',
      },
      { garden_leave_start: '2026-12-01', termination_date: '2027-01-31', kind: 'involuntary' },
    ],
    ['a suspension', { lastDay: '2026-12-31', kind: 'suspension' }, { kind: 'suspension' }],
  ])('%s is sent as the event of HR that it is', async (_what, options, change) => {
    await tell(options);
    expect(engine.events).toEqual([
      { ...event, ...change, event_id: expect.stringMatching(/^cli:pia-people:/) as unknown },
    ]);
    expect(engine.told).toEqual([]);
  });

  test('danger begins a leaving where none is under way, of today and involuntary', async () => {
    engine.hrEvent = (one) => {
      engine.events.push(one);
      engine.leaving.add(one.employee_id);
      return Promise.resolve();
    };
    await tell({ now: true, reason: ' laptop stolen ', by: 'noor-security' });
    expect(engine.events).toMatchObject([{ kind: 'involuntary', last_working_day: '2026-11-24' }]);
    expect(engine.told).toEqual(['104711 now by noor-security: laptop stolen']);
  });

  test('danger of somebody who leaves already sends no second event', async () => {
    engine.leaving.add('104711');
    await tell({ now: true, reason: 'laptop stolen' });
    expect(engine.events).toEqual([]);
    expect(engine.told).toEqual(['104711 now by pia-people: laptop stolen']);
  });

  test('that the call has begun, and who takes over', async () => {
    engine.leaving.add('104711');
    await employed('104712');
    await tell({ callStarted: true });
    await tell({ successor: 'e104712@daytwo.example' });
    expect(engine.told).toEqual([
      '104711 call by pia-people',
      '104711 successor by pia-people: e104712@daytwo.example',
    ]);
  });

  test('that it is taken back', async () => {
    engine.leaving.add('104711');
    await tell({ rescind: true });
    expect(engine.events).toMatchObject([{ type: 'employee.rescinded', what: 'leaving' }]);
  });

  test.each<[string, LeaveOptions]>([
    ['taken back', { rescind: true }],
    ['the call', { callStarted: true }],
  ])('%s, where no leaving is under way, is refused', async (_what, options) => {
    await expect(tell(options)).rejects.toThrow('No leaving of employee 104711 is under way.');
    expect(engine.events).toEqual([]);
  });

  test('who has left already does not leave again', async () => {
    const gone = await employed('104711', {}, 'left');
    await expect(tell({ lastDay: '2026-12-31' }, gone)).rejects.toThrow(/has left already/);
    expect(engine.events).toEqual([]);
  });

  test.each<[string, PersonRecord['status'] | null, RegExp]>([
    ['nobody of whom HR told', null, /told of nobody/],
    ['somebody who leaves', 'leaving', /employee 104712 leaves, too\. Name somebody else/],
    ['somebody who left', 'left', /has left\. Name somebody else/],
  ])('%s is no successor, and nothing is sent', async (_what, status, why) => {
    if (status) await employed('104712', {}, status);
    const options = { successor: 'e104712@daytwo.example', lastDay: '2026-12-31' };
    await expect(tell(options)).rejects.toThrow(why);
    expect(engine.events).toEqual([]);
  });

  test('who has the address of somebody who left once may take over', async () => {
    engine.leaving.add('104711');
    await employed('104700', { email: 'e104712@daytwo.example' }, 'left');
    await employed('104712');
    await tell({ successor: 'e104712@daytwo.example' });
    expect(engine.told).toEqual(['104711 successor by pia-people: e104712@daytwo.example']);
  });

  test.each<[string, LeaveOptions, RegExp]>([
    ['a kind that is none', { lastDay: '2026-12-31', kind: 'fired' }, /--kind fired is none of/],
    ['a day that is none', { lastDay: '2026-02-30' }, /--last-day 2026-02-30/],
    [
      'garden leave from a day that is none',
      { lastDay: '2026-12-31', gardenLeave: 'soon' },
      /--garden-leave/,
    ],
    ['a termination that is none', { lastDay: '2026-12-31', termination: '31.12.' }, /--termination/],
    ['a day that lies behind', { lastDay: '2026-11-23' }, /lies behind: with --now/],
  ])('%s is wrong usage, and nothing is sent', async (_what, options, why) => {
    const said = tell(options);
    await expect(said).rejects.toThrow(why);
    await expect(said).rejects.toBeInstanceOf(WrongUsage);
    expect(engine.events).toEqual([]);
  });

  test('a refusal names no person', async () => {
    const person = await employed('104711', { name: 'Very Secret' }, 'left');
    const why = await tell({ lastDay: '2026-12-31' }, person).catch((error: unknown) => error);
    expect(why).toBeInstanceOf(Refused);
    expect(String(why)).not.toMatch(/secret|@/i);
  });
});

describe('wrong usage is told before anything is opened', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['danger without its reason', ['--now', '--by', 'noor-security'], /--now needs its --reason/],
    ['danger for a blank reason', ['--now', '--reason', ' ', '--by', 'x'], /--now needs its --reason/],
    ['nobody who says it', ['--last-day', '2026-12-31'], /--by <username>/],
    ['a name in place of a user name', ['--rescind', '--by', 'Pia People'], /--by <username>/],
    ['two things at once', ['--rescind', '--call-started', '--by', 'x'], /Say one of/],
    [
      'a day, and that it is taken back',
      ['--last-day', '2026-12-31', '--rescind', '--by', 'x'],
      /Say one of/,
    ],
  ])('%s', async (_what, options, why) => {
    const reader = new Reader({ DAYTWO_STATE_DIR: dir, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(await run(['leave', '104711', ...options], reader)).toBe(2);
    expect(reader.complaints).toMatch(why);
  });
});

describe('a list of people, as HR’s events', () => {
  const HEAD = 'employee_id,kind,last_working_day,garden_leave_start,termination_date';
  const read = (...rows: string[]) => readHrEvents(Buffer.from([HEAD, ...rows].join('\n')), 'leave');

  test('each is an event; where no working day is named, the termination date or garden leave says when', () => {
    const { events, problems } = read(
      '1,voluntary,2026-12-31,,',
      '2,voluntary,,,2027-01-31',
      '3,involuntary,,2026-12-01,2027-01-31',
      '4,suspension,,2026-12-01,',
    );
    expect(problems).toEqual([]);
    expect(events.map(({ event }) => (event as { last_working_day?: string }).last_working_day)).toEqual([
      '2026-12-31',
      '2027-01-31',
      '2027-01-31',
      '2026-12-01',
    ]);
  });

  test('one without any day, and one of an unknown kind, are named by their line; the others are good', () => {
    const { events, problems } = read('1,voluntary,,,', '2,fired,2026-12-31,,', '3,voluntary,2026-12-31,,');
    expect(events.map(({ event }) => event.employee_id)).toEqual(['3']);
    expect(problems.map(({ place }) => place)).toEqual(['line 2', 'line 3']);
    expect(JSON.stringify(problems)).toMatch(/last_working_day.*garden_leave_start or termination_date/);
  });
});
