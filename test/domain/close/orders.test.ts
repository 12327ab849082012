import { DOCUMENT_KINDS, type Booking } from '../../../src/domain/close/booking';
import { addDays } from '../../../src/domain/dates';
import { MATTER } from '../../../src/domain/close/decisions';
import { poExceptionFrom, poExceptionOf } from '../../../src/domain/close/po-exception';
import { add } from '../../../src/sandbox/salesforce/bookings/papers';
import { paperOf, without, type BookingDraft } from '../../../src/sandbox/salesforce/bookings/draft';
import { approvedBy, deal, make, says } from './deal';
import { closeOf, NOW, THEN } from './scene';

const { purchaseOrder, poPromise, orderForm } = DOCUMENT_KINDS;
const PO = { order: 'paper' } as const;

describe("a purchase order promised at a quarter's end", () => {
  it('is due on day 10, over on day 11, and told of three days ahead', () => {
    expect(poExceptionFrom('2026-04-27', NOW)).toEqual({
      promisedOn: '2026-04-27',
      warnFrom: '2026-05-04',
      lastDay: '2026-05-07',
      decommissionOn: '2026-05-08',
    });
  });

  const promised = (submittedOn = '2026-04-27') => deal({ order: 'promise', submittedOn });
  it.each([
    ['2026-05-03', 'running', 'pass'],
    ['2026-05-04', 'warned', 'pass'],
    ['2026-05-07', 'warned', 'pass'],
    ['2026-05-08', 'over', 'reject'],
  ])('on %s it is %s: %s', (today, state, verdict) => {
    const booking = promised();
    expect(poExceptionOf(booking, closeOf([], { today })).kind).toBe(state);
    expect(says('po-exception', booking, { today })).toBe(verdict);
    expect(says('po-or-waiver', booking, { today })).toBe(verdict === 'pass' ? 'pass' : 'waits');
  });

  it('ends with the purchase order, on whatever day it came', () => {
    const booking = promised();
    add(make, booking, purchaseOrder, '2026-05-09', {});
    expect(says('po-exception', booking, { today: '2026-05-20' })).toBe('not_applicable');
    expect(says('po-or-waiver', booking, { today: '2026-05-20' })).toBe('pass');
  });

  it.each([
    ['2026-04-25', 'pass'],
    ['2026-04-24', 'reject'],
  ])('counts for what was submitted on %s, five days before the last: %s', (day, verdict) => {
    expect(says('po-exception', promised(day))).toBe(verdict);
  });

  it('counts only where both have approved it, and the promise is within ten days', () => {
    const booking = promised();
    paperOf(booking, poPromise).promisedOn = '2026-05-07';
    expect(says('po-exception', booking)).toBe('pass');
    paperOf(booking, poPromise).promisedOn = '2026-05-08';
    expect(says('po-exception', booking)).toBe('reject');
    const halfApproved: Booking = { ...promised(), approvals: promised().approvals.slice(1) };
    expect(says('po-exception', halfApproved)).toBe('reject');
  });

  it('is approved by those whom the policy of the day of the promise names', () => {
    const booking = promised();
    const policyOn = () => THEN;
    expect(says('po-exception', booking, { policyOn })).toBe('reject');
    approvedBy(booking, MATTER.promise, 'Manager Deal Desk', 'Director Billing & AR');
    expect(says('po-exception', booking, { policyOn })).toBe('pass');
  });
});

describe('who needs a purchase order', () => {
  it.each([
    ['none', 'not_applicable'],
    ['paper', 'pass'],
    ['waiver', 'pass'],
    ['number', 'pass'],
  ] as const)('with %s: %s', (order, verdict) => {
    expect(says('po-or-waiver', deal({ order }))).toBe(verdict);
  });

  it('is held without, and asked where nobody knows', () => {
    const booking = deal({ order: 'waiver' });
    without(booking, DOCUMENT_KINDS.poWaiver);
    expect(says('po-or-waiver', booking)).toBe('reject');
    booking.account!.poRequired = null;
    expect(says('po-or-waiver', booking)).toBe('needs_person');
    expect(says('po-or-waiver', { ...booking, account: null })).toBe('waits');
  });
});

describe('what a purchase order must say', () => {
  const changed = (change: (po: ReturnType<typeof paperOf>, booking: BookingDraft) => void, wishes = {}) => {
    const booking = deal({ ...PO, ...wishes });
    change(paperOf(booking, purchaseOrder), booking);
    return booking;
  };

  it.each([
    [-1, 'reject'],
    [0, 'pass'],
    [1, 'reject'],
  ])('a subtotal that is %i cents off: %s', (off, verdict) => {
    expect(
      says(
        'po-subtotal',
        changed((po) => (po.subtotal = po.subtotal! + off)),
      ),
    ).toBe(verdict);
  });

  it.each([
    [-100, 'pass'],
    [100, 'pass'],
    [101, 'reject'],
    [-101, 'reject'],
  ])('of the public sector, %i cents off: %s', (off, verdict) => {
    const booking = deal({ route: 'public_sector' });
    paperOf(booking, purchaseOrder).subtotal = booking.quote!.subtotal! + off;
    expect(says('public-sector-amount', booking)).toBe(verdict);
  });

  it('terms are the same or shorter, and the shorter ones are booked on', () => {
    expect(
      says(
        'po-terms',
        changed((po) => (po.paymentTermDays = po.paymentTermDays! + 1)),
      ),
    ).toBe('reject');
    const shorter = (po: ReturnType<typeof paperOf>) => (po.paymentTermDays = po.paymentTermDays! - 1);
    expect(says('po-terms', changed(shorter))).toBe('reject');
    const booked = changed((po, booking) => (booking.paymentTermDays = shorter(po)));
    expect(says('po-terms', booked)).toBe('pass');
    expect(says('payment-terms', booked)).toBe('pass');
  });

  it('another Sold-To is confirmed by the customer, another end customer by the rep', () => {
    const direct = changed((po) => (po.soldToName = 'Somebody else'));
    expect(says('po-sold-to', direct)).toBe('reject');
    add(make, direct, DOCUMENT_KINDS.soldToConfirmation, '2026-04-20', {});
    expect(says('po-sold-to', direct)).toBe('pass');
    const partner = changed((po) => (po.endCustomerName = 'Somebody else'), { route: 'reseller' });
    add(make, partner, DOCUMENT_KINDS.soldToConfirmation, '2026-04-20', {});
    expect(says('po-end-customer', partner)).toBe('reject');
    add(make, partner, DOCUMENT_KINDS.endCustomerConfirmation, '2026-04-20', {});
    expect(says('po-end-customer', partner)).toBe('pass');
  });

  it('the quote number is needed where it stands for a signature', () => {
    const noNumber = (po: ReturnType<typeof paperOf>) => (po.quoteNumber = null);
    expect(says('po-quote-number', changed(noNumber))).toBe('not_applicable');
    expect(says('po-quote-number', changed(noNumber, { standsOn: 'msa' }))).toBe('reject');
    expect(says('po-quote-number', changed(noNumber, { route: 'msp' }))).toBe('reject');
  });

  it('of a swap through a partner is over $0.00', () => {
    const swap = deal({ ...PO, route: 'reseller', swap: true });
    expect(paperOf(swap, purchaseOrder).subtotal).toBe(0);
    expect(says('po-subtotal', swap)).toBe('pass');
  });

  it("another mismatch Sales Operations may accept, never at the quarter's end, never the currency", () => {
    const excused = (day: string, field: 'entity' | 'currency') => {
      const booking = changed((po) => (po[field] = 'another'), { submittedOn: day });
      booking.financeNotes = 'The customer can only order from their list';
      return approvedBy(booking, MATTER.mismatch, 'Sales Operations');
    };
    expect(says('po-entity', excused('2026-04-20', 'entity'))).toBe('pass');
    expect(says('po-entity', { ...excused('2026-04-20', 'entity'), financeNotes: null })).toBe('reject');
    expect(says('po-entity', excused('2026-04-27', 'entity'))).toBe('reject');
    expect(says('po-currency', excused('2026-04-20', 'currency'))).toBe('reject');
  });
});

describe('the signature of a direct deal', () => {
  it('lacks nothing: name, title, company, date', () => {
    for (const field of ['signerName', 'signerTitle', 'signerCompany', 'signedOn'] as const) {
      const booking = deal();
      paperOf(booking, orderForm)[field] = null;
      expect([field, says('order-form-signed', booking)]).toEqual([field, 'reject']);
    }
  });

  it.each([
    [{ standsOn: 'msa' }, 'pass'],
    [{ standsOn: 'refusal' }, 'pass'],
    [{ standsOn: 'msa', swap: true }, 'reject'],
    [{ standsOn: 'form', swap: true }, 'pass'],
  ] as const)('%j: %s', (wishes, verdict) => {
    expect(says('order-form-signed', deal(wishes))).toBe(verdict);
  });

  it.each([
    [null, 'pass'],
    ['PO number;VAT ID', 'pass'],
    ['PO number;price', 'reject'],
  ])('changed by hand in %p: %s', (handEdits, verdict) => {
    const booking = deal();
    paperOf(booking, orderForm).handEdits = handEdits;
    expect(says('order-form-whole', booking)).toBe(verdict);
  });

  it('was there at the cut-off', () => {
    const booking = deal();
    const form = paperOf(booking, orderForm);
    form.addedAt = '2026-05-01T06:59:59.000Z';
    form.signedOn = '2026-04-30';
    expect(says('papers-in-time', booking)).toBe('pass');
    expect(
      says('papers-in-time', { ...booking, documents: [{ ...form, addedAt: '2026-05-01T07:00:00.000Z' }] }),
    ).toBe('roll');
    expect(
      says('papers-in-time', { ...booking, documents: [{ ...form, signedOn: addDays('2026-04-30', 1) }] }),
    ).toBe('roll');
  });
});
