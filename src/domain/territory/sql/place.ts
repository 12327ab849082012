import type { TerritoryTable } from '../place';
import { TOLD } from '../place';
import { PUBLIC_SECTOR } from '../table';
import { step, text, texts, upperSql, type Step } from './words';

/**
 * What of a family decides on its territory (`placeKey`), from columns `segment`, `is_public_sector`, `country`, `state`, `post_code`
 * and `industry` of one alias; what no row names is null.
 */
export function keyParts(
  table: TerritoryTable,
  of: string,
): readonly (readonly [part: string, sql: string])[] {
  const industries = [...table.industries];
  return [
    ['segment', `CASE WHEN ${of}.is_public_sector THEN ${text(PUBLIC_SECTOR)} ELSE ${of}.segment END`],
    ['country', `${of}.country`],
    ['state', stateOf(table, of)],
    ['post', postOf(table, of)],
    [
      'industry',
      industries.length === 0
        ? 'NULL::VARCHAR'
        : `CASE WHEN ${of}.industry IN ${texts(industries)} THEN ${of}.industry END`,
    ],
  ];
}

function stateOf({ stateCountries }: TerritoryTable, of: string): string {
  if (stateCountries.size === 0) return 'NULL::VARCHAR';
  const state = upperSql(`${of}.state`);
  const is = `${of}.country IN ${texts([...stateCountries])}`;
  return stateCountries.has('') ? state : `CASE WHEN ${is} THEN ${state} END`;
}

function postOf({ postLengths }: TerritoryTable, of: string): string {
  const anywhere = postLengths.get('') ?? 0;
  const cut = (length: number): string =>
    length === 0 ? 'NULL::VARCHAR' : `left(${of}.post_code, ${length})`;
  const cases = [...postLengths].flatMap(([country, length]) =>
    country === '' ? [] : [`WHEN ${text(country)} THEN ${cut(Math.max(length, anywhere))}`],
  );
  return cases.length === 0
    ? cut(anywhere)
    : `CASE ${of}.country ${cases.join(' ')} ELSE ${cut(anywhere)} END`;
}

/** A place in a number, for joins: two places that differ have another (but one pair in 10^19). */
export const KEY = 'hash(segment, country, state, post, industry)';

/** The same, from the columns that `keyParts` reads. */
export const keyHash = (table: TerritoryTable, of: string): string =>
  `hash(${keyParts(table, of)
    .map(([, sql]) => sql)
    .join(', ')})`;

/** The rows of each place as `rowsOfPlace` finds them; then what the first of them says of territory and owner. */
export const matchSteps = (hasNamed: boolean): readonly Step[] => [
  step(
    'the rows of each place: the most specific first, then by name, file and line',
    `CREATE OR REPLACE TABLE place AS
SELECT p.*, r.rows FROM place_key p LEFT JOIN (
  SELECT p.place, list(r.row ORDER BY r.specificity DESC, r.row)[1:${TOLD}] AS rows
  FROM place_key p JOIN territory_row r ON r.segment = p.segment AND r.account_id IS NULL
  WHERE (r.country IS NULL OR r.country = p.country)
    AND (r.state IS NULL OR r.state = p.state)
    AND (r.industry IS NULL OR r.industry = p.industry)
    AND (r.post_prefix IS NULL OR starts_with(p.post, r.post_prefix))
    AND (r.post_from IS NULL OR (length(p.post) >= length(r.post_from)
      AND left(p.post, length(r.post_from)) BETWEEN r.post_from AND r.post_to))
  GROUP BY p.place) r ON r.place = p.place`,
  ),
  step(
    'what a place leads to',
    `CREATE OR REPLACE TABLE leads AS
SELECT p.key, p.place, r.row, r.territory, r.region, r.sub_region, r.area, r.next_owner_id, r.is_to_be_hired
FROM place p LEFT JOIN territory_row r ON r.row = p.rows[1]`,
  ),
  ...(hasNamed
    ? [
        step(
          'families that rows name by their ultimate parent',
          `CREATE OR REPLACE TABLE named AS
SELECT x.top, x.rows, r.row, r.territory, r.region, r.sub_region, r.area, r.next_owner_id, r.is_to_be_hired
FROM (SELECT a.n AS top, list(r.row ORDER BY r.row)[1:${TOLD}] AS rows
  FROM account a JOIN territory_row r ON r.account_id = a.id GROUP BY a.n) x JOIN territory_row r ON r.row = x.rows[1]`,
        ),
      ]
    : []),
];
