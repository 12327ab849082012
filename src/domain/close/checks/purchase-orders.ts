import {
  DOCUMENT_KINDS,
  isSignedInFull,
  isSubmitted,
  paper,
  PARTNER_ROUTES,
  type Booking,
  type Document,
  type Quote,
  type Route,
} from '../booking';
import {
  NOT_APPLICABLE,
  onQuote,
  PASS,
  passIf,
  policyFor,
  reject,
  SOURCE,
  submittedOf,
  type Check,
  type Close,
  type Verdict,
} from '../check';
import { approvalOf, MATTER } from '../decisions';
import { isAtQuarterEnd } from '../po-exception';

/** What a purchase order must say before it is booked on. Public sector has its own rules. */

const { orderForm, purchaseOrder, soldToConfirmation, endCustomerConfirmation } = DOCUMENT_KINDS;
const WITH_ORDERS: readonly Route[] = ['direct', ...PARTNER_ROUTES, 'professional_services'];
/** Where a purchase order may stand for a signature; of services the signed statement of work does. */
const FOR_SIGNATURE: readonly Route[] = ['direct', ...PARTNER_ROUTES];

const isPartner = ({ route }: Booking) => PARTNER_ROUTES.some((one) => one === route);
const replacesSignature = (booking: Booking) => !isSignedInFull(paper(booking, orderForm));
const hasOrder = (booking: Booking) => isSubmitted(booking) && paper(booking, purchaseOrder) !== null;
const REVISE = 'Ask for a revised purchase order, or revise the form.';

/** Outside of a quarter's end Sales Operations may accept another mismatch, with the reason in the finance notes. */
function isExcused(booking: Booking, close: Close): boolean {
  const { po } = policyFor(booking, close);
  if (booking.financeNotes === null || !approvalOf(booking, MATTER.mismatch, po.mismatchBy)) return false;
  const submitted = submittedOf(booking, close);
  return submitted !== null && !isAtQuarterEnd(submitted.day, close, po.quarterEndDays);
}

interface RuleOptions {
  readonly excusable?: boolean;
  readonly source?: string;
  readonly routes?: readonly Route[];
}
type OrderRule = (po: Document, quote: Quote, booking: Booking, close: Close) => Verdict;

/** A rule over the purchase order; a mismatch may be excused, except the currency. */
const rule = (
  id: string,
  words: string,
  judge: OrderRule,
  { excusable = true, source = SOURCE.po, routes = WITH_ORDERS }: RuleOptions = {},
): Check => ({
  id,
  words,
  source,
  routes,
  when: hasOrder,
  mender: 'owner',
  judge: onQuote((quote, booking, close) => {
    const po = paper(booking, purchaseOrder);
    if (!po) return NOT_APPLICABLE;
    const verdict = judge(po, quote, booking, close);
    return verdict.kind === 'reject' && excusable && isExcused(booking, close) ? PASS : verdict;
  }),
});

type Party = 'soldTo' | 'billTo' | 'endCustomer';
/** Which of name, mail and address differ, or are missing on the purchase order. */
function differing(po: Document, quote: Quote, party: Party): readonly string[] {
  const fields = [
    ['name', `${party}Name`],
    ['e-mail', `${party}Email`],
    ['address', `${party}Address`],
  ] as const;
  return fields.flatMap(([what, field]) => (po[field] !== null && po[field] === quote[field] ? [] : [what]));
}

export const PURCHASE_ORDER_CHECKS: readonly Check[] = [
  rule(
    'po-currency',
    'A purchase order is in USD; no exception.',
    (po) => passIf(po.currency === 'USD', 'the purchase order is not in USD', 'Ask for one in USD.'),
    { excusable: false },
  ),
  rule('po-lines', 'The descriptions on the purchase order are those of the quote.', (po, _quote, booking) =>
    passIf(
      po.lines !== null &&
        inAnyOrder(po.lines.split('\n')) ===
          inAnyOrder(booking.lines.map(({ description }) => description ?? '')),
      'the purchase order describes other products',
      REVISE,
    ),
  ),
  rule(
    'po-subtotal',
    'The subtotal of the purchase order is that of the quote; of a mere swap through a partner, $0.00.',
    (po, quote, booking) => {
      const expected = booking.deliverySwap === true && isPartner(booking) ? 0 : quote.subtotal;
      return passIf(
        po.subtotal !== null && po.subtotal === expected,
        'the purchase order has another subtotal',
        REVISE,
      );
    },
  ),
  rule(
    'po-terms',
    "The payment terms of the purchase order are the quote's or shorter; shorter ones are those booked on.",
    (po, quote, booking) => {
      if (po.paymentTermDays === null || quote.paymentTermDays === null)
        return reject('purchase order or quote has no payment terms', REVISE);
      if (po.paymentTermDays > quote.paymentTermDays)
        return reject("the purchase order's payment terms are longer", REVISE);
      return passIf(
        booking.paymentTermDays === po.paymentTermDays,
        "it isn't booked on the payment terms of the purchase order",
        "Book it on the purchase order's terms.",
      );
    },
  ),
  rule('po-entity', 'The purchase order is to our entity, at its address.', (po, quote) =>
    passIf(
      po.entity !== null &&
        po.entity === quote.entity &&
        po.entityAddress !== null &&
        po.entityAddress === quote.entityAddress,
      'the purchase order is to another entity or address',
      REVISE,
    ),
  ),
  rule(
    'po-sold-to',
    'The Sold-To of the purchase order is that of the quote; on a direct deal the customer may confirm another.',
    (po, quote, booking) => {
      const differ = differing(po, quote, 'soldTo');
      if (differ.length === 0) return PASS;
      const confirmed = !isPartner(booking) && paper(booking, soldToConfirmation) !== null;
      return passIf(
        confirmed,
        `the Sold-To differs in ${differ.join(', ')}`,
        'Have the customer confirm it, or revise.',
      );
    },
  ),
  rule('po-bill-to', 'The Bill-To of the purchase order is that of the quote.', (po, quote) => {
    const differ = differing(po, quote, 'billTo');
    return passIf(differ.length === 0, `the Bill-To differs in ${differ.join(', ')}`, REVISE);
  }),
  rule(
    'po-end-customer',
    "A partner's purchase order names the end customer of the quote; the rep may confirm another.",
    (po, quote, booking) => {
      const differ = differing(po, quote, 'endCustomer');
      if (differ.length === 0) return PASS;
      return passIf(
        paper(booking, endCustomerConfirmation) !== null,
        `the end customer differs in ${differ.join(', ')}`,
        'Have the rep confirm it, or revise.',
      );
    },
    { routes: PARTNER_ROUTES },
  ),
  rule(
    'po-quote-number',
    'A purchase order that stands for a signature carries the quote number.',
    (po, quote, booking) =>
      replacesSignature(booking)
        ? passIf(
            po.quoteNumber !== null && po.quoteNumber === quote.number,
            "the purchase order doesn't carry the quote number",
            REVISE,
          )
        : NOT_APPLICABLE,
    { routes: FOR_SIGNATURE },
  ),
  rule(
    'po-term',
    'A purchase order that stands for a signature carries the subscription term and a visible number.',
    (po, quote, booking) => {
      if (!replacesSignature(booking)) return NOT_APPLICABLE;
      if (po.number === null) return reject('the purchase order shows no number', REVISE);
      return passIf(
        po.startDate !== null && po.startDate === quote.startDate && po.endDate === quote.endDate,
        'the purchase order has another term',
        REVISE,
      );
    },
    { source: SOURCE.orders, routes: FOR_SIGNATURE },
  ),
];

/** An org tells product lines in no order, and a customer writes them in their own. */
const inAnyOrder = (lines: readonly string[]): string => [...lines].sort().join('\n');
