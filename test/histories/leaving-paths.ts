import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { addDays } from '../../src/domain/dates';
import type { HrEvent, LeavingEvent } from '../../src/domain/hr-event';
import type { OffboardingStatus } from '../../src/domain/offboarding';
import { instant, ref } from '../workflows/hire-world';
import { LeaverWorld } from '../workflows/leaver-world';
import type { Stage } from '../workflows/stage';
import type { Path } from './paths';
import { DAY, MINUTE, type Run } from './scene';

/** One leaver on the stage, and what HR and people say of them. */
class LeaverScene {
  private constructor(
    readonly stage: Stage,
    readonly world: LeaverWorld,
    readonly handle: WorkflowHandleWithFirstExecutionRunId,
    readonly event: (change?: Partial<LeavingEvent>) => LeavingEvent,
  ) {}

  /** Their last day is in about a week, unless told otherwise. */
  static async open(
    stage: Stage,
    name: string,
    change: Partial<LeavingEvent> = {},
    play: (world: LeaverWorld) => void = () => undefined,
  ): Promise<LeaverScene> {
    const employeeId = `history-${name}`;
    const world = new LeaverWorld(stage);
    play(world);
    await stage.play(world.activities);
    const soon = addDays(instant(await stage.now()).slice(0, 10), 8);
    const event: LeaverScene['event'] = (more = {}) => ({
      type: 'employee.leaving',
      event_id: 'first',
      employee_id: employeeId,
      kind: 'voluntary',
      last_working_day: soon,
      garden_leave_start: null,
      termination_date: null,
      ...change,
      ...more,
    });
    const input = { employeeId, first: event() };
    const handle = await stage.start('offboarding', input, `offboarding/${employeeId}`);
    const scene = new LeaverScene(stage, world, handle, event);
    await scene.until(() => world.acts.includes('plan'));
    return scene;
  }

  /** Lets no time pass but the machine's own. */
  async until(fits: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await fits())) await this.handle.query('status');
  }

  phaseIs = (phase: OffboardingStatus['phase']): Promise<void> =>
    this.until(async () => (await this.handle.query<OffboardingStatus>('status')).phase === phase);

  later = async (ms: number): Promise<void> => this.stage.until((await this.stage.now()) + ms);

  /** To a minute after time zero. */
  async zero(): Promise<void> {
    const { timeZero } = await this.handle.query<OffboardingStatus>('status');
    await this.stage.until(Date.parse(timeZero ?? '') + MINUTE);
  }

  says = (event: HrEvent): Promise<void> => this.handle.signal('hrEvent', event);

  takenBack = (): Promise<void> =>
    this.says({
      type: 'employee.rescinded',
      event_id: 'back',
      employee_id: this.event().employee_id,
      what: 'leaving',
    });

  async ended(): Promise<Run> {
    await this.handle.result();
    return { workflowId: this.handle.workflowId };
  }
}

const open =
  (items: number) =>
  (world: LeaverWorld): void => {
    world.open = items;
  };

/** Every path of an offboarding that is recorded. */
export const leavingPaths: Readonly<Record<string, Path>> = {
  'offboarding.voluntary': async (stage) => (await LeaverScene.open(stage, 'voluntary')).ended(),
  'offboarding.garden-leave': async (stage) => {
    const start = addDays(instant(await stage.now()).slice(0, 10), 3);
    return (await LeaverScene.open(stage, 'garden', { garden_leave_start: start })).ended();
  },
  'offboarding.moved': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'moved');
    await leaver.says(
      leaver.event({ event_id: 'later', last_working_day: addDays(leaver.event().last_working_day, 7) }),
    );
    await leaver.until(() => leaver.world.at('plan').length === 2);
    return leaver.ended();
  },
  'offboarding.now': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'now');
    await leaver.handle.signal('leaveNow', { by: 'noor-security', reason: 'danger' });
    return leaver.ended();
  },
  'offboarding.involuntary-with-a-call': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'call', { kind: 'involuntary' });
    const { timeZero } = await leaver.handle.query<OffboardingStatus>('status');
    await leaver.stage.until(Date.parse(timeZero ?? '') - 60 * MINUTE);
    await leaver.until(() => leaver.world.acts.includes('freeze admin_rights'));
    await leaver.handle.signal('callStarted', { by: 'dana-manager' });
    return leaver.ended();
  },
  'offboarding.involuntary-with-a-call-on-the-issue': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'call-issue', { kind: 'involuntary' });
    leaver.world.callTicked = true;
    await leaver.handle.signal('issueChanged', ref(7));
    return leaver.ended();
  },
  'offboarding.involuntary-without-a-word': async (stage) =>
    (await LeaverScene.open(stage, 'no-call', { kind: 'involuntary' })).ended(),
  'offboarding.suspension-lifted': async (stage) => {
    const leaver = await suspended(stage, 'lifted');
    await leaver.later(20 * DAY);
    await leaver.takenBack();
    return leaver.ended();
  },
  'offboarding.suspension-that-becomes-a-leaving': async (stage) => {
    const leaver = await suspended(stage, 'became');
    await leaver.says(leaver.event({ event_id: 'then', kind: 'involuntary' }));
    return leaver.ended();
  },
  'offboarding.rescinded-before-time-zero': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'before');
    await leaver.takenBack();
    return leaver.ended();
  },
  'offboarding.rescinded-after-time-zero': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'after', {}, open(1));
    await leaver.zero();
    await leaver.phaseIs('taken');
    await leaver.takenBack();
    return leaver.ended();
  },
  'offboarding.settled-by-people': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'people', {}, open(3));
    await leaver.handle.signal('successorNamed', { by: 'dana-manager', email: 'robin@daytwo.example' });
    await leaver.until(() => leaver.world.at('plan').length === 2);
    await leaver.zero();
    await leaver.phaseIs('taken');
    const say = (by: string) =>
      leaver.handle.executeUpdate('decide', {
        args: [{ kind: 'complete', by, task: 'clari', channel: 'cli' }],
      });
    await say('mallory');
    await say('priya-ops');
    await leaver.handle.signal('complete', { by: 'priya-ops', task: 'chorus' });
    await leaver.later(3 * DAY);
    leaver.world.open = 0;
    await leaver.handle.signal('issueChanged', ref(7));
    return leaver.ended();
  },
  'offboarding.successor-named-after-time-zero': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'successor', {}, open(1));
    await leaver.zero();
    await leaver.phaseIs('taken');
    await leaver.handle.signal('successorNamed', { by: 'dana-manager', email: 'robin@daytwo.example' });
    await leaver.until(() => leaver.world.at('plan').length === 2);
    await leaver.handle.signal('complete', { by: 'priya-ops', task: 'clari' });
    return leaver.ended();
  },
  'offboarding.came-back-by-the-last-look': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'back', {}, (world) => {
      world.found = 1;
    });
    await leaver.zero();
    await leaver.later(30 * DAY);
    await leaver.phaseIs('taken');
    await leaver.handle.signal('complete', { by: 'noor-security', task: 'security/back' });
    return leaver.ended();
  },
  'offboarding.with-others-of-the-hour': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'others', {}, (world) => {
      world.heldBy = 'offboarding/other';
    });
    await leaver.zero();
    await leaver.until(() => leaver.world.at('take').length >= 2);
    leaver.world.heldBy = null;
    await leaver.handle.signal('leaverChanged');
    return leaver.ended();
  },
  'offboarding.questioned-and-corrected': async (stage) => {
    const leaver = await LeaverScene.open(stage, 'questioned', {}, (world) => {
      world.questions = ['leaves before the start'];
    });
    await leaver.later(DAY);
    leaver.world.questions = [];
    await leaver.says(leaver.event({ event_id: 'right' }));
    return leaver.ended();
  },
  'offboarding.gone-already': async (stage) =>
    (
      await LeaverScene.open(stage, 'gone', {}, (world) => {
        world.gone = true;
      })
    ).ended(),
};

/** On a full server, whose time can't be skipped: it is over for them since days. */
export async function leavingThatContinues(stage: Stage): Promise<Run> {
  const gone = { last_working_day: addDays(instant(await stage.now()).slice(0, 10), -10) };
  const leaver = await LeaverScene.open(stage, 'long', gone, open(1));
  await leaver.phaseIs('taken');
  const { handle, world } = leaver;
  const isFirst = async (): Promise<boolean> =>
    (await handle.describe()).runId === handle.firstExecutionRunId;
  while (await isFirst()) {
    const visits = world.at('visit').length;
    await handle.signal('issueChanged', ref(7));
    await leaver.until(async () => world.at('visit').length > visits || !(await isFirst()));
  }
  await leaver.takenBack();
  await handle.result();
  return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
}

async function suspended(stage: Stage, name: string): Promise<LeaverScene> {
  const today = instant(await stage.now()).slice(0, 10);
  const leaver = await LeaverScene.open(stage, name, { kind: 'suspension', last_working_day: today });
  await leaver.zero();
  await leaver.phaseIs('suspended');
  return leaver;
}
