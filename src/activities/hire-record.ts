import { activityInfo } from '@temporalio/activity';
import type { IssueRef } from '../domain/access-request';
import type { EvidenceRow } from '../evidence/row';
import { keepEvidence } from './keep';
import type { World } from './world';

/** One row of evidence about a hire, by the workflow that this activity runs for. */
export async function recordOfHire(
  world: World,
  employeeId: string,
  zone: string,
  kind: string,
  what: string,
  detail: Partial<EvidenceRow['detail']>,
  ref: IssueRef | null,
  key: string,
): Promise<void> {
  const { workflowExecution } = activityInfo();
  const workflowId = workflowExecution?.workflowId ?? null;
  await keepEvidence(world, [
    {
      id: `${workflowId}/${workflowExecution?.runId}/${kind}/${key}`,
      at: new Date().toISOString(),
      zone,
      subject: employeeId,
      request: ref ? `${ref.project}#${ref.iid}` : null,
      workflowId,
      kind,
      actor: 'daytwo',
      channel: kind.startsWith('hire.rescinded') ? 'hris' : 'daytwo',
      detail: { what, ...detail },
    },
  ]);
}
