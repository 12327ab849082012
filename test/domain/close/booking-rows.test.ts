import fc from 'fast-check';
import {
  bookingsFrom,
  BOOKING_RECORDS,
  READ,
  type BookingRecord,
} from '../../../src/domain/close/booking-rows';
import { judge } from '../../../src/domain/close/judge';
import { closeOf } from './scene';

describe('what the CRM says, as a value', () => {
  it.each([
    ['cents', '1234.56', 123_456],
    ['cents', '1234.5', 123_450],
    ['cents', '1234', 123_400],
    ['cents', '-0.01', -1],
    ['cents', '0.29', 29],
    ['cents', '1.25E7', 1_250_000_000],
    ['cents', '1.0E-2', 1],
    ['cents', '10.000', 1_000],
    ['cents', '0', 0],
    ['cents', '10.001', undefined],
    ['cents', '1,234.00', undefined],
    ['cents', '12,50', undefined],
    ['cents', '$5', undefined],
    ['cents', '99999999999999999', undefined],
    ['hundredths', '33.33', 33_33],
    ['hundredths', '33.333', undefined],
    ['whole', '30', 30],
    ['whole', '30.0', 30],
    ['whole', '30.5', undefined],
    ['day', '2026-02-28', '2026-02-28'],
    ['day', '2026-02-29', undefined],
    ['day', '28/02/2026', undefined],
    ['instant', '2026-05-01T06:59:59.000+0000', '2026-05-01T06:59:59.000Z'],
    ['instant', '2026-05-01T06:59:59Z', '2026-05-01T06:59:59.000Z'],
    ['instant', '2026-05-01T06:59:59', undefined],
    ['instant', '2026-05-01T06:59:59+0200', undefined],
    ['flag', 'true', true],
    ['flag', 'NO', false],
    ['flag', 'perhaps', undefined],
  ] as const)('%s %s is %p', (kind, text, value) => {
    expect(READ[kind](text)).toBe(value);
  });

  it('reads every amount of whole cents back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        const text = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
        // Minus nothing is nothing.
        expect(READ.cents(text)).toBe(cents === 0 ? 0 : cents);
      }),
    );
  });
});

const row = (record: BookingRecord, id: string, values: Record<string, string>): string[] => [
  id,
  ...Object.keys(BOOKING_RECORDS[record]).map((column) => values[column] ?? ''),
];
const NONE = {
  account: [],
  quote: [],
  subscription: [],
  line: [],
  document: [],
  submission: [],
  approval: [],
  split: [],
};

it('puts together what belongs together, submissions and approvals in their order', () => {
  const [booking, ...others] = bookingsFrom({
    ...NONE,
    opportunity: [row('opportunity', '006A', { accountId: '001A', quoteId: 'a0Q9', amount: '10.50' })],
    account: [row('account', '001A', { country: 'US' }), row('account', '001B', {})],
    line: [row('line', '00kB', { opportunityId: '006B' }), row('line', '00kA', { opportunityId: '006A' })],
    submission: [
      row('submission', '04g2', { opportunityId: '006A', at: '2026-04-02T00:00:00.000+0000' }),
      row('submission', '04g1', { opportunityId: '006A', at: '2026-04-01T00:00:00.000+0000' }),
    ],
  });
  expect(others).toEqual([]);
  expect(booking).toMatchObject({
    id: '006A',
    amount: 10_50,
    account: { id: '001A', country: 'US' },
    quote: null,
    lines: [{ id: '00kA' }],
    submissions: [{ id: '04g1' }, { id: '04g2' }],
    unreadable: [],
  });
});

it("asks a person about what can't be read, wherever it stands, and takes it for nothing else", () => {
  const [booking] = bookingsFrom({
    ...NONE,
    opportunity: [row('opportunity', '006A', { stage: '7-Closing', amount: '12,50' })],
    split: [row('split', '1SPA', { opportunityId: '006A', share: 'half' })],
  });
  expect(booking).toMatchObject({ amount: null, unreadable: ['opportunity.amount', 'split.share'] });
  const found = judge(booking!, closeOf([booking!])).find(({ check }) => check === 'readable');
  expect(found?.verdict).toEqual({
    kind: 'needs_person',
    question: "opportunity.amount, split.share can't be read: what should it be?",
  });
});
