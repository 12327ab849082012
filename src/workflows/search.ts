import { defineSearchAttributeKey } from '@temporalio/common';

/** What the Temporal UI can be filtered by: never a name or an address. */
export const KIND = defineSearchAttributeKey('DaytwoKind', 'KEYWORD');
export const STATE = defineSearchAttributeKey('DaytwoState', 'KEYWORD');
export const EMPLOYEE = defineSearchAttributeKey('DaytwoEmployeeId', 'KEYWORD');
export const SYSTEM = defineSearchAttributeKey('DaytwoSystem', 'KEYWORD_LIST');
export const DUE = defineSearchAttributeKey('DaytwoDue', 'DATETIME');
