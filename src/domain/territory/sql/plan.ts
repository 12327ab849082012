import { HELD } from '../placement';
import type { TerritoryTable } from '../place';
import type { TerritoryRules } from '../rules';
import { fiscalYearStart, isProactive, staleBefore } from '../windows';
import { ADDRESS_PARTS, OwnSql } from './own';
import { KEY, keyHash, keyParts } from './place';
import { day, step, text, type Step } from './words';

/** What a plan in SQL is made by. */
export interface SqlWorld {
  readonly on: string;
  readonly rules: TerritoryRules;
  readonly table: TerritoryTable;
}

/** Fields that may differ from staging, a bit each in `changed`. */
export const CHANGED = [
  'segment',
  'employees',
  'maxFamilyEmployees',
  'address',
  'geoStory',
  'territory',
  'region',
  'subRegion',
  'area',
  'nextOwnerId',
] as const;
export type Changed = (typeof CHANGED)[number];

export const CYCLE_BIT = 1 << HELD.indexOf('cycle');

const segmentSql = ({ segments, unknown }: TerritoryRules, employees: string): string => {
  const cases = segments.map(
    ({ name, from, to }) =>
      `WHEN ${employees} >= ${from}${to === null ? '' : ` AND ${employees} <= ${to}`} THEN ${text(name)}`,
  );
  return `CASE ${cases.join(' ')} ELSE ${text(unknown.segment)} END`;
};

/** Employees before the smallest `n`, in one number: so that one maximum gives how many, and whose. */
const PACK = 4_294_967_296;

/** An account with which of its sources count, and what they say, as `a` for `OwnSql`. */
function ownQuery({ rules, on }: SqlWorld, columns: string, from: string, addressAt?: string): string {
  const own = new OwnSql(rules, on);
  return `SELECT ${columns} FROM (SELECT a.*, ${own.employeesAt()} AS employees_at, ${addressAt ?? own.addressAt()} AS address_at FROM ${from}) a`;
}

const addressColumns = (own: OwnSql): string =>
  ADDRESS_PARTS.map((part) => `${own.address(part)} AS ${part}`).join(', ');
const ADDRESS_HASH = `hash(${ADDRESS_PARTS.join(', ')})`;

const partsOf = ({ table }: SqlWorld, of: string): string =>
  keyParts(table, of)
    .map(([part, sql]) => `${sql} AS ${part}`)
    .join(', ');

/** Families of several: their most, industry, address and place. */
export function familySteps(world: SqlWorld): readonly Step[] {
  const { rules, on, table } = world;
  const own = new OwnSql(rules, on);
  const hasIndustry = table.industries.size > 0;
  return [
    step(
      'the most employees of each family of several, and whose they are',
      `CREATE OR REPLACE TABLE family AS
SELECT m.top, max(CAST(a.employees AS BIGINT) * ${PACK} + (${PACK - 1} - a.n)) AS most
FROM (${ownQuery(world, `a.n, ${own.employees()} AS employees`, 'account a')}) a JOIN member m ON m.n = a.n
WHERE m.top IS NOT NULL GROUP BY m.top`,
    ),
    ...(hasIndustry
      ? [
          step(
            'the most frequent industry of each',
            `CREATE OR REPLACE TABLE family_industry AS
SELECT top, arg_min(industry, {'less': -times, 'name': industry}) AS industry
FROM (SELECT m.top, a.industry, count(*) AS times FROM account a JOIN member m ON m.n = a.n
  WHERE m.top IS NOT NULL AND a.industry IS NOT NULL GROUP BY ALL)
GROUP BY top`,
          ),
        ]
      : []),
    step(
      'the address of each ultimate parent, and what of it decides on a territory',
      `CREATE OR REPLACE TABLE placed AS
WITH f AS (
  SELECT a.*, ${segmentSql(rules, 'a.most')} AS segment, ${ADDRESS_HASH} AS address_hash
  FROM (${ownQuery(
    world,
    `a.top, a.most // ${PACK} AS most, ${PACK - 1} - a.most % ${PACK} AS most_n, a.address_at, a.industry, a.is_public_sector, ${addressColumns(own)}`,
    `(SELECT a.* EXCLUDE (industry), f.top, f.most, ${hasIndustry ? 'i.industry' : 'NULL::VARCHAR AS industry'}
    FROM account a JOIN family f ON f.top = a.n${hasIndustry ? ' LEFT JOIN family_industry i ON i.top = a.n' : ''}) a`,
  )}) a)
SELECT *, ${KEY} AS key FROM (SELECT f.top, f.most, f.most_n, f.address_at, f.address_hash, f.segment AS size_segment, ${partsOf(world, 'f')} FROM f)`,
    ),
    step(
      'every place that a family has, large or alone',
      `CREATE OR REPLACE TABLE place_key AS
SELECT row_number() OVER (ORDER BY segment, country, state, post, industry) AS place, * FROM (
  SELECT key, any_value(segment) AS segment, any_value(country) AS country, any_value(state) AS state, any_value(post) AS post, any_value(industry) AS industry
  FROM (SELECT key, segment, country, state, post, industry FROM placed UNION ALL
    SELECT ${KEY} AS key, * FROM (SELECT ${partsOf(world, 'f')} FROM (
      ${ownQuery(
        world,
        `${segmentSql(rules, own.employees())} AS segment, ${own.address('country')} AS country, ${own.address('state')} AS state, ${own.address('post_code')} AS post_code, a.industry, a.is_public_sector`,
        '(SELECT * FROM account WHERE n NOT IN (SELECT n FROM member)) a',
      )}) f))
  GROUP BY key)`,
    ),
  ];
}

/** As `isDue`. */
const dueSql = (on: string): string =>
  `coalesce(d.effective_date <= ${day(on)}, false) OR coalesce(d.holdover_until <= ${day(on)}, false)`;

/** Bits of `held`, in the order of `HELD` (`heldOf`). */
function heldSql({ rules, on }: SqlWorld): string {
  const isDue = dueSql(on);
  const isStale = `coalesce(d.last_activity < ${day(staleBefore(on, rules))}, true) AND d.open_opportunities = 0 AND NOT d.has_account_plan`;
  const holds: Readonly<Record<(typeof HELD)[number], string>> = {
    cycle: 'false',
    embargo: 'd.is_embargoed',
    named: 'd.is_named',
    'public-sector': 'd.is_public_sector',
    channel: 'd.is_channel',
    'holding-company': 'd.is_holding_company',
    'hierarchy-override': 'd.overrides_hierarchy',
    holdover: `coalesce(d.holdover_until > ${day(on)}, false)`,
    protected: rules.protects
      ? `coalesce(d.confirmed_on >= ${day(fiscalYearStart(on))} AND d.confirmed_segment <> d.segment, false) AND NOT (${isStale}) AND NOT (${isDue})`
      : 'false',
    'request-pending': "coalesce(d.override_status IN ('Requested', 'Needs More Info'), false)",
    'no-territory': 'd.row IS NULL',
    'to-be-hired': 'coalesce(d.is_to_be_hired, false)',
    'owner-inactive': 'd.row IS NOT NULL AND NOT d.is_to_be_hired AND d.next_owner_id IS NULL',
    'window-closed': isProactive(on, rules) ? 'false' : `NOT (${isDue})`,
  };
  return HELD.map((held, at) => ({ held, at }))
    .filter(({ held }) => holds[held] !== 'false')
    .map(({ held, at }) => `(${holds[held]})::INTEGER * ${1 << at}`)
    .join(' + ');
}

/** What is planned, and what stands in staging, by field. */
const differences = ({
  rules,
}: SqlWorld): Readonly<Record<Changed, readonly [planned: string, staging: string]>> => ({
  segment: ['d.segment', 'd.staging_segment'],
  employees: [`coalesce(d.employees, ${rules.unknown.employees})`, 'd.staging_employees'],
  maxFamilyEmployees: [`coalesce(d.most, ${rules.unknown.employees})`, 'd.staging_max_family_employees'],
  address: ['d.address_hash', 'd.staging_hash'],
  geoStory: ['d.geo_story', 'd.staging_geo_story'],
  territory: ['d.territory', 'd.staging_territory'],
  region: ['d.region', 'd.staging_region'],
  subRegion: ['d.sub_region', 'd.staging_sub_region'],
  area: ['d.area', 'd.staging_area'],
  nextOwnerId: ['d.next_owner_id', 'd.staging_next_owner_id'],
});

/** Bits of `changed`, in the order of `CHANGED`: looked at one by one only where something differs. */
function changedSql(world: SqlWorld): string {
  const by = differences(world);
  const same = CHANGED.map((field) => `${by[field][0]} IS NOT DISTINCT FROM ${by[field][1]}`).join(' AND ');
  const bits = CHANGED.map(
    (field, at) => `(${by[field][0]} IS DISTINCT FROM ${by[field][1]})::INTEGER * ${1 << at}`,
  );
  return `CASE WHEN d.in_cycle THEN 0 WHEN ${same} THEN 0 ELSE ${bits.join(' + ')} END`;
}

/** Columns of an account that the end of a plan looks at. */
const CARRIED = [
  'n',
  'is_embargoed',
  'is_named',
  'is_public_sector',
  'is_channel',
  'is_holding_company',
  'overrides_hierarchy',
  'holdover_until',
  'effective_date',
  'confirmed_on',
  'confirmed_segment',
  'last_activity',
  'open_opportunities',
  'has_account_plan',
  'override_status',
  'carr_cents',
  'staging_segment',
  'staging_employees',
  'staging_max_family_employees',
  'staging_geo_story',
  'staging_territory',
  'staging_region',
  'staging_sub_region',
  'staging_area',
  'staging_next_owner_id',
  'actual_owner_id',
];

/** The plan itself: a row for each account, with what its reasons are told from. */
export function planQuery(world: SqlWorld): string {
  const { rules, on, table } = world;
  const own = new OwnSql(rules, on);
  const carried = CARRIED.map((column) => `a.${column}`).join(', ');
  const alone = (mine: string, family: string): string =>
    `CASE WHEN a.is_alone THEN ${mine} ELSE ${family} END`;
  const sources = rules.precedence.address.map((source) => text(source)).join(', ');
  const led = ['row', 'territory', 'region', 'sub_region', 'area', 'next_owner_id', 'is_to_be_hired'];
  const leads = (column: string): string =>
    table.named.size === 0
      ? `p.${column}`
      : `CASE WHEN x.top IS NULL THEN p.${column} ELSE x.${column} END AS ${column}`;
  // Whoever has a family takes address and place from it: an own address is looked for only where an account is alone.
  return `WITH joined AS (
  SELECT a.*, m.n IS NULL AS is_alone, m.top AS family_top FROM account a LEFT JOIN member m ON m.n = a.n),
own AS (
  ${ownQuery(
    world,
    `${carried}, a.is_alone, a.family_top, a.industry, a.employees_at, a.address_at, ${own.employees()} AS employees, ${addressColumns(own)}, hash(${ADDRESS_PARTS.map((part) => `a.staging_${part}`).join(', ')}) AS staging_hash`,
    'joined a',
    `CASE WHEN a.is_alone THEN ${own.addressAt()} END`,
  )}),
sized AS (SELECT o.*, ${segmentSql(rules, 'o.employees')} AS segment, CASE WHEN o.is_alone THEN ${ADDRESS_HASH} END AS address_hash FROM own o),
keyed AS (SELECT o.*, CASE WHEN o.is_alone THEN ${keyHash(table, 'o')} END AS key FROM sized o),
d AS (
  SELECT a.* EXCLUDE (industry, ${ADDRESS_PARTS.join(', ')}, segment, address_hash, key, address_at, is_alone, family_top),
    NOT a.is_alone AND a.family_top IS NULL AS in_cycle, coalesce(a.family_top, a.n) AS top,
    CAST(${alone('a.employees', 'f.most')} AS INTEGER) AS most, CAST(${alone('CASE WHEN a.employees IS NOT NULL THEN a.n END', 'f.most_n')} AS INTEGER) AS most_n,
    ${alone('a.address_at', 'f.address_at')} AS address_at, ${alone('a.address_hash', 'f.address_hash')} AS address_hash,
    ${alone('a.segment', 'f.size_segment')} AS segment, ${alone('a.key', 'f.key')} AS key
  FROM keyed a LEFT JOIN placed f ON f.top = a.family_top),
e AS (
  SELECT d.*, [${sources}][d.address_at] AS geo_story, p.place, ${led.map(leads).join(', ')}
  FROM d LEFT JOIN leads p ON p.key = d.key${table.named.size === 0 ? '' : ' LEFT JOIN named x ON x.top = d.top'})
SELECT d.n, d.top, d.employees, d.employees_at, d.most, d.most_n, d.segment, d.address_at, d.place, d.row, d.carr_cents,
  CASE WHEN d.in_cycle THEN ${CYCLE_BIT} WHEN d.next_owner_id = d.actual_owner_id THEN 0 ELSE ${heldSql(world)} END AS held,
  ${changedSql(world)} AS changed,
  coalesce(NOT d.in_cycle AND d.next_owner_id <> d.actual_owner_id, false) AS changes_owner, ${dueSql(on)} AS is_due,
  d.staging_segment IS NULL AND d.staging_territory IS NULL AS is_new
FROM e d`;
}
