import { opsMarkersOf } from '../../src/activities/ops-task';
import { SystemFault } from '../../src/systems/fault';
import { BulkQueries } from '../../src/systems/salesforce/bulk-query';
import { runOf } from '../domain/territory/run-sample';
import { Ground } from './ground';

/** At night where the business is. */
const NOW = '2026-11-26T10:00:00.000Z';
const RUN = '2026-11-26';
const MINUTE = 60_000;

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  ground.keepsSnapshots = true;
  ground.workflows.running.add(`tsp/${RUN}`);
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => ground.stop());

const issues = () => ground.world.gitlab.byMarker(opsMarkersOf('tsp-'), ground.projects.accessRequests);
const away = () =>
  jest
    .spyOn(BulkQueries.prototype, 'download')
    .mockRejectedValue(new SystemFault('salesforce', 'ERROR_HTTP_503', true, 'is away'));
/** One try of a step that was asked for so many minutes ago. */
const plan = (minutes: number) =>
  ground.run(
    'planRun',
    { run: RUN, undoes: null, by: 'daytwo', now: NOW },
    { scheduledTimestampMs: Date.now() - minutes * MINUTE, attempt: minutes + 1 },
  );

test('ops hear once of a run that does not go on for longer than policy says; it tries on, and the task is closed', async () => {
  away();
  await expect(plan(59)).rejects.toThrow();
  expect(await issues()).toEqual([]);
  for (const minutes of [60, 61, 200]) await expect(plan(minutes)).rejects.toThrow();
  const [task, ...others] = await issues();
  expect(others).toEqual([]);
  expect(task).toMatchObject({ state: 'opened', confidential: true });
  expect(task?.description).toContain('tsp/2026-11-26');
  expect(task?.description).toContain('read the accounts, plan');
  expect(task?.description).toMatch(/salesforce answered ERROR/);
  expect(ground.workflows.told.filter((one) => one.includes('late'))).toHaveLength(1);
  jest.restoreAllMocks();
  expect((await plan(201)).phase).toBe('approved');
  await ground.run('endRun', { run: RUN, now: NOW });
  expect((await issues()).map(({ state }) => state)).toEqual(['closed']);
});

test('a fault that passes in time is nobody else’s business', async () => {
  away();
  await expect(plan(0)).rejects.toThrow();
  jest.restoreAllMocks();
  await plan(1);
  await ground.run('endRun', { run: RUN, now: NOW });
  expect(await issues()).toEqual([]);
  expect(ground.workflows.told).toEqual([]);
});

const NEXT = '2026-11-27T10:00:00.000Z';
const open = (now = NEXT) => ground.run('openTerritoryNight', { now });

test.each([
  ['plans', null],
  ['writes', runOf({ phase: 'approved' })],
])('the next night does not begin beside a run that still %s, and ops hear of it', async (_, run) => {
  if (run) await ground.store.territoryRuns.begin(run);
  expect(await open()).toBeNull();
  expect(await open()).toBeNull();
  expect([...ground.workflows.running]).toEqual([`tsp/${RUN}`]);
  const found = await issues();
  expect(found.map(({ title }) => title)).toEqual(['The territory night of 2026-11-27 did not begin']);
  expect(found[0]?.description).toContain('tsp/2026-11-26');
});

test.each([
  ['waits for its approval', runOf({ phase: 'asked' })],
  ['is over', runOf({ phase: 'done', endedAt: NOW })],
])('the next night begins while another run %s', async (_, run) => {
  await ground.store.territoryRuns.begin(run);
  expect(await open()).toBe('2026-11-27');
  expect(await issues()).toEqual([]);
});

test('the night that is at work already is not begun again, and nobody hears of it', async () => {
  expect(await open(NOW)).toBeNull();
  expect(await issues()).toEqual([]);
});
