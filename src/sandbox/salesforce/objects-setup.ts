import type { ObjectSource } from './schema';

/** What administrators and auditors look at: who signed in, what was changed in the setup, and what queues are for. */
export const SETUP_OBJECTS: readonly ObjectSource[] = [
  {
    name: 'LoginHistory',
    label: 'Login History',
    keyPrefix: '0Ya',
    can: [],
    fields: [
      ['UserId', 'reference', { to: ['User'] }],
      ['LoginTime', 'datetime'],
      [
        'LoginType',
        'picklist',
        { initially: 'Remote Access 2.0', values: ['Remote Access 2.0', 'Application'] },
      ],
      ['SourceIp', 'string', { length: 39, initially: '127.0.0.1' }],
      ['Status', 'string', { length: 128, initially: 'Success' }],
      ['Application', 'string', { length: 64 }],
      ['Platform', 'string', { length: 64 }],
      ['Browser', 'string', { length: 64 }],
    ],
  },
  {
    name: 'SetupAuditTrail',
    label: 'Setup Audit Trail Entry',
    keyPrefix: '0Ym',
    can: [],
    fields: [
      ['Action', 'string', { length: 40 }],
      ['Section', 'string', { length: 80 }],
      ['Display', 'string', { length: 1000 }],
      ['DelegateUser', 'string', { length: 255 }],
    ],
  },
  {
    name: 'RecordType',
    label: 'Record Type',
    keyPrefix: '012',
    can: [],
    fields: [
      ['Name', 'string', { length: 80 }],
      ['DeveloperName', 'string', { length: 80 }],
      ['NamespacePrefix', 'string', { length: 15 }],
      ['Description', 'string', { length: 255 }],
      ['SobjectType', 'picklist', { values: ['Account', 'Contact', 'Opportunity', 'Lead', 'Case'] }],
      ['IsActive', 'boolean', { initially: true }],
    ],
  },
  {
    name: 'QueueSobject',
    label: 'Queue Sobject',
    keyPrefix: '03g',
    can: ['create', 'delete'],
    fields: [
      ['QueueId', 'reference', { required: true, createOnly: true, to: ['Group'] }],
      ['SobjectType', 'picklist', { required: true, createOnly: true, values: ['Lead', 'Case', 'Account'] }],
    ],
  },
  {
    name: 'PermissionSetGroup',
    label: 'Permission Set Group',
    keyPrefix: '0PG',
    can: [],
    fields: [
      ['DeveloperName', 'string', { length: 80, unique: true }],
      ['MasterLabel', 'string', { length: 80 }],
      ['Language', 'picklist', { initially: 'en_US', values: ['en_US'] }],
      ['NamespacePrefix', 'string', { length: 15 }],
      ['Description', 'string', { length: 255 }],
      ['Status', 'picklist', { initially: 'Updated', values: ['Updated', 'Outdated', 'Updating', 'Failed'] }],
    ],
  },
];
