import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { sampleOf } from '../../src/cli/leavers-report';
import { run } from '../../src/cli/program';
import { openItem, type FoundAccess, type LeaverCase, type LeaverItem } from '../../src/domain/leaving';
import { openStore } from '../../src/evidence';
import { accountExecutive } from '../support/desk';
import { Reader } from './fakes';

// The reader's clock says 2026-11-24T12:00Z.
const ZERO = '2026-11-20T15:00:00.000Z';
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-leavers-'));
  const store = await openStore({ stateDir: dir, databaseUrl: null });
  for (const id of ['1', '2', '3', '4']) {
    const { employee_id, ...facts } = accountExecutive(id, { name: 'Very Secret' });
    await store.putPerson(recordOf(employee_id, facts, 'left', '2026-11-01T00:00:00.000Z'));
  }
  await store.leavers.put(leaving('1'));
  await store.leavers.putItems(leaving('1').leaving, [
    settled('salesforce', '2026-11-20T15:00:04.000Z', 'daytwo', { found: [found(true), found(false)] }),
    settled('clari', '2026-11-23T15:00:00.000Z', 'priya-ops', { how: 'attested' }),
    item('datafox', '2026-11-23T15:00:00.000Z'),
    item('outreach', '2026-11-27T15:00:00.000Z'),
  ]);
  await store.leavers.put({ ...leaving('2'), timeZero: '2026-11-21T15:00:00.000Z', frozenAt: null });
  await store.leavers.putItems(leaving('2').leaving, [
    settled('=cmd()', '2026-11-21T15:00:00.000Z', '+evil', { how: 'attested' }),
  ]);
  await store.leavers.put({ ...leaving('3'), timeZero: '2026-10-31T23:59:59.000Z' });
  await store.leavers.putItems(leaving('3').leaving, [item('clari', '2026-11-02T00:00:00.000Z')]);
  await store.leavers.put({ ...leaving('4'), phase: 'rescinded' });
  await store.leavers.putItems(leaving('4').leaving, [item('clari', '2026-11-23T15:00:00.000Z')]);
  await store.close();
});
afterAll(() => rmSync(dir, { recursive: true }));

const leaving = (employeeId: string): LeaverCase => ({
  leaving: `${employeeId}/0a1b2c3d`,
  employeeId,
  event: {
    type: 'employee.leaving',
    event_id: `leaving-${employeeId}`,
    employee_id: employeeId,
    kind: 'voluntary',
    last_working_day: '2026-11-30',
    garden_leave_start: '2026-11-20',
    termination_date: '2026-12-31',
  },
  phase: 'taken',
  timeZero: ZERO,
  policyVersion: '2026-01-01',
  frozenAt: '2026-11-20T15:00:01.500Z',
  takenAt: '2026-11-20T15:00:09.000Z',
  endedAt: null,
  issue: null,
  successor: null,
});
const item = (id: string, dueAt: string, change: Partial<LeaverItem> = {}): LeaverItem =>
  openItem({ id, kind: 'system', system: id, text: '', dueAt, ...change });
const settled = (id: string, at: string, by: string, change: Partial<LeaverItem> = {}): LeaverItem =>
  item(id, '2026-11-21T15:00:00.000Z', { status: 'revoked', how: 'verified', by, at, ...change });
const found = (asked: boolean): FoundAccess => ({
  connection: 'salesforce',
  accountId: asked ? '005A' : '005B',
  state: 'active',
  by: 'email',
  shows: [],
  lastSignInAt: null,
  asked,
});

const said = async (...args: string[]): Promise<Reader> => {
  const reader = new Reader({ DAYTWO_STATE_DIR: dir });
  expect([await run(['evidence', ...args], reader), reader.complaints]).toEqual([0, '']);
  return reader;
};
const november = ['leavers', '--from', '2026-11-01', '--to', '2026-11-30'];
const json = async (...args: string[]) =>
  (await said(...args, '--json')).said.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('evidence leavers', () => {
  test('each system of each leaver of the time is a line: in time, late, or not due yet', async () => {
    const lines = await json(...november);
    expect(
      lines.map(({ employee_id, system, status, within_deadline }) => [
        employee_id,
        system,
        status,
        within_deadline,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['1', 'salesforce', 'revoked', true],
        ['1', 'clari', 'revoked', false],
        ['1', 'datafox', 'open', false],
        ['1', 'outreach', 'open', null],
        ['2', '=cmd()', 'revoked', true],
      ]),
    );
    expect(lines).toHaveLength(5);
  });

  test('a line says HR’s day, the freeze, the proof, and what nobody had asked for', async () => {
    const lines = await json(...november);
    expect(lines.find(({ system }) => system === 'salesforce')).toMatchObject({
      hr_date: '2026-11-20',
      time_zero: ZERO,
      frozen_after_s: 1.5,
      how: 'verified',
      by: 'daytwo',
      found: 2,
      unasked: 1,
    });
    expect(lines.find(({ employee_id }) => employee_id === '2')).toMatchObject({
      frozen_at: null,
      frozen_after_s: null,
    });
  });

  test('as a table it counts the leavers, the lines and what is late, and names the query', async () => {
    const { text } = await said(...november);
    expect(text).toMatch(/^EMPLOYEE +TIME ZERO +FROZEN +SYSTEM/);
    expect(text).toMatch(/2 leavers of 2 .* 5 lines, 2 late\. Query: leaver by time_zero/);
    expect(text).toMatch(/clari +revoked .*late +attested by priya-ops/);
    expect(text).toMatch(/2 found, 1 never asked for/);
    expect(text).not.toMatch(/Secret|@/);
  });

  test('as CSV, nothing is read as a formula', async () => {
    const { said: lines } = await said(...november, '--csv');
    expect(lines[0]).toMatch(/^employee_id,kind,hr_date,time_zero,/);
    expect(lines.filter((line) => line.startsWith('2,'))).toEqual([expect.stringMatching(/,'=cmd\(\),/)]);
    for (const cell of lines.slice(1).flatMap((line) => line.split(',')))
      expect(cell).not.toMatch(/^[=+\-@]/);
  });

  test.each([
    ['2026-10-31', '2026-10-31', ['3']],
    ['2026-11-21', '2026-11-21', ['2']],
    ['2026-12-01', '2026-12-31', []],
  ])('from %s to %s it is those whose time zero lies within', async (from, to, employees) => {
    const lines = await json('leavers', '--from', from, '--to', to);
    expect([...new Set(lines.map(({ employee_id }) => employee_id))]).toEqual(employees);
  });

  test('a sample is of leavers, whole, and the same for the same seed', async () => {
    const sampled = async (seed: string) =>
      (await json(...november, '--sample', '1', '--seed', seed)).map(({ employee_id }) => employee_id);
    const [first] = await sampled('7');
    expect(await sampled('7')).toEqual(Array(first === '1' ? 4 : 1).fill(first));
    const { text } = await said(...november, '--sample', '1', '--seed', '7');
    expect(text).toContain('1 leaver of 2 ');
  });

  test.each([
    ['2026-02-30', '2026-11-30', /--from 2026-02-30 is no day/],
    ['2026-11-01', 'today', /--to today is no day/],
    ['2026-11-02', '2026-11-01', /--to is before --from/],
  ])('from %s to %s is wrong usage', async (from, to, why) => {
    const reader = new Reader({ DAYTWO_STATE_DIR: dir });
    expect(await run(['evidence', 'leavers', '--from', from, '--to', to], reader)).toBe(2);
    expect(reader.complaints).toMatch(why);
  });
});

test('any sample has no one twice, is of the list, and as large as it can be', () => {
  const list = fc.uniqueArray(fc.integer(), { maxLength: 60 });
  fc.assert(
    fc.property(list, fc.nat(80), fc.nat(), (all, size, seed) => {
      const picked = sampleOf(all, size, seed);
      expect(picked).toHaveLength(Math.min(size, all.length));
      expect(new Set(picked).size).toBe(picked.length);
      expect(all).toEqual(expect.arrayContaining([...picked]));
      expect(sampleOf(all, size, seed)).toEqual(picked);
    }),
  );
});

describe('evidence leaver', () => {
  test('tells one leaver by employee id or address', async () => {
    const { text } = await said('leaver', '1');
    expect(text).toMatch(/^Employee 1: voluntary, taken\n +HR's day +2026-11-20\n/);
    expect(text).toMatch(/frozen +2026-11-20 16:00.*, 1\.5 s after time zero/);
    expect((await said('leaver', 'e1@daytwo.example')).text).toBe(text);
    expect(text).not.toMatch(/Secret|@/);
  });

  test('says of who is not frozen that they are not', async () => {
    expect((await said('leaver', '2')).text).toMatch(/frozen +not yet/);
  });

  test('as JSON it is one document with its systems, records and evidence', async () => {
    const [document, ...more] = await json('leaver', '1');
    expect(more).toEqual([]);
    expect(document).toMatchObject({
      leaving: { employeeId: '1' },
      systems: { length: 4 },
      records: [],
      evidence: [],
    });
  });

  test.each([
    ['999', /HR has told of nobody/],
    ['Very Secret', /./],
  ])('of %s there is nothing, and it says so', async (object, why) => {
    const reader = new Reader({ DAYTWO_STATE_DIR: dir });
    expect(await run(['evidence', 'leaver', object], reader)).not.toBe(0);
    expect(reader.complaints).toMatch(why);
    expect(reader.said).toEqual([]);
  });
});
