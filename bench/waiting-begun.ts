import type { SearchAttributePair } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import Database from 'libsql';
import { deepStrictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { live } from '../scripts/lib/progress.cjs';
import type { DeskReport, DeskVisit } from '../src/activities/desk';
import { phaseOf, type RequestState } from '../src/domain/access-request';
import { MAIN_QUEUE } from '../src/domain/queues';
import { RequestDesk } from '../src/domain/request-desk';
import type { AccessRequestInput } from '../src/domain/request-start';
import { statusOf, type RequestStatus } from '../src/domain/request-status';
import { filedMarker } from '../src/domain/request-text';
import type { EvidenceRow, Store } from '../src/evidence';
import { rowsOf, type Issue, type Rows } from '../src/sandbox/gitlab/rows';
import { World } from '../src/sandbox/world';
import { sideBySide } from '../src/systems/side-by-side';
import { requestId } from '../src/temporal/client';
import { looked, type Product } from './product';

/** A request that was filed the whole way and waits: what others are begun like. */
interface Model {
  readonly iid: number;
  readonly input: AccessRequestInput;
  readonly state: RequestState;
  readonly attributes: readonly SearchAttributePair[];
}

/** A request that is begun as its model stands, under a number of its own. */
interface Copy {
  readonly model: Model;
  readonly iid: number;
  readonly cursor: RequestState['cursor'];
}

export interface Begun {
  readonly iids: readonly number[];
  /** The filed one that each is like, by its number. */
  readonly models: ReadonlyMap<number, number>;
  readonly seconds: number;
}

/** Copies that go into one transaction. */
const BATCH = 1000;
/** Issues of copies moved last so long before their models': no look of the watch reaches that far back. */
const EARLIER_MS = 3_600_000;

/**
 * Begins requests in the very state of filed ones that wait: each has an issue with its notes, its rows in the store and a
 * workflow of its own, which begins as one does that goes on in a new history. Issues and rows are written while the product is
 * stopped.
 */
export async function beginLike(product: Product, filed: readonly number[], count: number): Promise<Begun> {
  const { system } = product;
  const began = performance.now();
  const models: Model[] = [];
  for (const iid of filed) models.push(await modelOf(product, iid));
  let done = 0;
  let doing = 'written';
  const line = live('Beginning', () => `${done} of ${count} ${doing}`);
  await system.stop();
  const copies = copyIssues(product, models, count);
  copyRows(product, copies);
  while (done < copies.length) {
    await copyEvidence(product, copies.slice(done, done + BATCH));
    done = Math.min(done + BATCH, copies.length);
  }
  await system.start();
  [done, doing] = [0, 'begun'];
  await sideBySide(copies, async (copy) => {
    await start(product, copy);
    done += 1;
  });
  line.done(`${count} requests are begun like ${models.length} filed ones`);
  return {
    iids: copies.map(({ iid }) => iid),
    models: new Map(copies.map(({ iid, model }) => [iid, model.iid])),
    seconds: (performance.now() - began) / 1000,
  };
}

const projectOf = ({ system }: Product): string => system.sandbox.gitlab.accessRequestsProject;

/** A filed request as it stands: its last visit's state with what that visit found. */
async function modelOf(product: Product, iid: number): Promise<Model> {
  const handle = product.client.workflow.getHandle(requestId(projectOf(product), iid));
  const { loadedDataConverter } = product.client.options;
  const events = (await handle.fetchHistory()).events ?? [];
  const read = async <T>(payloads: Parameters<typeof decodeArrayFromPayloads>[1]): Promise<T> =>
    (await decodeArrayFromPayloads(loadedDataConverter, payloads))[0] as T;
  const input = await read<AccessRequestInput>(
    events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads,
  );
  const visits = events.flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    return scheduled?.activityType?.name === 'workDesk' ? [{ id: event.eventId, scheduled }] : [];
  });
  const last = visits.at(-1);
  const completed = events
    .map((event) => event.activityTaskCompletedEventAttributes)
    .find((one) => one && last && String(one.scheduledEventId) === String(last.id));
  if (!completed) throw new Error(`request ${iid} is under way still`);
  const { state } = await read<DeskVisit>(last?.scheduled.input?.payloads);
  const { facts, answers } = await read<DeskReport>(completed.result?.payloads);
  const desk = new RequestDesk(state);
  desk.wasJudged(facts, answers);
  deepStrictEqual(plain(statusOf(desk.state)), await handle.query<RequestStatus>('status'));
  return { iid, input, state: desk.state, attributes: await attributesOf(product, iid) };
}

/** The search attributes that daytwo set. */
async function attributesOf(product: Product, iid: number): Promise<readonly SearchAttributePair[]> {
  const handle = product.client.workflow.getHandle(requestId(projectOf(product), iid));
  const own = (await handle.describe()).typedSearchAttributes.getAll();
  return own
    .filter(({ key }) => key.name.startsWith('Daytwo'))
    .sort((one, other) => one.key.name.localeCompare(other.key.name));
}

/** As it comes out of JSON. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Where a text names one request, it names the other. */
function renamed(project: string, from: number, to: number): <T>(value: T) => T {
  const mark = filedMarker({ project, iid: from });
  const names = [mark.slice(0, mark.lastIndexOf(`${from}`)), `${project}#`, `${project}/`, '/-/issues/'];
  const wanted = new RegExp(
    `(${names.map((name) => name.replace(/[.]/g, '\\.')).join('|')})${from}(?!\\d)`,
    'g',
  );
  return <T>(value: T) => JSON.parse(JSON.stringify(value).replace(wanted, `$1${to}`)) as T;
}

/** Puts the copies' issues into the sandbox's own state, with all that hangs on their models'. */
function copyIssues(product: Product, models: readonly Model[], count: number): Copy[] {
  const world = World.open(product.system.stateDir);
  try {
    const rows = rowsOf(world);
    const project = rows.projects.find(({ path }) => path === projectOf(product));
    const iids = world.table<number>('gitlab-iid');
    const sources = models.map((model) => {
      const issue = rows.issues.get(iids.get(`${project?.id}/${model.iid}`) ?? 0);
      if (!project || !issue) throw new Error(`issue ${model.iid} is not in the sandbox`);
      return { model, issue, hanging: hangingOn(rows, issue) };
    });
    return Array.from({ length: count }, (_, at) => {
      const { model, issue, hanging } = sources[at % sources.length]!;
      const id = world.next('gitlab-issue');
      const iid = world.next(`gitlab-iid/${issue.projectId}`);
      const rename = renamed(projectOf(product), issue.iid, iid);
      const ids = (table: 'note' | 'label-event', from: readonly { readonly id: number }[]) =>
        new Map(from.map((row) => [row.id, world.next(`gitlab-${table}`)]));
      const notes = ids('note', hanging.notes);
      const labelEvents = ids('label-event', hanging.labelEvents);
      for (const note of hanging.notes) {
        const own = notes.get(note.id)!;
        rows.notes.put(own, { ...rename(note), id: own, issueId: id });
      }
      for (const event of hanging.labelEvents) {
        const own = labelEvents.get(event.id)!;
        rows.labelEvents.put(own, { ...event, id: own, issueId: id });
      }
      for (const todo of hanging.todos)
        rows.todos.put(`${todo.userId}/${id}`, {
          ...rename(todo),
          id: world.next('gitlab-todo'),
          issueId: id,
        });
      rows.issues.put(id, {
        ...rename(issue),
        id,
        iid,
        updatedAt: new Date(Date.parse(issue.updatedAt) - EARLIER_MS).toISOString(),
        noteIds: [...notes.values()],
        labelEventIds: [...labelEvents.values()],
      });
      iids.put(`${issue.projectId}/${iid}`, id);
      const { note, labelEvent } = model.state.cursor;
      return {
        model,
        iid,
        cursor: { note: notes.get(note) ?? note, labelEvent: labelEvents.get(labelEvent) ?? labelEvent },
      };
    });
  } finally {
    world.close();
  }
}

const hangingOn = (rows: Rows, { id }: Issue) => ({
  notes: rows.notes.filter(({ issueId }) => issueId === id),
  labelEvents: rows.labelEvents.filter(({ issueId }) => issueId === id),
  todos: rows.todos.filter(({ issueId }) => issueId === id),
});

type Cells = Readonly<Record<string, string | number | null>>;

/** The rows of a request in every table of the store but the evidence, whose rows are chained. */
function rowsOfRequest(db: Database.Database, project: string, iid: number): ReadonlyMap<string, Cells[]> {
  const tables = db
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'kysely%'`)
    .all() as { name: string }[];
  return new Map(
    tables.flatMap(({ name }): [string, Cells[]][] => {
      const columns = (db.prepare(`PRAGMA table_info(${name})`).all() as { name: string }[]).map(
        (column) => column.name,
      );
      const by = columns.includes('workflow_id')
        ? ['workflow_id = ?', requestId(project, iid)]
        : columns.includes('request')
          ? ['request = ?', `${project}#${iid}`]
          : columns.includes('iid') && columns.includes('project')
            ? ['project = ? AND iid = ?', project, iid]
            : null;
      if (!by || name === 'evidence') return [];
      const [where, ...values] = by;
      return [[name, db.prepare(`SELECT * FROM ${name} WHERE ${where}`).all(...values) as Cells[]]];
    }),
  );
}

const openRows = ({ system }: Product): Database.Database => new Database(join(system.stateDir, 'daytwo.db'));

/** Gives each copy the rows that its model has in the store. */
function copyRows(product: Product, copies: readonly Copy[]): void {
  const project = projectOf(product);
  const db = openRows(product);
  try {
    const known = new Map<number, ReadonlyMap<string, Cells[]>>();
    const inserts = new Map<string, Database.Statement>();
    db.exec('BEGIN IMMEDIATE');
    for (const { model, iid } of copies) {
      const rows = known.get(model.iid) ?? rowsOfRequest(db, project, model.iid);
      known.set(model.iid, rows);
      const rename = renamed(project, model.iid, iid);
      for (const [table, all] of rows)
        for (const row of all) {
          const own = { ...rename(row), ...('iid' in row ? { iid } : {}) };
          const columns = Object.keys(own);
          const insert =
            inserts.get(table) ??
            db.prepare(
              `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
            );
          inserts.set(table, insert);
          insert.run(...Object.values(own));
        }
    }
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

/** What was recorded of each model, of its copy. */
async function copyEvidence(product: Product, copies: readonly Copy[]): Promise<void> {
  const project = projectOf(product);
  const stories = new Map<number, Awaited<ReturnType<Store['story']>>>();
  const rows: EvidenceRow[] = [];
  for (const { model, iid } of copies) {
    const story =
      stories.get(model.iid) ?? (await product.store.story({ request: `${project}#${model.iid}` }));
    stories.set(model.iid, story);
    const rename = renamed(project, model.iid, iid);
    rows.push(...story.map(({ seq: _, localTime: __, prevHash: ___, hash: ____, ...row }) => rename(row)));
  }
  const { added } = await product.store.append(rows);
  if (added !== rows.length) throw new Error(`${rows.length - added} rows of evidence are not of their copy`);
}

async function start(product: Product, { model, iid, cursor }: Copy): Promise<void> {
  const project = projectOf(product);
  const { input, state } = renamed(project, model.iid, iid)({ input: model.input, state: model.state });
  const ref = { ...state.ref, iid };
  const args: [AccessRequestInput] = [
    { ...input, ref, carried: { ...state, ref, cursor }, shownPhase: phaseOf(state), atRest: true },
  ];
  await product.client.workflow.start('accessRequest', {
    workflowId: requestId(project, iid),
    taskQueue: MAIN_QUEUE,
    args,
    staticSummary: `access request ${project}#${iid}`,
    typedSearchAttributes: [...model.attributes],
  });
}

/** The worker has taken up these: a start comes back before. */
async function takenUp({ client }: Product, ids: readonly string[]): Promise<void> {
  const left = new Set(ids);
  const line = live(
    'Taking up',
    () => `the begun requests: of ${ids.length} looked at, ${left.size} are left`,
  );
  await looked(
    async () => {
      for (const id of left) {
        const { historyLength } = await client.workflow.getHandle(id).describe();
        if (historyLength < TAKEN_UP) return undefined;
        left.delete(id);
      }
      return true;
    },
    { everyMs: 1000, withinMs: 1_800_000 },
  );
  line.done('The worker has taken up what was begun');
}
/** Events of a history whose first workflow task is done. */
const TAKEN_UP = 4;
/** Whether they are taken up is asked of so many, the last first: a queue gives them in the order in which they came, nearly. */
const ONE_IN = 50;

/**
 * That begun requests stand as their models do: for whoever asks them, on their issues, in the store; and that a visit finds
 * nothing there to mend.
 */
export async function checkBegun(product: Product, begun: Begun, iids: readonly number[]): Promise<void> {
  const { desk, client } = product;
  const project = projectOf(product);
  await takenUp(
    product,
    begun.iids.flatMap((iid, at) => (at % ONE_IN === 0 ? [requestId(project, iid)] : [])).reverse(),
  );
  const db = openRows(product);
  try {
    for (const iid of iids) {
      const model = begun.models.get(iid) ?? 0;
      const seen = async (of: number) => {
        const { title, description, state, labels, assignees, confidential } = await desk.issue(of);
        const handle = client.workflow.getHandle(requestId(project, of));
        return {
          status: await handle.query<RequestStatus>('status'),
          attributes: await attributesOf(product, of),
          issue: { title, description, state, labels, assignees, confidential },
          notes: (await desk.notes(of)).map(({ body, system, author: { username } }) => ({
            body,
            system,
            username,
          })),
          rows: [...rowsOfRequest(db, project, of)].map(([table, rows]) => [
            table,
            rows.map((row) => ({ ...row, ...('iid' in row ? { iid } : {}) })),
          ]),
          evidence: (await product.store.story({ request: `${project}#${of}` })).map(
            ({ id, kind, actor, detail }) => ({ id, kind, actor, detail }),
          ),
        };
      };
      const own = plain(await seen(iid));
      deepStrictEqual(own, renamed(project, model, iid)(await seen(model)));
      const visits = async (): Promise<number> =>
        ((await client.workflow.getHandle(requestId(project, iid)).fetchHistory()).events ?? []).filter(
          (event) => event.activityTaskCompletedEventAttributes,
        ).length;
      deepStrictEqual(await visits(), 0);
      await client.workflow.getHandle(requestId(project, iid)).signal('issueChanged', { project, iid });
      await looked(async () => ((await visits()) > 0 ? true : undefined), { everyMs: 100 });
      deepStrictEqual(plain(await seen(iid)), own);
    }
  } finally {
    db.close();
  }
}
