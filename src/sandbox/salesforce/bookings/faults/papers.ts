import { DOCUMENT_KINDS, type DocumentKind, type Route } from '../../../../domain/close/booking';
import { addDays } from '../../../../domain/dates';
import { paperOf, without, type BookingDraft, type DocumentDraft, type Maker } from '../draft';
import { figures } from '../clean';
import { ON_MARKETPLACES, PARTNERS, type Fault } from './fault';

const KIND = DOCUMENT_KINDS;
const FORM = { standsOn: 'form' } as const;

/** Changes what stands on a paper. */
export const on =
  (kind: DocumentKind, change: (paper: DocumentDraft, booking: BookingDraft, make: Maker) => void) =>
  (booking: BookingDraft, make: Maker): void =>
    change(paperOf(booking, kind), booking, make);
export const lose = (kind: DocumentKind) => (booking: BookingDraft) => without(booking, kind);

/** The first second that is too late. */
export const secondAfter = (cutOff: string): string => new Date(Date.parse(cutOff) + 1000).toISOString();

/** The paper that binds the customer, by route. */
const BINDING: readonly (readonly [Route, DocumentKind])[] = [
  ['direct', KIND.orderForm],
  ['reseller', KIND.purchaseOrder],
  ['distributor', KIND.purchaseOrder],
  ['msp', KIND.purchaseOrder],
  ['public_sector', KIND.purchaseOrder],
  ['aws', KIND.offerAcceptance],
  ['gcp', KIND.privateOffer],
  ['ibm_oem', KIND.orderForm],
  ['professional_services', KIND.customSow],
];

export const PAPER_FAULTS: readonly Fault[] = [
  {
    check: 'order-form-signed',
    routes: ['direct'],
    wishes: FORM,
    spoil: on(KIND.orderForm, (form) => (form.signerTitle = null)),
  },
  {
    check: 'order-form-signed',
    routes: ['direct'],
    wishes: FORM,
    spoil: on(KIND.orderForm, (form) => (form.signedOn = null)),
  },
  {
    check: 'order-form-signed',
    routes: ['direct'],
    wishes: { ...FORM, order: 'none' },
    spoil: lose(KIND.orderForm),
  },
  {
    check: 'order-form-signed',
    routes: ['direct'],
    wishes: { standsOn: 'msa', order: 'none' },
    spoil: lose(KIND.purchaseOrder),
  },
  {
    check: 'order-form-signed',
    routes: ['direct'],
    wishes: { standsOn: 'refusal', order: 'none' },
    spoil: on(KIND.refusal, (mail) => (mail.reason = null)),
  },
  {
    check: 'order-form-signed',
    routes: ['direct'],
    wishes: { standsOn: 'refusal', order: 'none' },
    spoil: (booking, { scene }) => {
      booking.approvals = booking.approvals.filter(({ step }) => step !== scene.policy.refusalBy[1]);
    },
  },
  {
    check: 'order-form-signed',
    routes: ['direct'],
    wishes: { standsOn: 'msa', order: 'none' },
    spoil: (booking) => void (booking.deliverySwap = true),
  },
  {
    check: 'order-form-whole',
    routes: ['direct'],
    wishes: FORM,
    spoil: on(KIND.orderForm, (form) => (form.complete = false)),
  },
  {
    check: 'order-form-whole',
    routes: PARTNERS,
    wishes: { order: 'none' },
    spoil: on(KIND.orderForm, (form) => (form.handEdits = 'VAT ID;price')),
  },
  {
    check: 'order-form-whole',
    routes: ['professional_services'],
    wishes: { sow: 'standard' },
    spoil: on(KIND.orderForm, (form) => (form.complete = null)),
  },
  {
    check: 'partner-order-form',
    routes: [...PARTNERS, 'public_sector'],
    spoil: on(KIND.orderForm, (form) => (form.template = 'Standard')),
  },
  {
    check: 'partner-order-form',
    routes: [...PARTNERS, 'public_sector'],
    spoil: on(KIND.orderForm, (form) => (form.agreementReference = null)),
  },
  {
    check: 'partner-purchase-order',
    routes: PARTNERS,
    wishes: { order: 'paper' },
    spoil: lose(KIND.purchaseOrder),
  },
  { check: 'end-user-eula', routes: PARTNERS, spoil: lose(KIND.eula) },
  ...BINDING.flatMap(([route, kind]): Fault[] => [
    {
      check: 'papers-in-time',
      kind: 'roll',
      routes: [route],
      wishes: { ...FORM, order: kind === KIND.purchaseOrder ? 'paper' : 'none', sow: 'custom' },
      spoil: on(kind, (paper, _booking, { scene }) => (paper.addedAt = secondAfter(scene.period.cutOff))),
    },
  ]),
  {
    check: 'papers-in-time',
    kind: 'roll',
    routes: ['direct'],
    wishes: FORM,
    spoil: on(
      KIND.orderForm,
      (form, _booking, { scene }) => (form.signedOn = addDays(scene.period.lastDay, 1)),
    ),
  },
  { check: 'public-sector-order', routes: ['public_sector'], spoil: lose(KIND.purchaseOrder) },
  {
    check: 'public-sector-order',
    routes: ['public_sector'],
    spoil: on(KIND.purchaseOrder, (po) => (po.signedOn = null)),
  },
  {
    check: 'public-sector-order',
    routes: ['public_sector'],
    spoil: ({ quote }) => void (quote && (quote.poNumber = null)),
  },
  {
    check: 'public-sector-amount',
    routes: ['public_sector'],
    spoil: on(KIND.purchaseOrder, (po, { quote }, make) => {
      po.subtotal = (quote?.subtotal ?? 0) + make.pick([101, -101]);
    }),
  },
  {
    check: 'public-sector-performance',
    routes: ['public_sector'],
    spoil: on(KIND.purchaseOrder, (po) => (po.endDate = addDays(po.endDate ?? '', 1))),
  },
  {
    check: 'public-sector-sold-to',
    routes: ['public_sector'],
    spoil: on(KIND.purchaseOrder, (po) => (po.soldToName = 'Somebody else')),
  },
  { check: 'private-offer', routes: ON_MARKETPLACES, spoil: lose(KIND.privateOffer) },
  { check: 'private-offer', routes: ON_MARKETPLACES, spoil: lose(KIND.offerAcceptance) },
  {
    check: 'private-offer',
    routes: ON_MARKETPLACES,
    spoil: on(KIND.privateOffer, (offer) => (offer.signedOn = null)),
  },
  {
    check: 'private-offer-matches',
    routes: ON_MARKETPLACES,
    spoil: on(KIND.privateOffer, (offer) => (offer.subtotal = (offer.subtotal ?? 0) + 1)),
  },
  {
    check: 'private-offer-matches',
    routes: ON_MARKETPLACES,
    spoil: on(KIND.privateOffer, (offer) => (offer.quoteNumber = null)),
  },
  {
    check: 'margin',
    routes: [...ON_MARKETPLACES, 'ibm_oem'],
    wishes: { type: 'Renewal' },
    spoil: (booking) => figures(booking, (booking.netArr ?? 0) + (booking.quote?.margin ?? 1)),
  },
  {
    check: 'gcp-start',
    routes: ['gcp'],
    wishes: { day: 12, startsIn: 3 },
    spoil: on(KIND.privateOffer, (offer, { quote }) => (offer.signedOn = addDays(quote?.startDate ?? '', 1))),
  },
  { check: 'oem-papers', routes: ['ibm_oem'], spoil: lose(KIND.oemMail) },
  { check: 'oem-papers', routes: ['ibm_oem'], spoil: lose(KIND.oemSheet) },
  {
    check: 'oem-terms',
    routes: ['ibm_oem'],
    spoil: ({ quote }) => void (quote && (quote.paymentTermDays = 90)),
  },
  {
    check: 'services-papers',
    routes: ['professional_services'],
    wishes: { sow: 'custom' },
    spoil: on(KIND.customSow, (sow) => (sow.countersignedOn = null)),
  },
  {
    check: 'services-papers',
    routes: ['professional_services'],
    wishes: { sow: 'custom' },
    spoil: on(KIND.customSow, (sow) => (sow.signerName = null)),
  },
  {
    check: 'services-papers',
    routes: ['professional_services'],
    wishes: { sow: 'standard' },
    spoil: on(KIND.orderForm, (form) => (form.signedOn = null)),
  },
  {
    check: 'services-apart',
    routes: ['professional_services'],
    spoil: (booking) => void (booking.recordType = 'Standard'),
  },
  {
    check: 'services-apart',
    routes: ['direct', ...PARTNERS, ...ON_MARKETPLACES, 'public_sector', 'ibm_oem'],
    spoil: ({ lines: [line] }) => void (line && (line.family = 'Services')),
  },
  {
    check: 'services-apart',
    routes: ['professional_services'],
    spoil: ({ lines: [line] }) => void (line && (line.family = 'Subscription')),
  },
];
