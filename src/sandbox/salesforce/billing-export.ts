import { decimal } from '../../domain/close/cents';
import { csvLine } from '../../domain/escape';
import type { Amount, VarianceKind } from '../../domain/close/reconcile';
import { VARIANCES } from '../../domain/close/reconcile';
import { makeId } from './ids';

/** A difference that was planted: what is to be found, and by how much. */
export interface PlantedVariance {
  readonly kind: VarianceKind;
  readonly opportunity: string;
  readonly product: string;
  readonly cents: number;
}

export interface MadeExport {
  readonly rows: readonly Amount[];
  readonly planted: readonly PlantedVariance[];
  /** Rows that the CRM is to have once more. */
  readonly again: readonly Amount[];
}

/** What stands in for another value. */
const OTHER = { entity: 'GitLab BV', currency: 'EUR' } as const;

/**
 * Billing's rows from those of the CRM, with differences of every kind among them, one in so many rows. It compares nothing: what is planted
 * is known from what was done.
 */
export function plantVariances(crm: readonly Amount[], oneIn: number): MadeExport {
  const pairs = new Map<string, Amount[]>();
  for (const row of crm) {
    const key = JSON.stringify([row.opportunity, row.product]);
    pairs.set(key, [...(pairs.get(key) ?? []), row]);
  }
  const rows: Amount[] = [];
  const again: Amount[] = [];
  const planted: PlantedVariance[] = [];
  let count = 0;
  for (const pair of pairs.values()) {
    const [row] = pair;
    // Of what stands there several times, it would depend which of them is spoilt; an order without lines has none to repeat.
    const isPlain = pair.length === 1 && row !== undefined && row.cents > 0 && row.at !== row.opportunity;
    if (!isPlain || ++count % oneIn !== 0) {
      rows.push(...pair);
      continue;
    }
    const kind = VARIANCES[(count / oneIn) % VARIANCES.length] ?? 'other_amount';
    const made = spoilt(kind, row, count);
    rows.push(...made.rows);
    again.push(...made.again);
    planted.push({ kind, ...made.planted });
  }
  return { rows, planted, again };
}

function spoilt(
  kind: VarianceKind,
  row: Amount,
  count: number,
): {
  readonly rows: readonly Amount[];
  readonly again: readonly Amount[];
  readonly planted: Omit<PlantedVariance, 'kind'>;
} {
  const { opportunity, product, cents } = row;
  const planted = { opportunity, product, cents };
  const only = (made: readonly Amount[]) => ({ rows: made, again: [], planted });
  switch (kind) {
    case 'missing_in_billing':
      return only([]);
    case 'missing_in_crm': {
      const unknown = makeId('006', 990_000_000 + count);
      return {
        ...only([row, { ...row, opportunity: unknown }]),
        planted: { ...planted, opportunity: unknown },
      };
    }
    case 'twice_in_billing':
      return only([row, row]);
    case 'twice_in_crm':
      return { ...only([row]), again: [row] };
    case 'other_period':
      return only([{ ...row, period: nextMonth(row.period) }]);
    case 'other_entity':
      return only([{ ...row, entity: OTHER.entity }]);
    case 'other_currency':
      return only([{ ...row, currency: OTHER.currency }]);
    case 'other_amount': {
      const by = (count % 2 === 0 ? 1 : 500_00) + 1;
      return { ...only([{ ...row, cents: cents + by }]), planted: { ...planted, cents: by } };
    }
  }
}

function nextMonth(period: string): string {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

const HEADER = ['Opportunity ID', 'Product', 'Entity', 'Currency', 'Period', 'Amount'];
const cellsOf = ({ opportunity, product, entity, currency, period, cents }: Amount): readonly string[] => [
  opportunity,
  product,
  entity,
  currency,
  period,
  decimal(cents),
];
export const asCsv = (rows: readonly Amount[]): string =>
  [HEADER, ...rows.map(cellsOf)].map((cells) => `${csvLine(cells)}\n`).join('');
export const asJson = (rows: readonly Amount[]): string =>
  JSON.stringify(
    rows.map((row) => Object.fromEntries(cellsOf(row).map((cell, at) => [HEADER[at] ?? '', cell]))),
  );
