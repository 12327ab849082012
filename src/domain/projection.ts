import { phaseOf, type RequestState } from './access-request';
import type { Labels } from './handbook';
import { labelChange, labelsFor } from './labels';
import { mergeBlock } from './owned-block';
import { requestBlock, type RequestReaders } from './request-text';

/** An issue as it stands, as far as daytwo leads it. */
export interface ShownIssue {
  readonly state: 'opened' | 'closed';
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly description: string;
  readonly confidential: boolean;
}

/** The smallest change that makes the issue show the state; absent fields stay as they are. */
export interface Correction {
  readonly description?: string;
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
  /** User names; empty means nobody. */
  readonly assignees?: readonly string[];
  readonly confidential?: true;
  readonly stateEvent?: 'close' | 'reopen';
}

/**
 * What is to be changed on the issue so that it shows the state, or null where it does.
 *
 * @param born labels that it is to have besides, once: daytwo doesn't lead them afterwards
 */
export function correctionOf(
  shown: ShownIssue,
  state: RequestState,
  readers: RequestReaders,
  labels: Pick<Labels, 'aliases'>,
  born: readonly string[] = [],
): Correction | null {
  const description = mergeBlock(shown.description, requestBlock(state, readers));
  const led = labelChange(shown.labels, labelsFor(state), labels);
  const add = [...led.add, ...born.filter((label) => !shown.labels.includes(label))];
  const assignees = assigneesFor(shown.assignees, state);
  const open = state.closedAt === null;
  const correction: Correction = {
    ...(description === shown.description ? {} : { description }),
    ...(add.length > 0 ? { addLabels: add } : {}),
    ...(led.remove.length > 0 ? { removeLabels: led.remove } : {}),
    ...(assignees ? { assignees } : {}),
    ...(shown.confidential ? {} : { confidential: true }),
    ...(open && shown.state === 'closed' ? { stateEvent: 'reopen' } : {}),
    ...(!open && shown.state === 'opened' ? { stateEvent: 'close' } : {}),
  };
  return Object.keys(correction).length > 0 ? correction : null;
}

/** Whoever picked it up is its assignee, and nobody else is. */
function assigneesFor(shown: readonly string[], state: RequestState): readonly string[] | null {
  const phase = phaseOf(state);
  if (phase === 'closed' || phase === 'cancelled' || phase === 'rejected') return null;
  if (!state.claim) return shown.length > 0 ? [] : null;
  return shown.length === 1 && shown[0] === state.claim.by ? null : [state.claim.by];
}
