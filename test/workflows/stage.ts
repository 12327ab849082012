import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { AccessActivities } from '../../src/activities/access';
import type { AccountReviewActivities } from '../../src/activities/account-review';
import type { CloseActivities } from '../../src/activities/close';
import type { DeskActivities } from '../../src/activities/desk';
import type { TakingActivities } from '../../src/activities/leaver-taking';
import type { LeavingActivities } from '../../src/activities/leaving';
import type { MoveActivities } from '../../src/activities/moves';
import type { OnboardingActivities } from '../../src/activities/onboarding';
import type { PeriodChangeActivities } from '../../src/activities/period-change';
import type { ProgressActivities } from '../../src/activities/progress';
import type { ReclaimActivities } from '../../src/activities/reclaim';
import type { SeatActivities } from '../../src/activities/seats';
import type { TerritoryLiveActivities } from '../../src/activities/territory-live';
import type { TerritoryRunActivities } from '../../src/activities/territory-run';
import type { WatchActivities } from '../../src/activities/watch';
import { workflowBundle } from '../../src/bundle';
import { GITLAB_QUEUE, MAIN_QUEUE, SYSTEM_QUEUES } from '../../src/domain/queues';
import { timeSkippingEnv } from '../support/servers';

export type Activities = AccessActivities &
  AccountReviewActivities &
  CloseActivities &
  DeskActivities &
  LeavingActivities &
  MoveActivities &
  OnboardingActivities &
  PeriodChangeActivities &
  ProgressActivities &
  ReclaimActivities &
  SeatActivities &
  TakingActivities &
  TerritoryLiveActivities &
  TerritoryRunActivities &
  WatchActivities;

/** The search attributes' types as the operator service counts them (temporal.api.enums.v1.IndexedValueType). */
const KEYWORD = 2;
const DATETIME = 6;
const KEYWORD_LIST = 7;

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

/** A Temporal server that skips time, with the real workflows and whatever activities a test plays. */
export class Stage {
  readonly #workers: Worker[] = [];
  #runs: Promise<void>[] = [];

  private constructor(readonly env: TestWorkflowEnvironment) {}

  static async open(): Promise<Stage> {
    const env = await timeSkippingEnv();
    await env.connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: {
        DaytwoKind: KEYWORD,
        DaytwoState: KEYWORD,
        DaytwoEmployeeId: KEYWORD,
        DaytwoSystem: KEYWORD_LIST,
        DaytwoDue: DATETIME,
      },
    });
    return new Stage(env);
  }

  /** On a server that knows daytwo's search attributes; one that skips no time is for what only a full server does. */
  static on(env: TestWorkflowEnvironment): Stage {
    return new Stage(env);
  }

  /** Runs the workflows with these activities, until `clear`. An activity that isn't given fails its call. */
  async play(activities: Partial<Activities>): Promise<void> {
    const shared = { connection: this.env.nativeConnection, namespace: 'default', identity: 'stage' };
    const bundle = await workflowBundle();
    this.#workers.push(await Worker.create({ ...shared, taskQueue: MAIN_QUEUE, workflowBundle: bundle }));
    for (const taskQueue of [GITLAB_QUEUE, ...SYSTEM_QUEUES])
      this.#workers.push(await Worker.create({ ...shared, taskQueue, activities }));
    this.#runs = this.#workers.map((worker) => worker.run());
  }

  /** Ends the workers of one test. */
  async clear(): Promise<void> {
    for (const worker of this.#workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(this.#runs);
    this.#workers.length = 0;
    this.#runs = [];
  }

  async close(): Promise<void> {
    await this.env.teardown();
  }

  now = async (): Promise<number> => this.env.currentTimeMs();

  /** Moves time on to an instant. */
  async until(instant: string | number): Promise<void> {
    const at = typeof instant === 'number' ? instant : Date.parse(instant);
    const left = at - (await this.now());
    if (left > 0) await this.env.sleep(left);
  }

  start(
    workflow:
      | 'accessRequest'
      | 'accountReview'
      | 'onboarding'
      | 'offboarding'
      | 'closeOpening'
      | 'deskWatch'
      | 'monthlyClose'
      | 'periodChange'
      | 'roleChange'
      | 'seatPool'
      | 'territoryOpening'
      | 'territoryPlan'
      | 'territoryWatch'
      | 'licenceReclaim',
    input: unknown,
    id = `${workflow}/${randomUUID()}`,
  ): Promise<WorkflowHandleWithFirstExecutionRunId> {
    return this.env.client.workflow.start(workflow, { taskQueue: MAIN_QUEUE, workflowId: id, args: [input] });
  }
}
