import type { Doers, System } from '../../domain/handbook';
import type { ConfigFile, Path } from '../config-file';
import type { PeopleReading, Reading, SystemsReading } from '../reading';
import { suggestion } from '../../domain/spelling';

const PLACEHOLDERS = ['{emails}', '{role}', '{team}', '{licence_type}', '{profile}'];
/** Fewer, and one absence stops the work. */
const FEWEST_DOERS = 2;

/** What hangs together among the systems, and between them and the people. */
export function checkSystems({ systems: reading, people }: Reading): void {
  if (!reading) return;
  for (const system of reading.systems) {
    checkDependencies(reading, system);
    checkWays(reading.file, system);
    if (people) checkPeopleOf(reading.file, system, people);
  }
  checkNames(reading);
  checkConnections(reading);
  checkLoops(reading);
}

function checkDependencies({ file, keys }: SystemsReading, system: System): void {
  system.dependsOn.forEach((needed, index) => {
    const at = ['systems', system.key, 'depends_on', index];
    if (!keys.includes(needed))
      file.problem(at, 'unknown system', suggestion(needed, keys, 'Name a system of this file.'), needed);
  });
}

function checkWays(file: ConfigFile, system: System): void {
  const at = ['systems', system.key];
  if (system.steps.length === 0) {
    file.problem(
      at,
      `${system.key} has no steps`,
      'Add steps: what a person does when no API can, or when it fails.',
      system.key,
    );
  }
  system.steps.forEach((step, index) => {
    for (const [placeholder] of step.matchAll(/\{[^{}]*\}/g)) {
      if (PLACEHOLDERS.includes(placeholder)) continue;
      file.problem(
        [...at, 'steps', index],
        'nothing is filled in there',
        suggestion(placeholder, PLACEHOLDERS, 'Take it away.'),
        placeholder,
      );
    }
  });
  if (system.requires.includes('licence_type') && system.licenceTypes.length === 0) {
    file.problem(
      [...at, 'requires'],
      'a licence type is required, but there is none',
      'Add licence_types, each with a name.',
    );
  }
}

function checkPeopleOf(file: ConfigFile, system: System, people: PeopleReading): void {
  const at = ['systems', system.key];
  const teams = Object.keys(people.teams);
  if (!teams.includes(system.owner)) {
    file.problem(
      [...at, 'owner'],
      'unknown team',
      suggestion(system.owner, teams, 'Name a team of people.yml.'),
      system.owner,
    );
  }
  checkDoers(file, [...at, 'provisioners'], system.provisioners, people);
  checkDoers(file, [...at, 'deprovisioners'], system.deprovisioners, people);
}

function checkDoers(file: ConfigFile, at: Path, doers: Doers, people: PeopleReading): void {
  const kind = String(at.at(-1));
  if ('queue' in doers) {
    const teams = Object.keys(people.teams);
    if (!teams.includes(doers.queue)) {
      file.problem(
        [...at, 'queue'],
        'unknown team',
        suggestion(doers.queue, teams, 'Name a team of people.yml.'),
        doers.queue,
      );
    } else if (new Set(people.teams[doers.queue]?.members).size < FEWEST_DOERS) {
      file.problem(
        [...at, 'queue'],
        `the queue of ${kind} has one member only`,
        'Add a second member to the team in people.yml, or name another queue.',
        doers.queue,
      );
    }
    return;
  }
  doers.people.forEach((name, index) => {
    if (people.usernames.includes(name)) return;
    file.problem(
      [...at, 'people', index],
      'unknown person',
      suggestion(name, people.usernames, 'Name a member of people.yml.'),
      name,
    );
  });
  if (new Set(doers.people).size < FEWEST_DOERS) {
    file.problem(
      [...at, 'people'],
      `fewer than two ${kind}`,
      "Name at least two people, or { queue: <team> }: one person's absence would stop the work.",
      doers.people.join(', '),
    );
  }
}

/** A key, a name or an alias means one system. */
function checkNames({ file, systems }: SystemsReading): void {
  const owner = new Map<string, string>(systems.map(({ key }) => [key.toLowerCase(), key]));
  for (const { key, name, aliases } of systems) {
    const spellings: [Path, string][] = [
      [['name'], name],
      ...aliases.map((alias, index): [Path, string] => [['aliases', index], alias]),
    ];
    for (const [at, spelling] of spellings) {
      const other = owner.get(spelling.toLowerCase());
      if (other !== undefined && other !== key) {
        file.problem(
          ['systems', key, ...at],
          `means ${other} already`,
          'Give each system names of its own.',
          spelling,
        );
      }
      owner.set(spelling.toLowerCase(), key);
    }
  }
}

function checkConnections({ file, systems }: SystemsReading): void {
  const owner = new Map<string, string>();
  for (const { key, ways } of systems) {
    ways.forEach((way, index) => {
      if (way.kind !== 'scim') return;
      const other = owner.get(way.connection);
      if (other !== undefined) {
        file.problem(
          ['systems', key, 'ways', index, 'connection'],
          `is the connection of ${other} already`,
          'Give each system variables of its own.',
          way.connection,
        );
      }
      owner.set(way.connection, key);
    });
  }
}

/** Names each loop of dependencies once, at the first system of the file that is in it. */
function checkLoops({ file, systems }: SystemsReading): void {
  const needs = new Map(systems.map((system) => [system.key, system.dependsOn]));
  for (const loop of loopsOf(needs)) {
    const first = loop[0] ?? '';
    file.problem(
      ['systems', first, 'depends_on'],
      `dependencies in a loop: ${[...loop, first].join(' → ')}`,
      'Take one of these dependencies away: none of them could ever begin.',
    );
  }
}

/** Loops of a directed graph, each once, beginning with the node that comes first in the map. */
export function loopsOf(next: ReadonlyMap<string, readonly string[]>): string[][] {
  const loops: string[][] = [];
  const settled = new Set<string>();
  const visit = (node: string, path: readonly string[]): void => {
    const from = path.indexOf(node);
    if (from >= 0) loops.push(path.slice(from));
    if (from >= 0 || settled.has(node)) return;
    for (const following of next.get(node) ?? []) visit(following, [...path, node]);
    settled.add(node);
  };
  for (const node of next.keys()) visit(node, []);
  return loops;
}
