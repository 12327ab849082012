import { linkSteps, MEMBERS, MOVING, ROUND, STUCK } from './family';
import { matchSteps } from './place';
import { familySteps, planQuery, type SqlWorld } from './plan';
import { figuresQuery } from './summary';
import type { Step } from './words';

const HEAD = `-- The queries of a night, to be read, and run by hand in DuckDB on a copy of a kept night:
--   CREATE VIEW account AS SELECT * FROM 'territory-2026-11-26/account/*.parquet';
-- They are made from rules and tables; these are those of a small example. \`territory_row\` holds the tables, a row a place, in order
-- of territory, file and line, with how specific each is, and who comes of it (night.json has what a night was planned by):
--   CREATE TABLE territory_row (row INTEGER, name VARCHAR, territory VARCHAR, region VARCHAR, sub_region VARCHAR, area VARCHAR,
--     segment VARCHAR, country VARCHAR, state VARCHAR, post_prefix VARCHAR, post_from VARCHAR, post_to VARCHAR, industry VARCHAR,
--     account_id VARCHAR, specificity INTEGER, next_owner_id VARCHAR, is_to_be_hired BOOLEAN);
-- In \`plan\`, \`held\` and \`changed\` are bits, in the order of HELD and CHANGED of the sources.`;

const said = ({ about, sql }: Step): string => `${about === '' ? '' : `-- ${about}\n`}${sql};`;

/** The file of queries: all steps of a plan in their order, with what each is for. */
export const queriesText = (world: SqlWorld): string =>
  [
    HEAD,
    ...linkSteps(world.rules.notParents).map(said),
    `-- so many still move: repeat the next three while they become fewer, and are any\n${MOVING};`,
    ...ROUND.map(said),
    ...MEMBERS.map(said),
    `-- whoever is in a cycle or below one, with the parent\n${STUCK};`,
    ...familySteps(world).map(said),
    ...matchSteps(world.table.named.size > 0).map(said),
    `-- the plan: a row for each account\nCREATE OR REPLACE TABLE plan AS ${planQuery(world)};`,
    `-- what it comes to\n${figuresQuery};`,
  ].join('\n\n') + '\n';
