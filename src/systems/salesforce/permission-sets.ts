import { needsPerson, type AccessOutcome } from '../connector';
import { passing } from './errors';
import type { Org } from './org';
import { literal, textOf, type Row } from './soql';

/** A permission set that a user has. */
export interface Assignment {
  readonly id: string;
  readonly setId: string;
  readonly name: string;
  /** The profile's own: it comes and goes with the profile. */
  readonly ofProfile: boolean;
  /** Given by itself: neither the profile's own, nor of a licence, which is given and taken with its system. */
  readonly own: boolean;
}

/** The permission sets of users are these rows; see `assignmentsIn`. */
export const ASSIGNMENTS = {
  select:
    'SELECT Id, AssigneeId, PermissionSetId, PermissionSet.Name, PermissionSet.IsOwnedByProfile, PermissionSet.LicenseId FROM PermissionSetAssignment',
  field: 'AssigneeId',
} as const;

/** The permission sets of users, by the user's id; only one of them where it is named. */
export async function assignmentsOf(
  org: Org,
  userIds: readonly string[],
  setId?: string,
): Promise<ReadonlyMap<string, readonly Assignment[]>> {
  const one = setId === undefined ? '' : `PermissionSetId = ${literal(setId)} AND `;
  return assignmentsIn(await org.queryIn(ASSIGNMENTS.select, `${one}${ASSIGNMENTS.field}`, userIds));
}

/** What rows of `ASSIGNMENTS` say, by the user's id. */
export function assignmentsIn(rows: readonly Row[]): ReadonlyMap<string, readonly Assignment[]> {
  const assigned = new Map<string, Assignment[]>();
  for (const row of rows) {
    const of = textOf(row, 'AssigneeId');
    assigned.set(of, [...(assigned.get(of) ?? []), assignmentOf(row)]);
  }
  return assigned;
}

/** Ids of permission-set licences begin so; a set may also belong to a kind of user. */
const LICENCE_PREFIX = '0PL';

function assignmentOf(row: Row): Assignment {
  const set = (row['PermissionSet'] ?? {}) as Row;
  return {
    id: textOf(row, 'Id'),
    setId: textOf(row, 'PermissionSetId'),
    name: textOf(set, 'Name'),
    ofProfile: set['IsOwnedByProfile'] === true,
    own: set['IsOwnedByProfile'] !== true && !textOf(set, 'LicenseId').startsWith(LICENCE_PREFIX),
  };
}

export interface SetWanted {
  readonly userId: string;
  readonly setId: string;
}

/** Assigns permission sets; in the same order the code where one was refused, undefined where it is assigned now. */
export async function assign(
  org: Org,
  wanted: readonly SetWanted[],
): Promise<readonly (string | undefined)[]> {
  const saved = await org.create(
    'PermissionSetAssignment',
    wanted.map(({ userId, setId }) => ({ AssigneeId: userId, PermissionSetId: setId })),
  );
  return wanted.map((_, at) => {
    const one = saved[at];
    return one?.success || one?.code === 'DUPLICATE_VALUE' ? undefined : (one?.code ?? 'no answer');
  });
}

/** What comes of somebody whose permission set could not be assigned, for now or at all. */
export const setRefused = (name: string, problem: string): AccessOutcome =>
  passing(problem) ??
  needsPerson(
    `the permission set "${name}" could not be assigned: ${problem}`,
    'Mend it, then tick "try again".',
  );

export const NOT_SHOWN = 'it is not shown after it was assigned';
export const UNKNOWN_SET = 'it does not exist';
