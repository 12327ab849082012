import { readFileSync } from 'node:fs';
import type { AskProblem, WrittenEdit } from '../domain/close/change-ask';
import { terminal } from '../domain/escape';
import type { ChangeOptions } from './close-change';
import { readRecords, type FileRecord } from './records';
import { Refused, WrongUsage, type Surroundings } from './surroundings';

/** What is to be changed, as it was written on the line or in a file. @throws WrongUsage */
export async function writtenEdits(
  { record, set = [], file }: ChangeOptions,
  around: Pick<Surroundings, 'stdin'>,
): Promise<{ readonly written: readonly WrittenEdit[]; readonly problems: readonly AskProblem[] }> {
  if ((file === undefined) === (set.length === 0))
    throw new WrongUsage('Say what is to be changed: --record <id> --set Field=value, or --file <file>.');
  if (file !== undefined) {
    if (record !== undefined) throw new WrongUsage('--record is for --set; a file names its records.');
    return fromFile(file === '-' ? await around.stdin() : contentOf(file));
  }
  if (record === undefined) throw new WrongUsage('Of which record? --record <id>.');
  const written = set.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new WrongUsage(`"${terminal(text)}" sets nothing: --set Field=value.`);
    return {
      place: `--set ${text.slice(0, at)}`,
      record,
      field: text.slice(0, at),
      value: text.slice(at + 1),
    };
  });
  return { written, problems: [] };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new Refused(`The file ${terminal(file)} can't be read.`);
  }
}

const COLUMNS = ['record', 'field', 'value'] as const;

/** Lines with record, field and value: CSV, JSON or JSON lines. */
function fromFile(content: Buffer): {
  readonly written: readonly WrittenEdit[];
  readonly problems: readonly AskProblem[];
} {
  const { records, problems } = readRecords(content);
  const told: AskProblem[] = problems.map(({ place, problem, mend }) => ({ place, problem, mend }));
  const written = records.flatMap((one) => {
    const cells = COLUMNS.map((column) => cellOf(one, column));
    const [record, field, value] = cells;
    if (record !== undefined && field !== undefined && value !== undefined)
      return [{ place: one.place, record, field, value }];
    const missing = COLUMNS.filter((_, at) => cells[at] === undefined).join(', ');
    told.push({
      place: one.place,
      problem: `has no ${missing}`,
      mend: 'Name the columns record,field,value.',
    });
    return [];
  });
  return { written, problems: told };
}

function cellOf(record: FileRecord, column: string): string | undefined {
  const fields = record.form === 'csv' ? record.cells : record.value;
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, column)) return undefined;
  const value = (fields as Readonly<Record<string, unknown>>)[column];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
