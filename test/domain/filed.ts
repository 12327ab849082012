import {
  newRequest,
  type ApprovalPart,
  type FiledPlan,
  type RequestPlan,
  type RequestState,
} from '../../src/domain/access-request';
import { isAdmin, partsNeeded, type Asked } from '../../src/domain/approvals';
import { applyFiled, type FiledFact } from '../../src/domain/filed-request';
import { filedTasks } from '../../src/domain/filed-tasks';
import type { System } from '../../src/domain/handbook';
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

/** What the tests' text says, beside what is asked for. */
export interface Written {
  readonly change?: Partial<FiledPlan>;
  readonly part?: Partial<ApprovalPart>;
  readonly systems?: readonly System[];
  /** When it is read, an instant. */
  readonly at?: string;
}

/** What comes of reading a text: while lines can't be read, nobody is asked to approve it. */
export function formRead(
  access: readonly Asked[],
  { change = {}, part: changePart = {}, systems = handbook.systems, at = OPENED }: Written = {},
): Extract<FiledFact, { kind: 'form_read' }> {
  const plan = unfiled(change.order);
  if (!plan.filed) throw new Error('a filed plan has its form');
  const parts = partsNeeded(access, systems, plan.filed.order).map((part): ApprovalPart => {
    const system = systems.find(({ key }) => key === part.system);
    const own = access.find((one) => one.system === part.system);
    return {
      ...part,
      digest: digestOfPart(part.key),
      who: WHO[part.role],
      authorities: {},
      status: 'waiting',
      since: at,
      strict: Boolean(system && own && (system.sox || system.finance || isAdmin(own.entitlement, system))),
      approved: null,
      reminded: 'no',
      deed: null,
      reason: null,
      ...changePart,
    };
  });
  return {
    kind: 'form_read',
    at,
    by: REQUESTER,
    filed: { ...plan.filed, text: 't1', version: 'v1', people: 1, ...change },
    tasks: filedTasks(access, systems, ['Americas']),
    parts: (change.unread ?? 0) > 0 ? [] : parts,
    anew: [],
    employeeId: (change.people ?? 1) > 1 ? '' : '104711',
    dueAt: '2026-12-01T15:00:00Z',
  };
}

export const digestOfPart = (key: string): string => `d1${key.length.toString(16).padStart(8, '0')}`;

/** The plan with which every filed request starts: nothing of its text is known yet. */
export const unfiled = (order: FiledPlan['order'] = 'filed'): RequestPlan =>
  unreadPlan({ requester: REQUESTER, order, policyVersion: '2026-01-01' });

/** A filed request as it stands once its text was read. */
export const filed = (
  access: readonly Asked[],
  change: Partial<FiledPlan> = {},
  part: Partial<ApprovalPart> = {},
): RequestState =>
  applyFiled(newRequest(ref, unfiled(change.order), OPENED), formRead(access, { change, part }));
