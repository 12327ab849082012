import type { Org } from './org';
import type { Row, Scalar } from './schema';

/** Stages of an opportunity at which nothing more comes of it, or all has. */
export const CLOSED_STAGES: readonly string[] = [
  'Closed Won',
  '8-Closed Lost',
  '9-Unqualified',
  '10-Duplicate',
];

type Compute = (org: Org, row: Row) => Scalar;

/** Opportunities of an account from which something may still come. */
const openOf = (org: Org, account: Row): readonly Row[] =>
  org
    .where('Opportunity', 'AccountId', account.Id)
    .filter((row) => !CLOSED_STAGES.includes(String(row['StageName'] ?? '')));

const fullName: Compute = (_org, row) =>
  [row['FirstName'], row['LastName']].filter(Boolean).join(' ') || null;
const closed =
  (won: boolean): Compute =>
  (_org, row) => {
    const stage = String(row['StageName'] ?? '');
    return won ? stage === 'Closed Won' : CLOSED_STAGES.includes(stage);
  };

/** Seats of a user licence: one for each active user whose profile is of it. Frozen users count. */
const usersWithLicense: Compute = (org, license) => {
  const active = (user: Row) => (user['IsActive'] === true ? String(user['ProfileId']) : undefined);
  return org
    .where('Profile', 'UserLicenseId', license.Id)
    .reduce((sum, profile) => sum + org.table('User').count('active by profile', active, profile.Id), 0);
};

const assigned =
  (object: string, field: string): Compute =>
  (org, license) =>
    org.count(object, field, license.Id);

const COMPUTED: ReadonlyMap<string, Compute> = new Map([
  ['User.Name', fullName],
  ['Contact.Name', fullName],
  ['Lead.Name', fullName],
  ['Opportunity.IsClosed', closed(false)],
  ['Opportunity.IsWon', closed(true)],
  ['Account.Open_Opportunities__c', (org: Org, row: Row) => openOf(org, row).length],
  [
    'Account.Open_Pipeline__c',
    (org: Org, row: Row) => openOf(org, row).reduce((sum, { Amount }) => sum + Number(Amount ?? 0), 0),
  ],
  [
    'OpportunitySplit.SplitAmount',
    (org: Org, row: Row) => {
      const amount = org.get('Opportunity', row['OpportunityId'])?.['Amount'] ?? null;
      return amount === null ? null : (Number(amount) * Number(row['SplitPercentage'])) / 100;
    },
  ],
  ['Case.IsClosed', (_org: Org, row: Row) => row['Status'] === 'Closed'],
  ['UserLicense.UsedLicenses', usersWithLicense],
  ['PermissionSetLicense.UsedLicenses', assigned('PermissionSetLicenseAssign', 'PermissionSetLicenseId')],
  ['PackageLicense.UsedLicenses', assigned('UserPackageLicense', 'PackageLicenseId')],
]);

/** How the value of a field comes about that isn't stored, or undefined for one that is. */
export const computed = (object: string, field: string): Compute | undefined =>
  COMPUTED.get(`${object}.${field}`);

/** Seats in use of a `UserLicense`, `PermissionSetLicense` or `PackageLicense`. */
export const usedLicenses = (org: Org, object: string, license: Row): number =>
  Number(COMPUTED.get(`${object}.UsedLicenses`)?.(org, license) ?? 0);
