import type { TerritoryRules } from '../rules';
import { parentColumns } from '../read-columns';
import { OwnSql } from './own';
import { name, step, type Step } from './words';

/** Columns that are lists and structures: read as JSON. */
const NESTED = ['rows', 'numbers', 'addresses', 'parent_addresses', 'staging', 'actual'];

/** Rows of `toldQuery`, or of where they are kept, for JavaScript. */
export const readable = (from: string): string =>
  `SELECT * REPLACE (${NESTED.map((column) => `to_json(${column})::VARCHAR AS ${column}`).join(', ')}) FROM ${from}`;

/** The last of so many that differ from staging, after an account. */
export const pageEnd = (after: number, most: number): string =>
  `SELECT max(n) AS n FROM (SELECT n FROM plan WHERE changed <> 0 AND n > ${after} ORDER BY n LIMIT ${most})`;

/**
 * A page of what differs, and what is told of those above: tables of their own, so that joins hold these few in memory, not the accounts
 * of an org.
 */
export const differingSteps = (rules: TerritoryRules, after: number, to: number): readonly Step[] => [
  step(
    'what differs',
    `CREATE OR REPLACE TABLE differing AS SELECT * FROM plan WHERE changed <> 0 AND n > ${after} AND n <= ${to}`,
  ),
  step(
    'ultimate parents of these, and who has the most employees',
    `CREATE OR REPLACE TABLE above AS
SELECT ${parentColumns(rules).map(name).join(', ')} FROM account
WHERE n IN (SELECT top FROM differing WHERE top <> n UNION SELECT most_n FROM differing WHERE most_n <> n)`,
  ),
];

/** What is told of each that differs: what it says of itself, what its ultimate parent says, whose the most is, and rows of its place; in no order. */
export function toldQuery(rules: TerritoryRules, on: string): string {
  // Put together after the joins: few accounts differ.
  const own = new OwnSql(rules, on);
  const numbers = own.standing(rules.precedence.employees, 'employees', (column) => column('employees'));
  const addresses = (of: OwnSql): string =>
    of.standing(
      rules.precedence.address,
      'country',
      (column) =>
        `{'street': ${column('street')}, 'city': ${column('city')}, 'state': ${column('state')}, 'postCode': ${column('post_code')}, 'country': ${column('country')}}`,
    );
  const before = `{'segment': a.staging_segment, 'employees': a.staging_employees, 'maxFamilyEmployees': a.staging_max_family_employees,
    'address': {'street': a.staging_street, 'city': a.staging_city, 'state': a.staging_state, 'postCode': a.staging_post_code, 'country': a.staging_country},
    'geoStory': a.staging_geo_story, 'territory': a.staging_territory, 'region': a.staging_region, 'subRegion': a.staging_sub_region, 'area': a.staging_area, 'nextOwnerId': a.staging_next_owner_id}`;
  const actual = `{'ownerId': a.actual_owner_id, 'segment': a.actual_segment, 'territory': a.actual_territory, 'maxFamilyEmployees': a.actual_max_family_employees}`;
  return `SELECT p.n, a.id, CASE WHEN p.top = p.n THEN a.id ELSE t.id END AS top_id, CASE WHEN p.most_n = p.n THEN a.id ELSE m.id END AS most_id,
  p.employees, p.most, p.segment, p.held, p.changed, p.changes_owner, a.changed_at, a.carr_cents,
  coalesce(l.rows, []) AS rows, l.industry, ${numbers} AS numbers, ${addresses(own)} AS addresses,
  CASE WHEN p.top = p.n THEN ${addresses(own)} ELSE ${addresses(new OwnSql(rules, on, 't'))} END AS parent_addresses,
  ${before} AS staging, ${actual} AS actual
FROM differing p JOIN account a ON a.n = p.n LEFT JOIN above t ON t.n = p.top LEFT JOIN above m ON m.n = p.most_n LEFT JOIN place l ON l.place = p.place`;
}
