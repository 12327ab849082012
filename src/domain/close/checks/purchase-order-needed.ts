import { DOCUMENT_KINDS, isSubmitted, paper, type Route } from '../booking';
import {
  ask,
  NOT_APPLICABLE,
  onAccount,
  onQuote,
  PASS,
  passIf,
  reject,
  SOURCE,
  submittedOf,
  type Check,
} from '../check';
import { poExceptionOf } from '../po-exception';

/** Customers who need a purchase order, and what stands in its place. */

const { purchaseOrder, poWaiver, poNumberMail } = DOCUMENT_KINDS;
/** On the other routes the papers of the route always have one, or there is no invoice of ours. */
const ROUTES: readonly Route[] = ['direct', 'professional_services'];

export const PURCHASE_ORDER_NEED_CHECKS: readonly Check[] = [
  {
    id: 'po-or-waiver',
    words:
      'A customer who needs a purchase order has sent it, or a mail that the invoice is accepted without; a number without a paper comes with a mail that says so. Else the booking is held.',
    source: SOURCE.orders,
    routes: ROUTES,
    when: isSubmitted,
    mender: 'owner',
    judge: onAccount((account, booking, close) => {
      if (account.poRequired === null) return ask('Does the customer need a purchase order?');
      if (!account.poRequired || booking.deliverySwap === true) return NOT_APPLICABLE;
      if (paper(booking, purchaseOrder) || paper(booking, poWaiver)) return PASS;
      if (booking.quote && booking.quote.poNumber !== null)
        return passIf(
          paper(booking, poNumberMail) !== null,
          'a number of a purchase order without the paper',
          'Attach the paper, or the mail that says that there is none.',
        );
      const exception = poExceptionOf(booking, close).kind;
      if (exception === 'running' || exception === 'warned') return PASS;
      // A promise that doesn't hold is a finding of the check of exceptions.
      if (exception !== 'none') return { kind: 'waits', for: 'po-exception' };
      return reject(
        'the customer needs a purchase order, and there is none: it is held',
        'Attach the purchase order, or the mail "we will accept the invoice for the quote without issuing a Purchase Order".',
      );
    }),
  },
  {
    id: 'po-exception',
    words:
      "At a quarter's end a purchase order may be promised in writing within ten days, approved by the two roles; on day 11 without it the booking is decommissioned and all credit reversed.",
    source: SOURCE.orders,
    routes: ROUTES,
    when: isSubmitted,
    mender: 'deal_desk',
    judge: onQuote((_quote, booking, close) => {
      if (paper(booking, purchaseOrder) || paper(booking, poWaiver)) return NOT_APPLICABLE;
      if (!submittedOf(booking, close)) return { kind: 'waits', for: 'submission' };
      const state = poExceptionOf(booking, close);
      if (state.kind === 'none') return NOT_APPLICABLE;
      if (state.kind === 'refused')
        return reject(state.problem, 'Hold it until the purchase order is there.');
      return state.kind === 'over'
        ? reject(
            `the promised purchase order did not come by ${state.clock.lastDay}`,
            'Decommission the opportunity, and reverse all credit.',
          )
        : PASS;
    }),
  },
];
