-- The queries of a night, to be read, and run by hand in DuckDB on a copy of a kept night:
--   CREATE VIEW account AS SELECT * FROM 'territory-2026-11-26/account/*.parquet';
-- They are made from rules and tables; these are those of a small example. `territory_row` holds the tables, a row a place, in order
-- of territory, file and line, with how specific each is, and who comes of it (night.json has what a night was planned by):
--   CREATE TABLE territory_row (row INTEGER, name VARCHAR, territory VARCHAR, region VARCHAR, sub_region VARCHAR, area VARCHAR,
--     segment VARCHAR, country VARCHAR, state VARCHAR, post_prefix VARCHAR, post_from VARCHAR, post_to VARCHAR, industry VARCHAR,
--     account_id VARCHAR, specificity INTEGER, next_owner_id VARCHAR, is_to_be_hired BOOLEAN);
-- In `plan`, `held` and `changed` are bits, in the order of HELD and CHANGED of the sources.

-- who counts as whose parent
CREATE OR REPLACE TABLE link AS
SELECT n, parent_n AS top FROM account
WHERE parent_n IS NOT NULL AND (relation IS NULL OR relation NOT IN ('Private Equity', 'Joint Venture', 'Franchise', 'Government Holder'));

-- parents that have a parent themselves
CREATE OR REPLACE TABLE inner_link AS
SELECT n, top FROM link WHERE n IN (SELECT top FROM link);

-- how many of them are not at the top yet
CREATE OR REPLACE TABLE moving AS SELECT n, top FROM inner_link WHERE top IN (SELECT n FROM inner_link);

-- so many still move: repeat the next three while they become fewer, and are any
SELECT count(*) FROM moving;

-- each takes the top of its top
CREATE OR REPLACE TABLE next_link AS
SELECT c.n, coalesce(p.top, c.top) AS top FROM inner_link c LEFT JOIN inner_link p ON c.top = p.n;

CREATE OR REPLACE TABLE inner_link AS SELECT n, top FROM next_link;

CREATE OR REPLACE TABLE moving AS SELECT n, top FROM inner_link WHERE top IN (SELECT n FROM inner_link);

-- the ultimate parent of each that has a parent; null: a cycle above it, or itself in one
CREATE OR REPLACE TABLE member AS
SELECT c.n, CASE WHEN coalesce(p.top, c.top) IN (SELECT n FROM moving) THEN NULL ELSE coalesce(p.top, c.top) END AS top
FROM link c LEFT JOIN inner_link p ON c.top = p.n;

-- ultimate parents are members of their family, too
INSERT INTO member SELECT DISTINCT top, top FROM member WHERE top IS NOT NULL;

-- whoever is in a cycle or below one, with the parent
SELECT a.id, p.id AS parent_id FROM member m JOIN link l ON l.n = m.n JOIN account a ON a.n = m.n JOIN account p ON p.n = l.top WHERE m.top IS NULL;

-- the most employees of each family of several, and whose they are
CREATE OR REPLACE TABLE family AS
SELECT m.top, max(CAST(a.employees AS BIGINT) * 4294967296 + (4294967295 - a.n)) AS most
FROM (SELECT a.n, CASE a.employees_at WHEN 1 THEN a."manual_admin_employees" WHEN 2 THEN a."zoominfo_employees" WHEN 3 THEN a."datafox_employees" END AS employees FROM (SELECT a.*, CAST(CASE WHEN a."manual_admin_employees" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_employees" IS NOT NULL THEN 2 WHEN a."datafox_employees" IS NOT NULL THEN 3 END AS TINYINT) AS employees_at, CAST(CASE WHEN a."manual_admin_country" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_country" IS NOT NULL THEN 2 WHEN a."datafox_country" IS NOT NULL THEN 3 WHEN a."ship_to_country" IS NOT NULL THEN 4 WHEN a."bill_to_country" IS NOT NULL THEN 5 END AS TINYINT) AS address_at FROM account a) a) a JOIN member m ON m.n = a.n
WHERE m.top IS NOT NULL GROUP BY m.top;

-- the most frequent industry of each
CREATE OR REPLACE TABLE family_industry AS
SELECT top, arg_min(industry, {'less': -times, 'name': industry}) AS industry
FROM (SELECT m.top, a.industry, count(*) AS times FROM account a JOIN member m ON m.n = a.n
  WHERE m.top IS NOT NULL AND a.industry IS NOT NULL GROUP BY ALL)
GROUP BY top;

-- the address of each ultimate parent, and what of it decides on a territory
CREATE OR REPLACE TABLE placed AS
WITH f AS (
  SELECT a.*, CASE WHEN a.most >= 0 AND a.most <= 100 THEN 'SMB' WHEN a.most >= 101 AND a.most <= 2000 THEN 'Mid-Market' WHEN a.most >= 2001 THEN 'Large' ELSE 'SMB' END AS segment, hash(street, city, state, post_code, country) AS address_hash
  FROM (SELECT a.top, a.most // 4294967296 AS most, 4294967295 - a.most % 4294967296 AS most_n, a.address_at, a.industry, a.is_public_sector, CASE a.address_at WHEN 1 THEN a."manual_admin_street" WHEN 2 THEN a."zoominfo_street" WHEN 3 THEN a."datafox_street" WHEN 4 THEN a."ship_to_street" WHEN 5 THEN a."bill_to_street" END AS street, CASE a.address_at WHEN 1 THEN a."manual_admin_city" WHEN 2 THEN a."zoominfo_city" WHEN 3 THEN a."datafox_city" WHEN 4 THEN a."ship_to_city" WHEN 5 THEN a."bill_to_city" END AS city, CASE a.address_at WHEN 1 THEN a."manual_admin_state" WHEN 2 THEN a."zoominfo_state" WHEN 3 THEN a."datafox_state" WHEN 4 THEN a."ship_to_state" WHEN 5 THEN a."bill_to_state" END AS state, CASE a.address_at WHEN 1 THEN a."manual_admin_post_code" WHEN 2 THEN a."zoominfo_post_code" WHEN 3 THEN a."datafox_post_code" WHEN 4 THEN a."ship_to_post_code" WHEN 5 THEN a."bill_to_post_code" END AS post_code, CASE a.address_at WHEN 1 THEN a."manual_admin_country" WHEN 2 THEN a."zoominfo_country" WHEN 3 THEN a."datafox_country" WHEN 4 THEN a."ship_to_country" WHEN 5 THEN a."bill_to_country" END AS country FROM (SELECT a.*, CAST(CASE WHEN a."manual_admin_employees" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_employees" IS NOT NULL THEN 2 WHEN a."datafox_employees" IS NOT NULL THEN 3 END AS TINYINT) AS employees_at, CAST(CASE WHEN a."manual_admin_country" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_country" IS NOT NULL THEN 2 WHEN a."datafox_country" IS NOT NULL THEN 3 WHEN a."ship_to_country" IS NOT NULL THEN 4 WHEN a."bill_to_country" IS NOT NULL THEN 5 END AS TINYINT) AS address_at FROM (SELECT a.* EXCLUDE (industry), f.top, f.most, i.industry
    FROM account a JOIN family f ON f.top = a.n LEFT JOIN family_industry i ON i.top = a.n) a) a) a)
SELECT *, hash(segment, country, state, post, industry) AS key FROM (SELECT f.top, f.most, f.most_n, f.address_at, f.address_hash, f.segment AS size_segment, CASE WHEN f.is_public_sector THEN 'PubSec' ELSE f.segment END AS segment, f.country AS country, CASE WHEN f.country IN ('US') THEN CASE WHEN f.state = upper(f.state) THEN f.state ELSE translate(f.state, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') END END AS state, CASE f.country WHEN 'DE' THEN left(f.post_code, 1) ELSE NULL::VARCHAR END AS post, CASE WHEN f.industry IN ('Mining') THEN f.industry END AS industry FROM f);

-- every place that a family has, large or alone
CREATE OR REPLACE TABLE place_key AS
SELECT row_number() OVER (ORDER BY segment, country, state, post, industry) AS place, * FROM (
  SELECT key, any_value(segment) AS segment, any_value(country) AS country, any_value(state) AS state, any_value(post) AS post, any_value(industry) AS industry
  FROM (SELECT key, segment, country, state, post, industry FROM placed UNION ALL
    SELECT hash(segment, country, state, post, industry) AS key, * FROM (SELECT CASE WHEN f.is_public_sector THEN 'PubSec' ELSE f.segment END AS segment, f.country AS country, CASE WHEN f.country IN ('US') THEN CASE WHEN f.state = upper(f.state) THEN f.state ELSE translate(f.state, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') END END AS state, CASE f.country WHEN 'DE' THEN left(f.post_code, 1) ELSE NULL::VARCHAR END AS post, CASE WHEN f.industry IN ('Mining') THEN f.industry END AS industry FROM (
      SELECT CASE WHEN CASE a.employees_at WHEN 1 THEN a."manual_admin_employees" WHEN 2 THEN a."zoominfo_employees" WHEN 3 THEN a."datafox_employees" END >= 0 AND CASE a.employees_at WHEN 1 THEN a."manual_admin_employees" WHEN 2 THEN a."zoominfo_employees" WHEN 3 THEN a."datafox_employees" END <= 100 THEN 'SMB' WHEN CASE a.employees_at WHEN 1 THEN a."manual_admin_employees" WHEN 2 THEN a."zoominfo_employees" WHEN 3 THEN a."datafox_employees" END >= 101 AND CASE a.employees_at WHEN 1 THEN a."manual_admin_employees" WHEN 2 THEN a."zoominfo_employees" WHEN 3 THEN a."datafox_employees" END <= 2000 THEN 'Mid-Market' WHEN CASE a.employees_at WHEN 1 THEN a."manual_admin_employees" WHEN 2 THEN a."zoominfo_employees" WHEN 3 THEN a."datafox_employees" END >= 2001 THEN 'Large' ELSE 'SMB' END AS segment, CASE a.address_at WHEN 1 THEN a."manual_admin_country" WHEN 2 THEN a."zoominfo_country" WHEN 3 THEN a."datafox_country" WHEN 4 THEN a."ship_to_country" WHEN 5 THEN a."bill_to_country" END AS country, CASE a.address_at WHEN 1 THEN a."manual_admin_state" WHEN 2 THEN a."zoominfo_state" WHEN 3 THEN a."datafox_state" WHEN 4 THEN a."ship_to_state" WHEN 5 THEN a."bill_to_state" END AS state, CASE a.address_at WHEN 1 THEN a."manual_admin_post_code" WHEN 2 THEN a."zoominfo_post_code" WHEN 3 THEN a."datafox_post_code" WHEN 4 THEN a."ship_to_post_code" WHEN 5 THEN a."bill_to_post_code" END AS post_code, a.industry, a.is_public_sector FROM (SELECT a.*, CAST(CASE WHEN a."manual_admin_employees" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_employees" IS NOT NULL THEN 2 WHEN a."datafox_employees" IS NOT NULL THEN 3 END AS TINYINT) AS employees_at, CAST(CASE WHEN a."manual_admin_country" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_country" IS NOT NULL THEN 2 WHEN a."datafox_country" IS NOT NULL THEN 3 WHEN a."ship_to_country" IS NOT NULL THEN 4 WHEN a."bill_to_country" IS NOT NULL THEN 5 END AS TINYINT) AS address_at FROM (SELECT * FROM account WHERE n NOT IN (SELECT n FROM member)) a) a) f))
  GROUP BY key);

-- the rows of each place: the most specific first, then by name, file and line
CREATE OR REPLACE TABLE place AS
SELECT p.*, r.rows FROM place_key p LEFT JOIN (
  SELECT p.place, list(r.row ORDER BY r.specificity DESC, r.row)[1:4] AS rows
  FROM place_key p JOIN territory_row r ON r.segment = p.segment AND r.account_id IS NULL
  WHERE (r.country IS NULL OR r.country = p.country)
    AND (r.state IS NULL OR r.state = p.state)
    AND (r.industry IS NULL OR r.industry = p.industry)
    AND (r.post_prefix IS NULL OR starts_with(p.post, r.post_prefix))
    AND (r.post_from IS NULL OR (length(p.post) >= length(r.post_from)
      AND left(p.post, length(r.post_from)) BETWEEN r.post_from AND r.post_to))
  GROUP BY p.place) r ON r.place = p.place;

-- what a place leads to
CREATE OR REPLACE TABLE leads AS
SELECT p.key, p.place, r.row, r.territory, r.region, r.sub_region, r.area, r.next_owner_id, r.is_to_be_hired
FROM place p LEFT JOIN territory_row r ON r.row = p.rows[1];

-- families that rows name by their ultimate parent
CREATE OR REPLACE TABLE named AS
SELECT x.top, x.rows, r.row, r.territory, r.region, r.sub_region, r.area, r.next_owner_id, r.is_to_be_hired
FROM (SELECT a.n AS top, list(r.row ORDER BY r.row)[1:4] AS rows
  FROM account a JOIN territory_row r ON r.account_id = a.id GROUP BY a.n) x JOIN territory_row r ON r.row = x.rows[1];

-- the plan: a row for each account
CREATE OR REPLACE TABLE plan AS WITH joined AS (
  SELECT a.*, m.n IS NULL AS is_alone, m.top AS family_top FROM account a LEFT JOIN member m ON m.n = a.n),
own AS (
  SELECT a.n, a.is_embargoed, a.is_named, a.is_public_sector, a.is_channel, a.is_holding_company, a.overrides_hierarchy, a.holdover_until, a.effective_date, a.confirmed_on, a.confirmed_segment, a.last_activity, a.open_opportunities, a.has_account_plan, a.override_status, a.carr_cents, a.staging_segment, a.staging_employees, a.staging_max_family_employees, a.staging_geo_story, a.staging_territory, a.staging_region, a.staging_sub_region, a.staging_area, a.staging_next_owner_id, a.actual_owner_id, a.is_alone, a.family_top, a.industry, a.employees_at, a.address_at, CASE a.employees_at WHEN 1 THEN a."manual_admin_employees" WHEN 2 THEN a."zoominfo_employees" WHEN 3 THEN a."datafox_employees" END AS employees, CASE a.address_at WHEN 1 THEN a."manual_admin_street" WHEN 2 THEN a."zoominfo_street" WHEN 3 THEN a."datafox_street" WHEN 4 THEN a."ship_to_street" WHEN 5 THEN a."bill_to_street" END AS street, CASE a.address_at WHEN 1 THEN a."manual_admin_city" WHEN 2 THEN a."zoominfo_city" WHEN 3 THEN a."datafox_city" WHEN 4 THEN a."ship_to_city" WHEN 5 THEN a."bill_to_city" END AS city, CASE a.address_at WHEN 1 THEN a."manual_admin_state" WHEN 2 THEN a."zoominfo_state" WHEN 3 THEN a."datafox_state" WHEN 4 THEN a."ship_to_state" WHEN 5 THEN a."bill_to_state" END AS state, CASE a.address_at WHEN 1 THEN a."manual_admin_post_code" WHEN 2 THEN a."zoominfo_post_code" WHEN 3 THEN a."datafox_post_code" WHEN 4 THEN a."ship_to_post_code" WHEN 5 THEN a."bill_to_post_code" END AS post_code, CASE a.address_at WHEN 1 THEN a."manual_admin_country" WHEN 2 THEN a."zoominfo_country" WHEN 3 THEN a."datafox_country" WHEN 4 THEN a."ship_to_country" WHEN 5 THEN a."bill_to_country" END AS country, hash(a.staging_street, a.staging_city, a.staging_state, a.staging_post_code, a.staging_country) AS staging_hash FROM (SELECT a.*, CAST(CASE WHEN a."manual_admin_employees" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_employees" IS NOT NULL THEN 2 WHEN a."datafox_employees" IS NOT NULL THEN 3 END AS TINYINT) AS employees_at, CASE WHEN a.is_alone THEN CAST(CASE WHEN a."manual_admin_country" IS NOT NULL AND (a.manual_until IS NULL OR a.manual_until >= DATE '2026-11-26') THEN 1 WHEN a."zoominfo_country" IS NOT NULL THEN 2 WHEN a."datafox_country" IS NOT NULL THEN 3 WHEN a."ship_to_country" IS NOT NULL THEN 4 WHEN a."bill_to_country" IS NOT NULL THEN 5 END AS TINYINT) END AS address_at FROM joined a) a),
sized AS (SELECT o.*, CASE WHEN o.employees >= 0 AND o.employees <= 100 THEN 'SMB' WHEN o.employees >= 101 AND o.employees <= 2000 THEN 'Mid-Market' WHEN o.employees >= 2001 THEN 'Large' ELSE 'SMB' END AS segment, CASE WHEN o.is_alone THEN hash(street, city, state, post_code, country) END AS address_hash FROM own o),
keyed AS (SELECT o.*, CASE WHEN o.is_alone THEN hash(CASE WHEN o.is_public_sector THEN 'PubSec' ELSE o.segment END, o.country, CASE WHEN o.country IN ('US') THEN CASE WHEN o.state = upper(o.state) THEN o.state ELSE translate(o.state, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') END END, CASE o.country WHEN 'DE' THEN left(o.post_code, 1) ELSE NULL::VARCHAR END, CASE WHEN o.industry IN ('Mining') THEN o.industry END) END AS key FROM sized o),
d AS (
  SELECT a.* EXCLUDE (industry, street, city, state, post_code, country, segment, address_hash, key, address_at, is_alone, family_top),
    NOT a.is_alone AND a.family_top IS NULL AS in_cycle, coalesce(a.family_top, a.n) AS top,
    CAST(CASE WHEN a.is_alone THEN a.employees ELSE f.most END AS INTEGER) AS most, CAST(CASE WHEN a.is_alone THEN CASE WHEN a.employees IS NOT NULL THEN a.n END ELSE f.most_n END AS INTEGER) AS most_n,
    CASE WHEN a.is_alone THEN a.address_at ELSE f.address_at END AS address_at, CASE WHEN a.is_alone THEN a.address_hash ELSE f.address_hash END AS address_hash,
    CASE WHEN a.is_alone THEN a.segment ELSE f.size_segment END AS segment, CASE WHEN a.is_alone THEN a.key ELSE f.key END AS key
  FROM keyed a LEFT JOIN placed f ON f.top = a.family_top),
e AS (
  SELECT d.*, ['manual-admin', 'zoominfo', 'datafox', 'ship-to', 'bill-to'][d.address_at] AS geo_story, p.place, CASE WHEN x.top IS NULL THEN p.row ELSE x.row END AS row, CASE WHEN x.top IS NULL THEN p.territory ELSE x.territory END AS territory, CASE WHEN x.top IS NULL THEN p.region ELSE x.region END AS region, CASE WHEN x.top IS NULL THEN p.sub_region ELSE x.sub_region END AS sub_region, CASE WHEN x.top IS NULL THEN p.area ELSE x.area END AS area, CASE WHEN x.top IS NULL THEN p.next_owner_id ELSE x.next_owner_id END AS next_owner_id, CASE WHEN x.top IS NULL THEN p.is_to_be_hired ELSE x.is_to_be_hired END AS is_to_be_hired
  FROM d LEFT JOIN leads p ON p.key = d.key LEFT JOIN named x ON x.top = d.top)
SELECT d.n, d.top, d.employees, d.employees_at, d.most, d.most_n, d.segment, d.address_at, d.place, d.row, d.carr_cents,
  CASE WHEN d.in_cycle THEN 1 WHEN d.next_owner_id = d.actual_owner_id THEN 0 ELSE (d.is_embargoed)::INTEGER * 2 + (d.is_named)::INTEGER * 4 + (d.is_public_sector)::INTEGER * 8 + (d.is_channel)::INTEGER * 16 + (d.is_holding_company)::INTEGER * 32 + (d.overrides_hierarchy)::INTEGER * 64 + (coalesce(d.holdover_until > DATE '2026-11-26', false))::INTEGER * 128 + (coalesce(d.confirmed_on >= DATE '2026-02-01' AND d.confirmed_segment <> d.segment, false) AND NOT (coalesce(d.last_activity < DATE '2026-09-24', true) AND d.open_opportunities = 0 AND NOT d.has_account_plan) AND NOT (coalesce(d.effective_date <= DATE '2026-11-26', false) OR coalesce(d.holdover_until <= DATE '2026-11-26', false)))::INTEGER * 256 + (coalesce(d.override_status IN ('Requested', 'Needs More Info'), false))::INTEGER * 512 + (d.row IS NULL)::INTEGER * 1024 + (coalesce(d.is_to_be_hired, false))::INTEGER * 2048 + (d.row IS NOT NULL AND NOT d.is_to_be_hired AND d.next_owner_id IS NULL)::INTEGER * 4096 + (NOT (coalesce(d.effective_date <= DATE '2026-11-26', false) OR coalesce(d.holdover_until <= DATE '2026-11-26', false)))::INTEGER * 8192 END AS held,
  CASE WHEN d.in_cycle THEN 0 WHEN d.segment IS NOT DISTINCT FROM d.staging_segment AND coalesce(d.employees, -1) IS NOT DISTINCT FROM d.staging_employees AND coalesce(d.most, -1) IS NOT DISTINCT FROM d.staging_max_family_employees AND d.address_hash IS NOT DISTINCT FROM d.staging_hash AND d.geo_story IS NOT DISTINCT FROM d.staging_geo_story AND d.territory IS NOT DISTINCT FROM d.staging_territory AND d.region IS NOT DISTINCT FROM d.staging_region AND d.sub_region IS NOT DISTINCT FROM d.staging_sub_region AND d.area IS NOT DISTINCT FROM d.staging_area AND d.next_owner_id IS NOT DISTINCT FROM d.staging_next_owner_id THEN 0 ELSE (d.segment IS DISTINCT FROM d.staging_segment)::INTEGER * 1 + (coalesce(d.employees, -1) IS DISTINCT FROM d.staging_employees)::INTEGER * 2 + (coalesce(d.most, -1) IS DISTINCT FROM d.staging_max_family_employees)::INTEGER * 4 + (d.address_hash IS DISTINCT FROM d.staging_hash)::INTEGER * 8 + (d.geo_story IS DISTINCT FROM d.staging_geo_story)::INTEGER * 16 + (d.territory IS DISTINCT FROM d.staging_territory)::INTEGER * 32 + (d.region IS DISTINCT FROM d.staging_region)::INTEGER * 64 + (d.sub_region IS DISTINCT FROM d.staging_sub_region)::INTEGER * 128 + (d.area IS DISTINCT FROM d.staging_area)::INTEGER * 256 + (d.next_owner_id IS DISTINCT FROM d.staging_next_owner_id)::INTEGER * 512 END AS changed,
  coalesce(NOT d.in_cycle AND d.next_owner_id <> d.actual_owner_id, false) AS changes_owner, coalesce(d.effective_date <= DATE '2026-11-26', false) OR coalesce(d.holdover_until <= DATE '2026-11-26', false) AS is_due,
  d.staging_segment IS NULL AND d.staging_territory IS NULL AS is_new
FROM e d;

-- what it comes to
SELECT count(*) AS accounts,
  count(*) FILTER (changed <> 0 AND is_new) AS added, count(*) FILTER (changed <> 0 AND NOT is_new) AS changed,
  count(*) FILTER (changed <> 0 OR (changes_owner AND held = 0 AND is_due)) AS touched,
  coalesce(sum(carr_cents) FILTER (changed <> 0 OR (changes_owner AND held = 0 AND is_due)), 0)::BIGINT AS carr_cents,
  count(*) FILTER (changes_owner AND held = 0) AS moves, count(*) FILTER (held <> 0) AS held,
  count(*) FILTER (changes_owner AND held = 0 AND is_due) AS due
FROM plan;
