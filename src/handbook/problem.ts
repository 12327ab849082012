/** What is wrong in `config/`, where, and what to do about it. */
export interface Problem {
  /** Relative to the configuration folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column?: number;
  /** What stands there, as far as one value is at fault. */
  readonly value?: string;
  readonly problem: string;
  /** What to write instead, or to do. */
  readonly mend: string;
}

const LONGEST_VALUE = 80;

/** By file, then line; the same finding once. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map((found) => [JSON.stringify(found), found]));
  return [...once.values()].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** For a terminal: `file:line:column` first, so that editors can jump there; control characters made visible. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, value, problem, mend }) => {
      const where = `${printable(file)}:${line}${column === undefined ? '' : `:${column}`}`;
      const what = value === undefined ? printable(problem) : `${printable(problem)}: ${quoted(value)}`;
      return `${where}  ${what}\n    ${printable(mend)}\n`;
    })
    .join('');
}

function quoted(value: string): string {
  const text = printable(value);
  return `"${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text}"`;
}

function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}
