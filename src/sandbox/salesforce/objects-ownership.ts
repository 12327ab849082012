import { bookingFields } from './objects-bookings';
import type { ObjectSource } from './schema';

/** Setup records that name a user and stand in the way of a leaver: sessions, assignment rules, scheduled jobs. */
export const OWNERSHIP_SETUP_OBJECTS: readonly ObjectSource[] = [
  {
    name: 'AuthSession',
    label: 'Auth Session',
    keyPrefix: '0Ak',
    can: ['delete'],
    fields: [
      ['UsersId', 'reference', { readOnly: true, to: ['User'] }],
      ['SessionType', 'picklist', { initially: 'API', values: ['UI', 'API', 'Oauth2'] }],
      [
        'LoginType',
        'picklist',
        { initially: 'Remote Access 2.0', values: ['Remote Access 2.0', 'Application'] },
      ],
      ['SourceIp', 'string', { length: 39, initially: '127.0.0.1' }],
      ['NumSecondsValid', 'int', { initially: 7200 }],
    ],
  },
  {
    name: 'AssignmentRule',
    label: 'Assignment Rule',
    keyPrefix: '01Q',
    can: [],
    fields: [
      ['Name', 'string', { length: 120 }],
      ['SobjectType', 'picklist', { values: ['Lead', 'Case'] }],
      ['Active', 'boolean', { initially: false }],
    ],
  },
  {
    name: 'CronJobDetail',
    label: 'Cron Job',
    keyPrefix: '08a',
    can: [],
    fields: [
      ['Name', 'string', { length: 255 }],
      ['JobType', 'picklist', { initially: '7', values: ['3', '7', '8'] }],
    ],
  },
  {
    name: 'CronTrigger',
    label: 'Scheduled Job',
    keyPrefix: '08e',
    can: [],
    fields: [
      ['CronJobDetailId', 'reference', { to: ['CronJobDetail'] }],
      ['OwnerId', 'reference', { to: ['User'] }],
      ['CronExpression', 'string', { length: 255 }],
      ['NextFireTime', 'datetime'],
      ['State', 'picklist', { initially: 'WAITING', values: ['WAITING', 'ACQUIRED', 'COMPLETE', 'DELETED'] }],
    ],
  },
];

/** Records that say who works on what: teams, splits, and approvals that wait on somebody. */
export const OWNERSHIP_OBJECTS: readonly ObjectSource[] = [
  {
    name: 'AccountTeamMember',
    label: 'Account Team Member',
    keyPrefix: '01M',
    can: ['create', 'update', 'delete'],
    fields: [
      ['AccountId', 'reference', { required: true, createOnly: true, to: ['Account'] }],
      ['UserId', 'reference', { required: true, createOnly: true, to: ['User'] }],
      ['TeamMemberRole', 'picklist', { values: ['Account Manager', 'Sales Rep', 'Solutions Architect'] }],
    ],
  },
  {
    name: 'OpportunityTeamMember',
    label: 'Opportunity Team Member',
    keyPrefix: '00q',
    can: ['create', 'update', 'delete'],
    fields: [
      ['OpportunityId', 'reference', { required: true, createOnly: true, to: ['Opportunity'] }],
      ['UserId', 'reference', { required: true, createOnly: true, to: ['User'] }],
      ['TeamMemberRole', 'picklist', { values: ['Account Manager', 'Sales Rep', 'Solutions Architect'] }],
    ],
  },
  {
    name: 'OpportunitySplitType',
    label: 'Opportunity Split Type',
    keyPrefix: '1ST',
    can: [],
    fields: [
      ['DeveloperName', 'string', { length: 80 }],
      ['MasterLabel', 'string', { length: 80 }],
      ['IsTotalValidated', 'boolean', { initially: true }],
      ['IsActive', 'boolean', { initially: true }],
    ],
  },
  {
    name: 'OpportunitySplit',
    label: 'Opportunity Split',
    keyPrefix: '1SP',
    can: ['create', 'update', 'delete'],
    fields: [
      ['OpportunityId', 'reference', { required: true, createOnly: true, to: ['Opportunity'] }],
      ['SplitOwnerId', 'reference', { required: true, createOnly: true, to: ['User'] }],
      ['SplitTypeId', 'reference', { required: true, createOnly: true, to: ['OpportunitySplitType'] }],
      ['SplitPercentage', 'percent', { required: true }],
      ['SplitAmount', 'currency', { readOnly: true }],
      ['SplitNote', 'string', { length: 255 }],
      ...bookingFields('split'),
    ],
  },
  {
    name: 'ProcessInstance',
    label: 'Process Instance',
    keyPrefix: '04g',
    can: [],
    fields: [
      ['TargetObjectId', 'reference', { to: ['Opportunity', 'Account'] }],
      ['Status', 'picklist', { initially: 'Pending', values: ['Pending', 'Approved', 'Rejected'] }],
      ['SubmittedById', 'reference', { to: ['User'] }],
    ],
  },
  {
    name: 'ProcessInstanceWorkitem',
    label: 'Approval Request',
    keyPrefix: '04i',
    can: ['update', 'delete'],
    fields: [
      ['ProcessInstanceId', 'reference', { readOnly: true, to: ['ProcessInstance'] }],
      ['OriginalActorId', 'reference', { readOnly: true, to: ['User', 'Group'] }],
      ['ActorId', 'reference', { to: ['User', 'Group'] }],
    ],
  },
];
