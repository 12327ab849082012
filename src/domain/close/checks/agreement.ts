import { isSubmitted, SALES_ASSISTED, type Route } from '../booking';
import { NOT_APPLICABLE, passIf, policyFor, reject, SOURCE, type Check } from '../check';
import { approvalOf, MATTER } from '../decisions';

/** The type of the executed agreement, asked on submission, and the review of a customer's own form. */

const FORMS = ['Signed Order Form', 'Purchase Order', 'Signed Order Form and Purchase Order'] as const;
/** A customer's own paper: reviewed before anybody approves. */
const OWN_FORMS: readonly string[] = ['Client/Prospect Form', 'Other'];
const OF_ROUTE: Readonly<Record<Route, readonly string[]>> = {
  direct: [...FORMS, ...OWN_FORMS],
  reseller: [...FORMS, ...OWN_FORMS],
  distributor: [...FORMS, ...OWN_FORMS],
  msp: [...FORMS, ...OWN_FORMS],
  public_sector: [...FORMS, ...OWN_FORMS],
  aws: ['AWS/GCP Private Offer'],
  gcp: ['AWS/GCP Private Offer'],
  ibm_oem: ['IBM OEM'],
  professional_services: [...FORMS, 'SOW', ...OWN_FORMS],
  web_direct: [],
};

export const AGREEMENT_CHECKS: readonly Check[] = [
  {
    id: 'submit-answers',
    words: 'Submitting says why it was won, against whom, and on which type of agreement.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: (booking, close) => {
      if (!policyFor(booking, close).asksOnSubmit) return NOT_APPLICABLE;
      const missing = [
        ...(booking.closedWonReason === null ? ['reason'] : []),
        ...(booking.competitors === null ? ['competitors'] : []),
        ...(booking.agreementType === null ? ['type of agreement'] : []),
      ];
      return passIf(missing.length === 0, `not said on submission: ${missing.join(', ')}`, 'Fill them in.');
    },
  },
  {
    id: 'agreement-type',
    words: 'The type of the executed agreement is one of those of the route.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: (booking, close) => {
      if (!policyFor(booking, close).asksOnSubmit) return NOT_APPLICABLE;
      if (booking.agreementType === null) return { kind: 'waits', for: 'submit-answers' };
      return passIf(
        OF_ROUTE[booking.route as Route].includes(booking.agreementType),
        'its type of agreement is none of its route',
        'Correct the type of agreement, or the route.',
      );
    },
  },
  {
    id: 'serial-review',
    words:
      "A customer's own form or another paper has a link, and is reviewed by Deal Desk, Revenue and Legal, in this order, before Order Management approves; theirs isn't the final approval.",
    source: SOURCE.orders,
    routes: SALES_ASSISTED.filter((route) => OF_ROUTE[route].some((type) => OWN_FORMS.includes(type))),
    when: (booking) => isSubmitted(booking) && OWN_FORMS.includes(booking.agreementType ?? ''),
    mender: 'deal_desk',
    judge: (booking, close) => {
      const { asksOnSubmit, serialReviewBy, approvedBy } = policyFor(booking, close);
      if (!asksOnSubmit) return NOT_APPLICABLE;
      if (booking.agreementLink === null)
        return reject('the link to the agreement is missing', 'Enter the link.');
      const reviews = serialReviewBy.map((step) => approvalOf(booking, MATTER.review, step)?.at ?? null);
      const absent = serialReviewBy.filter((_, at) => reviews[at] === null);
      if (absent.length > 0)
        return reject(`not yet reviewed by ${absent.join(', ')}`, 'Ask for the reviews, in order.');
      const approval = approvalOf(booking, MATTER.booking, approvedBy[0])?.at ?? null;
      const inOrder = [...reviews, ...(approval === null ? [] : [approval])];
      return passIf(
        inOrder.every((at, index) => index === 0 || (inOrder[index - 1] ?? '') <= (at ?? '')),
        'the reviews came in another order',
        'Have it reviewed in order, before Order Management approves.',
      );
    },
  },
];
