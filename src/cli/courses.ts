import { live } from '../../scripts/lib/progress.cjs';
import { terminal } from '../domain/escape';
import type { System } from '../domain/handbook';
import { malformed } from '../domain/request-desk';
import { suggestion } from '../domain/spelling';
import type { Store } from '../evidence';
import { readHandbook } from '../handbook';
import { readCompletions, type Completion } from './course-list';
import { NoStatus, NoWorker, TemporalAway, type Engine } from './engine';
import { contentOf, sayProblems } from './feed';
import { withProcesses } from './open';
import { bounded, jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { viewOf } from './views';
import { table } from './words';

export interface CoursesOptions extends Spoken {
  readonly course: string;
  readonly by: string;
  readonly plan?: boolean;
}

type Kind =
  'done' | 'would be done' | 'done before' | 'no such task' | 'unknown person' | 'refused' | 'not tried';

/** What became of one task that waits for the course, or of a person who has none. */
interface Result {
  readonly place: string;
  readonly employeeId: string | null;
  readonly process: string | null;
  readonly task: string | null;
  readonly result: Kind;
  readonly why: string | null;
}

interface Asked {
  readonly by: string;
  readonly course: string;
  /** Ids of the tasks that wait for this course. */
  readonly gates: readonly string[];
  readonly plan: boolean;
}

type People = Pick<Store, 'peopleByEmail' | 'peopleById'>;
type Processes = Pick<Engine, 'list' | 'status' | 'decide'>;

const AT_ONCE = 4;
/** More requests than one person has at a time. */
const MOST_REQUESTS = 100;

/** `daytwo courses <file|-> --course <course> --by <username>`: ticks what waited for a course, for who has done it. */
export async function courses(file: string, options: CoursesOptions, around: Surroundings): Promise<number> {
  const by = options.by.replace(/^@/, '');
  if (malformed({ by }) !== null) throw new WrongUsage('--by must be a GitLab user name.');
  const content = await contentOf(file, around);
  return withProcesses(around, async ({ engine, store, settings }) => {
    const { systems } = readHandbook(settings.configDir);
    const gates = gatesOf(options.course, systems);
    const asked = { by, course: options.course, gates, plan: options.plan ?? false };
    return completeCourses(engine, await store(), content, asked, options, around);
  });
}

/** The tasks that wait for this course, as staged grants name them. @throws WrongUsage where no system knows the course */
export function gatesOf(course: string, systems: readonly System[]): readonly string[] {
  const known = systems.flatMap(({ key, stages }) =>
    stages.flatMap((stage) =>
      stage.kind === 'course' ? [{ course: stage.course, gate: `${key}/course` }] : [],
    ),
  );
  const gates = known.filter((one) => one.course.toLowerCase() === course.trim().toLowerCase());
  if (gates.length > 0) return gates.map(({ gate }) => gate);
  const names = [...new Set(known.map((one) => one.course))];
  throw new WrongUsage(
    `--course names no course of systems.yml: ${terminal(course)}. ${suggestion(course, names, names.length > 0 ? `There are: ${names.join(', ')}.` : 'No system has a stage of the kind course.')}`,
  );
}

/**
 * Each person's result is named; a fault with one doesn't stop the others, save that Temporal or every worker is away.
 * @returns 0 where everybody is known and nothing was refused, else 1
 */
export async function completeCourses(
  engine: Processes,
  store: People,
  content: Uint8Array,
  asked: Asked,
  { json }: Spoken,
  around: Surroundings,
): Promise<number> {
  const { completions, problems } = readCompletions(content, around.now().toISOString().slice(0, 10));
  if (sayProblems({ problems, notes: [] }, { json: json ?? false }, around) > 0) {
    if (!json) around.err('Nothing was ticked. Mend the list first.');
    return 1;
  }
  const employeeOf = await employees(store, completions);
  const results = await forAll(completions, (one) =>
    resultsOf(engine, one, employeeOf.get(one.place) ?? null, asked),
  );
  say(results, asked, json ?? false, around);
  return results.some(({ result }) => FAILED.includes(result)) ? 1 : 0;
}

const FAILED: readonly Kind[] = ['unknown person', 'refused', 'not tried'];

/** Whom each place of the list means, among those that HR told of. */
async function employees(
  store: People,
  completions: readonly Completion[],
): Promise<ReadonlyMap<string, string>> {
  const byEmail = await store.peopleByEmail(completions.flatMap(({ email }) => email ?? []));
  const byId = await store.peopleById(completions.flatMap(({ employeeId }) => employeeId ?? []));
  return new Map(
    completions.flatMap(({ place, email, employeeId }): [string, string][] => {
      const person = email === null ? byId.get(employeeId ?? '') : byEmail.get(email.toLowerCase());
      return person ? [[place, person.employeeId]] : [];
    }),
  );
}

async function forAll(
  completions: readonly Completion[],
  each: (one: Completion) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  let done = 0;
  let away: string | null = null;
  const line = live('Looking for tasks', () => `${done} of ${completions.length} people`);
  try {
    const results = await bounded(completions, AT_ONCE, async (one) => {
      const none = { place: one.place, employeeId: null, process: null, task: null };
      if (away !== null) return [{ ...none, result: 'not tried' as const, why: away }];
      try {
        return await each(one);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        // The others would only wait for the same.
        if (error instanceof NoWorker || error instanceof TemporalAway) away = error.message;
        return [{ ...none, result: 'not tried' as const, why: error.message }];
      } finally {
        done += 1;
      }
    });
    return results.flat();
  } finally {
    line.clear();
  }
}

async function resultsOf(
  engine: Processes,
  { place, date }: Completion,
  employeeId: string | null,
  asked: Asked,
): Promise<readonly Result[]> {
  const none = { place, employeeId, process: null, task: null };
  if (employeeId === null)
    return [{ ...none, result: 'unknown person', why: 'HR told of nobody like this: daytwo people import' }];
  const { found } = await engine.list({ kinds: ['access-request'], employeeId }, MOST_REQUESTS);
  const results: Result[] = [];
  for (const process of found) {
    const about = { place, employeeId, process: process.workflowId };
    try {
      const view = viewOf(await engine.status(process));
      // Whoever was alone in a request when it was found by their id may not be any more.
      const many = view?.kind === 'access-request' && (view.filed?.people ?? 1) > 1;
      const tasks = view?.kind === 'access-request' ? view.tasks : [];
      for (const { id, state } of tasks.filter((task) => asked.gates.includes(task.id))) {
        if (state.status === 'done') results.push({ ...about, task: id, result: 'done before', why: null });
        else if (many)
          results.push({
            ...about,
            task: id,
            result: 'refused',
            why: 'its box is for many people: tick it by hand',
          });
        else if (asked.plan) results.push({ ...about, task: id, result: 'would be done', why: null });
        else
          results.push({
            ...about,
            task: id,
            ...(await complete(engine, process.workflowId, id, date, asked)),
          });
      }
    } catch (error) {
      if (!(error instanceof NoStatus)) throw error;
      results.push({ ...about, task: null, result: 'not tried', why: error.message });
    }
  }
  return results.length > 0
    ? results
    : [{ ...none, result: 'no such task', why: 'no running request of theirs waits for this course' }];
}

async function complete(
  engine: Processes,
  workflowId: string,
  task: string,
  date: string | null,
  { by, course }: Asked,
): Promise<Pick<Result, 'result' | 'why'>> {
  const reason = `${course} done${date === null ? '' : ` on ${date}`}, as the completion list says`;
  try {
    const { taken, why } = await engine.decide(workflowId, { kind: 'complete', by, task, reason });
    return taken ? { result: 'done', why: null } : { result: 'refused', why: why ?? 'no reason given' };
  } catch (error) {
    if (!(error instanceof Refused) || error instanceof NoWorker || error instanceof TemporalAway)
      throw error;
    return { result: 'refused', why: error.message };
  }
}

function say(results: readonly Result[], { plan }: Asked, json: boolean, around: Surroundings): void {
  if (json) {
    for (const { employeeId, ...rest } of results) around.out(jsonLine({ ...rest, employee_id: employeeId }));
    return;
  }
  const rows = results.map(({ place, employeeId, process, task, result, why }) => [
    place,
    employeeId ?? '',
    [process, task].filter((part) => part !== null).join(' '),
    why === null ? result : `${result}: ${why}`,
  ]);
  for (const line of table(['PLACE', 'EMPLOYEE', 'TASK', 'RESULT'], rows, around.colours.bold))
    around.out(line);
  const of = (kind: Kind): number => results.filter(({ result }) => result === kind).length;
  around.out('');
  around.out(
    plan
      ? `${of('would be done')} would be ticked. Nothing was changed.`
      : `${of('done')} ticked, ${of('done before')} ticked before, ${of('no such task')} without such a task, ${of('unknown person') + of('refused') + of('not tried')} not done.`,
  );
}
