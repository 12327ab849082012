import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Connection, type HttpRequest } from 'jsforce';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takingActivities } from '../src/activities/leaver-taking';
import { leavingActivities } from '../src/activities/leaving';
import type { World } from '../src/activities/world';
import { connectorOf } from '../src/demo/by-hand';
import type { Handbook } from '../src/domain/handbook';
import type { LeaverCase, LeavingAction } from '../src/domain/leaving';
import { openStore, type PersonRecord, type Store } from '../src/evidence';
import type { SandboxFile } from '../src/sandbox/files';
import type { Connector } from '../src/systems/connector';
import { sandboxOn } from './crowd-sandbox';
import { leavingOf, settleIn, type Book } from './leaver-people';

/** One request as it was sent: to which system, and what. */
interface Sent {
  readonly lane: string;
  readonly method: string;
  /** Without the address of the system. */
  readonly path: string;
  readonly body: string | null;
}

/** How long freezing, handing over and deactivating takes without Temporal, and the same requests without daytwo. */
export interface LeaverAlone {
  readonly aloneMs: number;
  readonly straightMs: number;
  readonly requests: number;
}

/**
 * The activities of one leaver until the user is deactivated, on a sandbox of their own; then the same requests sent straight to another one
 * with the same state: each system's one after another as they were sent, the systems side by side.
 */
export async function leaveAlone(handbook: Handbook, person: PersonRecord, book: Book): Promise<LeaverAlone> {
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-leaver-'));
  const [first, second] = [join(dir, 'alone'), join(dir, 'straight')];
  try {
    await sandboxOn(first, (sandbox) => settleIn(sandbox, handbook, [person], book));
    cpSync(first, second, { recursive: true });
    const { sent, ms } = await sandboxOn(first, (sandbox) =>
      takenAlone(sandbox, handbook, person, join(dir, 'store')),
    );
    const straightMs = await sandboxOn(second, (sandbox) => sendAll(sandbox, sent));
    return { aloneMs: ms, straightMs, requests: sent.length };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const BOTH: readonly LeavingAction[] = ['admin_rights', 'sign_in'];

async function takenAlone(
  sandbox: SandboxFile,
  handbook: Handbook,
  person: PersonRecord,
  stateDir: string,
): Promise<{ readonly sent: readonly Sent[]; readonly ms: number }> {
  const store = await openStore({ stateDir, databaseUrl: null });
  try {
    await store.putPerson(person);
    const one = caseOf(handbook, person);
    await store.leavers.put(one);
    const world = worldOf(sandbox, handbook, store);
    const recorded = record(sandbox);
    const began = performance.now();
    const env = (): MockActivityEnvironment =>
      new MockActivityEnvironment(
        { workflowExecution: { workflowId: `offboarding/${person.employeeId}`, runId: 'r' } },
        { logger: new DefaultLogger('ERROR') },
      );
    const { leaving, timeZero: now } = one;
    await env().run(leavingActivities(world).freezeLeavers, {
      leaving,
      actions: BOTH,
      now,
    });
    await env().run(takingActivities(world).takeLeavers, { leaving, now });
    const { sent, deactivatedAt } = recorded.stop();
    if (deactivatedAt === null) throw new Error('nobody was deactivated');
    return { sent, ms: deactivatedAt - began };
  } finally {
    await store.close();
  }
}

function caseOf(handbook: Handbook, person: PersonRecord): LeaverCase {
  const now = new Date().toISOString();
  return {
    leaving: `${person.employeeId}/0a1b2c3d`,
    employeeId: person.employeeId,
    event: leavingOf(person, now.slice(0, 10)),
    phase: 'announced',
    timeZero: now,
    policyVersion: handbook.policies[0]?.effectiveFrom ?? '',
    frozenAt: null,
    takenAt: null,
    endedAt: null,
    issue: null,
    successor: null,
  };
}

/** Who would be told is nobody here. */
function worldOf(sandbox: SandboxFile, handbook: Handbook, store: Store): World {
  const known = new Map<string, Connector>();
  return {
    store,
    handbook: () => handbook,
    connector: (connection: string) => {
      const connector = known.get(connection) ?? connectorOf(sandbox, connection);
      known.set(connection, connector);
      return connector;
    },
    hints: {
      requestsOf: () => Promise.resolve([]),
      leaverChanged: () => Promise.resolve(false),
      seatFreed: () => Promise.resolve(),
    },
  } as unknown as World;
}

/** Where each system's paths begin. */
const lanesOf = ({ okta, scim }: SandboxFile): readonly (readonly [string, string])[] => [
  ['okta', okta.url],
  ...scim.map(({ system, url }) => [system, url] as const),
];

/** Remembers what is sent to the systems, until the answer in which the user is seen deactivated. */
function record(sandbox: SandboxFile): {
  stop(): { readonly sent: readonly Sent[]; readonly deactivatedAt: number | null };
} {
  const sent: Sent[] = [];
  let asked = false;
  let deactivatedAt: number | null = null;
  const { request } = Connection.prototype;
  const { fetch } = globalThis;
  Connection.prototype.request = async function <R>(
    this: Connection,
    one: string | HttpRequest,
    how?: object,
  ) {
    if (typeof one === 'string' || deactivatedAt !== null) return request.call(this, one, how) as Promise<R>;
    const body = typeof one.body === 'string' ? one.body : null;
    sent.push({ lane: 'salesforce', method: one.method, path: one.url, body });
    const answer = (await request.call(this, one, how)) as R;
    // The read after it is what tells that it is so.
    if (asked) deactivatedAt = performance.now();
    asked ||= body?.includes('"IsActive":false') ?? false;
    return answer;
  } as typeof request;
  globalThis.fetch = (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const lane = lanesOf(sandbox).find(([, base]) => url.startsWith(base));
    if (lane && deactivatedAt === null)
      sent.push({
        lane: lane[0],
        method: init?.method ?? 'GET',
        path: url.slice(lane[1].length),
        body: typeof init?.body === 'string' ? init.body : null,
      });
    return fetch(input, init);
  };
  return {
    stop: () => {
      Connection.prototype.request = request;
      globalThis.fetch = fetch;
      return { sent, deactivatedAt };
    },
  };
}

/** Milliseconds. */
async function sendAll(sandbox: SandboxFile, sent: readonly Sent[]): Promise<number> {
  const began = performance.now();
  const in_ = (lane: string): readonly Sent[] => sent.filter((one) => one.lane === lane);
  await Promise.all([
    toSalesforce(sandbox, in_('salesforce')),
    ...lanesOf(sandbox).map(async ([lane, base]) => {
      const token = sandbox.scim.find(({ system }) => system === lane)?.token;
      const key = token === undefined ? `SSWS ${sandbox.okta.token}` : `Bearer ${token}`;
      for (const { path, ...one } of in_(lane)) await send(`${base}${path}`, key, one);
    }),
  ]);
  return performance.now() - began;
}

async function toSalesforce({ salesforce }: SandboxFile, sent: readonly Sent[]): Promise<void> {
  const { loginUrl, instanceUrl, clientId, clientSecret, apiVersion } = salesforce;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const signIn = await fetch(`${loginUrl}/services/oauth2/token`, { method: 'POST', body: form });
  const { access_token: token } = (await signIn.json()) as { access_token: string };
  /** Pages of this sandbox's own answers: the recorded ones are the other one's. */
  const pages: string[] = [];
  for (const { path, ...one } of sent) {
    const next = /\/query\/[^?]/.test(path) ? pages.shift() : undefined;
    const url = next ?? (path.startsWith('/services/') ? path : `/services/data/v${apiVersion}${path}`);
    const text = await send(`${instanceUrl}${url}`, `Bearer ${token}`, one);
    pages.push(...[...text.matchAll(/"nextRecordsUrl":"([^"]+)"/g)].map(([, page]) => page ?? ''));
  }
}

async function send(
  url: string,
  authorization: string,
  { method, body }: { readonly method: string; readonly body: string | null },
): Promise<string> {
  const type = url.includes('scim') ? 'application/scim+json' : 'application/json';
  const answer = await fetch(url, {
    method,
    headers: { authorization, ...(body === null ? {} : { 'content-type': type }) },
    ...(body === null ? {} : { body }),
  });
  const text = await answer.text();
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text;
}
