import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { HrEvent } from '../domain/hr-event';
import { bornPhase, type AccessRequestInput } from '../domain/request-start';

/** What the Temporal UI can be filtered by: never a name or an address. */
export const KIND = defineSearchAttributeKey('DaytwoKind', 'KEYWORD');
export const STATE = defineSearchAttributeKey('DaytwoState', 'KEYWORD');
export const EMPLOYEE = defineSearchAttributeKey('DaytwoEmployeeId', 'KEYWORD');
export const SYSTEM = defineSearchAttributeKey('DaytwoSystem', 'KEYWORD_LIST');
export const DUE = defineSearchAttributeKey('DaytwoDue', 'DATETIME');

/** An onboarding of which nobody needs to know anything: it waits for day two, or follows its request. */
export const ON_TRACK = 'on_track';

/**
 * What an onboarding can be found by from its start on, so that the usual one needs no change of it: a hire is due on the
 * first day at work. Whatever else happens to it is said by `STATE`.
 */
export const hireAttributes = (event: HrEvent): SearchAttributePair[] => [
  { key: KIND, value: 'onboarding' },
  { key: STATE, value: ON_TRACK },
  { key: EMPLOYEE, value: event.employee_id },
  ...(event.type === 'employee.hired' ? [{ key: DUE, value: firstDay(event.start_date) }] : []),
];

/** What a change of role can be found by from its start on. */
export const moveAttributes = (employeeId: string): SearchAttributePair[] => [
  { key: KIND, value: 'role-change' },
  { key: STATE, value: ON_TRACK },
  { key: EMPLOYEE, value: employeeId },
];

/** What a leaving can be found by from its start on. */
export const leavingAttributes = (employeeId: string): SearchAttributePair[] => [
  { key: KIND, value: 'offboarding' },
  { key: STATE, value: 'new' },
  { key: EMPLOYEE, value: employeeId },
];

/** @param startDate `YYYY-MM-DD` */
export const firstDay = (startDate: string): Date => new Date(`${startDate}T00:00:00.000Z`);

/** What an access request can be found by from its start on; a filed one, once its text was read. */
export const requestAttributes = ({ plan }: Pick<AccessRequestInput, 'plan'>): SearchAttributePair[] => [
  { key: KIND, value: 'access-request' },
  { key: STATE, value: bornPhase({ plan }) },
  ...(plan.filed ? [] : filedAttributes({ plan })),
];

/** Whose request it is, which systems it is about, and by when it is due. A request for many is nobody's. */
export const filedAttributes = ({ plan }: Pick<AccessRequestInput, 'plan'>): SearchAttributePair[] => [
  ...(plan.employeeId === '' ? [] : [{ key: EMPLOYEE, value: plan.employeeId }]),
  { key: SYSTEM, value: [...new Set(plan.tasks.map((task) => task.system))] },
  ...(plan.dueAt === '' ? [] : [{ key: DUE, value: new Date(plan.dueAt) }]),
];

/** What `filedAttributes` are made of, to see whether they changed. */
export const subjectOf = ({ plan }: Pick<AccessRequestInput, 'plan'>): string =>
  plan.filed ? JSON.stringify([plan.employeeId, plan.dueAt, plan.tasks.map(({ system }) => system)]) : '';
