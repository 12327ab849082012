import { activityInfo } from '@temporalio/activity';
import type { Task } from '../domain/access-request';
import type { Outcome } from '../domain/outcome';
import type { EvidenceRow } from '../evidence/row';
import type { PersonRecord } from '../evidence/store';
import type { AccessBatch } from './access';
import type { Verb } from './begun';

/** Whom and which request a row of evidence is about. */
export const aboutOf = (
  batch: AccessBatch,
  { employeeId, timeZone }: Pick<PersonRecord, 'employeeId' | 'timeZone'>,
): Pick<EvidenceRow, 'zone' | 'subject' | 'request' | 'workflowId'> => ({
  zone: timeZone,
  subject: employeeId,
  request: `${batch.ref.project}#${batch.ref.iid}`,
  workflowId: activityInfo().workflowExecution?.workflowId ?? null,
});

/** A task for a person, and what came of it. */
export interface CameOut {
  /** The task, or the task for one of many people: what the record's id is made of. */
  readonly what: string;
  readonly task: Task;
  readonly person: Pick<PersonRecord, 'employeeId' | 'timeZone'>;
  readonly outcome: Outcome;
}

/** One record for each outcome; the same call gives the same records, however often it is tried. */
export function evidenceOf(batch: AccessBatch, outcomes: readonly CameOut[], verb: Verb): EvidenceRow[] {
  const { activityId, scheduledTimestampMs } = activityInfo();
  const at = new Date().toISOString();
  return outcomes.map(({ what, task, person, outcome }): EvidenceRow => {
    const about = aboutOf(batch, person);
    const verified = 'verified' in outcome ? outcome.verified : undefined;
    return {
      ...about,
      id: `${about.workflowId}/${verb}/${what}/${activityId}/${scheduledTimestampMs}/${outcome.kind}`,
      at,
      kind: `access.${outcome.kind}`,
      actor: 'daytwo',
      channel: 'daytwo',
      detail: {
        what: `${wordsOf(outcome, verb)} ${task.name}`,
        system: task.entitlement.system,
        outcome: outcome.kind,
        ...changeOf(task, outcome),
        policy: batch.approved.policyVersion,
        templateDigest: batch.approved.templateDigest,
        ...(verified === undefined ? {} : { proof: verified ? 'verified' : 'attested' }),
        ...whyOf(outcome),
      },
    };
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
