import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { bornPhase, type AccessRequestInput } from '../domain/request-start';

/** What the Temporal UI can be filtered by: never a name or an address. */
export const KIND = defineSearchAttributeKey('DaytwoKind', 'KEYWORD');
export const STATE = defineSearchAttributeKey('DaytwoState', 'KEYWORD');
export const EMPLOYEE = defineSearchAttributeKey('DaytwoEmployeeId', 'KEYWORD');
export const SYSTEM = defineSearchAttributeKey('DaytwoSystem', 'KEYWORD_LIST');
export const DUE = defineSearchAttributeKey('DaytwoDue', 'DATETIME');

/** What an access request can be found by from its start on. */
export const requestAttributes = ({ plan }: Pick<AccessRequestInput, 'plan'>): SearchAttributePair[] => [
  { key: KIND, value: 'access-request' },
  { key: STATE, value: bornPhase({ plan }) },
  { key: EMPLOYEE, value: plan.employeeId },
  { key: SYSTEM, value: [...new Set(plan.tasks.map((task) => task.system))] },
  { key: DUE, value: new Date(plan.dueAt) },
];
