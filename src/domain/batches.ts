import {
  delayEnds,
  isApproved,
  isApprovedFor,
  isAutomatic,
  isDone,
  isReady,
  isSettled,
  type Fact,
  NOT_BY_ITSELF,
  type RequestState,
  type Task,
  type TaskState,
} from './access-request';
import type { Way } from './handbook';

/** Which limited system a task goes to; each has a task queue and a rate of its own. */
export type Connection = 'salesforce' | 'okta' | `scim/${string}`;

/** Tasks that go to one system in one call, by its connection. */
export type Batches = ReadonlyMap<Connection, readonly Task[]>;

export function connectionOf(way: Way): Connection | null {
  switch (way.kind) {
    case 'salesforce-user':
    case 'salesforce-psl':
    case 'salesforce-package':
      return 'salesforce';
    case 'okta-group':
      return 'okta';
    case 'scim':
      return `scim/${way.connection}`;
    case 'person':
      return null;
  }
}

/** Whether it is time for a task that daytwo does: it is open, or what it waits for is to be asked again. */
const isDue = (task: TaskState | undefined, now: string): boolean =>
  task?.status === 'open' ||
  ((task?.status === 'waiting_for_seat' || task?.status === 'waiting_for_system') && task.again <= now);

/**
 * What can be granted at an instant, one batch a connection: what is ready, and what becomes ready inside the same batch
 * (Salesforce's user first, then its licences).
 */
export function grantable(state: RequestState, now: string): Batches {
  const batches = new Map<Connection, Task[]>();
  if (state.hold || state.cancelled || state.closedAt || state.lostSince) return batches;
  for (let grew = true; grew;) {
    grew = false;
    for (const task of state.plan.tasks) {
      const connection = connectionOf(task.way);
      if (!connection || !isApprovedFor(state, task) || !isDue(state.tasks[task.id], now)) continue;
      const batch = batches.get(connection) ?? [];
      if (batch.includes(task)) continue;
      if (!isReady(state, task) && (task.delay || !isReadyWithin(state, task, batch))) continue;
      batches.set(connection, [...batch, task]);
      grew = true;
    }
  }
  return batches;
}

/** Whether what it comes after is done, or comes before it in the same batch. Giving and taking never share a batch. */
const isReadyWithin = (state: RequestState, task: Task, batch: readonly Task[]): boolean =>
  task.after.every(
    (id) =>
      isSettled(state, id) ||
      batch.some((member) => member.id === id && isRemoval(member) === isRemoval(task)),
  );

/** Whether a task takes access away: it goes by another call than what gives it. */
export const isRemoval = ({ verb }: Pick<Task, 'verb'>): boolean => verb === 'remove';

/**
 * Tasks that are still to be looked at after a cancel that asks for it: all that daytwo granted, and all of which something
 * may be there in part. What the person had before this request stays theirs, unless HR took the hire back: then they never
 * join, and everything goes.
 */
export function revocable(state: RequestState): readonly Task[] {
  if (!state.cancelled?.remove || state.closedAt) return [];
  if (!state.plan.filed && !isApproved(state)) return [];
  return state.plan.tasks.filter((task) => {
    const now = state.tasks[task.id];
    if (!isAutomatic(task) || isRemoval(task) || !now) return false;
    return now.status === 'done'
      ? now.how === 'verified' || isTheirs(state, now)
      : now.status === 'open' || now.status === 'waiting_for_seat' || now.status === 'waiting_for_system';
  });
}

const isTheirs = (state: RequestState, task: TaskState & { status: 'done' }): boolean =>
  task.how === 'already' && state.cancelled?.channel === 'hris';

/** What is to be taken back at an instant, one batch a connection. */
export function takeable(state: RequestState, now: string): Batches {
  const batches = new Map<Connection, Task[]>();
  for (const task of revocable(state)) {
    const connection = connectionOf(task.way);
    const status = state.tasks[task.id];
    if (connection && (status?.status === 'done' || isDue(status, now)))
      batches.set(connection, [...(batches.get(connection) ?? []), task]);
  }
  return batches;
}

/** Tasks whose access goes whatever was begun: daytwo granted it, or HR took the hire back. */
export const takenWhateverBegun = (state: RequestState, tasks: readonly Task[]): readonly string[] =>
  tasks.filter(({ id }) => isDone(state, id) || state.cancelled?.channel === 'hris').map(({ id }) => id);

/** The instant at which something that is waited for is asked again; null where nothing is. */
export function asksAgainAt(state: RequestState): string | null {
  const instants = Object.values(state.tasks)
    .flatMap((task) => ('again' in task && task.again !== NOT_BY_ITSELF ? [task.again] : []))
    .sort();
  return instants.find((at) => grantable(state, at).size + takeable(state, at).size > 0) ?? null;
}

/** What time alone brings about in a filed request: the end of access and its announcement, and the end of a delay. */
export function timesOf(state: RequestState): readonly { readonly at: string; readonly fact: TimedFact }[] {
  if (state.closedAt || state.cancelled) return [];
  const delays = state.plan.tasks.flatMap((task) => {
    const at = delayEnds(state, task);
    return at === null ? [] : [{ at, fact: { kind: 'delay_over' as const, task: task.id, at } }];
  });
  const until = state.plan.filed?.until;
  if (!until || !someIsGranted(state) || state.end?.endedAt) return delays;
  const announced = state.end?.remindedAt ?? null;
  return [
    ...delays,
    ...(announced === null
      ? [{ at: until.remindAt, fact: { kind: 'end_announced' as const, at: until.remindAt } }]
      : []),
    { at: until.endsAt, fact: { kind: 'access_ended' as const, at: until.endsAt } },
  ].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}
export type TimedFact = Extract<Fact, { kind: 'delay_over' | 'end_announced' | 'access_ended' }>;

/** Whether anybody was given anything by this request. */
export const someIsGranted = (state: RequestState): boolean =>
  state.plan.tasks.some((task) => !isRemoval(task) && isDone(state, task.id)) ||
  Object.values(state.counts ?? {}).some(({ done }) => done > 0);
