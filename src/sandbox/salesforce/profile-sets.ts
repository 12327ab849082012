import type { Org } from './org';
import type { Row, Scalar } from './schema';

/**
 * Below every profile lies a permission set that it owns, and every user is assigned that of their profile
 * (https://developer.salesforce.com/blogs/engineering/2012/06/using-soql-to-determine-your-users-permissions-2.html).
 * Nobody assigns or removes them: they follow the profile.
 */
function setOf(org: Org, profileId: Scalar | undefined, by: string | null): Row | undefined {
  const profile = org.get('Profile', profileId);
  if (!profile) return undefined;
  const owned = org
    .where('PermissionSet', 'ProfileId', profile.Id)
    .find((row) => row['IsOwnedByProfile'] === true);
  if (owned) return owned;
  const values = {
    Name: `X${profile.Id}`,
    Label: `X${profile.Id}`,
    ProfileId: profile.Id,
    IsOwnedByProfile: true,
    IsCustom: profile['Name'] !== 'System Administrator' && profile['Name'] !== 'Standard User',
    Type: 'Profile',
    LicenseId: profile['UserLicenseId'] ?? null,
    PermissionsManageUsers: profile['PermissionsManageUsers'] ?? false,
    PermissionsModifyAllData: profile['PermissionsModifyAllData'] ?? false,
  };
  return org.add('PermissionSet', values, by);
}

export const isOwnedByProfile = (org: Org, assignment: Readonly<Record<string, Scalar>>): boolean =>
  org.get('PermissionSet', assignment['PermissionSetId'])?.['IsOwnedByProfile'] === true;

/** Assigns a new user the permission set of their profile. */
export function assignProfileSet(org: Org, user: Row, by: string | null): void {
  const set = setOf(org, user['ProfileId'], by);
  if (set) org.add('PermissionSetAssignment', { PermissionSetId: set.Id, AssigneeId: user.Id }, by);
}

/** After a change of profile the assignment is that of the new one. */
export function followProfile(org: Org, before: Row, after: Row, by: string | null): void {
  if (before['ProfileId'] === after['ProfileId']) return;
  const assignment = org
    .where('PermissionSetAssignment', 'AssigneeId', after.Id)
    .find((row) => isOwnedByProfile(org, row));
  if (assignment) org.remove('PermissionSetAssignment', assignment.Id);
  assignProfileSet(org, after, by);
}

/** Gives every profile its set, and every user their assignment, where they have none yet. */
export function seedProfileSets(org: Org): void {
  for (const profile of org.rows('Profile')) setOf(org, profile.Id, null);
  const assigned = new Set(
    org
      .rows('PermissionSetAssignment')
      .filter((row) => isOwnedByProfile(org, row))
      .map((row) => row['AssigneeId']),
  );
  for (const user of org.rows('User')) if (!assigned.has(user.Id)) assignProfileSet(org, user, null);
}
