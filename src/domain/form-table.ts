import { withoutEmphasis } from './form-lines';
import type { SystemNames } from './form-systems';

/** Access written as a Markdown table: each row is read as the line `System: Role: …; Team: …`. */
export class AccessTable {
  #header: readonly string[] | null = null;

  end(): void {
    this.#header = null;
  }

  /** The row as a line, or null for the header and the line below it. */
  row(text: string, names: SystemNames): string | null {
    const cells = text
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => withoutEmphasis(cell));
    if (cells.every((cell) => /^:?-*:?$/.test(cell))) return null;
    if (this.#header === null && !cells.some((cell) => names.at(cell))) {
      this.#header = cells;
      return null;
    }
    const header = (this.#header ??= []);
    const named = header.findIndex((cell) => /^(?:systems?|tools?|applications?)$/i.test(cell));
    const at = Math.max(0, named);
    const others = cells.flatMap((cell, index) =>
      index === at || cell === '' ? [] : [header[index] ? `${header[index]}: ${cell}` : cell],
    );
    return `${cells[at] ?? ''}: ${others.join('; ')}`;
  }
}
