import type { FileRecord, RecordProblem, RecordsRead } from './records';

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * CSV as RFC 4180 has it, with a header: cells in quotes may hold separators, quotes (doubled) and line breaks. Commas,
 * or semicolons or tabs where the header shows them, as spreadsheets of some countries write. Columns are named as the
 * fields are; capitals, spaces and dashes don't matter. What looks like a formula is text.
 */
export function readCsv(text: string): RecordsRead {
  const { rows, open } = split(text, separatorOf(text));
  if (open !== null) {
    return {
      records: [],
      problems: [
        {
          place: `line ${open}`,
          field: '',
          problem: 'begins a quoted cell that never ends',
          mend: 'close the quote; a quote inside a cell is written twice',
        },
      ],
    };
  }
  const [header, ...rest] = rows;
  if (!header) return { records: [], problems: [] };
  const names = header.cells.map(columnName);
  const problems = headerProblems(names, header.line);
  if (rest.length === 0)
    problems.push({
      place: 'the file',
      field: '',
      problem: 'holds a header and no record',
      mend: 'write one line a person below the header',
    });
  const records: FileRecord[] = [];
  for (const { line, cells } of rest) {
    if (cells.length === names.length) {
      records.push({
        place: `line ${line}`,
        form: 'csv',
        cells: Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ''])),
      });
      continue;
    }
    const problem = `has ${cells.length} cell${cells.length === 1 ? '' : 's'}, the header ${names.length}`;
    problems.push({
      place: `line ${line}`,
      field: '',
      problem,
      mend: 'give every line the columns of the header; put a cell that holds the separator in quotes',
    });
  }
  return { records, problems };
}

const columnName = (cell: string): string =>
  cell
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

function headerProblems(names: readonly string[], line: number): RecordProblem[] {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const problems: RecordProblem[] = [...new Set(twice)].map((name) => ({
    place: `line ${line}`,
    field: name,
    problem: 'is a column twice',
    mend: 'keep one of them',
  }));
  if (names.includes(''))
    problems.push({
      place: `line ${line}`,
      field: '',
      problem: 'holds a column without a name',
      mend: 'name every column, or take it away',
    });
  return problems;
}

/** The sign that stands most often in the header, outside of quotes. */
function separatorOf(text: string): string {
  const header = (text.trimStart().split(/\r\n|\n|\r/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (sign: string): number => header.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** The rows with the line each begins on; `open` is the line of a quote that is never closed. Empty lines are no rows. */
function split(text: string, separator: string): { rows: readonly Row[]; open: number | null } {
  const rows: Row[] = [];
  let cells: string[] = [];
  let cell = '';
  let [line, began] = [1, 1];
  let quotedSince: number | null = null;
  let wasQuoted = false;
  const endCell = (): void => {
    cells.push(wasQuoted ? cell : cell.trim());
    [cell, wasQuoted] = ['', false];
  };
  const endRow = (): void => {
    const empty = cells.length === 0 && !wasQuoted && cell.trim() === '';
    if (empty) cell = '';
    else endCell();
    if (!empty && cells.some((one) => one !== '')) rows.push({ line: began, cells });
    cells = [];
  };
  const normal = text.replace(/\r\n?/g, '\n');
  for (let at = 0; at < normal.length; at += 1) {
    const sign = normal[at] ?? '';
    if (sign === '\n') line += 1;
    if (quotedSince !== null) {
      if (sign !== '"') cell += sign;
      else if (normal[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quotedSince = null;
    } else if (sign === '"' && cell.trim() === '') {
      [cell, quotedSince, wasQuoted] = ['', line, true];
    } else if (sign === separator) endCell();
    else if (sign === '\n') {
      endRow();
      began = line;
    } else if (!wasQuoted || sign.trim() !== '') cell += sign;
  }
  endRow();
  return { rows, open: quotedSince };
}
