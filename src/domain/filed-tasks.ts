import type { Task } from './access-request';
import type { Asked } from './approvals';
import type { Region, System, SystemKey } from './handbook';
import { inStages } from './stages';
import { tasksFor } from './tasks';

/**
 * The boxes of a request that people filed: what is given in the order of its dependencies, what is taken away in the
 * opposite order, and what is given in stages or later. "Tasks need dependencies, not one flat checklist."
 */
export function filedTasks(
  asked: readonly Asked[],
  systems: readonly System[],
  regions: readonly Region[],
  taught: readonly SystemKey[] = [],
): readonly Task[] {
  const given = asked.filter(({ verb }) => verb !== 'remove');
  const changed = new Set(given.filter(({ verb }) => verb === 'change').map(({ system }) => system));
  const tasks = tasksFor(
    given.map(({ entitlement }) => entitlement),
    systems,
  ).map((task): Task => (changed.has(task.system) ? { ...task, verb: 'change' } : task));
  return [...inStages(tasks, systems, regions, taught), ...removals(asked, systems)];
}

/** What hangs on a system goes before it: licences before the user that holds them. */
function removals(asked: readonly Asked[], systems: readonly System[]): readonly Task[] {
  const removed = asked.filter(({ verb }) => verb === 'remove').map(({ entitlement }) => entitlement);
  const given = tasksFor(removed, systems);
  return [...given].reverse().map((task): Task => ({
    ...task,
    verb: 'remove',
    after: given.filter((other) => other.after.includes(task.id)).map(({ id }) => id),
  }));
}
