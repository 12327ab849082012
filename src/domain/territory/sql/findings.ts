import { CYCLE_BIT } from './plan';

/** Places that nobody is for, and places that two rows claim with the same right (`placeFindings`). */
export const placeFindingsQuery = (hasNamed: boolean): string => {
  const without = hasNamed ? ' AND p.top NOT IN (SELECT top FROM named)' : '';
  const inTable = `SELECT DISTINCT p.place FROM plan p WHERE p.held <> ${CYCLE_BIT}${without}`;
  const overlap = (of: string, rows: string): string => `
SELECT DISTINCT 'overlap' AS kind, NULL AS account_id, first.name || ' ' || rival.name AS what
FROM (${of}) x JOIN territory_row first ON first.row = x.rows[1]
JOIN LATERAL (SELECT min(r.row) AS row FROM territory_row r WHERE ${rows} AND r.territory <> first.territory) o ON o.row IS NOT NULL
JOIN territory_row rival ON rival.row = o.row`;
  const ofPlace = `SELECT r.* FROM place r WHERE r.place IN (${inTable})`;
  return [
    `SELECT 'no-row' AS kind, NULL AS account_id, concat_ws(' ', segment, country, state, post, industry) AS what FROM (${ofPlace}) WHERE rows IS NULL`,
    overlap(ofPlace, SAME_RIGHT),
    ...(hasNamed
      ? [
          overlap(
            `SELECT n.rows FROM named n WHERE n.top IN (SELECT top FROM plan WHERE held <> ${CYCLE_BIT})`,
            'r.account_id = first.account_id',
          ),
        ]
      : []),
  ].join('\nUNION ALL ');
};

/** Rows that match the place as well, and say as much. */
const SAME_RIGHT = `r.account_id IS NULL AND r.segment = x.segment AND r.specificity = first.specificity
  AND (r.country IS NULL OR r.country = x.country) AND (r.state IS NULL OR r.state = x.state) AND (r.industry IS NULL OR r.industry = x.industry)
  AND (r.post_prefix IS NULL OR starts_with(x.post, r.post_prefix))
  AND (r.post_from IS NULL OR (length(x.post) >= length(r.post_from) AND left(x.post, length(r.post_from)) BETWEEN r.post_from AND r.post_to))`;
