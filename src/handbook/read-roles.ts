import {
  REGIONS,
  type Entitlement,
  type OtherTeamSection,
  type Region,
  type RoleNaming,
} from '../domain/handbook';
import { slug } from '../domain/roles';
import { ConfigFile } from './config-file';
import { templateDigest } from './digest';
import type { Problem } from './problem';
import type { EntitlementEntry, Reading, RoleReading } from './reading';
import { entitlementShape, namingShape, roleShape } from './shapes';

export const NAMING_FILE = 'roles/naming.yml';
const ROLE_FILE = /^roles\/department_([^/]+)\/role_([^/]+)\.yml$/;

/** Whether a file below `config/` has the form of a role template's name. */
export function isRoleFile(file: string): boolean {
  return ROLE_FILE.test(file);
}

export function readNaming(dir: string, problems: Problem[]): Reading['naming'] {
  const file = ConfigFile.read(dir, NAMING_FILE, problems);
  const entry = file?.shape(namingShape);
  if (!file || !entry) return null;
  const naming: RoleNaming = {
    departments: aliasesOf(file, 'departments', entry.departments),
    titles: aliasesOf(file, 'titles', entry.titles),
    seniority: { before: entry.seniority.before.map(slug), after: entry.seniority.after.map(slug) },
  };
  return { file, naming };
}

export function readRole(dir: string, path: string, problems: Problem[]): RoleReading | null {
  const file = ConfigFile.read(dir, path, problems);
  return file && roleOf(file);
}

/** A role template from its file; null if its form is wrong (noted in the file's problems). */
export function roleOf(file: ConfigFile): RoleReading | null {
  const [, department, role] = ROLE_FILE.exec(file.file) ?? [];
  const body = file.shape(roleShape);
  if (!body || department === undefined || role === undefined) return null;
  const entries = new Map<string, EntitlementEntry>();
  for (const system of file.keys(['gets'])) {
    const entry = file.shape(entitlementShape, ['gets', system]);
    if (entry) entries.set(system, entry);
  }
  const otherTeams: OtherTeamSection[] = body.other_teams;
  const entitlements = {
    Americas: entitlementsIn('Americas', entries),
    EMEA: entitlementsIn('EMEA', entries),
    JAPAC: entitlementsIn('JAPAC', entries),
  };
  const content = { path: file.file, entitlements, otherTeams };
  const template = { ...content, digest: templateDigest(content), approval: body.approved };
  return { file, department, role, body, entries, template };
}

/** What the entries give in one region: values by region chosen, `{region}` filled in. */
export function entitlementsIn(
  region: Region,
  entries: ReadonlyMap<string, EntitlementEntry>,
): Entitlement[] {
  const chosen = [...entries].filter(([, entry]) => (entry.regions ?? REGIONS).includes(region));
  return chosen.map(([system, entry]) => {
    const pick = (value: EntitlementEntry['role']): string | undefined =>
      (typeof value === 'object' ? value[region] : value)?.replaceAll('{region}', region);
    const [role, profile, team, licenceType] = [
      entry.role,
      entry.profile,
      entry.team,
      entry.licence_type,
    ].map(pick);
    return {
      system,
      ...(role === undefined ? {} : { role }),
      ...(profile === undefined ? {} : { profile }),
      ...(team === undefined ? {} : { team }),
      ...(licenceType === undefined ? {} : { licenceType }),
      ...(entry.permission_sets === undefined ? {} : { permissionSets: entry.permission_sets }),
    };
  });
}

/** Turns "name: [aliases]" round; an alias that means two names is a problem. */
function aliasesOf(
  file: ConfigFile,
  kind: 'departments' | 'titles',
  lists: Readonly<Record<string, readonly string[]>>,
): Record<string, string> {
  // A name stands for itself too, so that a title such as lead_trainer keeps its first word.
  const meaning = new Map<string, string>(Object.keys(lists).map((name) => [name, name]));
  for (const [name, aliases] of Object.entries(lists)) {
    if (name !== slug(name)) {
      file.problem(
        [kind, name],
        'not a part of a file name',
        'Lower case with _ between words: account_executive.',
        name,
      );
    }
    aliases.forEach((alias, index) => {
      const other = meaning.get(slug(alias));
      if (other !== undefined && other !== name) {
        file.problem([kind, name, index], `stands for ${other} already`, 'Keep it in one place.', alias);
      }
      meaning.set(slug(alias), name);
    });
  }
  return Object.fromEntries(meaning);
}
