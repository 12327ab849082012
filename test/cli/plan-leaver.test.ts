import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { run } from '../../src/cli/program';
import { openStore } from '../../src/evidence';
import { parseVariables } from '../../src/up/state';
import { accountExecutive } from '../support/desk';
import { Systems } from '../systems/fixture';
import { addressOf, LeaverOrg } from '../systems/leaver-org';
import { Reader } from './fakes';

const DANA = 'dana.whitfield@daytwo.example';
const ID = '200001';
let systems: Systems;
let stateDir: string;
let env: Record<string, string>;
beforeAll(async () => {
  systems = await Systems.start();
  stateDir = mkdtempSync(join(tmpdir(), 'daytwo-plan-leaver-'));
  env = {
    ...parseVariables(readFileSync(join(systems.stateDir, 'sandbox.env'), 'utf8')),
    DAYTWO_STATE_DIR: stateDir,
    DAYTWO_CONFIG_DIR: join(__dirname, '..', '..', 'config'),
    NODE_ENV: 'development',
  };
  const email = addressOf('Leaver');
  const store = await openStore({ stateDir, databaseUrl: null });
  const { employee_id, ...facts } = accountExecutive(ID, { email, manager_email: DANA });
  await store.putPerson(recordOf(employee_id, facts, 'active', '2026-11-01T00:00:00.000Z'));
  await store.close();
  await new LeaverOrg(systems).user('Leaver', { EmployeeNumber: ID });
  const book = { leads: 3, accounts: 2, open: 2, closed: 2 };
  await systems.salesforce('POST', '/books', { username: email, seed: 7, ...book });
});
afterAll(async () => {
  await systems.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

/** Who has what in the org: whether they may sign in, and the owners of all that is handed over. */
const held = async (): Promise<unknown> => {
  const { org } = new LeaverOrg(systems);
  return Promise.all([
    org.query(`SELECT Id, IsActive FROM User WHERE EmployeeNumber = '${ID}'`),
    org.query('SELECT Id, IsFrozen FROM UserLogin'),
    ...['Lead', 'Account', 'Opportunity'].map((object) => org.query(`SELECT Id, OwnerId FROM ${object}`)),
  ]);
};

const plan = async (...args: string[]): Promise<Reader> => {
  const reader = new Reader(env);
  expect([await run(['plan', 'leaver', ID, ...args], reader), reader.complaints]).toEqual([0, '']);
  return reader;
};

test('says what they hold and by name who would get what and why, and changes nothing', async () => {
  const before = await held();
  const seen = await systems.watch();
  const { text } = await plan('--last-day', '2026-12-31');
  const asked = await seen();
  expect(asked.length).toBeGreaterThan(0);
  // Several questions go to Salesforce in one POST; what is there afterwards shows that they were questions.
  expect(asked.filter(({ method, path }) => method !== 'GET' && !/oauth2|\/composite$/.test(path))).toEqual(
    [],
  );
  expect(await held()).toEqual(before);
  expect(text).toMatch(/^Employee 200001\n +time zero +2026-12-31 16:00/);
  expect(text).toMatch(/salesforce +salesforce active.*nobody asked for it/);
  expect(text).toMatch(/Lead +dana\.whitfield@daytwo\.example +the manager +3/);
  expect(text).not.toMatch(/\b005\w{12,15}\b/);
  expect(text).toContain('Nothing was changed.');
});

test('says the same as one JSON document', async () => {
  const { said } = await plan('--json');
  expect(said).toHaveLength(1);
  expect(JSON.parse(said[0] ?? '')).toMatchObject({
    employee_id: ID,
    moves: expect.arrayContaining([{ object: 'Lead', to: DANA, why: 'the manager', count: 3 }]) as unknown,
  });
});

test.each([
  ['of nobody of whom HR told', ['999'], 1, /HR has told of nobody/],
  ['for a day that is none', [ID, '--last-day', '2026-02-30'], 2, /no day of the calendar/],
] as const)('%s there is no plan', async (_what, args, code, why) => {
  const reader = new Reader(env);
  expect(await run(['plan', 'leaver', ...args], reader)).toBe(code);
  expect(reader.complaints).toMatch(why);
});

describe('a list', () => {
  const HEAD = 'employee_id,kind,last_working_day,garden_leave_start,termination_date';
  const file = (...rows: string[]): string => {
    const path = join(stateDir, 'leavers.csv');
    writeFileSync(path, [HEAD, ...rows].join('\n'));
    return path;
  };
  /** Somebody with a user and leads, whom HR told of. */
  async function employee(id: string, name: string, status: 'active' | 'left' = 'active'): Promise<void> {
    const { employee_id, ...facts } = accountExecutive(id, { email: addressOf(name), manager_email: DANA });
    const store = await openStore({ stateDir, databaseUrl: null });
    await store.putPerson(recordOf(employee_id, facts, status, '2026-11-01T00:00:00.000Z'));
    await store.close();
    await new LeaverOrg(systems).user(name, { EmployeeNumber: id });
  }
  beforeAll(async () => {
    await employee('200002', 'Second');
    await employee('200003', 'Third', 'left');
    await systems.salesforce('POST', '/books', { username: addressOf('Second'), seed: 8, leads: 4 });
  });
  const say = async (...args: string[]): Promise<Reader> => {
    const reader = new Reader(env);
    expect([await run(['plan', 'leaver', ...args], reader), reader.complaints]).toEqual([0, '']);
    return reader;
  };
  const LIST = [
    `${ID},voluntary,2026-12-31,,`,
    '200002,involuntary,2026-12-30,,',
    '200002,suspension,2026-12-29,,',
    '200003,voluntary,2026-12-31,,',
    '999,voluntary,2026-12-31,,',
  ];

  test('is one summary of who, when, how much and what blocks, with its counts; nothing is changed', async () => {
    const path = file(...LIST.filter((line) => !line.includes('suspension')));
    const before = await held();
    const seen = await systems.watch();
    const { text } = await say(path);
    const asked = await seen();
    expect(asked.length).toBeGreaterThan(0);
    expect(
      asked.filter(({ method, path: at }) => method !== 'GET' && !/oauth2|\/composite$/.test(at)),
    ).toEqual([]);
    expect(await held()).toEqual(before);
    const store = await openStore({ stateDir, databaseUrl: null });
    expect([await store.evidenceRows(), await store.leavers.ofPerson(ID)]).toEqual([0, []]);
    await store.close();
    expect(text).toMatch(/^200001 +voluntary +2026-12-31 22:00 +.*salesforce.* +7 +2 +\d/m);
    expect(text).toMatch(/^200002 +involuntary +2026-12-30 22:00 +.*salesforce.* +4 +0 +\d/m);
    expect(text).toMatch(/^200003 .*has left already: nothing would begin$/m);
    expect(text).toMatch(/^999 .*HR never told of a person with this id$/m);
    expect(text).toMatch(
      /4 leavers: 11 records would go to others, 2 opportunities would stay, \d+ steps? by people\. Something blocks 2 of them\./,
    );
    expect(text).not.toContain('@');
    expect(text).toContain('Nothing was changed.');
  });

  test('of a person the last line counts, and of a suspension nothing is handed over', async () => {
    const { said } = await say(file(...LIST), '--json', '--each');
    expect(said).toHaveLength(1);
    const plan = JSON.parse(said[0] ?? '') as { leavers: { employee_id: string }[] };
    expect(plan).toMatchObject({
      counts: { leavers: 4, blocked: 2, records: 7, stay: 2 },
      approvals_needed: 0,
    });
    expect(plan.leavers.find(({ employee_id }) => employee_id === '200002')).toMatchObject({
      kind: 'suspension',
      records: 0,
      holds: expect.arrayContaining(['salesforce']) as unknown,
      plan: { employee_id: '200002', moves: [] },
    });
    expect(plan.leavers.find(({ employee_id }) => employee_id === ID)).toMatchObject({
      plan: {
        moves: expect.arrayContaining([
          { object: 'Lead', to: DANA, why: 'the manager', count: 3 },
        ]) as unknown,
      },
    });
  });

  test('each is shown in full on demand', async () => {
    const { text } = await say(file(...LIST.slice(0, 1)), '--each');
    expect(text).toContain(`Employee ${ID}\n  time zero  2026-12-31 16:00`);
    expect(text).toMatch(/Lead +dana\.whitfield@daytwo\.example +the manager +3/);
  });

  test.each<[string, string[], number, RegExp]>([
    ['with a bad line is named by it, and planned not at all', ['nobody,fired,2026-12-31,,'], 1, /line 2/],
    ['that is not there', [], 2, /no such file/],
  ])('%s', async (_what, rows, code, why) => {
    const path = rows.length > 0 ? file(...rows) : join(stateDir, 'none.csv');
    const reader = new Reader(env);
    expect(await run(['plan', 'leaver', path], reader)).toBe(code);
    expect(reader.complaints).toMatch(why);
    expect(reader.said).toEqual([]);
  });
});
