import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { accessActivities } from '../src/activities/access';
import { recordOf, type World } from '../src/activities/world';
import type { Task } from '../src/domain/access-request';
import type { Connection } from '../src/domain/batches';
import type { Way } from '../src/domain/handbook';
import { openStore, type PersonRecord } from '../src/evidence';
import type { SandboxFile } from '../src/sandbox/files';
import type { LogEntry } from '../src/sandbox/http';
import type { Connector } from '../src/systems/connector';
import { OktaGroups } from '../src/systems/okta';
import { Salesforce } from '../src/systems/salesforce';
import { ScimUsers } from '../src/systems/scim';
import { sideBySide } from '../src/systems/side-by-side';
import { accountExecutive } from '../test/support/desk';
import { recordSalesforce, straight } from './crowd-floor';
import type { Figure } from './index';

const PEOPLE = 1000;
const GOAL_SALESFORCE = 60;
const GOAL_RATIO = 2;
const GROUP = 'okta-chorus-users';
const CROWD = { request: 'sales-ops/access-requests#1', version: 'bench' };

/**
 * What granting five systems to a thousand people takes: the activities of one bulk request side by side, with evidence and
 * read-back, beside the same requests sent straight to another fresh sandbox.
 */
export async function benchBulk(scale: number): Promise<{ temporal: string; figures: readonly Figure[] }> {
  const people = Array.from({ length: Math.max(1, Math.round(PEOPLE * scale)) }, (_, at) =>
    personOf(`b${at}`),
  );
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-bulk-'));
  try {
    const ours = await inSandbox(join(dir, 'ours'), people, (sandbox) =>
      granted(sandbox, people, join(dir, 'store')),
    );
    const floorMs = await inSandbox(join(dir, 'floor'), people, (sandbox) =>
      straight(sandbox, ours.sent, scimOf(sandbox), GROUP, people),
    );
    const ratio = Number((ours.ms / floorMs).toFixed(2));
    return {
      temporal: 'none: the activities alone',
      figures: [
        {
          figure: 'salesforce_requests',
          value: ours.salesforce,
          unit: 'requests',
          goal: GOAL_SALESFORCE,
          met: ours.salesforce <= GOAL_SALESFORCE,
          note: `users with role, profile and permission set, the Inbox and the LeanData licence, for ${people.length} people`,
        },
        { figure: 'requests', value: ours.requests, unit: 'requests', note: 'to all systems' },
        {
          figure: 'granted',
          value: ours.done,
          unit: 'tasks',
          goal: people.length * 5,
          met: ours.done === people.length * 5,
        },
        {
          figure: 'grant',
          value: Math.round(ours.ms),
          unit: 'ms',
          floor: Math.round(floorMs),
          note: 'wall time of the three activities; the floor is the same requests sent straight, with the same parallelism',
        },
        { figure: 'grant_ratio', value: ratio, unit: '× floor', goal: GOAL_RATIO, met: ratio <= GOAL_RATIO },
      ],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function personOf(id: string): PersonRecord {
  const { employee_id, ...facts } = accountExecutive(id);
  return recordOf(employee_id, facts, 'active', '2026-11-24T00:00:00.000Z');
}

async function granted(sandbox: SandboxFile, people: readonly PersonRecord[], stateDir: string) {
  const store = await openStore({ stateDir, databaseUrl: null });
  try {
    for (const person of people) await store.putPerson(person);
    await store.crowd.putPeople(
      CROWD.request,
      CROWD.version,
      people.map(({ employeeId, email }, at) => ({ place: at + 1, employeeId, email, problem: null })),
    );
    const { grantAccess } = accessActivities({ store, connector: connectorsOf(sandbox) } as unknown as World);
    const recorded = recordSalesforce();
    const seen = (await logOf(sandbox)).length;
    const began = performance.now();
    const results = await Promise.all(
      [...BATCHES].map(
        ([connection, tasks], at) =>
          new MockActivityEnvironment(
            { activityId: `${at}`, workflowExecution: { workflowId: 'access-request/bench', runId: 'r' } },
            { logger: new DefaultLogger('ERROR') },
          ).run(grantAccess, {
            ref: { project: 'sales-ops/access-requests', iid: 1, url: sandbox.gitlab.url },
            employeeId: '',
            crowd: CROWD,
            connection,
            tasks,
            tries: 5,
            approved: { policyVersion: '2026-01-01', templateDigest: 'bench' },
          }) as ReturnType<typeof grantAccess>,
      ),
    );
    const ms = performance.now() - began;
    recorded.stop();
    const log = (await logOf(sandbox)).slice(seen);
    return {
      ms,
      sent: recorded.sent,
      requests: log.length,
      salesforce: log.filter(({ system }) => system === 'salesforce').length,
      done: results
        .flatMap(({ counts }) => Object.values(counts ?? {}))
        .reduce((sum, { done }) => sum + done, 0),
    };
  } finally {
    await store.close();
  }
}

function task(
  id: string,
  way: Way,
  entitlement: Partial<Task['entitlement']> = {},
  after: readonly string[] = [],
): Task {
  return { id, system: id, name: id, way, entitlement: { system: id, ...entitlement }, after };
}

const BATCHES: ReadonlyMap<Connection, readonly Task[]> = new Map<Connection, readonly Task[]>([
  [
    'salesforce',
    [
      task(
        'salesforce',
        { kind: 'salesforce-user' },
        { profile: 'Sales User', role: 'Enterprise AE - Americas', permissionSets: ['Quoting_User'] },
      ),
      task(
        'salesforce-inbox',
        { kind: 'salesforce-psl', permissionSetLicense: 'Inbox', permissionSet: 'Inbox_User' },
        {},
        ['salesforce'],
      ),
      task('leandata', { kind: 'salesforce-package', namespace: 'LeanData' }, {}, ['salesforce']),
    ],
  ],
  ['scim/RINGLEAD', [task('ringlead', { kind: 'scim', connection: 'RINGLEAD' }, { role: 'User' })]],
  ['okta', [task('chorus', { kind: 'okta-group', group: GROUP })]],
]);

function connectorsOf(sandbox: SandboxFile): (connection: string) => Connector {
  const known: Readonly<Record<string, Connector>> = {
    salesforce: new Salesforce(sandbox.salesforce),
    okta: new OktaGroups(sandbox.okta),
    'scim/RINGLEAD': new ScimUsers({ connection: 'RINGLEAD', ...scimOf(sandbox) }),
  };
  return (connection) => known[connection]!;
}

const scimOf = (sandbox: SandboxFile): { url: string; token: string } =>
  sandbox.scim.find(({ system }) => system === 'ringlead')!;

const logOf = async ({ control }: SandboxFile): Promise<LogEntry[]> =>
  (await (await fetch(`${control.url}/log`)).json()) as LogEntry[];

/** A sandbox in a process of its own, with seats for all and everybody in the directory, until `act` has ended. */
async function inSandbox<T>(
  stateDir: string,
  people: readonly PersonRecord[],
  act: (sandbox: SandboxFile) => Promise<T>,
): Promise<T> {
  const child = spawn(process.execPath, [join(__dirname, '..', 'bin', 'daytwo.cjs'), 'sandbox'], {
    env: { ...process.env, NODE_ENV: 'development', DAYTWO_STATE_DIR: stateDir },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const file = join(stateDir, 'sandbox.json');
    for (const until = Date.now() + 60_000; !existsSync(file);) {
      if (Date.now() > until || child.exitCode !== null) throw new Error('the sandbox did not come up');
      await setTimeout(50);
    }
    const sandbox = JSON.parse(readFileSync(file, 'utf8')) as SandboxFile;
    await prepare(sandbox, people);
    return await act(sandbox);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function prepare({ salesforce, okta }: SandboxFile, people: readonly PersonRecord[]): Promise<void> {
  for (const name of ['Salesforce', 'Inbox', 'LeanData'])
    await post(`${salesforce.loginUrl}/__sandbox/licences`, 'PATCH', { name, total: people.length * 2 });
  await post(`${okta.url}/__sandbox/rate-limit`, 'PATCH', { perMinute: 1_000_000 });
  await sideBySide(people, ({ email }) =>
    post(
      `${okta.url}/api/v1/users`,
      'POST',
      { profile: { firstName: 'Robin', lastName: 'Sample', email, login: email } },
      { authorization: `SSWS ${okta.token}` },
    ),
  );
}

async function post(
  url: string,
  method: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}
