import { needsPerson, type AccessOutcome, type GrantItem } from '../connector';
import { splitName } from '../scim';
import { passing } from './errors';
import type { Names } from './names';
import type { Saved } from './org';
import { isActive } from './user-look';
import type { Row } from './soql';

/** What of an access no user can be made without; undefined where all is there. */
export function missingName(item: GrantItem, names: Names): AccessOutcome | undefined {
  const { profile, role } = item.access;
  if (!profile) return needsPerson('no profile is named for this access', 'Name one in the role template.');
  const mend = 'Make it, or mend its name in the role template, then tick "try again".';
  if (names.idOf('Profile', profile) === undefined)
    return needsPerson(`Salesforce has no profile "${profile}"`, mend);
  if (role && names.idOf('UserRole', role) === undefined)
    return needsPerson(`Salesforce has no role "${role}"`, mend);
  return undefined;
}

/** The fields that were approved. */
export const wanted = ({ access }: GrantItem, names: Names): Record<string, unknown> => ({
  ProfileId: names.idOf('Profile', access.profile),
  ...(access.role ? { UserRoleId: names.idOf('UserRole', access.role) } : {}),
});

/** Whether a user isn't active with the fields that were approved. */
export const differs = (user: Row, item: GrantItem, names: Names): boolean =>
  !isActive(user) || Object.entries(wanted(item, names)).some(([field, value]) => user[field] !== value);

/** Salesforce's limits of length: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_user.htm */
export function newUser(item: GrantItem, names: Names): Record<string, unknown> {
  const { person } = item;
  const { first, last } = splitName(person);
  const supervisor = names.idOf('User', person.managerEmail);
  return {
    Username: person.email,
    Email: person.email,
    FirstName: first.slice(0, 40),
    LastName: last.slice(0, 80),
    Alias:
      person.email
        .replace(/@.*/, '')
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(0, 8) || person.employeeId.slice(0, 8),
    Title: person.title.slice(0, 80),
    Department: person.department.slice(0, 80),
    Division: person.division.slice(0, 80),
    EmployeeNumber: person.employeeId,
    FederationIdentifier: person.email,
    TimeZoneSidKey: zoneOf(person.timeZone),
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    IsActive: true,
    ...(supervisor ? { ManagerId: supervisor } : {}),
    ...wanted(item, names),
  };
}

/** Salesforce's list of zones has no UTC, but GMT. */
const zoneOf = (zone: string): string => (/^(Etc\/)?(UTC|UCT|Zulu|Universal)$/.test(zone) ? 'GMT' : zone);

/** What comes of somebody whose user Salesforce refused. */
export function userRefused(saved: Saved, item: GrantItem): AccessOutcome {
  const forNow = passing(saved.code);
  if (forNow) return forNow;
  switch (saved.code) {
    case 'LICENSE_LIMIT_EXCEEDED':
      return { kind: 'waiting_for_seat', licence: 'Salesforce' };
    case 'DUPLICATE_USERNAME':
    case 'DUPLICATE_VALUE':
      return needsPerson(
        'the user name (or federation id) is taken by somebody else in Salesforce',
        'Free it or agree on another, make the user by hand with this employee number, then tick "try again".',
      );
    default:
      return needsPerson(
        `Salesforce refused the user of employee ${item.person.employeeId}: ${saved.code ?? 'no code'}${saved.fields?.length ? ` (${saved.fields.join(', ')})` : ''}`,
        'Mend the value named, or make the user by hand with this employee number, then tick "try again".',
      );
  }
}

export const detailOf = ({ access }: GrantItem): string =>
  [
    `profile ${access.profile ?? ''}`,
    ...(access.role ? [`role ${access.role}`] : []),
    ...(access.permissionSets?.length ? [`permission sets ${access.permissionSets.join(', ')}`] : []),
  ].join(', ');
