import { resolve } from 'node:path';
import { readTerritoryPeople } from '../activities/territory-people';
import { dollars } from '../domain/close/cents';
import { terminal } from '../domain/escape';
import type { Handbook } from '../domain/handbook';
import { gapsOf, type Gap } from '../domain/territory/gaps';
import { DRIFT_MENDS, DRIFTS, type Drift } from '../domain/territory/order';
import type { TerritoryRow } from '../domain/territory/table';
import { formatProblems, loadHandbook, tablesFor, type Problem } from '../handbook';
import { accountsByPlace } from './accounts-by-place';
import { folder } from './config';
import { withReadWorld } from './read-world';
import { jsonLine, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { plural } from './words';

export interface TerritoryCheckOptions extends Spoken {
  /** Other tables than those of the handbook. */
  readonly tables?: string;
  /** Where accounts are, for the places that no row matches: a file, a kept night or `latest`. */
  readonly accounts?: string;
  /** Ask Salesforce, too. */
  readonly org?: boolean;
  readonly dir?: string;
}

/** What a check found. All of it is told at once. */
export interface TerritoryCheck {
  readonly rows: readonly TerritoryRow[];
  readonly problems: readonly Problem[];
  readonly gaps: readonly Gap[];
  readonly drift: readonly Drift[];
}

/** `daytwo territory check`: 0 where the tables can be used as they stand, else 1. */
export async function territoryCheck(options: TerritoryCheckOptions, around: Surroundings): Promise<number> {
  const loaded = loadHandbook(folder(options.dir, around));
  if (!loaded.ok) return say({ rows: [], problems: loaded.problems, gaps: [], drift: [] }, options, around);
  const { handbook } = loaded;
  const read = tablesOf(handbook, options);
  const placed =
    options.accounts === undefined
      ? []
      : (await accountsByPlace(options.accounts, [read.rows], around)).placed;
  // What the org says is asked for good tables alone: of others it would find faults that aren't.
  const asked =
    options.org && read.problems.length === 0 ? await askOrg(read.rows, around) : { drift: [], problems: [] };
  return say(
    {
      rows: read.rows,
      problems: [...read.problems, ...asked.problems],
      gaps: gapsOf(read.rows, placed),
      drift: asked.drift,
    },
    options,
    around,
  );
}

/** The tables that are meant: another folder's, or those of the handbook, which have passed. */
export function tablesOf(
  handbook: Handbook,
  { tables }: Pick<TerritoryCheckOptions, 'tables'>,
): Pick<TerritoryCheck, 'rows' | 'problems'> {
  if (!handbook.territory) throw new WrongUsage('The handbook has no folder territory/.');
  return tables === undefined
    ? { rows: handbook.territory.rows, problems: [] }
    : tablesFor(handbook, resolve(tables), `${tables.replace(/\/+$/, '')}/`);
}

function askOrg(
  rows: readonly TerritoryRow[],
  around: Surroundings,
): Promise<Pick<TerritoryCheck, 'drift' | 'problems'>> {
  return withReadWorld(around, async (world) => {
    const { drift, inactive } = await readTerritoryPeople(world, rows);
    return { drift, problems: inactiveIn(rows, inactive) };
  });
}

/** Lines that name somebody who is no active user, each once. */
export function inactiveIn(rows: readonly TerritoryRow[], inactive: readonly string[]): readonly Problem[] {
  const lines = new Map(rows.map((row) => [`${row.file}:${row.line}`, row]));
  return [...lines.values()].flatMap(({ file, line, owner }) => {
    const name = owner.name ?? owner.cover;
    if (name === null || !inactive.includes(name)) return [];
    const problem = 'Sales: no active user of Salesforce';
    return [{ file, line, value: name, problem, mend: 'Name who owns it now, or TBH / <who covers>.' }];
  });
}

function say(check: TerritoryCheck, { json, tables }: TerritoryCheckOptions, around: Surroundings): number {
  const { rows, problems, gaps, drift } = check;
  const found = problems.length + gaps.length + drift.length;
  if (json) {
    around.out(jsonLine({ ok: found === 0, rows: rows.length, problems, gaps, drift }));
    return found === 0 ? 0 : 1;
  }
  if (problems.length > 0) around.err(formatProblems(problems).trimEnd());
  for (const line of gapLines(gaps)) around.err(line);
  for (const { territory, kind } of drift)
    around.err(`${terminal(territory)}  ${DRIFTS[kind]}\n    ${DRIFT_MENDS[kind]}`);
  const where = tables === undefined ? 'the tables' : `the tables of ${tables}`;
  if (found === 0) {
    const territories = new Set(rows.map(({ territory }) => territory)).size;
    around.out(
      `${around.colours.green('No problem')} in ${where}: ${plural(territories, 'territory', 'territories')}, ${plural(rows.length, 'place')}.`,
    );
  } else around.err(`\n${around.colours.red(plural(found, 'problem'))} in ${where}.`);
  return found === 0 ? 0 : 1;
}

/** So many places are shown one by one; --json has all. */
const SHOWN = 40;

function* gapLines(gaps: readonly Gap[]): Generator<string> {
  for (const { kind, place, accounts, carrCents } of gaps.slice(0, SHOWN)) {
    const [what, mend] =
      kind === 'no-row'
        ? ['no row matches', 'Add a line for this place, or take it into one that is there.']
        : ['two rows claim it with the same right', 'Make one of the lines more specific.'];
    yield `${terminal(place)}  ${what}: ${plural(accounts, 'account')}, ${dollars(carrCents)} CARR\n    ${mend}`;
  }
  if (gaps.length > SHOWN) yield `… and ${gaps.length - SHOWN} more places: --json has all.`;
}
