import type { Task } from './access-request';
import type { Entitlement, Region, Stage, System, SystemKey } from './handbook';
import { tasksFor } from './tasks';

/** The boxes of a new hire's request: what the role gives in their region, in its order and stages. */
export const baselineTasks = (
  entitlements: readonly Entitlement[],
  systems: readonly System[],
  region: Region,
): readonly Task[] => inStages(tasksFor(entitlements, systems), systems, [region]);

/**
 * "Recorder only after the course, so they start as Listener and are upgraded"; "up to 24 h after the Salesforce user exists".
 *
 * @param taught systems whose course the person has done before: nothing of these waits for it again
 */
export function inStages(
  tasks: readonly Task[],
  systems: readonly System[],
  regions: readonly Region[],
  taught: readonly SystemKey[] = [],
): readonly Task[] {
  return tasks.flatMap((task) => {
    const stages = (systems.find(({ key }) => key === task.system)?.stages ?? []).filter(
      ({ kind }) => kind !== 'course' || !taught.includes(task.system),
    );
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
    const course = courseOf(task.system);
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
/** The box that says that a system's course is done. */
export const courseOf = (system: SystemKey): string => `${system}/course`;
