import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { RequestPlan } from '../../src/domain/access-request';
import type { Asked } from '../../src/domain/approvals';
import type { HrEvent, PersonFacts } from '../../src/domain/hr-event';
import { unfiled, type Written } from '../domain/filed';
import { ada, Desk, plan, ref, rules } from '../domain/request';
import { FiledWorld } from '../workflows/filed-world';
import { HireWorld, HrEvents, instant, waitsUntil } from '../workflows/hire-world';
import { RequestWorld } from '../workflows/request-world';
import type { Stage } from '../workflows/stage';

/** A run of a workflow: the latest of its id unless a run is named. */
export interface Run {
  readonly workflowId: string;
  readonly runId?: string;
}

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** Long enough for what was said to be judged; short where time can't be skipped. */
const momentOn = (stage: Stage): number => (stage.env.supportsTimeSkipping ? MINUTE : 500);

/** Two systems in place of eight: the same path through the workflow in a smaller recording. */
export const smallPlan = (changes: Partial<RequestPlan> = {}): RequestPlan => {
  const whole = plan(changes);
  const tasks = whole.tasks.filter(({ system }) => ['salesforce', 'chorus'].includes(system));
  return { ...whole, tasks, otherTeams: whole.otherTeams.slice(0, 1) };
};

/** One request on the stage, and what people do about it. */
export class RequestScene {
  private constructor(
    private readonly stage: Stage,
    readonly world: RequestWorld,
    readonly handle: WorkflowHandleWithFirstExecutionRunId,
  ) {}

  static async open(
    stage: Stage,
    name: string,
    {
      changes = {},
      world = new RequestWorld(stage),
    }: { changes?: Partial<RequestPlan>; world?: RequestWorld } = {},
  ): Promise<RequestScene> {
    await stage.play(world.activities);
    const openedAt = instant(await stage.now());
    const input = { ref, plan: smallPlan(changes), openedAt };
    const scene = new RequestScene(
      stage,
      world,
      await stage.start('accessRequest', input, `history/${name}`),
    );
    await scene.later();
    return scene;
  }

  later = async (ms = momentOn(this.stage)): Promise<void> => this.stage.until((await this.stage.now()) + ms);

  decide = (kind: string, more: object = {}): Promise<unknown> =>
    this.handle.executeUpdate('decide', { args: [{ kind, by: 'sam-ops', ...more }] });

  /** A signal, and the time that its judgement takes. */
  async signal(name: string, input: object): Promise<void> {
    await this.handle.signal(name, input);
    await this.later();
  }

  hint = (): Promise<void> => this.signal('issueChanged', { project: ref.project, iid: ref.iid });

  /** What people do on the issue, and the time that its reading takes. */
  async does(act: (desk: Desk) => Desk): Promise<void> {
    const now = instant(await this.stage.now());
    this.world.shown = ({ state }) => act(new Desk(state, rules, now)).reading();
    await this.hint();
  }

  /** To its end: the run that ended. */
  async ended(): Promise<Run> {
    await this.handle.result();
    return { workflowId: this.handle.workflowId };
  }
}

/** A request that people filed, once it was read. */
export async function file(
  stage: Stage,
  name: string,
  access: readonly Asked[],
  written: Written = {},
  world = new FiledWorld(stage),
): Promise<RequestScene> {
  return RequestScene.open(stage, name, { changes: unfiled(), world: world.writes(access, written) });
}

/** One hire on the stage, and what HR says of them. */
export class HireScene {
  readonly hr: HrEvents;
  private constructor(
    private readonly stage: Stage,
    readonly world: HireWorld,
    readonly handle: WorkflowHandleWithFirstExecutionRunId,
  ) {
    this.hr = new HrEvents(stage, world.employeeId);
  }

  /** `first` says what HR's first word is; a hire whose day two is over otherwise. */
  static async open(
    stage: Stage,
    name: string,
    first: (hr: HrEvents) => HrEvent | Promise<HrEvent> = startedDaysAgo,
    change: (world: HireWorld) => void = () => undefined,
  ): Promise<HireScene> {
    const start = await stage.now();
    const employeeId = `history-${name}`;
    const waiting = { remindAt: instant(start + 2 * DAY), escalateAt: instant(start + 7 * DAY) };
    const world = new HireWorld(stage, employeeId, numberOf(name), waiting);
    change(world);
    await stage.play(world.activities);
    const event = await first(new HrEvents(stage, employeeId));
    const id = `onboarding/${employeeId}`;
    const scene = new HireScene(
      stage,
      world,
      await stage.start('onboarding', { employeeId, first: event }, id),
    );
    await scene.later();
    return scene;
  }

  later = async (ms = momentOn(this.stage)): Promise<void> => this.stage.until((await this.stage.now()) + ms);

  async signal(name: string, input: unknown): Promise<void> {
    await this.handle.signal(name, input);
    await this.later();
  }

  decide = (kind: string, more: object): Promise<unknown> =>
    this.handle.executeUpdate('decide', { args: [{ kind, ...more }] });

  says = (event: HrEvent): Promise<void> => this.signal('hrEvent', event);

  async ended(): Promise<Run> {
    await this.handle.result();
    return { workflowId: this.handle.workflowId };
  }
}

/** One change of role on the stage: it waits for a template, unless told otherwise. */
export class MoveScene {
  private constructor(
    readonly world: HireWorld,
    readonly handle: WorkflowHandleWithFirstExecutionRunId,
    private readonly hr: HrEvents,
  ) {}

  static async open(
    stage: Stage,
    name: string,
    change: (world: HireWorld) => unknown = () => undefined,
  ): Promise<MoveScene> {
    const employeeId = `history-move-${name}`;
    const world = new HireWorld(stage, employeeId, 1);
    const remindAt = instant((await stage.now()) + 5 * DAY);
    world.moving = () => waitsUntil(remindAt);
    change(world);
    await stage.play(world.activities);
    const input = { employeeId, before: ada, event: 'first' };
    const handle = await stage.start('roleChange', input, `move/${employeeId}`);
    const scene = new MoveScene(world, handle, new HrEvents(stage, employeeId));
    while (world.moves.length === 0) await stage.now();
    return scene;
  }

  /** A signal that was heard, and dealt with: a query is answered only after it. */
  async signal(name: string, input: unknown): Promise<void> {
    await this.handle.signal(name, input);
    await this.handle.query('status');
  }

  says = (facts: Partial<PersonFacts>, id: string): Promise<void> =>
    this.signal('hrEvent', this.hr.changed(facts, id));

  async ended(): Promise<Run> {
    await this.handle.result();
    return { workflowId: this.handle.workflowId };
  }
}

/** What comes of a change of role whose new role has a template. */
export const filed = () => ({ kind: 'filed', ref, facts: { ...ada, title: 'Sales Manager' } }) as const;

export const startedDaysAgo = async (hr: HrEvents): Promise<HrEvent> =>
  hr.hired({ start_date: await hr.dayFrom(-2) });

/** A number of its own for each recording's request. */
const numberOf = (name: string): number =>
  [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 900_000, 7) + 1;
