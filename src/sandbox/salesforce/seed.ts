import type { Handbook } from '../../domain/handbook';
import type { Org } from './org';
import { seedProfileSets } from './profile-sets';
import { known, objects, type Row, type Scalar } from './schema';
import { credentials } from './sessions';
import { seedTerritories } from './territory-records';
import { sameText } from './values';

const ROLE_KINDS = [
  'Enterprise AE',
  'Commercial AE',
  'PubSec AE',
  'SDR',
  'CSM',
  'Solutions Architect',
  'Channel Manager',
  'Sales Operations',
];
const ROLE_REGIONS = ['Americas', 'EMEA', 'JAPAC'];
const PROFILES = [
  'Sales User',
  'Sales Manager',
  'Public Sector Sales User',
  'Customer Success',
  'Sales Operations',
  'Standard User',
  'System Administrator',
];
const PERMISSION_SETS: readonly (readonly [name: string, label: string, license?: string])[] = [
  ['Inbox_User', 'Inbox User', 'Inbox'],
  ['Quoting_User', 'Quoting User'],
  ['LeanData_User', 'LeanData User'],
  ['Gainsight_NXT', 'Gainsight NXT'],
  ['Public_Sector_Data', 'Public Sector Data'],
];

type Values = Readonly<Record<string, Scalar>>;

/** Makes the record that has these values in `key`, unless it is there. */
function ensure(org: Org, object: string, key: string, values: Values): Row {
  return org.find(object, (row) => sameText(row[key], values[key])) ?? org.add(object, values, null);
}

function seedLicences(org: Org, handbook: Handbook): void {
  const license = (Name: string, TotalLicenses: number, LicenseDefinitionKey: string) =>
    ensure(org, 'UserLicense', 'Name', { Name, MasterLabel: Name, TotalLicenses, LicenseDefinitionKey });
  license('Salesforce', 500, 'SFDC');
  license('Salesforce Platform', 50, 'AUL');
  license('Salesforce Integration', 5, 'PID_SalesforceIntegration');
  const psl = (name: string, total: number) => {
    if (
      org.find(
        'PermissionSetLicense',
        (row) => sameText(row['DeveloperName'], name) || sameText(row['MasterLabel'], name),
      )
    )
      return;
    const DeveloperName = name.replace(/\W+/g, '_');
    org.add(
      'PermissionSetLicense',
      { DeveloperName, MasterLabel: name, PermissionSetLicenseKey: DeveloperName, TotalLicenses: total },
      null,
    );
  };
  psl('Inbox', 50);
  psl('SalesConsoleUser', 100);
  const pack = (NamespacePrefix: string, AllowedLicenses: number) =>
    ensure(org, 'PackageLicense', 'NamespacePrefix', { NamespacePrefix, AllowedLicenses });
  pack('LeanData', 25);
  pack('JBCXM', 100);
  for (const way of handbook.systems.flatMap((system) => system.ways)) {
    if (way.kind === 'salesforce-psl') psl(way.permissionSetLicense, 50);
    if (way.kind === 'salesforce-package') pack(way.namespace, 25);
  }
}

function seedProfilesAndRoles(org: Org, handbook: Handbook): void {
  const licenseId = (name: string) => org.find('UserLicense', (row) => row['Name'] === name)?.Id ?? null;
  const profile = (Name: string, license: string) =>
    ensure(org, 'Profile', 'Name', {
      Name,
      UserLicenseId: licenseId(license),
      PermissionsManageUsers: Name === 'System Administrator',
      PermissionsModifyAllData: Name === 'System Administrator',
    });
  for (const name of PROFILES) profile(name, 'Salesforce');
  profile('Integration User', 'Salesforce Integration');
  const role = (Name: string, parent: Row | null) =>
    ensure(org, 'UserRole', 'Name', {
      Name,
      DeveloperName: Name.replace(/\W+/g, '_'),
      ParentRoleId: parent?.Id ?? null,
    });
  const leadership = role('Sales Leadership', role('CRO', null));
  for (const kind of ROLE_KINDS) for (const region of ROLE_REGIONS) role(`${kind} - ${region}`, leadership);
  // The org as the handbook describes it: what its templates name is there.
  for (const entitlement of salesforceEntitlements(handbook)) {
    if (entitlement.profile) profile(entitlement.profile, 'Salesforce');
    if (entitlement.role) role(entitlement.role, leadership);
  }
}

function salesforceEntitlements(handbook: Handbook) {
  const keys = handbook.systems
    .filter((system) => system.ways.some((way) => way.kind === 'salesforce-user'))
    .map((system) => system.key);
  return handbook.templates
    .flatMap((template) => Object.values(template.entitlements).flat())
    .filter((entitlement) => keys.includes(entitlement.system));
}

function seedPermissionSets(org: Org, handbook: Handbook): void {
  const licenseOf = (name: string | undefined) =>
    org.find(
      'PermissionSetLicense',
      (row) => sameText(row['DeveloperName'], name) || sameText(row['MasterLabel'], name),
    )?.Id ?? null;
  const set = (name: string, label: string, license?: string) => {
    if (org.find('PermissionSet', (row) => sameText(row['Name'], name) || sameText(row['Label'], name)))
      return;
    org.add(
      'PermissionSet',
      { Name: name.replace(/\W+/g, '_'), Label: label, LicenseId: licenseOf(license) },
      null,
    );
  };
  for (const [name, label, license] of PERMISSION_SETS) set(name, label, license);
  for (const way of handbook.systems.flatMap((system) => system.ways)) {
    if (way.kind === 'salesforce-psl' && way.permissionSet)
      set(way.permissionSet, way.permissionSet.replace(/_/g, ' '), way.permissionSetLicense);
  }
  for (const name of salesforceEntitlements(handbook).flatMap(
    (entitlement) => entitlement.permissionSets ?? [],
  )) {
    set(name, name.replace(/_/g, ' '));
  }
}

function seedUser(org: Org, username: string, name: string, profile: string, more: Values = {}): Row {
  const there = org.find('User', (user) => sameText(user['Username'], username));
  if (there) return there;
  const words = name.trim().split(/\s+/);
  const LastName = words.pop() ?? username;
  const user = org.add(
    'User',
    {
      Username: username,
      Email: username,
      LastName,
      FirstName: words.join(' ') || null,
      Alias: username.slice(0, 8),
      CommunityNickname: username.slice(0, 40),
      ProfileId: org.find('Profile', (row) => row['Name'] === profile)?.Id ?? null,
      TimeZoneSidKey: 'America/Los_Angeles',
      LocaleSidKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
      LanguageLocaleKey: 'en_US',
      ...more,
    },
    null,
  );
  org.add('UserLogin', { UserId: user.Id }, null);
  return user;
}

function seedUsers(org: Org, handbook: Handbook): Row {
  const admin = seedUser(org, 'admin@sandbox.example', 'Sandbox Admin', 'System Administrator');
  seedUser(org, credentials(org.world).username, 'daytwo Integration', 'Integration User');
  const zones = known('User').fields.get('timezonesidkey')?.values ?? [];
  for (const person of handbook.people.members) {
    const TimeZoneSidKey = zones.includes(person.timeZone) ? person.timeZone : 'GMT';
    seedUser(org, person.email, person.name, 'Sales Operations', { TimeZoneSidKey });
  }
  for (const person of handbook.people.members) {
    const user = org.find('User', (row) => sameText(row['Username'], person.email));
    const boss = org.find('User', (row) => sameText(row['Username'], person.managerEmail));
    if (user && boss && !user['ManagerId']) org.change('User', user, { ManagerId: boss.Id }, null);
  }
  return admin;
}

/** Makes the org: what isn't there yet is added, what is stays as it is. */
export function seedOrg(org: Org, handbook: Handbook): void {
  if (org.rows('Organization').length === 0) {
    org.add(
      'Organization',
      {
        Name: 'daytwo sandbox',
        OrganizationType: 'Enterprise Edition',
        InstanceName: 'SBX1',
        IsSandbox: true,
        TimeZoneSidKey: 'GMT',
      },
      null,
    );
  }
  seedLicences(org, handbook);
  seedProfilesAndRoles(org, handbook);
  seedPermissionSets(org, handbook);
  const admin = seedUsers(org, handbook);
  seedUser(org, 'sales-admin@daytwo.example', 'Sales Admin', 'Sales Operations');
  seedTerritories(org, handbook);
  ensure(org, 'OpportunitySplitType', 'DeveloperName', { DeveloperName: 'Revenue', MasterLabel: 'Revenue' });
  for (const [Name, SobjectType] of [
    ['Standard Lead Routing', 'Lead'],
    ['Standard Case Routing', 'Case'],
  ] as const)
    ensure(org, 'AssignmentRule', 'Name', { Name, SobjectType, Active: true });
  seedProfileSets(org);
  for (const object of objects()) {
    for (const row of org.rows(object.name))
      if (row['CreatedById'] === null) {
        org.table(object.name).put(row.Id, { ...row, CreatedById: admin.Id, LastModifiedById: admin.Id });
      }
  }
}
