import type { Approval, Booking } from './booking';

/** Who decided what about a deal. An approval counts only for the matter that it was asked for. */

export const APPROVED = 'Approved';
export const REJECTED = 'Rejected';

/** What is approved: the booking itself, a review before it, or one of the exceptions. */
export const MATTER = {
  booking: 'Booking',
  review: 'Agreement Review',
  refusal: 'Refusal to Sign',
  promise: 'PO Exception',
  mismatch: 'PO Mismatch',
  early: 'Early Booking',
  late: 'Late Renewal',
  services: 'Services Attach',
} as const;
export type Matter = (typeof MATTER)[keyof typeof MATTER];

/** What a step decided last about a matter. */
export const decisionOf = (booking: Booking, matter: Matter, step: string): Approval | null =>
  booking.approvals.findLast((approval) => approval.matter === matter && approval.step === step) ?? null;

/** The approval of a step, unless it decided otherwise since. */
export function approvalOf(booking: Booking, matter: Matter, step: string): Approval | null {
  const last = decisionOf(booking, matter, step);
  return last && last.decision === APPROVED ? last : null;
}

/** All of them. Nobody named is nobody who could approve. */
export const approvedByAll = (booking: Booking, matter: Matter, steps: readonly string[]): boolean =>
  steps.length > 0 && steps.every((step) => approvalOf(booking, matter, step) !== null);

/** Of every group somebody. */
export const approvedByEach = (
  booking: Booking,
  matter: Matter,
  groups: readonly (readonly string[])[],
): boolean =>
  groups.length > 0 &&
  groups.every((steps) => steps.some((step) => approvalOf(booking, matter, step) !== null));
