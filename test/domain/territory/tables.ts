import { TABLE_COLUMNS, type TableColumn } from '../../../src/domain/territory/table-cells';
import { tableProblems } from '../../../src/domain/territory/table-checks';
import { readTable, type TableSurroundings } from '../../../src/domain/territory/table-reading';

export const AROUND: TableSurroundings = {
  segments: ['SMB', 'Mid-Market', 'Large'],
  people: ['Ada Miles', 'Bo Jensen', 'Jules Lefèvre', 'Kim Twin', 'Kim Twin'].map((name) => {
    const username = name.toLowerCase().replace(/\W+/g, '-');
    return { name, username, email: `${username}@daytwo.example` };
  }),
  countries: new Map(
    ['DE Germany', 'US United States', 'GB United Kingdom'].flatMap((text) => {
      const [code = '', name = ''] = text.split(/ (.*)/);
      return [[code.toLowerCase(), code] as const, [name.toLowerCase(), code] as const];
    }),
  ),
};

const USUAL: Partial<Record<TableColumn, string>> = {
  'Sub-Region': 'DACH',
  Area: 'North',
  'Territory Name': 'Large-EMEA-North-1',
  Sales: 'Ada Miles',
  Region: 'EMEA',
  Segment: 'Large',
  Country: 'DE',
};

/** A table in which each line says only what differs from the usual one. */
export const table = (...lines: readonly Partial<Record<TableColumn, string>>[]): string =>
  [
    TABLE_COLUMNS.join(','),
    ...lines.map((line) =>
      TABLE_COLUMNS.map((column) => {
        const cell = line[column] ?? USUAL[column] ?? '';
        return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
      }).join(','),
    ),
  ].join('\n');

/** The rows of a table, and all that is wrong with it. */
export function read(text: string) {
  const { rows, problems } = readTable('t.csv', text, AROUND);
  return { rows, problems: [...problems, ...tableProblems(rows)] };
}
