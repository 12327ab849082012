import { holdingsOf } from '../activities/holdings';
import { problemsOfFacts } from '../activities/hire-problems';
import { factsOf, recordOf, type World } from '../activities/world';
import { connectors } from '../connectors';
import { terminal } from '../domain/escape';
import { REGIONS, type Entitlement, type Handbook } from '../domain/handbook';
import { applyChange, type ChangedEvent, type PersonFacts } from '../domain/hr-event';
import { isUnchanged, planMove, whatMoved, type MovePlan } from '../domain/moves';
import { resolveRole } from '../domain/roles';
import { accessInWords } from '../domain/tasks';
import { sharedPace, type Store } from '../evidence';
import { readHandbook } from '../handbook';
import { readSettings } from '../settings';
import { contentOf, sayProblems, type FeedOptions } from './feed';
import { readHrEvents } from './hr-events';
import { knownTo } from './plan';
import { jsonLine, type Surroundings } from './surroundings';

/** What would happen on a change of one person; nothing of it is done. */
export interface ChangePlan {
  /** Where the first of this person's changes stands. */
  readonly place: string;
  readonly employee_id: string;
  /** Somebody whose hire daytwo has heard of; of nobody else anything can be said. */
  readonly known: boolean;
  /** Why it would become a task for ops instead; empty where it wouldn't. */
  readonly problems: readonly string[];
  readonly other_role: boolean;
  readonly other_manager: boolean;
  readonly template_paths: readonly string[];
  readonly templates_found: readonly string[];
  readonly born_approved: boolean | null;
  /** Null where the role stays, or has no template. */
  readonly access: MovePlan | null;
}

type Known = Pick<Store, 'personById' | 'personByEmail'>;

/** `daytwo plan change <file|->`: reads the systems as the worker would, and changes nothing. */
export async function planChange(file: string, options: FeedOptions, around: Surroundings): Promise<number> {
  const read = readHrEvents(await contentOf(file, around), 'change');
  const bad = sayProblems(read, options, around);
  if (bad > 0 && !options.skipBad) return 1;
  const settings = readSettings(around.env, 'worker');
  const handbook = readHandbook(settings.configDir);
  const store = await knownTo(settings);
  const connector = connectors(settings, around.env, (connection) =>
    store ? sharedPace(store.rate, connection, () => handbook.rates[connection]) : () => Promise.resolve(),
  );
  try {
    const byPerson = new Map<string, { place: string; changes: ChangedEvent[] }>();
    for (const { place, event } of read.events) {
      if (event.type !== 'employee.changed') continue;
      const one = byPerson.get(event.employee_id) ?? { place, changes: [] };
      byPerson.set(event.employee_id, { ...one, changes: [...one.changes, event] });
    }
    for (const [employeeId, { place, changes }] of byPerson) {
      const plan = await changePlanOf(place, employeeId, changes, { handbook, store, connector });
      if (options.json) around.out(jsonLine(plan));
      else for (const line of inWords(plan, handbook, around)) around.out(line);
    }
  } finally {
    await store?.close();
  }
  if (!options.json) around.out(around.colours.dim('Nothing was changed.'));
  return bad === 0 ? 0 : 1;
}

export async function changePlanOf(
  place: string,
  employeeId: string,
  changes: readonly ChangedEvent[],
  world: { handbook: Handbook; store: Known | null; connector: World['connector'] },
): Promise<ChangePlan> {
  const person = (await world.store?.personById(employeeId)) ?? null;
  const nothing: ChangePlan = {
    place,
    employee_id: employeeId,
    known: person !== null,
    problems: [],
    other_role: false,
    other_manager: false,
    template_paths: [],
    templates_found: [],
    born_approved: null,
    access: null,
  };
  if (!person || !world.store) return nothing;
  const before: PersonFacts = factsOf(person);
  const facts = changes.reduce(applyChange, before);
  const problems = await problemsOfFacts(world.store, employeeId, facts);
  const region = REGIONS.find((one) => one === facts.region);
  if (problems.length > 0 || !region) return { ...nothing, problems };
  const moved = whatMoved(before, facts);
  const plan: ChangePlan = { ...nothing, other_role: moved.role, other_manager: moved.manager };
  if (!moved.role) return plan;
  const role = resolveRole(world.handbook, { ...facts, region });
  if (role.kind === 'none') return { ...plan, template_paths: role.paths };
  const old = REGIONS.find((one) => one === before.region);
  const oldRole = old && resolveRole(world.handbook, { ...before, region: old });
  const { systems } = world.handbook;
  const holdings = await holdingsOf(
    world.connector,
    recordOf(employeeId, facts, person.status, person.updatedAt),
    systems,
  );
  return {
    ...plan,
    template_paths: role.paths,
    templates_found: role.templates.map((template) => template.path),
    born_approved: role.bornApproved,
    access: planMove(
      [oldRole?.kind === 'found' ? oldRole.entitlements : []],
      role.entitlements,
      holdings,
      systems,
    ),
  };
}

function inWords(plan: ChangePlan, { systems }: Handbook, { colours }: Surroundings): string[] {
  const lines = [`${colours.bold(`Employee ${plan.employee_id}`)}  (${plan.place})`];
  const say = (text: string): void => void lines.push(`  ${terminal(text)}`);
  const words = (one: Entitlement): string => {
    const name = systems.find(({ key }) => key === one.system)?.name ?? one.system;
    const values = accessInWords(one);
    return values === '' ? name : `${name} (${values})`;
  };
  if (!plan.known) say('Nobody of this id is known: the change would wait for its hire.');
  else if (plan.problems.length > 0) {
    say('Would become a task for the provisioning DRIs, and nothing else:');
    for (const problem of plan.problems) say(`- ${problem}`);
  } else {
    if (plan.other_manager) say('Another manager: decides from then on what is open.');
    if (!plan.other_role) say('The role stays: no access would change.');
    else if (!plan.access) {
      say('No role template fits: both managers and the provisioning DRIs would be told. Looked for:');
      for (const path of plan.template_paths) say(`- ${path}`);
    } else sayAccess(plan, plan.access, say, words);
  }
  return [...lines, ''];
}

function sayAccess(
  plan: ChangePlan,
  access: MovePlan,
  say: (text: string) => void,
  words: (one: Entitlement) => string,
): void {
  say(
    `Role: ${plan.templates_found.join(' and ')}${plan.born_approved === true ? ', as approved: what it gives needs no approval.' : ', not as it was approved: the manager approves what it gives.'}`,
  );
  if (isUnchanged(access)) say('The systems hold what it gives: nothing would be filed.');
  for (const one of access.add) say(`+ ${words(one)}`);
  for (const { from, to } of access.change) say(`~ ${words(to)}, now ${accessInWords(from) || 'not known'}`);
  for (const one of access.remove)
    say(`- ${words(one)}: once the manager before agrees, or said nothing in time`);
  for (const one of access.keep) say(`= ${words(one)}`);
  for (const one of access.besides) say(`? ${words(one)}: neither role gives it; it stays`);
  if (access.review.length > 0)
    say(`To be reviewed, since SOX systems are in no template: ${access.review.join(', ')}.`);
}
