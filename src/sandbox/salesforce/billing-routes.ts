import { Router } from 'express';
import { z } from 'zod';
import { WITHOUT_LINES } from '../../domain/close/booked-amounts';
import type { Amount } from '../../domain/close/reconcile';
import { timeIn } from '../clock';
import { asCsv, asJson, plantVariances } from './billing-export';
import { SANDBOX_FIELDS } from './objects-bookings';
import type { Org } from './org';
import type { Row, Scalar } from './schema';

const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const wanted = z.strictObject({
  period,
  /** One row in so many differs. */
  oneIn: z.int().min(1).default(20),
});
const asked = z.object({ period, format: z.enum(['csv', 'json']).default('csv') });

interface Kept {
  readonly rows: readonly Amount[];
  readonly madeAt: string;
}

/**
 * Billing beside the org: `POST /billing {period}` makes an export in which some rows differ, and answers which; `GET /billing?period=…`
 * gives it as CSV, with `&format=json` as JSON. Where none was made, billing says what the org says.
 */
export function billingRoutes(org: Org): Router {
  const router = Router();
  const kept = org.world.table<Kept>('billing-export');
  router.post('/billing', (req, res) => {
    const read = wanted.safeParse(req.body);
    if (!read.success) return void res.status(400).json({ problem: z.prettifyError(read.error) });
    const made = plantVariances(bookedRows(org, read.data.period), read.data.oneIn);
    for (const row of made.again) addAgain(org, row);
    kept.put(read.data.period, { rows: made.rows, madeAt: timeIn(org.world).toISOString() });
    res.json({ rows: made.rows.length, planted: made.planted });
  });
  router.get('/billing', (req, res) => {
    const read = asked.safeParse(req.query);
    if (!read.success) return void res.status(400).json({ problem: z.prettifyError(read.error) });
    const { rows, madeAt } = kept.get(read.data.period) ?? {
      rows: bookedRows(org, read.data.period),
      madeAt: timeIn(org.world).toISOString(),
    };
    res.set('Last-Modified', new Date(madeAt).toUTCString());
    if (read.data.format === 'json') res.type('application/json').send(asJson(rows));
    else res.type('text/csv').send(asCsv(rows));
  });
  return router;
}

const OPPORTUNITY = SANDBOX_FIELDS.opportunity.fields;
const LINE = SANDBOX_FIELDS.line.fields;
const text = (value: Scalar | undefined): string =>
  value === null || value === undefined ? '' : String(value);
const centsOf = (value: Scalar | undefined): number => Math.round(Number(value ?? 0) * 100);

/** What was won in a month, line by line. */
function bookedRows(org: Org, month: string): readonly Amount[] {
  const of = (row: Row, column: string): string => text(row[OPPORTUNITY[column] ?? column]);
  return org.where('Opportunity', 'StageName', 'Closed Won').flatMap((row): readonly Amount[] => {
    if (!of(row, 'closeDate').startsWith(month)) return [];
    const common = {
      opportunity: row.Id,
      entity: of(row, 'entity'),
      currency: of(row, 'currency'),
      period: month,
    };
    const lines = org.where('OpportunityLineItem', 'OpportunityId', row.Id);
    if (lines.length === 0)
      return [{ ...common, product: WITHOUT_LINES, cents: centsOf(row['Amount']), at: row.Id }];
    return lines.map((line) => ({
      ...common,
      product: text(line[LINE['description'] ?? '']),
      cents: centsOf(line[LINE['total'] ?? '']),
      at: line.Id,
    }));
  });
}

/** The CRM has the line once more. */
function addAgain(org: Org, { at, opportunity, product, cents }: Amount): void {
  const line = org.get('OpportunityLineItem', at);
  org.add(
    'OpportunityLineItem',
    line
      ? { ...line }
      : {
          OpportunityId: opportunity,
          [LINE['description'] ?? '']: product,
          [LINE['total'] ?? '']: cents / 100,
        },
    null,
  );
}
