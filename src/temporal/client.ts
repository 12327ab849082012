import {
  Client,
  Connection,
  ScheduleAlreadyRunning,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type ScheduleOptionsStartWorkflowAction,
  type ScheduleSpec,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import type { ReviewRef } from '../activities/account-review';
import type { ChangeRef } from '../activities/period-change';
import type { Hints } from '../activities/world';
import { dataConverter } from '../codec/data-converter';
import { MAIN_QUEUE } from '../domain/queues';
import type { SeatPolicy } from '../domain/handbook';
import type { HrEvent, LeavingEvent, RescindedEvent } from '../domain/hr-event';
import { reviewId } from '../domain/territory/review';
import { runOfWorkflow, territoryRunId } from '../domain/territory/run';
import type { RunLate } from '../domain/territory/run-status';
import { reclaimMonths } from '../domain/seat-reclaim';
import type { Inbox } from '../server/inbox';
import { connectTemporal, type CommonSettings } from '../settings';
import type { AccessRequestInput } from '../domain/request-start';
import type { LicenceReclaimInput } from '../workflows/licence-reclaim';
import type { MonthlyCloseInput } from '../workflows/monthly-close';
import type { TerritoryPlanInput } from '../workflows/territory-plan';
import {
  accountChanged,
  accountsChanged,
  callStarted,
  configChanged,
  hrEvent,
  issueChanged,
  leaveNow,
  leaverChanged,
  personLeft,
  lookAgain,
  recordsChanged,
  runLate,
  seatFreed,
  seatOffered,
  seatWanted,
  successorNamed,
  decisionSignal,
} from '../workflows/messages';
import { hireAttributes, KIND, leavingAttributes, requestAttributes, STATE } from '../workflows/search';

/** How to start and signal daytwo's workflows: typed functions, so that no caller writes a workflow's id or name. */
export class Workflows implements Inbox, Hints {
  constructor(readonly client: Client) {}

  static async connect(settings: CommonSettings): Promise<Workflows> {
    const { connectionOptions, namespace } = connectTemporal(settings);
    const connection = Connection.lazy(connectionOptions);
    return Promise.resolve(
      new Workflows(new Client({ connection, namespace, dataConverter: dataConverter(settings.keys) })),
    );
  }

  close(): Promise<void> {
    return this.client.connection.close();
  }

  /** Starts the hire's onboarding, or tells the one that runs. Resolves once Temporal has it. */
  async hrEvent(event: HrEvent): Promise<void> {
    if (event.type === 'employee.leaving') return this.leaving(event);
    if (event.type === 'employee.rescinded' && event.what === 'leaving') return this.leaving(event);
    const workflowId = onboardingId(event.employee_id);
    for (;;) {
      try {
        await this.client.workflow.start('onboarding', {
          workflowId,
          taskQueue: MAIN_QUEUE,
          args: [{ employeeId: event.employee_id, first: event }],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          staticSummary: `onboarding of employee ${event.employee_id}`,
          typedSearchAttributes: hireAttributes(event),
        });
        return;
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      // Runs already; should it end between the two calls, it is started anew.
      if (await this.#signal(workflowId, (handle) => handle.signal(hrEvent, event))) return;
    }
  }

  /** One process for each leaver: an event begins it, or is heard by the one that runs. */
  async leaving(event: LeavingEvent | RescindedEvent): Promise<void> {
    await this.client.workflow.signalWithStart('offboarding', {
      workflowId: offboardingId(event.employee_id),
      taskQueue: MAIN_QUEUE,
      args: [{ employeeId: event.employee_id }],
      signal: hrEvent,
      signalArgs: [event],
      staticSummary: `offboarding of employee ${event.employee_id}`,
      typedSearchAttributes: leavingAttributes(event.employee_id),
    });
  }

  /** Begins the close of a period; the one that runs goes on. One that has ended isn't begun again. */
  startClose(input: MonthlyCloseInput): Promise<void> {
    return this.#startOnce(
      'monthlyClose',
      closeId(input.period),
      input,
      `close of ${input.period}`,
      'monthly-close',
    );
  }

  /** Begins the process of a change that was asked for, or finds the one that runs. One that has ended isn't begun again. */
  startChange({ period, n }: ChangeRef): Promise<void> {
    return this.#startOnce(
      'periodChange',
      changeId(period, n),
      { period, n },
      `change ${n} of ${period}`,
      'period-change',
    );
  }

  /** Begins the review of an account, or finds the one that runs. Once it has ended, another may be asked for. */
  async startReview({ accountId, n }: ReviewRef): Promise<void> {
    await this.client.workflow.start('accountReview', {
      workflowId: reviewId(accountId),
      taskQueue: MAIN_QUEUE,
      args: [{ accountId, n }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `review ${n} of ${accountId}`,
      typedSearchAttributes: [{ key: KIND, value: 'account-review' }],
    });
  }

  accountChanged(workflowId: string): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(accountChanged));
  }

  /** Begins a run of territory planning, or finds the one that runs. One that has ended isn't begun again. */
  startTerritoryRun(input: TerritoryPlanInput): Promise<void> {
    return this.#startOnce(
      'territoryPlan',
      territoryRunId(input.run),
      input,
      `territory plan ${input.run}`,
      'territory-plan',
    );
  }

  /** Makes a schedule, or has the one that is there begin this at these times from now on; what else stands in it stays. */
  async #schedule(
    scheduleId: string,
    spec: ScheduleSpec,
    starts: Omit<ScheduleOptionsStartWorkflowAction<Workflow>, 'type'>,
  ): Promise<void> {
    const action = { type: 'startWorkflow' as const, ...starts };
    try {
      await this.client.schedule.create({ scheduleId, spec, action });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await this.client.schedule.getHandle(scheduleId).update((known) => ({ ...known, spec, action }));
    }
  }

  /** Runs of territory planning that are not over. */
  async territoryRuns(): Promise<readonly string[]> {
    const query = 'DaytwoKind = "territory-plan" AND ExecutionStatus = "Running"';
    const runs: string[] = [];
    for await (const { workflowId } of this.client.workflow.list({ query })) {
      const run = runOfWorkflow(workflowId);
      if (run !== null) runs.push(run);
    }
    return runs;
  }

  runLate(workflowId: string, late: RunLate): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(runLate, late));
  }

  async #startOnce(
    type: string,
    workflowId: string,
    input: object,
    staticSummary: string,
    kind: string,
  ): Promise<void> {
    try {
      await this.client.workflow.start(type, {
        workflowId,
        taskQueue: MAIN_QUEUE,
        args: [input],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        staticSummary,
        typedSearchAttributes: [{ key: KIND, value: kind }],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** Watches accounts from now on; one watch, however many workers start it. */
  async watchAccounts(): Promise<void> {
    await this.client.workflow.signalWithStart('territoryWatch', { ...accountWatch(), signal: lookAgain });
  }

  /** To the watch of accounts, which is begun where there is none. */
  async accountsChanged(ids: readonly string[]): Promise<void> {
    await this.client.workflow.signalWithStart('territoryWatch', {
      ...accountWatch(),
      signal: accountsChanged,
      signalArgs: [{ ids }],
    });
  }

  /** Has a run of territory planning begun every night at this time, from now on. */
  async scheduleTerritory({ night, zone }: { readonly night: string; readonly zone: string }): Promise<void> {
    const [hour, minute] = night.split(':').map(Number);
    const spec = { calendars: [{ hour: hour ?? 0, minute: minute ?? 0 }], timezone: zone };
    const action = {
      workflowType: 'territoryOpening',
      workflowId: 'tsp/opening',
      taskQueue: MAIN_QUEUE,
      typedSearchAttributes: [{ key: KIND, value: 'territory-opening' }],
    };
    await this.#schedule(TERRITORY, spec, action);
  }

  leaveNow(employeeId: string, by: string, reason: string): Promise<boolean> {
    return this.#signal(offboardingId(employeeId), (handle) => handle.signal(leaveNow, { by, reason }));
  }

  callStarted(employeeId: string, by: string): Promise<boolean> {
    return this.#signal(offboardingId(employeeId), (handle) => handle.signal(callStarted, { by }));
  }

  successorNamed(employeeId: string, by: string, email: string): Promise<boolean> {
    return this.#signal(offboardingId(employeeId), (handle) => handle.signal(successorNamed, { by, email }));
  }

  leaverChanged(workflowId: string): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(leaverChanged));
  }

  personLeft(workflowId: string, reason: string): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(personLeft, { reason }));
  }

  /** To the request of this issue; where none runs, to the desk watch, which looks what the issue is. */
  async issueHint(hint: { project: string; iid: number }): Promise<void> {
    if (await this.issueChanged(requestId(hint.project, hint.iid), hint)) return;
    await this.issueChanged(deskWatchId(hint.project), hint);
  }

  /** To every close that runs: which of the opportunities are of its period, it finds. */
  async recordsChanged(ids: readonly string[]): Promise<void> {
    const query = 'DaytwoKind = "monthly-close" AND ExecutionStatus = "Running"';
    for await (const { workflowId } of this.client.workflow.list({ query }))
      await this.#signal(workflowId, (handle) => handle.signal(recordsChanged, { ids }));
  }

  async reachable(): Promise<boolean> {
    try {
      await this.client.connection.withDeadline(Date.now() + 2_000, () =>
        this.client.connection.workflowService.getSystemInfo({}),
      );
      return true;
    } catch {
      return false;
    }
  }

  issueChanged(workflowId: string, hint: { project: string; iid: number }): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(issueChanged, hint));
  }

  configChanged(workflowId: string, digest: string): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(configChanged, digest));
  }

  async isRunning(workflowId: string): Promise<boolean> {
    try {
      return (await this.client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  async requestsOf(employeeId: string): Promise<readonly string[]> {
    const quoted = employeeId.replace(/[\\"]/g, '');
    const query = `DaytwoKind = "access-request" AND DaytwoEmployeeId = "${quoted}" AND ExecutionStatus = "Running"`;
    const ids: string[] = [];
    for await (const { workflowId } of this.client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  }

  async startRequest(input: AccessRequestInput): Promise<void> {
    const { ref } = input;
    await this.client.workflow.start('accessRequest', {
      workflowId: requestId(ref.project, ref.iid),
      taskQueue: MAIN_QUEUE,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `access request ${ref.project}#${ref.iid}`,
      typedSearchAttributes: requestAttributes(input),
    });
  }

  seatOffered(workflowId: string, tasks: readonly string[]): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(seatOffered, { tasks }));
  }

  seatWanted(pool: string): Promise<void> {
    return this.#toPool(pool, seatWanted);
  }

  seatFreed(pool: string): Promise<void> {
    return this.#toPool(pool, seatFreed);
  }

  /** One workflow for each pool, from the first time that somebody waits. */
  async #toPool(pool: string, signal: typeof seatWanted | typeof seatFreed): Promise<void> {
    await this.client.workflow.signalWithStart('seatPool', {
      workflowId: seatPoolId(pool),
      taskQueue: MAIN_QUEUE,
      args: [{ pool }],
      signal,
      staticSummary: `licence seats: ${pool}`,
      typedSearchAttributes: [
        { key: KIND, value: 'seat-pool' },
        { key: STATE, value: 'watching' },
      ],
    });
  }

  /** Has unused licences looked for on the first day of policy's month of each fiscal quarter, from now on. */
  async scheduleReclaim(policy: SeatPolicy['reclaim']): Promise<void> {
    const spec = { calendars: [{ month: reclaimMonths(policy).map(monthName), dayOfMonth: 1, hour: 9 }] };
    const action = {
      workflowType: 'licenceReclaim',
      workflowId: 'reclaim/scheduled',
      taskQueue: MAIN_QUEUE,
      args: [{ fiscalYearStartMonth: policy.fiscalYearStartMonth }],
      typedSearchAttributes: [{ key: KIND, value: 'licence-reclaim' }],
    };
    await this.#schedule(RECLAIM, spec, action);
  }

  /** Sets the days on which closes open. */
  async scheduleCloses({
    days,
    zone,
  }: {
    readonly days: readonly string[];
    readonly zone: string;
  }): Promise<void> {
    const spec = {
      calendars: days.map((day) => ({
        year: Number(day.slice(0, 4)),
        month: monthName(Number(day.slice(5, 7))),
        dayOfMonth: Number(day.slice(8)),
        hour: 0,
        minute: 1,
      })),
      timezone: zone,
    };
    const action = {
      workflowType: 'closeOpening',
      workflowId: 'close/opening',
      taskQueue: MAIN_QUEUE,
      typedSearchAttributes: [{ key: KIND, value: 'close-opening' }],
    };
    await this.#schedule(CLOSES, spec, action);
  }

  /** Begins a licence reclaim by hand, one for each quarter at a time. */
  async startReclaim(input: Required<LicenceReclaimInput>): Promise<string> {
    const workflowId = `reclaim/${input.quarter}`;
    await this.client.workflow.start('licenceReclaim', {
      workflowId,
      taskQueue: MAIN_QUEUE,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `licence reclaim ${input.quarter}`,
      typedSearchAttributes: [{ key: KIND, value: 'licence-reclaim' }],
    });
    return workflowId;
  }

  cancel(workflowId: string, decision: { by: string; reason: string }): Promise<boolean> {
    return this.#signal(workflowId, (handle) => handle.signal(decisionSignal('cancel'), decision));
  }

  /** Watches a project from now on; one watch for each, however many workers start it. */
  async watchDesk(project: string): Promise<void> {
    await this.client.workflow.signalWithStart('deskWatch', {
      workflowId: deskWatchId(project),
      taskQueue: MAIN_QUEUE,
      args: [{ project, cursor: new Date(Date.now() - DAY_MS).toISOString() }],
      signal: lookAgain,
      staticSummary: `desk watch of ${project}`,
      typedSearchAttributes: [
        { key: KIND, value: 'desk-watch' },
        { key: STATE, value: 'watching' },
      ],
    });
  }

  async #signal(
    workflowId: string,
    send: (handle: ReturnType<Client['workflow']['getHandle']>) => Promise<void>,
  ): Promise<boolean> {
    try {
      await send(this.client.workflow.getHandle(workflowId));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}

/** The schedule that begins closes. */
export const CLOSES = 'close';
const accountWatch = () => ({
  workflowId: ACCOUNT_WATCH,
  taskQueue: MAIN_QUEUE,
  args: [{ cursor: new Date(Date.now() - LOOK_BACK_MS).toISOString() }],
  staticSummary: 'watch of accounts',
  typedSearchAttributes: [
    { key: KIND, value: 'territory-watch' },
    { key: STATE, value: 'watching' },
  ],
});
/** A watch that is begun anew looks so far back; what changed before, the night plans. */
const LOOK_BACK_MS = 3_600_000;
/** The one watch of accounts. */
const ACCOUNT_WATCH = 'tsp/watch';
/** The schedule that begins the nightly run of territory planning. */
export const TERRITORY = 'territory';
const RECLAIM = 'reclaim';
const DAY_MS = 86_400_000;
const MONTHS = [
  'JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE',
  'JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER',
] as const; // prettier-ignore
const monthName = (month: number): (typeof MONTHS)[number] => MONTHS[month - 1] ?? 'JANUARY';

/** Workflow ids are made of business keys, so that a repeated event finds the running process. */
export const onboardingId = (employeeId: string): string => `onboarding/${employeeId}`;
export const closeId = (period: string): string => `close/${period}`;
export const changeId = (period: string, n: number): string => `close/${period}/change/${n}`;
export const offboardingId = (employeeId: string): string => `offboarding/${employeeId}`;
export const requestId = (project: string, iid: number): string => `access-request/${project}/${iid}`;
/** @param pool `salesforce/Inbox` */
export const seatPoolId = (pool: string): string => `seats/${pool}`;
export const deskWatchId = (project: string): string => `desk/${project}`;
