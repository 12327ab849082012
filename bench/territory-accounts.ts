import type { PlanWorld } from '../src/domain/territory/plan-family';
import { territoryTable } from '../src/domain/territory/place';
import type { TerritoryRules } from '../src/domain/territory/rules';
import type { Place, TerritoryRow } from '../src/domain/territory/table';

/** Makes accounts and a table for the benchmark: realistic in what the rules meet, the same each time. */

const PRIME = 7919;
const SEGMENTS = { SMB: 'SMB', MM: 'Mid-Market', Large: 'Large' } as const;
const COUNTRIES = ['US', 'DE', 'GB', 'FR', 'JP', 'US', 'CA', 'NL', 'AU', 'US'];
const STREETS = ['Main Street', 'High Street', 'Hauptstrasse', 'Rue de Paris', 'Station Road', 'Park Avenue'];
const STATES = 50;

/** The number that undoes a multiplication by `PRIME`, modulo `n`. */
function inverse(n: number): number {
  let [a, b, x, y] = [PRIME % n, n, 1, 0];
  while (a > 1) {
    const q = Math.floor(a / b);
    [a, b] = [b, a % b];
    [x, y] = [y, x - q * y];
  }
  return x < 0 ? x + n : x;
}

/** Thousandths of accounts that something is true of; each `salt` falls on others. `of` is the number of an account. */
const draw = (salt: number, of = 'n'): string => `hash(${of} * 31 + ${salt}) % 1000`;
const some = (salt: number, thousandths: number, value: string, of = 'n'): string =>
  `CASE WHEN ${draw(salt, of)} < ${thousandths} THEN ${value} END`;
const oneOf = (list: readonly string[], salt: number, of: string): string =>
  `list_extract([${list.map((one) => `'${one}'`).join(', ')}], 1 + (hash(${of} + ${salt}) % ${list.length})::INTEGER)`;

/** Few families are large; the ultimate parent has the most employees. */
const SIZE = `exp((hash(top + 33) % 1000)::DOUBLE / 85)::INTEGER`;
const MEMBER_SIZE = `CASE WHEN n = top THEN ${SIZE} ELSE ${SIZE} * (hash(n + 34) % 1000)::INTEGER // 1000 END`;

/** How many thousandths of accounts have an address from a source. */
const FILLED = { manual_admin: 20, zoominfo: 700, datafox: 400, ship_to: 500, bill_to: 850 } as const;
type Source = keyof typeof FILLED;
const SOURCES = Object.keys(FILLED) as readonly Source[];
const saltOf = (source: Source): number => 40 + 10 * SOURCES.indexOf(source);

const part = {
  street: (salt: number, of: string) =>
    `(hash(${of} + ${salt}) % 900)::VARCHAR || ' ' || ${oneOf(STREETS, salt + 1, of)}`,
  city: (salt: number, of: string) => `'City ' || (hash(${of} + ${salt + 2}) % 3000)::VARCHAR`,
  state: (_salt: number, of: string) =>
    `CASE WHEN ${oneOf(COUNTRIES, 6, of)} = 'US' THEN 'S' || (hash(${of} + 4) % ${STATES})::VARCHAR END`,
  post_code: (_salt: number, of: string) => `lpad((hash(${of} + 5) % 100000)::VARCHAR, 5, '0')`,
  country: (_salt: number, of: string) => oneOf(COUNTRIES, 6, of),
};
const PARTS = Object.keys(part) as readonly (keyof typeof part)[];

const addresses = SOURCES.flatMap((source) =>
  PARTS.map(
    (one) => `${some(saltOf(source), FILLED[source], part[one](saltOf(source), 'n'))} AS ${source}_${one}`,
  ),
).join(',\n  ');

/** What the first source of an ultimate parent says. */
const first = (value: (source: Source) => string): string =>
  `CASE ${SOURCES.map((source) => `WHEN ${draw(saltOf(source), 'top')} < ${FILLED[source]} THEN ${value(source)}`).join(' ')} END`;
const stagingAddress = PARTS.map(
  (one) => `${first((source) => part[one](saltOf(source), 'top'))} AS staging_${one}`,
).join(',\n  ');

const SEGMENT = `CASE WHEN size <= 100 THEN 'SMB' WHEN size <= 2000 THEN 'MM' ELSE 'Large' END`;
const TERRITORY = `${SEGMENT} || coalesce('-' || staging_country || CASE staging_country WHEN 'US' THEN '-' || staging_state WHEN 'DE' THEN '-' || left(staging_post_code, 2) ELSE '' END, '')`;
/** Whose a territory is, told from its name: here, and in the table. */
const ownerIn = (territory: string): string => `'005' || rpad(replace(${territory}, '-', '0'), 15, '0')`;

/**
 * A query of so many accounts in order of ids, their families scattered over them: half are alone, the others in families of 3, 12,
 * 200 and 5,000; some without employees or address from any source. Staging stands as it would be planned, but for two in a hundred;
 * three in a hundred have another owner.
 */
export const accountsQuery = (n: number): string => `
WITH placed AS (SELECT n, i, CASE WHEN i < ${n * 0.5} THEN 1 WHEN i < ${n * 0.7} THEN 3 WHEN i < ${n * 0.88} THEN 12 WHEN i < ${n * 0.98} THEN 200 ELSE 5000 END AS size
  FROM (SELECT n, (n * ${inverse(n)}) % ${n} AS i FROM range(${n}) all_of(n))),
members AS (SELECT n, i, i % size AS j, ((i - i % size) * ${PRIME}) % ${n} AS top FROM placed),
said AS (SELECT n, n::INTEGER AS number, top, j, '001Xx' || lpad(n::VARCHAR, 10, '0') || 'AAA' AS id, 'Account ' || n::VARCHAR AS name,
  CASE WHEN j > 0 THEN (((i - j + (j - 1) // 4) * ${PRIME}) % ${n})::INTEGER END AS parent_n,
  CASE WHEN j > 0 THEN ${some(7, 5, "'Private Equity'")} END AS relation,
  ${draw(8)} < 2 AS is_named, ${draw(9)} < 20 AS is_public_sector, ${draw(10)} < 10 AS is_channel, ${draw(11)} < 1 AS is_holding_company,
  ${draw(12)} < 1 AS overrides_hierarchy, ${draw(13)} < 1 AS is_embargoed,
  ${some(14, 900, "'Industry ' || (hash(n + 15) % 30)::VARCHAR")} AS industry, ${draw(16)} < 200 AS is_customer,
  CASE WHEN ${draw(16)} < 200 THEN (hash(n + 17) % 10000000)::BIGINT ELSE 0 END AS carr_cents,
  CASE WHEN ${draw(18)} < 200 THEN (hash(n + 19) % 5000000)::BIGINT ELSE 0 END AS open_pipeline_cents,
  CASE WHEN ${draw(18)} < 200 THEN 1 + (hash(n + 20) % 3)::INTEGER ELSE 0 END AS open_opportunities,
  ${some(21, 600, "DATE '2026-11-01' - (hash(n + 22) % 400)::INTEGER")} AS last_activity, ${draw(23)} < 20 AS has_account_plan,
  ${some(24, 5, "DATE '2026-12-01'")} AS manual_until, ${some(25, 5, "DATE '2026-12-01'")} AS holdover_until,
  ${some(26, 700, "CASE hash(n + 27) % 3 WHEN 0 THEN 'SMB' WHEN 1 THEN 'Mid-Market' ELSE 'Large' END")} AS confirmed_segment,
  ${some(26, 700, "DATE '2026-02-01'")} AS confirmed_on, ${some(28, 2, "'Requested'")} AS override_status,
  ${some(29, 2, "DATE '2026-11-20'")} AS effective_date, '2026-11-01T00:00:00.000Z' AS changed_at,
  NULL::INTEGER AS manual_admin_employees, CASE WHEN n = top OR ${draw(32)} < 700 THEN ${MEMBER_SIZE} END AS zoominfo_employees, ${some(35, 400, MEMBER_SIZE)} AS datafox_employees,
  ${addresses},
  ${stagingAddress}, ${first((source) => `'${source.replace('_', '-')}'`)} AS staging_geo_story, ${SIZE} AS size
FROM members),
staged AS (SELECT *, ${TERRITORY} AS territory FROM said)
SELECT s.* EXCLUDE (n, number, top, j, size, territory), number AS n,
  CASE WHEN ${draw(90)} < 10 THEN 'Large' WHEN size <= 100 THEN 'SMB' WHEN size <= 2000 THEN 'Mid-Market' ELSE 'Large' END AS staging_segment,
  coalesce(zoominfo_employees, datafox_employees, -1) + CASE WHEN ${draw(91)} < 10 THEN 1 ELSE 0 END AS staging_employees, size AS staging_max_family_employees,
  territory AS staging_territory, 'Region' AS staging_region, 'Sub-Region' AS staging_sub_region, 'Area' AS staging_area,
  ${ownerIn('territory')} AS staging_next_owner_id, CASE WHEN ${draw(92)} < 30 THEN '005Xx0000000001AAA' ELSE ${ownerIn('territory')} END AS actual_owner_id,
  NULL::VARCHAR AS parent_id, NULL::VARCHAR AS actual_segment, NULL::VARCHAR AS actual_territory, NULL::INTEGER AS actual_max_family_employees
FROM staged s`;

function rows(): readonly TerritoryRow[] {
  const all: TerritoryRow[] = [];
  const add = (territory: string, place: Partial<Place> & { readonly segment: string }): void => {
    all.push({
      file: 'bench.csv',
      line: all.length + 2,
      territory,
      region: 'Region',
      subRegion: 'Sub-Region',
      area: 'Area',
      owner: { name: territory, cover: null },
      place: { country: null, state: null, postCodes: null, industry: null, accountId: null, ...place },
    });
  };
  for (const [short, segment] of Object.entries(SEGMENTS)) {
    add(short, { segment });
    for (const country of new Set(COUNTRIES)) add(`${short}-${country}`, { segment, country });
    for (let at = 0; at < STATES; at++)
      add(`${short}-US-S${at}`, { segment, country: 'US', state: `S${at}` });
    for (let at = 0; at < 100; at++) {
      const prefix = String(at).padStart(2, '0');
      add(`${short}-DE-${prefix}`, { segment, country: 'DE', postCodes: { prefix } });
    }
    add(`${short}-Mining`, { segment, industry: 'Mining' });
  }
  return all;
}

/** The rules that hold, and the benchmark's own table with somebody for each territory. */
export function benchWorld(rules: TerritoryRules): PlanWorld {
  const table = territoryTable(rows());
  const people = table.rows.map(({ territory }) => ({
    territory,
    ownerId: `005${territory.replaceAll('-', '0').padEnd(15, '0')}`,
    ownerIsActive: true,
    isToBeHired: false,
    coverId: null,
  }));
  return {
    on: '2026-11-26',
    rules,
    table,
    people: new Map(people.map((one) => [one.territory, one])),
    countries: new Map(),
  };
}
