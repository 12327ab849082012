import type { Route } from '../../../../domain/close/booking';
import { ASKED_FOR_ORDERS, EVERY_DEAL, except, ON_MARKETPLACES, PARTNERS, type Fault } from './fault';

const NO_ORDER = { order: 'none', standsOn: 'form' } as const;
const WITH_WEB: readonly Route[] = [...EVERY_DEAL, 'web_direct'];

export const PARTY_FAULTS: readonly Fault[] = [
  {
    check: 'account',
    routes: WITH_WEB,
    spoil: (booking) => {
      booking.account = null;
      booking.accountId = null;
    },
  },
  {
    check: 'account',
    routes: EVERY_DEAL,
    of: 'open',
    spoil: (booking) => {
      booking.account = null;
      booking.accountId = null;
    },
  },
  { check: 'route', routes: WITH_WEB, spoil: (booking) => void (booking.route = null) },
  { check: 'route', routes: WITH_WEB, spoil: (booking) => void (booking.route = 'carrier pigeon') },
  {
    check: 'opportunity-type',
    routes: EVERY_DEAL,
    wishes: { type: 'New Business' },
    spoil: (booking) => void (booking.type = null),
  },
  {
    check: 'quote',
    routes: EVERY_DEAL,
    wishes: { type: 'Add-On Business', ...NO_ORDER },
    spoil: (booking) => {
      booking.quote = null;
      booking.quoteId = null;
    },
  },
  {
    check: 'quote',
    routes: EVERY_DEAL,
    spoil: ({ quote }) => void (quote && (quote.status = 'Draft')),
  },
  {
    check: 'quote',
    routes: ['direct', 'ibm_oem', 'public_sector'],
    wishes: NO_ORDER,
    spoil: ({ quote }) => void (quote && (quote.number = null)),
  },
  {
    check: 'contacts',
    routes: EVERY_DEAL,
    wishes: NO_ORDER,
    spoil: ({ quote }) => void (quote && (quote.billToAddress = null)),
  },
  {
    check: 'contacts',
    routes: [...PARTNERS, 'public_sector'],
    wishes: NO_ORDER,
    spoil: ({ quote }) => void (quote && (quote.endCustomerEmail = null)),
  },
  {
    check: 'entity',
    routes: EVERY_DEAL,
    spoil: (booking) => void (booking.entity = 'Somebody Else Inc'),
  },
  {
    check: 'entity',
    routes: EVERY_DEAL,
    spoil: (booking, { scene }) => void (booking.entity = scene.policy.entities[1] ?? null),
  },
  {
    check: 'trade-check',
    routes: WITH_WEB,
    spoil: ({ account }, make) =>
      void (account && (account.tradeStatus = make.pick(['Yellow', 'Red', 'Escalate']))),
  },
  {
    check: 'trade-check',
    kind: 'needs_person',
    routes: WITH_WEB,
    spoil: ({ account }) => void (account && (account.tradeStatus = null)),
  },
  {
    check: 'embargo',
    routes: WITH_WEB,
    spoil: ({ account }, { scene }) =>
      void (account && (account.country = scene.policy.embargoed[0] ?? null)),
  },
  {
    check: 'embargo',
    kind: 'needs_person',
    routes: WITH_WEB,
    spoil: ({ account }) => void (account && (account.country = null)),
  },
  {
    check: 'no-direct-deals',
    routes: ['direct'],
    spoil: ({ account }, { scene }) => void (account && (account.country = scene.policy.noDirect[0] ?? null)),
  },
  { check: 'currency', routes: WITH_WEB, spoil: (booking) => void (booking.currency = 'EUR') },
  {
    check: 'amount',
    routes: EVERY_DEAL,
    spoil: (booking, make) => void (booking.amount = (booking.amount ?? 0) + make.pick([1, -1, 100_00])),
  },
  {
    check: 'lines',
    routes: EVERY_DEAL,
    wishes: NO_ORDER,
    spoil: (booking) => void (booking.lines = []),
  },
  {
    check: 'lines',
    routes: EVERY_DEAL,
    spoil: ({ lines: [line] }) => void (line && (line.total = (line.total ?? 0) + 1)),
  },
  {
    check: 'payment-terms',
    routes: [...ASKED_FOR_ORDERS, ...PARTNERS, ...ON_MARKETPLACES, 'public_sector'],
    wishes: NO_ORDER,
    spoil: (booking) => void (booking.paymentTermDays = (booking.paymentTermDays ?? 0) + 1),
  },
  {
    check: 'payment-terms',
    routes: except('professional_services'),
    wishes: NO_ORDER,
    spoil: (booking) => void (booking.paymentTermDays = null),
  },
  {
    check: 'booked-arr',
    routes: WITH_WEB,
    wishes: { stage: 'Closed Won' },
    spoil: (booking) => void (booking.bookedArr = (booking.bookedArr ?? 0) + 1),
  },
  {
    check: 'web-direct-arr',
    routes: ['web_direct'],
    spoil: (booking) => {
      booking.netArr = null;
      booking.bookedArr = null;
    },
  },
];
