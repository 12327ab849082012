import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, LineCounter, isMap, isNode, isPair, isSeq, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem } from './problem';
import { problemsOfShape } from './shape-problems';

export type Path = readonly (string | number)[];

/** A file below `config/`: its YAML with the line of every node, and the problems found in it so far. */
export class ConfigFile {
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #problems: Problem[];

  private constructor(
    readonly file: string,
    text: string,
    problems: Problem[],
  ) {
    this.#lines = new LineCounter();
    this.#problems = problems;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, version: '1.2' });
    for (const fault of [...this.#document.errors, ...this.#document.warnings]) {
      this.#problems.push({ file, ...this.#at(fault.pos[0]), ...inWords(fault.code, fault.message) });
    }
    this.value = this.readable ? this.#document.toJS({ maxAliasCount: 100 }) : undefined;
  }

  /** Reads a file; problems, also of the file itself, are added to `problems`. */
  static read(dir: string, file: string, problems: Problem[]): ConfigFile | null {
    let text: string;
    try {
      text = readFileSync(join(dir, file), 'utf8');
    } catch (fault) {
      const reason =
        fault !== null && typeof fault === 'object' && 'code' in fault ? String(fault.code) : 'unknown';
      problems.push({
        file,
        line: 1,
        problem: `can't be read (${reason})`,
        mend: 'Add the file or its read permission.',
      });
      return null;
    }
    return new ConfigFile(file, text, problems);
  }

  /** From the text itself, for a file that is about to be written. */
  static parse(file: string, text: string, problems: Problem[]): ConfigFile {
    return new ConfigFile(file, text, problems);
  }

  /** Whether the text is YAML at all. */
  get readable(): boolean {
    return this.#document.errors.length === 0;
  }

  /** The value at a path as the schema reads it; its problems are noted, and then it is undefined. */
  shape<T>(schema: z.ZodType<T>, path: Path = []): T | undefined {
    if (!this.readable) return undefined;
    const value = this.at(path);
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    for (const found of problemsOfShape(
      read.error.issues,
      value,
      path.length > 0 ? String(path.at(-1)) : undefined,
    )) {
      this.problem([...path, ...found.path], found.problem, found.mend, found.value);
    }
    return undefined;
  }

  /** What stands at a path; undefined where nothing does. */
  at(path: Path): unknown {
    let value: unknown = this.value;
    for (const step of path) {
      if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
      value = (value as Record<string | number, unknown>)[step];
    }
    return value;
  }

  /** Keys of the map at a path, or indices of the list. */
  keys(path: Path): string[] {
    const value = this.at(path);
    return value !== null && typeof value === 'object' ? Object.keys(value) : [];
  }

  /** Notes a problem at the place of a path, or of its nearest ancestor that is there. */
  problem(path: Path, problem: string, mend: string, value?: string): void {
    this.#problems.push(this.located(path, problem, mend, value));
  }

  /** The same without noting it, for a warning. */
  located(path: Path, problem: string, mend: string, value?: string): Problem {
    const place = this.#at(this.#offset(path));
    return { file: this.file, ...place, ...(value === undefined ? {} : { value }), problem, mend };
  }

  #at(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** Where a path begins: the key of a map, the item of a list. */
  #offset(path: Path): number {
    let node: unknown = this.#document.contents;
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(
          ({ key }) => isNode(key) && 'value' in key && String(key.value) === String(step),
        );
        if (!pair || !isPair(pair)) break;
        if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (!isNode(node)) break;
        offset = node.range?.[0] ?? offset;
      } else break;
    }
    return offset;
  }
}

function inWords(code: string, message: string): { problem: string; mend: string } {
  switch (code) {
    case 'DUPLICATE_KEY':
      return {
        problem: 'the same key stands here twice',
        mend: 'Keep one of them; the other would be lost.',
      };
    case 'TAB_AS_INDENT':
      return { problem: 'a tab as indentation', mend: 'Use spaces: YAML takes no tabs there.' };
    default:
      return {
        problem: `not YAML: ${message}`,
        mend: 'Mind indentation, quotes and brackets here and one line above.',
      };
  }
}
