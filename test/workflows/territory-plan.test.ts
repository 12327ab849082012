import { runDetails, type RunStatus } from '../../src/domain/territory/run-status';
import type { TerritoryPlanResult } from '../../src/workflows/territory-plan';
import { Stage } from './stage';
import { TerritoryWorld } from './territory-world';

const HOUR = 3_600_000;
const ID = 'tsp/2026-11-26';

let stage: Stage;
let world: TerritoryWorld;
beforeAll(async () => {
  stage = await Stage.open();
});
beforeEach(async () => {
  world = new TerritoryWorld();
  await stage.play(world.activities);
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const begin = (of: object = {}) =>
  stage.start('territoryPlan', { run: '2026-11-26', undoes: null, by: 'daytwo', ...of }, ID);
const handle = () => stage.env.client.workflow.getHandle<() => Promise<TerritoryPlanResult>>(ID);
const status = () => handle().query<RunStatus>('status');
const say = (kind: string, by: string, more: object = {}) =>
  handle().executeUpdate<{ taken: boolean; why: string | null }, [object]>('decide', {
    args: [{ kind, by, channel: 'cli', ...more }],
  });
const waits = async (): Promise<void> => {
  while ((await status()).phase !== 'asked' || !world.acts.includes('visit')) await stage.now();
};

test('a quiet night asks nobody: staging is written, due accounts are transferred', async () => {
  await begin();
  expect(await handle().result()).toEqual({ run: '2026-11-26', phase: 'done' });
  expect(world.acts).toEqual(['plan', 'write', 'transfer', 'end']);
  expect(await status()).toMatchObject({ staging: { rows: 10 }, transfers: { rows: 1 } });
});

test('above the threshold nothing is written until one approves whom policy names and who has no part in it', async () => {
  world.changed = 501;
  await begin({ by: 'amber' });
  await waits();
  expect(await say('approve', 'amber')).toMatchObject({
    taken: false,
    why: expect.stringContaining('began'),
  });
  expect(await say('approve', 'priya-ops')).toMatchObject({ taken: false });
  expect(world.acts).not.toContain('write');
  expect(await say('approve', 'vera-vp')).toEqual({ taken: true, why: null });
  expect(await handle().result()).toMatchObject({ phase: 'done' });
  expect(world.acts.filter((act) => act === 'write')).toHaveLength(1);
});

test.each([
  ['reject', 'vera-vp', 'rejected'],
  ['cancel', 'sam-ops', 'withdrawn'],
])('nothing is written after a %s by %s', async (kind, by, phase) => {
  world.changed = 5_000;
  await begin({ by: 'sam-ops' });
  await waits();
  expect(await say(kind, by, { reason: 'the table is wrong' })).toEqual({ taken: true, why: null });
  expect(await handle().result()).toMatchObject({ phase });
  expect(world.acts).not.toContain('write');
});

test('a step that is tried again for too long is shown, until it went on', async () => {
  world.changed = 501;
  await begin();
  await waits();
  const late = { step: 'write staging', since: '2026-11-26T10:00:00.000Z', fault: 'salesforce answered 503' };
  await handle().signal('runLate', late);
  expect((await status()).late).toEqual(late);
  expect(runDetails(await status())).toContain('tried again since 2026-11-26T10:00:00.000Z, salesforce');
  await say('approve', 'vera-vp');
  await handle().result();
  expect((await status()).late).toBeNull();
});

test('what nobody decides is over before the next night, and not before', async () => {
  world.changed = 501;
  await begin();
  await waits();
  await stage.until((await stage.now()) + 19 * HOUR);
  expect(await status()).toMatchObject({ phase: 'asked' });
  expect(await handle().result()).toMatchObject({ phase: 'expired' });
  expect(world.acts).not.toContain('write');
});

test('what puts back a run waits for approval, however little it is', async () => {
  await begin({ undoes: '2026-11-25', by: 'sam-ops' });
  await waits();
  expect(await say('approve', 'sam-ops')).toMatchObject({ taken: false });
  expect(await say('approve', 'amber')).toMatchObject({ taken: true });
  expect(await handle().result()).toMatchObject({ phase: 'done' });
});
