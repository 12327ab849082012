import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox';
import type { Fault, LogEntry } from '../../src/sandbox/http';
import type { Begin, GrantItem, GrantPerson, RequestedAccess } from '../../src/systems/connector';
import { sampleHandbook } from '../handbook/sample';

export const handbook = sampleHandbook();

/** The sandbox with the sample handbook, over HTTP on free ports; seen and steered at its control address. */
export class Systems {
  private constructor(
    readonly sandbox: Sandbox,
    readonly stateDir: string,
  ) {}

  static async start(): Promise<Systems> {
    const stateDir = mkdtempSync(join(tmpdir(), 'daytwo-systems-'));
    return new Systems(await startSandbox({ stateDir, handbook, ports: 'any' }), stateDir);
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  get files() {
    return this.sandbox.files;
  }

  async reset(): Promise<void> {
    await this.#control('POST', '/reset');
  }

  async fault(fault: Omit<Fault, 'id'>): Promise<void> {
    await this.#control('POST', '/faults', fault);
  }

  /** No fault strikes any more. */
  async mend(): Promise<void> {
    await this.#control('DELETE', '/faults');
  }

  /** What the systems were asked from now on, as the function returned then tells. */
  async watch(): Promise<() => Promise<readonly LogEntry[]>> {
    const seen = (await this.#log()).at(-1)?.seq ?? 0;
    return async () => (await this.#log()).filter((entry) => entry.seq > seen);
  }

  /** An administrator's hand in the sandbox's Salesforce. */
  async salesforce(method: 'PATCH' | 'POST', path: string, body: unknown = {}): Promise<void> {
    await call(method, `${this.files.salesforce.loginUrl}/__sandbox${path}`, body);
  }

  async #log(): Promise<LogEntry[]> {
    return (await (await fetch(`${this.files.control.url}/log`)).json()) as LogEntry[];
  }

  #control(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> {
    return call(method, `${this.files.control.url}${path}`, body);
  }
}

async function call(method: string, url: string, body?: unknown): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
}

export const person = (changes: Partial<GrantPerson> = {}): GrantPerson => ({
  employeeId: '104711',
  email: 'ada.example@daytwo.example',
  name: 'Ada Example',
  title: 'Senior Account Executive',
  department: 'Enterprise Sales',
  division: 'Sales',
  timeZone: 'America/New_York',
  managerEmail: 'dana.whitfield@daytwo.example',
  ...changes,
});

/** Asked for the first time. */
export const item = (id: string, access: RequestedAccess, who: GrantPerson = person()): GrantItem => ({
  id,
  person: who,
  access,
  ours: false,
});

/** Keeps in `begun` what a connector writes down before a change. */
export const begin: Begin = (items) => {
  begun.push(...items.map(({ id, before }) => `${id}: ${before}`));
  return Promise.resolve();
};

/** What connectors said of how it stood before they changed it. */
export const begun: string[] = [];

/** The same again, by one who knows that it was begun before. */
export const again = (one: GrantItem): GrantItem => ({ ...one, ours: true });
