import { activityInfo } from '@temporalio/activity';
import type { IssueRef, RequestPlan, Task } from '../domain/access-request';
import type { Connection } from '../domain/batches';
import { plainLine } from '../domain/escape';
import type { Counts, Outcome } from '../domain/outcome';
import type { SeatReason } from '../domain/seat-queue';
import type { EvidenceRow } from '../evidence/row';
import type { PersonRecord } from '../evidence/store';
import {
  needsPerson,
  outcomeOfFault,
  type AccessOutcome,
  type Connector,
  type GrantItem,
  type RequestedAccess,
} from '../systems/connector';
import { SystemFault } from '../systems/fault';
import { begunIn, keepBegun, type Verb } from './begun';
import { living } from './faults';
import { keepEvidence } from './keep';
import { grantThroughGate, seatsCameFree, type SeatBatch } from './seats';
import type { World } from './world';

export interface AccessBatch {
  readonly ref: IssueRef;
  readonly employeeId: string;
  /** Set for a request that names its people in the store: the batch is for all of them, and `employeeId` is nobody's. */
  readonly crowd?: { readonly request: string; readonly version: string };
  readonly connection: Connection;
  readonly tasks: readonly Task[];
  /** So often a system that does not answer is asked in quick succession, before that is an outcome. */
  readonly tries: number;
  /** What the people's turn for a licence seat goes by; absent: a hire. */
  readonly reason?: SeatReason;
  /** Under which policy, from which template it was approved: for the evidence. */
  readonly approved: Pick<RequestPlan, 'policyVersion' | 'templateDigest'>;
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

/** Who asks to be left alone for longer than this isn't asked again by Temporal, but by the request, which goes on meanwhile. */
const BRIEF_SECONDS = 15;

/** Grants and takes back access, a batch a call: looked up before, verified after, an outcome for every member. */
export function accessActivities(world: World): AccessActivities {
  return {
    grantAccess: living((batch) => work(world, batch, 'grant', () => true)),
    revokeAccess: living(async (batch) => {
      const begun = await begunIn(world, batch.employeeId, 'grant');
      const goes = ({ id }: Task): boolean => batch.whateverBegun.includes(id) || begun.has(id);
      return work(world, batch, 'revoke', goes);
    }),
  };
}

async function work(
  world: World,
  batch: AccessBatch,
  verb: Verb,
  asked: (task: Task) => boolean,
): Promise<AccessResult> {
  const person = await world.store.personById(batch.employeeId);
  const begun = await begunIn(world, batch.employeeId, verb);
  const items = person
    ? batch.tasks.filter(asked).flatMap((task) => itemOf(world, batch, task, person, verb, begun))
    : [];
  const found = person ? await settled(batch, person, items, verb, world) : new Map<string, AccessOutcome>();
  const results = new Map([...found].map(([id, one]) => [id, verb === 'revoke' ? byHand(one) : one]));
  for (const task of batch.tasks)
    if (!asked(task)) results.set(task.id, { kind: 'not_applicable', reason: 'daytwo changed nothing here' });
  const outcomes = outcomesOf(batch.tasks, results, verb);
  await keepEvidence(world, evidenceOf(batch, outcomes, verb, person?.timeZone ?? 'UTC'));
  return { outcomes };
}

/**
 * What came of each task. A grant that wasn't tried, since what it comes after did not come about in the same batch, is left
 * out: it stays open, and its turn comes.
 */
function outcomesOf(
  tasks: readonly Task[],
  results: ReadonlyMap<string, AccessOutcome>,
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

async function settled(
  batch: AccessBatch,
  person: PersonRecord,
  items: readonly GrantItem[],
  verb: Verb,
  world: World,
): Promise<ReadonlyMap<string, AccessOutcome>> {
  if (items.length === 0) return new Map();
  let connector: Connector;
  try {
    connector = world.connector(batch.connection);
  } catch (error) {
    const mend =
      error instanceof Error ? (error.message.split('\n')[1]?.trim() ?? error.name) : 'see the log';
    return all(
      items,
      needsPerson(
        `daytwo is not set up for ${batch.connection}`,
        `An operator sets what is missing (${mend}), then tick "try again".`,
      ),
    );
  }
  const results =
    verb === 'grant'
      ? await grantThroughGate(world, connector, seatBatchOf(batch, person), items)
      : await connector.revoke(items).catch((error: unknown) => all(items, outcomeOfFault(error)));
  const revoked = items.filter(({ id }) => results.get(id)?.kind === 'revoked');
  await seatsCameFree(
    world,
    revoked.map(({ access }) => access.way),
  );
  throwWhatPasses([...results.values()], batch.tries);
  return results;
}

function seatBatchOf(batch: AccessBatch, person: PersonRecord): SeatBatch {
  const { activityId, workflowExecution } = activityInfo();
  return {
    request: `${batch.ref.project}#${batch.ref.iid}`,
    workflowId: workflowExecution?.workflowId ?? '',
    activityId,
    reason: batch.reason ?? 'hire',
    taskOf: ({ id }) => id,
    startDateOf: () => person.startDate,
  };
}

/** What may pass in a moment is a fault that Temporal tries again: who was served already is found served. */
function throwWhatPasses(outcomes: readonly AccessOutcome[], tries: number): void {
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

/** A cancelled request has no "try again": what can't be taken back is for a person, who then closes the issue. */
const byHand = (outcome: AccessOutcome): AccessOutcome =>
  outcome.kind === 'needs_person'
    ? { ...outcome, mend: 'Take back by hand what is there, then close this issue.' }
    : outcome;

const all = (items: readonly GrantItem[], outcome: AccessOutcome): ReadonlyMap<string, AccessOutcome> =>
  new Map(items.map(({ id }) => [id, outcome]));

const unanswered = (task: Task): Outcome => ({
  kind: 'needs_person',
  problem: `nothing came back for ${task.name}`,
  mend: 'Tick "try again".',
});

function itemOf(
  world: World,
  batch: AccessBatch,
  task: Task,
  person: PersonRecord,
  verb: Verb,
  begun: ReadonlySet<string>,
): GrantItem[] {
  const { way, entitlement } = task;
  if (way.kind === 'person') return [];
  const { system, ...attributes } = entitlement;
  const access: RequestedAccess = { way, system, ...attributes };
  const ours = begun.has(task.id);
  return [
    {
      id: task.id,
      // A name in another direction, or with what can't be seen, looks like another one elsewhere, too.
      person: { ...person, name: plainLine(person.name), title: plainLine(person.title) },
      access,
      ours,
      beforeChange: async (before) => {
        if (ours) return;
        await keepBegun(world, verb, task.id, {
          ...aboutOf(batch, person.timeZone),
          detail: {
            what: `began to ${verb === 'grant' ? 'grant' : 'take back'} ${task.name}`,
            system,
            before,
            approved: { ...attributes },
            policy: batch.approved.policyVersion,
            templateDigest: batch.approved.templateDigest,
          },
        });
      },
    },
  ];
}

/** Whom and which request a row of evidence is about. */
const aboutOf = (
  batch: AccessBatch,
  zone: string,
): Pick<EvidenceRow, 'zone' | 'subject' | 'request' | 'workflowId'> => ({
  zone,
  subject: batch.employeeId,
  request: `${batch.ref.project}#${batch.ref.iid}`,
  workflowId: activityInfo().workflowExecution?.workflowId ?? null,
});

function evidenceOf(
  batch: AccessBatch,
  outcomes: AccessResult['outcomes'],
  verb: Verb,
  zone: string,
): EvidenceRow[] {
  const { activityId, scheduledTimestampMs } = activityInfo();
  const about = aboutOf(batch, zone);
  const at = new Date().toISOString();
  return batch.tasks.flatMap((task): EvidenceRow[] => {
    const outcome = outcomes[task.id];
    if (!outcome) return [];
    const verified = 'verified' in outcome ? outcome.verified : undefined;
    const { system } = task.entitlement;
    const row: EvidenceRow = {
      ...about,
      id: `${about.workflowId}/${verb}/${task.id}/${activityId}/${scheduledTimestampMs}/${outcome.kind}`,
      at,
      kind: `access.${outcome.kind}`,
      actor: 'daytwo',
      channel: 'daytwo',
      detail: {
        what: `${wordsOf(outcome, verb)} ${task.name}`,
        system,
        outcome: outcome.kind,
        ...changeOf(task, outcome),
        policy: batch.approved.policyVersion,
        templateDigest: batch.approved.templateDigest,
        ...(verified === undefined ? {} : { proof: verified ? 'verified' : 'attested' }),
        ...whyOf(outcome),
      },
    };
    return [row];
  });
}

/** What was there before or is there after it, as far as the system was read; a group says nothing of a role in the application. */
function changeOf(
  { way, entitlement }: Task,
  { kind }: Outcome,
): Pick<EvidenceRow['detail'], 'before' | 'after'> {
  const { system: _, ...asked } = entitlement;
  const access = way.kind === 'okta-group' ? { group: way.group } : { ...asked };
  if (kind === 'granted' || kind === 'already') return { after: access };
  return kind === 'revoked' ? { before: access } : {};
}

function whyOf(outcome: Outcome): { readonly why?: string } {
  switch (outcome.kind) {
    case 'needs_person':
      return { why: outcome.problem };
    case 'waiting_for_seat':
      return { why: `no free licence ${outcome.licence}` };
    case 'waiting_for_system':
      return { why: `${outcome.system} does not answer (${outcome.code})` };
    case 'not_applicable':
    case 'refused':
      return { why: outcome.reason };
    case 'granted':
    case 'already':
    case 'revoked':
      return {};
  }
}

function wordsOf(outcome: Outcome, verb: Verb): string {
  switch (outcome.kind) {
    case 'granted':
      return 'granted';
    case 'already':
      return 'found in place:';
    case 'waiting_for_seat':
    case 'waiting_for_system':
      return verb === 'grant' ? 'could not yet grant' : 'could not yet take back';
    case 'needs_person':
    case 'refused':
      return 'handed to a person:';
    case 'revoked':
      return 'took back';
    case 'not_applicable':
      return 'found nothing to take back for';
  }
}
