import { HELD } from '../placement';
import { CHANGED } from './plan';
import { texts } from './words';

const SUM = 'count(*) AS accounts, coalesce(sum(carr_cents), 0)::BIGINT AS carr_cents';
const has = (bits: string, at: number): string => `(${bits} & ${1 << at}) <> 0`;
const list = (names: readonly string[]): string =>
  names.length === 0 ? '[]::VARCHAR[]' : `[${texts(names).slice(1, -1)}]`;

/** Staged anew, or given to another owner now: an account counts once, whichever of the two it is. */
const TOUCHED = 'changed <> 0 OR (changes_owner AND held = 0 AND is_due)';

/** What a plan comes to. */
export const figuresQuery = `SELECT count(*) AS accounts,
  count(*) FILTER (changed <> 0 AND is_new) AS added, count(*) FILTER (changed <> 0 AND NOT is_new) AS changed,
  count(*) FILTER (${TOUCHED}) AS touched,
  coalesce(sum(carr_cents) FILTER (${TOUCHED}), 0)::BIGINT AS carr_cents,
  count(*) FILTER (changes_owner AND held = 0) AS moves, count(*) FILTER (held <> 0) AS held,
  count(*) FILTER (changes_owner AND held = 0 AND is_due) AS due
FROM plan`;

/** The difference as people read it: by field, by the rule and source it comes from, by territory, by what holds. */
export function summaryQueries(
  territories: readonly string[],
  sources: { readonly employees: readonly string[]; readonly address: readonly string[] },
): Readonly<Record<'fields' | 'reasons' | 'territories' | 'held' | 'findings', string>> {
  const each = (names: readonly string[], bits: string): string =>
    names
      .map(
        (name, at) => `SELECT '${name}' AS name, ${SUM} FROM plan WHERE ${has(bits, at)} HAVING count(*) > 0`,
      )
      .join(' UNION ALL ');
  const by = (name: string, field: (typeof CHANGED)[number]): string =>
    `SELECT ${name} AS name, ${SUM} FROM plan WHERE ${has('changed', CHANGED.indexOf(field))} GROUP BY 1`;
  const order = 'ORDER BY accounts DESC, name';
  return {
    fields: `SELECT * FROM (${each(CHANGED, 'changed')}) ${order}`,
    reasons: `SELECT * FROM (${[
      by(`'employees: ' || coalesce(${list(sources.employees)}[employees_at], 'unknown')`, 'employees'),
      by(`'segment: ' || CASE WHEN most IS NULL THEN 'unknown-as-smb' ELSE 'segment-bounds' END`, 'segment'),
      by(`'address: ' || coalesce(${list(sources.address)}[address_at], 'unknown')`, 'address'),
      by(
        `'territory: ' || CASE WHEN row IS NULL THEN 'no-row' WHEN top <> n THEN 'ultimate-parent' ELSE 'own-place' END`,
        'territory',
      ),
    ].join(' UNION ALL ')}) ${order}`,
    territories: `SELECT coalesce(${list(territories)}[row + 1], 'none') AS name, ${SUM} FROM plan WHERE ${has('changed', CHANGED.indexOf('territory'))} GROUP BY 1 ${order}`,
    held: `SELECT * FROM (${each(HELD, 'held')}) ${order}`,
    findings: `SELECT kind AS name, count(*) AS accounts, 0 AS carr_cents FROM finding GROUP BY 1 ${order}`,
  };
}
