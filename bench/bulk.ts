import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { live } from '../scripts/lib/progress.cjs';
import type { RequestStatus } from '../src/domain/request-status';
import type { PersonRecord } from '../src/evidence';
import type { LogEntry } from '../src/sandbox/http';
import { requestId } from '../src/temporal/client';
import { countActions, inWords, totalOf, type Actions } from './actions';
import { grantAlone, type Alone } from './crowd-alone';
import { straight } from './crowd-floor';
import { GROUP, inSandbox, personOf, prepare, scimOf } from './crowd-sandbox';
import { emptyMs } from './empty';
import type { Figure } from './index';
import { file, filledIn, looked, RATES_LIFTED, withProduct, type Product } from './product';
import { loadNow, requestsInWords } from './run-figures';

const PEOPLE = 1000;
const GOAL_ACTIONS = 100;
const GOAL_SALESFORCE = 60;
const GOAL_RATIO = 2;
const MANAGER = 'dana-manager';

/** Five tasks by API: the user, the Inbox and the LeanData licence, RingLead's user and its sign-in group. */
const ACCESS = {
  Salesforce: 'role: Enterprise AE - Americas, profile: Sales User, permission sets: Quoting_User',
  LeanData: 'team: Enterprise Americas',
  'Salesforce Inbox': '',
  RingLead: 'role: User',
} as const;
const BY_API = 5;

/**
 * One bulk request for a thousand people on the whole product, from its issue to the last task that daytwo does itself: filed
 * by their manager, which is the approval. Beside it the floor: as many empty activities, and the same requests sent straight
 * to another fresh sandbox with the same parallelism.
 */
export async function benchBulk(scale: number): Promise<{ temporal: string; figures: readonly Figure[] }> {
  const people = Array.from({ length: Math.max(2, Math.round(PEOPLE * scale)) }, (_, at) =>
    personOf(`b${at}`),
  );
  const product = await withProduct([RATES_LIFTED], (running) => served(running, people));
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-bulk-'));
  try {
    const alone = await inSandbox(join(dir, 'alone'), people, (sandbox) =>
      grantAlone(sandbox, people, join(dir, 'store')),
    );
    const straightMs = await inSandbox(join(dir, 'floor'), people, (sandbox) =>
      straight(sandbox, alone.sent, scimOf(sandbox), GROUP, people),
    );
    return { temporal: product.temporal, figures: figuresOf(product, alone, straightMs, people.length) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Served {
  readonly temporal: string;
  readonly ms: number;
  readonly actions: Actions;
  readonly activities: number;
  readonly emptyMs: number;
  readonly done: number;
  readonly log: readonly LogEntry[];
}

async function served(product: Product, people: readonly PersonRecord[]): Promise<Served> {
  const { system, desk, client, store, handbook } = product;
  for (const person of people) await store.putPerson(person);
  await prepare(system.sandbox, people);
  const project = system.sandbox.gitlab.accessRequestsProject;
  const list = await attach(product, project, people);
  const description = filledIn(
    handbook,
    'bulk.md',
    (text) => text.replace(/^\| E-mail[^]*?(?=\n\n)/m, list),
    ACCESS,
  );
  const seen = (await system.log()).at(-1)?.seq ?? 0;
  const began = performance.now();
  const iid = await file(desk, project, MANAGER, 'Bulk Access, Salesforce and RingLead', description);
  const id = requestId(project, iid);
  let status: RequestStatus | undefined;
  const line = live('Granting', () =>
    doneIn(status)
      .map(({ id: task, done }) => `${task} ${done}`)
      .join(', '),
  );
  await looked(
    async () => {
      status = await client.workflow
        .getHandle(id)
        .query<RequestStatus>('status')
        .catch(() => undefined);
      return isServed(status) ? true : undefined;
    },
    { everyMs: 100, withinMs: 600_000 },
  ).catch((error: unknown) => {
    throw new Error(`not all was granted: ${JSON.stringify(status)}`, { cause: error });
  });
  const ms = performance.now() - began;
  line.done(`Granted to ${people.length} people`);
  await looked(async () => ((await isIdle(product, id)) ? true : undefined));
  const actions = await countActions(client, [id, ...(await seatPools(product))]);
  const activities = Object.entries(actions).reduce(
    (sum, [what, times]) => (what.startsWith('activity ') ? sum + times : sum),
    0,
  );
  return {
    temporal: product.temporal,
    ms,
    actions,
    activities,
    emptyMs: await emptyMs(client, product.address, activities),
    done: doneIn(status).reduce((sum, { done }) => sum + done, 0),
    log: (await system.log()).filter(({ seq }) => seq > seen),
  };
}

/** A CSV of the people, attached to where the issue will stand. @returns the link to put into its text */
async function attach(
  { system }: Product,
  project: string,
  people: readonly PersonRecord[],
): Promise<string> {
  const { gitlab } = system.sandbox;
  const rows = people.map(({ email, name, managerEmail }) => `${email},${name},${managerEmail}`);
  const body = new FormData();
  body.set(
    'file',
    new Blob([['E-mail,Name,Manager', ...rows].join('\n')], { type: 'text/csv' }),
    'people.csv',
  );
  const answer = await fetch(`${gitlab.url}/api/v4/projects/${encodeURIComponent(project)}/uploads`, {
    method: 'POST',
    headers: { 'PRIVATE-TOKEN': gitlab.users.find(({ username }) => username === MANAGER)?.token ?? '' },
    body,
  });
  if (!answer.ok) throw new Error(`the list was not attached: ${answer.status}`);
  return ((await answer.json()) as { markdown: string }).markdown;
}

const byApi = (status: RequestStatus | undefined) => status?.tasks.filter(({ by }) => by === 'daytwo') ?? [];

const isServed = (status: RequestStatus | undefined): boolean => {
  const tasks = byApi(status);
  return tasks.length === BY_API && tasks.every(({ state }) => state.status === 'done');
};

const doneIn = (status: RequestStatus | undefined): readonly { id: string; done: number }[] =>
  byApi(status).map(({ id }) => ({ id, done: status?.filed?.counts[id]?.done ?? 0 }));

/** No activity is under way and none is about to be: what it did can be counted. */
async function isIdle({ client }: Product, id: string): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(id).describe();
  return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask;
}

/** Pools whose workflow this request woke, if any. */
async function seatPools({ client }: Product): Promise<readonly string[]> {
  const pools: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType = "seatPool"' }))
    pools.push(workflowId);
  return pools;
}

function figuresOf(product: Served, alone: Alone, straightMs: number, people: number): readonly Figure[] {
  const actions = totalOf(product.actions);
  const salesforce = product.log.filter(({ system }) => system === 'salesforce').length;
  const floorMs = straightMs + product.emptyMs;
  const ratio = Number((product.ms / floorMs).toFixed(2));
  const granted = people * BY_API;
  const aloneRatio = Number((alone.ms / straightMs).toFixed(2));
  return [
    {
      figure: 'actions',
      value: actions,
      unit: 'server actions',
      goal: GOAL_ACTIONS,
      met: actions <= GOAL_ACTIONS,
      note: inWords(product.actions),
    },
    {
      figure: 'salesforce_requests',
      value: salesforce,
      unit: 'requests',
      goal: GOAL_SALESFORCE,
      met: salesforce <= GOAL_SALESFORCE,
      note: `users with role, profile and permission set, the Inbox and the LeanData licence, for ${people} people`,
    },
    { figure: 'requests', value: product.log.length, unit: 'requests', note: requestsInWords(product.log) },
    { figure: 'granted', value: product.done, unit: 'tasks', goal: granted, met: product.done === granted },
    {
      figure: 'issue_to_granted',
      value: Math.round(product.ms),
      unit: 'ms',
      floor: Math.round(floorMs),
      note: `from filing the issue until all that has an API is done; the floor: the same requests sent straight with the same parallelism (${Math.round(straightMs)} ms), and ${product.activities} empty activities (${product.emptyMs} ms)`,
    },
    { figure: 'ratio', value: ratio, unit: '× floor', goal: GOAL_RATIO, met: ratio <= GOAL_RATIO },
    {
      figure: 'activities_alone',
      value: Math.round(alone.ms),
      unit: 'ms',
      floor: Math.round(straightMs),
      note: `the three activities side by side without Temporal and desk: ${aloneRatio} × the requests sent straight`,
    },
    loadNow(),
  ];
}
