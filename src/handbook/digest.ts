import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/digest';
import { REGIONS, type Entitlement, type Handbook, type RoleTemplate } from '../domain/handbook';

/** Digest of a value's content: order of keys and layout of the file don't count. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

/**
 * Digest of what a template gives, and of its path, so that an approval can't be carried to another role. Comments, layout
 * and the order of systems and permission sets don't count: they are no functional change.
 */
export function templateDigest(template: Pick<RoleTemplate, 'path' | 'entitlements' | 'otherTeams'>): string {
  const inOrder = (list: readonly Entitlement[]): Entitlement[] =>
    [...list]
      .sort((a, b) => (a.system < b.system ? -1 : 1))
      .map((one) => (one.permissionSets ? { ...one, permissionSets: [...one.permissionSets].sort() } : one));
  const entitlements = Object.fromEntries(
    REGIONS.map((region) => [region, inOrder(template.entitlements[region])]),
  );
  return digestOf({ path: template.path, entitlements, otherTeams: template.otherTeams });
}

/** Digest of all that `config/` says: two processes with the same digest read the same handbook. */
export function handbookDigest(handbook: Omit<Handbook, 'digest'>): string {
  return digestOf(handbook);
}
