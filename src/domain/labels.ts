import type { Labels } from './handbook';
import { isApproved, phaseOf, waitsForSeat, type Phase, type RequestState } from './access-request';

/** The labels that daytwo leads and follows, by the handbook's names ("Access Request Labeling System"). */
export const ACTION_NEEDED = 'SalesOpsAR::Action Needed';
export const IN_PROGRESS = 'SalesOpsAR::In Progress';
export const ON_HOLD = 'SalesOpsAR::On Hold';
export const COMPLETED = 'SalesOpsAR::Completed';
export const WAITING_ON_LICENCE = 'SalesOPS: Waiting on SFDC License';
export const NEEDS_APPROVAL = 'AR-Approval::Needs Manager Approval';
export const APPROVED = 'AR-Approval::Manager Approved';
export const REJECTED = 'AR-Approval::Rejected';
export const READY = 'ReadyForProvisioning';

/** A label as it is meant: typing errors of the board's own history are read (`SaelsOpsAR::In Progress`). */
export function canonical(label: string, labels: Pick<Labels, 'aliases'>): string {
  const wanted = label.trim().toLowerCase();
  for (const [alias, name] of Object.entries(labels.aliases)) if (alias.toLowerCase() === wanted) return name;
  return label.trim();
}

const BY_PHASE: Readonly<Record<Phase, string | null>> = {
  waiting_requester: ON_HOLD,
  waiting_approval: ACTION_NEEDED,
  action_needed: ACTION_NEEDED,
  in_progress: IN_PROGRESS,
  on_hold: ON_HOLD,
  completed: COMPLETED,
  closed: COMPLETED,
  rejected: null,
  cancelled: null,
};

/** Of the labels that daytwo leads: those that must stand on the issue now. */
export function labelsFor(state: RequestState): readonly string[] {
  const phase = phaseOf(state);
  const labels: string[] = [];
  const own = BY_PHASE[phase];
  if (own) labels.push(own);
  if (waitsForSeat(state) && phase !== 'cancelled') labels.push(WAITING_ON_LICENCE);
  if (state.approval.status === 'rejected') labels.push(REJECTED);
  else if (isApproved(state)) labels.push(APPROVED, READY);
  else labels.push(NEEDS_APPROVAL);
  return labels;
}

const LED = [
  ACTION_NEEDED,
  IN_PROGRESS,
  ON_HOLD,
  COMPLETED,
  WAITING_ON_LICENCE,
  NEEDS_APPROVAL,
  APPROVED,
  REJECTED,
  READY,
];

/** Whether daytwo sets and takes away this label itself. */
export const isLed = (label: string): boolean => LED.includes(label);

/** The smallest change that makes the led labels right; all others are people's own. */
export function labelChange(
  current: readonly string[],
  wanted: readonly string[],
  labels: Pick<Labels, 'aliases'>,
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const remove = current.filter((label) => {
    const meant = canonical(label, labels);
    return isLed(meant) && (!wanted.includes(meant) || label !== meant);
  });
  return { add: wanted.filter((label) => !current.includes(label)), remove };
}
