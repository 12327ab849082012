import { addDays } from '../../../src/domain/dates';
import { MATTER } from '../../../src/domain/close/decisions';
import { periodOf } from '../../../src/domain/close/period';
import { DOCUMENT_KINDS } from '../../../src/domain/close/booking';
import { openDeal } from '../../../src/sandbox/salesforce/bookings/clean';
import { add } from '../../../src/sandbox/salesforce/bookings/papers';
import type { BookingDraft } from '../../../src/sandbox/salesforce/bookings/draft';
import { approvedBy, deal, make, says } from './deal';
import { APRIL, pacificDay } from './scene';

/** Submitted at another instant; approved at others. */
function submitted(booking: BookingDraft, at: string, reviewed = at): BookingDraft {
  for (const submission of booking.submissions) submission.at = at;
  for (const approval of booking.approvals) approval.at = reviewed;
  return booking;
}

describe('the fiscal calendar', () => {
  it.each([
    ['2026-01', 'FY26', 4, '2026-01-31', '2026-01-31'],
    ['2026-02', 'FY27', 1, '2026-02-28', '2026-04-30'],
    ['2028-02', 'FY29', 1, '2028-02-29', '2028-04-30'],
    ['2026-04', 'FY27', 1, '2026-04-30', '2026-04-30'],
    ['2026-07', 'FY27', 2, '2026-07-31', '2026-07-31'],
    ['2026-08', 'FY27', 3, '2026-08-31', '2026-10-31'],
    ['2026-11', 'FY27', 4, '2026-11-30', '2027-01-31'],
    ['2026-12', 'FY27', 4, '2026-12-31', '2027-01-31'],
  ])('puts %s into %s, quarter %i', (key, fiscalYear, quarter, lastDay, quarterEnd) => {
    expect(periodOf(key, APRIL.cutOff)).toMatchObject({ fiscalYear, quarter, lastDay, quarterEnd });
  });

  it.each(['2026-13', '2026-4', 'April', ''])('refuses %p', (key) => {
    expect(() => periodOf(key, APRIL.cutOff)).toThrow(RangeError);
  });
});

describe('the cut-off: 23:59:59 where the business is', () => {
  it.each([
    ['2026-05-01T06:59:59.000Z', '2026-04-30', 'pass'],
    ['2026-05-01T06:59:59.999Z', '2026-04-30', 'pass'],
    ['2026-05-01T07:00:00.000Z', '2026-05-01', 'roll'],
  ])('submitted at %s, which is %s there: %s', (at, day, verdict) => {
    const booking = { ...submitted(deal(), at), closeDate: '2026-04-30' };
    expect(pacificDay(at)).toBe(day);
    expect(says('cut-off', booking)).toBe(verdict);
  });

  it('sets back what was submitted in time and approved later', () => {
    const booking = { ...submitted(deal(), '2026-05-01T06:59:59.000Z', '2026-05-01T20:00:00.000Z') };
    expect(says('cut-off', { ...booking, closeDate: '2026-05-01' })).toBe('back_date');
    // Not yet approved by both, or of the next period by its start, there is nothing to set back.
    expect(
      says('cut-off', { ...booking, closeDate: '2026-05-01', approvals: booking.approvals.slice(0, 1) }),
    ).toBe('not_applicable');
    const later = {
      ...booking,
      quote: { ...booking.quote!, startDate: '2026-06-15' },
      closeDate: '2026-05-16',
    };
    expect(says('cut-off', later)).toBe('not_applicable');
  });

  it('leaves to the next period what was rejected in the review, even if it was mended', () => {
    const booking = submitted(deal(), '2026-05-01T06:00:00.000Z', '2026-05-01T20:00:00.000Z');
    const [orders] = booking.approvals;
    const rejected = { ...orders!, decision: 'Rejected', at: '2026-05-01T18:00:00.000Z' };
    const mended = { ...booking, approvals: [rejected, ...booking.approvals], closeDate: '2026-04-30' };
    expect(says('cut-off', mended)).toBe('roll');
    expect(says('cut-off', { ...mended, closeDate: '2026-05-01' })).toBe('not_applicable');
  });

  it('believes the stamp of the org, whatever close date somebody typed', () => {
    expect(says('cut-off', { ...deal(), submissions: [], closeDate: '2026-04-30' })).toBe('waits');
    expect(says('submission', { ...deal(), submissions: [] })).toBe('reject');
  });

  it('counts the last submission: what was recalled and submitted again is late', () => {
    const booking = deal();
    const again = { ...booking.submissions[0]!, at: '2026-05-01T07:00:00.000Z' };
    expect(says('cut-off', { ...booking, submissions: [...booking.submissions, again] })).toBe('roll');
  });
});

describe('the booking window, by the policy of the day on which it closes', () => {
  it.each([
    ['2026-04-20', 30, 'pass'],
    ['2026-04-20', 31, 'reject'],
    ['2023-04-20', 15, 'pass'],
    ['2023-04-20', 16, 'reject'],
    ['2024-01-31', 16, 'reject'],
    ['2024-02-01', 30, 'pass'],
  ])('closes on %s, %i days before it starts: %s', (closeDate, days, verdict) => {
    const booking = deal();
    const quote = { ...booking.quote!, startDate: addDays(closeDate, days) };
    const period = periodOf(closeDate.slice(0, 7), `${closeDate}T07:00:00Z`);
    // In another period it would roll; here its first legal day is still in this one.
    const open = { ...period, lastDay: addDays(closeDate, 60) };
    expect(says('booking-window', { ...booking, closeDate, quote }, { period: open })).toBe(verdict);
  });

  it('rolls what may close in the next period only', () => {
    expect(says('booking-window', deal({ startsIn: 41 }))).toBe('roll');
    expect(says('booking-window', deal({ startsIn: 40 }))).toBe('reject');
  });

  it('lets it close earlier where of each group somebody approved that very thing', () => {
    const early = () => deal({ startsIn: 45 });
    expect(says('booking-window', approvedBy(early(), MATTER.early, 'CRO', 'CAO'))).toBe('pass');
    expect(says('booking-window', approvedBy(early(), MATTER.early, 'CFO', 'CAO'))).toBe('roll');
    expect(says('booking-window', approvedBy(early(), MATTER.late, 'CRO', 'CFO'))).toBe('roll');
  });
});

describe('late renewals, by the policy of the day of submission', () => {
  const renewal = (submittedOn: string, daysLate: number) => {
    const booking = deal({ type: 'Renewal', submittedOn, startsIn: -daysLate });
    return booking;
  };
  it.each([
    ['2026-04-20', 15, 'pass'],
    ['2026-04-20', 16, 'reject'],
    ['2023-04-20', 30, 'pass'],
    ['2023-04-20', 31, 'reject'],
    ['2026-04-20', 180, 'needs_person'],
    ['2026-04-20', 181, 'reject'],
  ])('submitted on %s, %i days late: %s', (day, late, verdict) => {
    expect(says('late-renewal', renewal(day, late))).toBe(verdict);
  });

  it.each([
    [179, 'reject'],
    [180, 'needs_person'],
    [181, 'pass'],
  ])('a customer who returns as New Business after %i days: %s', (days, verdict) => {
    const booking = renewal('2026-04-20', days);
    expect(says('late-renewal', { ...booking, type: 'New Business' })).toBe(verdict);
  });

  it('takes a new opportunity on a new subscription, with the lost one reversed on the same day', () => {
    const booking = renewal('2026-04-20', 100);
    booking.createdAt = '2026-04-01T17:00:00.000Z';
    booking.quote!.kind = 'New Subscription';
    const inverse = {
      ...openDeal(make, 'Renewal'),
      subscriptionId: booking.subscriptionId,
      stage: '8-Closed Lost',
      reversesId: '006',
      closeDate: booking.closeDate,
    };
    expect(says('late-renewal', booking, {}, [inverse])).toBe('pass');
    expect(says('late-renewal', booking, {}, [{ ...inverse, closeDate: '2026-04-19' }])).toBe('reject');
    expect(says('late-renewal', booking)).toBe('reject');
    booking.createdAt = '2026-01-11T17:00:00.000Z';
    expect(says('late-renewal', booking, {}, [inverse])).toBe('reject');
  });

  it('lets those approve an exception whom the policy of the day names', () => {
    expect(says('late-renewal', approvedBy(renewal('2026-04-20', 16), MATTER.late, 'Sales VP'))).toBe('pass');
    expect(says('late-renewal', approvedBy(renewal('2023-04-20', 31), MATTER.late, 'Sales VP'))).toBe(
      'reject',
    );
    expect(says('late-renewal', approvedBy(renewal('2023-04-20', 31), MATTER.late, 'CRO', 'PAO'))).toBe(
      'pass',
    );
  });
});

describe('a start that is over', () => {
  it.each([
    ['New Business', 0, 'pass'],
    ['New Business', 1, 'reject'],
    ['Add-On Business', 14, 'pass'],
    ['Add-On Business', 15, 'needs_person'],
    ['Renewal', 14, 'pass'],
    ['Renewal', 15, 'needs_person'],
  ] as const)('%s, %i days back: %s', (type, days, verdict) => {
    expect(says('past-start', deal({ type, startsIn: -days }))).toBe(verdict);
  });

  it('is booked as it is where somebody confirmed the access', () => {
    const booking = deal({ type: 'Add-On Business', startsIn: -40 });
    add(make, booking, DOCUMENT_KINDS.accessConfirmation, '2026-04-20', {});
    expect(says('past-start', booking)).toBe('pass');
  });

  it('closes on the day of its submission', () => {
    const booking = deal({ type: 'Add-On Business', startsIn: -1 });
    expect(says('close-on-submission', booking)).toBe('pass');
    expect(says('close-on-submission', { ...booking, closeDate: '2026-04-21' })).toBe('back_date');
    expect(says('close-on-submission', { ...booking, closeDate: '2026-04-19' })).toBe('reject');
    expect(says('close-on-submission', deal({ startsIn: 0 }))).toBe('not_applicable');
  });
});
