import { readDelimited, type DelimitedRecord } from './delimited-text';
import type { FormPerson, FormProblem } from './form';
import { linesOf } from './form-lines';
import { cut, problemAt, problemOfAll } from './form-problem';
import {
  ADDRESS_IN_TEXT,
  columnOf,
  EXPECTED_HEADER,
  isAddress,
  isFormula,
  plainAddress,
  plainCell,
  type Column,
} from './people-columns';

export interface PeopleTable {
  readonly people: readonly FormPerson[];
  readonly problems: readonly FormProblem[];
}

/** One person as a table or a list says. */
interface Row {
  readonly number: number;
  readonly raw: string;
  readonly cells: Partial<Record<Column, string>>;
  /** Cells that nobody asked for; a formula in them is a problem too. */
  readonly others: readonly string[];
  /** What is wrong with the row whatever its cells say. */
  readonly fault?: string;
}

const FENCE = /^\s*(?:`{3,}|~{3,})/;
const BULLET = /^\s*(?:[-*+•]|\d{1,5}[.)])\s+(?:\[[ xX]?\]\s*)?(?=\S)/;
/** Signs of one row; what is longer is no person, and would take long to read. */
const LONGEST_ROW = 4000;
const TOO_LONG = `A row has at most ${LONGEST_ROW.toLocaleString('en')} signs.`;

/**
 * People as they are pasted into a request or attached to it: a Markdown table, CSV with commas or semicolons, cells from a
 * sheet (tabs), in a code block or not, a list, or one address a line. Columns may stand in any order.
 *
 * @param most how many people one request may name; of more, none is given, and one problem says so
 * @returns people with an address; lines of people and problems count from 1 in `text`
 */
export function readPeopleTable(text: string, most: number): PeopleTable {
  const lines = linesOf(text).map((line) => line.replace(/[\u00a0\u2007\u202f]/g, ' '));
  const { rows, problems, understood } = new TableReader(lines).read();
  if (rows.length > most) return { people: [], problems: [tooMany(rows, most)] };
  if (rows.length === 0 && problems.length === 0 && !understood)
    return { people: [], problems: noTable(lines) };
  const people: FormPerson[] = [];
  for (const row of rows) {
    const read = personOf(row);
    if ('email' in read) people.push(read);
    else problems.push(read);
  }
  return { people, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** The same for a file that is attached to a request: somebody must stand in it. */
export function readPeopleFile(text: string, most: number): PeopleTable {
  const read = readPeopleTable(text, most);
  if (read.people.length > 0 || read.problems.length > 0) return read;
  const expected = `People stand in the attached file, below a header such as "${EXPECTED_HEADER}".`;
  return { people: [], problems: [problemOfAll(expected)] };
}

/** Those who stand there more than once, by their address in any case; each group in the order of its lines. */
export function duplicatesOf(people: readonly FormPerson[]): readonly (readonly FormPerson[])[] {
  const byEmail = new Map<string, FormPerson[]>();
  for (const person of people) {
    const email = person.email.toLowerCase();
    byEmail.set(email, [...(byEmail.get(email) ?? []), person]);
  }
  return [...byEmail.values()].filter((group) => group.length > 1);
}

const tooMany = (rows: readonly Row[], most: number): FormProblem => ({
  line: rows[most]?.number ?? null,
  quoted: '',
  expected: `${rows.length.toLocaleString('en')} people stand here, and one request may name ${most.toLocaleString('en')}: leave so many here, and file another request for the others.`,
});

function noTable(lines: readonly string[]): readonly FormProblem[] {
  const first = lines.findIndex((line) => line.trim() !== '' && !FENCE.test(line));
  return first < 0 ? [] : [wrongHeader({ number: first + 1, raw: lines[first] ?? '' })];
}

const wrongHeader = (line: { readonly number: number; readonly raw: string }): FormProblem =>
  problemAt(
    line,
    `A header that names a column for the e-mail address, such as "${EXPECTED_HEADER}", stands before the people; the header found is "${cut(line.raw, 80)}".`,
  );

/** Goes through the lines, block by block: a table, delimited cells, or a line of a list. */
class TableReader {
  readonly #rows: Row[] = [];
  readonly #problems: FormProblem[] = [];
  #understood = false;

  constructor(private readonly lines: readonly string[]) {}

  /** `understood`: there is a header that names the columns, whether or not somebody stands below. */
  read(): { rows: readonly Row[]; problems: FormProblem[]; understood: boolean } {
    for (let at = 0; at < this.lines.length;) at = this.#block(at);
    return { rows: this.#rows, problems: this.#problems, understood: this.#understood };
  }

  /** Reads what begins on a line; gives the line after it. */
  #block(at: number): number {
    const line = this.lines[at] ?? '';
    if (line.trim() === '' || FENCE.test(line)) return at + 1;
    if (isTableRow(line) && this.#tableHeader(at)) return this.#markdownTable(at);
    const delimiter = BULLET.test(line) ? undefined : this.#delimiterAt(at);
    if (delimiter !== undefined) return this.#delimited(at, delimiter);
    if (BULLET.test(line) || line.includes('@')) this.#rows.push(listRow(at, line));
    return at + 1;
  }

  #tableHeader = (at: number): boolean =>
    isDelimiterRow(this.lines[at + 1] ?? '') || (this.lines[at] ?? '').trimStart().startsWith('|');

  #markdownTable(from: number): number {
    let end = from;
    while (end < this.lines.length && isTableRow(this.lines[end] ?? '')) end += 1;
    const records = this.lines
      .slice(from, end)
      .map((raw, index): DelimitedRecord => ({ line: index, raw, cells: cellsOf(raw), unclosed: false }))
      .filter((record) => !isDelimiterRow(record.raw));
    this.#table(from, records);
    return end;
  }

  /** Up to the end of the code block, or of the text. */
  #delimited(from: number, delimiter: string): number {
    let end = from;
    while (end < this.lines.length && !FENCE.test(this.lines[end] ?? '')) end += 1;
    this.#table(from, readDelimited(this.lines.slice(from, end), delimiter));
    return end;
  }

  #table(from: number, [header, ...records]: readonly DelimitedRecord[]): void {
    if (!header) return;
    const columns = header.cells.map((cell) => columnOf(plainCell(cell)));
    if (!columns.includes('email')) {
      this.#problems.push(wrongHeader({ number: from + header.line + 1, raw: header.raw }));
      return;
    }
    this.#understood = true;
    for (const record of records) {
      if (record.cells.every((cell) => cell.trim() === '')) continue;
      this.#rows.push(rowOf(from, record, columns));
    }
  }

  /** The delimiter of the cells that begin here, if a header does, or rows without one. */
  #delimiterAt(at: number): string | undefined {
    const line = (this.lines[at] ?? '').slice(0, LONGEST_ROW);
    const byHeader = ['\t', ';', ','].find((sign) =>
      line.split(sign).some((cell) => columnOf(unquoted(cell)) === 'email'),
    );
    if (byHeader !== undefined) return byHeader;
    const used = ['\t', ';', ','].find((sign) => line.includes(sign));
    if (used === undefined || /<[^>]*@[^>]*>/.test(line)) return undefined;
    const next = this.lines.slice(at + 1, at + 5).find((one) => one.trim() !== '') ?? '';
    return line.includes('@') || (next.includes('@') && next.includes(used)) ? used : undefined;
  }
}

/** `| --- | :-: |` */
const isDelimiterRow = (line: string): boolean => cellsOf(line).every((cell) => /^:?-+:?$/.test(cell.trim()));

const isTableRow = (line: string): boolean => line.includes('|') && !BULLET.test(line);

const cellsOf = (row: string): string[] =>
  row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replace(/\\\|/g, '|'));

const unquoted = (cell: string): string => cell.trim().replace(/^"(.*)"$/, '$1');

function rowOf(from: number, record: DelimitedRecord, columns: readonly (Column | undefined)[]): Row {
  const cells: Partial<Record<Column, string>> = {};
  const others: string[] = [];
  record.cells.forEach((cell, index) => {
    const column = columns[index];
    if (column === undefined || cells[column] !== undefined) others.push(cell);
    else cells[column] = cell;
  });
  return {
    number: from + record.line + 1,
    raw: record.raw,
    cells,
    others,
    ...(record.raw.length > LONGEST_ROW ? { fault: TOO_LONG } : {}),
    ...(record.unclosed ? { fault: 'A quote (") that is opened in this row is closed in it.' } : {}),
  };
}

/** `- Ann Example <ann@x.example>, manager@x.example`: the name, the address, the manager's. */
function listRow(at: number, raw: string): Row {
  if (raw.length > LONGEST_ROW) return { number: at + 1, raw, cells: {}, others: [], fault: TOO_LONG };
  const line = raw.replace(BULLET, '').replace(/\[([^\]]*)\]\(\s*mailto:[^)]*\)/giu, '$1');
  const addresses = [...line.matchAll(ADDRESS_IN_TEXT)];
  const [email, manager, third] = addresses.map((found) =>
    found[0].replace(/^mailto:/i, '').replace(/[.'`*_]+$/, ''),
  );
  const before = line.slice(0, addresses[0]?.index ?? line.length);
  const name = before.replace(/(?:[\s,;:<([|–—-]|mailto:)+$/giu, '').trim();
  return {
    number: at + 1,
    raw,
    cells: {
      ...(email === undefined ? {} : { email }),
      ...(manager === undefined ? {} : { manager }),
      ...(name === '' ? {} : { name }),
    },
    others: [],
    ...(third === undefined
      ? {}
      : { fault: "One person stands on one line: the name, the e-mail address, and the manager's." }),
  };
}

function personOf(row: Row): FormPerson | FormProblem {
  if (row.fault !== undefined) return problemAt(row, row.fault);
  const cells = [...Object.values(row.cells), ...row.others];
  if (cells.some(isFormula))
    return problemAt(
      row,
      'Plain values, no formulas: a cell of this row begins with =, +, - or @. Paste the values only.',
    );
  const email = plainAddress(row.cells.email ?? '');
  if (email === '') return problemAt(row, 'The e-mail address of this person stands in the row.');
  if (!isAddress(email))
    return problemAt(row, 'A whole e-mail address, such as ann.example@example.com, stands in this row.');
  const manager = plainAddress(row.cells.manager ?? '');
  // A manager's name without an address says nothing that the directory doesn't know better.
  if (manager.includes('@') && !isAddress(manager))
    return problemAt(row, "The manager's whole e-mail address stands in this row, or nothing.");
  return { line: row.number, name: nameOf(row), email, managerEmail: manager.includes('@') ? manager : null };
}

function nameOf({ cells }: Row): string | null {
  const name = plainCell(cells.name ?? [cells.first, cells.last].filter((part) => part?.trim()).join(' '));
  return name === '' || /^-+$/.test(name) ? null : name;
}
