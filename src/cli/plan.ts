import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOfHire } from '../activities/hire-problems';
import { dayTwoRun, policyOn } from '../domain/day-two';
import { terminal } from '../domain/escape';
import type { Handbook, Region } from '../domain/handbook';
import type { HiredEvent } from '../domain/hr-event';
import { resolveRole } from '../domain/roles';
import { baselineTasks } from '../domain/stages';
import { taskInWords } from '../domain/tasks';
import { openStore, type PersonRecord, type Store } from '../evidence';
import { readHandbook } from '../handbook';
import { hrEventDigestOf } from '../server/hr-delivery';
import { readSettings, type CliSettings } from '../settings';
import { contentOf, sayProblems, type FeedOptions } from './feed';
import { readHrEvents } from './hr-events';
import { jsonLine, type Surroundings } from './surroundings';
import { onClock, zoneNote } from './words';

/** What would happen on a hire; nothing of it is done. */
export interface HirePlan {
  readonly place: string;
  readonly employee_id: string;
  /** It was sent before, so that nothing would start. */
  readonly repeated: boolean;
  /** Why it would become a task for ops instead; empty where it wouldn't. */
  readonly problems: readonly string[];
  /** The instant at which the access request would be made; null where that can't be told. */
  readonly day_two: string | null;
  readonly due_now: boolean;
  readonly template_paths: readonly string[];
  readonly templates_found: readonly string[];
  readonly born_approved: boolean | null;
  /** SOX systems of the template, which need a request of their own. */
  readonly left_out: readonly string[];
  readonly tasks: readonly {
    readonly id: string;
    readonly name: string;
    readonly by: 'daytwo' | 'person';
    readonly access: string;
  }[];
}

/** What is known of earlier events and people; nothing where there is no store yet. */
type Known = Pick<Store, 'hrEventDigest' | 'personByEmail'>;
const NOBODY: Known = {
  hrEventDigest: () => Promise.resolve(null),
  personByEmail: (): Promise<PersonRecord | null> => Promise.resolve(null),
};

/** `daytwo plan hire <file|->` */
export async function planHire(file: string, options: FeedOptions, around: Surroundings): Promise<number> {
  const read = readHrEvents(await contentOf(file, around), 'hire');
  const bad = sayProblems(read, options, around);
  if (bad > 0 && !options.skipBad) return 1;
  const settings = readSettings(around.env, 'cli');
  const handbook = readHandbook(settings.configDir);
  const store = await knownTo(settings);
  try {
    for (const { place, event } of read.events) {
      if (event.type !== 'employee.hired') continue;
      const plan = await planOf(place, event, handbook, store ?? NOBODY, around.now().toISOString());
      if (options.json) around.out(jsonLine(plan));
      else for (const line of inWords(plan, event, around)) around.out(line);
    }
  } finally {
    await store?.close();
  }
  if (!options.json) around.out(around.colours.dim(`Nothing was changed. ${zoneNote(around.zone)}`));
  return bad === 0 ? 0 : 1;
}

/** A plan makes no store where there is none. */
export async function knownTo(
  settings: Pick<CliSettings, 'databaseUrl' | 'stateDir'>,
): Promise<Store | null> {
  if (settings.databaseUrl === null && !existsSync(join(settings.stateDir, 'daytwo.db'))) return null;
  return openStore(settings);
}

export async function planOf(
  place: string,
  event: HiredEvent,
  handbook: Handbook,
  known: Known,
  now: string,
): Promise<HirePlan> {
  const policy = policyOn(handbook, now.slice(0, 10));
  // The same questions as the worker asks, without its note that somebody waits for an answer.
  const asking = {
    personByEmail: (email: string) => known.personByEmail(email),
    startWaiting: () => Promise.resolve(),
  };
  const problems = await problemsOfHire(asking, policy, event.employee_id, event, now);
  const region = (['Americas', 'EMEA', 'JAPAC'] as const).find((one) => one === event.region);
  const dayTwo = region ? dayTwoRun(policy, region, event.start_date) : null;
  return {
    place,
    employee_id: event.employee_id,
    repeated: (await known.hrEventDigest(event.event_id)) === hrEventDigestOf(event),
    problems,
    day_two: dayTwo,
    due_now: dayTwo !== null && Date.parse(dayTwo) <= Date.parse(now),
    ...roleOf(event, region ?? 'Americas', handbook),
  };
}

type RolePart = Pick<HirePlan, 'template_paths' | 'templates_found' | 'born_approved' | 'left_out' | 'tasks'>;

function roleOf(event: HiredEvent, region: Region, handbook: Handbook): RolePart {
  const { department, title, specialty } = event;
  const role = resolveRole(handbook, { department, title, specialty, region });
  if (role.kind === 'none')
    return { template_paths: role.paths, templates_found: [], born_approved: null, left_out: [], tasks: [] };
  return {
    template_paths: role.paths,
    templates_found: role.templates.map((template) => template.path),
    born_approved: role.bornApproved,
    left_out: role.strippedSox,
    tasks: baselineTasks(role.entitlements, handbook.systems, region).map((task) => ({
      id: task.id,
      name: task.name,
      by: task.way.kind === 'person' ? 'person' : 'daytwo',
      access: taskInWords(task),
    })),
  };
}

function inWords(plan: HirePlan, event: HiredEvent, { colours, zone }: Surroundings): string[] {
  const lines = [`${colours.bold(`Employee ${plan.employee_id}`)}  (${plan.place})`];
  const say = (text: string): void => void lines.push(`  ${terminal(text)}`);
  if (plan.repeated) say('Was sent before: nothing would start.');
  if (plan.problems.length > 0) {
    say('Would become a task for the provisioning DRIs, and nothing else:');
    for (const problem of plan.problems) say(`- ${problem}`);
    return [...lines, ''];
  }
  if (plan.day_two)
    say(
      `Day two: ${onClock(plan.day_two, zone)} (there ${onClock(plan.day_two, event.time_zone)}, ${event.time_zone})${plan.due_now ? ', which has passed: at once' : ''}.`,
    );
  if (plan.templates_found.length === 0) {
    say('No role template fits: the manager and the provisioning DRIs would be told. Looked for:');
    for (const path of plan.template_paths) say(`- ${path}`);
    return [...lines, ''];
  }
  say(
    `Role: ${plan.templates_found.join(' and ')}${plan.born_approved ? ', as approved: the request is born approved.' : ', not as it was approved: the request waits for approve.'}`,
  );
  for (const task of plan.tasks)
    say(
      `- ${task.name}${task.access ? ` (${task.access})` : ''}: ${task.by === 'daytwo' ? 'by daytwo' : 'by a person'}`,
    );
  if (plan.left_out.length > 0)
    say(`Left out, since SOX systems need a request of their own: ${plan.left_out.join(', ')}.`);
  return [...lines, ''];
}
