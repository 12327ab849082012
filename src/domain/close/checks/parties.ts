import {
  NEW_BUSINESS,
  isOpen,
  isSubmitted,
  PARTNER_ROUTES,
  ROUTES,
  SALES_ASSISTED,
  type Quote,
  type Route,
} from '../booking';
import { ask, onAccount, onQuote, PASS, passIf, policyFor, reject, SOURCE, type Check } from '../check';

/** Who buys and who sells: account, route, contacts, our company, and the countries we may sell to. */

const KNOWN_ROUTES: ReadonlySet<string> = new Set(ROUTES);
const TYPES: ReadonlySet<string> = new Set([NEW_BUSINESS, 'Add-On Business', 'Renewal']);

const PARTY_FIELDS = [
  ['Sold-To', 'soldToName', 'soldToEmail', 'soldToAddress'],
  ['Bill-To', 'billToName', 'billToEmail', 'billToAddress'],
  ['end customer', 'endCustomerName', 'endCustomerEmail', 'endCustomerAddress'],
] as const;
const END_CUSTOMER_ROUTES: readonly Route[] = [...PARTNER_ROUTES, 'public_sector'];

function missingOf(quote: Quote, parties: typeof PARTY_FIELDS | readonly (typeof PARTY_FIELDS)[number][]) {
  return parties.flatMap(([party, name, email, address]) =>
    [
      ['name', quote[name]],
      ['e-mail', quote[email]],
      ['address', quote[address]],
    ].flatMap(([what, value]) => (value === null ? [`${party} ${what}`] : [])),
  );
}

export const PARTY_CHECKS: readonly Check[] = [
  {
    id: 'account',
    words: 'An opportunity belongs to an account.',
    source: SOURCE.orders,
    when: (booking) => isOpen(booking) || isSubmitted(booking),
    mender: 'owner',
    judge: ({ account }) => passIf(account !== null, 'it has no account', 'Name the account that buys.'),
  },
  {
    id: 'route',
    words: 'Every booking says how it reaches us: each way has its own papers.',
    source: SOURCE.orders,
    when: isSubmitted,
    mender: 'owner',
    judge: ({ route }) =>
      passIf(
        route !== null && KNOWN_ROUTES.has(route),
        route === null ? 'it has no route to market' : 'its route to market is none that we know',
        'Set the route to market.',
      ),
  },
  {
    id: 'opportunity-type',
    words: 'A booking is New Business, an Add-On or a Renewal: the rules of time differ.',
    source: SOURCE.orders,
    when: isSubmitted,
    mender: 'owner',
    judge: ({ type }) =>
      passIf(type !== null && TYPES.has(type), 'its type is missing or unknown', 'Set the type.'),
  },
  {
    id: 'quote',
    words: 'What is booked stands on an approved quote with a number, a start and an end.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: ({ quote }) => {
      if (!quote)
        return reject('it has no primary quote', 'Make a quote, have it approved, and mark it primary.');
      if (quote.status !== 'Approved') return reject('its quote is not approved', 'Have the quote approved.');
      const missing = [
        ...(quote.number === null ? ['number'] : []),
        ...(quote.startDate === null ? ['start date'] : []),
        ...(quote.endDate === null ? ['end date'] : []),
      ];
      return passIf(missing.length === 0, `its quote has no ${missing.join(', ')}`, 'Complete the quote.');
    },
  },
  {
    id: 'contacts',
    words:
      'Sold-To and Bill-To have name, e-mail and full address; sold through a partner, the end customer, too.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: onQuote((quote, { route }) => {
      const partner = END_CUSTOMER_ROUTES.some((one) => one === route);
      const missing = missingOf(quote, partner ? PARTY_FIELDS : PARTY_FIELDS.slice(0, 2));
      return passIf(
        missing.length === 0,
        `missing on the quote: ${missing.join(', ')}`,
        'Complete the contacts of the quote.',
      );
    }),
  },
  {
    id: 'entity',
    words: 'One of our companies that may sell is named, the same on opportunity and quote.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: onQuote((quote, booking, close) => {
      if (booking.entity === null || !policyFor(booking, close).entities.includes(booking.entity))
        return reject('its entity is missing or none of ours', 'Set the entity that sells.');
      return passIf(
        quote.entity === booking.entity,
        'quote and opportunity name different entities',
        'Make both the same.',
      );
    }),
  },
  {
    id: 'trade-check',
    words: 'The trade check of the account is Clear; Yellow, Red and Escalate block.',
    source: SOURCE.goToMarket,
    when: isSubmitted,
    mender: 'deal_desk',
    judge: onAccount((account) => {
      if (account.tradeStatus === 'Clear') return PASS;
      return account.tradeStatus === null
        ? ask('The account has no trade check: is it clear?')
        : reject('its trade check is not Clear', 'Have trade compliance clear the account.');
    }),
  },
  {
    id: 'embargo',
    words: 'Nothing is sold into a country under embargo.',
    source: SOURCE.goToMarket,
    when: (booking) => isOpen(booking) || isSubmitted(booking),
    mender: 'deal_desk',
    judge: onAccount((account, booking, close) => {
      if (account.country === null) return ask('The account has no country: may we sell to it?');
      return passIf(
        !policyFor(booking, close).embargoed.includes(account.country),
        'its account is in a country under embargo',
        'Stop, and tell trade compliance.',
      );
    }),
  },
  {
    id: 'no-direct-deals',
    words: 'In some countries (India) nothing is sold directly: it goes through a partner.',
    source: SOURCE.orders,
    routes: ['direct'],
    when: isSubmitted,
    mender: 'owner',
    judge: onAccount((account, booking, close) => {
      // Without a country the check of embargo asks for it.
      if (account.country === null) return { kind: 'waits', for: 'embargo' };
      return passIf(
        !policyFor(booking, close).noDirect.includes(account.country),
        'a direct deal in a country without direct deals',
        'Quote it through a reseller.',
      );
    }),
  },
];
