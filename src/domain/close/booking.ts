import type { Columns, RecordOf } from './columns';

/** An opportunity as the booking checks see it, with everything that hangs on it. Which field of the org is which column is configuration. */

/** How a deal reaches us; each way has its own papers. */
export const ROUTES = [
  'direct',
  'reseller',
  'distributor',
  'msp',
  'public_sector',
  'aws',
  'gcp',
  'ibm_oem',
  'professional_services',
  'web_direct',
] as const;
export type Route = (typeof ROUTES)[number];
export const PARTNER_ROUTES: readonly Route[] = ['reseller', 'distributor', 'msp'];
export const MARKETPLACES: readonly Route[] = ['aws', 'gcp'];
/** Every way but the web shop: people sell, so two teams approve. */
export const SALES_ASSISTED: readonly Route[] = ROUTES.filter((route) => route !== 'web_direct');

export const OPPORTUNITY = {
  accountId: 'text',
  ownerId: 'text',
  quoteId: 'text',
  subscriptionId: 'text',
  region: 'text',
  stage: 'text',
  recordType: 'text',
  type: 'text',
  route: 'text',
  segment: 'text',
  geo: 'text',
  firstOrder: 'flag',
  createdAt: 'instant',
  closeDate: 'day',
  /** The last move of the stage, entry of the command plan or next step. */
  movedOn: 'day',
  currency: 'text',
  amount: 'cents',
  netArr: 'cents',
  arrBasis: 'cents',
  bookedArr: 'cents',
  paymentTermDays: 'whole',
  entity: 'text',
  /** `Self-Managed` or `SaaS`. */
  delivery: 'text',
  licenceDeliveredOn: 'day',
  closedWonReason: 'text',
  competitors: 'text',
  agreementType: 'text',
  agreementLink: 'text',
  lostReason: 'text',
  mergedInto: 'text',
  duplicateOf: 'text',
  /** A Closed Lost of inverse values: it takes back the Closed Lost of a renewal that came late. */
  reversesId: 'text',
  rampKey: 'text',
  rampYear: 'whole',
  /** Value of professional services sold with it. */
  servicesAttached: 'cents',
  /** Only SaaS for self-managed or the other way, same tier and value. */
  deliverySwap: 'flag',
  financeNotes: 'text',
} as const satisfies Columns;

export const ACCOUNT = {
  ownerId: 'text',
  country: 'text',
  tradeStatus: 'text',
  poRequired: 'flag',
  msaSignedOn: 'day',
} as const satisfies Columns;

const PARTIES = {
  soldToName: 'text',
  soldToEmail: 'text',
  soldToAddress: 'text',
  billToName: 'text',
  billToEmail: 'text',
  billToAddress: 'text',
  endCustomerName: 'text',
  endCustomerEmail: 'text',
  endCustomerAddress: 'text',
} as const satisfies Columns;

export const QUOTE = {
  ...PARTIES,
  number: 'text',
  status: 'text',
  /** `New Subscription`, `Amend Subscription`, `Renew Subscription`, `Cancel Subscription`. */
  kind: 'text',
  currency: 'text',
  subtotal: 'cents',
  netArr: 'cents',
  /** What a marketplace or OEM partner keeps. */
  margin: 'cents',
  paymentTermDays: 'whole',
  entity: 'text',
  entityAddress: 'text',
  startDate: 'day',
  endDate: 'day',
  poNumber: 'text',
} as const satisfies Columns;

export const LINE = {
  opportunityId: 'text',
  description: 'text',
  /** `Subscription` or `Services`. */
  family: 'text',
  total: 'cents',
} as const satisfies Columns;

/** A paper or a mail: what it is, when the server took it in, who signed, and what stands on it. */
export const DOCUMENT = {
  ...PARTIES,
  opportunityId: 'text',
  kind: 'text',
  addedAt: 'instant',
  /** All pages. */
  complete: 'flag',
  /** What was changed by hand, separated by `;`. */
  handEdits: 'text',
  template: 'text',
  agreementReference: 'text',
  signerName: 'text',
  signerTitle: 'text',
  signerCompany: 'text',
  signedOn: 'day',
  countersignedOn: 'day',
  /** Of a purchase order or an offer. */
  number: 'text',
  quoteNumber: 'text',
  entity: 'text',
  entityAddress: 'text',
  currency: 'text',
  subtotal: 'cents',
  paymentTermDays: 'whole',
  startDate: 'day',
  endDate: 'day',
  /** Descriptions of its lines, one a line, in the order of the quote. */
  lines: 'text',
  /** Why: of a refusal to sign. Until when: of a promise. */
  reason: 'text',
  promisedOn: 'day',
} as const satisfies Columns;

/** A submission for approval: the org stamps it, nobody types it. */
export const SUBMISSION = { opportunityId: 'text', at: 'instant', byId: 'text' } as const satisfies Columns;

/** A step of an approval: of what, which team or role, what they said, and when the org took it in. */
export const APPROVAL = {
  opportunityId: 'text',
  matter: 'text',
  step: 'text',
  decision: 'text',
  byId: 'text',
  at: 'instant',
} as const satisfies Columns;

export const SPLIT = {
  opportunityId: 'text',
  ownerId: 'text',
  share: 'hundredths',
  approvedAt: 'instant',
} as const satisfies Columns;

export const SUBSCRIPTION = { accountId: 'text', carr: 'cents', termEnd: 'day' } as const satisfies Columns;

export type Opportunity = RecordOf<typeof OPPORTUNITY>;
export type Account = RecordOf<typeof ACCOUNT>;
export type Quote = RecordOf<typeof QUOTE>;
export type Line = RecordOf<typeof LINE>;
export type Document = RecordOf<typeof DOCUMENT>;
export type Submission = RecordOf<typeof SUBMISSION>;
export type Approval = RecordOf<typeof APPROVAL>;
export type Split = RecordOf<typeof SPLIT>;
export type Subscription = RecordOf<typeof SUBSCRIPTION>;

export interface Booking extends Opportunity {
  readonly account: Account | null;
  readonly quote: Quote | null;
  readonly subscription: Subscription | null;
  readonly lines: readonly Line[];
  readonly documents: readonly Document[];
  /** In the order of their instants. */
  readonly submissions: readonly Submission[];
  /** In the order of their instants. */
  readonly approvals: readonly Approval[];
  readonly splits: readonly Split[];
  /** Columns (`quote.subtotal`) whose value couldn't be read: they are absent above. */
  readonly unreadable: readonly string[];
}

export const DOCUMENT_KINDS = {
  orderForm: 'Order Form',
  purchaseOrder: 'Purchase Order',
  customSow: 'Custom SOW',
  privateOffer: 'Private Offer',
  offerAcceptance: 'Offer Acceptance',
  oemMail: 'OEM Notification',
  oemSheet: 'OEM Sheet',
  eula: 'EULA Acceptance',
  refusal: 'Refusal to Sign',
  poWaiver: 'PO Waiver',
  poNumberMail: 'PO Number Mail',
  poPromise: 'PO Promise',
  soldToConfirmation: 'Sold-To Confirmation',
  endCustomerConfirmation: 'End Customer Confirmation',
  accessConfirmation: 'Access Confirmation',
} as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[keyof typeof DOCUMENT_KINDS];

/** A type of opportunity, a kind of quote and a delivery that rules speak of, as the CRM calls them. */
export const NEW_BUSINESS = 'New Business';
export const NEW_SUBSCRIPTION = 'New Subscription';
export const SELF_MANAGED = 'Self-Managed';

export const STAGE = {
  awaitingSignature: '6-Awaiting Signature',
  closing: '7-Closing',
  won: 'Closed Won',
  lost: '8-Closed Lost',
  unqualified: '9-Unqualified',
  duplicate: '10-Duplicate',
} as const;
const ENDED: readonly (string | null)[] = [STAGE.won, STAGE.lost, STAGE.unqualified, STAGE.duplicate];

export const isWon = ({ stage }: Pick<Booking, 'stage'>): boolean => stage === STAGE.won;
/** Submitted for approval and under review, or booked. */
export const isSubmitted = ({ stage }: Pick<Booking, 'stage'>): boolean =>
  stage === STAGE.closing || stage === STAGE.won;
/** Neither won nor ended otherwise. */
export const isOpen = ({ stage }: Pick<Booking, 'stage'>): boolean => !ENDED.includes(stage);

/** The latest paper of a kind. */
export function paper(booking: Booking, kind: DocumentKind): Document | null {
  let latest: Document | null = null;
  for (const document of booking.documents)
    if (document.kind === kind && (!latest || (document.addedAt ?? '') >= (latest.addedAt ?? '')))
      latest = document;
  return latest;
}

/** The last time that it was submitted; what was recalled or rejected before doesn't count. */
export const lastSubmission = (booking: Booking): Submission | null => booking.submissions.at(-1) ?? null;

/** Signed in full: "signature, name, title, company, date". */
export const isSignedInFull = (form: Document | null): form is Document =>
  form !== null &&
  form.signedOn !== null &&
  form.signerName !== null &&
  form.signerTitle !== null &&
  form.signerCompany !== null;
