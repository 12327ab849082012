import { z } from 'zod';
import {
  HR_EVENT_TYPES,
  isCalendarDate,
  PERSON_FACTS,
  type ChangedEvent,
  type HiredEvent,
  type HrEvent,
  type HrEventType,
  type LeavingEvent,
  type RescindedEvent,
} from '../domain/hr-event';
import type { Problem } from './problem';

/** A field's schema, and what to send instead of a wrong value. */
interface Field<S extends z.ZodType> {
  readonly schema: S;
  readonly mend: string;
}

const field = <S extends z.ZodType>(schema: S, mend: string): Field<S> => ({ schema, mend });

const line = (longest: number) =>
  z
    .string()
    .refine((value) => !/[\p{Cc}\u2028\u2029]/u.test(value), 'holds control characters or line breaks')
    .refine((value) => !/\p{Surrogate}/u.test(value), "isn't well-formed Unicode")
    .trim()
    .min(1, 'is empty')
    .max(longest, `is longer than ${longest} characters`);

/** An address as people have them: no quoted local parts, no comments; letters beyond ASCII are fine. */
const E_MAIL =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*$/u;
const eMail = () => line(254).regex(E_MAIL, "isn't an e-mail address");
const date = () => z.string().refine(isCalendarDate, "isn't a day of the calendar");
const DATE_MEND = 'send a calendar date, such as 2026-11-23';
const ADDRESS_MEND = 'send one e-mail address, such as first.last@example.com';

const identity = {
  event_id: field(
    z.string().regex(/^[\x21-\x7e]{1,200}$/, "isn't 1 to 200 visible ASCII characters"),
    'send an id that is the same for every repeat of this event',
  ),
  employee_id: field(
    z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
        "isn't 1 to 64 letters, digits, dots, dashes or underscores",
      ),
    "send the HR system's own id of the person",
  ),
};

const facts = {
  email: field(eMail(), ADDRESS_MEND),
  name: field(line(200), "send the person's name as one line of text"),
  title: field(line(200), 'send the job title as one line of text'),
  specialty: field(line(200).nullable(), 'send one line of text, or null'),
  department: field(line(200), 'send the department as one line of text'),
  division: field(line(200), 'send the division as one line of text'),
  entity: field(line(200), 'send the legal entity as one line of text'),
  country: field(line(64), 'send an ISO 3166-1 alpha-2 code, such as DE'),
  region: field(line(64), 'send Americas, EMEA or JAPAC'),
  time_zone: field(line(64), 'send an IANA time zone, such as Europe/Berlin'),
  manager_email: field(eMail().nullable(), `${ADDRESS_MEND}, or null for a person without a manager`),
  start_date: field(date(), DATE_MEND),
};

const leaving = {
  kind: field(
    z.enum(['voluntary', 'involuntary', 'suspension']),
    'send voluntary, involuntary or suspension',
  ),
  last_working_day: field(
    date().nullable().default(null),
    `${DATE_MEND}, or null where garden_leave_start or termination_date says when`,
  ),
  garden_leave_start: field(date().nullable().default(null), `${DATE_MEND}, or null`),
  termination_date: field(date().nullable().default(null), `${DATE_MEND}, or null`),
};

const rescinded = { what: field(z.enum(['hire', 'leaving']), 'send hire or leaving') };

const MENDS = new Map(
  Object.entries({ ...identity, ...facts, ...leaving, ...rescinded }).map(([name, { mend }]) => [name, mend]),
);
const TYPE_MEND = `send one of ${HR_EVENT_TYPES.join(', ')}`;

type Schemas<F> = { [K in keyof F]: F[K] extends Field<infer S> ? S : never };
function schemas<F extends Record<string, Field<z.ZodType>>>(fields: F): Schemas<F> {
  const entries = Object.entries(fields).map(([name, { schema }]) => [name, schema] as const);
  return Object.fromEntries(entries) as Schemas<F>; // the same keys, each with its own schema
}

const type = <T extends HrEventType>(name: T) => ({ type: z.literal(name) });
const identified = schemas(identity);
const schemaOf: { readonly [T in HrEventType]: z.ZodType<HrEvent> } = {
  'employee.hired': z.object({
    ...type('employee.hired'),
    ...identified,
    ...schemas(facts),
    specialty: facts.specialty.schema.default(null),
  }) satisfies z.ZodType<HiredEvent>,
  'employee.changed': z
    .object({ ...type('employee.changed'), ...identified, ...z.object(schemas(facts)).partial().shape })
    .refine((event) => PERSON_FACTS.some((fact) => event[fact] !== undefined), 'names nothing that changed')
    .transform(withoutAbsent),
  'employee.leaving': z
    .object({ ...type('employee.leaving'), ...identified, ...schemas(leaving) })
    .transform(withLastDay) satisfies z.ZodType<LeavingEvent>,
  'employee.rescinded': z.object({
    ...type('employee.rescinded'),
    ...identified,
    ...schemas(rescinded),
  }) satisfies z.ZodType<RescindedEvent>,
};

function withoutAbsent(event: {
  readonly [K in keyof ChangedEvent]: ChangedEvent[K] | undefined;
}): ChangedEvent {
  const present = Object.entries(event).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as ChangedEvent; // checked field by field just before
}

type Unread = Omit<LeavingEvent, 'last_working_day'> & { readonly last_working_day: string | null };

/** "Garden-leave start or last working day, else termination date": one of them says when access ends. */
function withLastDay(event: Unread, context: z.RefinementCtx<Unread>): LeavingEvent {
  const last = event.last_working_day ?? event.termination_date ?? event.garden_leave_start;
  if (last !== null) return { ...event, last_working_day: last };
  context.addIssue({ code: 'custom', path: ['last_working_day'], message: 'is missing' });
  return z.NEVER;
}

export type HrEventReading =
  | { readonly ok: true; readonly event: HrEvent }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks the shape of an HR event, whichever way it came, and names every problem without quoting what was sent. Fields that daytwo doesn't know are ignored.
 * A region, zone or country that nobody knows, and a start date far away, are accepted: they become a task for ops.
 */
export function readHrEvent(value: unknown): HrEventReading {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      ok: false,
      problems: [{ path: '', problem: "isn't a JSON object", mend: 'send one event as a JSON object' }],
    };
  const named: unknown = 'type' in value ? value.type : undefined;
  const known = HR_EVENT_TYPES.find((candidate) => candidate === named);
  if (known === undefined) {
    const problem = named === undefined ? 'is missing' : "isn't a type of event that daytwo knows";
    return {
      ok: false,
      problems: [{ path: 'type', problem, mend: TYPE_MEND }, ...problemsOf(z.object(identified), value)],
    };
  }
  const parsed = schemaOf[known].safeParse(value);
  return parsed.success
    ? { ok: true, event: parsed.data }
    : { ok: false, problems: problemsOf(schemaOf[known], value) };
}

function problemsOf(schema: z.ZodType, value: unknown): Problem[] {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    return { path, problem: wording(issue), mend: MENDS.get(path) ?? 'send at least one field that changed' };
  });
}

function wording(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is missing';
    if (issue.input === null) return 'is null';
    return `isn't a ${issue.expected}`;
  }
  return issue.code === 'invalid_value'
    ? issue.input === undefined
      ? 'is missing'
      : "isn't a known word"
    : issue.message;
}
