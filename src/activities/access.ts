import type { IssueRef, RequestPlan, Task } from '../domain/access-request';
import type { Connection } from '../domain/batches';
import type { Counts, Outcome } from '../domain/outcome';
import type { SeatReason } from '../domain/seat-queue';
import type { PersonRecord } from '../evidence/store';
import { workCrowd } from './access-crowd';
import { evidenceOf } from './access-evidence';
import { isTaken, LEFT_ALONE, outcomesOf, serve, throwWhatPasses, type Member } from './access-serving';
import { begunOf, type Verb } from './begun';
import { showing } from './faults';
import { keepEvidence } from './keep';
import type { World } from './world';

export interface AccessBatch {
  readonly ref: IssueRef;
  readonly employeeId: string;
  /** Set for a request that names its people in the store: the batch is for all of them, and `employeeId` is nobody's. */
  readonly crowd?: CrowdRef;
  /** What brought them to ask: who is served first where licences are short. */
  readonly reason?: SeatReason;
  readonly connection: Connection;
  readonly tasks: readonly Task[];
  /** So often a system that does not answer is asked in quick succession, before that is an outcome. */
  readonly tries: number;
  /** Under which policy, from which template it was approved: for the evidence. */
  readonly approved: Pick<RequestPlan, 'policyVersion' | 'templateDigest'>;
}

/** The people of one version of a request, in the store. */
export interface CrowdRef {
  readonly request: string;
  readonly version: string;
  /** Tasks of other batches that aren't done for all: who isn't served there isn't served here. */
  readonly waitsFor?: readonly string[];
}

export interface RevokeBatch extends AccessBatch {
  /** Tasks whose access goes in any case; of the others, only what daytwo began to grant. */
  readonly whateverBegun: readonly string[];
}

export interface AccessResult {
  /** For a crowd, what comes next for the task as a whole: to wait, to ask a person, or done. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** For a crowd: how each task stands. */
  readonly counts?: Readonly<Record<string, Counts>>;
}

export interface AccessActivities {
  grantAccess(batch: AccessBatch): Promise<AccessResult>;
  revokeAccess(batch: RevokeBatch): Promise<AccessResult>;
}

/** Grants and takes back access, a batch a call: looked up before, verified after, an outcome for every member. */
export function accessActivities(world: World): AccessActivities {
  return {
    grantAccess: showing((show, batch) =>
      batch.crowd
        ? workCrowd(world, { ...batch, crowd: batch.crowd, whateverBegun: [] }, 'grant', show)
        : work(world, { ...batch, whateverBegun: [] }, 'grant'),
    ),
    revokeAccess: showing((show, batch) =>
      batch.crowd
        ? workCrowd(world, { ...batch, crowd: batch.crowd }, 'revoke', show)
        : work(world, batch, 'revoke'),
    ),
  };
}

async function work(world: World, batch: RevokeBatch, verb: Verb): Promise<AccessResult> {
  const person = await world.store.personById(batch.employeeId);
  const ids = batch.tasks.map(({ id }) => id);
  const [begun, granted] = [await begunOf(world, verb, ids), await begunOf(world, 'grant', ids)];
  const isAsked = (task: Task): boolean =>
    verb === 'grant' || isTaken(task, batch.whateverBegun) || granted.has(task.id);
  const memberOf = (task: Task, of: PersonRecord): Member => ({
    what: task.id,
    task,
    person: of,
    ours: begun.has(task.id),
  });
  const members = person ? batch.tasks.filter(isAsked).map((task) => memberOf(task, person)) : [];
  const results = new Map<string, Outcome>(await serve(world, batch, verb, members));
  throwWhatPasses([...results.values()], batch.tries);
  for (const task of batch.tasks) if (!isAsked(task)) results.set(task.id, LEFT_ALONE);
  const outcomes = outcomesOf(batch.tasks, results, verb);
  const about = person ?? { employeeId: batch.employeeId, timeZone: 'UTC' };
  await keepEvidence(
    world,
    evidenceOf(
      batch,
      batch.tasks.flatMap((task) => {
        const outcome = outcomes[task.id];
        return outcome ? [{ what: task.id, task, person: about, outcome }] : [];
      }),
      verb,
    ),
  );
  return { outcomes };
}
