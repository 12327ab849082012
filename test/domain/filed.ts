import {
  newRequest,
  type ApprovalPart,
  type FiledPlan,
  type RequestState,
} from '../../src/domain/access-request';
import { isAdmin, partsNeeded, type Asked } from '../../src/domain/approvals';
import { applyFiled } from '../../src/domain/filed-request';
import { filedTasks } from '../../src/domain/filed-tasks';
import { unreadPlan } from '../../src/domain/request-start';
import { handbook, OPENED, ref } from './request';

export const REQUESTER = 'rita-requester';
/** Who may approve which role in these tests, the one whose turn it is first. */
const WHO: Readonly<Record<ApprovalPart['role'], readonly string[]>> = {
  manager: ['dana-manager', 'vera-vp'],
  business_owner: ['felix-comp'],
  old_manager: ['pete-manager'],
  infrastructure: ['ines-systems', 'tom-systems'],
  security: ['noor-security'],
};

export const asked = (
  system: string,
  rest: Partial<Asked['entitlement']> = {},
  verb: Asked['verb'] = 'grant',
): Asked => ({
  system,
  verb,
  entitlement: { system, ...rest },
});

/** A filed request as it stands once its text was read. */
export function filed(
  access: readonly Asked[],
  change: Partial<FiledPlan> = {},
  changePart: Partial<ApprovalPart> = {},
): RequestState {
  const plan = unreadPlan({
    requester: REQUESTER,
    order: change.order ?? 'filed',
    policyVersion: '2026-01-01',
  });
  const state = newRequest(ref, plan, OPENED);
  if (!plan.filed) throw new Error('a filed plan has its form');
  const parts = partsNeeded(access, handbook.systems, change.order ?? 'filed').map((part): ApprovalPart => {
    const system = handbook.systems.find(({ key }) => key === part.system);
    const own = access.find((one) => one.system === part.system);
    return {
      ...part,
      digest: `d1${part.key.length.toString(16).padStart(8, '0')}`,
      who: WHO[part.role],
      authorities: {},
      status: 'waiting',
      since: OPENED,
      strict: Boolean(system && own && (system.sox || system.finance || isAdmin(own.entitlement, system))),
      approved: null,
      reminded: 'no',
      deed: null,
      reason: null,
      ...changePart,
    };
  });
  return applyFiled(state, {
    kind: 'form_read',
    at: OPENED,
    by: REQUESTER,
    filed: { ...plan.filed, text: 't1', version: 'v1', people: 1, ...change },
    tasks: filedTasks(access, handbook.systems, ['Americas']),
    parts,
    anew: [],
    employeeId: '104711',
    dueAt: '2026-12-01T15:00:00Z',
  });
}
