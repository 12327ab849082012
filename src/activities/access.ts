import { activityInfo } from '@temporalio/activity';
import type { Connection, IssueRef, RequestPlan, Task } from '../domain/access-request';
import type { Outcome } from '../domain/outcome';
import type { EvidenceRow } from '../evidence/row';
import type { PersonRecord } from '../evidence/store';
import type { AccessOutcome, Connector, GrantItem, RequestedAccess } from '../systems/connector';
import { SystemFault } from '../systems/fault';
import { living } from './faults';
import { keepEvidence } from './keep';
import type { World } from './world';

export interface AccessBatch {
  readonly ref: IssueRef;
  readonly employeeId: string;
  readonly connection: Connection;
  readonly tasks: readonly Task[];
  /** When the request was opened: what was made since then was made for it. */
  readonly since: string;
  /** Under which policy, from which template it was approved: for the evidence. */
  readonly approved: Pick<RequestPlan, 'policyVersion' | 'templateDigest'>;
}

export interface AccessResult {
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

export interface AccessActivities {
  grantAccess(batch: AccessBatch): Promise<AccessResult>;
  revokeAccess(batch: AccessBatch): Promise<AccessResult>;
}

/** After so many tries of a passing fault (about two hours) a person is told; "try again" begins anew. */
const TRIES_BEFORE_A_PERSON = 30;

/** Grants and takes back access, a batch a call: looked up before, verified after, an outcome for every member. */
export function accessActivities(world: World): AccessActivities {
  const work = (verb: 'grant' | 'revoke') =>
    living(async (batch: AccessBatch): Promise<AccessResult> => {
      const person = await world.store.personById(batch.employeeId);
      const items = person ? batch.tasks.flatMap((task) => itemOf(task, person, batch.since)) : [];
      const results = await settled(batch, items, verb, world);
      const outcomes = outcomesOf(batch.tasks, results);
      await keepEvidence(world, evidenceOf(batch, outcomes, verb, person?.timeZone ?? 'UTC'));
      return { outcomes };
    });
  return { grantAccess: work('grant'), revokeAccess: work('revoke') };
}

/**
 * What came of each task. One that wasn't tried, since what it comes after did not come about in the same batch, is left
 * out: it stays open, and its turn comes.
 */
function outcomesOf(
  tasks: readonly Task[],
  results: ReadonlyMap<string, AccessOutcome>,
): AccessResult['outcomes'] {
  const blocked = (task: Task): boolean =>
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

async function settled(
  batch: AccessBatch,
  items: readonly GrantItem[],
  verb: 'grant' | 'revoke',
  world: World,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  let connector: Connector;
  try {
    connector = world.connector(batch.connection);
  } catch (error) {
    const mend =
      error instanceof Error ? (error.message.split('\n')[1]?.trim() ?? error.name) : 'see the log';
    return all(batch, {
      kind: 'needs_person',
      problem: `daytwo is not set up for ${batch.connection}`,
      mend: `An operator sets what is missing (${mend}), then tick "try again".`,
    });
  }
  try {
    return await connector[verb](items);
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    if (error.retryable && activityInfo().attempt < TRIES_BEFORE_A_PERSON) throw error;
    const problem = error.retryable
      ? `${error.system} has not answered for a long time (${error.code})`
      : `${error.system} refused: ${error.code}`;
    return all(batch, {
      kind: 'needs_person',
      problem,
      mend: 'Look there, or ask its owners; then tick "try again", or do it by hand and tick the box.',
    });
  }
}

const all = (batch: AccessBatch, outcome: AccessOutcome): ReadonlyMap<string, AccessOutcome> =>
  new Map(batch.tasks.map((task) => [task.id, outcome]));

const unanswered = (task: Task): Outcome => ({
  kind: 'needs_person',
  problem: `nothing came back for ${task.name}`,
  mend: 'Tick "try again".',
});

function itemOf(task: Task, person: PersonRecord, since: string): GrantItem[] {
  const { way, entitlement } = task;
  if (way.kind === 'person') return [];
  const { system, ...attributes } = entitlement;
  const access: RequestedAccess = { way, system, ...attributes };
  return [{ id: task.id, person, access, since }];
}

function evidenceOf(
  batch: AccessBatch,
  outcomes: AccessResult['outcomes'],
  verb: 'grant' | 'revoke',
  zone: string,
): EvidenceRow[] {
  const { workflowExecution, activityId, scheduledTimestampMs } = activityInfo();
  const workflowId = workflowExecution?.workflowId ?? null;
  const at = new Date().toISOString();
  return batch.tasks.flatMap((task): EvidenceRow[] => {
    const outcome = outcomes[task.id];
    if (!outcome) return [];
    const verified = 'verified' in outcome ? outcome.verified : undefined;
    const { system, ...asked } = task.entitlement;
    const row: EvidenceRow = {
      id: `${workflowId}/${verb}/${task.id}/${activityId}/${scheduledTimestampMs}/${outcome.kind}`,
      at,
      zone,
      subject: batch.employeeId,
      request: `${batch.ref.project}#${batch.ref.iid}`,
      workflowId,
      kind: `access.${outcome.kind}`,
      actor: 'daytwo',
      channel: 'daytwo',
      detail: {
        what: `${wordsOf(outcome)} ${task.name}`,
        system,
        outcome: outcome.kind,
        after: { ...asked },
        policy: batch.approved.policyVersion,
        templateDigest: batch.approved.templateDigest,
        ...(verified === undefined ? {} : { proof: verified ? 'verified' : 'attested' }),
        ...(outcome.kind === 'needs_person' ? { why: outcome.problem } : {}),
        ...(outcome.kind === 'waiting_for_seat' ? { why: `no free licence ${outcome.licence}` } : {}),
      },
    };
    return [row];
  });
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'granted':
      return 'granted';
    case 'already':
      return 'found in place:';
    case 'waiting_for_seat':
      return 'could not yet grant';
    case 'needs_person':
    case 'refused':
      return 'handed to a person:';
    case 'revoked':
      return 'took back';
    case 'not_applicable':
      return 'found nothing to take back for';
  }
}
