import {
  DOCUMENT_KINDS,
  isSignedInFull,
  isSubmitted,
  paper,
  PARTNER_ROUTES,
  SALES_ASSISTED,
  type Booking,
  type Document,
  type Route,
} from '../booking';
import { onAccount, onSubmission, PASS, passIf, policyFor, reject, roll, SOURCE, type Check } from '../check';
import { approvedByAll, MATTER } from '../decisions';
import { isBy } from '../days';

/** Papers of direct and partner deals. Those of the other routes are in `public-sector`, `marketplaces` and `services`. */

const { orderForm, purchaseOrder, refusal, eula, poPromise } = DOCUMENT_KINDS;

/** What may be written onto a form by hand. */
const EDITS_ALLOWED: ReadonlySet<string> = new Set(['PO number', 'VAT ID']);

const TEMPLATES: Partial<Record<Route, string>> = {
  reseller: 'Authorized Reseller',
  distributor: 'Distributor',
  msp: 'MSP',
  public_sector: 'Distributor',
};

/** A direct deal may stand on a purchase order where an MSA is signed, or where a refusal to sign was accepted. */
function mayDoWithoutSignature(booking: Booking, refusalBy: readonly string[]): boolean {
  if (booking.account && booking.account.msaSignedOn !== null) return true;
  const refused = paper(booking, refusal);
  return refused !== null && refused.reason !== null && approvedByAll(booking, MATTER.refusal, refusalBy);
}

export const PAPER_CHECKS: readonly Check[] = [
  {
    id: 'order-form-signed',
    words:
      'A direct deal has an order form signed with name, title, company and date; or a purchase order, where an MSA is signed or PAO and Legal accept a documented refusal. A mere swap of SaaS and self-managed needs the form.',
    source: SOURCE.orders,
    routes: ['direct'],
    when: isSubmitted,
    mender: 'owner',
    judge: onAccount((_account, booking, close) => {
      const form = paper(booking, orderForm);
      if (isSignedInFull(form)) return PASS;
      const { refusalBy } = policyFor(booking, close);
      if (booking.deliverySwap !== true && mayDoWithoutSignature(booking, refusalBy))
        return passIf(
          paper(booking, purchaseOrder) !== null,
          'neither a signed order form nor a purchase order in its place',
          'Attach the purchase order, or have the form signed.',
        );
      return reject(unsigned(form), 'Have the order form signed in full, and attach it.');
    }),
  },
  {
    id: 'order-form-whole',
    words: 'The order form is attached with all pages, changed by hand in PO number and VAT ID at most.',
    source: SOURCE.orders,
    routes: ['direct', ...PARTNER_ROUTES, 'professional_services'],
    when: (booking) => isSubmitted(booking) && paper(booking, orderForm)?.signedOn != null,
    mender: 'owner',
    judge: (booking) => {
      const form = paper(booking, orderForm);
      if (form?.complete !== true)
        return reject('pages of the order form are missing', 'Attach the whole PDF.');
      const edits = (form.handEdits ?? '')
        .split(';')
        .filter((edit) => edit !== '' && !EDITS_ALLOWED.has(edit));
      return passIf(
        edits.length === 0,
        'the order form was changed by hand',
        'Have an unchanged form signed.',
      );
    },
  },
  {
    id: 'partner-order-form',
    words:
      "A partner's order form is of the template of its route, and refers to the agreement with the partner.",
    source: SOURCE.orders,
    routes: [...PARTNER_ROUTES, 'public_sector'],
    when: isSubmitted,
    mender: 'owner',
    judge: (booking) => {
      const form = paper(booking, orderForm);
      if (!form) return reject('no order form is attached', 'Attach the order form of the route.');
      if (form.template !== TEMPLATES[booking.route as Route])
        return reject(
          'its order form is of another template',
          'Generate the form with the template of the route.',
        );
      return passIf(
        form.agreementReference !== null,
        'its order form refers to no agreement',
        'Generate the form with the reference to the partner agreement.',
      );
    },
  },
  {
    id: 'partner-purchase-order',
    words: 'A partner sends a purchase order; the form need not be signed, and may be signed in its place.',
    source: SOURCE.orders,
    routes: PARTNER_ROUTES,
    when: isSubmitted,
    mender: 'owner',
    judge: (booking) =>
      passIf(
        paper(booking, purchaseOrder) !== null || isSignedInFull(paper(booking, orderForm)),
        'neither a purchase order of the partner nor a signed order form',
        'Attach the purchase order, or have the form signed.',
      ),
  },
  {
    id: 'end-user-eula',
    words: 'Sold through a partner, the end user has accepted the EULA, and the proof is attached.',
    source: SOURCE.orders,
    routes: PARTNER_ROUTES,
    when: isSubmitted,
    mender: 'owner',
    judge: (booking) =>
      passIf(
        paper(booking, eula) !== null,
        'no proof that the end user accepted the EULA',
        'Attach the confirmation.',
      ),
  },
  {
    id: 'papers-in-time',
    words:
      'What is booked in a period had an enforceable agreement at its cut-off: what was signed or attached later belongs to the next.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'order_management',
    judge: onSubmission((submitted, booking, { period }) => {
      const { closeDate } = booking;
      if (closeDate === null || closeDate < period.firstDay || closeDate > period.lastDay) return PASS;
      // Submitted late it rolls for that reason alone.
      if (!isBy(submitted.at, period.cutOff)) return PASS;
      const promised = paper(booking, poPromise) !== null;
      const late = booking.documents.some(
        (document) =>
          BINDING.has(document.kind ?? '') &&
          !(promised && document.kind === purchaseOrder) &&
          ((document.signedOn !== null && document.signedOn > period.lastDay) ||
            (document.addedAt !== null && !isBy(document.addedAt, period.cutOff))),
      );
      return late ? roll('what binds the customer was signed or attached after the cut-off') : PASS;
    }),
  },
];

const BINDING: ReadonlySet<string> = new Set([
  orderForm,
  purchaseOrder,
  DOCUMENT_KINDS.customSow,
  DOCUMENT_KINDS.privateOffer,
  DOCUMENT_KINDS.offerAcceptance,
]);

function unsigned(form: Document | null): string {
  if (!form) return 'no order form is attached';
  const missing = [
    ...(form.signedOn === null ? ['date'] : []),
    ...(form.signerName === null ? ['name'] : []),
    ...(form.signerTitle === null ? ['title'] : []),
    ...(form.signerCompany === null ? ['company'] : []),
  ];
  return `the signature on the order form lacks ${missing.join(', ')}`;
}
