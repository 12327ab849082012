import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import { z } from 'zod';
import { live } from '../../scripts/lib/progress.cjs';
import type { HrEvent } from '../domain/hr-event';
import type { CommonSettings } from '../settings';
import { offboardingId, Workflows } from '../temporal/client';
import type { LicenceReclaimInput } from '../workflows/licence-reclaim';
import { decide, status, type Decision, type DecisionAnswer } from '../workflows/messages';
import { EMPLOYEE, KIND, STATE } from '../workflows/search';
import { Refused } from './surroundings';

/** How far an activity for many has come. */
export interface Progress {
  readonly activity: string;
  readonly done: number;
  readonly of: number;
}

/** One of daytwo's workflows, as Temporal lists it. */
export interface Running {
  readonly workflowId: string;
  readonly runId: string;
  /** `access-request`, `onboarding`, `seat-pool` …; empty where Temporal doesn't say. */
  readonly kind: string;
  readonly state: string;
  readonly employeeId: string | null;
  readonly startedAt: string;
  readonly closedAt: string | null;
  /** As Temporal names it: `RUNNING`, `COMPLETED`, `FAILED`, … */
  readonly execution: string;
  /** Activities that failed and are tried again; only `find` knows them. */
  readonly retried?: readonly { readonly activity: string; readonly attempt: number }[];
  /** How far activities that run have come, as their heartbeats say; only `find` knows. */
  readonly progress?: readonly Progress[];
}

export interface Wanted {
  readonly kinds: readonly string[];
  readonly states?: readonly string[];
  readonly employeeId?: string;
  /** Also what has ended. */
  readonly ended?: boolean;
}

/** What the command asks of Temporal; tests give another one. Every call ends within a bounded time. */
export interface Engine {
  /** The newest first; `total` counts also those beyond the limit. */
  list(
    wanted: Wanted,
    limit: number,
  ): Promise<{ readonly found: readonly Running[]; readonly total: number }>;
  /** The latest run of this id; null where there never was one. */
  find(workflowId: string): Promise<Running | null>;
  /** The `status` query. @throws NoWorker, NoStatus */
  status(process: Pick<Running, 'workflowId' | 'runId'>): Promise<unknown>;
  /** The `decide` update. @throws NoWorker, Refused */
  decide(workflowId: string, decision: Decision): Promise<DecisionAnswer>;
  hrEvent(event: HrEvent): Promise<void>;
  /** Whether somebody's leaving is under way. */
  isLeaving(employeeId: string): Promise<boolean>;
  /** Danger: time zero is now. */
  leaveNow(employeeId: string, by: string, reason: string): Promise<boolean>;
  /** False where no leaving of theirs is under way. */
  callStarted(employeeId: string, by: string): Promise<boolean>;
  successorNamed(employeeId: string, by: string, email: string): Promise<boolean>;
  /** Has a licence pool look now. */
  seatFreed(pool: string): Promise<void>;
  /** Begins a licence reclaim; its workflow's id. */
  startReclaim(input: Required<LicenceReclaimInput>): Promise<string>;
  /** Begins the close of a period; one that runs goes on. */
  startClose(input: { readonly period: string; readonly by: string }): Promise<void>;
  /** Begins the process of a change of a locked period; one that runs goes on. */
  startChange(change: { readonly period: string; readonly n: number }): Promise<void>;
  /** Begins a run of territory planning, or one that puts back another; one that runs goes on. */
  startTerritoryRun(input: {
    readonly run: string;
    readonly undoes: string | null;
    readonly by: string;
  }): Promise<void>;
  close(): Promise<void>;
}

/** Nobody answers a query or an update. */
export class NoWorker extends Refused {
  override readonly name = 'NoWorker';
  constructor(seconds: number, more = '') {
    super(
      `No worker answered within ${seconds} s. Is one running? \`daytwo up\` or \`daytwo worker\` starts one; the Temporal UI shows the pollers of each task queue.${more}`,
    );
  }
}

/** A worker is there, but this process can't say where it stands: its code doesn't fit its history, or another fault in it. */
export class NoStatus extends Refused {
  override readonly name = 'NoStatus';
  constructor(
    workflowId: string,
    readonly why: string,
  ) {
    super(`${workflowId} doesn't go on: ${why}. Nothing of it is lost; it goes on with code that fits it.`);
  }
}

export class TemporalAway extends Refused {
  override readonly name = 'TemporalAway';
  constructor(address: string, why: string) {
    super(
      `Temporal at ${address} doesn't answer (${why}). Is it up? \`daytwo up\` starts one here; TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_API_KEY say which one is meant.`,
    );
  }
}

const PATIENCE_MS = { ask: 10_000, query: 10_000, decide: 20_000 };
/** gRPC's own numbers. */
const GRPC = { cancelled: 1, invalid: 3, deadline: 4, precondition: 9, unavailable: 14 };

/** Temporal over the typed client that the server and the worker use. */
export class TemporalEngine implements Engine {
  readonly #workflows: Workflows;
  readonly #address: string;
  #waiting = 0;
  #waitingLine: ReturnType<typeof live> | undefined;

  private constructor(workflows: Workflows, address: string) {
    this.#workflows = workflows;
    this.#address = address;
  }

  static async connect(settings: CommonSettings): Promise<TemporalEngine> {
    return new TemporalEngine(
      await Workflows.connect(settings),
      settings.temporal.connectionOptions.address ?? 'localhost:7233',
    );
  }

  list(wanted: Wanted, limit: number): Promise<{ found: readonly Running[]; total: number }> {
    const query = visibilityQuery(wanted);
    return this.#ask(async () => {
      const { workflow } = this.#workflows.client;
      const found: Running[] = [];
      for await (const info of workflow.list({ query, pageSize: Math.min(limit, 1000) })) {
        found.push(runningOf(info));
        if (found.length >= limit) break;
      }
      const total = found.length < limit ? found.length : (await workflow.count(query)).count;
      return { found, total };
    });
  }

  async find(workflowId: string): Promise<Running | null> {
    try {
      return await this.#ask(async () => {
        const { workflow, options } = this.#workflows.client;
        const description = await workflow.getHandle(workflowId).describe();
        return {
          ...described(description),
          progress: await progressOf(description, options.loadedDataConverter),
        };
      });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  async status({ workflowId, runId }: Pick<Running, 'workflowId' | 'runId'>): Promise<unknown> {
    const handle = this.#workflows.client.workflow.getHandle(workflowId, runId);
    try {
      return await this.#answeredByWorker(PATIENCE_MS.query, () => handle.query(status));
    } catch (error) {
      if (error instanceof QueryNotRegisteredError) throw new NoStatus(workflowId, error.message);
      throw error;
    }
  }

  async decide(workflowId: string, decision: Decision): Promise<DecisionAnswer> {
    const handle = this.#workflows.client.workflow.getHandle(workflowId);
    try {
      return await this.#answeredByWorker(
        PATIENCE_MS.decide,
        () => handle.executeUpdate(decide, { args: [decision] }),
        ' Temporal may have the decision, and it is then taken or refused as soon as a worker runs: look with `daytwo show`.',
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError)
        throw new Refused(`Refused: ${error.cause?.message ?? error.message}.`);
      if (error instanceof WorkflowNotFoundError) return { taken: false, why: 'it has ended' };
      throw error;
    }
  }

  hrEvent(event: HrEvent): Promise<void> {
    return this.#ask(() => this.#workflows.hrEvent(event));
  }

  isLeaving(employeeId: string): Promise<boolean> {
    return this.#ask(() => this.#workflows.isRunning(offboardingId(employeeId)));
  }

  leaveNow(employeeId: string, by: string, reason: string): Promise<boolean> {
    return this.#ask(() => this.#workflows.leaveNow(employeeId, by, reason));
  }

  callStarted(employeeId: string, by: string): Promise<boolean> {
    return this.#ask(() => this.#workflows.callStarted(employeeId, by));
  }

  successorNamed(employeeId: string, by: string, email: string): Promise<boolean> {
    return this.#ask(() => this.#workflows.successorNamed(employeeId, by, email));
  }

  seatFreed(pool: string): Promise<void> {
    return this.#ask(() => this.#workflows.seatFreed(pool));
  }

  startReclaim(input: Required<LicenceReclaimInput>): Promise<string> {
    return this.#ask(() => this.#workflows.startReclaim(input));
  }

  startTerritoryRun(input: Parameters<Engine['startTerritoryRun']>[0]): Promise<void> {
    return this.#ask(() => this.#workflows.startTerritoryRun(input));
  }

  startClose(input: { readonly period: string; readonly by: string }): Promise<void> {
    return this.#ask(() => this.#workflows.startClose(input));
  }

  startChange({ period, n }: { readonly period: string; readonly n: number }): Promise<void> {
    return this.#ask(() => this.#workflows.startChange({ period, n }));
  }

  close(): Promise<void> {
    return this.#workflows.close();
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    const answered = this.#waits(`Asking Temporal at ${this.#address}`);
    try {
      return await this.#workflows.client.withDeadline(Date.now() + PATIENCE_MS.ask, call);
    } catch (error) {
      throw this.#named(error);
    } finally {
      answered();
    }
  }

  async #answeredByWorker<T>(patienceMs: number, call: () => Promise<T>, more = ''): Promise<T> {
    const answered = this.#waits("Waiting for a worker's answer");
    try {
      return await this.#workflows.client.withDeadline(Date.now() + patienceMs, call);
    } catch (error) {
      const silent =
        error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
        [GRPC.deadline, GRPC.precondition, GRPC.cancelled].includes(codeOf(error) ?? -1);
      // The same code stands for a Temporal that is away; a short look tells the two apart.
      if (silent && (await this.#workflows.reachable())) throw new NoWorker(patienceMs / 1000, more);
      throw silent ? new TemporalAway(this.#address, 'no answer in time') : this.#named(error);
    } finally {
      answered();
    }
  }

  /** One line says what is waited for, however many calls are under way. */
  #waits(what: string): () => void {
    this.#waiting += 1;
    this.#waitingLine ??= live(what);
    return () => {
      this.#waiting -= 1;
      if (this.#waiting > 0) return;
      this.#waitingLine?.clear();
      this.#waitingLine = undefined;
    };
  }

  #named(error: unknown): unknown {
    const code = codeOf(error);
    if (code === GRPC.unavailable) return new TemporalAway(this.#address, 'nothing listens there');
    if (code === GRPC.deadline || code === GRPC.cancelled)
      return new TemporalAway(this.#address, 'no answer in time');
    if (code === GRPC.invalid && error instanceof ServiceError)
      return new Refused(`Temporal refused the question: ${detailsOf(error)}.`);
    return error;
  }
}

function codeOf(error: unknown): number | undefined {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) ? cause.code : undefined;
}

const detailsOf = (error: ServiceError): string =>
  isGrpcServiceError(error.cause) ? error.cause.details : error.message;

type Described = Pick<
  WorkflowExecutionInfo,
  'typedSearchAttributes' | 'workflowId' | 'runId' | 'startTime' | 'status'
> & { readonly closeTime?: Date | undefined };

function runningOf(info: Described): Running {
  const attributes = info.typedSearchAttributes;
  return {
    workflowId: info.workflowId,
    runId: info.runId,
    kind: attributes.get(KIND) ?? '',
    state: attributes.get(STATE) ?? '',
    employeeId: attributes.get(EMPLOYEE) ?? null,
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? null,
    execution: info.status.name,
  };
}

function described(description: WorkflowExecutionDescription): Running {
  const retried = (description.raw.pendingActivities ?? []).flatMap(({ activityType, attempt }) =>
    attempt && attempt > 1 ? [{ activity: activityType?.name ?? '', attempt }] : [],
  );
  return { ...runningOf(description), retried };
}

/** How far each activity that runs has come, as its newest heartbeat says; sealed like every payload. */
async function progressOf(
  { raw }: WorkflowExecutionDescription,
  converter: LoadedDataConverter,
): Promise<readonly Progress[]> {
  const found: Progress[] = [];
  for (const { activityType, heartbeatDetails } of raw.pendingActivities ?? []) {
    const payloads = heartbeatDetails?.payloads;
    if (!payloads?.length) continue;
    const [details] = (await decodeArrayFromPayloads(converter, payloads)) as [unknown];
    const read = PROGRESS.safeParse(details);
    if (read.success) found.push({ activity: activityType?.name ?? '', ...read.data });
  }
  return found;
}

const PROGRESS = z.object({ done: z.number(), of: z.number() });

/** Temporal's list filter. Values are quoted with what could end the quotes taken out: no id or state holds that. */
function visibilityQuery({ kinds, states, employeeId, ended }: Wanted): string {
  const among = (name: string, values: readonly string[]): string =>
    `${name} IN (${values.map(quoted).join(', ')})`;
  return [
    among(KIND.name, kinds),
    ...(states ? [among(STATE.name, states)] : []),
    ...(employeeId === undefined ? [] : [`${EMPLOYEE.name} = ${quoted(employeeId)}`]),
    ...(ended ? [] : ["ExecutionStatus = 'Running'"]),
  ].join(' AND ');
}

const quoted = (value: string): string => `'${value.replace(/['"\\`]/g, '')}'`;
