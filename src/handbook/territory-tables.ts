import { COUNTRY_CODES } from './countries';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TerritoryRow } from '../domain/territory/table';
import { tableProblems } from '../domain/territory/table-checks';
import { readTable, type TableRead, type TableSurroundings } from '../domain/territory/table-reading';
import type { Problem } from './problem';

/** Below `territory/` of the configuration folder. */
export const TABLES = 'territory/tables';
/** A table of more is no table of territories. */
const MOST_BYTES = 16 * 2 ** 20;

/**
 * Reads all tables of a folder, for the handbook or for a what-if.
 *
 * @param dir the folder of the tables
 * @param shown what stands before a file's name where it is told of
 */
export function readTables(dir: string, around: Omit<TableSurroundings, 'countries'>, shown = ''): TableRead {
  const problems: Problem[] = [];
  const files = filesOf(dir, shown, problems);
  const rows: TerritoryRow[] = files.flatMap((file) => {
    const name = `${shown}${file}`;
    const text = textOf(join(dir, file), name, problems);
    if (text === null) return [];
    const read = readTable(name, text, { ...around, countries: countries() });
    problems.push(...read.problems);
    return read.rows;
  });
  return { rows, problems: [...problems, ...tableProblems(rows)] };
}

function filesOf(dir: string, shown: string, problems: Problem[]): readonly string[] {
  const told = (problem: string, mend: string): readonly string[] => {
    problems.push({ file: shown.replace(/\/$/, '') || dir, line: 1, problem, mend });
    return [];
  };
  try {
    const files = readdirSync(dir)
      .filter((file) => /^[^.].*\.csv$/i.test(file))
      .sort();
    return files.length > 0 ? files : told('a folder without a table', 'Add tables as .csv files.');
  } catch {
    return told("the folder of the tables can't be read", 'Name a folder with .csv files.');
  }
}

/** UTF-8, as whole text. */
function textOf(path: string, file: string, problems: Problem[]): string | null {
  const told = (problem: string, mend: string): null => {
    problems.push({ file, line: 1, problem, mend });
    return null;
  };
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MOST_BYTES) return told('too large', 'A table has at most 16 MiB.');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (fault) {
    return fault instanceof TypeError
      ? told('not UTF-8', 'Save it as CSV UTF-8.')
      : told("can't be read", 'Add its read permission.');
  }
}

let known: ReadonlyMap<string, string> | undefined;

/** Countries of ISO 3166-1, by code and by English name. */
function countries(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  known ??= new Map(
    COUNTRY_CODES.flatMap((code) => {
      const name = names.of(code);
      const ways = name === undefined ? [code] : [code, name];
      return ways.map((way) => [way.toLowerCase(), code] as const);
    }),
  );
  return known;
}
