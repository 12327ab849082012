import {
  DOCUMENT_KINDS,
  isSubmitted,
  MARKETPLACES,
  paper,
  type Booking,
  type Document,
  type Quote,
} from '../booking';
import { onQuote, passIf, policyFor, reject, SOURCE, type Check, type Verdict } from '../check';

/** AWS and GCP private offers, and the OEM deals of IBM. */

const offerOf = (booking: Booking) => paper(booking, DOCUMENT_KINDS.privateOffer);
const WAITS: Verdict = { kind: 'waits', for: 'private-offer' };
const onOffer = (rule: (offer: Document, quote: Quote, booking: Booking) => Verdict) =>
  onQuote((quote, booking) => {
    const offer = offerOf(booking);
    return offer ? rule(offer, quote, booking) : WAITS;
  });

const usual = { source: SOURCE.orders, routes: MARKETPLACES, when: isSubmitted, mender: 'owner' } as const;

export const MARKETPLACE_CHECKS: readonly Check[] = [
  {
    ...usual,
    id: 'private-offer',
    words: 'The customer has accepted the private offer, and the mail that says so is attached.',
    judge: (booking) => {
      const offer = offerOf(booking);
      if (!offer) return reject('no private offer is attached', 'Have Deal Desk make the offer.');
      if (offer.signedOn === null)
        return reject('the private offer is not accepted', 'Have the customer accept it.');
      return passIf(
        paper(booking, DOCUMENT_KINDS.offerAcceptance) !== null,
        'the mail of the acceptance is missing',
        'Attach the mail.',
      );
    },
  },
  {
    ...usual,
    id: 'private-offer-matches',
    words: 'The private offer says what the quote says: number, amount and term.',
    judge: onOffer((offer, quote) =>
      passIf(
        offer.subtotal !== null &&
          offer.subtotal === quote.subtotal &&
          offer.quoteNumber === quote.number &&
          offer.startDate === quote.startDate &&
          offer.endDate === quote.endDate,
        'the private offer and the quote differ',
        'Make a new offer from the quote.',
      ),
    ),
  },
  {
    ...usual,
    id: 'margin',
    routes: [...MARKETPLACES, 'ibm_oem'],
    words: "The partner's margin lowers net ARR: what is booked is the quote's net ARR without it.",
    mender: 'order_management',
    judge: onQuote((quote, booking) => {
      if (quote.margin === null || quote.netArr === null)
        return reject('the quote has no margin or no net ARR', 'Enter them on the quote.');
      return passIf(
        booking.netArr === quote.netArr - quote.margin,
        'net ARR is not the quote less the margin',
        'Set net ARR to the quote less the margin.',
      );
    }),
  },
  {
    ...usual,
    id: 'gcp-start',
    routes: ['gcp'],
    words: 'On GCP nothing starts before its offer was accepted.',
    judge: onOffer((offer, quote) =>
      offer.signedOn === null
        ? WAITS
        : passIf(
            quote.startDate !== null && quote.startDate >= offer.signedOn,
            'it starts before the offer was accepted',
            'Make an offer with a later start.',
          ),
    ),
  },
  {
    ...usual,
    id: 'oem-papers',
    routes: ['ibm_oem'],
    words: "IBM's mail, its sheet and our order form are attached.",
    judge: (booking) => {
      const missing = [DOCUMENT_KINDS.oemMail, DOCUMENT_KINDS.oemSheet, DOCUMENT_KINDS.orderForm].filter(
        (kind) => paper(booking, kind) === null,
      );
      return passIf(missing.length === 0, `missing: ${missing.join(', ')}`, 'Attach what is missing.');
    },
  },
  {
    ...usual,
    id: 'oem-terms',
    routes: ['ibm_oem'],
    words: 'IBM OEM deals are Net 60.',
    judge: onQuote((quote, booking, close) =>
      passIf(
        quote.paymentTermDays === policyFor(booking, close).oemTermDays,
        'its payment terms are others than those of OEM deals',
        'Correct the payment terms of the quote.',
      ),
    ),
  },
];
