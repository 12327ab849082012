import {
  delayEnds,
  isApproved,
  isApprovedFor,
  isAutomatic,
  isReady,
  openTasks,
  peopleTasks,
  phaseOf,
  systemInWords,
  type ApprovalPart,
  type ApproverRole,
  type FiledPlan,
  type Phase,
  type RequestState,
  type TaskState,
} from './access-request';
import { partsOf, waitingParts } from './filed-request';
import type { Counts } from './outcome';

/** What a request waits for, on whom, since when: the one view that the issue, the command and the Temporal UI all show. */
export interface Wait {
  readonly for: string;
  readonly on: string;
  readonly since: string;
}

export interface RequestStatus {
  readonly kind: 'access-request';
  readonly request: string;
  readonly url: string;
  readonly employeeId: string;
  readonly phase: Phase;
  readonly claimedBy: string | null;
  readonly approval: RequestState['approval']['status'];
  readonly waits: readonly Wait[];
  readonly tasks: readonly {
    readonly id: string;
    readonly name: string;
    readonly by: 'daytwo' | 'person';
    readonly state: TaskState;
  }[];
  readonly policyVersion: string;
  readonly templateDigest: string;
  /** Only of a request that people filed. */
  readonly filed?: {
    readonly kind: FiledPlan['kind'];
    readonly requester: string;
    /** Under which its people stand in the store. */
    readonly version: string;
    readonly people: number;
    readonly leftOut: number;
    readonly unread: number;
    readonly until: string | null;
    readonly counts: Readonly<Record<string, Counts>>;
    readonly parts: readonly Pick<ApprovalPart, 'key' | 'status' | 'who' | 'digest' | 'since'>[];
  };
}

export function statusOf(state: RequestState): RequestStatus {
  return {
    kind: 'access-request',
    request: `${state.ref.project}#${state.ref.iid}`,
    url: state.ref.url,
    employeeId: state.plan.employeeId,
    phase: phaseOf(state),
    claimedBy: state.claim?.by ?? null,
    approval: state.approval.status,
    waits: waitsOf(state),
    tasks: state.plan.tasks.map((task) => ({
      id: task.id,
      name: task.name,
      by: isAutomatic(task) ? 'daytwo' : 'person',
      state: state.tasks[task.id] ?? { status: 'open' },
    })),
    policyVersion: state.plan.policyVersion,
    templateDigest: state.plan.templateDigest,
    ...(state.plan.filed ? { filed: filedStatus(state, state.plan.filed) } : {}),
  };
}

const filedStatus = (state: RequestState, filed: FiledPlan): NonNullable<RequestStatus['filed']> => ({
  kind: filed.kind,
  requester: filed.requester,
  version: filed.version,
  people: filed.people,
  leftOut: filed.leftOut,
  unread: filed.unread,
  until: filed.until?.date ?? null,
  counts: state.counts ?? {},
  parts: partsOf(state).map(({ key, status, who, digest, since }) => ({ key, status, who, digest, since })),
});

/** So many characters of a reason are shown beside other things; the comment has all of it. */
const REASON = 200;

export function waitsOf(state: RequestState): readonly Wait[] {
  if (state.closedAt) return [];
  if (state.lostSince)
    return [{ for: 'the issue to be found again', on: 'the provisioning DRIs', since: state.lostSince }];
  if (state.plan.filed) return [...filedWaits(state, state.plan.filed), ...workWaits(state)];
  if (!isApproved(state)) {
    return [
      {
        for: 'approve or reject: the role template differs from what was approved',
        on: 'those who may approve',
        since: state.openedAt,
      },
    ];
  }
  return workWaits(state);
}

/** A request that people filed waits for its text to be mended, and for each who has to approve a part of it. */
function filedWaits(state: RequestState, filed: FiledPlan): Wait[] {
  if (state.cancelled) return [];
  if (filed.unread > 0)
    return [
      {
        for: `${filed.unread} line${filed.unread === 1 ? '' : 's'} to be mended`,
        on: `@${filed.requester}`,
        since: filed.unreadSince ?? state.openedAt,
      },
    ];
  const byWho = new Map<string, ApprovalPart[]>();
  for (const part of waitingParts(state)) {
    const key = JSON.stringify([part.role, part.who]);
    byWho.set(key, [...(byWho.get(key) ?? []), part]);
  }
  return [...byWho.values()].map((parts) => ({
    for: `approval of ${parts.map(({ system }) => nameOfSystem(state, system)).join(', ')} (${roleInWords(parts[0]?.role)})`,
    on: parts[0]?.who[0] === undefined ? 'the provisioning DRIs' : `@${parts[0].who[0]}`,
    since: parts.map(({ since }) => since).sort()[0] ?? state.openedAt,
  }));
}

const ROLES: Readonly<Record<ApproverRole, string>> = {
  manager: 'manager',
  business_owner: 'business owner',
  old_manager: 'manager before',
  infrastructure: 'infrastructure',
  security: 'security',
};
export const roleInWords = (role: ApproverRole | undefined): string => (role ? ROLES[role] : 'approver');

export const nameOfSystem = (state: RequestState, system: string): string =>
  state.plan.tasks.find((task) => task.system === system)?.name.replace(/ \([^)]*\)$/, '') ?? system;

/** What the work itself waits for. */
function workWaits(state: RequestState): Wait[] {
  const waits: Wait[] = [];
  if (state.hold && !state.cancelled)
    waits.push({
      for: `resume (on hold: ${state.hold.reason?.replace(/\s+/g, ' ').slice(0, REASON) || 'no reason was given'})`,
      on: `@${state.hold.by}`,
      since: state.hold.at,
    });
  for (const task of state.plan.tasks) {
    const now = state.tasks[task.id];
    if (now?.status === 'waiting_for_seat')
      waits.push({
        for: `a free licence ${now.licence} for ${task.name}`,
        on: 'a free seat',
        since: now.since,
      });
    if (now?.status === 'waiting_for_system') {
      const system = systemInWords(now.system, task.name);
      const what = system === task.name ? '' : `, for ${task.name}`;
      waits.push({ for: `${system} to answer${what}`, on: system, since: now.since });
    }
    if (now?.status === 'needs_person')
      waits.push({ for: `${task.name}: a person's decision`, on: holder(state), since: now.since });
  }
  if (state.cancelled) return waits;
  for (const { name, after } of peopleTasks(state).filter(({ gate }) => gate))
    waits.push({ for: name, on: 'who takes the course', since: doneLast(state, after) });
  const forPeople = peopleTasks(state).filter((task) => !isAutomatic(task) && !task.gate);
  if (forPeople.length > 0 && !state.claim)
    waits.push({ for: 'somebody to pick it up', on: 'the Sales Ops team', since: state.openedAt });
  if (forPeople.length > 0 && state.claim)
    waits.push({
      for: `${forPeople.map((task) => task.name).join(', ')}`,
      on: holder(state),
      since: state.claim.at,
    });
  const { until } = state.plan.filed ?? {};
  for (const task of openTasks(state)) {
    const at = isApprovedFor(state, task) ? delayEnds(state, task) : null;
    if (at !== null)
      waits.push({
        for: `${task.name}, not before ${at.slice(0, 16).replace('T', ' ')} UTC`,
        on: 'the clock',
        since: state.openedAt,
      });
  }
  if (until && state.completedAt && !state.end?.endedAt)
    waits.push({ for: `the end of the access, ${until.date}`, on: 'the calendar', since: state.completedAt });
  const blocked = openTasks(state).filter((task) => isApprovedFor(state, task) && !isReady(state, task));
  if (waits.length === 0 && blocked.length > 0)
    waits.push({ for: blocked.map((task) => task.name).join(', '), on: 'daytwo', since: state.openedAt });
  const others = Object.values(state.others).filter((ticked) => !ticked).length;
  if (state.completedAt && others > 0)
    waits.push({
      for: `${others} box${others === 1 ? '' : 'es'} of other teams`,
      on: 'the other teams',
      since: state.completedAt,
    });
  return waits;
}

/** When the last of these tasks was done. */
const doneLast = (state: RequestState, ids: readonly string[]): string =>
  ids
    .flatMap((id) => {
      const task = state.tasks[id];
      return task?.status === 'done' ? [task.at] : [];
    })
    .sort()
    .at(-1) ?? state.openedAt;

const holder = (state: RequestState): string => (state.claim ? `@${state.claim.by}` : 'the Sales Ops team');
