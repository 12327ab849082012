import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askForChange } from '../../src/cli/close-change';
import { decideOn } from '../../src/cli/decide';
import { readObject } from '../../src/cli/objects';
import { run } from '../../src/cli/program';
import { withReadWorld } from '../../src/cli/read-world';
import { newClose, type CloseCase } from '../../src/domain/close/close';
import { openStore } from '../../src/evidence';
import { parseVariables } from '../../src/up/state';
import { Systems } from '../systems/fixture';
import { LeaverOrg } from '../systems/leaver-org';
import { FakeEngine, Reader, running } from './fakes';

const PERIOD = '2026-10';
const AT = '2026-11-06T12:00:00.000Z';
let systems: Systems;
let org: LeaverOrg;
let stateDir: string;
let env: Record<string, string>;
let won = '';
let other = '';
beforeAll(async () => {
  systems = await Systems.start();
  stateDir = mkdtempSync(join(tmpdir(), 'daytwo-after-lock-'));
  env = {
    ...parseVariables(readFileSync(join(systems.stateDir, 'sandbox.env'), 'utf8')),
    DAYTWO_STATE_DIR: stateDir,
    DAYTWO_CONFIG_DIR: join(__dirname, '..', '..', 'config'),
    NODE_ENV: 'development',
  };
  org = new LeaverOrg(systems);
  const opportunity = { Name: 'Won', StageName: 'Closed Won', CloseDate: '2026-10-20', Amount: 1000 };
  [won = '', other = ''] = await org.make('Opportunity', [opportunity, { ...opportunity, Type: 'Renewal' }]);
  await closeIs({ phase: 'closing' });
});
afterAll(async () => {
  await systems.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

/** Keeps the close of the period as it is said to be, with its records as they are. */
async function closeIs(of: Partial<CloseCase>): Promise<void> {
  const store = await openStore({ stateDir, databaseUrl: null });
  const close = newClose({
    period: PERIOD,
    policyVersion: '2026-01-01',
    dates: [],
    due: [{ key: 'queue', dueAt: AT }],
    openedAt: AT,
    openedBy: 'amber',
  });
  const { turn } = await store.closes.begin(close);
  await store.closes.put({ close: { ...close, ...of }, turn });
  const records = await org.salesforce.periods.closedIn('2026-10-01', '2026-10-31');
  await store.closes.keepRecords(PERIOD, 'after_lock', records);
  await store.close();
}

const said = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
  const reader = new Reader(env);
  const code = await run(['close', ...args], reader);
  return { code, out: reader.text, err: reader.complaints };
};

test('close lock says what keeps a month from being locked, and locks nothing', async () => {
  const { code, out } = await said('lock', PERIOD);
  expect(code).toBe(1);
  expect(out).toContain('[ ] Every task is signed by both: not yet: queue');
  expect(out).toContain('[ ] Finance gave the green light: not yet');
  expect(await org.salesforce.periods.lockedThrough()).toBeNull();
});

test('the deals that a task lists are read as they are now, for a sheet too', async () => {
  const large = await org.one('Opportunity', {
    Name: 'Large',
    StageName: '4-Proposal',
    CloseDate: '2026-09-30',
    Net_Arr__c: 100_000,
  });
  const { code, out } = await said('findings', PERIOD, '--list', 'large-deals', '--csv');
  expect(code).toBe(0);
  const [head, ...rows] = out.split('\n');
  expect(head).toContain('record,net_arr,stage');
  expect(rows).toEqual([expect.stringContaining(`${large},100000.00,4-Proposal,2026-09-30,`)]);
  expect((await said('findings', PERIOD, '--list', 'large-deals')).out).toContain(
    '1 deal of large-deals in 2026-10, $100,000.00 net ARR',
  );
  expect(await said('findings', PERIOD, '--list', 'web-direct')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Those with one: large-deals, queue.') as string,
  });
});

test('of a month that is not locked there is no drift, and nothing to ask for', async () => {
  expect(await said('drift', PERIOD)).toMatchObject({
    code: 1,
    err: expect.stringContaining('not locked') as string,
  });
  const asked = await said('change', PERIOD, '--record', won, '--set', 'Amount=1', '--dry-run');
  expect(asked).toMatchObject({ code: 1, err: '2026-10: it is not locked. Edit the record in Salesforce.' });
});

describe('of a locked month', () => {
  beforeAll(() => closeIs({ phase: 'locked', lock: { through: '2026-10-31', at: AT, proof: null } }));

  test('close lock says that it is', async () => {
    expect(await said('lock', PERIOD)).toMatchObject({
      code: 0,
      out: `2026-10 is locked through 2026-10-31, since ${AT}.`,
    });
  });

  test('a change can be tried: from what to what, and nothing is asked for', async () => {
    const { code, out } = await said('change', PERIOD, '--record', won, '--set', 'Amount=900.5', '--set', 'Type=Renewal', '--dry-run'); // prettier-ignore
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`${won} +Amount +1000.00 +900.50`));
    expect(out).toMatch(new RegExp(`${won} +Type +Renewal`));
    const store = await openStore({ stateDir, databaseUrl: null });
    expect(await store.changes.of(PERIOD)).toEqual([]);
    await store.close();
  });

  test('many are read from a file, and each that can not be is named by its line', async () => {
    const file = join(stateDir, 'changes.csv');
    writeFileSync(
      file,
      `Record,Field,Value\r\n${won},Amount,900\r\n${other},Amount,"1,50"\r\n006,Amount,1\r\n`,
    );
    const { code, err } = await said('change', PERIOD, '--file', file, '--dry-run');
    expect(code).toBe(1);
    expect(err.split('\n')).toEqual([
      'line 3: "1,50" is no amount. Write it as 1234.50: a point, no other separators, no currency.',
      'line 4: "006" is no id of a record. Write the 15 or 18 letters and digits of its address in Salesforce.',
    ]);
    writeFileSync(file, 'id;amount\n1;2\n');
    expect((await said('change', PERIOD, '--file', file, '--dry-run')).err).toContain(
      'line 2: has no record, field, value',
    );
  });

  test.each([
    [['--set', 'Amount=1'], 2, 'Of which record?'],
    [['--record', '006000000000001AAA'], 2, 'Say what is to be changed'],
    [['--record', '006000000000001AAA', '--set', 'Amount'], 2, 'sets nothing'],
    [['--file', '/nowhere.csv'], 1, "can't be read"],
    [['--record', '006000000000001AAA', '--set', 'Amount=1'], 2, 'Who asks for it?'],
    [['--record', '006000000000001AAA', '--set', 'Amount=1', '--by', 'amber'], 2, 'needs its reason'],
    [
      ['--record', '006000000000001AAA', '--set', 'Amount=1', '--by', 'ambr', '--reason', 'x'],
      1,
      'Did you mean amber?',
    ],
  ])('%j is answered', async (args, code, err) => {
    expect(await said('change', PERIOD, ...args)).toMatchObject({
      code,
      err: expect.stringContaining(err) as string,
    });
  });

  test('what is asked for is kept, begun, and named; asked twice it is one', async () => {
    const started: string[] = [];
    const ask = async (fails = false): Promise<Reader & { code?: number }> => {
      const reader: Reader & { code?: number } = new Reader(env);
      const written = [{ place: '--set Amount', record: won, field: 'Amount', value: '900' }];
      reader.code = await withReadWorld(reader, (world) =>
        askForChange(
          { period: PERIOD, written, now: AT },
          { by: '@sam-ops', reason: 'typed wrong' },
          world,
          ({ period, n }) => {
            if (fails) return Promise.reject(new Error('Temporal is away'));
            started.push(`${period}/${n}`);
            return Promise.resolve();
          },
          reader,
        ),
      );
      return reader;
    };
    await expect(ask(true)).rejects.toThrow('away');
    const again = await ask();
    expect(again.code).toBe(1);
    expect(again.complaints).toContain('this was asked already, as 2026-10/change/1');
    // What had no process yet has one now.
    expect(started).toEqual(['2026-10/1']);
    const store = await openStore({ stateDir, databaseUrl: null });
    expect(await store.changes.of(PERIOD)).toMatchObject([
      { n: 1, phase: 'asked', asked: { by: 'sam-ops' }, expiresAt: '2026-11-20T12:00:00.000Z' },
    ]);
    await store.close();
  });

  test('of a deal with another inside rep their manager is asked, too, or who is above them; who has none is named', async () => {
    const ask = async (field: Record<string, unknown>, by = 'sam-ops'): Promise<Reader> => {
      await org.change('Opportunity', other, field);
      const reader = new Reader(env);
      const written = [{ place: '--set Amount', record: other, field: 'Amount', value: '900' }];
      await withReadWorld(reader, (world) =>
        askForChange(
          { period: PERIOD, written, now: AT },
          { by, reason: 'typed wrong' },
          world,
          () => Promise.resolve(),
          reader,
        ),
      );
      return reader;
    };
    const unknown = await org.user('nobodys-report');
    expect((await ask({ Inside_Sales_Rep__c: unknown })).complaints).toBe(
      `${other}: its inside rep ${unknown} has no manager who could approve it. Have HR's record name their manager, with an account in GitLab.`,
    );
    const rep = await org.user('priya', { Email: 'priya.raman@daytwo.example' });
    expect((await ask({ Inside_Sales_Rep__c: rep }, 'amber')).text).toContain(
      'It waits for vera-vp, and for',
    );
    const store = await openStore({ stateDir, databaseUrl: null });
    const asked = (await store.changes.of(PERIOD)).at(-1);
    expect(asked).toMatchObject({ asked: { by: 'amber' }, managers: ['vera-vp'] });
    await store.close();
    await org.change('Opportunity', other, { Inside_Sales_Rep__c: null });
  });

  test('drift says which record, from what to what, by whom and when', async () => {
    expect(await said('drift', PERIOD)).toMatchObject({
      code: 0,
      out: expect.stringContaining('as it was locked') as string,
    });
    await org
      .change('Opportunity', won, { Amount: 5, Type: '=HYPERLINK("http://x")' })
      .catch(() => undefined);
    await org.change('Opportunity', won, { Amount: 5 });
    await org.org.remove('Opportunity', [other]);
    const { code, out } = await said('drift', PERIOD);
    expect(code).toBe(1);
    expect(out).toContain('2 opportunities of 2026-10 changed since it was locked');
    expect(out).toMatch(new RegExp(`${won} +changed +Amount +1000.00 +5.00 +\\S.*2026`));
    expect(out).toMatch(new RegExp(`${other} +deleted`));
    const csv = (await said('drift', PERIOD, '--csv')).out.split('\n');
    expect(csv[0]).toBe('record,became,field,from,to,by,name,at');
    expect(csv).toHaveLength(4);
    // No sheet reads it as a formula.
    expect(csv[2]).toContain(`,"'=HYPERLINK(`);
    const [line = ''] = (await said('drift', PERIOD, '--json')).out.split('\n');
    expect(JSON.parse(line)).toMatchObject({
      record: won,
      fields: [{ field: 'Amount', from: '1000.00', to: '5.00' }, { field: 'Type' }],
    });
  });
});

test('a change is named as people name it, and decided on like the rest', async () => {
  expect(readObject('2026-10/change/3', null)).toEqual({
    kind: 'workflow',
    workflowId: 'close/2026-10/change/3',
  });
  const change = running('close/2026-10/change/3', { kind: 'period-change' });
  const [engine, reader] = [new FakeEngine([change]), new Reader()];
  expect(await decideOn(engine, change, 'approve', { by: 'amber' }, {}, reader)).toBe(0);
  await expect(decideOn(engine, change, 'hold', { by: 'amber', reason: 'x' }, {}, reader)).rejects.toThrow(
    'approved, rejected, or cancelled',
  );
});
