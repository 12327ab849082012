import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gitlab } from '@gitbeaker/rest';
import { Webhook } from 'standardwebhooks';
import type { Sandbox } from '../../src/sandbox';
import { cleanUp, sandbox, tokenOf } from './fixture';

const PROJECT = 'sales-ops/access-requests';
const SIGNING = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers with the given statuses in turn, then 200. */
class Receiver {
  readonly received: Received[] = [];
  readonly #waiting: { count: number; resolve: () => void }[] = [];
  readonly #server: Server;

  constructor(readonly statuses: number[] = []) {
    this.#server = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      req.on('end', () => {
        this.received.push({ headers: req.headers, body });
        res.statusCode = this.statuses.shift() ?? 200;
        res.end();
        for (const waiting of this.#waiting) if (this.received.length >= waiting.count) waiting.resolve();
      });
    });
  }
  listen(): Promise<string> {
    return new Promise((resolve) =>
      this.#server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`),
      ),
    );
  }
  until(count: number): Promise<void> {
    if (this.received.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

let world: Sandbox;
let receiver: Receiver;
const as = (username: string) =>
  new Gitlab({ host: world.files.gitlab.url, token: tokenOf(world, username) });
const fault = (body: unknown) =>
  fetch(`${world.files.control.url}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function hooked(statuses: number[] = []): Promise<{ id: number }> {
  receiver = new Receiver(statuses);
  const url = await receiver.listen();
  // The client knows no signing token yet, so the hook is made as curl would.
  const answer = await fetch(
    `${world.files.gitlab.url}/api/v4/projects/${encodeURIComponent(PROJECT)}/hooks`,
    {
      method: 'POST',
      headers: { 'PRIVATE-TOKEN': tokenOf(world, 'daytwo-bot'), 'content-type': 'application/json' },
      body: JSON.stringify({
        url,
        token: 'shared',
        signing_token: SIGNING,
        push_events: false,
        issues_events: true,
        confidential_issues_events: true,
        note_events: true,
      }),
    },
  );
  return (await answer.json()) as { id: number };
}

const show = async (id: number) =>
  (await as('daytwo-bot').ProjectHooks.show(PROJECT, id)) as unknown as Record<string, unknown>;

beforeEach(async () => {
  world = await sandbox();
});
afterEach(async () => {
  await cleanUp();
  receiver.close();
});

test('a webhook is signed as Standard Webhooks say, and names what changed', async () => {
  const hook = await hooked();
  const issue = await as('dana').Issues.create(PROJECT, 'Signed', { labels: 'SalesOpsAR::Action Needed' });
  await as('erin').Issues.edit(PROJECT, issue.iid, {
    addLabels: 'SalesOpsAR::In Progress',
    confidential: true,
  });
  await receiver.until(2);
  const [opened, updated] = receiver.received;
  if (!opened || !updated) throw new Error('two webhooks expected');
  const headers = updated.headers as Record<string, string>;
  const body = new Webhook(SIGNING).verify(updated.body, headers) as Record<string, unknown>;
  expect(headers['webhook-id']).toBe(headers['idempotency-key']);
  expect(headers).toMatchObject({ 'x-gitlab-event': 'Confidential Issue Hook', 'x-gitlab-token': 'shared' });
  expect(body).toMatchObject({
    object_kind: 'issue',
    user: { username: 'erin' },
    project: { path_with_namespace: PROJECT },
    object_attributes: { iid: issue.iid, action: 'update' },
    changes: {
      labels: {
        previous: [{ title: 'SalesOpsAR::Action Needed' }],
        current: [{ title: 'SalesOpsAR::In Progress' }],
      },
    },
  });
  expect(JSON.parse(opened.body)).toMatchObject({ object_attributes: { action: 'open' } });
  expect(await show(hook.id)).toMatchObject({
    alert_status: 'executable',
    signing_token_present: true,
    token_present: true,
  });
});

test('a delivery that fails is repeated with the same key, and in order', async () => {
  await hooked([500]);
  const issue = await as('dana').Issues.create(PROJECT, 'Repeated', {});
  await as('dana').IssueNotes.create(PROJECT, issue.iid, 'second');
  await receiver.until(3);
  const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
  expect(receiver.received.map(({ headers }) => headers['x-gitlab-event'])).toEqual([
    'Issue Hook',
    'Issue Hook',
    'Note Hook',
  ]);
});

test('four failures in a row switch a hook off for a while, a change switches it on again', async () => {
  const hook = await hooked([500, 500, 500, 500]);
  await as('dana').Issues.create(PROJECT, 'Refused', {});
  await receiver.until(4);
  let stored = await show(hook.id);
  while (stored['alert_status'] !== 'temporarily_disabled') stored = await show(hook.id);
  expect(Date.parse(String(stored['disabled_until']))).toBeGreaterThan(Date.now());
  await as('dana').Issues.create(PROJECT, 'Nobody hears of it', {});
  const { url } = stored as { url: string };
  await as('daytwo-bot').ProjectHooks.edit(PROJECT, hook.id, url, { issuesEvents: true });
  expect(await show(hook.id)).toMatchObject({ alert_status: 'executable', disabled_until: null });
  await as('dana').Issues.create(PROJECT, 'Heard', {});
  await receiver.until(5);
  expect(receiver.received.at(-1)?.body).toContain('Heard');
});

test('webhooks are dropped and repeated where a fault says so', async () => {
  await hooked();
  await fault([
    { system: 'gitlab', kind: 'drop-webhook', count: 1 },
    { system: 'gitlab', kind: 'repeat-webhook', count: 1 },
  ]);
  for (const title of ['dropped', 'doubled', 'plain']) await as('dana').Issues.create(PROJECT, title, {});
  await receiver.until(3);
  const titles = receiver.received.map(
    ({ body }) => (JSON.parse(body) as { object_attributes: { title: string } }).object_attributes.title,
  );
  expect(titles).toEqual(['doubled', 'doubled', 'plain']);
});
