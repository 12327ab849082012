import {
  isSubmitted,
  isWon,
  lastSubmission,
  SALES_ASSISTED,
  STAGE,
  type Approval,
  type Booking,
} from '../booking';
import { passIf, policyFor, reject, SOURCE, type Check } from '../check';
import { approvalOf, decisionOf, MATTER, REJECTED } from '../decisions';

/** Two different teams approve every sales-assisted deal. */

/** A team's decision on what was last submitted: an earlier one was of something else. */
function since(booking: Booking, decision: Approval | null): Approval | null {
  const submitted = lastSubmission(booking)?.at ?? '';
  return decision && decision.at !== null && decision.at >= submitted ? decision : null;
}
const approval = (booking: Booking, team: string): Approval | null =>
  since(booking, approvalOf(booking, MATTER.booking, team));

export const APPROVAL_CHECKS: readonly Check[] = [
  {
    id: 'two-teams',
    words:
      'Two different teams, and two people, approve every sales-assisted deal; who submitted it is neither.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isWon,
    mender: 'order_management',
    judge: (booking, close) => {
      const submission = lastSubmission(booking);
      if (!submission) return { kind: 'waits', for: 'submission' };
      const [orders, finance] = policyFor(booking, close).approvedBy;
      const [first, second] = [approval(booking, orders), approval(booking, finance)];
      if (!first || !second)
        return reject(
          `it is won without the approval of ${!first && !second ? 'both teams' : first ? finance : orders}`,
          'Take it back to 7-Closing until both have approved.',
        );
      if (first.byId === null || second.byId === null || first.byId === second.byId)
        return reject('one person approved for both teams', 'Have another person of one team approve it.');
      return passIf(
        submission.byId !== null && submission.byId !== first.byId && submission.byId !== second.byId,
        'who submitted it approved it, too',
        'Have another person approve it.',
      );
    },
  },
  {
    id: 'approval-path',
    words:
      'Order Management approves first, then Billing. Rejected by Order Management it goes back to 6-Awaiting Signature; rejected by Billing it stays in 7-Closing until both approve again.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'order_management',
    judge: (booking, close) => {
      const [orders, finance] = policyFor(booking, close).approvedBy;
      if (since(booking, decisionOf(booking, MATTER.booking, orders))?.decision === REJECTED)
        return reject(
          'Order Management rejected it, and it went on',
          `Take it back to ${STAGE.awaitingSignature}.`,
        );
      const [first, second] = [approval(booking, orders), approval(booking, finance)];
      const sentBack = booking.approvals.findLast(
        ({ matter, step, decision }) =>
          matter === MATTER.booking && step === finance && decision === REJECTED,
      );
      if (second && first && (sentBack?.at ?? '') > (first.at ?? ''))
        return reject(
          'Billing sent it back, and nobody approved it again before Billing did',
          'Have Order Management, then Billing, approve it again.',
        );
      return passIf(
        !first || !second || (first.at ?? '') <= (second.at ?? ''),
        'Billing approved before Order Management did',
        'Have Billing approve it again.',
      );
    },
  },
];
