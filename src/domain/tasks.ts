import type { Task } from './access-request';
import type { Entitlement, System, SystemKey } from './handbook';

/**
 * The boxes of a request: one for each way of each system. Where a system combines ways (group by API, licence type by a
 * person), the person's part comes after the API's. What a system depends on comes first: "tasks need dependencies, not
 * one flat checklist". A system that isn't part of this request is waited for nowhere.
 */
export function tasksFor(entitlements: readonly Entitlement[], systems: readonly System[]): readonly Task[] {
  const asked = new Map<SystemKey, { system: System; entitlement: Entitlement }>();
  for (const entitlement of entitlements) {
    const system = systems.find((candidate) => candidate.key === entitlement.system);
    if (system) asked.set(system.key, { system, entitlement });
  }
  const idsOf = (system: System): readonly string[] =>
    system.ways.map((way, at) => {
      if (at === 0) return system.key;
      const before = system.ways.slice(1, at).filter(({ kind }) => kind === way.kind).length;
      return `${system.key}/${way.kind}${before > 0 ? `-${before + 1}` : ''}`;
    });
  return [...asked.values()].flatMap(({ system, entitlement }) => {
    const before = system.dependsOn.flatMap((key) => {
      const other = asked.get(key);
      return other ? idsOf(other.system) : [];
    });
    return system.ways.map((way, at): Task => {
      const ids = idsOf(system);
      const id = ids[at] ?? system.key;
      const part = system.ways.length > 1 ? ` (${partOf(way.kind)})` : '';
      return {
        id,
        system: system.key,
        name: `${system.name}${part}`,
        way,
        entitlement,
        after: [...before, ...ids.slice(0, at)],
      };
    });
  });
}

function partOf(kind: Task['way']['kind']): string {
  switch (kind) {
    case 'okta-group':
      return 'sign-in group';
    case 'scim':
      return 'account';
    case 'salesforce-package':
    case 'salesforce-psl':
      return 'licence';
    case 'salesforce-user':
      return 'user';
    case 'person':
      return 'settings';
  }
}

/** What was approved for this task, in words: `profile Sales User, role Enterprise AE - Americas`. */
export function accessInWords(entitlement: Entitlement): string {
  const parts = [
    entitlement.profile && `profile ${entitlement.profile}`,
    entitlement.role && `role ${entitlement.role}`,
    entitlement.team && `team ${entitlement.team}`,
    entitlement.licenceType && `licence type ${entitlement.licenceType}`,
    entitlement.permissionSets?.length
      ? `permission sets ${entitlement.permissionSets.join(', ')}`
      : undefined,
  ];
  return parts.filter((part): part is string => !!part).join(', ');
}

/** The same for one box. A group at the identity provider lets people in, and knows nothing of roles and licences. */
export const taskInWords = ({ way, entitlement }: Pick<Task, 'way' | 'entitlement'>): string =>
  way.kind === 'okta-group' ? '' : accessInWords(entitlement);
