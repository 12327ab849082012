import fc from 'fast-check';
import {
  reconcile,
  VARIANCES,
  type Amount,
  type ReconcilePolicy,
  type VarianceKind,
} from '../../../src/domain/close/reconcile';

const POLICY: ReconcilePolicy = {
  thresholdCents: { USD: 100_00 },
  owners: Object.fromEntries(VARIANCES.map((kind) => [kind, `${kind} team`])) as Record<VarianceKind, string>,
};
const row = (changes: Partial<Amount> = {}): Amount => ({
  opportunity: '006A',
  product: 'Ultimate',
  entity: 'GitLab Inc',
  currency: 'USD',
  period: '2026-04',
  cents: 1_000_00,
  at: 'line 2',
  ...changes,
});
const kinds = (crm: readonly Amount[], billing: readonly Amount[]) =>
  reconcile(crm, billing, POLICY).variances.map(({ kind, cents }) => [kind, cents]);

describe('each difference is of a kind of its own', () => {
  const more = row({ cents: 300_00 });
  it.each([
    ['nothing', [row()], [row()], []],
    ['equal instalments', [row(), row()], [row(), row()], []],
    ['missing in billing', [row()], [], [['missing_in_billing', 1_000_00]]],
    ['missing in CRM', [], [row()], [['missing_in_crm', 1_000_00]]],
    ['an instalment missing in billing', [row(), more], [row()], [['missing_in_billing', 300_00]]],
    ['twice in CRM', [row(), row()], [row()], [['twice_in_crm', 1_000_00]]],
    ['twice in billing', [row()], [row(), row(), row()], [['twice_in_billing', 2_000_00]]],
    [
      'twice in CRM, missing in billing',
      [row(), row()],
      [],
      [
        ['twice_in_crm', 1_000_00],
        ['missing_in_billing', 1_000_00],
      ],
    ],
    ['another period', [row()], [row({ period: '2026-05' })], [['other_period', 1_000_00]]],
    ['another entity', [row()], [row({ entity: 'GitLab BV' })], [['other_entity', 1_000_00]]],
    ['another currency', [row()], [row({ currency: 'EUR' })], [['other_currency', 1_000_00]]],
    ['a cent', [row()], [row({ cents: 1_000_01 })], [['other_amount', 1]]],
    ['a credit', [row({ cents: -5_00 })], [row({ cents: 5_00 })], [['other_amount', 10_00]]],
  ])('%s', (_name, crm, billing, expected) => {
    expect(kinds(crm, billing)).toEqual(expected);
  });

  it('keeps products and opportunities apart', () => {
    expect(kinds([row(), row({ product: 'Storage' })], [row(), row({ opportunity: '006B' })])).toEqual([
      ['missing_in_billing', 1_000_00],
      ['missing_in_crm', 1_000_00],
    ]);
  });
});

describe('the green light', () => {
  const of = (cents: number, currency = 'USD', reasons = new Map()) =>
    reconcile([row({ currency })], [row({ currency, cents: 1_000_00 + cents })], POLICY, reasons)
      .variances[0]!;

  it.each([
    [100_00, 'USD', false],
    [100_01, 'USD', true],
    [1, 'EUR', true],
  ])('a difference of %i cents in %s blocks it: %p', (cents, currency, blocks) => {
    expect(of(cents, currency)).toMatchObject({ blocks, owner: 'other_amount team' });
  });

  it('comes on where somebody said why, until the difference is another one', () => {
    const reason = { code: 'REBATE', cents: 200_00, by: 'amber', on: '2026-05-04' };
    const reasons = new Map([['other_amount/006A/Ultimate', reason]]);
    expect(of(200_00, 'USD', reasons)).toMatchObject({ blocks: false, reason });
    expect(of(200_01, 'USD', reasons)).toMatchObject({ blocks: true, reason: null });
  });
});

const amounts = fc.array(
  fc.record({
    opportunity: fc.constantFrom('006A', '006B', '006C'),
    product: fc.constantFrom('Premium', 'Ultimate'),
    entity: fc.constantFrom('GitLab Inc', 'GitLab BV'),
    currency: fc.constantFrom('USD', 'EUR'),
    period: fc.constantFrom('2026-04', '2026-05'),
    cents: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    at: fc.constant(''),
  }),
  { maxLength: 12 },
);

it('finds nothing in a file and the same rows in any order', () => {
  fc.assert(
    fc.property(amounts, (rows) => {
      expect(kinds(rows, [...rows].reverse())).toEqual([]);
    }),
  );
});

it('finds something exactly where the sides differ, and the same seen from the other side', () => {
  const mirrored = (kind: VarianceKind): string =>
    kind.endsWith('_in_crm')
      ? kind.replace('_in_crm', '_in_billing')
      : kind.replace('_in_billing', '_in_crm');
  const sorted = (rows: readonly Amount[]) => rows.map((one) => JSON.stringify(one)).sort();
  fc.assert(
    fc.property(amounts, amounts, (crm, billing) => {
      const found = reconcile(crm, billing, POLICY).variances;
      expect(found.length === 0).toBe(JSON.stringify(sorted(crm)) === JSON.stringify(sorted(billing)));
      const other = reconcile(billing, crm, POLICY).variances;
      expect(other.map(({ kind, opportunity }) => `${mirrored(kind)} ${opportunity}`).sort()).toEqual(
        found.map(({ kind, opportunity }) => `${kind} ${opportunity}`).sort(),
      );
    }),
  );
});

it('adds up by currency, entity and product, to the cent', () => {
  const { totals } = reconcile(
    [row({ cents: 10 }), row({ cents: 20, opportunity: '006B' })],
    [row({ cents: 29 })],
    POLICY,
  );
  expect(totals).toEqual([
    { currency: 'USD', entity: 'GitLab Inc', product: 'Ultimate', crmCents: 30, billingCents: 29 },
  ]);
});
