import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AccessActivities, AccessBatch, AccessResult } from '../activities/access';
import type { DeskActivities } from '../activities/desk';
import type { ProgressActivities } from '../activities/progress';
import { newRequest, phaseOf, type Phase, type RequestState, type Task } from '../domain/access-request';
import {
  asksAgainAt,
  grantable,
  isRemoval,
  takeable,
  takenWhateverBegun,
  timesOf,
  type Connection,
} from '../domain/batches';
import { isEndOf } from '../domain/filed-request';
import { GITLAB_QUEUE, queueOf } from '../domain/queues';
import { RequestDesk, SHOWN_EVERY_MS } from '../domain/request-desk';
import { bornPhase, type AccessRequestInput } from '../domain/request-start';
import { requestDetails } from '../domain/request-details';
import { statusOf } from '../domain/request-status';
import { hearDecisions } from './decisions';
import { decisions, hireRescinded, issueChanged, personLeft, seatOffered, status } from './messages';
import { filedAttributes, STATE, subjectOf } from './search';
import { now } from './time';

export interface AccessRequestResult {
  readonly request: string;
  readonly phase: Phase;
}

/** Since when a request for many says how far it is while a batch goes on. */
const PROGRESS = 'progress';

const { workDesk } = proxyActivities<DeskActivities>({
  taskQueue: GITLAB_QUEUE,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '15 seconds' },
  summary: 'read the issue, judge what happened, show where it stands',
});

const { showProgress } = proxyActivities<ProgressActivities>({
  taskQueue: GITLAB_QUEUE,
  scheduleToCloseTimeout: '1 minute',
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 2 },
  summary: 'say on the issue how far it is',
});

/**
 * One access request, from its issue's birth to its close: wait for approval where it is needed, grant what has an API,
 * follow the people who do the rest, and say on the issue where it stands.
 */
export async function accessRequest(input: AccessRequestInput): Promise<AccessRequestResult> {
  const carried = input.carried ?? newRequest(input.ref, input.plan, input.openedAt);
  const desk = new RequestDesk(carried, input.atRest !== true);
  let shownPhase: Phase | undefined = input.shownPhase;
  let shownSubject = subjectOf(desk.state);
  listen(desk);

  while (!desk.ended) {
    desk.takeOffers(now());
    show();
    if (await grantWhatCanBe(desk, show)) continue;
    if (desk.state.cancelled && (await takeBack(desk))) continue;
    if (desk.needsDesk) {
      const messages = desk.takeMessages(now());
      const { facts, answers } = await workDesk({ state: desk.state, messages, now: now() });
      desk.wasJudged(facts, answers);
      continue;
    }
    if (workflowInfo().continueAsNewSuggested) {
      const isWoken = () => desk.needsDesk || desk.hasOffers;
      await condition(() => allHandlersFinished() || isWoken());
      if (!isWoken())
        await continueAsNew<typeof accessRequest>({
          ...input,
          carried: desk.state,
          atRest: true,
          ...(shownPhase ? { shownPhase } : {}),
        });
    } else await somethingHappens(desk);
  }
  show();
  await condition(allHandlersFinished);
  return { request: `${desk.state.ref.project}#${desk.state.ref.iid}`, phase: phaseOf(desk.state) };

  function show(): void {
    setCurrentDetails(requestDetails(desk.state));
    const phase = phaseOf(desk.state);
    const subject = subjectOf(desk.state);
    const phaseIsShown = phase === shownPhase || (shownPhase === undefined && phase === bornPhase(input));
    if (phaseIsShown && subject === shownSubject) return;
    shownPhase = phase;
    upsertSearchAttributes([
      { key: STATE, value: phase },
      ...(subject === shownSubject ? [] : filedAttributes(desk.state)),
    ]);
    shownSubject = subject;
  }
}

function listen(desk: RequestDesk): void {
  hearDecisions(desk, {
    kinds: decisions,
    otherwise: 'unknown decision',
    isOver: () => desk.ended,
    over: 'the request has ended',
  });
  setHandler(issueChanged, () => desk.hint());
  setHandler(seatOffered, ({ tasks }) => desk.seatOffered(tasks));
  setHandler(hireRescinded, ({ reason }) =>
    desk.happened({ kind: 'cancelled', by: 'hris', channel: 'hris', at: now(), reason, remove: true }),
  );
  setHandler(personLeft, ({ reason }) =>
    desk.happened({ kind: 'cancelled', by: 'hris', channel: 'hris', at: now(), reason, remove: false }),
  );
  setHandler(status, () => statusOf(desk.state));
}

/** Grants all that is ready, a batch for each system side by side. False where there was nothing to grant. */
async function grantWhatCanBe(desk: RequestDesk, show: () => void): Promise<boolean> {
  const batches = grantable(desk.state, now());
  if (batches.size === 0) return false;
  const granting = Promise.all(
    [...batches].flatMap(([connection, tasks]) => giveAndTake(desk.state, connection, tasks)),
  );
  if (isCrowd(desk.state) && patched(PROGRESS))
    await seenFromOutside(desk, granting, [...batches.values()].flat(), show);
  for (const result of await granting) desk.wasGranted(result, now());
  return true;
}

/**
 * As long as batches for many go on, the issue and the Temporal UI say about every minute how far they are. What people do
 * meanwhile is judged afterwards: an outcome must not come out for what was asked for anew.
 */
async function seenFromOutside(
  desk: RequestDesk,
  granting: Promise<unknown>,
  tasks: readonly Task[],
  show: () => void,
): Promise<void> {
  let going = true;
  const over = (): void => {
    going = false;
  };
  granting.then(over, over);
  while (!(await condition(() => !going, SHOWN_EVERY_MS, { summary: 'show how far it is' }))) {
    try {
      desk.progressed(await showProgress({ ref: desk.state.ref, crowd: crowdOf(desk.state), tasks }));
      show();
    } catch (error) {
      // Nobody's access waits for this.
      if (!(error instanceof ActivityFailure)) throw error;
    }
  }
}

/** What a filed request takes away goes by another call than what it gives. */
function giveAndTake(
  state: RequestState,
  connection: Connection,
  tasks: readonly Task[],
): Promise<AccessResult>[] {
  const given = tasks.filter((task) => !isRemoval(task));
  const taken = tasks.filter(isRemoval);
  return [
    ...(given.length > 0
      ? [access(connection, given, isCrowd(state)).grantAccess(batchOf(state, connection, given))]
      : []),
    ...(taken.length > 0
      ? [
          access(connection, taken, isCrowd(state)).revokeAccess({
            ...batchOf(state, connection, taken),
            whateverBegun: taken.filter((task) => !isEndOf(task)).map(({ id }) => id),
          }),
        ]
      : []),
  ];
}

/** After a cancel that asks for it: takes back what daytwo granted, also in part. False where it isn't time to take any. */
async function takeBack(desk: RequestDesk): Promise<boolean> {
  const batches = takeable(desk.state, now());
  if (batches.size === 0) return false;
  const results = await Promise.all(
    [...batches].map(([connection, tasks]) =>
      access(connection, tasks, isCrowd(desk.state)).revokeAccess({
        ...batchOf(desk.state, connection, tasks),
        whateverBegun: takenWhateverBegun(desk.state, tasks),
      }),
    ),
  );
  for (const result of results) desk.cameOut(result, now());
  return true;
}

/** Many people take a while: the activity says every few seconds that it lives. */
const isCrowd = ({ plan }: RequestState): boolean => (plan.filed?.people ?? 1) > 1;

/** Under what the people of a filed request stand in the store. */
const crowdOf = ({ ref, plan }: RequestState) => ({
  request: `${ref.project}#${ref.iid}`,
  version: plan.filed?.version ?? '',
});

/** How often a system is asked in quick succession until it counts as away; and when it is asked again later. */
const QUICK_TRIES = 5;
const TRIES_AGAIN = 3;

function batchOf(state: RequestState, connection: Connection, tasks: readonly Task[]): AccessBatch {
  const { ref, plan, tasks: states } = state;
  const { employeeId, policyVersion, templateDigest } = plan;
  const away = tasks.some(({ id }) => states[id]?.status === 'waiting_for_system');
  const { filed } = plan;
  const approved = { policyVersion, templateDigest: filed?.version ?? templateDigest };
  const reason = filed ? (filed.kind === 'change' ? 'change' : 'filed') : 'hire';
  return {
    reason,
    ref,
    employeeId,
    ...(filed
      ? {
          crowd: {
            ...crowdOf(state),
            waitsFor: notForAll(tasks, states),
          },
        }
      : {}),
    connection,
    tasks,
    tries: away ? TRIES_AGAIN : QUICK_TRIES,
    approved,
  };
}

/** Of a request for many: what comes before these tasks and isn't done for everybody. Who isn't served there isn't served here. */
const notForAll = (tasks: readonly Task[], states: RequestState['tasks']): readonly string[] => {
  const own = tasks.map(({ id }) => id);
  const before = new Set(tasks.flatMap(({ after }) => after).filter((id) => !own.includes(id)));
  return [...before].filter((id) => !['done', 'rejected'].includes(states[id]?.status ?? 'open'));
};

/** A request that waits costs nothing: it sleeps until a message comes, or until a seat or a system is to be asked again. */
async function somethingHappens(desk: RequestDesk): Promise<void> {
  const awake = () => desk.needsDesk || desk.ended || desk.hasOffers;
  const again = asksAgainAt(desk.state);
  const timed = timesOf(desk.state)[0]?.at ?? null;
  if (again === null && timed === null) return condition(awake);
  const byTime = timed !== null && (again === null || timed <= again);
  const ms = Math.max(1, Date.parse(byTime ? timed : (again ?? '')) - Date.now());
  const woken = await condition(awake, ms, { summary: byTime ? 'until its time' : 'ask again' });
  if (!woken && byTime) desk.hint();
}

const access = (connection: Connection, tasks: readonly Task[], crowd = false) =>
  proxyActivities<AccessActivities>({
    taskQueue: queueOf(connection),
    startToCloseTimeout: crowd ? '30 minutes' : '5 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '15 seconds' },
    summary: tasks.map(({ name }) => name).join(', '),
  });
