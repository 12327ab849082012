import { CUSTOMER } from '../account-row';
import { GROUPED, MOST_DIGITS, PLAIN } from '../employees';
import { sourceColumn } from '../read-columns';
import type { TerritoryRules } from '../rules';
import { SPACES } from '../texts';
import { ADDRESS_PARTS } from './own';
import { name, step, text, upperSql, type Step } from './words';

/** Codes of signs as DuckDB's regular expressions write them. */
const pattern = (regexp: string): string =>
  text(regexp.replace(/\\u([0-9a-f]{4})/g, (_all, code: string) => `\\x{${code}}`));

/** As `filled` of `../texts.ts`. */
const filledSql = (sql: string): string =>
  `nullif(regexp_replace(${sql}, ${pattern(`^[${SPACES}]+|[${SPACES}]+$`)}, '', 'g'), '')`;
/** As `postCodeOf`. */
const postCodeSql = (sql: string): string =>
  `nullif(${upperSql(`regexp_replace(${sql}, ${pattern(`[${SPACES}]+`)}, '', 'g')`)}, '')`;

/** Digits of a number of employees as `readEmployees` takes it; null: blank, or nothing sensible. */
const digitsSql = (sql: string): string => {
  const value = filledSql(sql);
  return `ltrim(CASE WHEN regexp_matches(${value}, ${pattern(GROUPED)}) THEN regexp_replace(${value}, '[^0-9]', '', 'g')
    WHEN regexp_matches(${value}, ${pattern(PLAIN)}) THEN regexp_replace(${value}, '[.]0{1,2}$', '') END, '0')`;
};

/** Its kind, and the number where it is one. */
const employeesSql = (sql: string, most: number): { readonly kind: string; readonly number: string } => {
  const digits = digitsSql(sql);
  const number = `TRY_CAST(CASE WHEN ${digits} = '' THEN '0' ELSE ${digits} END AS BIGINT)`;
  return {
    kind: `CASE WHEN ${filledSql(sql)} IS NULL OR ${filledSql(sql)} = '-1' THEN 'blank'
    WHEN ${digits} IS NULL THEN 'unreadable' WHEN length(${digits}) > ${MOST_DIGITS} OR ${number} > ${most} THEN 'too-many' ELSE 'number' END`,
    number: `CASE WHEN length(${digits}) <= ${MOST_DIGITS} AND ${number} <= ${most} THEN CAST(${number} AS INTEGER) END`,
  };
};

/** Sources that a read has: those with employees, and those with an address. */
export interface ReadSources {
  readonly employees: readonly string[];
  readonly address: readonly string[];
}

const FLAGS = [
  'is_holding_company',
  'is_named',
  'is_public_sector',
  'is_channel',
  'overrides_hierarchy',
  'is_embargoed',
  'has_account_plan',
];
const DAYS = ['last_activity', 'manual_until', 'holdover_until', 'confirmed_on', 'effective_date'];
const TEXTS = ['relation', 'industry', 'confirmed_segment', 'override_status'];
const WHOLE = ['staging_employees', 'staging_max_family_employees', 'actual_max_family_employees'];
const KEPT = [
  ...[
    'segment',
    ...ADDRESS_PARTS,
    'geo_story',
    'territory',
    'region',
    'sub_region',
    'area',
    'next_owner_id',
  ].map((column) => `staging_${column}`),
  'actual_segment',
  'actual_territory',
];

/** `n` is the number of an account in the order of ids: joins by it are cheap, and rows lie in its order. */
export const numberSteps: readonly Step[] = [
  step(
    'ids that came twice',
    'CREATE OR REPLACE TABLE twice AS SELECT id FROM raw GROUP BY id HAVING count(*) > 1',
  ),
  step(
    'of two accounts of one id the one that changed last',
    `CREATE OR REPLACE VIEW once AS SELECT * FROM raw WHERE id NOT IN (SELECT id FROM twice)
UNION ALL SELECT * FROM (SELECT * FROM raw WHERE id IN (SELECT id FROM twice) QUALIFY row_number() OVER (PARTITION BY id ORDER BY changed_at DESC) = 1)`,
  ),
  step(
    'accounts in order of their ids',
    'CREATE OR REPLACE TABLE numbered AS SELECT CAST(row_number() OVER (ORDER BY id) - 1 AS INTEGER) AS n, id FROM (SELECT DISTINCT id FROM raw)',
  ),
];

/** Every text that a source has for a country, once. */
export const countriesQuery = (sources: ReadSources): string =>
  sources.address.length === 0
    ? "SELECT '' WHERE false"
    : sources.address
        .map(
          (source) =>
            `SELECT DISTINCT ${filledSql(name(sourceColumn(source, 'country')))} AS country FROM raw`,
        )
        .join(' UNION ');

/** Accounts as they are planned: texts of the read in normal form, in order of ids. */
export function accountsQuery(sources: ReadSources, rules: TerritoryRules): string {
  const column = (source: string, part: string): string => name(sourceColumn(source, part));
  const employees = sources.employees.map((source) => {
    const at = column(source, 'employees');
    return `${employeesSql(`a.${at}`, rules.mostEmployees).number} AS ${at}`;
  });
  const addresses = sources.address.flatMap((source, at) =>
    ADDRESS_PARTS.map((part) => {
      const own = column(source, part);
      if (part === 'country') return `c${at}.code AS ${own}`;
      return `${part === 'post_code' ? postCodeSql(`a.${own}`) : filledSql(`a.${own}`)} AS ${own}`;
    }),
  );
  const countries = sources.address.map(
    (source, at) =>
      `LEFT JOIN country c${at} ON c${at}.text = ${filledSql(`a.${column(source, 'country')}`)}`,
  );
  const columns = [
    'i.n',
    'a.id',
    "coalesce(a.name, '') AS name",
    'a.parent_id',
    'p.n AS parent_n',
    ...TEXTS.map((one) => `a.${one}`),
    ...FLAGS.map((one) => `coalesce(a.${one} = 'true', false) AS ${one}`),
    `coalesce(a.type = '${CUSTOMER}', false) AS is_customer`,
    ...['carr', 'open_pipeline'].map(
      (one) => `coalesce(CAST(round(TRY_CAST(a.${one} AS DOUBLE) * 100) AS BIGINT), 0) AS ${one}_cents`,
    ),
    'coalesce(CAST(TRY_CAST(a.open_opportunities AS DOUBLE) AS INTEGER), 0) AS open_opportunities',
    ...DAYS.map((one) => `TRY_CAST(left(a.${one}, 10) AS DATE) AS ${one}`),
    "coalesce(regexp_replace(a.changed_at, '[+]0000$', 'Z'), '') AS changed_at",
    ...employees,
    ...addresses,
    ...KEPT.map((one) => `a.${one}`),
    ...WHOLE.map((one) => `CAST(TRY_CAST(a.${one} AS DOUBLE) AS INTEGER) AS ${one}`),
    "coalesce(a.actual_owner_id, '') AS actual_owner_id",
  ];
  return `SELECT ${columns.join(',\n  ')}
FROM once a JOIN numbered i ON i.id = a.id LEFT JOIN numbered p ON p.id = a.parent_id
${countries.join('\n')}
ORDER BY i.n`;
}

/** What a read has that can't be understood. */
export function readFindings(sources: ReadSources, rules: TerritoryRules): string {
  const told = (source: string, sql: string): string =>
    `${text(`${source}: `)} || coalesce(left(${filledSql(sql)}, 40), '')`;
  return [
    "SELECT 'twice' AS kind, id AS account_id, id AS what FROM twice",
    `SELECT 'missing-parent', id, parent_id FROM once WHERE parent_id IS NOT NULL AND coalesce(relation NOT IN (${rules.notParents.map(text).join(', ') || 'NULL'}), true) AND parent_id NOT IN (SELECT id FROM numbered)`,
    "SELECT 'without-owner', id, id FROM once WHERE actual_owner_id IS NULL",
    ...sources.employees.map((source) => {
      const column = name(sourceColumn(source, 'employees'));
      const { kind } = employeesSql(column, rules.mostEmployees);
      return `SELECT 'employees-' || kind, id, ${told(source, 'said')} FROM (SELECT id, ${column} AS said, ${kind} AS kind FROM once WHERE ${column} IS NOT NULL) WHERE kind IN ('unreadable', 'too-many')`;
    }),
    ...sources.address.map((source) => {
      const column = name(sourceColumn(source, 'country'));
      return `SELECT 'country-unknown', id, ${told(source, column)} FROM once WHERE ${filledSql(column)} IS NOT NULL AND ${filledSql(column)} NOT IN (SELECT text FROM country WHERE code IS NOT NULL)`;
    }),
  ].join('\nUNION ALL ');
}
