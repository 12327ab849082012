import {
  REGIONS,
  type Entitlement,
  type EntitlementAttribute,
  type LicenceType,
  type Region,
  type Stage,
  type System,
} from '../../domain/handbook';
import { normaliseDepartment, normaliseTitle, uniteEntitlements } from '../../domain/roles';
import type { Path } from '../config-file';
import type { Reading, RoleReading } from '../reading';
import { entitlementsIn } from '../read-roles';
import { suggestion } from '../../domain/spelling';

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
  const findings: Finding[] = [];
  for (const region of REGIONS) {
    const own = entitlementsIn(region, role.entries);
    const all = uniteEntitlements([base ? entitlementsIn(region, base.entries) : [], own]);
    for (const { system: key } of own) {
      const system = read.systems.find((one) => one.key === key);
      const given = all.find((one) => one.system === key);
      if (system && given) findings.push(...faultsOf(role, region, system, given, all));
    }
  }
  report(role, findings);
}

/** What is wrong in one region; the same fault in several is told once. */
interface Finding {
  readonly region: Region;
  readonly at: Path;
  readonly problem: string;
  readonly mend: string;
  readonly value?: string;
}

function report(role: RoleReading, findings: readonly Finding[]): void {
  const together = new Map<string, Finding[]>();
  for (const found of findings) {
    const same = JSON.stringify([found.at, found.problem, found.value]);
    together.set(same, [...(together.get(same) ?? []), found]);
  }
  for (const [first, ...others] of together.values()) {
    if (!first) continue;
    const regions = [first, ...others].map(({ region }) => region);
    const where = regions.length === REGIONS.length ? '' : ` in ${regions.join(' and ')}`;
    role.file.problem(first.at, `${first.problem}${where}`, first.mend, first.value);
  }
}

function faultsOf(
  role: RoleReading,
  region: Region,
  system: System,
  given: Entitlement,
  all: readonly Entitlement[],
): Finding[] {
  const at: Path = ['gets', system.key];
  const faults: Finding[] = [];
  if (system.sox) {
    const mend = 'Take it away: it needs a request with approvals of its own.';
    faults.push({ region, at, problem: 'a SOX system stands in no template', mend, value: system.key });
  }
  for (const attribute of system.requires) {
    if (valueOf(given, attribute) !== undefined) continue;
    const mend = `Add ${attribute}, for all regions or for each: systems.yml requires it.`;
    faults.push({ region, at, problem: `${system.key} without ${attribute}`, mend });
  }
  for (const needed of system.dependsOn) {
    if (all.some((one) => one.system === needed)) continue;
    const mend = `Add ${needed}, or take ${system.key} away.`;
    faults.push({ region, at, problem: `${system.key} needs ${needed}, which the role doesn't get`, mend });
  }
  return [...faults, ...licenceFaults(role, region, system, given.licenceType)];
}

function licenceFaults(
  role: RoleReading,
  region: Region,
  system: System,
  name: string | undefined,
): Finding[] {
  if (name === undefined) return [];
  const entry = role.file.at(['gets', system.key, 'licence_type']);
  const perRegion = entry !== null && typeof entry === 'object';
  const at: Path = ['gets', system.key, 'licence_type', ...(perRegion ? [region] : [])];
  const there = system.licenceTypes.map((one) => one.name);
  if (!there.includes(name)) {
    const mend = suggestion(name, there, 'Name one of systems.yml.');
    return [{ region, at, problem: `unknown licence type of ${system.key}`, mend, value: name }];
  }
  const legal = system.licenceTypes
    .filter((one) => isLegal(one, role, region, system.stages))
    .map((one) => one.name);
  if (legal.includes(name)) return [];
  const mend =
    legal.length > 0 ? `Legal there: ${legal.join(', ')}.` : 'None is legal there: take the system away.';
  const problem = `licence type not legal for ${role.role} of ${role.department}`;
  return [{ region, at, problem, mend, value: name }];
}

/** A region that a licence type is not for at once may have it after a course. */
function isLegal(type: LicenceType, role: RoleReading, region: Region, stages: readonly Stage[]): boolean {
  const titled =
    type.titles === null ||
    type.titles.some((title) => role.role === title || role.role.startsWith(`${title}_`));
  const staged = stages.some(
    (stage) => stage.kind === 'course' && stage.to === type.name && !stage.exceptRegions.includes(region),
  );
  return (
    titled && (type.regions.includes(region) || staged) && !type.exceptDepartments.includes(role.department)
  );
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
