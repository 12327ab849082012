import { PARTIES } from '../../domain/close/green-light';
import type { CloseTask } from '../../domain/close/tasks';
import { suggestion } from '../../domain/spelling';
import type { ConfigFile } from '../config-file';
import type { PeopleReading, Reading } from '../reading';

/** The checklist and the dates of a close: people and teams who are there, nobody in two places, no circle of tasks. */
export function checkClose({ checklist, policy, people }: Reading): void {
  for (const { index, policy: version } of policy?.versions ?? []) {
    const at = ['versions', index, 'close'];
    const { dates, greenLight, runBy, change } = version.close;
    const known = (path: readonly (string | number)[], names: readonly string[]): void =>
      names.forEach((name, entry) => knownPerson(policy?.file, people, [...at, ...path, entry], name));
    known(['run_by'], runBy);
    for (const party of PARTIES) known(['green_light', party], greenLight.by[party]);
    known(['change', 'approved_by'], change.approvedBy);
    known(['change', 'commission', 'by'], change.commission.by);
    if (dates.lockDay >= dates.snapshotBeforeDay)
      policy?.file.problem(
        [...at, 'snapshot_before_day'],
        'the snapshot is due before the period is locked',
        'Make it later than lock_day.',
        String(dates.snapshotBeforeDay),
      );
    const letters = Object.values(dates.letters);
    if (letters.some((day, place) => day <= (letters[place - 1] ?? 0)))
      policy?.file.problem(
        [...at, 'letters'],
        'the days of the letters are not in their order',
        'sent, answered, accounting, committee: each later than the one before.',
        letters.join(', '),
      );
    const [one, ...others] = greenLight.by.deal_desk;
    const same =
      greenLight.by.finance.length === 1 && others.length === 0 && greenLight.by.finance[0] === one;
    if (one !== undefined && same)
      policy?.file.problem(
        [...at, 'green_light'],
        'one person alone for both parties: a close would never be lit',
        'Name somebody else for one of them.',
        one,
      );
  }
  if (!checklist?.file) return;
  const { file, tasks } = checklist;
  const keys = tasks.map(({ task }) => task.key);
  for (const { index, task } of tasks) {
    const at = ['tasks', index];
    if (keys.indexOf(task.key) !== keys.lastIndexOf(task.key))
      file.problem([...at, 'key'], 'the same key twice', 'Each task has its own.', task.key);
    for (const field of ['preparer', 'reviewer'] as const)
      knownPerson(file, people, [...at, field], task[field]);
    if (task.preparer === task.reviewer)
      file.problem(
        [...at, 'reviewer'],
        'nobody reviews what they prepared',
        'Name somebody else.',
        task.reviewer,
      );
    if (people && !Object.hasOwn(people.teams, task.team))
      file.problem(
        [...at, 'team'],
        'unknown team',
        suggestion(task.team, Object.keys(people.teams), 'Name a team of people.yml.'),
        task.team,
      );
    task.needs.forEach((needed, place) => {
      if (!keys.includes(needed))
        file.problem(
          [...at, 'needs', place],
          'unknown task',
          suggestion(needed, keys, 'Name a task of this file.'),
          needed,
        );
    });
    const circle = circleFrom(
      task.key,
      tasks.map(({ task: each }) => each),
    );
    if (circle)
      file.problem(
        [...at, 'needs'],
        'a circle: none of them can be signed first',
        'Take one away.',
        circle.join(' → '),
      );
  }
}

/** The way from a task back to itself through what it needs; null where there is none. */
function circleFrom(key: string, tasks: readonly CloseTask[]): readonly string[] | null {
  const needs = new Map(tasks.map((task) => [task.key, task.needs]));
  const seen = new Set<string>();
  const walk = (at: string, way: readonly string[]): readonly string[] | null => {
    for (const next of needs.get(at) ?? []) {
      if (next === key) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found) return found;
    }
    return null;
  };
  return walk(key, [key]);
}

/** Names a person whom people.yml doesn't know. */
export function knownPerson(
  file: ConfigFile | undefined,
  people: PeopleReading | null,
  at: readonly (string | number)[],
  name: string,
): void {
  if (people && !people.usernames.includes(name))
    file?.problem(
      at,
      'nobody of that user name',
      suggestion(name, people.usernames, 'Name a member of people.yml.'),
      name,
    );
}
