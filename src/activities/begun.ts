import { activityInfo } from '@temporalio/activity';
import type { EvidenceRow } from '../evidence/row';
import { keepEvidence } from './keep';
import type { World } from './world';

export type Verb = 'grant' | 'revoke';

const KIND = { grant: 'access.begun', revoke: 'access.removal_begun' } as const;

/**
 * The tasks of a request whose change daytwo began, by what it wrote down before it changed anything: so what is there after
 * a lost answer, or after a worker's death, is known as its doing.
 */
export async function begunIn(
  world: Pick<World, 'store'>,
  employeeId: string,
  verb: Verb,
): Promise<ReadonlySet<string>> {
  const workflowId = activityInfo().workflowExecution?.workflowId ?? null;
  const rows = await world.store.story({ employeeId });
  return new Set(
    rows
      .filter((row) => row.kind === KIND[verb] && row.workflowId === workflowId)
      .flatMap(({ detail: { task } }) => (typeof task === 'string' ? [task] : [])),
  );
}

/** Writes down that a change is begun: once for each task of a request, however often it is tried. */
export function keepBegun(
  world: Pick<World, 'store'>,
  verb: Verb,
  taskId: string,
  row: Pick<EvidenceRow, 'zone' | 'subject' | 'request' | 'workflowId' | 'detail'>,
): Promise<void> {
  return keepEvidence(world, [
    {
      ...row,
      id: `${row.workflowId}/${verb}/${taskId}/begun`,
      at: new Date().toISOString(),
      kind: KIND[verb],
      actor: 'daytwo',
      channel: 'daytwo',
      detail: { ...row.detail, task: taskId },
    },
  ]);
}
