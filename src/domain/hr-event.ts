/**
 * What an HR system says about one person. The field names are those of the event on the wire; every value is text
 * from outside that was checked for its shape only: region, zone and country may be unknown, and are judged later.
 */

/** A calendar date without a time or a zone, `2026-11-23`. */
export type CalendarDate = string;

/** What HR knows of a person. */
export interface PersonFacts {
  readonly email: string;
  readonly name: string;
  readonly title: string;
  readonly specialty: string | null;
  readonly department: string;
  readonly division: string;
  readonly entity: string;
  /** Meant as ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Meant as a `Region`; anything else becomes a task for ops. */
  readonly region: string;
  /** Meant as an IANA zone; anything else becomes a task for ops. */
  readonly time_zone: string;
  /** Null for the one person without a manager. */
  readonly manager_email: string | null;
  readonly start_date: CalendarDate;
}

interface EventIdentity {
  /** The same for every repeat of the same event. */
  readonly event_id: string;
  readonly employee_id: string;
}

export interface HiredEvent extends EventIdentity, PersonFacts {
  readonly type: 'employee.hired';
}

/** Only the facts that changed; at least one. */
export interface ChangedEvent extends EventIdentity, Partial<PersonFacts> {
  readonly type: 'employee.changed';
}

export interface LeavingEvent extends EventIdentity {
  readonly type: 'employee.leaving';
  readonly kind: 'voluntary' | 'involuntary' | 'suspension';
  readonly last_working_day: CalendarDate;
  readonly garden_leave_start: CalendarDate | null;
  readonly termination_date: CalendarDate | null;
}

/** A hire or a leaving that won't happen after all. */
export interface RescindedEvent extends EventIdentity {
  readonly type: 'employee.rescinded';
  readonly what: 'hire' | 'leaving';
}

export type HrEvent = HiredEvent | ChangedEvent | LeavingEvent | RescindedEvent;
export type HrEventType = HrEvent['type'];

export const HR_EVENT_TYPES: readonly HrEventType[] = [
  'employee.hired',
  'employee.changed',
  'employee.leaving',
  'employee.rescinded',
];

/** The facts that an event of a person may carry, in the order in which people read them. */
export const PERSON_FACTS: readonly (keyof PersonFacts)[] = [
  'email',
  'name',
  'title',
  'specialty',
  'department',
  'division',
  'entity',
  'country',
  'region',
  'time_zone',
  'manager_email',
  'start_date',
];

/** Whether the text is a day that the calendar has: `2026-02-29` isn't one. */
export function isCalendarDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** What a person looks like after a change: facts that the event doesn't name stay as they were. */
export function applyChange(facts: PersonFacts, change: ChangedEvent): PersonFacts {
  const changed: Partial<Record<keyof PersonFacts, string | null>> = {};
  for (const fact of PERSON_FACTS) {
    const value = change[fact];
    if (value !== undefined) changed[fact] = value;
  }
  return { ...facts, ...changed } as PersonFacts;
}
