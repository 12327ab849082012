import type { ChangePhase } from './change';

/** The one view of a change that the command and the Temporal UI show: no names, no values. */
export interface ChangeStatus {
  readonly kind: 'period-change';
  readonly period: string;
  readonly n: number;
  readonly since: string;
  readonly phase: ChangePhase | 'new';
  readonly edits: number;
  readonly commissionDue: boolean;
  /** Until when somebody may decide. */
  readonly expiresAt: string;
  readonly url: string | null;
}

/** Where it stands, in a word. */
export const changeState = ({
  phase,
  commissionDue,
}: {
  readonly phase: string;
  readonly commissionDue: boolean;
}): string => (commissionDue ? 'commission_due' : phase);

const IN_WORDS: Readonly<Record<ChangeStatus['phase'], string>> = {
  new: 'Begins.',
  asked: '**Waits for** its approval.',
  approved: 'Approved: is being made.',
  applied: 'Made as approved, and read back.',
  rejected: 'Rejected: nothing was changed.',
  withdrawn: 'Withdrawn: nothing was changed.',
  expired: 'Over: nobody decided in time.',
  stale: 'Not made: a record no longer said what it was to be changed from.',
  refused: 'Not made: Salesforce refused it.',
};

/** What an operator sees in the Temporal UI. */
export const changeDetails = (status: ChangeStatus): string =>
  [
    `## Change ${status.n} of ${status.period}`,
    IN_WORDS[status.phase],
    `${status.edits} ${status.edits === 1 ? 'field' : 'fields'}.`,
    ...(status.phase === 'asked' ? [`Over at ${status.expiresAt}, if nobody decides.`] : []),
    ...(status.commissionDue ? ['**Waits for** the commissions to be calculated anew.'] : []),
  ].join('\n\n');
