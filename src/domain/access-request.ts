import type { Scope } from './approvals';
import { applyFiled, partsOf, type FiledFact } from './filed-request';
import type { AccessVerb, FormKind, FormProblem } from './form';
import type {
  ApproverGroup,
  Channel,
  Entitlement,
  OtherTeamSection,
  Region,
  SystemKey,
  Way,
} from './handbook';
import type { Lowering } from './lowering';
import type { Counts, Outcome } from './outcome';

/** Where an issue stands. The project is its path, as people write it: `sales-ops/access-requests`. */
export interface IssueRef {
  readonly project: string;
  readonly iid: number;
  readonly url: string;
}

/** One box of the Sales Ops part: one way of one system, for the person of this request. */
export interface Task {
  /** `salesforce`, or `chorus/person` where a system combines ways. */
  readonly id: string;
  readonly system: SystemKey;
  readonly name: string;
  readonly way: Way;
  readonly entitlement: Entitlement;
  /** Tasks that must be done first. */
  readonly after: readonly string[];
  /** What is to be done there; absent: access is given. */
  readonly verb?: AccessVerb;
  /** Nothing is given by it: somebody says that what the next one waits for is so, such as a course. */
  readonly gate?: true;
  /** Not before so many hours have passed since that task was done. */
  readonly delay?: { readonly after: string; readonly hours: number };
}

/** One approval that a request needs: of one kind of approver, for one system. */
export interface ApprovalPart {
  /** `manager/chorus`, `business_owner/xactly`. */
  readonly key: string;
  readonly role: ApproverRole;
  readonly system: SystemKey;
  /** What is to be approved, as a digest of people, system, role and verb. */
  readonly digest: string;
  /** User names of those who may, the one whose turn it is first. */
  readonly who: readonly string[];
  /** Why it is theirs, by user name: kept in the evidence of a decision as it was at that moment. */
  readonly authorities: Readonly<Record<string, string>>;
  readonly status: 'waiting' | 'approved' | 'rejected';
  /** When it was asked for what is asked now: a decision from before that is about something else. */
  readonly since: string;
  /** SOX, finance or admin: counts only where the person has signed in, and who approves doesn't provision. */
  readonly strict: boolean;
  /** What was approved: no more than this is granted. */
  readonly approved: Scope | null;
  readonly reminded: 'no' | 'reminded' | 'escalated';
  /** When it counts as agreed though nobody said so: only for what an old manager may object to. */
  readonly lapsesAt?: string;
  readonly deed: Deed | null;
  readonly reason: string | null;
}
/** `old_manager`: agrees to what a person loses by changing roles. */
export type ApproverRole = 'manager' | 'business_owner' | 'old_manager' | ApproverGroup;

/** What a request that people filed says, as it was last read. Its people stand in the store, under `version`. */
export interface FiledPlan {
  readonly kind: FormKind;
  /** Who filed it: a GitLab user name; daytwo's own for what it filed itself. */
  readonly requester: string;
  /** On whose word it came about. */
  readonly order: 'filed' | 'move' | 'reclaim';
  /** Of a change of role that HR told: what the new role gives, and who may object to what goes. */
  readonly move?: {
    readonly oldManagerEmail: string | null;
    /** When what goes counts as agreed though the old manager said nothing: an instant. */
    readonly graceUntil: string;
    /** What the new role's approved template gives: asked exactly so, it needs no approval again. */
    readonly given: readonly Entitlement[];
  };
  /** Digest of the text that was read; another text is read anew. */
  readonly text: string;
  /** Digest of people and access as read; the rows in the store stand under it. */
  readonly version: string;
  readonly people: number;
  /** Named, and left out with a reason. */
  readonly leftOut: number;
  /** What can't be understood; the request waits until it is mended. At most 50 are kept, `unread` counts all. */
  readonly problems: readonly FormProblem[];
  readonly unread: number;
  /** Since when it waits to be mended. */
  readonly unreadSince: string | null;
  /** When the requester was asked whether it still stands, last. */
  readonly askedAt: string | null;
  /** What approvers lowered, of lines that still ask for more. */
  readonly lowered?: readonly Lowering[];
  /** Until when access is given: a date, and the instants of the reminder and of the end. */
  readonly until: { readonly date: string; readonly remindAt: string; readonly endsAt: string } | null;
}

/** What was asked for and approved; pinned when the request is born and never changed afterwards. */
export interface RequestPlan {
  readonly employeeId: string;
  readonly region: Region;
  readonly startDate: string;
  readonly policyVersion: string;
  readonly templatePaths: readonly string[];
  readonly templateDigest: string;
  /** True only if the template stands exactly as it was approved. */
  readonly bornApproved: boolean;
  readonly templateApproval: { readonly by: readonly string[]; readonly on: string } | null;
  /** Systems of the template that need a request of their own (SOX). */
  readonly stripped: readonly SystemKey[];
  readonly tasks: readonly Task[];
  readonly otherTeams: readonly OtherTeamSection[];
  readonly seatRetryMinutes: number;
  /** A seat is offered by its pool; absent in requests of before, which ask again by themselves. */
  readonly pooled?: true;
  readonly onboardingUrl: string | null;
  /** By when Sales Ops' part should be completed: an instant. */
  readonly dueAt: string;
  /** Absent: a new hire's baseline. */
  readonly filed?: FiledPlan;
}

export type TaskState =
  | { readonly status: 'open' }
  | {
      readonly status: 'done';
      readonly at: string;
      readonly by: string;
      readonly how: 'verified' | 'attested' | 'already';
      readonly detail: string | null;
    }
  /** Asked for again at `again`, an instant. */
  | {
      readonly status: 'waiting_for_seat';
      readonly since: string;
      readonly again: string;
      readonly licence: string;
    }
  /** The system did not answer, so many times by now. */
  | {
      readonly status: 'waiting_for_system';
      readonly since: string;
      readonly again: string;
      readonly times: number;
      readonly system: string;
      readonly code: string;
    }
  | {
      readonly status: 'needs_person';
      readonly since: string;
      readonly problem: string;
      readonly mend: string;
    }
  /** Somebody who had to approve it said no. */
  | { readonly status: 'rejected'; readonly at: string; readonly by: string; readonly reason: string }
  | { readonly status: 'removed'; readonly at: string; readonly verified: boolean }
  /** Looked at after a cancel: there was nothing of ours. */
  | { readonly status: 'nothing_to_remove'; readonly at: string; readonly reason: string };

/** Who did a thing, over which channel, when. */
export interface Deed {
  readonly by: string;
  readonly channel: Channel | 'hris' | 'daytwo';
  readonly at: string;
}

/** The state of a request. Everything that daytwo shows on the issue follows from it. */
export interface RequestState {
  readonly ref: IssueRef;
  readonly plan: RequestPlan;
  readonly approval: {
    readonly status: 'born' | 'waiting' | 'approved' | 'rejected';
    readonly deed: Deed | null;
    readonly reason: string | null;
  };
  readonly claim: Deed | null;
  readonly hold: (Deed & { readonly reason: string | null }) | null;
  readonly cancelled: (Deed & { readonly reason: string; readonly remove: boolean }) | null;
  readonly tasks: Readonly<Record<string, TaskState>>;
  /** Of a request for many: how each task stands, by its id. */
  readonly counts?: Readonly<Record<string, Counts>>;
  /** The approvals that a filed request needs; a baseline request has the one above. */
  readonly parts?: readonly ApprovalPart[];
  /** Tasks before which a time had to pass, and it has. */
  readonly delaysOver?: readonly string[];
  /** Access for a time: whether its end was announced, and when it came. */
  readonly end?: { readonly remindedAt: string | null; readonly endedAt: string | null };
  /** The other teams' boxes, by their text. */
  readonly others: Readonly<Record<string, boolean>>;
  readonly openedAt: string;
  readonly completedAt: string | null;
  readonly closedAt: string | null;
  /** The last note and label event that were judged: what is newer is news. */
  readonly cursor: { readonly note: number; readonly labelEvent: number };
  /** A desk that can't be found: deleted, or moved out of sight. */
  readonly lostSince: string | null;
}

/** Everything that can happen to a request, as values: the activity finds them, the workflow keeps them. */
export type Fact =
  | ({ readonly kind: 'approved' } & Deed)
  | ({ readonly kind: 'rejected'; readonly reason: string } & Deed)
  /** `from` is who gave it to them, where that is somebody else. */
  | ({ readonly kind: 'claimed'; readonly from?: string } & Deed)
  | ({ readonly kind: 'released'; readonly reason: string | null } & Deed)
  | ({ readonly kind: 'held'; readonly reason: string | null } & Deed)
  | ({ readonly kind: 'resumed' } & Deed)
  | ({ readonly kind: 'cancelled'; readonly reason: string; readonly remove: boolean } & Deed)
  | ({ readonly kind: 'attested'; readonly task: string } & Deed)
  | ({ readonly kind: 'reopened'; readonly task: string } & Deed)
  | ({ readonly kind: 'retry'; readonly task: string } & Deed)
  /** A licence seat is kept for these tasks: it is time to ask for it. */
  | { readonly kind: 'seat_offered'; readonly tasks: readonly string[]; readonly at: string }
  | {
      readonly kind: 'outcome';
      readonly task: string;
      readonly outcome: Outcome;
      readonly at: string;
      readonly counts?: Counts;
    }
  /** Of a request for many: so far so good, and it goes on. */
  | { readonly kind: 'progress'; readonly counts: Readonly<Record<string, Counts>> }
  | { readonly kind: 'others'; readonly ticked: Readonly<Record<string, boolean>> }
  | { readonly kind: 'completed'; readonly at: string }
  /** By a person; daytwo itself where nobody is named. */
  | { readonly kind: 'closed'; readonly at: string; readonly by?: string }
  | { readonly kind: 'moved'; readonly ref: IssueRef; readonly at: string }
  | { readonly kind: 'lost'; readonly at: string }
  | { readonly kind: 'found' }
  | { readonly kind: 'read'; readonly note: number; readonly labelEvent: number }
  | FiledFact;

export type Phase =
  | 'waiting_requester'
  | 'waiting_approval'
  | 'action_needed'
  | 'in_progress'
  | 'on_hold'
  | 'completed'
  | 'closed'
  | 'rejected'
  | 'cancelled';

export function newRequest(ref: IssueRef, plan: RequestPlan, openedAt: string): RequestState {
  return {
    ref,
    plan,
    approval: { status: plan.bornApproved ? 'born' : 'waiting', deed: null, reason: null },
    claim: null,
    hold: null,
    cancelled: null,
    tasks: Object.fromEntries(plan.tasks.map((task): [string, TaskState] => [task.id, { status: 'open' }])),
    others: Object.fromEntries(
      plan.otherTeams.flatMap((team) => team.tasks.map((text): [string, boolean] => [text, false])),
    ),
    openedAt,
    completedAt: null,
    closedAt: null,
    cursor: { note: 0, labelEvent: 0 },
    lostSince: null,
  };
}

/** The one door for every change of a request's state. */
export function apply(state: RequestState, fact: Fact): RequestState {
  switch (fact.kind) {
    case 'approved':
      return { ...state, approval: { status: 'approved', deed: deedOf(fact), reason: null } };
    case 'rejected':
      return { ...state, approval: { status: 'rejected', deed: deedOf(fact), reason: fact.reason } };
    case 'claimed':
      return { ...state, claim: deedOf(fact) };
    case 'released':
      return { ...state, claim: null };
    case 'held':
      return { ...state, hold: { ...deedOf(fact), reason: fact.reason } };
    case 'resumed':
      return { ...state, hold: null };
    case 'cancelled':
      return {
        ...state,
        tasks: withoutWaiting(state),
        cancelled: { ...deedOf(fact), reason: fact.reason, remove: fact.remove },
      };
    case 'attested': {
      const { at, by } = fact;
      const done = { status: 'done', at, by, how: 'attested', detail: null } as const;
      return servingHeld(withTask(state, fact.task, done), fact.task);
    }
    case 'reopened':
      return { ...withTask(state, fact.task, { status: 'open' }), completedAt: null };
    case 'retry':
      return withTask(state, fact.task, { status: 'open' });
    case 'seat_offered':
      return { ...state, tasks: askingForSeats(state, fact) };
    case 'outcome': {
      const after = withTask(state, fact.task, taskAfter(state, fact));
      const counted = fact.counts
        ? { ...after, counts: { ...after.counts, [fact.task]: fact.counts } }
        : after;
      return servingHeld(counted, fact.task);
    }
    case 'progress':
      return { ...state, counts: { ...state.counts, ...fact.counts } };
    case 'others':
      return { ...state, others: { ...state.others, ...fact.ticked } };
    case 'completed':
      return { ...state, completedAt: fact.at };
    case 'closed':
      return { ...state, closedAt: fact.at };
    case 'moved':
      return { ...state, ref: fact.ref, lostSince: null };
    case 'lost':
      return { ...state, lostSince: fact.at };
    case 'found':
      return { ...state, lostSince: null };
    case 'read':
      return {
        ...state,
        cursor: {
          note: Math.max(state.cursor.note, fact.note),
          labelEvent: Math.max(state.cursor.labelEvent, fact.labelEvent),
        },
      };
    default:
      return applyFiled(state, fact);
  }
}

export const applyAll = (state: RequestState, facts: readonly Fact[]): RequestState =>
  facts.reduce(apply, state);

const deedOf = (fact: Deed): Deed => ({ by: fact.by, channel: fact.channel, at: fact.at });

const withTask = (state: RequestState, id: string, task: TaskState): RequestState =>
  id in state.tasks ? { ...state, tasks: { ...state.tasks, [id]: task } } : state;

/**
 * Of a request for many: those whom a task was waited for are served once it is done for all. That they waited was no
 * exception, so nobody needs to say "try again".
 */
const servingHeld = (state: RequestState, done: string): RequestState =>
  state.tasks[done]?.status === 'done'
    ? state.plan.tasks
        .filter(({ id, after }) => after.includes(done) && isHeldAlone(state, id))
        .reduce((now, { id }) => withTask(now, id, { status: 'open' }), state)
    : state;

const isHeldAlone = (state: RequestState, id: string): boolean => {
  const counts = state.counts?.[id];
  return (
    state.tasks[id]?.status === 'needs_person' &&
    counts !== undefined &&
    counts.exceptions === 0 &&
    counts.waiting === 0 &&
    counts.done < counts.of
  );
};

const WAITING: readonly TaskState['status'][] = ['waiting_for_seat', 'waiting_for_system', 'needs_person'];

/** Nobody waits any longer for what a cancelled request did not get to; what may be there in part is looked at. */
const withoutWaiting = (state: RequestState): RequestState['tasks'] =>
  Object.fromEntries(
    Object.entries(state.tasks).map(([id, task]): [string, TaskState] => [
      id,
      WAITING.includes(task.status) ? { status: 'open' } : task,
    ]),
  );

function taskAfter(state: RequestState, { task: id, outcome, at }: Fact & { kind: 'outcome' }): TaskState {
  const before = state.tasks[id];
  switch (outcome.kind) {
    case 'granted':
      return {
        status: 'done',
        at,
        by: 'daytwo',
        how: outcome.verified ? 'verified' : 'attested',
        detail: outcome.detail ?? null,
      };
    case 'already':
      return { status: 'done', at, by: 'daytwo', how: 'already', detail: outcome.detail ?? null };
    case 'waiting_for_seat':
      return {
        status: 'waiting_for_seat',
        since: before?.status === 'waiting_for_seat' ? before.since : at,
        again: state.plan.pooled ? NOT_BY_ITSELF : later(at, state.plan.seatRetryMinutes * 60_000),
        licence: outcome.licence,
      };
    case 'waiting_for_system':
      return waitForSystem(state, id, outcome, at);
    case 'needs_person':
      return { status: 'needs_person', since: at, problem: outcome.problem, mend: outcome.mend };
    case 'refused':
      return {
        status: 'needs_person',
        since: at,
        problem: outcome.reason,
        mend: 'Agree on what to do, then tick "try again", or tick the box.',
      };
    case 'revoked':
      return { status: 'removed', at, verified: outcome.verified };
    case 'not_applicable':
      return { status: 'nothing_to_remove', at, reason: outcome.reason };
  }
}

/** Its pool tells when a seat is there: no timer of its own. */
export const NOT_BY_ITSELF = '9999-12-31T00:00:00.000Z';

const askingForSeats = (
  state: RequestState,
  { tasks, at }: Fact & { kind: 'seat_offered' },
): RequestState['tasks'] =>
  Object.fromEntries(
    Object.entries(state.tasks).map(([id, task]): [string, TaskState] => [
      id,
      task.status === 'waiting_for_seat' && tasks.includes(id) ? { ...task, again: at } : task,
    ]),
  );

const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 30 * 60_000;
/** So long a system is waited for; then a person is told. */
const PATIENCE_MS = 2 * 60 * 60_000;

/** Asked again after 15 seconds, then twice as long each time up to half an hour; later where the system says so. */
function waitForSystem(
  state: RequestState,
  id: string,
  outcome: Outcome & { kind: 'waiting_for_system' },
  at: string,
): TaskState {
  const { system, code } = outcome;
  const before = state.tasks[id];
  const waited = before?.status === 'waiting_for_system' ? before : { since: at, times: 0 };
  if (Date.parse(at) - Date.parse(waited.since) >= PATIENCE_MS) {
    const name = state.plan.tasks.find((task) => task.id === id)?.name ?? id;
    return {
      status: 'needs_person',
      since: at,
      problem: `${systemInWords(system, name)} has not answered for a long time (${code})`,
      mend: state.cancelled
        ? 'Take back by hand what is there, then close this issue.'
        : 'Look there, or ask its owners; then tick "try again", or do it by hand and tick the box.',
    };
  }
  const wait = Math.min(FIRST_WAIT_MS * 2 ** waited.times, LONGEST_WAIT_MS);
  return {
    status: 'waiting_for_system',
    since: waited.since,
    again: later(at, Math.max(wait, (outcome.retryAfterSeconds ?? 0) * 1000)),
    times: waited.times + 1,
    system,
    code,
  };
}

export const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

const NAMES: ReadonlyMap<string, string> = new Map([
  ['okta', 'Okta'],
  ['salesforce', 'Salesforce'],
]);

/** The system as people call it; one behind SCIM is called as its task is. */
export const systemInWords = (system: string, taskName: string): string => NAMES.get(system) ?? taskName;

/** Tasks that daytwo does itself; the others are a person's, with the handbook's steps. */
export const isAutomatic = (task: Task): boolean => task.way.kind !== 'person';

export const isDone = (state: RequestState, id: string): boolean => state.tasks[id]?.status === 'done';

/** What Sales Ops still has to do. What was taken away as asked, or refused by who had to approve it, is not. */
export const openTasks = (state: RequestState): readonly Task[] =>
  state.plan.tasks.filter((task) => !isFinished(state, task));

const isFinished = (state: RequestState, { id }: Task): boolean => {
  const status = state.tasks[id]?.status;
  return (
    status === 'done' ||
    status === 'rejected' ||
    (state.plan.filed !== undefined && (status === 'removed' || status === 'nothing_to_remove'))
  );
};

/** Whether everything that the request asks for may be granted. What wasn't read yet asks for nothing that could be. */
export const isApproved = (state: RequestState): boolean =>
  state.plan.filed
    ? state.plan.filed.text !== '' &&
      state.plan.filed.unread === 0 &&
      !partsOf(state).some(({ status }) => status === 'waiting')
    : state.approval.status === 'born' || state.approval.status === 'approved';

/** Whether this task may be worked on: each approval that its system needs was given. */
export const isApprovedFor = (state: RequestState, task: Pick<Task, 'system'>): boolean =>
  state.plan.filed
    ? state.plan.filed.unread === 0 &&
      partsOf(state).every(({ system, status }) => system !== task.system || status === 'approved')
    : isApproved(state);

/** Whether `task` may be begun: what it depends on is done, or won't be; and what must pass first has passed. */
export const isReady = (state: RequestState, task: Task): boolean =>
  task.after.every((id) => isSettled(state, id) || (isAutomatic(task) && isPartly(state, id))) &&
  !isDelayed(state, task);

/** Of a request for many: done for some, so that what comes after may be begun for those. */
export const isPartly = (state: RequestState, id: string): boolean =>
  (state.counts?.[id]?.done ?? 0) > 0 && state.tasks[id]?.status !== 'open';

/** What comes after it waits no longer: it is done, gone, or was refused. */
export const isSettled = (state: RequestState, id: string): boolean =>
  SETTLED.includes(state.tasks[id]?.status ?? 'open');
const SETTLED: readonly TaskState['status'][] = ['done', 'rejected', 'removed', 'nothing_to_remove'];

const isDelayed = (state: RequestState, { id, delay }: Task): boolean =>
  delay !== undefined && !state.delaysOver?.includes(id);

/** When the time is over that must pass before a task: an instant; null where nothing must pass, or not yet. */
export function delayEnds(state: RequestState, task: Task): string | null {
  if (!task.delay || !isDelayed(state, task)) return null;
  const before = state.tasks[task.delay.after];
  return before?.status === 'done' ? later(before.at, task.delay.hours * 3_600_000) : null;
}

/** Open tasks that a person can work on now. */
export const peopleTasks = (state: RequestState): readonly Task[] =>
  openTasks(state).filter(
    (task) =>
      isApprovedFor(state, task) &&
      isReady(state, task) &&
      (!isAutomatic(task) || state.tasks[task.id]?.status === 'needs_person'),
  );

/**
 * Where a request stands. "SalesOpsAR::Completed - Sales Ops has completed their task on this issue although the issue
 * may not be closed." (the Sales Ops handbook page)
 */
export function phaseOf(state: RequestState): Phase {
  if (state.cancelled) return 'cancelled';
  if (state.approval.status === 'rejected') return 'rejected';
  if (state.closedAt) return 'closed';
  if (state.plan.filed && state.plan.filed.unread > 0) return 'waiting_requester';
  if (isApproved(state) && openTasks(state).length === 0) return 'completed';
  if (!isApproved(state) && !openTasks(state).some((task) => isApprovedFor(state, task)))
    return 'waiting_approval';
  if (state.hold) return 'on_hold';
  if (waitsForSeat(state) && peopleTasks(state).every(({ gate }) => gate)) return 'on_hold';
  if (waitsForCourse(state)) return 'on_hold';
  return state.claim ? 'in_progress' : 'action_needed';
}

export const waitsForSeat = (state: RequestState): boolean =>
  Object.values(state.tasks).some((task) => task.status === 'waiting_for_seat');

/** Nobody has work on it: what may be begun now is only to be said, such as that a course is done. */
export const waitsForCourse = (state: RequestState): boolean => {
  const now = openTasks(state).filter((task) => isApprovedFor(state, task) && isReady(state, task));
  return now.length > 0 && now.every(({ gate }) => gate);
};

/** Nothing more is waited for: the issue is closed, or the request was refused or cancelled and tidied up. */
export const isEnded = (state: RequestState): boolean => state.closedAt !== null;
