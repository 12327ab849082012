import type { HrEvent, PersonFacts } from '../../src/domain/hr-event';
import type { MoveStatus } from '../../src/domain/role-change';
import type { RoleChangeResult } from '../../src/workflows/role-change';
import { ada } from '../domain/request';
import { HireWorld, HrEvents, instant, ref, waitsUntil } from './hire-world';
import { Stage } from './stage';

const DAY = 86_400_000;
const MINUTE = 60_000;
const FILED = { kind: 'filed', ref: ref(5), facts: { ...ada, title: 'Sales Manager' } } as const;
const STRANGE = { title: 'Chief Mind Reader' };

// A server of its own for each test: waiting for an end skips time, and on one that skipped past all timers nothing sleeps.
let stage: Stage;
afterEach(async () => {
  await stage.clear();
  await stage.close();
});

let number = 0;
let employeeId = '';
let hr: HrEvents;
let world: HireWorld;
beforeEach(async () => {
  stage = await Stage.open();
  number += 1;
  employeeId = `7000${number}`;
  hr = new HrEvents(stage, employeeId);
  world = new HireWorld(stage, employeeId, number * 100);
  world.known = true;
  await stage.play(world.activities);
});

const workflows = () => stage.env.client.workflow;
const move = () => workflows().getHandle<() => Promise<RoleChangeResult>>(`move/${employeeId}`);
const step = async () => (await move().query<MoveStatus>('status')).step.kind;
const ended = async () => (await move().result()).ended;
/** Lets no time pass but the machine's own. */
const until = async (fits: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await fits())) await stage.now();
};

describe('a change of role', () => {
  let remindAt = '';
  beforeEach(async () => {
    remindAt = instant((await stage.now()) + 5 * DAY);
    world.moving = () => waitsUntil(remindAt);
  });
  const begin = async (): Promise<void> => {
    const input = { employeeId, before: ada, event: 'first' };
    await stage.start('roleChange', input, `move/${employeeId}`);
    await until(() => world.moves.length > 0);
    await step();
  };
  const hears = (facts: Partial<PersonFacts>, id: string): Promise<void> =>
    move().signal('hrEvent', hr.changed(facts, id));

  test('where a template fits, the access change is filed, and it ends', async () => {
    world.moving = () => FILED;
    await begin();
    expect(await ended()).toBe('filed');
    expect(world.moves).toMatchObject([{ event: 'first', from: ada.title, waited: false }]);
  });

  test('a second change while the first waits is one with it: from the role before both', async () => {
    await begin();
    expect(await step()).toBe('no_template');
    world.moving = () => FILED;
    await hears({ title: 'Sales Manager' }, 'second');
    expect(await ended()).toBe('filed');
    expect(world.moves).toMatchObject([
      { event: 'first', from: ada.title, waited: false },
      { event: `${employeeId}-second`, from: ada.title, waited: true },
    ]);
  });

  test('the same event told again changes nothing', async () => {
    await begin();
    await hears({ title: 'Sales Manager' }, 'second');
    await step();
    await hears({ title: 'Sales Manager' }, 'second');
    await stage.until((await stage.now()) + DAY);
    expect(world.moves).toHaveLength(2);
  });

  test('a change that comes while the first is being filed goes on from what was filed', async () => {
    let told: Promise<void> | null = null;
    world.moving = async () => {
      // Told before the answer: the workflow hears of both at once.
      told ??= hears({ title: ada.title }, 'back');
      await told;
      return world.moves.length > 1 ? { kind: 'nothing' } : FILED;
    };
    await begin();
    expect(await ended()).toBe('nothing');
    expect(world.moves).toMatchObject([
      { event: 'first', from: ada.title },
      { event: `${employeeId}-back`, from: 'Sales Manager' },
    ]);
  });

  test('a change that is taken back while it waits ends with nothing', async () => {
    await begin();
    world.moving = () => ({ kind: 'nothing' });
    await hears({ title: ada.title }, 'back');
    expect(await ended()).toBe('nothing');
    expect(world.remindedOfMove).toEqual([]);
  });

  test('no template, then one: the access change is filed at once', async () => {
    await begin();
    await move().signal('configChanged', 'first');
    await stage.until((await stage.now()) + DAY);
    expect(world.moves).toHaveLength(1);
    world.moving = () => FILED;
    await move().signal('configChanged', 'second');
    expect(await ended()).toBe('filed');
    expect(world.moves[1]).toMatchObject({ waited: true });
    expect(world.remindedOfMove).toEqual([]);
  });

  test('a worker that has not read the changed configuration yet is asked again a minute later', async () => {
    await begin();
    await move().signal('configChanged', 'second');
    while (world.moves.length < 2) await step();
    world.moving = () => FILED;
    expect(await ended()).toBe('filed');
    const [, early, again] = world.moves.map(({ at }) => Date.parse(at));
    expect((again ?? 0) - (early ?? 0)).toBeGreaterThanOrEqual(MINUTE - 1000);
    expect((again ?? 0) - (early ?? 0)).toBeLessThan(2 * MINUTE);
  });

  test('if nobody filed anything five days after it, both managers are reminded, once; then it is theirs', async () => {
    await begin();
    await stage.until(Date.parse(remindAt) - MINUTE);
    expect(world.remindedOfMove).toEqual([]);
    expect(await ended()).toBe('reminded');
    const [at] = world.remindedOfMove;
    expect(world.remindedOfMove).toHaveLength(1);
    expect(Date.parse(at ?? '') - Date.parse(remindAt)).toBeGreaterThanOrEqual(0);
    expect(Date.parse(at ?? '') - Date.parse(remindAt)).toBeLessThan(MINUTE);
    const { events } = await move().fetchHistory();
    expect((events ?? []).filter((one) => one.timerStartedEventAttributes)).toHaveLength(1);
  });

  test('a request that was filed by hand meanwhile ends it without a reminder', async () => {
    world.moveFiled = true;
    await begin();
    expect(await ended()).toBe('filed_by_hand');
  });
});

describe('what HR says of somebody who is known', () => {
  const tell = (first: HrEvent) =>
    stage.start('onboarding', { employeeId, first }, `onboarding/${employeeId}`);
  /** HR says so, and it was noted. */
  const hears = async (facts: Partial<PersonFacts>, id: string): Promise<unknown> =>
    (await tell(hr.changed(facts, id))).result();

  test('another role begins a process of its own, which outlives the note of it', async () => {
    world.moving = () => FILED;
    expect(await hears({ title: 'Sales Manager' }, 'promoted')).toMatchObject({ ended: 'noted' });
    expect(await ended()).toBe('filed');
    expect(world.moves).toMatchObject([{ event: `${employeeId}-promoted`, from: ada.title, waited: false }]);
  });

  test('what concerns no access begins nothing', async () => {
    await hears({ name: 'Ada Married' }, 'name');
    await expect(move().describe()).rejects.toThrow();
    expect(world.moves).toEqual([]);
  });

  test('a hire that HR takes back changes no role', async () => {
    await (await tell(hr.rescinded())).result();
    await expect(move().describe()).rejects.toThrow();
  });

  test('another role after the first change was dealt with begins another process', async () => {
    world.moving = () => FILED;
    await hears({ title: 'Sales Manager' }, 'first');
    expect(await ended()).toBe('filed');
    world.facts = { ...ada, title: 'Sales Manager' };
    await hears({ title: 'Area Sales Manager' }, 'second');
    await until(() => world.moves.length === 2);
    expect(await ended()).toBe('filed');
    expect(world.moves.map(({ from }) => from)).toEqual([ada.title, 'Sales Manager']);
  });

  test('another role while the first change waits is told to the process that waits', async () => {
    const remindAt = instant((await stage.now()) + 5 * DAY);
    world.moving = () => waitsUntil(remindAt);
    await tell(hr.changed(STRANGE, 'first'));
    await until(() => world.moves.length === 1);
    world.facts = { ...ada, ...STRANGE };
    world.moving = () => FILED;
    await until(
      async () =>
        (await workflows().getHandle(`onboarding/${employeeId}`).describe()).status.name === 'COMPLETED',
    );
    await tell(hr.changed({ title: 'Sales Manager' }, 'second'));
    expect(await ended()).toBe('filed');
    expect(world.moves).toMatchObject([
      { event: `${employeeId}-first`, from: ada.title },
      { event: `${employeeId}-second`, from: ada.title },
    ]);
  });

  test('somebody whose request is open changes roles too', async () => {
    const handle = await tell(hr.hired({ start_date: await hr.dayFrom(-2) }));
    await until(() => world.opened.length === 1);
    await until(
      async () => (await handle.query<{ step: { kind: string } }>('status')).step.kind === 'requested',
    );
    await handle.signal('hrEvent', hr.changed({ title: 'Sales Manager' }, 'promoted'));
    await until(() => world.moves.length === 1);
    expect(world.moves).toMatchObject([{ event: `${employeeId}-promoted`, from: ada.title }]);
    expect(world.changed.map(({ facts }) => facts.title)).toEqual(['Sales Manager']);
    await handle.terminate();
  });
});
