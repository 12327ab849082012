import type { LeaverCase } from '../../src/domain/leaving';
import { handbook } from './request';

/** Somebody who left by themself on this day, as the store keeps it; at their time zero, if not said otherwise. */
export const leaverCase = (
  employeeId: string,
  lastDay: string,
  { timeZero, ...change }: Partial<LeaverCase> & Pick<LeaverCase, 'timeZero'>,
): LeaverCase => ({
  leaving: `${employeeId}/0a1b2c3d`,
  employeeId,
  event: {
    type: 'employee.leaving',
    event_id: `leaving-${employeeId}`,
    employee_id: employeeId,
    kind: 'voluntary',
    last_working_day: lastDay,
    garden_leave_start: null,
    termination_date: null,
  },
  phase: 'frozen',
  timeZero,
  policyVersion: handbook.policies[0]?.effectiveFrom ?? '',
  frozenAt: timeZero,
  takenAt: null,
  endedAt: null,
  issue: null,
  successor: null,
  ...change,
});
