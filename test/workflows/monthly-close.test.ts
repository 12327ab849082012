import type { Party } from '../../src/domain/close/green-light';
import type { CloseStatus } from '../../src/domain/close/status';
import type { MonthlyCloseResult } from '../../src/workflows/monthly-close';
import { CloseWorld, signaturesOf } from './close-world';
import { Stage } from './stage';

const DAY = 86_400_000;

let stage: Stage;
let world: CloseWorld;
let period = '';
beforeEach(async () => {
  stage = await Stage.open();
  world = new CloseWorld(stage);
  await stage.play(world.activities);
  period = await world.nextPeriod();
  await stage.start('monthlyClose', { period, by: 'amber' }, `close/${period}`);
  await until(() => world.close !== undefined);
});
afterEach(async () => {
  await stage.clear();
  await stage.close();
});

const handle = () =>
  stage.env.client.workflow.getHandle<() => Promise<MonthlyCloseResult>>(`close/${period}`);
const status = () => handle().query<CloseStatus>('status');
const until = async (fits: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await fits())) await stage.now();
};
const phaseIs = (phase: CloseStatus['phase']) => until(async () => (await status()).phase === phase);
const say = (kind: 'complete' | 'approve' | 'reject', by: string, task: string) =>
  handle().executeUpdate<{ taken: boolean; why: string | null }, [object]>('decide', {
    args: [{ kind, by, task, channel: 'cli' }],
  });
const signAll = async (): Promise<void> => {
  for (const { task, by } of signaturesOf(period))
    expect([task, await say('complete', by, task)]).toEqual([task, { taken: true, why: null }]);
};
/** A green light by the command doesn't count by the sample's policy: these are given as on GitLab. */
const light = async (party: Party, by: string): Promise<void> => {
  await world.light(party, by);
  await handle().signal('issueChanged', { project: 'p', iid: 1 });
};
const afterCutOff = async (): Promise<void> => {
  await stage.until(world.at('cut_off') + 2000);
  await phaseIs('closing');
};

test('waits for its cut-off, is signed, lit by both parties, and locks on its day, not before', async () => {
  expect(await status()).toMatchObject({ phase: 'open', lit: [] });
  await afterCutOff();
  await signAll();
  expect(await say('approve', 'dee-dealdesk', 'deal_desk')).toEqual({
    taken: false,
    why: 'a green light counts only over gitlab, console',
  });
  await light('deal_desk', 'dee-dealdesk');
  await until(async () => (await status()).lit.length === 1);
  expect((await status()).phase).toBe('closing');
  await light('finance', 'fiona-finance');
  await phaseIs('lit');
  await stage.until(world.at('lock') - DAY / 2);
  expect(world.acts).not.toContain('lock');
  expect((await handle().result()).period).toBe(period);
  expect(world.acts.filter((act) => act === 'lock')).toHaveLength(1);
  expect(world.close?.phase).toBe('ended');
});

test('edits that are told of within two seconds are judged in one visit, at most 500 of them; of a locked period none', async () => {
  const tell = (...ids: readonly string[]) => handle().signal('recordsChanged', { ids });
  const [visits, before] = [world.acts.length, await stage.now()];
  await tell('006a', '006b');
  await tell('006b', '006c');
  await until(() => world.changed.length > 0);
  expect(world.changed).toEqual([['006a', '006b', '006c']]);
  expect(world.acts.slice(visits)).toEqual(['visit']);
  expect((await stage.now()) - before).toBeLessThan(10_000);
  await tell(...Array.from({ length: 600 }, (_, at) => `006${at}`));
  await until(() => world.changed.length > 1);
  expect(world.changed[1]).toHaveLength(500);
  await afterCutOff();
  await signAll();
  await light('deal_desk', 'dee-dealdesk');
  await light('finance', 'fiona-finance');
  await phaseIs('lit');
  await stage.until(world.at('lock') + 60_000);
  await phaseIs('locked');
  await tell('006d');
  await handle().result();
  expect(world.changed).toHaveLength(2);
});

test('never locks by time: without a green light it stays open long after its day', async () => {
  await afterCutOff();
  await stage.until(world.at('lock') + 20 * DAY);
  expect(await status()).toMatchObject({ phase: 'closing' });
  expect(world.acts).not.toContain('lock');
});

test('an edit between green light and lock puts the lights out, and it does not lock', async () => {
  await afterCutOff();
  await signAll();
  await light('deal_desk', 'dee-dealdesk');
  await light('finance', 'fiona-finance');
  await phaseIs('lit');
  world.records = 'edited';
  await stage.until(world.at('lock') + DAY);
  expect(await status()).toMatchObject({ phase: 'closing', lit: [] });
  expect(world.close?.phase).not.toBe('locked');
});

test('a lock that is not proved is tried again, not at once', async () => {
  world.unproved = 2;
  await afterCutOff();
  await signAll();
  await light('deal_desk', 'dee-dealdesk');
  await light('finance', 'fiona-finance');
  await handle().result();
  expect(world.acts.filter((act) => act === 'lock')).toHaveLength(3);
});

test('whoever may not sign is told why, and so is who names no task', async () => {
  expect(await say('complete', 'mallory', 'queue/prepared')).toMatchObject({
    taken: false,
    why: expect.stringContaining('it is signed as prepared by omar-orders') as string,
  });
  expect(await say('complete', 'amber', 'nothing')).toMatchObject({ taken: false });
  await expect(say('approve', '', 'finance')).rejects.toThrow();
});

test('looks once a night while nothing moves', async () => {
  const before = world.acts.length;
  await stage.until((await stage.now()) + 3 * DAY);
  const looks = world.acts.slice(before);
  expect(looks.every((act) => act === 'look')).toBe(true);
  expect(looks.length).toBeGreaterThanOrEqual(3);
  expect(looks.length).toBeLessThanOrEqual(5);
});
