import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { HrEvent } from '../../src/domain/hr-event';
import { openStore, type Store } from '../../src/evidence';
import { createLog } from '../../src/logging';
import {
  createMetrics,
  startServer,
  type Inbox,
  type RunningServer,
  type ServerParts,
} from '../../src/server';
import { readSettings, type Environment } from '../../src/settings';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** Temporal as the server sees it: takes what comes, or is away. */
export class RecordingInbox implements Inbox {
  readonly events: HrEvent[] = [];
  readonly accounts: (readonly string[])[] = [];
  readonly changed: (readonly string[])[] = [];
  readonly hints: { project: string; iid: number }[] = [];
  mood: 'there' | 'away' | 'silent' = 'there';
  /** Resolves what was asked for while it was silent. */
  release: () => void = () => undefined;

  hrEvent(event: HrEvent): Promise<void> {
    return this.#answer(() => this.events.push(event));
  }
  issueHint(hint: { project: string; iid: number }): Promise<void> {
    return this.#answer(() => this.hints.push(hint));
  }
  recordsChanged(ids: readonly string[]): Promise<void> {
    return this.#answer(() => this.changed.push(ids));
  }
  accountsChanged(ids: readonly string[]): Promise<void> {
    return this.#answer(() => this.accounts.push(ids));
  }
  reachable(): Promise<boolean> {
    return Promise.resolve(this.mood === 'there');
  }
  async #answer(take: () => void): Promise<void> {
    if (this.mood === 'away') throw Object.assign(new Error('14 UNAVAILABLE: ada@example.com'), { code: 14 });
    if (this.mood === 'silent') await new Promise<void>((resolve) => (this.release = resolve));
    take();
  }
}

/** A running server on a free port, with a store of its own. */
export class Bench {
  private constructor(
    readonly dir: string,
    readonly store: Store,
    readonly server: RunningServer,
    readonly inbox: RecordingInbox,
    readonly logged: string[],
    readonly hrisSecret: string,
    readonly gitlabSecret: string,
    readonly salesforceSecret: string,
  ) {}

  static async start(env: Environment = {}, parts: Partial<ServerParts> = {}): Promise<Bench> {
    const dir = mkdtempSync(join(tmpdir(), 'daytwo-server-'));
    const hrisSecret = secret();
    const gitlabSecret = secret();
    const salesforceSecret = secret();
    const settings = readSettings(
      {
        PORT: '0',
        DAYTWO_STATE_DIR: dir,
        HRIS_WEBHOOK_SECRET: hrisSecret,
        SALESFORCE_WEBHOOK_SECRET: salesforceSecret,
        GITLAB_WEBHOOK_SIGNING_TOKEN: gitlabSecret,
        GITLAB_ACCESS_REQUESTS_PROJECT: 'acme/access-requests',
        GITLAB_EMPLOYMENT_PROJECT: 'acme/employment',
        GITLAB_BOT_USERNAME: 'daytwo-bot',
        ...env,
      },
      'server',
    );
    const store = await openStore(settings);
    const logged: string[] = [];
    const log = createLog({
      level: 'trace',
      destination: { write: (line: string) => void logged.push(line) },
    });
    const inbox = new RecordingInbox();
    const server = await startServer({
      settings,
      store,
      temporal: inbox,
      log,
      metrics: createMetrics(store),
      patienceMs: 200,
      ...parts,
    });
    return new Bench(dir, store, server, inbox, logged, hrisSecret, gitlabSecret, salesforceSecret);
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.store.close();
    rmSync(this.dir, { recursive: true });
  }

  post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.server.url + path, { method: 'POST', body, headers });
  }

  /** Posts as the HR system does; `at` is the signature's time. */
  hris(event: unknown, at = new Date()): Promise<Response> {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    return this.post('/hooks/hris', body, signed(this.hrisSecret, body, at));
  }

  gitlab(payload: unknown, at = new Date()): Promise<Response> {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return this.post('/hooks/gitlab', body, signed(this.gitlabSecret, body, at));
  }

  salesforce(event: unknown, at = new Date()): Promise<Response> {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    return this.post('/hooks/salesforce', body, signed(this.salesforceSecret, body, at));
  }

  async metric(line: string): Promise<string | undefined> {
    const text = await (await fetch(`${this.server.url}/metrics`)).text();
    return text.split('\n').find((candidate) => candidate.startsWith(line));
  }
}

let messages = 0;
export function signed(key: string, body: string, at: Date): Record<string, string> {
  const id = `msg_${(messages += 1)}`;
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, body),
  };
}

let events = 0;
export const hired = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  event_id: `event-${(events += 1)}`,
  type: 'employee.hired',
  employee_id: '104711',
  email: 'ada.private@example.com',
  name: 'Ada Lovelace-Private',
  title: 'Senior Account Executive',
  specialty: null,
  department: 'Enterprise Sales',
  division: 'Sales',
  entity: 'Inc',
  country: 'US',
  region: 'Americas',
  time_zone: 'America/New_York',
  manager_email: 'grace.private@example.com',
  start_date: '2026-11-23',
  ...changes,
});
