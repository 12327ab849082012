import { activityInfo } from '@temporalio/activity';
import type { EvidenceRow } from '../evidence/row';
import { keepEvidence } from './keep';
import type { World } from './world';

export type Verb = 'grant' | 'revoke';

const KIND = { grant: 'access.begun', revoke: 'access.removal_begun' } as const;

/** The one id of the record that a change was begun, of a request and what of it: a task, or a task for a person. */
const idOf = (verb: Verb, what: string): string =>
  `${activityInfo().workflowExecution?.workflowId ?? null}/${verb}/${what}/begun`;

/**
 * Which changes of this request daytwo began, by what it wrote down before it changed anything: so what is there after a
 * lost answer, or after a worker's death, is known as its doing.
 */
export async function begunOf(
  world: Pick<World, 'store'>,
  verb: Verb,
  what: readonly string[],
): Promise<ReadonlySet<string>> {
  const recorded = await world.store.recorded(what.map((one) => idOf(verb, one)));
  return new Set(what.filter((one) => recorded.has(idOf(verb, one))));
}

/** A change that is about to be made. */
export interface BegunChange {
  readonly what: string;
  readonly task: string;
  readonly row: Pick<EvidenceRow, 'zone' | 'subject' | 'request' | 'workflowId' | 'detail'>;
}

/** Writes down that changes are begun, in one write: each once for a request, however often it is tried. */
export function keepBegun(
  world: Pick<World, 'store'>,
  verb: Verb,
  changes: readonly BegunChange[],
): Promise<void> {
  const at = new Date().toISOString();
  return keepEvidence(
    world,
    changes.map(({ what, task, row }) => ({
      ...row,
      id: idOf(verb, what),
      at,
      kind: KIND[verb],
      actor: 'daytwo',
      channel: 'daytwo',
      detail: { ...row.detail, task },
    })),
  );
}
