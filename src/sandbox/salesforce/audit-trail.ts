import type { Org } from './org';
import type { Row } from './schema';

/** Notes what an administrator did in `SetupAuditTrail`, as far as it concerns users and their permission sets. */
export function noteInTrail(
  org: Org,
  object: string,
  before: Row | undefined,
  after: Row | undefined,
  by: string | null,
): void {
  const noted = whatHappened(org, object, before, after);
  if (!noted) return;
  const [Action, Display] = noted;
  org.add('SetupAuditTrail', { Action, Display, Section: 'Manage Users' }, by);
}

function whatHappened(
  org: Org,
  object: string,
  before: Row | undefined,
  after: Row | undefined,
): readonly [action: string, display: string] | undefined {
  const name = (id: unknown) => String(org.get('User', String(id))?.['Username']);
  const turned = (field: string, to: boolean) => before?.[field] === !to && after?.[field] === to;
  switch (object) {
    case 'User': {
      if (!before) return ['createduser', `Created new user ${name(after?.Id)}`];
      if (turned('IsActive', false)) return ['deactivateduser', `Deactivated user ${name(after?.Id)}`];
      return turned('IsActive', true) ? ['activateduser', `Activated user ${name(after?.Id)}`] : undefined;
    }
    case 'UserLogin':
      if (turned('IsFrozen', true)) return ['frozeuser', `Froze user ${name(after?.['UserId'])}`];
      return turned('IsFrozen', false)
        ? ['unfrozeuser', `Unfroze user ${name(after?.['UserId'])}`]
        : undefined;
    case 'PermissionSetAssignment': {
      const assignment = after ?? before;
      const set = String(org.get('PermissionSet', assignment?.['PermissionSetId'])?.['Label']);
      const user = name(assignment?.['AssigneeId']);
      if (before && after) return undefined;
      return after
        ? ['PermSetAssign', `Permission set ${set}: assigned to user ${user}`]
        : ['PermSetUnassign', `Permission set ${set}: unassigned from user ${user}`];
    }
    default:
      return undefined;
  }
}
