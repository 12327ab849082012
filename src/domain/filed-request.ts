import type { ApprovalPart, Deed, FiledPlan, RequestState, Task, TaskState } from './access-request';
import type { Scope } from './approvals';
import type { Entitlement, SystemKey } from './handbook';
import { lowerTasks } from './lowering';

/** What can happen to a request that people filed, beside what happens to every request. */
export type FiledFact =
  /** Its text was read, for the first time or anew. */
  | {
      readonly kind: 'form_read';
      readonly at: string;
      /** Who wrote what was read. */
      readonly by: string;
      readonly filed: FiledPlan;
      readonly tasks: readonly Task[];
      readonly parts: readonly ApprovalPart[];
      /** Tasks that begin anew, since more is asked of them than before. */
      readonly anew: readonly string[];
      readonly employeeId: string;
      readonly dueAt: string;
    }
  | ({ readonly kind: 'part_approved'; readonly part: string; readonly scope: Scope } & Deed)
  /** Whoever approves gives less than was asked for: the parts of that system are for this from now on. */
  | ({
      readonly kind: 'lowered';
      readonly system: SystemKey;
      readonly from: Entitlement;
      readonly to: Entitlement;
      readonly digest: string;
      readonly strict: boolean;
    } & Deed)
  | ({ readonly kind: 'part_rejected'; readonly part: string; readonly reason: string } & Deed)
  /** Nobody objected in time. */
  | { readonly kind: 'part_lapsed'; readonly part: string; readonly at: string; readonly scope: Scope }
  /** Who may decide changed: a manager moved, somebody is away or back. */
  | {
      readonly kind: 'part_moved';
      readonly part: string;
      readonly at: string;
      readonly who: readonly string[];
      readonly authorities: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'part_reminded';
      readonly part: string;
      readonly at: string;
      readonly stage: 'reminded' | 'escalated';
    }
  | { readonly kind: 'requester_asked'; readonly at: string }
  | { readonly kind: 'end_announced'; readonly at: string }
  | { readonly kind: 'access_ended'; readonly at: string }
  | { readonly kind: 'delay_over'; readonly task: string; readonly at: string };

export const partsOf = (state: Pick<RequestState, 'parts'>): readonly ApprovalPart[] => state.parts ?? [];

/** The parts that wait for a decision. */
export const waitingParts = (state: Pick<RequestState, 'parts'>): readonly ApprovalPart[] =>
  partsOf(state).filter(({ status }) => status === 'waiting');

export function applyFiled(state: RequestState, fact: FiledFact): RequestState {
  switch (fact.kind) {
    case 'form_read':
      return afterReading(state, fact);
    case 'part_approved':
      return settleApproval(
        withPart(state, fact.part, {
          status: 'approved',
          deed: deedOf(fact),
          reason: null,
          approved: fact.scope,
        }),
        fact,
      );
    case 'lowered':
      return afterLowering(state, fact);
    case 'part_lapsed': {
      const deed: Deed = { by: 'daytwo', channel: 'daytwo', at: fact.at };
      return settleApproval(
        withPart(state, fact.part, { status: 'approved', deed, reason: null, approved: fact.scope }),
        deed,
      );
    }
    case 'part_rejected':
      return settleApproval(
        rejectTasks(
          withPart(state, fact.part, { status: 'rejected', deed: deedOf(fact), reason: fact.reason }),
          fact,
        ),
        fact,
      );
    case 'part_moved':
      return withPart(state, fact.part, { who: fact.who, authorities: fact.authorities });
    case 'part_reminded':
      return withPart(state, fact.part, { reminded: fact.stage });
    case 'requester_asked':
      return state.plan.filed ? withFiled(state, { ...state.plan.filed, askedAt: fact.at }) : state;
    case 'end_announced':
      return { ...state, end: { endedAt: null, ...state.end, remindedAt: fact.at } };
    case 'access_ended':
      return afterEnd({ ...state, end: { remindedAt: null, ...state.end, endedAt: fact.at } });
    case 'delay_over':
      return { ...state, delaysOver: [...(state.delaysOver ?? []), fact.task] };
  }
}

const deedOf = ({ by, channel, at }: Deed): Deed => ({ by, channel, at });

const withFiled = (state: RequestState, filed: FiledPlan): RequestState => ({
  ...state,
  plan: { ...state.plan, filed },
});

const withPart = (state: RequestState, key: string, change: Partial<ApprovalPart>): RequestState => ({
  ...state,
  parts: partsOf(state).map((part) => (part.key === key ? { ...part, ...change } : part)),
});

/** The request as a whole is decided when each of its parts is: refused where every system was. */
function settleApproval(state: RequestState, deed: Deed): RequestState {
  if (waitingParts(state).length > 0) return state;
  const refused = state.plan.tasks.length > 0 && state.plan.tasks.every(({ id }) => isRejected(state, id));
  const status = refused ? 'rejected' : 'approved';
  const reason = refused ? (partsOf(state).find((part) => part.status === 'rejected')?.reason ?? null) : null;
  return { ...state, approval: { status, deed: deedOf(deed), reason } };
}

const isRejected = (state: RequestState, id: string): boolean => state.tasks[id]?.status === 'rejected';

/** What was refused for a system isn't granted there; what was done before stays as it is. */
function rejectTasks(state: RequestState, fact: Extract<FiledFact, { kind: 'part_rejected' }>): RequestState {
  const system = partsOf(state).find(({ key }) => key === fact.part)?.system;
  const rejected: TaskState = { status: 'rejected', at: fact.at, by: fact.by, reason: fact.reason };
  const tasks = state.plan.tasks.flatMap((task): [string, TaskState][] =>
    task.system === system && state.tasks[task.id]?.status !== 'done' ? [[task.id, rejected]] : [],
  );
  return { ...state, tasks: { ...state.tasks, ...Object.fromEntries(tasks) } };
}

/** The boxes and the other parts of the system are for less; the text that asks for more stays as people wrote it. */
function afterLowering(state: RequestState, fact: Extract<FiledFact, { kind: 'lowered' }>): RequestState {
  const { filed } = state.plan;
  if (!filed) return state;
  const { system, to, by, at } = fact;
  const before = filed.lowered?.find((one) => one.system === system);
  const lowering = { system, from: before?.from ?? fact.from, to, by, at };
  const tasks = lowerTasks(state.plan.tasks, fact);
  return {
    ...state,
    plan: {
      ...state.plan,
      tasks,
      filed: {
        ...filed,
        lowered: [...(filed.lowered ?? []).filter((one) => one.system !== system), lowering],
      },
    },
    parts: partsOf(state).map((part) =>
      part.system === system ? { ...part, digest: fact.digest, strict: fact.strict } : part,
    ),
    tasks: Object.fromEntries(
      Object.entries(state.tasks).filter(
        ([id]) => tasks.some((task) => task.id === id) || !state.plan.tasks.some((task) => task.id === id),
      ),
    ),
  };
}

/** What stays as it was keeps its state; what is asked anew, or asked more of, is open. */
function afterReading(state: RequestState, fact: Extract<FiledFact, { kind: 'form_read' }>): RequestState {
  const { filed, parts, employeeId, dueAt, anew } = fact;
  const kept = state.plan.tasks.filter(
    ({ id }) => state.tasks[id]?.status === 'done' && !fact.tasks.some((task) => task.id === id),
  );
  const tasks = [...fact.tasks, ...kept];
  const states = tasks.map(({ id }): [string, TaskState] => [
    id,
    anew.includes(id) ? { status: 'open' } : (state.tasks[id] ?? { status: 'open' }),
  ]);
  const waiting = parts.some(({ status }) => status === 'waiting') || filed.unread > 0;
  const settled: RequestState['approval'] =
    state.approval.status === 'approved' ? state.approval : { status: 'approved', deed: null, reason: null };
  return {
    ...state,
    plan: { ...state.plan, filed, tasks, employeeId, dueAt },
    parts,
    tasks: Object.fromEntries(states),
    completedAt: anew.length > 0 ? null : state.completedAt,
    approval: waiting ? { status: 'waiting', deed: null, reason: null } : settled,
  };
}

/** When access for a time ends, what was given becomes a task to take it away: by daytwo, or by those who gave it. */
function afterEnd(state: RequestState): RequestState {
  const given = state.plan.tasks.filter(
    ({ id, verb }) =>
      verb !== 'remove' && (state.tasks[id]?.status === 'done' || (state.counts?.[id]?.done ?? 0) > 0),
  );
  const ends = given
    .filter(({ id }) => {
      const task = state.tasks[id];
      return !(task?.status === 'done' && task.how === 'already');
    })
    .map((task): Task => ({
      id: endOf(task.id),
      system: task.system,
      name: `${task.name}, at the end`,
      way: task.way,
      entitlement: task.entitlement,
      verb: 'remove',
      after: [],
    }));
  return {
    ...state,
    plan: { ...state.plan, tasks: [...state.plan.tasks, ...ends] },
    tasks: {
      ...state.tasks,
      ...Object.fromEntries(ends.map(({ id }): [string, TaskState] => [id, { status: 'open' }])),
    },
    completedAt: ends.length > 0 ? null : state.completedAt,
  };
}

const endOf = (id: string): string => `end/${id}`;
/** Whether a task takes back at its end what this request gave, and nothing that was there before. */
export const isEndOf = ({ id }: Pick<Task, 'id'>): boolean => id.startsWith('end/');
