import { readCsv } from './csv';

/** One record of a file as it stood there: a JSON value, or the cells of a CSV line by column. */
export type FileRecord =
  | { readonly place: string; readonly form: 'json'; readonly value: unknown }
  | { readonly place: string; readonly form: 'csv'; readonly cells: Readonly<Record<string, string>> };

/** Something in a file that isn't as it must be. */
export interface RecordProblem {
  /** `line 3`, or `record 2` of a JSON array. */
  readonly place: string;
  /** The field; empty for the whole record. */
  readonly field: string;
  readonly problem: string;
  /** What stands there, where that can't be personal. */
  readonly value?: string;
  readonly mend: string;
}

export interface RecordsRead {
  readonly records: readonly FileRecord[];
  readonly problems: readonly RecordProblem[];
}

const whole = (place: string, problem: string, mend: string): RecordsRead => ({
  records: [],
  problems: [{ place, field: '', problem, mend }],
});

/**
 * The records of a file: JSON (one object or an array), JSON lines, or CSV with a header. Which of them it is shows in
 * its first sign; a byte order mark and any line ends are read.
 */
export function readRecords(content: Uint8Array): RecordsRead {
  const text = decoded(content);
  if (text === null)
    return whole('the file', "isn't text in UTF-8", 'save it as UTF-8 (in a spreadsheet: "CSV UTF-8")');
  const first = text.trimStart()[0];
  if (first === undefined)
    return whole('the file', 'is empty', 'write at least one record: JSON, JSON lines, or CSV with a header');
  if (first === '{' || first === '[') return readJson(text);
  return readCsv(text);
}

/** UTF-8 or UTF-16 by their byte order mark, else UTF-8; null where it is neither. */
function decoded(content: Uint8Array): string | null {
  const [a, b] = content;
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    return null;
  }
}

function readJson(text: string): RecordsRead {
  const lines = text.split(/\r\n|\n|\r/);
  const parsed = json(text);
  if (parsed.ok) {
    const { value } = parsed;
    if (!Array.isArray(value))
      return { records: [{ place: `line ${firstLine(lines)}`, form: 'json', value }], problems: [] };
    if (value.length === 0) return whole('the file', 'holds no record', 'write at least one');
    return {
      records: value.map((one: unknown, index) => ({
        place: `record ${index + 1}`,
        form: 'json',
        value: one,
      })),
      problems: [],
    };
  }
  // Each line a document of its own: told by any one line of several that is.
  const filled = lines
    .map((line, index) => ({ line, at: index + 1 }))
    .filter(({ line }) => line.trim() !== '');
  const isLines =
    filled.length > 1 &&
    !text.trimStart().startsWith('[') &&
    filled.some(({ line }) => json(line).ok && line.trim().startsWith('{'));
  if (!isLines) return whole(`line ${parsed.line}`, "isn't JSON", 'check quotes, commas and braces there');
  const records: FileRecord[] = [];
  const problems: RecordProblem[] = [];
  for (const { line, at } of filled) {
    const one = json(line);
    if (one.ok) records.push({ place: `line ${at}`, form: 'json', value: one.value });
    else
      problems.push({
        place: `line ${at}`,
        field: '',
        problem: "isn't JSON",
        mend: 'write one whole JSON object on this line',
      });
  }
  return { records, problems };
}

const firstLine = (lines: readonly string[]): number => lines.findIndex((line) => line.trim() !== '') + 1;

/** Never quotes the text, as the parser's own message would: it may be somebody's name. */
function json(text: string): { ok: true; value: unknown } | { ok: false; line: number } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const at = /position (\d+)/.exec(said)?.[1];
    const before = at === undefined ? text.trimEnd() : text.slice(0, Number(at));
    return { ok: false, line: before.split(/\r\n|\n|\r/).length };
  }
}
