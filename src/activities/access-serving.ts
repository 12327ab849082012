import { activityInfo } from '@temporalio/activity';
import type { Task } from '../domain/access-request';
import { plainLine } from '../domain/escape';
import type { Outcome } from '../domain/outcome';
import type { PersonRecord } from '../evidence/store';
import {
  needsPerson,
  outcomeOfFault,
  type AccessOutcome,
  type Begin,
  type Connector,
  type GrantItem,
} from '../systems/connector';
import { SystemFault } from '../systems/fault';
import type { AccessBatch, AccessResult } from './access';
import { aboutOf } from './access-evidence';
import { keepBegun, type Verb } from './begun';
import { withoutLeavers } from './leaver-bar';
import { grantThroughGate, seatsCameFree, type SeatBatch } from './seats';
import type { World } from './world';

/** One task for one person. */
export interface Member {
  /** Which it is, in this request: the task, or the task for one of many people. */
  readonly what: string;
  readonly task: Task;
  readonly person: PersonRecord;
  /** This very change was begun before. */
  readonly ours: boolean;
}

/** What daytwo did not begin, and nobody wants gone in any case. */
export const LEFT_ALONE: AccessOutcome = {
  kind: 'not_applicable',
  reason: 'daytwo changed nothing here',
};

/** Whether a task's access goes whoever gave it: its removal was approved, or it is among those named. */
export const isTaken = (task: Task, whateverBegun: readonly string[]): boolean =>
  task.verb === 'remove' || whateverBegun.includes(task.id);

/**
 * Has the system serve all members in one batch; what is about to be changed is written down first, in one write. What comes of
 * each, by what it is; a fault of the system is an outcome, too.
 */
export async function serve(
  world: World,
  batch: AccessBatch,
  verb: Verb,
  members: readonly Member[],
): Promise<ReadonlyMap<string, AccessOutcome>> {
  const items = members.flatMap(itemOf);
  if (items.length === 0) return new Map();
  const connector = connectorOf(world, batch);
  if ('kind' in connector) return all(items, connector);
  const begin = beginner(world, batch, verb, members);
  if (verb === 'grant') {
    const { may, barred } = await withoutLeavers(world, items);
    const granted =
      may.length === 0
        ? []
        : await grantThroughGate(world, connector, seatBatchOf(batch, members), may, begin);
    return new Map([...barred, ...granted]);
  }
  const results = await connector
    .revoke(items, begin)
    .catch((error: unknown) => all(items, outcomeOfFault(error)));
  const revoked = items.filter(({ id }) => results.get(id)?.kind === 'revoked');
  await seatsCameFree(
    world,
    revoked.map(({ access }) => access.way),
  );
  return new Map(members.flatMap((one) => takenBy(one, results.get(one.what))));
}

function connectorOf(world: World, batch: AccessBatch): Connector | AccessOutcome {
  try {
    return world.connector(batch.connection);
  } catch (error) {
    const mend =
      error instanceof Error ? (error.message.split('\n')[1]?.trim() ?? error.name) : 'see the log';
    return needsPerson(
      `daytwo is not set up for ${batch.connection}`,
      `An operator sets what is missing (${mend}), then tick "try again".`,
    );
  }
}

function seatBatchOf(batch: AccessBatch, members: readonly Member[]): SeatBatch {
  const { activityId, workflowExecution } = activityInfo();
  const tasks = new Map(members.map(({ what, task }) => [what, task.id]));
  const starts = new Map(members.map(({ person }) => [person.employeeId, person.startDate]));
  return {
    request: `${batch.ref.project}#${batch.ref.iid}`,
    workflowId: workflowExecution?.workflowId ?? '',
    activityId,
    reason: batch.reason ?? 'hire',
    taskOf: ({ id }) => tasks.get(id) ?? id,
    startDateOf: (employeeId) => starts.get(employeeId) ?? null,
  };
}

function itemOf({ what, task, person, ours }: Member): GrantItem[] {
  const { way, entitlement } = task;
  if (way.kind === 'person') return [];
  return [
    {
      id: what,
      // A name in another direction, or with what can't be seen, looks like another one elsewhere, too.
      person: { ...person, name: plainLine(person.name), title: plainLine(person.title) },
      access: { way, ...entitlement },
      ours,
      ...(task.verb === 'change' ? { mayChange: true } : {}),
    },
  ];
}

function beginner(world: World, batch: AccessBatch, verb: Verb, members: readonly Member[]): Begin {
  const byId = new Map(members.map((member) => [member.what, member]));
  return (begun) =>
    keepBegun(
      world,
      verb,
      begun.flatMap(({ id, before }) => {
        const member = byId.get(id);
        if (!member || member.ours) return [];
        const { task, person } = member;
        const { system, ...attributes } = task.entitlement;
        const detail = {
          what: `began to ${verb === 'grant' ? 'grant' : 'take back'} ${task.name}`,
          system,
          before,
          approved: { ...attributes },
          policy: batch.approved.policyVersion,
          templateDigest: batch.approved.templateDigest,
        };
        return [{ what: member.what, task: task.id, row: { ...aboutOf(batch, person), detail } }];
      }),
    );
}

/** A cancelled request has no "try again": what can't be taken back is for a person, who then closes the issue. */
function takenBy({ what, task }: Member, outcome: AccessOutcome | undefined): [string, AccessOutcome][] {
  if (!outcome) return [];
  if (outcome.kind !== 'needs_person' || task.verb === 'remove') return [[what, outcome]];
  return [[what, { ...outcome, mend: 'Take back by hand what is there, then close this issue.' }]];
}

/**
 * What came of each task. A grant that wasn't tried, since what it comes after did not come about in the same batch, is left
 * out: it stays open, and its turn comes.
 */
export function outcomesOf(
  tasks: readonly Task[],
  results: ReadonlyMap<string, Outcome>,
  verb: Verb,
): AccessResult['outcomes'] {
  const blocked = (task: Task): boolean =>
    verb === 'grant' &&
    task.after.some((id) => {
      const before = tasks.find((other) => other.id === id);
      return before && !['granted', 'already'].includes(results.get(id)?.kind ?? '');
    });
  return Object.fromEntries(
    tasks.flatMap((task): [string, Outcome][] => {
      const outcome = results.get(task.id);
      if (!outcome && blocked(task)) return [];
      return [[task.id, outcome ?? unanswered(task)]];
    }),
  );
}

/** Who asks to be left alone for longer than this isn't asked again by Temporal, but by the request, which goes on meanwhile. */
const BRIEF_SECONDS = 15;

/** What may pass in a moment is a fault that Temporal tries again: who was served already is found served. */
export function throwWhatPasses(outcomes: readonly Outcome[], tries: number): void {
  const waiting = outcomes.filter((outcome) => outcome.kind === 'waiting_for_system');
  const [first] = waiting;
  // What did not answer in time would take as long again.
  const brief = waiting.every(
    ({ code, retryAfterSeconds = 0 }) => retryAfterSeconds <= BRIEF_SECONDS && code !== 'timeout',
  );
  if (!first || !brief || activityInfo().attempt >= tries) return;
  const seconds = Math.max(...waiting.map(({ retryAfterSeconds = 0 }) => retryAfterSeconds));
  throw new SystemFault(
    first.system,
    first.code,
    true,
    `${waiting.length} of ${outcomes.length} could not be done for now`,
    seconds > 0 ? seconds * 1000 : undefined,
  );
}

const all = (items: readonly GrantItem[], outcome: AccessOutcome): ReadonlyMap<string, AccessOutcome> =>
  new Map(items.map(({ id }) => [id, outcome]));

const unanswered = (task: Task): Outcome => ({
  kind: 'needs_person',
  problem: `nothing came back for ${task.name}`,
  mend: 'Tick "try again".',
});
