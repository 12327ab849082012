import type { TerritoryRules } from '../rules';
import { CYCLE_BIT } from './plan';
import { ADDRESS_PARTS, OwnSql } from './own';
import { PUBLIC_SECTOR } from '../table';
import { name, text, texts } from './words';

/** How kept nights are put beside each other, and beside other tables. Accounts in a cycle stay where they are: they aren't counted. */

const SUMS =
  'count(*) AS accounts, coalesce(sum(a.carr_cents), 0)::BIGINT AS carr_cents, coalesce(sum(a.open_pipeline_cents), 0)::BIGINT AS pipeline_cents';

/** Each account of a night with what its own sources say of where it is. */
function ownQuery(rules: TerritoryRules, on: string, from: string): string {
  const own = new OwnSql(rules, on);
  const parts = ADDRESS_PARTS.map((part) => `${own.address(part)} AS ${part}`).join(', ');
  return `SELECT a.n, a.id, ${parts} FROM (SELECT a.*, ${own.addressAt()} AS address_at FROM ${from} a) a`;
}

/**
 * Accounts of a night by the place of their families: how many, and how much.
 *
 * @param named ultimate parents that tables name: a place of their own
 */
export function placedQuery(rules: TerritoryRules, on: string, named: readonly string[]): string {
  const top = named.length === 0 ? 'NULL::VARCHAR' : `CASE WHEN t.id IN ${texts(named)} THEN t.id END`;
  return `WITH own AS (${ownQuery(rules, on, 'account')}),
industries AS (
  SELECT top, arg_min(industry, {'less': -times, 'name': industry}) AS industry
  FROM (SELECT p.top, a.industry, count(*) AS times FROM plan p JOIN account a ON a.n = p.n
    WHERE a.industry IS NOT NULL GROUP BY ALL)
  GROUP BY top)
SELECT ${top} AS top_id, CASE WHEN u.is_public_sector THEN ${text(PUBLIC_SECTOR)} ELSE p.segment END AS segment, t.country, t.state, t.post_code, i.industry, ${SUMS}
FROM plan p JOIN account a ON a.n = p.n JOIN own t ON t.n = p.top JOIN account u ON u.n = p.top LEFT JOIN industries i ON i.top = p.top
WHERE p.held <> ${CYCLE_BIT} GROUP BY ALL`;
}

/** One of two nights: the schema that its views are in, and what it was planned by. */
export interface NightSide {
  readonly schema: string;
  readonly rules: TerritoryRules;
  readonly on: string;
}

/** Accounts of a night by country, by what stands in staging, and by the row from which their territory comes in its plan. */
export function stagedFlowsQuery({ rules, on }: Omit<NightSide, 'schema'>): string {
  return `SELECT t.country, a.staging_territory, a.staging_next_owner_id, p.row, ${SUMS}
FROM plan p JOIN account a ON a.n = p.n JOIN (${ownQuery(rules, on, 'account')}) t ON t.n = p.top
WHERE p.held <> ${CYCLE_BIT} GROUP BY ALL`;
}

/** Accounts of two nights by country, and by the row of the table from which their territory comes in each. */
export function flowsQuery(before: NightSide, after: NightSide): string {
  const side = ({ schema, rules, on }: NightSide): string =>
    `SELECT a.id, p.row, t.country, a.carr_cents, a.open_pipeline_cents
  FROM ${name(schema)}.plan p JOIN ${name(schema)}.account a ON a.n = p.n
  JOIN (${ownQuery(rules, on, `${name(schema)}.account`)}) t ON t.n = p.top WHERE p.held <> ${CYCLE_BIT}`;
  return `SELECT a.country, a.before_row, a.after_row, ${SUMS} FROM (
  SELECT coalesce(y.country, x.country) AS country, x.row AS before_row, y.row AS after_row,
    coalesce(y.carr_cents, x.carr_cents) AS carr_cents, coalesce(y.open_pipeline_cents, x.open_pipeline_cents) AS open_pipeline_cents
  FROM (${side(before)}) x FULL JOIN (${side(after)}) y ON y.id = x.id) a
GROUP BY ALL`;
}
