/** Makes accounts for the benchmark: realistic in what the rules meet, the same each time. */

const PRIME = 7919;

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

/** Thousandths of accounts that something is true of; each `salt` falls on others. */
const draw = (salt: number): string => `hash(n * 31 + ${salt}) % 1000`;
const some = (salt: number, thousandths: number, value: string): string =>
  `CASE WHEN ${draw(salt)} < ${thousandths} THEN ${value} END`;
/** Few are large. */
const employees = (salt: number): string => `exp((hash(n + ${salt}) % 1000)::DOUBLE / 85)::INTEGER`;

function address(source: string, fill: number, salt: number): string {
  const streets = [
    'Main Street',
    'High Street',
    'Hauptstrasse',
    'Rue de Paris',
    'Station Road',
    'Park Avenue',
  ];
  const countries = ['US', 'DE', 'GB', 'FR', 'JP', 'US', 'CA', 'NL', 'AU', 'US'];
  const has = (value: string): string => some(salt, fill, value);
  const of = (list: readonly string[], by: number): string =>
    `list_extract([${list.map((one) => `'${one}'`).join(', ')}], 1 + (hash(n + ${by}) % ${list.length})::INTEGER)`;
  return `
  ${has(`(hash(n + ${salt}) % 900)::VARCHAR || ' ' || ${of(streets, salt + 1)}`)} AS ${source}_street,
  ${has(`'City ' || (hash(n + ${salt + 2}) % 3000)::VARCHAR`)} AS ${source}_city,
  ${has(`CASE WHEN hash(n + 3) % 10 < 4 THEN 'S' || (hash(n + 4) % 50)::VARCHAR END`)} AS ${source}_state,
  ${has(`lpad((hash(n + 5) % 100000)::VARCHAR, 5, '0')`)} AS ${source}_post_code,
  ${has(of(countries, 6))} AS ${source}_country`;
}

/**
 * A query of so many accounts, in the order of ids, their families scattered over them: half are alone, the others in families of 3,
 * 12, 200 and 5,000; three in ten without employees from any source but one, some addresses blank.
 */
export const accountsQuery = (n: number): string => `
WITH placed AS (SELECT n, i, CASE WHEN i < ${n * 0.5} THEN 1 WHEN i < ${n * 0.7} THEN 3 WHEN i < ${n * 0.88} THEN 12 WHEN i < ${n * 0.98} THEN 200 ELSE 5000 END AS size
  FROM (SELECT n, (n * ${inverse(n)}) % ${n} AS i FROM range(${n}) all_of(n))),
members AS (SELECT n, i, i % size AS j FROM placed)
SELECT n::INTEGER AS n, '001Xx' || lpad(n::VARCHAR, 10, '0') || 'AAA' AS id, 'Account ' || n::VARCHAR AS name,
  CASE WHEN j > 0 THEN (((i - j + (j - 1) // 4) * ${PRIME}) % ${n})::INTEGER END AS parent_n,
  CASE WHEN j > 0 THEN ${some(7, 20, "'Private Equity'")} END AS relation,
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
  ${some(30, 20, employees(31))} AS manual_admin_employees, ${some(32, 700, employees(33))} AS zoominfo_employees, ${some(34, 400, employees(35))} AS datafox_employees,
  ${address('manual_admin', 20, 40)}, ${address('zoominfo', 700, 50)}, ${address('datafox', 400, 60)}, ${address('ship_to', 500, 70)}, ${address('bill_to', 850, 80)},
  '005Xx' || lpad((hash(n + 90) % 3000)::VARCHAR, 10, '0') || 'AAA' AS actual_owner_id
FROM members`;
