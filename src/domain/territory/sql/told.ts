import type { TerritoryRules } from '../rules';
import { OwnSql } from './own';

/** Columns that are lists and structures: read as JSON. */
const NESTED = ['rows', 'numbers', 'addresses', 'parent_addresses', 'staging', 'actual'];

/** Rows of `toldQuery`, or of where they are kept, for JavaScript. */
export const readable = (from: string): string =>
  `SELECT * REPLACE (${NESTED.map((column) => `to_json(${column})::VARCHAR AS ${column}`).join(', ')}) FROM ${from}`;

/** What is told of a planned account: what it says of itself, what its ultimate parent says, whose the most is, and rows of its place. */
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
  return `SELECT p.n, a.id, t.id AS top_id, m.id AS most_id, p.employees, p.most, p.segment, p.held, p.changed, p.changes_owner, a.changed_at, a.carr_cents,
  coalesce(l.rows, []) AS rows, l.industry, ${numbers} AS numbers, ${addresses(own)} AS addresses, ${addresses(new OwnSql(rules, on, 't'))} AS parent_addresses,
  ${before} AS staging, ${actual} AS actual
FROM plan p JOIN account a ON a.n = p.n JOIN account t ON t.n = p.top
LEFT JOIN account m ON m.n = p.most_n LEFT JOIN place l ON l.place = p.place`;
}
