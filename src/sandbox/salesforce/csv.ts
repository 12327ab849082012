/** A CSV text that can't be read. */
export class BadCsv extends Error {}

/** The rows of a CSV text (RFC 4180), the first one being the names. @throws BadCsv */
export function parseCsv(text: string, delimiter = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const cell = text.charAt(at) === '"' ? quoted(text, at) : bare(text, at, delimiter);
    row.push(cell.text);
    at = cell.end;
    const next = text.charAt(at);
    if (next === delimiter) {
      at++;
      // A row may end with an empty cell.
      if (at >= text.length || text.charAt(at) === '\n' || text.charAt(at) === '\r') row.push('');
      else continue;
    }
    if (text.startsWith('\r\n', at)) at += 2;
    else if (text.charAt(at) === '\n' || text.charAt(at) === '\r') at++;
    else if (at < text.length)
      throw new BadCsv(`unexpected character after a quoted value in row ${rows.length + 1}`);
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== '');
}

interface Cell {
  readonly text: string;
  readonly end: number;
}

function quoted(text: string, from: number): Cell {
  let value = '';
  let start = from + 1;
  for (;;) {
    const end = text.indexOf('"', start);
    if (end < 0) throw new BadCsv('a quoted value is not closed');
    value += text.slice(start, end);
    if (text.charAt(end + 1) !== '"') return { text: value, end: end + 1 };
    value += '"';
    start = end + 2;
  }
}

function bare(text: string, from: number, delimiter: string): Cell {
  let end = from;
  while (
    end < text.length &&
    text.charAt(end) !== delimiter &&
    text.charAt(end) !== '\n' &&
    text.charAt(end) !== '\r'
  )
    end++;
  return { text: text.slice(from, end), end };
}

/** CSV of rows, with line feeds; what needs quotes gets them. */
export function writeCsv(
  rows: readonly (readonly (string | number | boolean | null)[])[],
  delimiter = ',',
  lineEnd = '\n',
): string {
  const cell = (value: string | number | boolean | null) => {
    if (value === null) return '';
    const text = String(value);
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(delimiter) + lineEnd).join('');
}
