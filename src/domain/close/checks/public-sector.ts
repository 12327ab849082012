import { DOCUMENT_KINDS, isSubmitted, paper, type Booking, type Document, type Quote } from '../booking';
import { onQuote, passIf, policyFor, reject, SOURCE, type Check, type Close, type Verdict } from '../check';

/** Public sector: the purchase order of the distributor stands for the signature. It need not name the quote number. */

const order = (booking: Booking) => paper(booking, DOCUMENT_KINDS.purchaseOrder);
const WAITS: Verdict = { kind: 'waits', for: 'public-sector-order' };

const onOrder = (rule: (po: Document, quote: Quote, booking: Booking, close: Close) => Verdict) =>
  onQuote((quote, booking, close) => {
    const po = order(booking);
    return po ? rule(po, quote, booking, close) : WAITS;
  });

const usual = {
  source: SOURCE.orders,
  routes: ['public_sector'],
  when: isSubmitted,
  mender: 'owner',
} as const;

export const PUBLIC_SECTOR_CHECKS: readonly Check[] = [
  {
    ...usual,
    id: 'public-sector-order',
    words: "The distributor's purchase order is attached and signed, and its number stands on the quote.",
    judge: onQuote((quote, booking) => {
      const po = order(booking);
      if (!po) return reject('no purchase order of the distributor is attached', 'Attach it.');
      if (po.signedOn === null)
        return reject("the distributor's purchase order is not signed", 'Have it signed.');
      return passIf(
        po.number !== null && po.number === quote.poNumber,
        "the quote doesn't carry the number of the purchase order",
        'Enter the number on the quote.',
      );
    }),
  },
  {
    ...usual,
    id: 'public-sector-amount',
    words: "The distributor's purchase order is within $1.00 of the quote.",
    judge: onOrder((po, quote, booking, close) => {
      if (po.subtotal === null || quote.subtotal === null)
        return reject('purchase order or quote has no amount', 'Enter both amounts.');
      return passIf(
        Math.abs(po.subtotal - quote.subtotal) <= policyFor(booking, close).publicSectorToleranceCents,
        'purchase order and quote differ by more than the tolerance',
        'Quote what the purchase order says, or ask for another.',
      );
    }),
  },
  {
    ...usual,
    id: 'public-sector-performance',
    words: 'The dates of performance on the purchase order are those of the quote.',
    judge: onOrder((po, quote) =>
      passIf(
        po.startDate !== null && po.startDate === quote.startDate && po.endDate === quote.endDate,
        "the purchase order's dates of performance are others",
        'Align the dates.',
      ),
    ),
  },
  {
    ...usual,
    id: 'public-sector-sold-to',
    words: 'The Sold-To of the purchase order is the one of the quote.',
    judge: onOrder((po, quote) =>
      po.soldToName === null
        ? reject('the purchase order names no Sold-To', 'Ask the distributor who it is.')
        : passIf(
            po.soldToName === quote.soldToName,
            'the purchase order names another Sold-To',
            'Confirm the Sold-To, and correct the quote.',
          ),
    ),
  },
];
