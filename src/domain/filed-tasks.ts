import type { Task } from './access-request';
import type { Asked } from './approvals';
import type { Entitlement, Region, Stage, System } from './handbook';
import { tasksFor } from './tasks';

/**
 * The boxes of a request that people filed: what is given in the order of its dependencies, what is taken away in the
 * opposite order, and what is given in stages or later. "Tasks need dependencies, not one flat checklist."
 */
export function filedTasks(
  asked: readonly Asked[],
  systems: readonly System[],
  regions: readonly Region[],
): readonly Task[] {
  const given = asked.filter(({ verb }) => verb !== 'remove');
  const changed = new Set(given.filter(({ verb }) => verb === 'change').map(({ system }) => system));
  const tasks = tasksFor(
    given.map(({ entitlement }) => entitlement),
    systems,
  ).map((task): Task => (changed.has(task.system) ? { ...task, verb: 'change' } : task));
  return [...inStages(tasks, systems, regions), ...removals(asked, systems)];
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

/** "Recorder only after the course, so they start as Listener and are upgraded"; "up to 24 h after the Salesforce user exists". */
export function inStages(
  tasks: readonly Task[],
  systems: readonly System[],
  regions: readonly Region[],
): readonly Task[] {
  return tasks.flatMap((task) => {
    const stages = systems.find(({ key }) => key === task.system)?.stages ?? [];
    return stages.reduce<readonly Task[]>((done, stage) => applyStage(done, stage, tasks, regions), [task]);
  });
}

function applyStage(
  of: readonly Task[],
  stage: Stage,
  all: readonly Task[],
  regions: readonly Region[],
): readonly Task[] {
  if (stage.kind === 'delay') {
    const before = all.filter(({ system }) => system === stage.after).at(-1);
    return of.map((task) =>
      before && task.id === task.system
        ? {
            ...task,
            after: [...new Set([...task.after, before.id])],
            delay: { after: before.id, hours: stage.hours },
          }
        : task,
    );
  }
  const later = regions.some((region) => !stage.exceptRegions.includes(region));
  return of.flatMap((task): readonly Task[] => {
    const { entitlement } = task;
    if (!later || !hasLicence(task) || entitlement.licenceType !== stage.to) return [task];
    const course = `${task.system}/course`;
    return [
      { ...task, entitlement: { ...entitlement, licenceType: stage.first } },
      {
        ...task,
        id: course,
        name: `${systemName(task)}: ${stage.course} done`,
        way: { kind: 'person' },
        entitlement: withoutAccess(entitlement),
        after: [task.id],
        gate: true,
      },
      {
        ...task,
        id: `${task.system}/upgrade`,
        name: `${systemName(task)}: upgrade to ${stage.to}`,
        entitlement,
        after: [course],
        ...(task.way.kind === 'person' ? {} : { verb: 'change' as const }),
      },
    ];
  });
}

/** Groups at the identity provider know no licence types. */
const hasLicence = ({ way }: Task): boolean => way.kind !== 'okta-group';
const withoutAccess = ({ system }: Entitlement): Entitlement => ({ system });
const systemName = ({ name }: Task): string => name.replace(/ \([^)]*\)$/, '');
