import type { FiledPlan, RequestState, Task } from './access-request';
import { levelOf, lowerThan, sameText, type Asked } from './approvals';
import type { Entitlement, System, SystemKey } from './handbook';
import { accessInWords } from './tasks';

/** What an approver granted in one system instead of what was asked for there: always less. */
export interface Lowering {
  readonly system: SystemKey;
  readonly from: Entitlement;
  readonly to: Entitlement;
  /** Who lowered it, as a GitLab user name, and when. */
  readonly by: string;
  readonly at: string;
}

/** Less, as an approver says it: another level of the system's own order, and permission sets that are left out. */
export interface Less {
  readonly as: string | null;
  readonly without: readonly string[];
}

/**
 * "Approver may edit the group before approving" (the access-request page): to less, never to more. The level must stand
 * before the one that is asked for in the order of `systems.yml`; a permission set must be among those asked for.
 */
export function lowered(
  { verb, entitlement }: Asked,
  { as, without }: Less,
  system: Pick<System, 'name' | 'levels' | 'stages'>,
): { readonly to: Entitlement } | { readonly why: string } {
  if (verb === 'remove') return { why: 'what is taken away can not be lowered: approve or reject it' };
  let to = entitlement;
  if (as !== null) {
    const less = lowerThan(entitlement, system);
    const level = less.find((one) => sameText(one, as));
    const now = levelOf(entitlement, system);
    if (!now || less.length === 0)
      return { why: `${system.name} has no level below what is asked for: reject it, or edit the line` };
    if (level === undefined)
      return { why: `only less than what is asked for can be approved so: ${less.join(', ')}` };
    if (system.stages.some((stage) => stage.kind === 'course' && sameText(stage.to, level)))
      return { why: `${level} comes after a course: edit the line instead` };
    to = { ...to, [now.attribute]: level };
  }
  if (without.length > 0) {
    const sets = entitlement.permissionSets ?? [];
    if (without.some((set) => !sets.some((one) => sameText(one, set))))
      return { why: `only permission sets that are asked for can be left out: ${sets.join(', ') || 'none'}` };
    to = {
      ...to,
      permissionSets: sets.filter((set) => !without.some((one) => sameText(one, set))),
    };
  }
  return { to };
}

/** The boxes of a system as they are once it was lowered. What stood behind a course for more than that falls away. */
export function lowerTasks(
  tasks: readonly Task[],
  { system, from, to }: Pick<Lowering, 'system' | 'from' | 'to'>,
): readonly Task[] {
  const staged = tasks.some((task) => task.system === system && task.gate);
  const collapses = staged && from.licenceType !== to.licenceType;
  return tasks.flatMap((task): readonly Task[] => {
    if (task.system !== system) return [task];
    if (collapses && (task.gate || isUpgrade(task))) return [];
    if (task.gate) return [task];
    const { licenceType } = task.entitlement;
    // Of a staged grant, the first box gives the first licence type.
    return [
      {
        ...task,
        entitlement: staged && !collapses && licenceType !== undefined ? { ...to, licenceType } : to,
      },
    ];
  });
}

/** The last box of a staged grant: it gives all that was asked for. */
export const isUpgrade = ({ id, system }: Pick<Task, 'id' | 'system'>): boolean => id === `${system}/upgrade`;

/**
 * What a text asks for, as it was approved: a line that still says what an approver lowered means what they lowered it to,
 * whatever else was edited. Another line is another wish: what was lowered before is compared with it, and kept no longer.
 */
export function asApproved(
  written: readonly Asked[],
  filed: Pick<FiledPlan, 'lowered'>,
): { readonly asked: readonly Asked[]; readonly lowered: readonly Lowering[] } {
  const kept = (filed.lowered ?? []).filter(({ system, from }) =>
    written.some(
      (one) => one.system === system && one.verb !== 'remove' && sameEntitlement(one.entitlement, from),
    ),
  );
  const asked = written.map((one): Asked => {
    const lower = kept.find(({ system }) => system === one.system);
    return lower ? { ...one, entitlement: lower.to } : one;
  });
  return { asked, lowered: kept };
}

const sameEntitlement = (one: Entitlement, other: Entitlement): boolean =>
  one.role === other.role &&
  one.profile === other.profile &&
  one.team === other.team &&
  one.licenceType === other.licenceType &&
  (one.permissionSets ?? []).join('\n') === (other.permissionSets ?? []).join('\n');

/** `role User instead of role Admin` */
export const loweringInWords = ({ from, to }: Pick<Lowering, 'from' | 'to'>): string =>
  `${accessInWords(to) || 'access'} instead of ${accessInWords(from)}`;

/** What was lowered in this request, as its text still asks for more. */
export const loweringsOf = ({ plan }: Pick<RequestState, 'plan'>): readonly Lowering[] =>
  plan.filed?.lowered ?? [];
