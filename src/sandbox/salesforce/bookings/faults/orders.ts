import { DOCUMENT_KINDS } from '../../../../domain/close/booking';
import { MATTER } from '../../../../domain/close/decisions';
import { addDays } from '../../../../domain/dates';
import { ASKED_FOR_ORDERS, PARTNERS, WITH_ORDERS, type Fault } from './fault';
import { lose, on } from './papers';
import { paperOf, type BookingDraft, type DocumentDraft, type Maker } from '../draft';

const { purchaseOrder, poWaiver, poNumberMail, poPromise } = DOCUMENT_KINDS;
const PAPER = { order: 'paper' } as const;
const PROMISE = { standsOn: 'form', order: 'promise', beforeEnd: 3 } as const;

/** A purchase order that says something else than the quote. */
const order = (
  check: string,
  change: (po: DocumentDraft, booking: BookingDraft, make: Maker) => void,
  routes = WITH_ORDERS,
): Fault => ({ check, routes, wishes: PAPER, spoil: withOrder(change) });
const withOrder = (change: Parameters<typeof order>[1]) => on(purchaseOrder, change);

export const ORDER_FAULTS: readonly Fault[] = [
  order('po-currency', (po) => (po.currency = 'EUR')),
  order('po-currency', (po) => (po.currency = null)),
  order('po-lines', (po) => (po.lines = `${po.lines ?? ''}\nA coffee machine`)),
  order('po-subtotal', (po, _booking, make) => (po.subtotal = (po.subtotal ?? 0) + make.pick([1, -1]))),
  {
    check: 'po-subtotal',
    routes: PARTNERS,
    wishes: { ...PAPER, swap: true },
    spoil: withOrder((po, { quote }) => (po.subtotal = quote?.subtotal ?? 1)),
  },
  order('po-terms', (po) => (po.paymentTermDays = (po.paymentTermDays ?? 0) + 1)),
  order('po-terms', (po) => (po.paymentTermDays = (po.paymentTermDays ?? 1) - 1)),
  order('po-entity', (po) => (po.entityAddress = null)),
  order('po-entity', (po) => (po.entity = 'Another Inc')),
  order('po-sold-to', (po) => (po.soldToEmail = 'somebody@else.example')),
  order('po-bill-to', (po) => (po.billToName = null)),
  order('po-end-customer', (po) => (po.endCustomerName = 'Somebody else'), PARTNERS),
  order('po-quote-number', (po) => (po.quoteNumber = null), PARTNERS),
  order('po-term', (po) => (po.endDate = addDays(po.endDate ?? '', -1)), PARTNERS),
  ...(['msa', 'refusal'] as const).flatMap((standsOn): Fault[] => [
    {
      check: 'po-quote-number',
      routes: ['direct'],
      wishes: { standsOn },
      spoil: withOrder((po) => (po.quoteNumber = 'Q-0')),
    },
    {
      check: 'po-term',
      routes: ['direct'],
      wishes: { standsOn },
      spoil: withOrder((po) => (po.number = null)),
    },
  ]),
  {
    check: 'po-or-waiver',
    routes: ASKED_FOR_ORDERS,
    wishes: { standsOn: 'form', order: 'waiver' },
    spoil: lose(poWaiver),
  },
  {
    check: 'po-or-waiver',
    routes: ASKED_FOR_ORDERS,
    wishes: { standsOn: 'form', order: 'number' },
    spoil: lose(poNumberMail),
  },
  {
    check: 'po-or-waiver',
    kind: 'needs_person',
    routes: ASKED_FOR_ORDERS,
    spoil: ({ account }) => void (account && (account.poRequired = null)),
  },
  {
    check: 'po-exception',
    routes: ASKED_FOR_ORDERS,
    wishes: PROMISE,
    spoil: (booking, { scene }) => {
      booking.approvals = booking.approvals.filter(
        ({ matter, step }) => matter !== MATTER.promise || step !== scene.policy.po.exceptionBy[0],
      );
    },
  },
  {
    check: 'po-exception',
    routes: ASKED_FOR_ORDERS,
    wishes: PROMISE,
    spoil: on(poPromise, (promise, { closeDate }) => (promise.promisedOn = addDays(closeDate ?? '', 11))),
  },
  {
    check: 'po-exception',
    routes: ASKED_FOR_ORDERS,
    wishes: { ...PROMISE, beforeEnd: 6 },
    spoil: () => undefined,
  },
  {
    // Promised earlier than submitted: today is day 11.
    check: 'po-exception',
    routes: ASKED_FOR_ORDERS,
    wishes: PROMISE,
    spoil: (booking, { scene }) => {
      const promise = paperOf(booking, poPromise);
      promise.addedAt = `${addDays(scene.today, -11)}T15:00:00.000Z`;
      promise.promisedOn = addDays(scene.today, -1);
    },
  },
];
