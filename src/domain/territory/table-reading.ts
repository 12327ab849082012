import { readDelimited } from '../delimited-text';
import { suggestion } from '../spelling';
import { PUBLIC_SECTOR, type TableOwner, type TerritoryRow } from './table';
import {
  TABLE_COLUMNS,
  initialsOf,
  isFault,
  listed,
  namedAccount,
  postCodes,
  tableOwner,
  territoryName,
  wrongText,
  type Cell,
  type CellFault,
  type TableColumn,
} from './table-cells';
import { personNamed, type Found, type TablePerson } from './table-people';

/** Something wrong in a table: where, what, and what to write instead. */
export interface TableProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly value?: string;
  readonly problem: string;
  readonly mend: string;
}

/** What tables refer to. */
export interface TableSurroundings {
  /** Names of all segments of all versions of the rules. */
  readonly segments: readonly string[];
  readonly people: readonly TablePerson[];
  /** ISO 3166-1 alpha-2 code by the name of a country, in lower case, and by the code itself. */
  readonly countries: ReadonlyMap<string, string>;
}

export interface TableRead {
  readonly rows: readonly TerritoryRow[];
  readonly problems: readonly TableProblem[];
}

type Row = Readonly<Record<TableColumn, string>>;
const REQUIRED: readonly TableColumn[] = [
  'Sub-Region',
  'Area',
  'Territory Name',
  'Sales',
  'Region',
  'Segment',
];
/** A line that names more places than this is no line of a table. */
const MOST_PLACES = 1_000;

/** Reads one table as Sales Ops edits it (CSV). A line with a fault gives no rows, and all its faults are named. */
export function readTable(file: string, text: string, around: TableSurroundings): TableRead {
  const problems: TableProblem[] = [];
  const [head, ...records] = readDelimited(text.replace(/^\ufeff/, '').split(/\r?\n/), ',');
  const columns = columnsOf(file, head?.cells ?? [], problems);
  if (!columns) return { rows: [], problems };
  const rows = records.flatMap((record) => {
    const line = record.line + 1;
    const tell = (problem: string, mend: string, value?: string): void => {
      problems.push({ file, line, problem, mend, ...(value === undefined ? {} : { value }) });
    };
    if (record.unclosed) tell('a quote that is never closed', 'Close it, or take it away.');
    else if (
      record.cells.length > columns.length &&
      record.cells.slice(columns.length).some((cell) => cell.trim())
    )
      tell('more cells than columns', 'Put a cell with a comma within it into double quotes.');
    else return rowsOf(file, line, cellsOf(columns, record.cells), around, tell);
    return [];
  });
  return { rows, problems };
}

function columnsOf(
  file: string,
  head: readonly string[],
  problems: TableProblem[],
): readonly (TableColumn | null)[] | null {
  const tell = (problem: string, mend: string, value?: string): void => {
    problems.push({ file, line: 1, problem, mend, ...(value === undefined ? {} : { value }) });
  };
  const columns = head.map((cell) => {
    const name = cell.trim();
    const column = TABLE_COLUMNS.find((one) => one.toLowerCase() === name.toLowerCase()) ?? null;
    if (!column && name !== '')
      tell('unknown column', suggestion(name, TABLE_COLUMNS, 'Take it away.'), name);
    return column;
  });
  const before = problems.length;
  for (const column of REQUIRED)
    if (!columns.includes(column))
      tell(`the column ${column} is missing`, `Its first line: ${TABLE_COLUMNS.join(',')}`);
  for (const column of TABLE_COLUMNS)
    if (columns.indexOf(column) !== columns.lastIndexOf(column))
      tell('the same column twice', 'Keep one of them.', column);
  return problems.length === before ? columns : null;
}

const cellsOf = (columns: readonly (TableColumn | null)[], cells: readonly string[]): Row =>
  Object.fromEntries(
    TABLE_COLUMNS.map((column) => {
      const at = columns.indexOf(column);
      return [column, at < 0 ? '' : (cells[at] ?? '').trim()];
    }),
  ) as Row;

type Tell = (problem: string, mend: string, value?: string) => void;

function rowsOf(file: string, line: number, row: Row, around: TableSurroundings, tell: Tell): TerritoryRow[] {
  let faults = 0;
  const wrong = (column: TableColumn, { fault, mend }: CellFault, value = row[column]): void => {
    faults += 1;
    tell(`${column}: ${fault}`, mend, value);
  };
  const bad = TABLE_COLUMNS.filter((column) => {
    const fault = wrongText(row[column]);
    if (fault) wrong(column, fault);
    return fault !== null;
  });
  if (bad.length > 0) return [];
  for (const column of REQUIRED)
    if (row[column] === '')
      wrong(column, {
        fault: 'is empty',
        mend:
          column === 'Sales'
            ? 'Name the owner, or who covers: TBH / <name>.'
            : 'Write it as the lines around do.',
      });
  if (faults > 0) return [];

  const segments = [...around.segments, PUBLIC_SECTOR];
  const segment = segments.find((one) => one === row.Segment);
  if (segment === undefined)
    wrong('Segment', {
      fault: 'not a segment',
      mend: suggestion(row.Segment, segments, 'Name a segment of rules.yml.'),
    });
  const of = <T>(column: TableColumn, cell: Cell<T>, value?: string): T | null => {
    if (!isFault(cell)) return cell.value;
    wrong(column, cell, value);
    return null;
  };
  const each = <T>(column: TableColumn, read: (text: string) => Cell<T>): readonly (T | null)[] => {
    const list = listed(row[column]);
    return list.length === 0 ? [null] : list.map((one) => of(column, read(one), one));
  };
  const starts = segments.flatMap((one) => [one, initialsOf(one)]);
  const territory = of('Territory Name', territoryName(row['Territory Name'], starts)) ?? '';
  const owner = ownerIn(row, 'Sales', around.people, wrong);
  // Nothing is planned by them; a name of nobody is a fault of the table all the same.
  for (const column of ['Inside Sales Rep', 'FMM', 'SDR'] as const)
    if (row[column] !== '') ownerIn(row, column, around.people, wrong);
  const places = {
    countries: each('Country', (text) => countryOf(text, around.countries)),
    states: each('State', (text) => ({ value: text.toUpperCase() })),
    codes: each('Post Codes', postCodes),
    industries: each('Industry', (text) => ({ value: text })),
    accounts: each('Account', namedAccount),
  };
  for (const [column, fault] of combinations(places, row)) wrong(column, fault);
  if (faults > 0 || segment === undefined) return [];
  const { countries, states, codes, industries, accounts } = places;
  return countries.flatMap((country) =>
    states.flatMap((state) =>
      codes.flatMap((code) =>
        industries.flatMap((industry) =>
          accounts.map((accountId) => ({
            file,
            line,
            territory,
            region: row.Region,
            subRegion: row['Sub-Region'],
            area: row.Area,
            owner,
            place: { segment, country, state, postCodes: code, industry, accountId },
          })),
        ),
      ),
    ),
  );
}

/** States are of one country, post codes of one country and at most one state, a named account is the whole place. */
function* combinations(
  places: Readonly<Record<'countries' | 'states' | 'codes' | 'industries' | 'accounts', readonly unknown[]>>,
  row: Row,
): Generator<readonly [TableColumn, CellFault]> {
  const mend = 'Split the line, so that each says one country.';
  const [country, ...countries] = places.countries;
  const isOneCountry = country !== null && countries.length === 0;
  if (row.State !== '' && !isOneCountry) yield ['State', { fault: 'states without their one country', mend }];
  if (row['Post Codes'] !== '' && !isOneCountry)
    yield ['Post Codes', { fault: 'post codes without their one country', mend }];
  if (row['Post Codes'] !== '' && places.states.length > 1)
    yield [
      'Post Codes',
      { fault: 'post codes of several states', mend: 'Split the line, so that each says one state.' },
    ];
  if (
    row.Account !== '' &&
    [row.Country, row.State, row['Post Codes'], row.Industry].some((cell) => cell !== '')
  )
    yield [
      'Account',
      { fault: 'a named account and a geography', mend: 'A named account is enough: empty the others.' },
    ];
  if (Object.values(places).reduce((product, list) => product * list.length, 1) > MOST_PLACES)
    yield [
      'Territory Name',
      { fault: `more than ${MOST_PLACES} places in one line`, mend: 'Split the line.' },
    ];
}

function countryOf(text: string, countries: ReadonlyMap<string, string>): Cell<string> {
  const code = countries.get(text.toLowerCase());
  if (code !== undefined && code === text) return { value: code };
  const known = [...countries.keys()];
  const mend =
    code === undefined
      ? suggestion(text, known, 'Write two capital letters (ISO 3166-1), such as GB.')
      : `Write ${code}.`;
  return { fault: 'not a country', mend };
}

/** Who a cell names. What can't be found is told, with who is likely meant. */
function ownerIn(
  row: Row,
  column: TableColumn,
  people: readonly TablePerson[],
  wrong: (column: TableColumn, fault: CellFault, value?: string) => void,
): TableOwner {
  const owner = tableOwner(row[column]);
  const name = owner.name ?? owner.cover;
  if (name === null) {
    wrong(column, { fault: 'to be hired, and nobody covers', mend: 'Write TBH / <who covers>.' });
    return owner;
  }
  const found = personNamed(name, people);
  if ('person' in found) return owner;
  wrong(column, spellingFault(found), name);
  return owner;
}

function spellingFault({ likely, same }: Exclude<Found, { person: TablePerson }>): CellFault {
  if (same)
    return likely
      ? { fault: 'another spelling', mend: `Write ${likely.name}.` }
      : { fault: 'several people of that name', mend: 'Tell them apart by their names in people.yml.' };
  const mend = likely
    ? `Did you mean ${likely.name}?`
    : 'Name a member of people.yml, or TBH / <who covers>.';
  return { fault: 'unknown person', mend };
}
