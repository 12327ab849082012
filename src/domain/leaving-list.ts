import type { LeavingPolicy } from './handbook';

/** Who leaves by one list. What is approved is who leaves, how and when: not the order of the lines, nor the form of the file. */
export interface LeavingList {
  /** Of the list's content. */
  readonly digest: string;
  /** Employee ids, each once. */
  readonly employees: readonly string[];
}

/** What those of a list wait for between its beginning and their freeze. */
export const LEAVING_LIST = 'leaving_list';

/** "Approval by two named people above a threshold": whether this list needs any. */
export const needsApproval = (
  { employees }: Pick<LeavingList, 'employees'>,
  { moreThan }: LeavingPolicy['list'],
): boolean => employees.length > moreThan;

/**
 * Why somebody can't approve a list; null where they can.
 *
 * @param employeeId whose user name it is, where HR knows them
 */
export function refusesApproval(
  by: string,
  employeeId: string | null,
  { employees }: Pick<LeavingList, 'employees'>,
  policy: LeavingPolicy['list'],
): string | null {
  if (!policy.by.includes(by))
    return policy.by.length === 0
      ? 'nobody may approve a list of leavers: name people in leaving.list.by of policy.yml'
      : `${by} may not approve a list of leavers; ${policy.by.join(', ')} may`;
  if (employeeId !== null && employees.includes(employeeId))
    return `${by} is on the list: somebody else must approve it`;
  return null;
}

/** How many approvals are missing; the same person counts once, and only while the policy names them. */
export const approvalsMissing = (approvedBy: readonly string[], policy: LeavingPolicy['list']): number =>
  Math.max(0, policy.approvals - new Set(approvedBy.filter((name) => policy.by.includes(name))).size);
