import { LANGUAGES } from './picklists';
import type { ObjectSource } from './schema';

/** What users may do beyond their profile, and the licences that it takes. */
export const LICENCE_OBJECTS: readonly ObjectSource[] = [
  {
    name: 'UserLicense',
    label: 'User License',
    keyPrefix: '100',
    can: [],
    fields: [
      ['Name', 'string', { length: 255 }],
      ['LicenseDefinitionKey', 'string', { length: 40 }],
      ['MasterLabel', 'string', { length: 255 }],
      ['Status', 'picklist', { initially: 'Active', values: ['Active', 'Disabled'] }],
      ['TotalLicenses', 'int'],
      ['UsedLicenses', 'int', { readOnly: true }],
      ['MonthlyLoginsUsed', 'int', { initially: 0 }],
      ['MonthlyLoginsEntitlement', 'int', { initially: 0 }],
    ],
  },
  {
    name: 'PermissionSet',
    label: 'Permission Set',
    keyPrefix: '0PS',
    can: ['create', 'update', 'delete'],
    fields: [
      ['Name', 'string', { length: 80, required: true, unique: true, label: 'Permission Set Name' }],
      ['Label', 'string', { length: 80, required: true }],
      ['LicenseId', 'reference', { createOnly: true, to: ['PermissionSetLicense', 'UserLicense'] }],
      ['ProfileId', 'reference', { readOnly: true, to: ['Profile'] }],
      ['IsOwnedByProfile', 'boolean', { readOnly: true, initially: false }],
      ['IsCustom', 'boolean', { readOnly: true, initially: true }],
      ['Description', 'string', { length: 255 }],
      ['NamespacePrefix', 'string', { length: 15, readOnly: true }],
      ['HasActivationRequired', 'boolean', { initially: false }],
      ['PermissionsManageUsers', 'boolean', { initially: false }],
      ['PermissionsModifyAllData', 'boolean', { initially: false }],
      [
        'Type',
        'picklist',
        {
          readOnly: true,
          initially: 'Regular',
          values: ['Regular', 'Standard', 'Session', 'Group', 'Profile'],
        },
      ],
    ],
    children: { 'PermissionSetAssignment.PermissionSetId': 'Assignments' },
  },
  {
    name: 'PermissionSetAssignment',
    label: 'Permission Set Assignment',
    keyPrefix: '0Pa',
    can: ['create', 'update', 'delete'],
    fields: [
      [
        'PermissionSetId',
        'reference',
        { required: true, createOnly: true, to: ['PermissionSet'], label: 'PermissionSet ID' },
      ],
      ['PermissionSetGroupId', 'reference', { readOnly: true, to: ['PermissionSetGroup'] }],
      ['AssigneeId', 'reference', { required: true, createOnly: true, to: ['User'] }],
      ['ExpirationDate', 'datetime'],
      ['IsActive', 'boolean', { readOnly: true, initially: true }],
    ],
  },
  {
    name: 'PermissionSetLicense',
    label: 'Permission Set License',
    keyPrefix: '0PL',
    can: [],
    fields: [
      ['DeveloperName', 'string', { length: 80, unique: true }],
      ['MasterLabel', 'string', { length: 255 }],
      ['Language', 'picklist', { initially: 'en_US', values: LANGUAGES }],
      ['PermissionSetLicenseKey', 'string', { length: 255 }],
      ['Status', 'picklist', { initially: 'Active', values: ['Active', 'Disabled'] }],
      ['TotalLicenses', 'int'],
      ['UsedLicenses', 'int', { readOnly: true }],
      ['ExpirationDate', 'date'],
    ],
    children: { 'PermissionSetLicenseAssign.PermissionSetLicenseId': 'PermissionSetLicenseAssignments' },
  },
  {
    name: 'PermissionSetLicenseAssign',
    label: 'Permission Set License Assignment',
    keyPrefix: '2LA',
    can: ['create', 'delete'],
    fields: [
      [
        'PermissionSetLicenseId',
        'reference',
        { required: true, createOnly: true, to: ['PermissionSetLicense'] },
      ],
      ['AssigneeId', 'reference', { required: true, createOnly: true, to: ['User'] }],
    ],
  },
  {
    name: 'PackageLicense',
    label: 'Package License',
    keyPrefix: '050',
    can: [],
    fields: [
      ['NamespacePrefix', 'string', { length: 15 }],
      ['Status', 'picklist', { initially: 'Active', values: ['Active', 'Expired', 'Free', 'Trial'] }],
      ['IsProvisioned', 'boolean', { initially: true }],
      ['AllowedLicenses', 'int'],
      ['UsedLicenses', 'int', { readOnly: true }],
      ['ExpirationDate', 'datetime'],
      ['IsAvailableForIntegrations', 'boolean', { initially: false }],
    ],
  },
  {
    name: 'UserPackageLicense',
    label: 'User Package License',
    keyPrefix: '051',
    can: ['create', 'delete'],
    fields: [
      ['PackageLicenseId', 'reference', { required: true, createOnly: true, to: ['PackageLicense'] }],
      ['UserId', 'reference', { required: true, createOnly: true, to: ['User'] }],
    ],
  },
];
