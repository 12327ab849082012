import type { Label, Project } from './rows';
import { GitlabError, type Site } from './site';

/** The key of a scoped label (`a::b` of `a::b::c`), or null for a plain one. The last `::` separates. */
export function scopeOf(name: string): string | null {
  const at = name.lastIndexOf('::');
  return at > 0 && at + 2 < name.length ? name.slice(0, at) : null;
}

export const labelNamed = (site: Site, project: Project, name: string): Label | undefined =>
  site.rows.labels.find(
    (label) => label.projectId === project.id && label.name.toLowerCase() === name.toLowerCase(),
  );

export const labelsOf = (site: Site, project: Project): Label[] =>
  site.rows.labels
    .filter((label) => label.projectId === project.id)
    .sort((a, b) => a.name.localeCompare(b.name));

/** Makes a label. Refuses a name that is taken, empty, or has a comma in it. */
export function createLabel(
  site: Site,
  project: Project,
  fields: { name: string; color: string; description: string | null },
): Label {
  const name = fields.name.trim();
  if (name === '') throw GitlabError.invalid({ title: ["can't be blank", 'is invalid'] });
  if (name.includes(',')) throw GitlabError.invalid({ title: ['is invalid'] });
  if (name.length > 255) throw GitlabError.invalid({ title: ['is too long (maximum is 255 characters)'] });
  if (labelNamed(site, project, name)) throw new GitlabError(409, { message: 'Label already exists' });
  const id = site.world.next('gitlab-label');
  const at = site.now();
  const color = checkedColor(fields.color);
  return site.rows.labels.put(id, {
    id,
    projectId: project.id,
    name,
    color,
    description: fields.description,
    createdAt: at,
    updatedAt: at,
  });
}

const NAMED: Readonly<Record<string, string>> = {
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  orange: '#ffa500',
  purple: '#800080',
  gray: '#808080',
  grey: '#808080',
  black: '#000000',
  white: '#ffffff',
  yellow: '#ffff00',
};

export function checkedColor(color: string): string {
  const known = NAMED[color.toLowerCase()];
  if (known) return known;
  if (/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(color)) return color;
  throw GitlabError.invalid({ color: ['must be a valid color code'] });
}

/** Labels by name, made where the project has none of that name, as GitLab does for those given on an issue. */
export function labelsByName(site: Site, project: Project, names: readonly string[]): number[] {
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(
      (name) =>
        (
          labelNamed(site, project, name) ??
          createLabel(site, project, { name, color: '#428BCA', description: null })
        ).id,
    );
}

/** The label ids once some are added and some removed: an added scoped label drives out the others of its key. */
export function mergeLabels(
  site: Site,
  current: readonly number[],
  added: readonly number[],
  removed: readonly number[],
): number[] {
  let ids = current.filter((id) => !removed.includes(id));
  for (const id of added) {
    const scope = scopeOf(site.rows.labels.get(id)?.name ?? '');
    ids = ids.filter((other) => {
      if (other === id) return false;
      return scope === null || scopeOf(site.rows.labels.get(other)?.name ?? '') !== scope;
    });
    ids.push(id);
  }
  return ids;
}

/** Black or white, whichever can be read on the colour. */
export function textColor(color: string): string {
  const full =
    color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit).join('') : color.slice(1);
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16));
  return r + g + b > 500 ? '#1F1E24' : '#FFFFFF';
}
