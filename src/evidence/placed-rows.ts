import { createReadStream } from 'node:fs';

/** The cells of a row as text; null where there is nothing. */
export type PlacedRow = readonly (string | null)[];
interface Line {
  readonly place: number;
  readonly row: PlacedRow;
}

/** So much of a file is read at once. */
const CHUNK = 64 * 1024;

/**
 * Rows out of a file in which they lie in the order of their places, one JSON document a line (`{"place": 7, "row": ["…", null]}`).
 * Several such files are read side by side, from place to place.
 */
export class PlacedRows {
  readonly #chunks: AsyncIterator<string>;
  #cutOff = '';
  #lines: readonly Line[] = [];
  #at = 0;

  constructor(file: string) {
    const chunks: AsyncIterable<string> = createReadStream(file, { encoding: 'utf8', highWaterMark: CHUNK });
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The rows up to a place, that one included, that weren't given before. */
  async upTo(place: number): Promise<readonly PlacedRow[]> {
    const rows: PlacedRow[] = [];
    do {
      for (; this.#at < this.#lines.length; this.#at++) {
        const line = this.#lines[this.#at];
        if (line === undefined || line.place > place) return rows;
        rows.push(line.row);
      }
    } while (await this.#readOn());
    return rows;
  }

  async #readOn(): Promise<boolean> {
    const chunk = await this.#chunks.next();
    if (chunk.done) return false;
    // A line end within a text is written `\n`, so that a line is a row.
    const lines = (this.#cutOff + chunk.value).split('\n');
    this.#cutOff = lines.pop() ?? '';
    this.#lines = lines.map((line) => JSON.parse(line) as Line);
    this.#at = 0;
    return true;
  }

  /** Lets go of the file, read to its end or not. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
