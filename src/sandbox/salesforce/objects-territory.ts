import type { FieldSource } from './schema';

/** What the org keeps on accounts for territory planning, as `config/territory/fields.yml` names it. */

/** Text: some sources write `1,200`, or nothing sensible. */
const EMPLOYEES = { length: 40 } as const;

const address = (prefix: string, label: string): readonly FieldSource[] => [
  [`${prefix}_Street__c`, 'textarea', { length: 255, label: `${label} Street` }],
  [`${prefix}_City__c`, 'string', { length: 80, label: `${label} City` }],
  [`${prefix}_State__c`, 'string', { length: 80, label: `${label} State` }],
  [`${prefix}_Post_Code__c`, 'string', { length: 40, label: `${label} Post Code` }],
  [`${prefix}_Country__c`, 'string', { length: 80, label: `${label} Country` }],
];

const flag = (name: string): FieldSource => [name, 'boolean', { initially: false }];
const user = (name: string, label: string): FieldSource => [name, 'reference', { to: ['User'], label }];

/** How a parent holds an account: as one of its own, or in a way that makes it no parent. */
export const PARENTED = ['Subsidiary', 'Branch'] as const;
export const NOT_PARENTED = ['Private Equity', 'Joint Venture', 'Franchise', 'Government'] as const;
const RELATIONS = [...PARENTED, ...NOT_PARENTED];
export const OVERRIDE_STATUSES = ['Requested', 'Approved', 'Rejected', 'Needs More Info'] as const;

/** Written by a plan: who watches for changes of what a plan reads needn't hear of these. */
export const STAGING: readonly FieldSource[] = [
  ['JB_Test_Sales_Segment__c', 'string', { length: 40, label: '[TSP] Sales Segment' }],
  ['TSP_Account_Employees__c', 'int', { label: '[TSP] Account Employees' }],
  ['TSP_Max_Family_Employees__c', 'int', { label: '[TSP] MAX Family Employees' }],
  ...address('TSP_Address', '[TSP] Address'),
  ['TSP_Geo_Story__c', 'string', { length: 80, label: '[TSP] Geo Story' }],
  ['ATAM_Territory__c', 'string', { length: 120, label: '[TSP] Territory' }],
  ['TSP_Region__c', 'string', { length: 80, label: '[TSP] Region' }],
  ['TSP_Sub_Region__c', 'string', { length: 80, label: '[TSP] Sub-Region' }],
  ['TSP_Area__c', 'string', { length: 80, label: '[TSP] Area' }],
  user('ATAM_Approved_Next_Owner__c', '[TSP] Next Approved Owner'),
  ['TSP_Last_Update_Timestamp__c', 'datetime', { label: '[TSP] Last Update Timestamp' }],
  ['TSP_Transfer_Date__c', 'date', { label: '[TSP] Transfer Date' }],
  ['TSP_Reasons__c', 'textarea', { length: 32_000, label: '[TSP] Reasons' }],
];

/** What people fill to ask for another value or another owner. */
export const USER_INPUT: readonly FieldSource[] = [
  ['User_Input_Employee_Count__c', 'string', { ...EMPLOYEES, label: '[User Input] Employee Count' }],
  ['User_Input_Employee_Source__c', 'url', { length: 255, label: '[User Input] Employee Source' }],
  ...address('User_Input_Address', '[User Input] Address'),
  ['User_Input_Address_Source__c', 'url', { length: 255, label: '[User Input] Address Source' }],
  user('User_Input_Owner__c', '[User Input] Account Owner'),
  ['User_Input_Owner_Evidence__c', 'textarea', { length: 2_000, label: '[User Input] Owner Evidence' }],
];

const ASKED: readonly FieldSource[] = [
  user('User_Input_By__c', '[User Input] Asked By'),
  ['User_Input_At__c', 'datetime', { label: '[User Input] Asked At' }],
];

/** What Sales Ops answers. */
export const REVIEW: readonly FieldSource[] = [
  ['TSP_Override_Status__c', 'picklist', { values: OVERRIDE_STATUSES, label: '[TSP] Override Status' }],
  ['TSP_Decision_Rationale__c', 'textarea', { length: 4_000, label: '[TSP] Decision Rationale' }],
  ['TSP_Effective_Date__c', 'date', { label: '[TSP] Effective Date' }],
  [
    'Account_Reassignment_Status__c',
    'picklist',
    { values: ['Requested', 'Quarterly Review', 'Approved', 'Rejected', 'Reassigned'] },
  ],
];

const SOURCES: readonly FieldSource[] = [
  ['Admin_Manual_Employees__c', 'string', EMPLOYEES],
  ...address('Admin_Manual', 'Admin Manual'),
  ['ZoomInfo_Employees__c', 'string', EMPLOYEES],
  ...address('ZoomInfo', 'ZoomInfo'),
  ['DataFox_Employees__c', 'string', EMPLOYEES],
  ...address('DataFox', 'DataFox'),
];

/** All of them but `Account_Territory__c`, which the account has always had. */
export const TERRITORY_FIELDS: readonly FieldSource[] = [
  ['Parent_Relation__c', 'picklist', { values: RELATIONS }],
  flag('Holding_Company__c'),
  flag('Named_Account__c'),
  flag('PubSec_Account__c'),
  flag('Channel_Account__c'),
  flag('Override_Hierarchy_Routing__c'),
  flag('Embargoed__c'),
  flag('Account_Plan__c'),
  ['CARR__c', 'currency', { label: 'CARR' }],
  ['Open_Pipeline__c', 'currency', { readOnly: true }],
  ['Open_Opportunities__c', 'int', { readOnly: true }],
  ['Admin_Manual_Until__c', 'date'],
  ['Holdover_Expiration_Date__c', 'date'],
  ['Confirmed_Segment__c', 'string', { length: 40 }],
  ['Confirmed_On__c', 'date'],
  ...SOURCES,
  ['Ultimate_Parent_Sales_Segment_Employees__c', 'string', { length: 40, label: 'Sales Segment' }],
  ['Max_Family_Employees__c', 'int'],
  ...STAGING,
  ...USER_INPUT,
  ...ASKED,
  ...REVIEW,
];
