import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { HttpRequest } from 'jsforce';
import { join } from 'node:path';
import { accessActivities } from '../src/activities/access';
import type { World } from '../src/activities/world';
import type { Task } from '../src/domain/access-request';
import type { Connection } from '../src/domain/batches';
import type { Way } from '../src/domain/handbook';
import { openStore, type PersonRecord } from '../src/evidence';
import { readHandbook } from '../src/handbook';
import type { SandboxFile } from '../src/sandbox/files';
import type { Connector } from '../src/systems/connector';
import { OktaGroups } from '../src/systems/okta';
import { Salesforce } from '../src/systems/salesforce';
import { ScimUsers } from '../src/systems/scim';
import { recordSalesforce } from './crowd-floor';
import { GROUP, logOf, scimOf } from './crowd-sandbox';

/** Seats that came free, or are wanted, wake nobody here. */
const NOBODY_HEARS = { seatFreed: () => Promise.resolve(), seatWanted: () => Promise.resolve() };

const CROWD = { request: 'sales-ops/access-requests#1', version: 'bench' };

/** What came of it, and the requests that it took. */
export interface Alone {
  readonly ms: number;
  readonly sent: readonly HttpRequest[];
  readonly requests: number;
  readonly salesforce: number;
  readonly done: number;
}

/** The activities of one bulk request side by side, with evidence and read-back, without Temporal and without a desk. */
export async function grantAlone(
  sandbox: SandboxFile,
  people: readonly PersonRecord[],
  stateDir: string,
): Promise<Alone> {
  const store = await openStore({ stateDir, databaseUrl: null });
  try {
    for (const person of people) await store.putPerson(person);
    await store.crowd.putPeople(
      CROWD.request,
      CROWD.version,
      people.map(({ employeeId, email }, at) => ({ place: at + 1, employeeId, email, problem: null })),
    );
    const handbook = readHandbook(join(__dirname, '..', 'config'));
    const { grantAccess } = accessActivities({
      store,
      connector: connectorsOf(sandbox),
      handbook: () => handbook,
      hints: NOBODY_HEARS,
    } as unknown as World);
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
  ['okta', [task('group', { kind: 'okta-group', group: GROUP })]],
]);

function connectorsOf(sandbox: SandboxFile): (connection: string) => Connector {
  const known: Readonly<Record<string, Connector>> = {
    salesforce: new Salesforce(sandbox.salesforce),
    okta: new OktaGroups(sandbox.okta),
    'scim/RINGLEAD': new ScimUsers({ connection: 'RINGLEAD', ...scimOf(sandbox) }),
  };
  return (connection) => known[connection]!;
}
