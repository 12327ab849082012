import type { ChangeStatus } from '../../src/domain/close/change-status';
import type { PeriodChangeResult } from '../../src/workflows/period-change';
import { ChangeWorld } from './change-world';
import { Stage } from './stage';

const DAY = 86_400_000;
const ID = 'close/2026-10/change/1';

let stage: Stage;
let world: ChangeWorld;
beforeAll(async () => {
  stage = await Stage.open();
});
beforeEach(async () => {
  world = new ChangeWorld(stage);
  await world.ask();
  await stage.play(world.activities);
  await stage.start('periodChange', { period: '2026-10', n: 1 }, ID);
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const handle = () => stage.env.client.workflow.getHandle<() => Promise<PeriodChangeResult>>(ID);
const status = () => handle().query<ChangeStatus>('status');
const say = (kind: string, by: string, more: object = {}) =>
  handle().executeUpdate<{ taken: boolean; why: string | null }, [object]>('decide', {
    args: [{ kind, by, channel: 'cli', ...more }],
  });

test('is made once it is approved, and waits on until the commissions are calculated anew', async () => {
  expect(await say('approve', 'sam-ops')).toMatchObject({ taken: false });
  expect(world.acts).not.toContain('apply');
  expect(await say('approve', 'amber')).toEqual({ taken: true, why: null });
  while (!(await status()).commissionDue) await stage.now();
  await stage.until((await stage.now()) + 30 * DAY);
  expect(await status()).toMatchObject({ phase: 'applied', commissionDue: true });
  expect(await say('complete', 'carla-comp', { task: 'commission' })).toEqual({ taken: true, why: null });
  expect(await handle().result()).toEqual({ period: '2026-10', n: 1, phase: 'applied' });
  expect(world.acts.filter((act) => act === 'apply')).toHaveLength(1);
});

test.each(['stale', 'refused'] as const)(
  'what can not be made (%s) ends with that, never half done',
  async (how) => {
    world.comesTo = how;
    await handle().signal('approve', { by: 'amber' });
    expect(await handle().result()).toMatchObject({ phase: how });
  },
);

test('is over where nobody decides in time, and not before', async () => {
  await stage.until((await stage.now()) + 13 * DAY);
  expect(await status()).toMatchObject({ phase: 'asked' });
  expect(await handle().result()).toMatchObject({ phase: 'expired' });
  expect(world.acts).not.toContain('apply');
});

test.each([
  ['reject', 'amber', 'rejected'],
  ['cancel', 'sam-ops', 'withdrawn'],
])('ends with the %s of %s', async (kind, by, phase) => {
  await handle().signal(kind, { by, reason: 'no' });
  expect(await handle().result()).toMatchObject({ phase });
  expect(world.acts).not.toContain('apply');
});
