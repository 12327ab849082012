/** One record of a text whose cells are separated by a sign: where it begins, as it stands, and its cells. */
export interface DelimitedRecord {
  /** From 0, in the lines that were given. */
  readonly line: number;
  readonly raw: string;
  readonly cells: readonly string[];
  /** A quote was opened and never closed: the rest of the text is in this record. */
  readonly unclosed: boolean;
}

/**
 * Reads CSV (RFC 4180) and its relatives: cells in double quotes may hold the delimiter, line ends and doubled quotes. A quote
 * within an unquoted cell is a sign like others. Blank lines are no records.
 */
export function readDelimited(lines: readonly string[], delimiter: string): readonly DelimitedRecord[] {
  const records: DelimitedRecord[] = [];
  const cursor = new Cursor(lines, delimiter);
  while (cursor.line < lines.length) {
    const from = cursor.line;
    const cells = cursor.record();
    const raw = lines.slice(from, cursor.line).join(' ');
    if (cells.some((cell) => cell.trim() !== ''))
      records.push({ line: from, raw, cells, unclosed: cursor.unclosed });
  }
  return records;
}

class Cursor {
  line = 0;
  unclosed = false;
  #at = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly delimiter: string,
  ) {}

  get #text(): string {
    return this.lines[this.line] ?? '';
  }

  /** Cells up to the end of the line on which the last one ends; goes on to the next line. */
  record(): string[] {
    const cells: string[] = [];
    do cells.push(this.#opensQuote() ? this.#quoted() + this.#plain().trimEnd() : this.#plain());
    while (this.#passDelimiter());
    this.line += 1;
    this.#at = 0;
    return cells;
  }

  #opensQuote(): boolean {
    const opening = /[^ ]/g;
    opening.lastIndex = this.#at;
    const sign = opening.exec(this.#text);
    if (sign?.[0] !== '"') return false;
    this.#at = sign.index + 1;
    return true;
  }

  /** Up to the closing quote, also on a later line. */
  #quoted(): string {
    for (let cell = ''; ;) {
      const end = this.#text.indexOf('"', this.#at);
      const upTo = this.#text.slice(this.#at, end < 0 ? undefined : end);
      if (end >= 0) {
        this.#at = end + 1;
        if (this.#text[this.#at] !== '"') return cell + upTo;
        cell += `${upTo}"`;
        this.#at += 1;
      } else if (this.line + 1 < this.lines.length) {
        cell += `${upTo}\n`;
        this.line += 1;
        this.#at = 0;
      } else {
        this.#at = this.#text.length;
        this.unclosed = true;
        return cell + upTo;
      }
    }
  }

  #plain(): string {
    const end = this.#text.indexOf(this.delimiter, this.#at);
    const cell = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at += cell.length;
    return cell;
  }

  #passDelimiter(): boolean {
    if (this.#at >= this.#text.length) return false;
    this.#at += 1;
    return true;
  }
}
