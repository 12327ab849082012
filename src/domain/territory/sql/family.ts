import { step, texts, type Step } from './words';

/**
 * Families in SQL, as `families` of `../family.ts`. Accounts are told by `n`, their number in the order of ids. Parents that have
 * parents themselves are few: pointer doubling (`top` becomes the `top` of its `top`) goes over them alone, then everybody else takes
 * what their parent found. A cycle never settles, so the rounds end when a round has settled nothing more.
 */
export const linkSteps = (notParents: readonly string[]): readonly Step[] => [
  step(
    'who counts as whose parent',
    `CREATE OR REPLACE TABLE link AS
SELECT n, parent_n AS top FROM account
WHERE parent_n IS NOT NULL AND (relation IS NULL OR relation NOT IN ${texts(notParents)})`,
  ),
  step(
    'parents that have a parent themselves',
    `CREATE OR REPLACE TABLE inner_link AS
SELECT n, top FROM link WHERE n IN (SELECT top FROM link)`,
  ),
  step(
    'how many of them are not at the top yet',
    'CREATE OR REPLACE TABLE moving AS SELECT n, top FROM inner_link WHERE top IN (SELECT n FROM inner_link)',
  ),
];

/** How many still move. */
export const MOVING = 'SELECT count(*) FROM moving';

/** One round: repeat it while fewer move than before. */
export const ROUND: readonly Step[] = [
  step(
    'each takes the top of its top',
    `CREATE OR REPLACE TABLE next_link AS
SELECT c.n, coalesce(p.top, c.top) AS top FROM inner_link c LEFT JOIN inner_link p ON c.top = p.n`,
  ),
  step('', 'CREATE OR REPLACE TABLE inner_link AS SELECT n, top FROM next_link'),
  step(
    '',
    'CREATE OR REPLACE TABLE moving AS SELECT n, top FROM inner_link WHERE top IN (SELECT n FROM inner_link)',
  ),
];

/** After the last round: whoever still moves is in a cycle or below one. */
export const MEMBERS: readonly Step[] = [
  step(
    'the ultimate parent of each that has a parent; null: a cycle above it, or itself in one',
    `CREATE OR REPLACE TABLE member AS
SELECT c.n, CASE WHEN coalesce(p.top, c.top) IN (SELECT n FROM moving) THEN NULL ELSE coalesce(p.top, c.top) END AS top
FROM link c LEFT JOIN inner_link p ON c.top = p.n`,
  ),
  step(
    'ultimate parents are members of their family, too',
    'INSERT INTO member SELECT DISTINCT top, top FROM member WHERE top IS NOT NULL',
  ),
];

/** Links among those in cycles or below, for naming the cycles. */
export const STUCK =
  'SELECT a.id, p.id AS parent_id FROM member m JOIN link l ON l.n = m.n JOIN account a ON a.n = m.n JOIN account p ON p.n = l.top WHERE m.top IS NULL';
