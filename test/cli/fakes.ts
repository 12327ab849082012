import colours from 'picocolors';
import type { Engine, Running, Wanted } from '../../src/cli/engine';
import type { Surroundings } from '../../src/cli/surroundings';
import type { HrEvent } from '../../src/domain/hr-event';
import type { Decision, DecisionAnswer } from '../../src/workflows/messages';

/** A place to call the command from, which keeps what was said. */
export class Reader implements Surroundings {
  readonly said: string[] = [];
  readonly complained: string[] = [];
  readonly colours = colours.createColors(false);
  readonly terminal = false;
  readonly zone = 'Europe/Berlin';
  readonly #ended = new AbortController();
  readonly signal = this.#ended.signal;
  pauses = 0;

  constructor(
    readonly env: Surroundings['env'] = {},
    private readonly input = '',
  ) {}

  out(line: string): void {
    this.said.push(line);
  }
  err(line: string): void {
    this.complained.push(line);
  }
  stdin(): Promise<Buffer> {
    return Promise.resolve(Buffer.from(this.input));
  }
  now(): Date {
    return new Date('2026-11-24T12:00:00Z');
  }
  /** What the reader answers; nobody is there to answer where nothing is set. */
  answer: string | null = null;
  ask(): Promise<string | null> {
    return Promise.resolve(this.answer);
  }
  pause(): Promise<void> {
    this.pauses += 1;
    return Promise.resolve();
  }
  hasEnough(): void {
    this.#ended.abort();
  }
  get text(): string {
    return this.said.join('\n');
  }
  get complaints(): string {
    return this.complained.join('\n');
  }
}

export const running = (workflowId: string, change: Partial<Running> = {}): Running => ({
  workflowId,
  runId: `run-of-${workflowId}`,
  kind: workflowId.split('/')[0] ?? '',
  state: 'in_progress',
  employeeId: '104711',
  startedAt: '2026-11-24T04:00:00.000Z',
  closedAt: null,
  execution: 'RUNNING',
  ...change,
});

/** Temporal as the command sees it. */
export class FakeEngine implements Engine {
  readonly decided: { workflowId: string; decision: Decision }[] = [];
  readonly events: HrEvent[] = [];
  readonly asked: string[] = [];
  answer: DecisionAnswer = { taken: true, why: null };
  /** Thrown where Temporal or a worker is away. */
  away: Error | null = null;
  /** Thrown by the first process that is asked how it stands. */
  stuck: Error | null = null;

  constructor(
    readonly processes: readonly Running[],
    readonly statuses: Readonly<Record<string, unknown>> = {},
  ) {}

  list(wanted: Wanted, limit: number): Promise<{ found: readonly Running[]; total: number }> {
    const found = this.processes.filter(
      (process) =>
        wanted.kinds.includes(process.kind) &&
        (wanted.states?.includes(process.state) ?? true) &&
        (wanted.employeeId === undefined || wanted.employeeId === process.employeeId) &&
        (wanted.ended === true || process.execution === 'RUNNING'),
    );
    return Promise.resolve({ found: found.slice(0, limit), total: found.length });
  }
  find(workflowId: string): Promise<Running | null> {
    return Promise.resolve(this.processes.find((process) => process.workflowId === workflowId) ?? null);
  }
  status({ workflowId }: { workflowId: string }): Promise<unknown> {
    this.asked.push(workflowId);
    if (this.stuck && workflowId === this.processes[0]?.workflowId) return Promise.reject(this.stuck);
    return this.away ? Promise.reject(this.away) : Promise.resolve(this.statuses[workflowId]);
  }
  decide(workflowId: string, decision: Decision): Promise<DecisionAnswer> {
    if (this.away) return Promise.reject(this.away);
    this.decided.push({ workflowId, decision });
    return Promise.resolve(this.answer);
  }
  /** Employee ids of those who leave. */
  readonly leaving = new Set<string>();
  readonly told: string[] = [];
  isLeaving(employeeId: string): Promise<boolean> {
    return Promise.resolve(this.leaving.has(employeeId));
  }
  leaveNow(employeeId: string, by: string, reason: string): Promise<boolean> {
    return this.#tell(employeeId, `now by ${by}: ${reason}`);
  }
  callStarted(employeeId: string, by: string): Promise<boolean> {
    return this.#tell(employeeId, `call by ${by}`);
  }
  successorNamed(employeeId: string, by: string, email: string): Promise<boolean> {
    return this.#tell(employeeId, `successor by ${by}: ${email}`);
  }
  #tell(employeeId: string, what: string): Promise<boolean> {
    this.told.push(`${employeeId} ${what}`);
    return Promise.resolve(this.leaving.has(employeeId));
  }
  hrEvent(event: HrEvent): Promise<void> {
    if (this.away) return Promise.reject(this.away);
    this.events.push(event);
    return Promise.resolve();
  }
  readonly pools: string[] = [];
  seatFreed(pool: string): Promise<void> {
    if (this.away) return Promise.reject(this.away);
    this.pools.push(pool);
    return Promise.resolve();
  }
  readonly reclaims: object[] = [];
  readonly closes: { readonly period: string; readonly by: string }[] = [];
  startChange({ period, n }: { readonly period: string; readonly n: number }): Promise<void> {
    this.changes.push(`${period}/change/${n}`);
    return Promise.resolve();
  }
  readonly changes: string[] = [];
  readonly runs: Parameters<Engine['startTerritoryRun']>[0][] = [];
  startTerritoryRun(input: Parameters<Engine['startTerritoryRun']>[0]): Promise<void> {
    this.runs.push(input);
    return Promise.resolve();
  }
  startClose(input: { readonly period: string; readonly by: string }): Promise<void> {
    this.closes.push(input);
    return Promise.resolve();
  }
  startReclaim(input: { quarter: string }): Promise<string> {
    if (this.away) return Promise.reject(this.away);
    this.reclaims.push(input);
    return Promise.resolve(`reclaim/${input.quarter}`);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const issue = {
  project: 'sales-ops/access-requests',
  iid: 12,
  url: 'https://gitlab.example/sales-ops/access-requests/-/issues/12',
};

export const hireStatus = (step: object, change: object = {}): object => ({
  kind: 'onboarding',
  employeeId: '104711',
  startDate: '2026-11-23',
  step,
  rescinded: false,
  since: '2026-11-24T04:00:00.000Z',
  ...change,
});
