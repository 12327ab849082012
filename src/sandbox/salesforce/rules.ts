import { noteInTrail } from './audit-trail';
import { usedLicenses } from './computed';
import { refuseDeactivation } from './deactivation';
import { SalesforceError } from './errors';
import type { Org } from './org';
import { refuseLockedPeriod } from './period-lock';
import { assignProfileSet, followProfile, isOwnedByProfile } from './profile-sets';
import { objectOfId, type Row, type Scalar } from './schema';
import { closeSessionsOf } from './sessions';

/** A write that is about to happen: the record as it will be, and as it was (undefined where it is new). */
export interface Write {
  readonly org: Org;
  readonly next: Readonly<Record<string, Scalar>>;
  readonly before: Row | undefined;
  /** Who writes. */
  readonly by: string | null;
}

const limitExceeded = (field: string) =>
  new SalesforceError('LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded', [field]);
const integrity = (message: string, ...fields: string[]) =>
  new SalesforceError('FIELD_INTEGRITY_EXCEPTION', message, fields);

function licenseOfProfile(org: Org, profileId: Scalar | undefined): Row | undefined {
  return org.get('UserLicense', org.get('Profile', profileId)?.['UserLicenseId']);
}

function refuseTakenUsername({ org, next, before }: Write): void {
  const username = next['Username'];
  if (typeof username !== 'string' || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(username)) {
    const message = 'Username must be in the form of an email address (for example, john@acme.com)';
    throw new SalesforceError('INVALID_EMAIL_ADDRESS', `Username: ${message}`, ['Username']);
  }
  if (org.where('User', 'Username', username).some((user) => user.Id !== before?.Id)) {
    const message =
      "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address). ";
    throw new SalesforceError('DUPLICATE_USERNAME', message, ['Username']);
  }
}

/** A user who is active, or becomes so, needs a seat of the licence of their profile; one who has it keeps it. */
function takeSeat({ org, next, before }: Write): void {
  if (next['IsActive'] !== true) return;
  const license = licenseOfProfile(org, next['ProfileId']);
  if (!license) return;
  if (before?.['IsActive'] === true && licenseOfProfile(org, before['ProfileId'])?.Id === license.Id) return;
  if (usedLicenses(org, 'UserLicense', license) >= Number(license['TotalLicenses']))
    throw limitExceeded('ProfileId');
}

function checkUser(write: Write): void {
  refuseTakenUsername(write);
  if (write.next['ManagerId'] && write.next['ManagerId'] === write.before?.Id) {
    throw integrity('Manager: a user cannot be their own manager', 'ManagerId');
  }
  if (write.before?.['IsActive'] === true && write.next['IsActive'] === false)
    refuseDeactivation(write.org, write.before);
  takeSeat(write);
}

function refuseDouble({ org, next, before }: Write, object: string, first: string, second: string): void {
  if (before) return;
  const other = org.where(object, first, next[first]).find((row) => row[second] === next[second]);
  if (!other) return;
  const message = `duplicate value found: ${first}, ${second} duplicates value on record with id: ${other.Id}`;
  throw new SalesforceError('DUPLICATE_VALUE', message, []);
}

function holdsLicense(org: Org, user: Scalar | undefined, license: Scalar): boolean {
  return org
    .where('PermissionSetLicenseAssign', 'AssigneeId', user)
    .some((row) => row['PermissionSetLicenseId'] === license);
}

/** A permission set that is bound to a licence goes only to those who hold it. */
function checkPermissionSet(write: Write): void {
  const { org, next } = write;
  refuseDouble(write, 'PermissionSetAssignment', 'AssigneeId', 'PermissionSetId');
  const set = org.get('PermissionSet', next['PermissionSetId']);
  if (set?.['IsOwnedByProfile'] === true)
    throw integrity(
      `Can't assign permission set ${String(set['Label'])}: it is owned by a profile.`,
      'PermissionSetId',
    );
  const license = org.byId(set?.['LicenseId']);
  if (!license) return;
  const user = org.get('User', next['AssigneeId']);
  const held =
    license.object.name === 'UserLicense'
      ? licenseOfProfile(org, user?.['ProfileId'])?.Id === license.row.Id
      : holdsLicense(org, next['AssigneeId'], license.row.Id);
  if (held) return;
  const name = String(license.row['MasterLabel'] ?? license.row['Name']);
  throw integrity(
    `Can't assign permission set ${String(set?.['Label'])} to user ${String(user?.['Username'])}. The user license doesn't allow it: the permission set requires the ${name} license.`,
    'PermissionSetId',
  );
}

function checkLicenseAssign(write: Write): void {
  const { org, next } = write;
  refuseDouble(write, 'PermissionSetLicenseAssign', 'AssigneeId', 'PermissionSetLicenseId');
  const license = org.get('PermissionSetLicense', next['PermissionSetLicenseId']);
  if (license && usedLicenses(org, 'PermissionSetLicense', license) >= Number(license['TotalLicenses'])) {
    throw limitExceeded('PermissionSetLicenseId');
  }
}

function checkPackageLicense(write: Write): void {
  const { org, next } = write;
  refuseDouble(write, 'UserPackageLicense', 'UserId', 'PackageLicenseId');
  const license = org.get('PackageLicense', next['PackageLicenseId']);
  if (!license) return;
  if (license['Status'] === 'Expired') throw integrity('The package license has expired', 'PackageLicenseId');
  const allowed = Number(license['AllowedLicenses']);
  // -1 is a site licence: as many as wanted.
  if (allowed >= 0 && usedLicenses(org, 'PackageLicense', license) >= allowed)
    throw limitExceeded('PackageLicenseId');
}

function refuseInactiveOwner({ org, next, before }: Write): void {
  if (next['OwnerId'] === before?.['OwnerId']) return;
  const owner = org.get('User', next['OwnerId']);
  if (owner && owner['IsActive'] !== true) {
    throw new SalesforceError(
      'INACTIVE_OWNER_OR_USER',
      `operation performed with inactive user [${owner.Id}] as owner`,
      ['OwnerId'],
    );
  }
}

/** What the org asks of a record beyond its fields' types. @throws SalesforceError */
export function checkRules(object: string, write: Write): void {
  switch (object) {
    case 'User':
      return checkUser(write);
    case 'PermissionSetAssignment':
      return checkPermissionSet(write);
    case 'PermissionSetLicenseAssign':
      return checkLicenseAssign(write);
    case 'UserPackageLicense':
      return checkPackageLicense(write);
    case 'GroupMember':
      return refuseDouble(write, 'GroupMember', 'GroupId', 'UserOrGroupId');
    case 'Opportunity':
      refuseLockedPeriod(write.org, write.next, write.before, write.by);
      return refuseInactiveOwner(write);
    default:
      return refuseInactiveOwner(write);
  }
}

/** Fields that a record gets by itself at creation. */
export function initialFields(
  org: Org,
  object: string,
  values: Readonly<Record<string, Scalar>>,
  by: string,
): Record<string, Scalar> {
  if (object === 'User' && !values['CommunityNickname']) {
    const nickname = `${String(values['Alias'] ?? values['Username'] ?? 'user')}`.slice(0, 20);
    return { CommunityNickname: `${nickname}${org.world.next('sf-nickname')}` };
  }
  if (object === 'Case')
    return {
      CaseNumber: String(org.world.next('sf-case-number')).padStart(8, '0'),
      OwnerId: values['OwnerId'] ?? by,
    };
  if (['Account', 'Contact', 'Opportunity', 'Lead'].includes(object))
    return { OwnerId: values['OwnerId'] ?? by };
  return {};
}

/** What follows a creation by itself: each user has their `UserLogin`, and the permission set of their profile. */
export function afterCreate(org: Org, object: string, row: Row, by: string | null): void {
  if (object === 'User') {
    org.add('UserLogin', { UserId: row.Id }, by);
    assignProfileSet(org, row, by);
  }
  noteInTrail(org, object, undefined, row, by);
}

/** What follows a change by itself: a user's permission set follows their profile. */
export function afterUpdate(org: Org, object: string, before: Row, after: Row, by: string | null): void {
  if (object === 'User') followProfile(org, before, after, by);
  if (object === 'Account' && before['OwnerId'] !== after['OwnerId']) moveAlong(org, before, after, by);
  noteInTrail(org, object, before, after, by);
}

/** What moves with an account to its new owner, unless the org is told otherwise: what its old owner had of it, closed or open. */
function moveAlong(org: Org, before: Row, after: Row, by: string | null): void {
  if (org.settings.ownersStay) return;
  for (const object of ['Opportunity', 'Contact'])
    for (const row of org.where(object, 'AccountId', after.Id))
      if (row['OwnerId'] === before['OwnerId'])
        org.change(object, row, { OwnerId: after['OwnerId'] ?? null }, by);
}

/** What follows a removal by itself: a session that is gone takes its token with it. */
export function afterDelete(org: Org, object: string, row: Row): void {
  if (object === 'AuthSession') closeSessionsOf(org.world, row.Id);
}

/** Whether a record may go. @throws SalesforceError */
export function checkDelete(org: Org, row: Row): void {
  const object = objectOfId(row.Id)?.name;
  const ofProfile =
    (object === 'PermissionSetAssignment' && isOwnedByProfile(org, row)) ||
    (object === 'PermissionSet' && row['IsOwnedByProfile'] === true);
  if (ofProfile)
    throw new SalesforceError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  if (object === 'PermissionSetLicenseAssign') {
    const needed = org
      .where('PermissionSetAssignment', 'AssigneeId', row['AssigneeId'])
      .find(
        (assignment) =>
          org.get('PermissionSet', assignment['PermissionSetId'])?.['LicenseId'] ===
          row['PermissionSetLicenseId'],
      );
    if (needed) {
      throw new SalesforceError(
        'DEPENDENCY_EXISTS',
        `The user has a permission set assignment that requires this license: ${needed.Id}`,
      );
    }
  }
}
