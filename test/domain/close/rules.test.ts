import { ask, type Check } from '../../../src/domain/close/check';
import { DOCUMENT_KINDS } from '../../../src/domain/close/booking';
import { CHECKS } from '../../../src/domain/close/checks';
import { judge, outcomeOf } from '../../../src/domain/close/judge';
import { MATTER } from '../../../src/domain/close/decisions';
import { openDeal, webDeal } from '../../../src/sandbox/salesforce/bookings/clean';
import { newSplit, paperOf } from '../../../src/sandbox/salesforce/bookings/draft';
import { approvedBy, deal, make, says } from './deal';
import { closeOf, THEN } from './scene';

describe('the list of checks', () => {
  it('has each once, in words, with its source', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
    for (const { words, source } of CHECKS) {
      expect(words).toMatch(/^[A-Z].{15,}\.$/s);
      expect(source).not.toBe('');
    }
  });

  it('asks a person where a check fails on a record, and goes on with the others', () => {
    const broken: Check = {
      ...CHECKS[0]!,
      id: 'broken',
      judge: () => {
        throw new TypeError('somebody@customer.example');
      },
    };
    const booking = { ...deal(), currency: 'EUR' };
    const found = judge(booking, closeOf([booking]), [broken, ...CHECKS]);
    expect(found.map(({ check }) => check)).toEqual(['broken', 'currency']);
    expect(found[0]?.verdict).toEqual(ask('The check failed on this record: does it keep the rule?'));
    expect(outcomeOf(found)).toBe('reject');
    expect(outcomeOf([])).toBe('pass');
  });

  it('names an opportunity without an account once, and passes nothing that looks at accounts', () => {
    const booking = { ...deal(), account: null, accountId: null };
    expect(judge(booking, closeOf([booking])).map(({ check }) => check)).toEqual(['account']);
    expect(says('trade-check', booking)).toBe('waits');
  });

  it('lets no route pass that it does not know', () => {
    expect(says('route', { ...deal(), route: 'Direct' })).toBe('reject');
    expect(says('order-form-signed', { ...deal(), route: null })).toBe('waits');
  });
});

describe('services with a first order', () => {
  const first = (changes: object) => ({
    ...deal(),
    firstOrder: true,
    segment: 'Large',
    geo: 'AMER',
    ...changes,
  });
  it.each([
    [20_000_00, 15_000_00, 'Large', 'AMER', 'pass'],
    [20_000_00, 14_999_99, 'Large', 'AMER', 'reject'],
    [19_999_99, 0, 'Large', 'AMER', 'not_applicable'],
    [20_000_00, 0, 'Large', 'APAC', 'not_applicable'],
    [20_000_00, 0, 'PubSec', 'EMEA', 'reject'],
    [20_000_00, 0, 'Mid-Market', 'APAC', 'reject'],
    [20_000_00, 0, 'SMB', 'AMER', 'not_applicable'],
    [20_000_00, 0, null, 'AMER', 'needs_person'],
  ])('net ARR %i, services %i, %s in %s: %s', (netArr, servicesAttached, segment, geo, verdict) => {
    expect(says('services-attached', first({ netArr, servicesAttached, segment, geo }))).toBe(verdict);
  });

  it('may be done without by an approval', () => {
    const booking = approvedBy(deal(), MATTER.services, 'Services Attach');
    expect(
      says('services-attached', {
        ...booking,
        firstOrder: true,
        segment: 'Large',
        geo: 'AMER',
        netArr: 20_000_00,
      }),
    ).toBe('pass');
  });
});

describe('papers of the other routes', () => {
  it.each([
    ['2026-04-30', 'pass'],
    ['2026-05-01', 'reject'],
  ])('an offer on GCP for a start on 2026-04-30, accepted on %s: %s', (signedOn, verdict) => {
    const booking = deal({ route: 'gcp' });
    paperOf(booking, DOCUMENT_KINDS.privateOffer).signedOn = signedOn;
    expect(says('gcp-start', booking)).toBe(verdict);
  });

  it('an OEM deal is Net 60', () => {
    const booking = deal({ route: 'ibm_oem' });
    expect(says('oem-terms', booking)).toBe('pass');
    booking.quote!.paymentTermDays = 59;
    expect(says('oem-terms', booking)).toBe('reject');
  });

  it("what is asked on submission, and the review of a customer's form, is so since 2024", () => {
    const booking = { ...deal(), competitors: null, agreementType: 'Other' };
    expect(says('submit-answers', booking)).toBe('reject');
    expect(says('serial-review', booking)).toBe('reject');
    const policyOn = () => THEN;
    expect(says('submit-answers', booking, { policyOn })).toBe('not_applicable');
    expect(says('serial-review', booking, { policyOn })).toBe('not_applicable');
  });
});

describe('hygiene', () => {
  it.each([
    [[100_00], 'pass'],
    [[33_33, 33_33, 33_34], 'pass'],
    [[33_33, 33_33, 33_33], 'reject'],
    [[60_00, 40_01], 'reject'],
    [[], 'not_applicable'],
  ])('splits of %j hundredths: %s', (shares, verdict) => {
    const booking = deal();
    const splits = shares.map((share) => ({ ...newSplit(make), share, ownerId: booking.ownerId }));
    expect(says('splits', { ...booking, splits })).toBe(verdict);
  });

  it.each([
    ['SMB', 6, 'pass'],
    ['SMB', 7, 'reject'],
    ['Large', 44, 'pass'],
    ['Large', 45, 'reject'],
    ['Nobody', 1, 'needs_person'],
  ])('an early-stage deal of %s that rests for %i days: %s', (segment, days, verdict) => {
    const at = new Date(Date.UTC(2026, 4, 4 - days)).toISOString().slice(0, 10);
    const booking = { ...openDeal(make, 'New Business'), stage: '1-Discovery', segment, movedOn: at };
    expect(says('stalled', booking)).toBe(verdict);
  });

  it.each([
    ['2026-05-14', 'Move the close date, or close it.'],
    ['2026-05-15', 'Sales Operations moves it with the others.'],
  ])('on %s what is overdue since April is mended so: %s', (today, mend) => {
    const booking = { ...openDeal(make, 'New Business'), closeDate: '2026-04-30', stage: '4-Proposal' };
    const [finding] = judge(booking, closeOf([booking], { today }));
    expect(finding).toMatchObject({ check: 'past-dated', verdict: { mend } });
  });

  it('a licence is delivered on the day after the booking at the latest', () => {
    const booking = { ...deal(), delivery: 'Self-Managed', licenceDeliveredOn: null };
    expect(says('licence-delivery', booking, { today: '2026-04-21' })).toBe('pass');
    expect(says('licence-delivery', booking, { today: '2026-04-22' })).toBe('reject');
  });

  it('web deals get their ARR when the month is over', () => {
    const booking = { ...webDeal(make), netArr: null, bookedArr: null };
    expect(says('web-direct-arr', booking, { today: '2026-04-30' })).toBe('not_applicable');
    expect(says('booked-arr', booking, { today: '2026-04-30' })).toBe('not_applicable');
    expect(says('web-direct-arr', booking, { today: '2026-05-01' })).toBe('reject');
  });
});

describe('approvals', () => {
  it('count for the submission that they followed, not for one that was recalled', () => {
    const booking = deal();
    const again = { ...booking.submissions[0]!, at: '2026-04-20T21:00:00.000Z' };
    expect(says('two-teams', booking)).toBe('pass');
    expect(says('two-teams', { ...booking, submissions: [...booking.submissions, again] })).toBe('reject');
  });

  it('do not count for another matter', () => {
    const booking = deal();
    for (const approval of booking.approvals) approval.matter = MATTER.review;
    expect(says('two-teams', booking)).toBe('reject');
  });
});
