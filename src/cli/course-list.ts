import { isCalendarDate } from '../domain/hr-event';
import { readRecords, type FileRecord, type RecordProblem } from './records';

/** Somebody who has done the course, as the list says it. */
export interface Completion {
  readonly place: string;
  /** One of the two. */
  readonly email: string | null;
  readonly employeeId: string | null;
  /** The day on which it was done; null where the list doesn't say. */
  readonly date: string | null;
}

export interface CompletionsRead {
  readonly completions: readonly Completion[];
  readonly problems: readonly RecordProblem[];
}

/**
 * A list of who has done a course: `email` or `employee_id`, and perhaps `date`. Further columns are not read. No problem quotes
 * an address.
 * @param today a date; a course isn't done before
 */
export function readCompletions(content: Uint8Array, today: string): CompletionsRead {
  const { records, problems } = readRecords(content);
  const found: RecordProblem[] = [...problems];
  const completions: Completion[] = [];
  const placeOf = new Map<string, string>();
  for (const record of records) {
    const { place } = record;
    const cell = (name: string): string | null => textOf(record, name);
    const [email, employeeId, date] = [cell('email'), cell('employee_id'), cell('date')];
    const wrong = problemsOf(place, { email, employeeId, date }, today);
    const key = email?.toLowerCase() ?? employeeId ?? '';
    const twice = placeOf.get(key);
    if (wrong.length === 0 && twice !== undefined)
      wrong.push({
        place,
        field: '',
        problem: `names the same person as ${twice}`,
        mend: 'keep one of the two',
      });
    if (wrong.length > 0) found.push(...wrong);
    else {
      placeOf.set(key, place);
      completions.push({ place, email, employeeId, date });
    }
  }
  return { completions, problems: found };
}

function problemsOf(
  place: string,
  { email, employeeId, date }: Omit<Completion, 'place'>,
  today: string,
): RecordProblem[] {
  const problems: RecordProblem[] = [];
  if ((email === null) === (employeeId === null))
    problems.push({
      place,
      field: '',
      problem: email === null ? 'names nobody' : 'names somebody twice, by email and by employee_id',
      mend: 'write either email or employee_id',
    });
  if (email !== null && !/^[^\s@]+@[^\s@]+$/.test(email))
    problems.push({
      place,
      field: 'email',
      problem: "isn't an e-mail address",
      mend: 'write it as HR has it',
    });
  if (date !== null && (!isCalendarDate(date) || date > today))
    problems.push({
      place,
      field: 'date',
      problem: isCalendarDate(date) ? 'is yet to come' : "isn't a day of the calendar",
      value: date.slice(0, 60),
      mend: 'write the day on which the course was done, such as 2026-11-20, or leave it out',
    });
  return problems;
}

function textOf(record: FileRecord, name: string): string | null {
  const from: unknown = record.form === 'csv' ? record.cells : record.value;
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return null;
  const value: unknown = Reflect.get(from, name);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? null : text;
}
