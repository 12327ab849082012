import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessActivities } from '../../src/activities/access';
import { accountReviewActivities } from '../../src/activities/account-review';
import { closeActivities } from '../../src/activities/close';
import { deskActivities, type DeskReport } from '../../src/activities/desk';
import { takingActivities } from '../../src/activities/leaver-taking';
import { leavingActivities } from '../../src/activities/leaving';
import { moveActivities } from '../../src/activities/moves';
import { onboardingActivities } from '../../src/activities/onboarding';
import type { OpenedRequest } from '../../src/activities/request-opening';
import { periodChangeActivities } from '../../src/activities/period-change';
import { progressActivities } from '../../src/activities/progress';
import { reclaimActivities } from '../../src/activities/reclaim';
import { seatActivities } from '../../src/activities/seats';
import { territoryLiveActivities } from '../../src/activities/territory-live';
import { territoryRunActivities } from '../../src/activities/territory-run';
import { watchActivities } from '../../src/activities/watch';
import type { World } from '../../src/activities/world';
import { applyAll, newRequest, type Fact, type RequestState } from '../../src/domain/access-request';
import type { DeskMessage } from '../../src/domain/desk-acts';
import type { Handbook } from '../../src/domain/handbook';
import type { PersonFacts } from '../../src/domain/hr-event';
import type { AccessRequestInput } from '../../src/domain/request-start';
import type { Outcome } from '../../src/domain/outcome';
import { openStore, type Store } from '../../src/evidence';
import type { LogEntry } from '../../src/sandbox/http';
import type { Connector } from '../../src/systems/connector';
import { GitlabDesk } from '../../src/systems/gitlab';
import { Mailer } from '../../src/systems/mail';
import { OktaGroups } from '../../src/systems/okta';
import { Salesforce } from '../../src/systems/salesforce';
import { ScimUsers } from '../../src/systems/scim';
import { accountExecutive, Desk } from '../support/desk';
import { handbook as sample, Systems } from '../systems/fixture';
import type { Activities } from '../workflows/stage';

/** Sign-ins, and several queries in one request. */
const READS = /\/oauth2\/|\/composite$/;
const quiet = new DefaultLogger('ERROR', () => undefined);

/** What workflows were told, in place of a Temporal server. */
export class ToldWorkflows {
  readonly told: string[] = [];
  readonly started: string[] = [];
  /** Requests that people filed, as they were started. */
  readonly filed: AccessRequestInput[] = [];
  /** What requests were started with. */
  readonly plans: AccessRequestInput[] = [];
  /** What HR said of leavings. */
  readonly leavings: Parameters<World['hints']['leaving']>[0][] = [];
  running = new Set<string>();
  requests: readonly string[] = [];

  readonly hints: World['hints'] = {
    issueChanged: (id, { project, iid }) => Promise.resolve(this.#tell(id, `${project}#${iid}`)),
    configChanged: (id, digest) => Promise.resolve(this.#tell(id, digest)),
    isRunning: (id) => Promise.resolve(this.running.has(id)),
    requestsOf: () => Promise.resolve(this.requests),
    startRequest: (input) => {
      const { project, iid } = input.ref;
      this.plans.push(input);
      if (input.plan.filed?.order === 'filed') {
        this.filed.push(input);
        this.running.add(`access-request/${project}/${iid}`);
      } else this.started.push(`${project}#${iid}`);
      return Promise.resolve();
    },
    cancel: (id, { by, reason }) => Promise.resolve(this.#tell(id, `cancelled by ${by}: ${reason}`)),
    leaving: (event) => {
      this.leavings.push(event);
      return Promise.resolve();
    },
    startClose: ({ period }) => {
      this.running.add(`close/${period}`);
      return Promise.resolve();
    },
    startChange: ({ period, n }) => {
      this.running.add(`close/${period}/change/${n}`);
      return Promise.resolve();
    },
    startReview: ({ accountId }) => {
      this.running.add(`account-review/${accountId}`);
      return Promise.resolve();
    },
    accountChanged: (id) => Promise.resolve(this.#tell(id, 'account changed')),
    startTerritoryRun: ({ run }) => {
      this.running.add(`tsp/${run}`);
      return Promise.resolve();
    },
    territoryRuns: () =>
      Promise.resolve(
        [...this.running].flatMap((id) => (id.startsWith('tsp/') ? [id.slice('tsp/'.length)] : [])),
      ),
    runLate: (id, { step, fault }) => Promise.resolve(this.#tell(id, `late: ${step}, ${fault}`)),
    leaverChanged: (id) => Promise.resolve(this.#tell(id, 'changed')),
    personLeft: (id, reason) => Promise.resolve(this.#tell(id, `left: ${reason}`)),
    seatOffered: (id, tasks) => Promise.resolve(this.#tell(id, `seat for ${tasks.join(', ')}`)),
    seatWanted: (pool) => {
      this.told.push(`${pool} wanted`);
      return Promise.resolve();
    },
    seatFreed: (pool) => {
      this.told.push(`${pool} freed`);
      return Promise.resolve();
    },
  };

  #tell(id: string, what: string): boolean {
    if (this.running.has(id)) this.told.push(`${id} ${what}`);
    return this.running.has(id);
  }
}

/** The real activities with the real clients and a store of their own, against the sandbox over HTTP. */
export class Ground {
  handbook: Handbook = sample;
  workflows = new ToldWorkflows();
  /** As where a worker is to end. */
  stopping: AbortSignal | undefined;
  /** As where Parquet and changes of runs are kept; none, if not said otherwise. */
  keepsSnapshots = false;
  /** As where the configuration has a history. */
  edits: World['edits'];
  /** As where no mail is set up. */
  withoutMail = false;
  #world: World;

  private constructor(
    readonly systems: Systems,
    private readonly storeDir: string,
    private store_: Store,
  ) {
    this.#world = this.#newWorld();
  }

  static async start(): Promise<Ground> {
    const [systems, dir] = [await Systems.start(), mkdtempSync(join(tmpdir(), 'daytwo-activities-'))];
    return new Ground(systems, dir, await openStore({ stateDir: join(dir, '0'), databaseUrl: null }));
  }

  async stop(): Promise<void> {
    await this.store.close();
    await this.systems.stop();
    rmSync(this.storeDir, { recursive: true, force: true });
  }

  /** As on the first day: the sandbox's seed, an empty store, the sample handbook. */
  async reset(): Promise<void> {
    await this.systems.reset();
    await this.store.close();
    const stateDir = mkdtempSync(join(this.storeDir, 'store-'));
    this.store_ = await openStore({ stateDir, databaseUrl: null });
    this.handbook = sample;
    this.workflows = new ToldWorkflows();
    this.stopping = undefined;
    this.withoutMail = false;
    this.edits = undefined;
    this.#world = this.#newWorld();
  }

  get world(): World {
    if (!this.stopping && !this.withoutMail && !this.keepsSnapshots && !this.edits) return this.#world;
    return {
      ...this.#world,
      ...(this.edits ? { edits: this.edits } : {}),
      ...(this.stopping ? { stopping: this.stopping } : {}),
      ...(this.withoutMail ? { mailer: null } : {}),
      ...(this.keepsSnapshots ? { snapshotDir: join(this.storeDir, 'snapshots') } : {}),
    };
  }
  get store(): Store {
    return this.store_;
  }
  get projects(): World['projects'] {
    const { accessRequestsProject, employmentProject } = this.systems.files.gitlab;
    return { accessRequests: accessRequestsProject, employment: employmentProject };
  }

  /** What people do in a project, each with their own token. */
  desk(project = this.projects.accessRequests): Desk {
    return new Desk({ sandbox: this.systems.files }, project);
  }

  /** One try of one activity. A repeated try gives the same input. */
  run<Name extends keyof Activities>(
    name: Name,
    input: Parameters<Activities[Name]>[0],
    info: Partial<Info> = {},
  ): ReturnType<Activities[Name]> {
    const activities: Activities = {
      ...accessActivities(this.world),
      ...accountReviewActivities(this.world),
      ...closeActivities(this.world),
      ...periodChangeActivities(this.world),
      ...deskActivities(this.world),
      ...leavingActivities(this.world),
      ...moveActivities(this.world),
      ...onboardingActivities(this.world),
      ...progressActivities(this.world),
      ...reclaimActivities(this.world),
      ...seatActivities(this.world),
      ...takingActivities(this.world),
      ...territoryLiveActivities(this.world),
      ...territoryRunActivities(this.world),
      ...watchActivities(this.world),
    };
    const one = activities[name] as (given: typeof input) => Promise<DeskReport>;
    const env = new MockActivityEnvironment(info, { logger: quiet });
    return env.run(one, input) as unknown as ReturnType<Activities[Name]>;
  }

  /** What `act` made the systems do: every request that isn't a read. */
  async changes(act: () => Promise<unknown>): Promise<readonly LogEntry[]> {
    const seen = await this.systems.watch();
    await act();
    return (await seen()).filter(({ method, path }) => method !== 'GET' && !READS.test(path));
  }

  /** Every row of the evidence, oldest first. */
  async evidence(): Promise<{ kind: string; actor: string; what: string }[]> {
    const rows = await this.store.rowsAfter(0);
    return rows.map(({ kind, actor, detail }) => ({ kind, actor, what: String(detail.what) }));
  }

  /** Begins a hire whose day two was days ago; their request is open. */
  async opened(employeeId = '104711', facts: Partial<PersonFacts> = {}): Promise<Request> {
    const hire = accountExecutive(employeeId, facts);
    const begun = await this.run('beginOnboarding', {
      employeeId,
      facts: hire,
      now: new Date().toISOString(),
    });
    if (begun.kind !== 'opened') throw new Error(`the hire is ${begun.kind}`);
    return new Request(this, begun);
  }

  #newWorld(): World {
    const { gitlab, mailbox } = this.systems.files;
    return {
      handbook: () => this.handbook,
      gitlab: new GitlabDesk({ url: gitlab.url, token: this.#botToken() }),
      connector: (connection) => this.#connector(connection),
      store: this.store,
      mailer: new Mailer({ url: mailbox.smtp, from: 'daytwo@localhost' }),
      projects: this.projects,
      hints: this.workflows.hints,
    };
  }

  #connector(connection: string): Connector {
    const { salesforce, okta, scim } = this.systems.files;
    if (connection === 'salesforce') return new Salesforce(salesforce);
    if (connection === 'okta') return new OktaGroups(okta);
    const name = connection.replace(/^scim\//, '');
    const server = scim.find(({ system }) => system.toUpperCase().replace(/-/g, '_') === name);
    if (!server) throw new Error(`no SCIM server\n${name}_SCIM_URL is missing`);
    return new ScimUsers({ connection: name, url: server.url, token: server.token });
  }

  #botToken(): string {
    const bot = this.systems.files.gitlab.users.find(({ username }) => username === BOT);
    if (!bot) throw new Error('the sandbox has no bot');
    return bot.token;
  }
}

export const BOT = 'daytwo-bot';

/** One open request, as its workflow would lead it: it keeps the facts that each visit finds. */
export class Request {
  state: RequestState;

  constructor(
    private readonly ground: Ground,
    readonly opened: OpenedRequest,
  ) {
    this.state = newRequest(opened.ref, opened.plan, opened.openedAt);
  }

  get iid(): number {
    return this.state.ref.iid;
  }

  /** Visits the desk and keeps what was found. */
  async visit(...messages: DeskMessage[]): Promise<DeskReport> {
    const report = await this.look(...messages);
    this.state = applyAll(this.state, report.facts);
    return report;
  }

  /** The same at another time than now. */
  async visitAt(now: string): Promise<DeskReport> {
    const report = await this.ground.run('workDesk', { state: this.state, messages: [], now });
    this.state = applyAll(this.state, report.facts);
    return report;
  }

  /** Visits the desk as an activity does whose answer is then lost: nothing is kept. */
  look(...messages: DeskMessage[]): Promise<DeskReport> {
    return this.ground.run('workDesk', { state: this.state, messages, now: new Date().toISOString() });
  }

  /** What came of a task in the meantime. */
  happened(task: string, outcome: Outcome): void {
    this.state = applyAll(this.state, [{ kind: 'outcome', task, outcome, at: new Date().toISOString() }]);
  }

  /** What came to its workflow without a visit. */
  hears(fact: Fact): void {
    this.state = applyAll(this.state, [fact]);
  }

  /** HR takes the hire back before anything was granted; the request ends. */
  async takenBackByHr(): Promise<void> {
    const at = new Date().toISOString();
    const reason = 'HR took the hire back';
    this.state = applyAll(this.state, [
      { kind: 'cancelled', by: 'hris', channel: 'hris', at, reason, remove: true },
    ]);
    for (const { id } of this.state.plan.tasks)
      this.happened(id, { kind: 'not_applicable', reason: 'has no account' });
    await this.visit();
  }

  issue = () => this.ground.desk().issue(this.iid);
  comments = async (): Promise<string[]> =>
    (await this.ground.desk().notes(this.iid)).filter(({ system }) => !system).map(({ body }) => body);
}
