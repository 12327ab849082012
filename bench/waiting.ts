import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { live } from '../scripts/lib/progress.cjs';
import { deskWatchId, requestId } from '../src/temporal/client';
import { sideBySide } from '../src/systems/side-by-side';
import { countActions, inWords, totalOf, type Actions } from './actions';
import { personOf } from './crowd-sandbox';
import { median } from './empty';
import type { Figure } from './index';
import { file, filledIn, looked, RATES_LIFTED, withProduct, type Product } from './product';
import { loadNow } from './run-figures';
import { beginLike, checkBegun, type Begun } from './waiting-begun';

const REQUESTS = 10_000;
/** Of more than that only so many are filed the whole way, which takes a quarter of a second of a core each: the rest are begun like them. */
const MOST_FILED = 10_000;
const FILED_OF_MORE = 1000;
/** For a quick look at how they are begun: so many are filed, however few there are in all. */
const FILED_BY_WISH = Number(process.env['BENCH_FILED'] ?? 0);
/** Begun ones of which it is looked whether they stand as filed ones do. */
const CHECKED = 20;
/** Requests of whose histories the actions are counted. */
const COUNTED = 100;
/** Whom they are for: so many people, each with as many requests. */
const PEOPLE = 50;
/** What one worker may take, and how much of it is JavaScript's heap: the rest is Temporal's core, SQLite and code. */
const GOAL_MIB = 512;
const HEAP_MIB = 320;
const GOAL_ACTIONS_AN_HOUR = 0.01;
const GOAL_CLICK_MS = 1000;
const GOAL_CLICK_WATCH_MS = 5000;
/** Two turns of the watch and a little. */
const QUIET_SECONDS = 210;
const CLICKS = 10;
const CLICKS_BY_WATCH = 10;
const REQUESTER = 'sam-ops';
const MANAGER = 'dana-manager';

/**
 * Ten thousand filed requests that wait for a manager's approval, on one worker: what they take of memory and of server actions
 * while nothing happens, and how long a person's click waits for its answer, with webhooks and without.
 */
export async function benchWaiting(scale: number): Promise<{ temporal: string; figures: readonly Figure[] }> {
  const count = Math.max(CLICKS + CLICKS_BY_WATCH, Math.round(REQUESTS * scale));
  return withProduct(
    [RATES_LIFTED],
    async (product) => {
      // Filed while webhooks are lost: the watch finds them by the hundred. With webhooks each would be a look of its own.
      await product.system.fault({ system: 'webhook', kind: 'drop-webhook' });
      const { filed, begun, worker } = await allWaiting(product, count);
      await product.system.clearFaults();
      const kinds = [filed.iids, ...(begun ? [begun.iids] : [])];
      const idle = await whileNothingHappens(product, kinds, count);
      const byWebhook = await clickedOfEach(product, kinds, 0, CLICKS);
      await product.system.fault({ system: 'webhook', kind: 'drop-webhook' });
      const byWatch = await clickedOfEach(product, kinds, CLICKS, CLICKS + CLICKS_BY_WATCH);
      if (product.system.pidOf('worker') !== worker)
        throw new Error('the worker ended and was started again');
      const figures = figuresOf({ count, filed, begun, idle, byWebhook, byWatch, ...memoryOf(product) });
      return { temporal: product.temporal, figures };
    },
    {
      NODE_OPTIONS:
        `${process.env['NODE_OPTIONS'] ?? ''} --require "${join(__dirname, 'worker-heap.cjs')}"`.trim(),
      BENCH_WORKER_HEAP_MIB: String(HEAP_MIB),
    },
  );
}

interface AllWaiting {
  /** Whose first are not those that others were begun like. */
  readonly filed: AllFiled;
  readonly begun: Begun | null;
  /** The process of the worker since they were begun. */
  readonly worker: number | undefined;
}

/** All filed the whole way; of very many some, and the rest begun like the first of them. */
async function allWaiting(product: Product, count: number): Promise<AllWaiting> {
  const { system } = product;
  const filing = Math.max(PEOPLE, FILED_BY_WISH || (count > MOST_FILED ? FILED_OF_MORE : count));
  if (count <= filing) {
    const worker = system.pidOf('worker');
    return { filed: await fileAll(product, count, 0), begun: null, worker };
  }
  const first = await fileAll(product, PEOPLE, 0);
  const project = system.sandbox.gitlab.accessRequestsProject;
  await settled(
    product,
    first.iids.map((iid) => requestId(project, iid)),
  );
  const begun = await beginLike(product, first.iids, count - filing);
  const worker = system.pidOf('worker');
  await checkBegun(product, begun, spread(begun.iids, CHECKED));
  const { iids, seconds } = await fileAll(product, filing - PEOPLE, begun.iids.length + PEOPLE);
  return { filed: { iids: [...iids, ...first.iids], seconds: seconds + first.seconds }, begun, worker };
}

/** So many of them, from the first to the last. */
const spread = <T>(all: readonly T[], some: number): readonly T[] =>
  all.filter((_, at) => at % Math.ceil(all.length / some) === 0);

interface AllFiled {
  readonly iids: readonly number[];
  readonly seconds: number;
}

/** Files them eight at a time, each as a person does; comes back when the last one waits for its approval, beside those that do already. */
async function fileAll(product: Product, count: number, already: number): Promise<AllFiled> {
  const { system, desk, store, handbook } = product;
  const people = Array.from({ length: PEOPLE }, (_, at) => personOf(`w${at}`));
  for (const person of people) await store.putPerson(person);
  const project = system.sandbox.gitlab.accessRequestsProject;
  const iids: number[] = [];
  let waiting = 0;
  const line = live('Filing', () => `${iids.length} of ${count} filed, ${waiting} wait for their approval`);
  const began = performance.now();
  await sideBySide(
    Array.from({ length: count }, (_, at) => people[at % PEOPLE]!),
    async ({ name, email }) => {
      const description = filledIn(
        handbook,
        'single_person.md',
        (text) => text.replace('- E-mail:', `- E-mail: ${email}`),
        { Clari: 'role: Rep' },
      );
      iids.push(await file(desk, project, REQUESTER, `${name}, Clari, Rep`, description));
    },
  );
  await looked(
    async () => {
      waiting = (await waitingIn(product)) - already;
      return waiting >= count ? true : undefined;
    },
    // Each look reads all of them: not so often that it takes the product's time.
    { everyMs: 5000, withinMs: 600_000 + count * 1000 },
  );
  line.done(`${count} requests wait`);
  return { iids, seconds: (performance.now() - began) / 1000 };
}

/** Requests whose form was read and whose approver was asked: the store knows on whom each waits. */
const waitingIn = async ({ store }: Product): Promise<number> => (await store.work.workOf(MANAGER)).length;

interface Idle {
  readonly actions: Actions;
  readonly anHour: number;
  /** Of the watches alone, for all requests together. */
  readonly watchesAnHour: number;
}

/** What is added to the histories of the requests, and of all desk watches, while nobody does anything. */
async function whileNothingHappens(
  product: Product,
  kinds: readonly (readonly number[])[],
  count: number,
): Promise<Idle> {
  const { gitlab } = product.system.sandbox;
  const watches = [gitlab.accessRequestsProject, gitlab.employmentProject].map(deskWatchId);
  const some = kinds.flatMap((iids) => spread(iids, COUNTED / kinds.length));
  const requests = some.map((iid) => requestId(gitlab.accessRequestsProject, iid));
  await settled(product, requests);
  const before = await Promise.all([
    countActions(product.client, watches),
    countActions(product.client, requests),
  ]);
  const began = performance.now();
  const line = live('Waiting', () => `of ${QUIET_SECONDS} s in which nothing happens`);
  await setTimeout(QUIET_SECONDS * 1000);
  line.clear();
  const hours = (performance.now() - began) / 3_600_000;
  const after = await Promise.all([
    countActions(product.client, watches),
    countActions(product.client, requests),
  ]);
  const [ofWatches = {}, ofRequests = {}] = after.map((now, at) => less(now, before[at] ?? {}));
  const own = totalOf(ofRequests) / some.length;
  return {
    actions: { ...ofWatches, ...ofRequests },
    anHour: (totalOf(ofWatches) / count + own) / hours,
    watchesAnHour: Math.round(totalOf(ofWatches) / hours),
  };
}

/** What their own visits still had to do is done. */
async function settled({ client }: Product, requests: readonly string[]): Promise<void> {
  let last = -1;
  await looked(
    async () => {
      const now = totalOf(await countActions(client, requests));
      const same = now === last;
      last = now;
      return same ? true : undefined;
    },
    { everyMs: 3000 },
  );
}

const less = (now: Actions, before: Actions): Actions =>
  Object.fromEntries(
    Object.entries(now)
      .map(([what, times]): [string, number] => [what, times - (before[what] ?? 0)])
      .filter(([, times]) => times > 0),
  );

/** The manager says yes with a label; the answer is what daytwo then writes on the issue. Milliseconds, of one after another. */
async function clicked({ desk }: Product, iids: readonly number[]): Promise<readonly number[]> {
  const times: number[] = [];
  for (const iid of iids) {
    const began = performance.now();
    await desk.label(MANAGER, iid, 'AR-Approval::Manager Approved');
    await looked(
      async () => ((await desk.issue(iid)).description.includes('| approved ') ? true : undefined),
      { withinMs: 300_000 },
    );
    times.push(performance.now() - began);
  }
  return times;
}

/** Some of each kind, kind by kind. */
async function clickedOfEach(
  product: Product,
  kinds: readonly (readonly number[])[],
  from: number,
  to: number,
): Promise<readonly (readonly number[])[]> {
  const times: (readonly number[])[] = [];
  for (const iids of kinds) times.push(await clicked(product, iids.slice(from, to)));
  return times;
}

/** The worker's memory in MiB: now, and the most that it ever had. */
function memoryOf({ system }: Product): { readonly rssMib: number; readonly peakMib: number } {
  const status = readFileSync(`/proc/${system.pidOf('worker')}/status`, 'utf8');
  const mib = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024);
  return { rssMib: mib('VmRSS'), peakMib: mib('VmHWM') };
}

interface Measured {
  readonly count: number;
  readonly filed: AllFiled;
  readonly begun: Begun | null;
  readonly idle: Idle;
  /** Of each kind: filed, and begun like those. */
  readonly byWebhook: readonly (readonly number[])[];
  readonly byWatch: readonly (readonly number[])[];
  readonly rssMib: number;
  readonly peakMib: number;
}

function figuresOf(measured: Measured): readonly Figure[] {
  const { count, filed, begun, idle, byWebhook, byWatch, rssMib, peakMib } = measured;
  const anHour = Number(idle.anHour.toFixed(4));
  const [click, late] = [median(byWebhook.flat()), Math.round(Math.max(...byWatch.flat()))];
  return [
    {
      figure: 'waiting',
      value: count,
      unit: 'requests',
      ...(begun ? { note: howBegun(filed, begun) } : {}),
    },
    {
      figure: 'filed_and_asked',
      value: Number((filed.iids.length / filed.seconds).toFixed(1)),
      unit: 'requests a second',
      note: 'from the first issue until the last request waits for its approver, found by the watch; the sandbox and Temporal on the same cores',
    },
    { figure: 'worker_memory', value: rssMib, unit: 'MiB', goal: GOAL_MIB, met: rssMib <= GOAL_MIB },
    {
      figure: 'worker_memory_peak',
      value: peakMib,
      unit: 'MiB',
      goal: GOAL_MIB,
      met: peakMib <= GOAL_MIB,
      note: `the most that the worker ever had resident; JavaScript's heap limited to ${HEAP_MIB} MiB`,
    },
    {
      figure: 'actions_a_request_and_hour',
      value: anHour,
      unit: 'server actions',
      goal: GOAL_ACTIONS_AN_HOUR,
      met: anHour <= GOAL_ACTIONS_AN_HOUR,
      note: `in ${QUIET_SECONDS} s in which nothing happened: ${inWords(idle.actions) || 'none'}; with the watches' part shared by ${count} requests`,
    },
    {
      figure: 'watches_actions_an_hour',
      value: idle.watchesAnHour,
      unit: 'server actions',
      note: 'of both desk watches, however many requests wait',
    },
    {
      figure: 'click_to_answer',
      value: click,
      unit: 'ms',
      goal: GOAL_CLICK_MS,
      met: click <= GOAL_CLICK_MS,
      note: `median of ${byWebhook.flat().length}${ofEach(byWebhook.map(median))}: from the manager's label to the issue that shows the approval`,
    },
    {
      figure: 'click_to_answer_without_webhooks',
      value: late,
      unit: 'ms',
      goal: GOAL_CLICK_WATCH_MS,
      met: late <= GOAL_CLICK_WATCH_MS,
      note: `the longest of ${byWatch.flat().length}${ofEach(byWatch.map((times) => Math.round(Math.max(...times))))}, found by the watch alone`,
    },
    loadNow(),
  ];
}

const howBegun = (filed: AllFiled, begun: Begun): string =>
  `${filed.iids.length} filed the whole way; ${begun.iids.length} begun in ${Math.round(begun.seconds)} s in the state of ${PEOPLE} of those, ` +
  `each with an issue, rows and a workflow of its own; ${CHECKED} of them looked at: nothing differs, and a visit finds nothing to mend`;

/** ` (filed: 300, begun: 280)` */
const ofEach = (values: readonly number[]): string =>
  values.length > 1 ? ` (filed: ${values[0]}, begun: ${values[1]})` : '';
