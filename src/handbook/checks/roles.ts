import {
  REGIONS,
  type Entitlement,
  type EntitlementAttribute,
  type LicenceType,
  type Region,
  type System,
} from '../../domain/handbook';
import { normaliseDepartment, normaliseTitle, uniteEntitlements } from '../../domain/roles';
import type { Path } from '../config-file';
import type { Reading, RoleReading } from '../reading';
import { entitlementsIn } from '../read-roles';
import { suggestion } from '../spelling';

/** What hangs together between the role templates and the rest of the handbook. */
export function checkRoles(reading: Reading): void {
  for (const role of reading.roles) {
    const base = baseOf(role, reading.roles);
    checkName(role, base, reading);
    checkPlaceholders(role);
    checkEntitlements(role, base, reading);
    checkOtherTeams(role, reading);
    checkApproval(role, reading);
  }
}

/** The role's own template, if this is one of a specialty: both are given together. */
function baseOf(role: RoleReading, roles: readonly RoleReading[]): RoleReading | undefined {
  return roles
    .filter((other) => other.department === role.department && role.role.startsWith(`${other.role}_`))
    .sort((a, b) => b.role.length - a.role.length)[0];
}

/** A file whose name no title leads to would never be used. */
function checkName(role: RoleReading, base: RoleReading | undefined, { naming: read }: Reading): void {
  if (!read) return;
  const department = normaliseDepartment(role.department, read.naming);
  const title = base ? role.role : normaliseTitle(role.role, read.naming);
  if (department === role.department && title === role.role) return;
  role.file.problem(
    [],
    'never found under this name: seniority is dropped and other names are resolved',
    `Name it roles/department_${department}/role_${title}.yml.`,
    role.file.file,
  );
}

function checkPlaceholders(role: RoleReading): void {
  for (const [system, entry] of role.entries) {
    for (const [key, value] of Object.entries(entry)) {
      const values = typeof value === 'string' ? [value] : Object.values(value ?? {});
      const unknown = values
        .flatMap((one) => one.match(/\{[^{}]*\}/g) ?? [])
        .find((found) => found !== '{region}');
      if (unknown !== undefined) {
        role.file.problem(['gets', system, key], 'nothing is filled in there', 'Only {region} is.', unknown);
      }
    }
  }
}

function checkEntitlements(
  role: RoleReading,
  base: RoleReading | undefined,
  { systems: read }: Reading,
): void {
  if (!read) return;
  for (const key of role.file.keys(['gets'])) {
    if (!read.keys.includes(key)) {
      role.file.problem(
        ['gets', key],
        'unknown system',
        suggestion(key, read.keys, 'Name a system of systems.yml.'),
        key,
      );
    }
  }
  for (const region of REGIONS) {
    const own = entitlementsIn(region, role.entries);
    const all = uniteEntitlements([base ? entitlementsIn(region, base.entries) : [], own]);
    for (const { system: key } of own) {
      const system = read.systems.find((one) => one.key === key);
      const given = all.find((one) => one.system === key);
      if (system && given) checkEntitlement(role, region, system, given, all);
    }
  }
}

function checkEntitlement(
  role: RoleReading,
  region: Region,
  system: System,
  given: Entitlement,
  all: readonly Entitlement[],
): void {
  const at: Path = ['gets', system.key];
  if (system.sox) {
    role.file.problem(
      at,
      'a SOX system stands in no template',
      'Take it away: it needs a request with approvals of its own.',
      system.key,
    );
  }
  for (const attribute of system.requires) {
    if (valueOf(given, attribute) !== undefined) continue;
    role.file.problem(
      at,
      `${system.key} without ${attribute}`,
      `Add ${attribute}, for all regions or for each: systems.yml requires it.`,
    );
  }
  for (const needed of system.dependsOn) {
    if (all.some((one) => one.system === needed)) continue;
    role.file.problem(
      at,
      `${system.key} needs ${needed}, which the role doesn't get in ${region}`,
      `Add ${needed}, or take ${system.key} away.`,
    );
  }
  if (given.licenceType !== undefined) checkLicenceType(role, region, system, given.licenceType);
}

function checkLicenceType(role: RoleReading, region: Region, system: System, name: string): void {
  const entry = role.file.at(['gets', system.key, 'licence_type']);
  const at: Path = [
    'gets',
    system.key,
    'licence_type',
    ...(entry !== null && typeof entry === 'object' ? [region] : []),
  ];
  const type = system.licenceTypes.find((one) => one.name === name);
  const legal = system.licenceTypes.filter((one) => isLegal(one, role, region)).map((one) => one.name);
  if (!type) {
    const there = system.licenceTypes.map((one) => one.name);
    role.file.problem(
      at,
      `unknown licence type of ${system.key}`,
      suggestion(name, there, 'Name one of systems.yml.'),
      name,
    );
  } else if (!legal.includes(name)) {
    const mend =
      legal.length > 0
        ? `Legal here: ${legal.join(', ')}.`
        : 'No licence type is legal here: take the system away.';
    role.file.problem(
      at,
      `licence type not legal for ${role.role} of ${role.department} in ${region}`,
      mend,
      name,
    );
  }
}

function isLegal(type: LicenceType, role: RoleReading, region: Region): boolean {
  const titled =
    type.titles === null ||
    type.titles.some((title) => role.role === title || role.role.startsWith(`${title}_`));
  return titled && type.regions.includes(region) && !type.exceptDepartments.includes(role.department);
}

function checkOtherTeams(role: RoleReading, { people, labels }: Reading): void {
  role.body.other_teams.forEach(({ team, label }, index) => {
    const teams = Object.keys(people?.teams ?? {});
    if (people && !teams.includes(team)) {
      role.file.problem(
        ['other_teams', index, 'team'],
        'unknown team',
        suggestion(team, teams, 'Name a team of people.yml.'),
        team,
      );
    }
    const names = labels?.labels.set.map(({ name }) => name) ?? [];
    if (labels && label !== null && !names.includes(label)) {
      role.file.problem(
        ['other_teams', index, 'label'],
        'unknown label',
        suggestion(label, names, 'Name a label of labels.yml.'),
        label,
      );
    }
  });
}

function checkApproval(role: RoleReading, { people }: Reading): void {
  if (!people) return;
  role.body.approved?.by.forEach((name, index) => {
    if (people.templateApprovers.includes(name)) return;
    const what = people.usernames.includes(name) ? 'may not approve templates' : 'unknown person';
    const mend = 'Take the block away and let one of template_approvers (people.yml) approve the file.';
    role.file.problem(['approved', 'by', index], what, mend, name);
  });
}

function valueOf(given: Entitlement, attribute: EntitlementAttribute): unknown {
  switch (attribute) {
    case 'role':
      return given.role;
    case 'profile':
      return given.profile;
    case 'team':
      return given.team;
    case 'licence_type':
      return given.licenceType;
    case 'permission_sets':
      return given.permissionSets;
  }
}
