import type { RoleTemplate } from './handbook';

/**
 * The one text of a JSON value: keys sorted, no spaces, absent values left out. Two values with the same content have the
 * same text, so its SHA-256 (made in `handbook/`, where Node's crypto is at hand) is the content's digest.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** Whether a template stands as it was approved. If not, requests made from it wait for an approval of their own. */
export function standsAsApproved(template: Pick<RoleTemplate, 'digest' | 'approval'>): boolean {
  return template.approval !== null && template.approval.digest === template.digest;
}
