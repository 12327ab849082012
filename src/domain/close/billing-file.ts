import { readDelimited } from '../delimited-text';
import { suggestion } from '../spelling';
import type { Amount } from './reconcile';
import { centsOf } from './cents';

/** What billing exports, as CSV or JSON. A row that can't be read is named with its line; it is never guessed at, nor left out in silence. */

/** How the export calls what a row says; configuration. */
export type BillingColumns = Readonly<Record<Exclude<keyof Amount, 'at' | 'cents'> | 'amount', string>>;

export interface BillingFileRules {
  readonly columns: BillingColumns;
  /** ISO 4217 codes that we sell in. */
  readonly currencies: readonly string[];
}

export interface FileProblem {
  /** From 1, as an editor counts them; of JSON the entry. */
  readonly line: number;
  readonly problem: string;
  readonly mend: string;
}

export interface BillingFile {
  readonly amounts: readonly Amount[];
  readonly problems: readonly FileProblem[];
}

/** Reads an export. With any problem the file isn't to be reconciled: what is missing would look like a difference. */
export function readBillingFile(text: string, rules: BillingFileRules): BillingFile {
  // Excel writes a byte-order mark ahead of the first name.
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (clean.trim() === '') return failed(1, 'the file is empty', 'Export it again.');
  return /^\s*[[{]/.test(clean) ? fromJson(clean, rules) : fromCsv(clean, rules);
}

const failed = (line: number, problem: string, mend: string): BillingFile => ({
  amounts: [],
  problems: [{ line, problem, mend }],
});

type Wanted = keyof BillingColumns;
type Said = Readonly<Record<Wanted, string>>;

function fromCsv(text: string, rules: BillingFileRules): BillingFile {
  const lines = text.split(/\r\n|\r|\n/);
  const delimiter = (lines[0] ?? '').split(';').length > (lines[0] ?? '').split(',').length ? ';' : ',';
  const [header, ...records] = readDelimited(lines, delimiter);
  if (!header) return failed(1, 'the file has no header', 'Export it with the names of its columns.');
  const names = header.cells.map((name) => name.trim());
  const problems: FileProblem[] = [];
  const at = Object.entries(rules.columns).map(([column, name]) => {
    const found = names.filter((one) => one.toLowerCase() === name.toLowerCase()).length;
    if (found !== 1)
      problems.push({
        line: header.line + 1,
        problem: found === 0 ? `no column ${name}` : `the column ${name} stands ${found} times`,
        mend: suggestion(name, names, 'Export it with that column, or name it as the file does in config/.'),
      });
    return [column, names.findIndex((one) => one.toLowerCase() === name.toLowerCase())] as const;
  });
  if (problems.length > 0) return { amounts: [], problems };
  // A file that was written to its end ends with a line end.
  const cutOff = !/[\r\n]$/.test(text);
  const amounts = records.flatMap(({ line, cells, unclosed }, index): Amount[] => {
    const name = `line ${line + 1}`;
    const last = index === records.length - 1;
    if (unclosed || cells.length !== names.length) {
      problems.push({
        line: line + 1,
        problem: last
          ? 'half a line at the end: the file was cut off'
          : `${cells.length} values where the header has ${names.length}`,
        mend: last ? 'Export it again, to its end.' : 'Put values that hold the separator into quotes.',
      });
      return [];
    }
    if (last && cutOff) {
      problems.push({
        line: line + 1,
        problem: 'the last line has no end: it may have been cut off',
        mend: 'Export it again; a whole file ends with a line end.',
      });
      return [];
    }
    const said = Object.fromEntries(at.map(([column, cell]) => [column, (cells[cell] ?? '').trim()])) as Said;
    return amountOf(said, name, rules, (problem, mend) => problems.push({ line: line + 1, problem, mend }));
  });
  return { amounts, problems };
}

function fromJson(text: string, rules: BillingFileRules): BillingFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed(1, 'it begins like JSON and is none to its end', 'Export it again.');
  }
  if (!Array.isArray(value)) return failed(1, 'it is no list of rows', 'Export a list: [{…}, {…}].');
  const problems: FileProblem[] = [];
  const amounts = value.flatMap((entry: unknown, index): Amount[] => {
    const tell = (problem: string, mend: string) => problems.push({ line: index + 1, problem, mend });
    if (typeof entry !== 'object' || entry === null) {
      tell('it is no row', 'Write it as { "name": "value" }.');
      return [];
    }
    const row = entry as Readonly<Record<string, unknown>>;
    const said = Object.entries(rules.columns).map(([column, name]) => {
      const found = row[name];
      // A number of JSON is a float: 0.1 + 0.2. Only text says an amount exactly.
      if (typeof found !== 'string')
        tell(`${name} is missing or no text`, `Write ${name} as text, in quotes.`);
      return [column, typeof found === 'string' ? found.trim() : null] as const;
    });
    if (said.some(([, found]) => found === null)) return [];
    return amountOf(Object.fromEntries(said) as Said, `entry ${index + 1}`, rules, tell);
  });
  return { amounts, problems };
}

/** The amount that a row says, or what is wrong with it. */
function amountOf(
  said: Said,
  at: string,
  { currencies, columns }: BillingFileRules,
  tell: (problem: string, mend: string) => unknown,
): Amount[] {
  const { amount, ...row } = said;
  const empty = (Object.keys(said) as Wanted[]).filter((column) => said[column] === '');
  for (const column of empty) tell(`${columns[column]} is empty`, 'Fill it in where it comes from.');
  const unknown = said.currency !== '' && !currencies.includes(said.currency);
  if (unknown)
    tell(
      'a currency that we do not sell in',
      suggestion(said.currency, currencies, `Write one of ${currencies.join(', ')}.`),
    );
  const badPeriod = said.period !== '' && !/^\d{4}-(0[1-9]|1[0-2])$/.test(said.period);
  if (badPeriod) tell('its period is no month', 'Write it as 2026-04.');
  const cents = centsOf(amount);
  if (amount !== '' && cents === null)
    tell(
      /,\d{1,2}$/.test(amount) ? 'a decimal comma' : 'its amount is none in cents',
      'Write it with a decimal point and no other signs: 1234.50.',
    );
  return empty.length > 0 || unknown || badPeriod || cents === null ? [] : [{ ...row, cents, at }];
}
