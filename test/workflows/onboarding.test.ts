import type { Region } from '../../src/domain/handbook';
import type { HireStatus, HireStep } from '../../src/domain/hire';
import type { HrEvent } from '../../src/domain/hr-event';
import { decide } from '../../src/workflows/messages';
import { hireAttributes } from '../../src/workflows/search';
import { dayTwo, HireWorld, HrEvents, instant, ref } from './hire-world';
import { Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

let number = 0;
let employeeId = '';
let hr: HrEvents;
beforeEach(() => {
  number += 1;
  employeeId = `9000${number}`;
  hr = new HrEvents(stage, employeeId);
});

const newWorld = (waitingSince?: { remindAt: string; escalateAt: string }): HireWorld =>
  new HireWorld(stage, employeeId, number * 100, waitingSince);
const begin = (first: HrEvent) =>
  stage.start('onboarding', { employeeId, first }, `onboarding/${employeeId}`);
type Handle = Awaited<ReturnType<typeof begin>>;
const step = async (handle: Handle): Promise<HireStep> => (await handle.query<HireStatus>('status')).step;

/** Lets the workflow take in what was sent: a query is answered only after it. */
const settled = (handle: Handle): Promise<unknown> => handle.query('status');

const MINUTE = 60_000;

test.each<[string, Region, string]>([
  ['in New York, over the change of its clocks', 'Americas', 'America/New_York'],
  ['in Berlin, over the change of its clocks', 'EMEA', 'Europe/Berlin'],
  ['in Auckland, over the change of its clocks', 'JAPAC', 'Pacific/Auckland'],
  ['in Kiritimati, a day ahead of everybody', 'JAPAC', 'Pacific/Kiritimati'],
  ['in Samoa, on the other side of the date line', 'Americas', 'Pacific/Pago_Pago'],
])(
  'a hire %s opens at the instant of day two, and not a minute before',
  async (_where, region, time_zone) => {
    const world = newWorld();
    world.complete = true;
    await stage.play(world.activities);
    const start_date = await hr.dayFrom(200);
    const due = dayTwo(region, start_date);
    const handle = await begin(hr.hired({ region, time_zone, start_date }));
    await stage.until(Date.parse(due) - MINUTE);
    expect(await step(handle)).toEqual({ kind: 'wait', until: due });
    expect(world.opened).toEqual([]);
    expect(await handle.result()).toEqual({ employeeId, ended: 'request_done' });
    const [opened] = world.opened;
    expect(Date.parse(opened?.now ?? '') - Date.parse(due)).toBeGreaterThanOrEqual(0);
    expect(Date.parse(opened?.now ?? '') - Date.parse(due)).toBeLessThan(5_000);
  },
);

test('a hire who is moved twice and then rescinded never gets a request', async () => {
  const world = newWorld();
  await stage.play(world.activities);
  const [first, earlier, later] = [await hr.dayFrom(200), await hr.dayFrom(150), await hr.dayFrom(300)];
  const facts = { region: 'JAPAC', time_zone: 'Pacific/Auckland' } as const;
  const handle = await begin(hr.hired({ ...facts, start_date: first }));
  await stage.until((await stage.now()) + MINUTE);
  await handle.signal('hrEvent', hr.changed({ start_date: earlier }, 'moved-1'));
  await settled(handle);
  await stage.until(Date.parse(dayTwo('JAPAC', earlier)) - MINUTE);
  expect(await step(handle)).toEqual({ kind: 'wait', until: dayTwo('JAPAC', earlier) });
  await handle.signal('hrEvent', hr.changed({ start_date: later }, 'moved-2'));
  await settled(handle);
  await stage.until(Date.parse(dayTwo('JAPAC', first)) + MINUTE);
  expect(await step(handle)).toEqual({ kind: 'wait', until: dayTwo('JAPAC', later) });
  expect(world.opened).toEqual([]);
  await handle.signal('hrEvent', hr.rescinded());
  expect(await handle.result()).toEqual({ employeeId, ended: 'rescinded' });
  expect(world.opened).toEqual([]);
  expect(world.closed).toEqual([{ how: 'rescinded', step: 'wait', startDate: later }]);
});

test('a hire who is moved to an earlier day opens then', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const [first, earlier] = [await hr.dayFrom(100), await hr.dayFrom(10)];
  const handle = await begin(hr.hired({ start_date: first }));
  await handle.signal('hrEvent', hr.changed({ start_date: earlier }, 'moved'));
  await handle.result();
  expect(world.opened[0]?.now.slice(0, 16)).toBe(dayTwo('Americas', earlier).slice(0, 16));
});

test('an event that comes late catches up at once', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const before = await stage.now();
  const handle = await begin(hr.hired({ start_date: await hr.dayFrom(-30) }));
  await handle.result();
  expect(world.begun).toHaveLength(1);
  expect(Date.parse(world.opened[0]?.now ?? '') - before).toBeLessThan(MINUTE);
});

test('it is found by its first day and its state, which the usual hire never needs to change', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const event = hr.hired({ start_date: await hr.dayFrom(30) });
  const handle = await begin(event);
  await handle.result();
  const { events } = await handle.fetchHistory();
  expect((events ?? []).filter((one) => one.upsertWorkflowSearchAttributesEventAttributes)).toEqual([]);
  expect(hireAttributes(event).map(({ key, value }) => [key.name, value])).toEqual([
    ['DaytwoKind', 'onboarding'],
    ['DaytwoState', 'on_track'],
    ['DaytwoEmployeeId', employeeId],
    ['DaytwoDue', new Date(`${event.start_date}T00:00:00Z`)],
  ]);
});

test('a repeated event starts nothing anew', async () => {
  const world = newWorld();
  await stage.play(world.activities);
  const event = hr.hired({ start_date: await hr.dayFrom(30) });
  const handle = await begin(event);
  await settled(handle);
  await handle.signal('hrEvent', event);
  await stage.until((await stage.now()) + MINUTE);
  expect(world.begun).toHaveLength(1);
  await handle.signal('hrEvent', hr.rescinded());
  await handle.result();
});

test('a change that comes before its hire waits for it, and then counts', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const [told, right] = [await hr.dayFrom(50), await hr.dayFrom(20)];
  const handle = await begin(hr.changed({ start_date: right }, 'early'));
  await stage.until((await stage.now()) + 60 * MINUTE);
  expect(world.begun).toEqual([]);
  await handle.signal('hrEvent', hr.hired({ start_date: told }));
  await handle.result();
  expect(world.asked).toEqual([]);
  expect(world.opened[0]?.now.slice(0, 16)).toBe(dayTwo('Americas', right).slice(0, 16));
});

test('a change whose hire never comes is asked for after a day, and the hire still counts', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const handle = await begin(hr.changed({ title: 'Account Executive' }, 'lonely'));
  await stage.until((await stage.now()) + 23 * 60 * MINUTE);
  expect(world.asked).toEqual([]);
  await stage.until((await stage.now()) + 2 * 60 * MINUTE);
  expect(world.asked).toEqual([employeeId]);
  await handle.signal('hrEvent', hr.hired({ start_date: await hr.dayFrom(-2) }));
  await handle.result();
  expect(world.opened).toHaveLength(1);
});

test('a rescission that comes before its hire ends it without a request', async () => {
  const world = newWorld();
  await stage.play(world.activities);
  const handle = await begin(hr.rescinded());
  await handle.signal('hrEvent', hr.hired({ start_date: await hr.dayFrom(1) }));
  expect(await handle.result()).toEqual({ employeeId, ended: 'rescinded' });
  expect(world.opened).toEqual([]);
});

test('a hire who is rescinded after day two takes the request down, with everything that was granted', async () => {
  const world = newWorld();
  await stage.play(world.activities);
  const handle = await begin(hr.hired({ start_date: await hr.dayFrom(-2) }));
  await stage.until((await stage.now()) + MINUTE);
  expect(await step(handle)).toMatchObject({ kind: 'requested' });
  await handle.signal('hrEvent', hr.rescinded());
  expect(await handle.result()).toEqual({ employeeId, ended: 'rescinded' });
  expect(world.visits.at(-1)?.state.cancelled).toMatchObject({
    by: 'hris',
    channel: 'hris',
    remove: true,
    reason: 'HR took the hire back',
  });
});

test('a rehire is a new run with its own request', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const first = await begin(hr.hired({ start_date: await hr.dayFrom(-2) }));
  await first.result();
  const second = await begin(hr.hired({ start_date: await hr.dayFrom(60) }, 'rehired'));
  await second.result();
  expect(world.opened.map(({ iid }) => iid)).toEqual([number * 100, number * 100 + 1]);
});

describe('while its request is open', () => {
  const request = (iid: number) =>
    stage.env.client.workflow.getHandle(`access-request/${ref(iid).project}/${iid}`);
  const looked = (iid: number) => request(iid).signal('issueChanged', { project: ref(iid).project, iid });

  async function followed(): Promise<{ world: HireWorld; handle: Handle }> {
    const world = newWorld();
    await stage.play(world.activities);
    const handle = await begin(hr.hired({ start_date: await hr.dayFrom(-3) }));
    await stage.until((await stage.now()) + MINUTE);
    expect(await step(handle)).toMatchObject({ kind: 'requested' });
    return { world, handle };
  }

  test('what HR changes is kept, once, and told on the request', async () => {
    const { world, handle } = await followed();
    const change = hr.changed({ title: 'Sales Manager' }, 'promoted');
    await handle.signal('hrEvent', change);
    await handle.signal('hrEvent', change);
    await stage.until((await stage.now()) + MINUTE);
    expect(world.changed.map(({ facts, request: to }) => [facts.title, to?.iid])).toEqual([
      ['Sales Manager', number * 100],
    ]);
    world.complete = true;
    await looked(number * 100);
    expect(await handle.result()).toMatchObject({ ended: 'request_done' });
    expect(world.opened).toHaveLength(1);
  });

  test('a rehire begins when the request before has ended', async () => {
    const { world, handle } = await followed();
    await handle.signal('hrEvent', hr.hired({ start_date: await hr.dayFrom(40) }, 'rehired'));
    world.complete = true;
    await looked(number * 100);
    expect(await handle.result()).toMatchObject({ ended: 'request_done' });
    expect(world.opened.map(({ iid }) => iid)).toEqual([number * 100, number * 100 + 1]);
  });

  test('a hire that is taken back and announced again begins anew', async () => {
    const { world, handle } = await followed();
    await handle.signal('hrEvent', hr.rescinded());
    await handle.signal('hrEvent', hr.hired({ start_date: await hr.dayFrom(20) }, 'again'));
    world.complete = true;
    expect(await handle.result()).toMatchObject({ ended: 'request_done' });
    expect(world.closed.map(({ how }) => how)).toEqual(['rescinded']);
    expect(world.opened).toHaveLength(2);
  });
});

test('a leaving is told, and the onboarding goes on', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const handle = await begin(hr.hired({ start_date: await hr.dayFrom(5) }));
  await handle.signal('hrEvent', hr.leaving());
  expect(await handle.result()).toMatchObject({ ended: 'request_done' });
  expect(world.leaving).toEqual(['2027-01-29']);
});

test('a leaving that is taken back is told, and the next one again', async () => {
  const world = newWorld();
  world.complete = true;
  await stage.play(world.activities);
  const handle = await begin(hr.hired({ start_date: await hr.dayFrom(5) }));
  const leaving = hr.leaving();
  await handle.signal('hrEvent', leaving);
  await stage.until((await stage.now()) + MINUTE);
  await handle.signal('hrEvent', hr.stays());
  await stage.until((await stage.now()) + MINUTE);
  expect(world.stays).toEqual([employeeId]);
  await handle.signal('hrEvent', { ...leaving, event_id: 'again', last_working_day: '2027-02-26' });
  expect(await handle.result()).toMatchObject({ ended: 'request_done' });
  expect(world.leaving).toEqual(['2027-01-29', '2027-02-26']);
  expect(world.stays).toEqual([employeeId]);
});

describe('where no template fits', () => {
  const DAY = 24 * 60 * MINUTE;

  async function waiting(): Promise<{
    world: HireWorld;
    handle: Handle;
    remindAt: string;
    escalateAt: string;
  }> {
    const start = await stage.now();
    const at = { remindAt: instant(start + 2 * DAY), escalateAt: instant(start + 7 * DAY) };
    const world = newWorld(at);
    world.template = false;
    world.complete = true;
    await stage.play(world.activities);
    const handle = await begin(hr.hired({ start_date: await hr.dayFrom(-2) }));
    await stage.until((await stage.now()) + MINUTE);
    return { world, handle, ...at };
  }

  test('the manager is reminded once, then their manager is told once, and it goes on waiting', async () => {
    const { world, handle, remindAt, escalateAt } = await waiting();
    await stage.until(Date.parse(remindAt) - MINUTE);
    expect(world.reminded).toEqual([]);
    await stage.until(Date.parse(remindAt) + MINUTE);
    expect(world.reminded.map(({ stage: which }) => which)).toEqual(['reminder']);
    await stage.until(Date.parse(escalateAt) - MINUTE);
    expect(world.reminded).toHaveLength(1);
    await stage.until(Date.parse(escalateAt) + 60 * DAY);
    expect(world.reminded.map(({ stage: which }) => which)).toEqual(['reminder', 'escalation']);
    expect(world.reminded[1]?.at.slice(0, 16)).toBe(escalateAt.slice(0, 16));
    expect(await step(handle)).toMatchObject({ kind: 'no_template' });
    await handle.signal('hrEvent', hr.rescinded());
    expect(await handle.result()).toMatchObject({ ended: 'rescinded' });
  });

  test('a template that comes into force wakes it', async () => {
    const { world, handle } = await waiting();
    await handle.signal('configChanged', 'first');
    await stage.until((await stage.now()) + MINUTE);
    expect(world.begun).toHaveLength(1);
    world.template = true;
    await handle.signal('configChanged', 'second');
    expect(await handle.result()).toMatchObject({ ended: 'request_done' });
    expect(world.opened).toHaveLength(1);
    expect(world.reminded).toEqual([]);
  });

  test('a worker that has not read the changed handbook yet is asked again after a while, not at once', async () => {
    const { world, handle } = await waiting();
    await handle.signal('configChanged', 'second');
    await stage.until((await stage.now()) + 10 * MINUTE);
    expect(world.begun.length).toBeGreaterThan(2);
    expect(world.begun.length).toBeLessThan(14);
    world.digest = 'second';
    world.template = true;
    expect(await handle.result()).toMatchObject({ ended: 'request_done' });
  });

  test('another handbook that has no template for them either goes on waiting', async () => {
    const { world, handle } = await waiting();
    world.digest = 'second';
    await handle.signal('configChanged', 'second');
    await stage.until((await stage.now()) + MINUTE);
    expect(world.begun).toHaveLength(2);
    expect(await step(handle)).toMatchObject({ kind: 'no_template', configDigest: 'second' });
    await handle.signal('cancel', { by: 'amber', reason: 'no access needed' });
    expect(await handle.result()).toMatchObject({ ended: 'cancelled' });
  });

  test('a cancel by somebody whom policy does not name is refused, and it goes on waiting', async () => {
    const { world, handle } = await waiting();
    await handle.signal('cancel', { by: 'mallory', reason: 'no access needed' });
    await stage.until((await stage.now()) + MINUTE);
    const cancel = { kind: 'cancel', by: 'mallory', reason: 'no access needed' } as const;
    expect(await handle.executeUpdate(decide, { args: [cancel] })).toEqual({
      taken: false,
      why: 'policy lets others cancel this',
    });
    expect(await step(handle)).toMatchObject({ kind: 'no_template' });
    expect(world.closed).toEqual([]);
    expect(await handle.executeUpdate(decide, { args: [{ ...cancel, by: 'amber' }] })).toEqual({
      taken: true,
      why: null,
    });
    expect(await handle.result()).toMatchObject({ ended: 'cancelled' });
    expect(world.closed).toMatchObject([{ how: 'cancelled' }]);
  });

  test('an onboarding takes no other decision', async () => {
    const { handle } = await waiting();
    await expect(
      handle.executeUpdate(decide, { args: [{ kind: 'approve', by: 'amber' }] }),
    ).rejects.toMatchObject({
      cause: { message: expect.stringContaining('can only be cancelled') as string },
    });
    await handle.signal('cancel', { by: 'amber', reason: 'x' });
    await handle.result();
  });

  test('a request that somebody files by hand is followed until it is closed', async () => {
    const { world, handle } = await waiting();
    world.filed = [77];
    await handle.signal('issueChanged', { project: ref(0).project, iid: 76 });
    await stage.until((await stage.now()) + MINUTE);
    expect(await step(handle)).toMatchObject({ kind: 'no_template' });
    await handle.signal('issueChanged', { project: ref(0).project, iid: 77 });
    await stage.until((await stage.now()) + MINUTE);
    expect(await step(handle)).toEqual({ kind: 'filed_by_hand', ref: ref(77) });
    world.closedIssues = [77];
    await handle.signal('issueChanged', { project: ref(0).project, iid: 77 });
    expect(await handle.result()).toEqual({ employeeId, ended: 'filed_by_hand' });
    expect(world.opened).toEqual([]);
  });

  test('a leaving is told while a request filed by hand is followed', async () => {
    const { world, handle } = await waiting();
    world.filed = [77];
    await handle.signal('issueChanged', { project: ref(0).project, iid: 77 });
    await handle.signal('hrEvent', hr.leaving());
    await stage.until((await stage.now()) + MINUTE);
    expect(world.leaving).toEqual(['2027-01-29']);
    await handle.signal('hrEvent', hr.rescinded());
    expect(await handle.result()).toMatchObject({ ended: 'rescinded' });
  });
});
