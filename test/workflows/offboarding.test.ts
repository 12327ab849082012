import type { LeavingEvent } from '../../src/domain/hr-event';
import { addDays } from '../../src/domain/dates';
import type { OffboardingStatus } from '../../src/domain/offboarding';
import { timeZeroOf } from '../../src/handbook/leaving-time';
import type { OffboardingResult } from '../../src/workflows/offboarding';
import { instant } from './hire-world';
import { BERLIN, LeaverWorld } from './leaver-world';
import { Stage } from './stage';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

// A server of its own for each test: waiting for an end skips time, and on one that skipped past all timers nothing sleeps.
let stage: Stage;
let world: LeaverWorld;
let number = 0;
let employeeId = '';
beforeEach(async () => {
  stage = await Stage.open();
  number += 1;
  employeeId = `8000${number}`;
  world = new LeaverWorld(stage);
  await stage.play(world.activities);
});
afterEach(async () => {
  await stage.clear();
  await stage.close();
});

const handle = () =>
  stage.env.client.workflow.getHandle<() => Promise<OffboardingResult>>(`offboarding/${employeeId}`);
const status = () => handle().query<OffboardingStatus>('status');
const ended = async () => (await handle().result()).ended;
/** Lets no time pass but the machine's own. */
const until = async (fits: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await fits())) await stage.now();
};
const phaseIs = (phase: OffboardingStatus['phase']) => until(async () => (await status()).phase === phase);

let last = '';
const event = (change: Partial<LeavingEvent> = {}): LeavingEvent => ({
  type: 'employee.leaving',
  event_id: `leaving-${number}`,
  employee_id: employeeId,
  kind: 'voluntary',
  last_working_day: last,
  garden_leave_start: null,
  termination_date: null,
  ...change,
});
const zeroOf = (of: LeavingEvent) => instant(Date.parse(timeZeroOf(of, world.kickOff, BERLIN)));
const announce = async (change: Partial<LeavingEvent> = {}): Promise<string> => {
  const first = event(change);
  await stage.start('offboarding', { employeeId, first }, `offboarding/${employeeId}`);
  await until(() => world.acts.includes('plan'));
  return zeroOf(first);
};
/** The next date with this day of the week (1: Monday), at least a week away. */
const next = async (weekday: number): Promise<string> => {
  let day = instant((await stage.now()) + 7 * DAY).slice(0, 10);
  while (new Date(`${day}T00:00:00Z`).getUTCDay() !== weekday % 7) day = addDays(day, 1);
  return day;
};
beforeEach(async () => {
  last = await next(3);
});
const around = (at: string | undefined, expected: string) =>
  expect(Math.abs(Date.parse(at ?? '') - Date.parse(expected))).toBeLessThan(MINUTE);

describe('somebody leaves by themself', () => {
  test('nothing is touched before time zero; then frozen first, then handed over and taken, then looked back on', async () => {
    const zero = await announce();
    await stage.until(Date.parse(zero) - MINUTE);
    expect(world.acts).toEqual(['plan']);
    expect(await status()).toMatchObject({ phase: 'announced', timeZero: zero });
    expect(await ended()).toBe('ended');
    expect(world.acts).toEqual(['plan', 'freeze admin_rights sign_in', 'take', 'visit', 'visit daily final']);
    around(world.at('freeze admin_rights sign_in')[0], zero);
    around(world.at('visit daily final')[0], instant(Date.parse(zero) + 30 * DAY));
  });

  test('over a Friday that ends at noon', async () => {
    world.kickOff = { ...world.kickOff, kickOff: ['16:00', '16:00', '16:00', '16:00', '12:00'] };
    last = await next(5);
    const zero = await announce();
    expect(zero).toMatch(/T1[01]:00/);
    await ended();
    around(world.at('freeze admin_rights sign_in')[0], zero);
  });

  test('on a holiday where they are: the business day before', async () => {
    last = '2026-12-25';
    const zero = await announce();
    if ((await stage.now()) < Date.parse('2026-12-23')) expect(zero.slice(0, 10)).toBe('2026-12-24');
    await ended();
    around(world.at('freeze admin_rights sign_in')[0], zero);
  });

  test('garden leave: access ends when it begins', async () => {
    const zero = await announce({ garden_leave_start: addDays(last, -2) });
    expect(zero < zeroOf(event())).toBe(true);
    await ended();
    around(world.at('freeze admin_rights sign_in')[0], zero);
  });

  test('the date is moved: the new one counts, later or sooner, and the same word twice is heard once', async () => {
    await announce();
    const later = event({ event_id: 'later', last_working_day: addDays(last, 2) });
    await handle().signal('hrEvent', later);
    await handle().signal('hrEvent', later);
    await until(() => world.at('plan').length === 2);
    const sooner = event({ event_id: 'sooner', last_working_day: addDays(last, -1) });
    await handle().signal('hrEvent', sooner);
    await until(() => world.at('plan').length === 3);
    await ended();
    expect(world.at('plan')).toHaveLength(3);
    expect(world.at('freeze admin_rights sign_in')).toHaveLength(1);
    around(world.at('freeze admin_rights sign_in')[0], zeroOf(sooner));
  });

  test('danger: it is now', async () => {
    await announce();
    const before = await stage.now();
    await handle().signal('leaveNow', { by: 'noor-security', reason: 'danger' });
    await until(() => world.acts.includes('freeze admin_rights sign_in'));
    expect(Date.parse(world.at('freeze admin_rights sign_in')[0] ?? '') - before).toBeLessThan(10_000);
    await ended();
  });
});

describe('HR takes it back', () => {
  const rescind = () =>
    handle().signal('hrEvent', {
      type: 'employee.rescinded',
      event_id: 'back',
      employee_id: employeeId,
      what: 'leaving',
    });

  test('before time zero: nothing was touched', async () => {
    await announce();
    await rescind();
    expect(await ended()).toBe('rescinded');
    expect(world.acts).toEqual(['plan', 'take back']);
  });

  test('after it: what was taken is asked for again, and nothing more is taken', async () => {
    world.open = 1;
    const zero = await announce();
    await stage.until(Date.parse(zero) + MINUTE);
    await phaseIs('taken');
    await rescind();
    expect(await ended()).toBe('rescinded');
    expect(world.acts.at(-1)).toBe('take back');
  });

  test('of somebody who was never announced: noted', async () => {
    await stage.start(
      'offboarding',
      {
        employeeId,
        first: { type: 'employee.rescinded', event_id: 'b', employee_id: employeeId, what: 'leaving' },
      },
      `offboarding/${employeeId}`,
    );
    expect(await ended()).toBe('noted');
  });

  test('a suspension is lifted; nothing was handed over', async () => {
    await announce({ kind: 'suspension', last_working_day: instant(await stage.now()).slice(0, 10) });
    await phaseIs('suspended');
    await stage.until((await stage.now()) + 40 * DAY);
    await rescind();
    expect(await ended()).toBe('restored');
    expect(world.acts).not.toContain('take');
  });

  test('a suspension that becomes a leaving goes on from being frozen', async () => {
    await announce({ kind: 'suspension', last_working_day: instant(await stage.now()).slice(0, 10) });
    await phaseIs('suspended');
    await handle().signal('hrEvent', event({ event_id: 'then', kind: 'involuntary' }));
    await ended();
    expect(world.acts.filter((act) => act === 'take')).toHaveLength(1);
    around(world.at('take')[0], zeroOf(event()));
  });
});

describe('somebody is dismissed', () => {
  test('rights over others’ access go before the call, sign-in when it begins', async () => {
    const zero = await announce({ kind: 'involuntary' });
    await stage.until(Date.parse(zero) - HOUR);
    await until(() => world.acts.includes('freeze admin_rights'));
    around(world.at('freeze admin_rights')[0], instant(Date.parse(zero) - 2 * HOUR));
    expect(world.acts).not.toContain('freeze admin_rights sign_in');
    await handle().signal('callStarted', { by: 'dana-manager' });
    await until(() => world.acts.includes('freeze admin_rights sign_in'));
    expect(Date.parse(world.at('freeze admin_rights sign_in')[0] ?? '')).toBeLessThan(
      Date.parse(zero) - 50 * MINUTE,
    );
    await ended();
  });

  test('the box of the restricted issue says so, too', async () => {
    const zero = await announce({ kind: 'involuntary' });
    world.callTicked = true;
    await handle().signal('issueChanged', { project: 'p', iid: 1 });
    await until(() => world.acts.includes('freeze admin_rights sign_in'));
    expect(Date.parse(world.at('freeze admin_rights sign_in')[0] ?? '')).toBeLessThan(Date.parse(zero) - DAY);
    await ended();
  });

  test('without a word of the call, time zero counts', async () => {
    const zero = await announce({ kind: 'involuntary' });
    await ended();
    around(world.at('freeze admin_rights sign_in')[0], zero);
  });
});

describe('people do the rest', () => {
  test('touched by nobody it stays open for 60 days, and is looked at daily', async () => {
    world.open = 1;
    const zero = await announce();
    await stage.until(Date.parse(zero) + 60 * DAY);
    expect(await status()).toMatchObject({ phase: 'taken', open: 1, standing: ['`clari` is open'] });
    expect(world.at('visit daily').length).toBeGreaterThanOrEqual(58);
    await handle().signal('complete', { by: 'priya-ops', task: 'clari' });
    expect(await ended()).toBe('ended');
    expect(world.told).toEqual(['complete clari by priya-ops']);
  });

  test('the command is answered with what became of it', async () => {
    world.open = 1;
    const zero = await announce();
    await stage.until(Date.parse(zero) + MINUTE);
    await phaseIs('taken');
    const say = (by: string) =>
      handle().executeUpdate('decide', { args: [{ kind: 'complete', by, task: 'clari', channel: 'cli' }] });
    expect(await say('mallory')).toEqual({ taken: false, why: 'it is settled by others' });
    expect(await say('priya-ops')).toEqual({ taken: true, why: null });
    await ended();
  });

  test('what came back by the last look is settled, too, before it ends', async () => {
    world.found = 1;
    const zero = await announce();
    await stage.until(Date.parse(zero) + 31 * DAY);
    await phaseIs('taken');
    await handle().signal('complete', { by: 'noor-security', task: 'security/back' });
    expect(await ended()).toBe('ended');
    expect(world.at('visit daily final')).toHaveLength(2);
  });

  test('others of the same hour hand this one over: it waits for their word, or asks again', async () => {
    world.heldBy = 'offboarding/other';
    const zero = await announce();
    await stage.until(Date.parse(zero) + 90_000);
    await until(() => world.at('take').length >= 2);
    world.heldBy = null;
    await handle().signal('leaverChanged');
    await ended();
    expect(world.at('take').length).toBeLessThanOrEqual(4);
  });
});

describe('what can not be right', () => {
  test('is asked, nothing is touched, and HR’s correction goes on', async () => {
    world.questions = ['employee 1: leaves before the start'];
    await announce();
    await stage.until((await stage.now()) + 40 * DAY);
    expect(world.acts).toEqual(['plan']);
    expect(await status()).toMatchObject({ phase: 'question' });
    world.questions = [];
    await handle().signal('hrEvent', event({ event_id: 'right' }));
    expect(await ended()).toBe('ended');
  });

  test('somebody who is gone already: noted', async () => {
    world.gone = true;
    await announce();
    expect(await ended()).toBe('noted');
  });
});
