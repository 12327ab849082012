import type { Day } from './columns';

/** CRM against billing: every difference is a row of its own, with why and whose it is. Amounts are whole cents. */

/** One amount that a side has, on a product of an opportunity. */
export interface Amount {
  readonly opportunity: string;
  readonly product: string;
  readonly entity: string;
  /** ISO 4217. */
  readonly currency: string;
  /** `2026-04`. */
  readonly period: string;
  readonly cents: number;
  /** Where it stands on its side: an id, or `line 12`. */
  readonly at: string;
}

export const VARIANCES = [
  'missing_in_crm',
  'missing_in_billing',
  'twice_in_crm',
  'twice_in_billing',
  'other_period',
  'other_entity',
  'other_currency',
  'other_amount',
] as const;
export type VarianceKind = (typeof VARIANCES)[number];

export interface Variance {
  /** Kind, opportunity and product: the same from day to day. */
  readonly id: string;
  readonly kind: VarianceKind;
  readonly opportunity: string;
  readonly product: string;
  readonly crm: readonly Amount[];
  readonly billing: readonly Amount[];
  /** By how much the sides differ, never negative; of another currency or period all of it. */
  readonly cents: number;
  readonly currency: string;
  readonly reason: VarianceReason | null;
  readonly owner: string;
  /** Above the threshold, and without a reason: the green light waits. */
  readonly blocks: boolean;
}

/** Why a difference of just this size is right as it stands; somebody wrote it down. */
export interface VarianceReason {
  readonly code: string;
  readonly cents: number;
  readonly by: string;
  readonly on: Day;
}

export interface ReconcilePolicy {
  /** Differences of more than this block, by currency; a currency that isn't named: every difference. */
  readonly thresholdCents: Readonly<Record<string, number>>;
  /** Who looks into each kind. */
  readonly owners: Readonly<Record<VarianceKind, string>>;
}

export interface Reconciliation {
  readonly variances: readonly Variance[];
  /** What agrees and what differs, by currency, entity and product. */
  readonly totals: readonly Total[];
}

export interface Total {
  readonly currency: string;
  readonly entity: string;
  readonly product: string;
  readonly crmCents: number;
  readonly billingCents: number;
}

/** @param reasons by the id of the variance */
export function reconcile(
  crm: readonly Amount[],
  billing: readonly Amount[],
  policy: ReconcilePolicy,
  reasons: ReadonlyMap<string, VarianceReason> = new Map(),
): Reconciliation {
  const pairs = new Map<string, { readonly crm: Amount[]; readonly billing: Amount[] }>();
  const pairOf = ({ opportunity, product }: Amount) => {
    const key = JSON.stringify([opportunity, product]);
    const pair = pairs.get(key) ?? { crm: [], billing: [] };
    pairs.set(key, pair);
    return pair;
  };
  for (const amount of crm) pairOf(amount).crm.push(amount);
  for (const amount of billing) pairOf(amount).billing.push(amount);
  const variances = [...pairs.values()].flatMap((pair) =>
    differencesOf(pair.crm, pair.billing).map((difference): Variance => {
      const [one] = [...pair.crm, ...pair.billing];
      const { opportunity = '', product = '', currency = '' } = one ?? {};
      const id = `${difference.kind}/${opportunity}/${product}`;
      const written = reasons.get(id);
      // A difference that grew since isn't explained by what was said of the smaller one.
      const reason = written?.cents === difference.cents ? written : null;
      const large = difference.cents > (policy.thresholdCents[currency] ?? 0);
      const owner = policy.owners[difference.kind];
      return {
        id,
        ...difference,
        opportunity,
        product,
        currency,
        ...pair,
        reason,
        owner,
        blocks: large && !reason,
      };
    }),
  );
  return { variances, totals: totalsOf(crm, billing) };
}

type Difference = Pick<Variance, 'kind' | 'cents'>;

/**
 * What is wrong between the rows of one product of one opportunity. Rows that both sides have are set aside, one for one
 * (instalments may be equal); of what is left, another copy of a row is told as that, and the rest is compared.
 */
function differencesOf(crm: readonly Amount[], billing: readonly Amount[]): readonly Difference[] {
  const ours = beyond(crm, billing);
  const theirs = beyond(billing, crm);
  const found: Difference[] = [];
  if (ours.copies > 0) found.push({ kind: 'twice_in_crm', cents: ours.copies });
  if (theirs.copies > 0) found.push({ kind: 'twice_in_billing', cents: theirs.copies });
  if (ours.rows.length === 0 && theirs.rows.length === 0) return found;
  if (theirs.rows.length === 0) return [...found, { kind: 'missing_in_billing', cents: sizeOf(ours.rows) }];
  if (ours.rows.length === 0) return [...found, { kind: 'missing_in_crm', cents: sizeOf(theirs.rows) }];
  for (const [kind, field] of [
    ['other_currency', 'currency'],
    ['other_period', 'period'],
    ['other_entity', 'entity'],
  ] as const)
    if (!sameValues(ours.rows, theirs.rows, field)) return [...found, { kind, cents: sizeOf(theirs.rows) }];
  return [...found, { kind: 'other_amount', cents: unequal(ours.rows, theirs.rows) }];
}

/** The rows that the other side hasn't; a row that stands here once more than it should is a copy. */
function beyond(
  rows: readonly Amount[],
  others: readonly Amount[],
): { rows: readonly Amount[]; copies: number } {
  const there = new Map<string, number>();
  for (const other of others) there.set(sameOf(other), (there.get(sameOf(other)) ?? 0) + 1);
  const seen = new Set<string>();
  let copies = 0;
  const left = rows.filter((row) => {
    const same = sameOf(row);
    const matches = there.get(same) ?? 0;
    there.set(same, matches - 1);
    const again = seen.has(same);
    seen.add(same);
    if (matches > 0) return false;
    if (again) copies += Math.abs(row.cents);
    return !again;
  });
  return { rows: left, copies };
}

const sameOf = ({ entity, currency, period, cents }: Amount): string =>
  JSON.stringify([entity, currency, period, cents]);
const sizeOf = (rows: readonly Amount[]): number => Math.abs(sum(rows));
const sum = (rows: readonly Amount[]): number => rows.reduce((total, { cents }) => total + cents, 0);

function sameValues(
  a: readonly Amount[],
  b: readonly Amount[],
  field: 'currency' | 'period' | 'entity',
): boolean {
  const [of, there] = [new Set(a.map((row) => row[field])), new Set(b.map((row) => row[field]))];
  return of.size === there.size && [...of].every((value) => there.has(value));
}

/** By how much the sides differ within the same currency, period and entity. */
function unequal(a: readonly Amount[], b: readonly Amount[]): number {
  const left = new Map<string, number>();
  const count = (rows: readonly Amount[], sign: number) => {
    for (const { currency, period, entity, cents } of rows) {
      const key = JSON.stringify([currency, period, entity]);
      left.set(key, (left.get(key) ?? 0) + sign * cents);
    }
  };
  count(a, 1);
  count(b, -1);
  return [...left.values()].reduce((total, cents) => total + Math.abs(cents), 0);
}

function totalsOf(crm: readonly Amount[], billing: readonly Amount[]): readonly Total[] {
  const totals = new Map<string, { -readonly [K in keyof Total]: Total[K] }>();
  const count = (rows: readonly Amount[], side: 'crmCents' | 'billingCents') => {
    for (const { currency, entity, product, cents } of rows) {
      const key = JSON.stringify([currency, entity, product]);
      const total = totals.get(key) ?? { currency, entity, product, crmCents: 0, billingCents: 0 };
      total[side] += cents;
      totals.set(key, total);
    }
  };
  count(crm, 'crmCents');
  count(billing, 'billingCents');
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
}
