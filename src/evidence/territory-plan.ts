import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countryOf, type Countries } from '../domain/territory/countries';
import { cycleFinding, cyclesOf } from '../domain/territory/family';
import type { TerritoryFields } from '../domain/territory/fields';
import { nextOwner } from '../domain/territory/held';
import { rowName, specificity } from '../domain/territory/place';
import type { PlanFinding } from '../domain/territory/placement';
import { peopleFindings, type PlanWorld } from '../domain/territory/plan-family';
import type { NightRead } from '../domain/territory/read';
import { readColumns } from '../domain/territory/read-columns';
import type { TerritoryRules } from '../domain/territory/rules';
import { upper } from '../domain/territory/texts';
import {
  accountsQuery,
  countriesQuery,
  numberSteps,
  readFindings,
  type ReadSources,
} from '../domain/territory/sql/accounts';
import { linkSteps, MEMBERS, MOVING, ROUND, STUCK } from '../domain/territory/sql/family';
import { matchSteps } from '../domain/territory/sql/place';
import { familySteps, planQuery } from '../domain/territory/sql/plan';
import { placeFindingsQuery } from '../domain/territory/sql/findings';
import { differingSteps, pageEnd, toldQuery } from '../domain/territory/sql/told';
import { text } from '../domain/territory/sql/words';
import { groupsOf, keepFile, keepFiles, NIGHT_FILES, type NightGroups } from './territory-files';
import { keepRead, rawTable, READ_FILE, type NightRows } from './territory-read';
import type { TerritorySession } from './territory-session';

/** A precedence may name a source that isn't read: it says nothing. */
export const readableRules = (rules: TerritoryRules, { sources }: TerritoryFields): TerritoryRules => ({
  ...rules,
  precedence: {
    employees: rules.precedence.employees.filter((source) => sources[source]?.employees != null),
    address: rules.precedence.address.filter((source) => sources[source]?.address != null),
  },
});

/** Takes a read into the files of accounts; what of it can't be understood is kept as findings. */
export async function takeAccounts(
  session: TerritorySession,
  rows: NightRows,
  fields: TerritoryFields,
  rules: TerritoryRules,
  countries: Countries,
  dir: string,
  keepsRead: boolean,
): Promise<void> {
  const sources: ReadSources = rules.precedence;
  const columns = readColumns(fields).map((column) => column.name);
  await session.run(rawTable(rows, columns), ...numberSteps);
  await takeCountries(session, sources, countries);
  await session.run(
    `CREATE TABLE finding AS ${readFindings(sources, rules)}`,
    keepFiles(accountsQuery(sources, rules), dir, 'account'),
    ...(keepsRead ? [keepRead('once', columns, join(dir, READ_FILE))] : []),
    'DROP VIEW once; DROP TABLE raw; DROP TABLE numbered; DROP TABLE twice; DROP TABLE country',
  );
}

/** Every country that is named anywhere is looked up once. */
async function takeCountries(
  session: TerritorySession,
  sources: ReadSources,
  countries: Countries,
): Promise<void> {
  const named = await session.rows(countriesQuery(sources));
  const known = named.flatMap(({ country }) => {
    const code = typeof country === 'string' ? countryOf(country, countries) : null;
    return code === null ? [] : [`(${text(String(country))}, ${text(code)})`];
  });
  await session.run('CREATE TABLE country (text VARCHAR, code VARCHAR)');
  if (known.length > 0) await session.run(`INSERT INTO country VALUES ${known.join(', ')}`);
}

/** Plans all accounts of a folder, by rules and tables of `world`. The steps stand in `domain/territory/sql/`. */
export async function planNight(session: TerritorySession, world: PlanWorld, dir: string): Promise<void> {
  const file = (of: keyof typeof NIGHT_FILES): string => join(dir, NIGHT_FILES[of]);
  await session.run(
    `CREATE OR REPLACE VIEW account AS SELECT * FROM ${text(file('account'))}`,
    'CREATE TABLE IF NOT EXISTS finding (kind VARCHAR, account_id VARCHAR, what VARCHAR)',
  );
  await takeTable(session, world);
  await session.run(...linkSteps(world.rules.notParents));
  let before = Infinity;
  for (;;) {
    const moving = await session.number(MOVING);
    if (moving === 0 || moving >= before) break; // those who are left go round in a cycle, or stand below one
    before = moving;
    await session.run(...ROUND);
  }
  const hasNamed = world.table.named.size > 0;
  await session.run(...MEMBERS, ...familySteps(world), ...matchSteps(hasNamed));
  await session.run(keepFiles(planQuery(world), dir, 'plan'), keepFile('SELECT * FROM place', file('place')));
  await session.run(
    `CREATE OR REPLACE VIEW plan AS SELECT * FROM ${text(file('plan'))}`,
    `INSERT INTO finding ${placeFindingsQuery(hasNamed)}`,
  );
  const cycles = cyclesOf(
    (await session.rows(STUCK)).map(({ id, parent_id: parent }) => [String(id), String(parent)]),
  );
  await addFindings(session, [...cycles.map(cycleFinding), ...peopleFindings(world)]);
  await session.run(keepFile('SELECT * FROM finding', file('finding')));
}

/** So many that differ are put together at once: as many as memory holds. */
const TOLD_AT_ONCE = 500_000;

/** Puts together what differs from staging, so that it can be written page by page. */
export async function keepDifferences(
  session: TerritorySession,
  { rules, on }: PlanWorld,
  dir: string,
): Promise<void> {
  const count = await session.number('SELECT count(*) FROM account');
  const differing = await session.number('SELECT count(*) FROM plan WHERE changed <> 0');
  const pages = Math.max(1, Math.ceil(differing / TOLD_AT_ONCE));
  let after = -1;
  for (let page = 1; page <= pages; page++) {
    const to = page === pages ? count : await session.number(pageEnd(after, TOLD_AT_ONCE));
    const file = join(dir, NIGHT_FILES.change.replace('*', `-${page}`));
    await session.run(...differingSteps(rules, after, to), keepFile(toldQuery(rules, on), file));
    after = to;
  }
  await session.run('DROP TABLE differing; DROP TABLE above');
}

async function addFindings(session: TerritorySession, findings: readonly PlanFinding[]): Promise<void> {
  for (const page of pageOf(findings, 1000)) {
    const values = page.map(
      ({ kind, accountId, what }) =>
        `(${text(kind)}, ${accountId === null ? 'NULL' : text(accountId)}, ${text(what)})`,
    );
    await session.run(`INSERT INTO finding VALUES ${values.join(', ')}`);
  }
}

/** The table's rows, each with how specific it is and who comes of it. */
async function takeTable(session: TerritorySession, { table, people }: PlanWorld): Promise<void> {
  await session.run(
    'CREATE OR REPLACE TABLE territory_row (row INTEGER, name VARCHAR, territory VARCHAR, region VARCHAR, sub_region VARCHAR, area VARCHAR, segment VARCHAR, country VARCHAR, state VARCHAR, post_prefix VARCHAR, post_from VARCHAR, post_to VARCHAR, industry VARCHAR, account_id VARCHAR, specificity INTEGER, next_owner_id VARCHAR, is_to_be_hired BOOLEAN)',
  );
  const values = table.rows.map((row, at) => {
    const { place } = row;
    const { postCodes } = place;
    const known = people.get(row.territory) ?? null;
    const texts = [
      rowName(row),
      row.territory,
      row.region,
      row.subRegion,
      row.area,
      place.segment,
      place.country,
      place.state === null ? null : upper(place.state),
      postCodes && 'prefix' in postCodes ? postCodes.prefix : null,
      postCodes && 'from' in postCodes ? postCodes.from : null,
      postCodes && 'from' in postCodes ? postCodes.to : null,
      place.industry,
      place.accountId,
    ].map((value) => (value === null ? 'NULL' : text(value)));
    const next = nextOwner(known);
    return `(${at}, ${texts.join(', ')}, ${specificity(row)}, ${next === null ? 'NULL' : text(next)}, ${known?.isToBeHired === true})`;
  });
  for (const page of pageOf(values, 1000))
    await session.run(`INSERT INTO territory_row VALUES ${page.join(', ')}`);
}

/** What a night was planned by, to be told of later. */
export interface NightRecord {
  readonly on: string;
  readonly plannedAt: string;
  /** Where the read itself is kept; absent: it isn't. */
  readonly read?: NightRead;
  readonly rules: PlanWorld['rules'];
  readonly rows: PlanWorld['table']['rows'];
  readonly people: readonly (PlanWorld['people'] extends ReadonlyMap<string, infer P> ? P : never)[];
  readonly groups: NightGroups;
}

export async function keepRecord(
  session: TerritorySession,
  dir: string,
  world: PlanWorld,
  plannedAt: string,
  read: NightRead | null = null,
): Promise<void> {
  const record: NightRecord = {
    on: world.on,
    plannedAt,
    ...(read ? { read } : {}),
    rules: world.rules,
    rows: world.table.rows,
    people: [...world.people.values()],
    groups: await groupsOf(session, dir),
  };
  await writeFile(join(dir, 'night.json'), JSON.stringify(record), { mode: 0o600 });
}

function* pageOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
