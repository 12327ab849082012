import { DOCUMENT_KINDS, PARTNER_ROUTES, type DocumentKind } from '../../../domain/close/booking';
import { MATTER } from '../../../domain/close/decisions';
import { addDays } from '../../../domain/dates';
import { newDocument, type BookingDraft, type DocumentDraft, type Maker, type Wishes } from './draft';
import { approve } from './draft';

/** The papers of a clean booking, by its route. */

const KIND = DOCUMENT_KINDS;
const TEMPLATES: Readonly<Record<string, string>> = {
  reseller: 'Authorized Reseller',
  distributor: 'Distributor',
  msp: 'MSP',
  public_sector: 'Distributor',
};
export const isPartner = ({ route }: BookingDraft) => PARTNER_ROUTES.some((one) => one === route);

export function addPapers(make: Maker, booking: BookingDraft, wishes: Wishes, submittedOn: string): void {
  switch (booking.route) {
    case 'direct':
      return directPapers(make, booking, wishes, submittedOn);
    case 'reseller':
    case 'distributor':
    case 'msp':
      return partnerPapers(make, booking, wishes, submittedOn);
    case 'public_sector': {
      add(make, booking, KIND.orderForm, submittedOn, form(booking));
      add(make, booking, KIND.purchaseOrder, submittedOn, {
        ...purchaseOrder(make, booking),
        signedOn: addDays(submittedOn, -1),
        // The distributor's order may be a little off, and need not name the quote.
        subtotal: (booking.quote?.subtotal ?? 0) + make.between(-100, 100),
        quoteNumber: null,
      });
      return;
    }
    case 'aws':
    case 'gcp':
      add(make, booking, KIND.privateOffer, submittedOn, {
        number: `PO-${make.number()}`,
        // Before it starts, however much later it is submitted.
        signedOn: earlier(addDays(submittedOn, -1), booking.quote?.startDate ?? submittedOn),
        subtotal: booking.quote?.subtotal ?? null,
        quoteNumber: booking.quote?.number ?? null,
        startDate: booking.quote?.startDate ?? null,
        endDate: booking.quote?.endDate ?? null,
      });
      add(make, booking, KIND.offerAcceptance, submittedOn, {});
      return;
    case 'ibm_oem':
      for (const kind of [KIND.oemMail, KIND.oemSheet, KIND.orderForm])
        add(make, booking, kind, submittedOn, {});
      return;
    case 'professional_services':
      servicesPapers(make, booking, wishes, submittedOn);
      return;
    default:
  }
}

function directPapers(make: Maker, booking: BookingDraft, wishes: Wishes, submittedOn: string): void {
  const standsOn = wishes.standsOn ?? make.pick(['form', 'form', 'form', 'msa', 'refusal']);
  if (standsOn === 'form') {
    add(make, booking, KIND.orderForm, submittedOn, { ...form(booking), ...signature(make, submittedOn) });
    neededOrder(make, booking, wishes, submittedOn);
    return;
  }
  if (standsOn === 'msa' && booking.account) booking.account.msaSignedOn = addDays(submittedOn, -200);
  if (standsOn === 'refusal') {
    add(make, booking, KIND.refusal, submittedOn, {
      reason: 'Their policy is to sign nothing but their own order',
    });
    for (const step of make.scene.policy.refusalBy)
      approve(make, booking, MATTER.refusal, step, `${submittedOn}T16:00:00.000Z`);
  }
  add(make, booking, KIND.orderForm, submittedOn, form(booking));
  add(make, booking, KIND.purchaseOrder, submittedOn, purchaseOrder(make, booking));
  if (booking.account) booking.account.poRequired = wishes.order === 'none' ? false : make.chance(0.5);
}

function partnerPapers(make: Maker, booking: BookingDraft, wishes: Wishes, submittedOn: string): void {
  const signs = wishes.order === 'none' || (wishes.order === undefined && make.chance(0.2));
  add(make, booking, KIND.orderForm, submittedOn, {
    ...form(booking),
    ...(signs ? signature(make, submittedOn) : {}),
  });
  if (!signs) add(make, booking, KIND.purchaseOrder, submittedOn, purchaseOrder(make, booking));
  add(make, booking, KIND.eula, submittedOn, {});
}

function servicesPapers(make: Maker, booking: BookingDraft, wishes: Wishes, submittedOn: string): void {
  if ((wishes.sow ?? make.pick(['custom', 'standard'])) === 'custom')
    add(make, booking, KIND.customSow, submittedOn, {
      ...signature(make, submittedOn),
      countersignedOn: addDays(submittedOn, -1),
    });
  else add(make, booking, KIND.orderForm, submittedOn, { ...form(booking), ...signature(make, submittedOn) });
  neededOrder(make, booking, wishes, submittedOn);
}

const earlier = (a: string, b: string): string => (a < b ? a : b);

/** What a customer sends who needs a purchase order. */
function neededOrder(make: Maker, booking: BookingDraft, wishes: Wishes, submittedOn: string): void {
  const { quote, account } = booking;
  if (!quote || !account) return;
  const atQuarterEnd = submittedOn >= addDays(make.scene.period.quarterEnd, -5);
  const order =
    wishes.order ??
    make.pick(['none', 'none', 'paper', 'paper', 'waiver', 'number', atQuarterEnd ? 'promise' : 'none']);
  account.poRequired = order !== 'none';
  if (order === 'paper') add(make, booking, KIND.purchaseOrder, submittedOn, purchaseOrder(make, booking));
  if (order === 'waiver') add(make, booking, KIND.poWaiver, submittedOn, {});
  if (order === 'number') {
    quote.poNumber = make.number();
    add(make, booking, KIND.poNumberMail, submittedOn, {});
  }
  if (order === 'promise') {
    add(make, booking, KIND.poPromise, submittedOn, { promisedOn: addDays(submittedOn, 9) });
    for (const step of make.scene.policy.po.exceptionBy)
      approve(make, booking, MATTER.promise, step, `${submittedOn}T16:30:00.000Z`);
  }
}

/** Attached in the morning of the day on which it is submitted. */
export function add(
  make: Maker,
  booking: BookingDraft,
  kind: DocumentKind,
  on: string,
  says: Partial<DocumentDraft>,
): void {
  const from = { opportunityId: booking.id, kind, addedAt: `${on}T15:00:00.000Z` };
  booking.documents.push(Object.assign(newDocument(make), from, says));
}

const signature = (make: Maker, submittedOn: string): Partial<DocumentDraft> => ({
  signedOn: addDays(submittedOn, -make.between(0, 3)),
  signerName: `Signer ${make.between(1, 9999)}`,
  signerTitle: make.pick(['CTO', 'VP Engineering', 'Head of Purchasing']),
  signerCompany: `Customer ${make.between(1, 9999)}`,
});

const form = (booking: BookingDraft): Partial<DocumentDraft> => ({
  complete: true,
  handEdits: booking.quote && Number(booking.quote.number) % 5 === 0 ? 'PO number;VAT ID' : null,
  template: TEMPLATES[booking.route ?? ''] ?? 'Standard',
  agreementReference: TEMPLATES[booking.route ?? ''] === undefined ? null : 'Master Partner Agreement',
});

/** A purchase order that says all that the quote says. */
function purchaseOrder(make: Maker, booking: BookingDraft): Partial<DocumentDraft> {
  const { quote } = booking;
  if (!quote) return {};
  quote.poNumber = make.number();
  const {
    number,
    id: _id,
    status: _status,
    kind: _kind,
    netArr: _netArr,
    margin: _margin,
    poNumber,
    ...said
  } = quote;
  return {
    ...said,
    quoteNumber: number,
    number: poNumber,
    lines: booking.lines.map(({ description }) => description ?? '').join('\n'),
    ...(booking.deliverySwap === true && isPartner(booking) ? { subtotal: 0 } : {}),
    ...(isPartner(booking) || booking.route === 'public_sector'
      ? {}
      : { endCustomerName: null, endCustomerEmail: null, endCustomerAddress: null }),
  };
}
