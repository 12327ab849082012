import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dollars } from '../domain/close/cents';
import { terminal } from '../domain/escape';
import type { Handbook } from '../domain/handbook';
import { compare, type Comparison } from '../domain/territory/compare/comparison';
import { flowsOf } from '../domain/territory/compare/flows';
import { comparisonPage, type ComparisonNames } from '../domain/territory/compare/page';
import type { TerritoryRow } from '../domain/territory/table';
import { formatProblems, readHandbook } from '../handbook';
import { accountsByPlace, isNight, nightNamed, nightsOf } from './accounts-by-place';
import { folder } from './config';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { tablesOf } from './territory-check';
import { onClock, plural, table } from './words';

export interface TerritoryDiffOptions extends Spoken {
  /** A file of accounts (- is standard input), or a kept night; without it the last one. */
  readonly accounts?: string;
  /** A file for the page. */
  readonly out?: string;
  readonly dir?: string;
}

/** The handbook's own tables, in place of a folder. */
export const CURRENT = 'current';

/** `daytwo territory diff <a> <b>`: two kept nights, or what two folders of tables would make of the same accounts. Nothing is changed. */
export async function territoryDiff(
  a: string,
  b: string,
  options: TerritoryDiffOptions,
  around: Surroundings,
): Promise<number> {
  if (isNight(a) !== isNight(b)) throw new WrongUsage('Give two nights, or two folders of tables.');
  if (isNight(a)) return diffNights(a, b, options, around);
  const handbook = readHandbook(folder(options.dir, around));
  const [before, after] = [goodRows(handbook, a), goodRows(handbook, b)];
  const { placed, words: accounts } = await accountsByPlace(
    options.accounts ?? 'latest',
    [before, after],
    around,
  );
  return sayComparison(
    compare(flowsOf(placed, before, after)),
    { before: a, after: b, accounts },
    options,
    around,
  );
}

/** The rows of a folder of tables. @throws Refused where it has problems: of half a table no comparison is made */
export function goodRows(handbook: Handbook, named: string): readonly TerritoryRow[] {
  const { rows, problems } = tablesOf(handbook, named === CURRENT ? {} : { tables: named });
  if (problems.length > 0)
    throw new Refused(
      `The tables of ${named} have ${plural(problems.length, 'problem')}:\n${formatProblems(problems).trimEnd()}`,
      { problems },
    );
  return rows;
}

async function diffNights(
  a: string,
  b: string,
  options: TerritoryDiffOptions,
  around: Surroundings,
): Promise<number> {
  if (options.accounts !== undefined) throw new WrongUsage('Two nights have their own accounts.');
  const nights = nightsOf(around);
  const [before, after] = [await nightNamed(a, nights), await nightNamed(b, nights)];
  const names = { before, after, accounts: 'both nights' };
  return sayComparison(compare(await nights.flows(before, after)), names, options, around);
}

/** Says a comparison in words, as JSON, and as a page to a file. */
export function sayComparison(
  comparison: Comparison,
  names: ComparisonNames,
  { json, out }: Pick<TerritoryDiffOptions, 'json' | 'out'>,
  around: Surroundings,
): number {
  const path = out === undefined ? null : resolve(out);
  if (path !== null) writePage(path, comparisonPage(comparison, names, onClock(around.now(), around.zone)));
  if (json) around.out(jsonLine({ ...names, ...(path === null ? {} : { page: path }), ...comparison }));
  else {
    show(comparison, names, around);
    if (path !== null) around.out(`\nThe page: ${path}`);
  }
  return 0;
}

function writePage(path: string, page: string): void {
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new Refused(`${path} could not be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`);
  }
}

/** So many owners are shown one by one; --json and the page have all. */
const SHOWN = 40;

function show(
  { all, moved, placedAnew, owners }: Comparison,
  { before, after }: ComparisonNames,
  around: Surroundings,
): void {
  const { bold, dim } = around.colours;
  around.out(
    bold(
      `${plural(moved.accounts, 'account')} of ${all.accounts} would have another owner by ${terminal(after)} than by ${terminal(before)}`,
    ) + dim(`, ${dollars(moved.carrCents)} CARR, ${dollars(moved.pipelineCents)} open pipeline`),
  );
  around.out(dim(`${plural(placedAnew.accounts, 'account')} in another territory.`));
  around.out('');
  const lines = owners
    .slice(0, SHOWN)
    .map((owner) => [
      terminal(owner.name ?? 'nobody'),
      `${owner.before.accounts} → ${owner.after.accounts}`,
      `${dollars(owner.before.carrCents)} → ${dollars(owner.after.carrCents)}`,
      `${dollars(owner.before.pipelineCents)} → ${dollars(owner.after.pipelineCents)}`,
    ]);
  for (const line of table(['Owner', 'Accounts', 'CARR', 'Open pipeline'], lines, bold)) around.out(line);
  if (owners.length > SHOWN) around.out(dim(`… and ${owners.length - SHOWN} more: --json or --out has all.`));
}
