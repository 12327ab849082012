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
  readonly status: 'waiting' | 'approved' | 'rejected';
  readonly since: string;
  /** When it counts as agreed though nobody said so: only for what an old manager may object to. */
  readonly lapsesAt?: string;
  readonly deed: Deed | null;
  /** Why it was this person's to decide: `manager`, `covers dana-manager since 2026-11-20`. */
  readonly authority: string | null;
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
  | { readonly kind: 'outcome'; readonly task: string; readonly outcome: Outcome; readonly at: string }
  /** A licence seat is kept for these tasks: it is time to ask for it. */
  | { readonly kind: 'seat_offered'; readonly tasks: readonly string[]; readonly at: string }
  | { readonly kind: 'others'; readonly ticked: Readonly<Record<string, boolean>> }
  | { readonly kind: 'completed'; readonly at: string }
  /** By a person; daytwo itself where nobody is named. */
  | { readonly kind: 'closed'; readonly at: string; readonly by?: string }
  | { readonly kind: 'moved'; readonly ref: IssueRef; readonly at: string }
  | { readonly kind: 'lost'; readonly at: string }
  | { readonly kind: 'found' }
  | { readonly kind: 'read'; readonly note: number; readonly labelEvent: number };

export type Phase =
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
    case 'attested':
      return withTask(state, fact.task, {
        status: 'done',
        at: fact.at,
        by: fact.by,
        how: 'attested',
        detail: null,
      });
    case 'reopened':
      return { ...withTask(state, fact.task, { status: 'open' }), completedAt: null };
    case 'retry':
      return withTask(state, fact.task, { status: 'open' });
    case 'outcome':
      return withTask(state, fact.task, taskAfter(state, fact));
    case 'seat_offered':
      return { ...state, tasks: askingForSeats(state, fact) };
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
  }
}

export const applyAll = (state: RequestState, facts: readonly Fact[]): RequestState =>
  facts.reduce(apply, state);

const deedOf = (fact: Deed): Deed => ({ by: fact.by, channel: fact.channel, at: fact.at });

const withTask = (state: RequestState, id: string, task: TaskState): RequestState =>
  id in state.tasks ? { ...state, tasks: { ...state.tasks, [id]: task } } : state;

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

const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

const NAMES: ReadonlyMap<string, string> = new Map([
  ['okta', 'Okta'],
  ['salesforce', 'Salesforce'],
]);

/** The system as people call it; one behind SCIM is called as its task is. */
export const systemInWords = (system: string, taskName: string): string => NAMES.get(system) ?? taskName;

/** Tasks that daytwo does itself; the others are a person's, with the handbook's steps. */
export const isAutomatic = (task: Task): boolean => task.way.kind !== 'person';

export const isDone = (state: RequestState, id: string): boolean => state.tasks[id]?.status === 'done';

export const openTasks = (state: RequestState): readonly Task[] =>
  state.plan.tasks.filter((task) => !isDone(state, task.id));

export const isApproved = (state: RequestState): boolean =>
  state.approval.status === 'born' || state.approval.status === 'approved';

/** Whether `task` may be begun: what it depends on is done. */
export const isReady = (state: RequestState, task: Task): boolean =>
  task.after.every((id) => isDone(state, id));

/** Open tasks that a person can work on now. */
export const peopleTasks = (state: RequestState): readonly Task[] =>
  isApproved(state)
    ? openTasks(state).filter(
        (task) =>
          isReady(state, task) && (!isAutomatic(task) || state.tasks[task.id]?.status === 'needs_person'),
      )
    : [];

/**
 * Where a request stands. "SalesOpsAR::Completed - Sales Ops has completed their task on this issue although the issue
 * may not be closed." (the Sales Ops handbook page)
 */
export function phaseOf(state: RequestState): Phase {
  if (state.cancelled) return 'cancelled';
  if (state.approval.status === 'rejected') return 'rejected';
  if (state.closedAt) return 'closed';
  if (isApproved(state) && openTasks(state).length === 0) return 'completed';
  if (!isApproved(state)) return 'waiting_approval';
  if (state.hold) return 'on_hold';
  if (waitsForSeat(state) && peopleTasks(state).length === 0) return 'on_hold';
  return state.claim ? 'in_progress' : 'action_needed';
}

export const waitsForSeat = (state: RequestState): boolean =>
  Object.values(state.tasks).some((task) => task.status === 'waiting_for_seat');

/** Nothing more is waited for: the issue is closed, or the request was refused or cancelled and tidied up. */
export const isEnded = (state: RequestState): boolean => state.closedAt !== null;
