import { isSubmitted, isWon, MARKETPLACES, SALES_ASSISTED } from '../booking';
import { onQuote, passIf, reject, SOURCE, type Check } from '../check';

/** Currency, amounts and terms. All amounts are whole cents: equal means equal. */

const WITH_MARGIN: readonly string[] = [...MARKETPLACES, 'ibm_oem'];

export const MONEY_CHECKS: readonly Check[] = [
  {
    id: 'currency',
    words: 'Opportunity and quote are in USD.',
    source: SOURCE.po,
    when: isSubmitted,
    mender: 'owner',
    judge: ({ currency, quote }) =>
      passIf(
        currency === 'USD' && (quote === null || quote.currency === 'USD'),
        'opportunity or quote is not in USD',
        'Quote it in USD.',
      ),
  },
  {
    id: 'amount',
    words: "The amount of the opportunity is the quote's subtotal, less the margin of a marketplace or OEM.",
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: onQuote((quote, { amount, route }) => {
      if (quote.subtotal === null) return reject('its quote has no subtotal', 'Complete the quote.');
      // Without a margin the check of that name has its finding.
      const margin = WITH_MARGIN.includes(route ?? '') ? (quote.margin ?? 0) : 0;
      return passIf(
        amount === quote.subtotal - margin,
        'amount and quote differ',
        'Make the quote primary again.',
      );
    }),
  },
  {
    id: 'lines',
    words:
      "It has product lines, each with description and amount, and together they are the quote's subtotal.",
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: onQuote((quote, { lines }) => {
      if (lines.length === 0) return reject('it has no product lines', 'Make the quote primary again.');
      if (lines.some(({ description, total }) => description === null || total === null))
        return reject('a product line has no description or amount', 'Complete the line.');
      if (quote.subtotal === null) return { kind: 'waits', for: 'amount' };
      const sum = lines.reduce((total, line) => total + (line.total ?? 0), 0);
      return passIf(
        sum === quote.subtotal,
        'the product lines are not the subtotal',
        'Make the quote primary again.',
      );
    }),
  },
  {
    id: 'payment-terms',
    words: 'It is booked on the payment terms that were approved on the quote, or on shorter ones.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: onQuote((quote, { paymentTermDays }) =>
      passIf(
        paymentTermDays !== null &&
          quote.paymentTermDays !== null &&
          paymentTermDays <= quote.paymentTermDays,
        'its payment terms are missing or longer than those approved',
        'Set the terms of the quote, or have longer ones approved.',
      ),
    ),
  },
  {
    id: 'booked-arr',
    words: 'Booked ARR is net ARR plus ARR basis.',
    source: SOURCE.metrics,
    when: isWon,
    mender: 'sales_ops',
    judge: ({ route, bookedArr, netArr, arrBasis }, { period, today }) => {
      // Of the web shop it is set once the month is over: the check of that name says so.
      if (route === 'web_direct' && netArr === null)
        return today > period.lastDay ? { kind: 'waits', for: 'web-direct-arr' } : { kind: 'not_applicable' };
      return passIf(
        bookedArr !== null && netArr !== null && arrBasis !== null && bookedArr === netArr + arrBasis,
        'booked ARR is not net ARR plus ARR basis',
        'Correct the booking figures.',
      );
    },
  },
];
