import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/digest';
import { HR_EVENT_TYPES, PERSON_FACTS, type HrEvent, type HrEventType } from '../domain/hr-event';
import { readHrEvent } from '../server/hr-event-schema';
import { readRecords, type FileRecord, type RecordProblem } from './records';

export type HrVerb = 'hire' | 'leave' | 'change';
/** Verbs that read records of HR; `people import` sends none on. */
export type RecordsVerb = HrVerb | 'people import';

/** The types that a verb takes; the first is meant where a record names none. */
export const TYPES_OF: Readonly<Record<RecordsVerb, readonly HrEventType[]>> = {
  hire: ['employee.hired'],
  'people import': ['employee.hired'],
  leave: ['employee.leaving', 'employee.rescinded'],
  change: ['employee.changed', 'employee.rescinded'],
};

const LEAVING = ['kind', 'last_working_day', 'garden_leave_start', 'termination_date'] as const;
const COLUMNS = new Set<string>(['event_id', 'type', 'employee_id', 'what', ...PERSON_FACTS, ...LEAVING]);
/** An empty cell there says that there is none; elsewhere that nothing is said. */
const NULLABLE = new Set<string>([
  'specialty',
  'manager_email',
  'last_working_day',
  'garden_leave_start',
  'termination_date',
]);
/** Fields whose wrong value may be shown: they say nothing of a person. */
const SHOWN = new Set<string>([
  'event_id',
  'type',
  'employee_id',
  'what',
  'country',
  'region',
  'time_zone',
  'start_date',
  ...LEAVING,
]);
const LONGEST_SHOWN = 60;

/** An event that may be sent, and where it stood. */
export interface LocatedEvent {
  readonly place: string;
  readonly event: HrEvent;
}

export interface HrEventsRead {
  readonly events: readonly LocatedEvent[];
  readonly problems: readonly RecordProblem[];
  /** What is no fault, though perhaps not meant. */
  readonly notes: readonly string[];
}

/** Reads HR events from a file, with the same check as the webhook; every problem of every record is named. */
export function readHrEvents(content: Uint8Array, verb: RecordsVerb): HrEventsRead {
  const { records, problems } = readRecords(content);
  const events: LocatedEvent[] = [];
  const found: RecordProblem[] = [...problems];
  for (const record of records) {
    const value = withType(record, verb);
    const wrongType = typeProblem(record.place, value, verb);
    if (wrongType) {
      found.push(wrongType);
      continue;
    }
    const reading = readHrEvent(withId(value));
    if (reading.ok) events.push({ place: record.place, event: reading.event });
    else
      found.push(
        ...reading.problems.map(({ path, problem, mend }) => ({
          place: record.place,
          field: path,
          problem,
          mend,
          ...shownValue(value, path),
        })),
      );
  }
  return {
    events,
    problems: inOrder([...found, ...contradictions(events, verb)]),
    notes: unreadColumns(records),
  };
}

/** As one meets them in the file. */
const inOrder = (problems: readonly RecordProblem[]): RecordProblem[] =>
  [...problems].sort((a, b) => placeNumber(a) - placeNumber(b));
const placeNumber = ({ place }: RecordProblem): number => Number(/\d+/.exec(place)?.[0] ?? 0);

/** The record as an event of the wire, its type filled in. */
function withType(record: FileRecord, verb: RecordsVerb): unknown {
  const type = TYPES_OF[verb][0];
  if (record.form === 'csv') return { type, ...fromCells(record.cells, verb) };
  const { value } = record;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { type, ...value } : value;
}

function fromCells(
  cells: Readonly<Record<string, string>>,
  verb: RecordsVerb,
): Record<string, string | null> {
  const fields: Record<string, string | null> = {};
  for (const [name, cell] of Object.entries(cells)) {
    if (!COLUMNS.has(name)) continue;
    // In a change, an empty cell leaves the fact as it is; to empty one, JSON has null.
    if (cell !== '') fields[name] = cell;
    else if (NULLABLE.has(name) && verb !== 'change') fields[name] = null;
  }
  return fields;
}

function typeProblem(place: string, value: unknown, verb: RecordsVerb): RecordProblem | null {
  const type = fieldOf(value, 'type');
  const known = HR_EVENT_TYPES.find((one) => one === type);
  if (known === undefined || TYPES_OF[verb].includes(known)) return null;
  return {
    place,
    field: 'type',
    problem: `isn't for \`daytwo ${verb}\``,
    value: known,
    mend: `leave it out, or send ${TYPES_OF[verb].join(' or ')}`,
  };
}

/** By hand nobody has ids of events: the content's digest is one, so that the same file fed twice starts nothing twice. */
function withId(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const id = fieldOf(value, 'event_id');
  if (id !== undefined && id !== null && id !== '') return value;
  const { event_id: _, ...content } = value as Readonly<Record<string, unknown>>; // an object, as was checked just before
  return {
    ...content,
    event_id: `by-hand-${createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 32)}`,
  };
}

function shownValue(value: unknown, field: string): { value?: string } {
  const found = fieldOf(value, field);
  if (!SHOWN.has(field) || (typeof found !== 'string' && typeof found !== 'number')) return {};
  const text = String(found);
  return { value: text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text };
}

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (Reflect.get(value, field) as unknown)
    : undefined;

/** Records that can't both be meant: one id for two contents, or one person hired twice. */
function contradictions(events: readonly LocatedEvent[], verb: RecordsVerb): RecordProblem[] {
  const problems: RecordProblem[] = [];
  const byId = new Map<string, LocatedEvent>();
  const byPerson = new Map<string, LocatedEvent>();
  for (const located of events) {
    const { place, event } = located;
    const sameId = byId.get(event.event_id);
    const samePerson = byPerson.get(event.employee_id);
    if (sameId && canonicalJson(sameId.event) !== canonicalJson(event)) {
      problems.push({
        place,
        field: 'event_id',
        value: event.event_id,
        problem: `stands for other content on ${sameId.place}`,
        mend: 'give every event an id of its own, or leave it out',
      });
    } else if (
      TYPES_OF[verb][0] === 'employee.hired' &&
      samePerson &&
      samePerson.event.event_id !== event.event_id
    ) {
      problems.push({
        place,
        field: 'employee_id',
        value: event.employee_id,
        problem: `stands on ${samePerson.place} already`,
        mend: 'keep one of the two',
      });
    }
    byId.set(event.event_id, sameId ?? located);
    byPerson.set(event.employee_id, samePerson ?? located);
  }
  return problems;
}

function unreadColumns(records: readonly FileRecord[]): string[] {
  const first = records.find((record) => record.form === 'csv');
  const unread =
    first?.form === 'csv' ? Object.keys(first.cells).filter((name) => name !== '' && !COLUMNS.has(name)) : [];
  return unread.length > 0
    ? [`Columns that daytwo doesn't read: ${unread.join(', ')}. It reads ${[...COLUMNS].join(', ')}.`]
    : [];
}
