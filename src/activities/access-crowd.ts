import { activityInfo } from '@temporalio/activity';
import type { Task } from '../domain/access-request';
import { countsOfStatuses, wholeOf } from '../domain/crowd';
import type { Counts, Outcome } from '../domain/outcome';
import { digestOf } from '../evidence';
import type { CrowdPerson, GrantRow } from '../evidence/crowd';
import type { PersonRecord, Store } from '../evidence/store';
import { needsPerson } from '../systems/connector';
import type { AccessResult, CrowdRef, RevokeBatch } from './access';
import { evidenceOf, type CameOut } from './access-evidence';
import { isTaken, LEFT_ALONE, outcomesOf, serve, throwWhatPasses, type Member } from './access-serving';
import { begunOf, type Verb } from './begun';
import type { Show } from './faults';
import { keepEvidence } from './keep';
import type { World } from './world';

/**
 * People served together. Of Salesforce many are looked up, counted and read back in few requests; elsewhere each person is a
 * request or more, so that a smaller chunk costs nothing and less is looked at again after a worker's death.
 */
const chunkOf = (connection: CrowdBatch['connection']): number => (connection === 'salesforce' ? 1_000 : 200);

type CrowdBatch = RevokeBatch & { readonly crowd: CrowdRef };

/**
 * Serves all who take part, a chunk at a time. After each chunk it is written down what came of it, so that whoever goes on after a
 * worker's death, or after a fault of the system, serves the rest alone.
 */
export async function workCrowd(
  world: World,
  batch: CrowdBatch,
  verb: Verb,
  show: Show,
): Promise<AccessResult> {
  const { request, version } = batch.crowd;
  const of = await world.store.crowd.takingPart(request, version);
  const outcomes = new Map<string, Outcome[]>(batch.tasks.map(({ id }) => [id, []]));
  let held = 0;
  let done = 0;
  show({ done, of });
  for await (const people of chunksOf(world.store, batch)) {
    const chunk = await serveChunk(world, batch, verb, people);
    for (const { task, outcome } of chunk.outcomes) outcomes.get(task.id)?.push(outcome);
    held += chunk.held;
    done += people.length;
    show({ done, of });
    if (chunk.away) break;
  }
  throwWhatPasses([...outcomes.values()].flat(), batch.tries);
  const counts = await countsOf(world.store, batch.crowd, batch.tasks, verb);
  return {
    outcomes: Object.fromEntries(
      batch.tasks.flatMap((task): [string, Outcome][] => {
        const whole = wholeOf(outcomes.get(task.id) ?? [], of, held);
        return whole ? [[task.id, whole]] : [];
      }),
    ),
    counts,
  };
}

/** How tasks stand for all who take part, as the store knows. */
export async function countsOf(
  store: Store,
  { request, version }: Pick<CrowdRef, 'request' | 'version'>,
  tasks: readonly Task[],
  verb: Verb = 'grant',
): Promise<Readonly<Record<string, Counts>>> {
  const of = await store.crowd.takingPart(request, version);
  const ids = tasks.map(({ id }) => id);
  const statuses = await store.crowd.counts(request, version, ids);
  return Object.fromEntries(
    tasks.map((task): [string, Counts] => {
      const taken = verb === 'revoke' || task.verb === 'remove';
      return [task.id, countsOfStatuses(statuses.get(task.id) ?? new Map(), of, taken)];
    }),
  );
}

async function* chunksOf(store: Store, { crowd, connection }: CrowdBatch): AsyncGenerator<CrowdPerson[]> {
  const { request, version } = crowd;
  const limit = chunkOf(connection);
  for (let after = 0; ;) {
    const people = await store.crowd.people(request, version, { after, limit, takingPart: true });
    const last = people.at(-1);
    if (!last) return;
    yield people;
    after = last.place;
  }
}

interface ServedChunk {
  readonly outcomes: readonly CameOut[];
  /** People for whom something stands before it in another batch. */
  readonly held: number;
  /** The system served nobody: the others aren't asked for now. */
  readonly away: boolean;
}

async function serveChunk(
  world: World,
  batch: CrowdBatch,
  verb: Verb,
  people: readonly CrowdPerson[],
): Promise<ServedChunk> {
  const { request, waitsFor = [] } = batch.crowd;
  const ids = [...new Set(people.flatMap(({ employeeId }) => employeeId ?? []))];
  const tasks = [...batch.tasks.map(({ id }) => id), ...waitsFor];
  const rows = new Map(
    (await world.store.crowd.grants(request, tasks, ids)).map((row) => [
      whatOf(row.task, row.employeeId),
      row,
    ]),
  );
  const isServed = (task: string, id: string): boolean =>
    SETTLED.grant.includes(rows.get(whatOf(task, id))?.outcome.kind ?? '');
  const free = ids.filter((id) => waitsFor.every((task) => isServed(task, id)));
  const records = await world.store.peopleById(free);
  const results = new Map<string, Outcome>();
  const open: Omit<Member, 'ours'>[] = [];
  for (const id of free)
    for (const task of batch.tasks) {
      const what = whatOf(task.id, id);
      const [row, person] = [rows.get(what), records.get(id)];
      if (row && isSettled(row, task, verb)) results.set(what, row.outcome);
      else if (person) open.push({ what, task, person });
      else results.set(what, UNKNOWN);
    }
  const served = await serveOpen(world, batch, verb, open);
  for (const [what, outcome] of served) results.set(what, outcome);
  const outcomes = free.flatMap((id) => cameOut(batch, verb, id, records.get(id), results));
  await keep(world, batch, verb, rows, outcomes);
  return {
    outcomes,
    held: ids.length - free.length,
    away: served.size > 0 && [...served.values()].every(({ kind }) => kind === 'waiting_for_system'),
  };
}

/** Serves what is open; what is not to be taken back is left alone. */
async function serveOpen(
  world: World,
  batch: CrowdBatch,
  verb: Verb,
  open: readonly Omit<Member, 'ours'>[],
): Promise<ReadonlyMap<string, Outcome>> {
  const what = open.map((one) => one.what);
  const begun = await begunOf(world, verb, what);
  const granted = verb === 'grant' ? begun : await begunOf(world, 'grant', what);
  const isAsked = (one: Omit<Member, 'ours'>): boolean =>
    verb === 'grant' || isTaken(one.task, batch.whateverBegun) || granted.has(one.what);
  const members = open.filter(isAsked).map((one) => ({ ...one, ours: begun.has(one.what) }));
  const results = new Map<string, Outcome>(await serve(world, batch, verb, members));
  for (const one of open) if (!isAsked(one)) results.set(one.what, LEFT_ALONE);
  return results;
}

/** What came of each task for one person. What wasn't tried, since what it comes after did not come about, is left out. */
function cameOut(
  { tasks }: CrowdBatch,
  verb: Verb,
  employeeId: string,
  person: PersonRecord | undefined,
  results: ReadonlyMap<string, Outcome>,
): CameOut[] {
  const own = new Map(
    tasks.flatMap((task): [string, Outcome][] => {
      const outcome = results.get(whatOf(task.id, employeeId));
      return outcome ? [[task.id, outcome]] : [];
    }),
  );
  const outcomes = outcomesOf(tasks, own, verb);
  return tasks.flatMap((task) => {
    const outcome = outcomes[task.id];
    const about = person ?? { employeeId, timeZone: 'UTC' };
    return outcome ? [{ what: whatOf(task.id, employeeId), task, person: about, outcome }] : [];
  });
}

/** Writes what is new: first the evidence, then the rows, by which it counts as served. */
async function keep(
  world: World,
  batch: CrowdBatch,
  verb: Verb,
  rows: ReadonlyMap<string, GrantRow>,
  outcomes: readonly CameOut[],
): Promise<void> {
  const isNew = ({ what, task, outcome }: CameOut): boolean => {
    const row = rows.get(what);
    return !row || row.access !== accessOf(task, verb) || !isSame(row.outcome, outcome);
  };
  await keepEvidence(world, evidenceOf(batch, outcomes.filter(isNew), verb));
  const at = new Date().toISOString();
  await world.store.crowd.putGrants(
    batch.crowd.request,
    outcomes
      .filter(({ what, task }) => {
        const row = rows.get(what);
        return !row || !isSettled(row, task, verb);
      })
      .map(({ task, person, outcome }) => ({
        task: task.id,
        employeeId: person.employeeId,
        outcome,
        access: accessOf(task, verb),
        run: runOf(),
        at,
      })),
  );
}

/** A task for one of many people. */
const whatOf = (task: string, employeeId: string): string => `${task}/${employeeId}`;

/** What is asked for: where it became something else, what came of it before says nothing. */
const accessOf = ({ way, entitlement, verb: asked }: Task, verb: Verb): string =>
  digestOf({ way, entitlement, verb, asked: asked ?? 'grant' });

/** This call of the activity, however often it is tried. */
function runOf(): string {
  const { activityId, scheduledTimestampMs } = activityInfo();
  return `${activityId}/${scheduledTimestampMs}`;
}

const SETTLED: Readonly<Record<Verb, readonly string[]>> = {
  grant: ['granted', 'already'],
  revoke: ['revoked', 'not_applicable'],
};

/** Done for good; or done with in this call, of which an earlier try was cut short. */
const isSettled = (row: GrantRow, task: Task, verb: Verb): boolean =>
  row.access === accessOf(task, verb) &&
  (SETTLED[verb].includes(row.outcome.kind) ||
    (row.run === runOf() && row.outcome.kind !== 'waiting_for_system'));

/** Whether it was said already: somebody who waits for days is no news each time that it is asked again. */
const isSame = (before: Outcome, now: Outcome): boolean =>
  before.kind === now.kind &&
  (before.kind !== 'needs_person' || (now.kind === 'needs_person' && before.problem === now.problem));

const UNKNOWN: Outcome = needsPerson(
  'HR has not told of this person',
  'Have HR tell of them, then tick "try again"; or give the access by hand.',
);
