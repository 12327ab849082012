import { standsAsApproved } from './digest';
import type {
  Entitlement,
  Handbook,
  OtherTeamSection,
  Region,
  RoleNaming,
  RoleTemplate,
  SystemKey,
} from './handbook';

/** Longest part of a file name made from what HR sends. */
const LONGEST_SLUG = 80;

/** What of a person decides their role; the texts as HR writes them. */
export interface RoleOf {
  readonly department: string;
  readonly title: string;
  readonly specialty: string | null;
}

/** A role's templates, put together for one region. */
export interface FoundRole {
  readonly kind: 'found';
  /** In the order of `paths`: the role's own, then the specialty's. */
  readonly templates: readonly RoleTemplate[];
  /** One for each system, in the order of `systems.yml`. */
  readonly entitlements: readonly Entitlement[];
  readonly otherTeams: readonly OtherTeamSection[];
  /** Digest of what stands in the templates now: theirs, joined by `+`. */
  readonly digest: string;
  /** Every template stands as it was approved: the request needs no approval of its own. */
  readonly bornApproved: boolean;
  /** SOX systems that were left out: they need a request with approvals of its own. */
  readonly strippedSox: readonly SystemKey[];
  readonly paths: readonly string[];
}

export type Role = FoundRole | { readonly kind: 'none'; readonly paths: readonly string[] };

/**
 * A text as part of a file name: lower case, runs of anything but letters and digits become one `_`. What remains holds
 * neither dots nor slashes, whatever HR sent.
 */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();
  const words = plain.replace(/['’]/g, '').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...words.join('_')].slice(0, LONGEST_SLUG).join('').replace(/_+$/, '');
}

/**
 * A title as its file is named: seniority dropped, aliases resolved, so that "SDR 3" and "Senior Sales Development
 * Representative" read one template. A title that is nothing but seniority keeps its last word.
 */
export function normaliseTitle(title: string, naming: RoleNaming): string {
  const whole = slug(title);
  const bare = withoutSeniority(whole, naming);
  return lookUp(naming.titles, whole) ?? lookUp(naming.titles, bare) ?? bare;
}

/** A department as its folder is named: "Public Sector" is `pubsec`. */
export function normaliseDepartment(department: string, naming: RoleNaming): string {
  const name = slug(department);
  return lookUp(naming.departments, name) ?? name;
}

/**
 * Every path that is looked for, in order: the role's, then the specialty's. A title of the form "Role, Specialty" names
 * its specialty itself where HR gives none.
 */
export function templatePaths(person: RoleOf, naming: RoleNaming): readonly string[] {
  const { title, specialty } = splitTitle(person, naming);
  const role = `roles/department_${normaliseDepartment(person.department, naming)}/role_${normaliseTitle(title, naming)}`;
  const special = slug(specialty ?? '');
  return special === '' ? [`${role}.yml`] : [`${role}.yml`, `${role}_${special}.yml`];
}

/**
 * What a person of this role gets in their region. The templates of role and specialty are united: each system once; where
 * both name one, permission sets are united, and of any other attribute the specialty's value counts, being the narrower.
 */
export function resolveRole(
  handbook: Pick<Handbook, 'templates' | 'systems' | 'naming'>,
  person: RoleOf & { readonly region: Region },
): Role {
  const paths = templatePaths(person, handbook.naming);
  const templates = paths.flatMap(
    (path) => handbook.templates.find((template) => template.path === path) ?? [],
  );
  if (templates.length === 0) return { kind: 'none', paths };
  const united = uniteEntitlements(templates.map((template) => template.entitlements[person.region]));
  const sox = new Set(handbook.systems.filter((system) => system.sox).map((system) => system.key));
  const order = new Map(handbook.systems.map((system, index) => [system.key, index]));
  const place = (entitlement: Entitlement): number => order.get(entitlement.system) ?? order.size;
  return {
    kind: 'found',
    templates,
    entitlements: united.filter(({ system }) => !sox.has(system)).sort((a, b) => place(a) - place(b)),
    otherTeams: uniteSections(templates.map((template) => template.otherTeams)),
    digest: templates.map((template) => template.digest).join('+'),
    bornApproved: templates.every(standsAsApproved),
    strippedSox: united.map(({ system }) => system).filter((system) => sox.has(system)),
    paths,
  };
}

/** Each system once; later lists are the narrower ones (see `resolveRole`). */
export function uniteEntitlements(lists: readonly (readonly Entitlement[])[]): Entitlement[] {
  const bySystem = new Map<SystemKey, Entitlement>();
  for (const entitlement of lists.flat()) {
    const known = bySystem.get(entitlement.system);
    const sets = [
      ...new Set([...(known?.permissionSets ?? []), ...(entitlement.permissionSets ?? [])]),
    ].sort();
    bySystem.set(entitlement.system, {
      ...known,
      ...entitlement,
      ...(sets.length > 0 ? { permissionSets: sets } : {}),
    });
  }
  return [...bySystem.values()];
}

/** One section for each team and label, each task once. */
export function uniteSections(lists: readonly (readonly OtherTeamSection[])[]): OtherTeamSection[] {
  const sections = new Map<string, OtherTeamSection>();
  for (const section of lists.flat()) {
    const key = JSON.stringify([section.team, section.label]);
    const tasks = new Set([...(sections.get(key)?.tasks ?? []), ...section.tasks]);
    sections.set(key, { team: section.team, label: section.label, tasks: [...tasks] });
  }
  return [...sections.values()];
}

function splitTitle(person: RoleOf, naming: RoleNaming): { title: string; specialty: string | null } {
  const comma = person.title.indexOf(',');
  if (person.specialty !== null || comma < 0) return person;
  const [title, rest] = [person.title.slice(0, comma), person.title.slice(comma + 1)];
  const { before, after } = naming.seniority;
  const isSeniority = (word: string): boolean => before.includes(word) || after.includes(word);
  const words = slug(rest).split('_');
  return words.every(isSeniority) ? { title, specialty: null } : { title, specialty: rest };
}

function withoutSeniority(title: string, naming: RoleNaming): string {
  const words = title.split('_');
  while (words.length > 1 && naming.seniority.before.includes(words[0] ?? '')) words.shift();
  while (words.length > 1 && naming.seniority.after.includes(words.at(-1) ?? '')) words.pop();
  return words.join('_');
}

/** `Object.hasOwn`, since a title may be called "constructor". */
function lookUp(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}
