import { problemsOfFacts } from '../activities/hire-problems';
import { recordOf } from '../activities/world';
import type { PersonRecord, Store } from '../evidence';
import type { HrEventsRead } from './hr-events';
import type { RecordProblem } from './records';

/** A list of the workforce, judged. */
export interface WorkforceList extends Pick<HrEventsRead, 'notes' | 'problems'> {
  readonly people: readonly PersonRecord[];
}

/**
 * A hire with a wrong region becomes a task for ops; of a list nobody would ever hear, so each fault is a problem of its line.
 * Somebody who is yet to start is a hire.
 */
export async function judgedList(
  store: Pick<Store, 'peopleByEmail'>,
  { events, notes, problems }: HrEventsRead,
  asOf: string,
): Promise<WorkforceList> {
  const hired = events.flatMap(({ place, event }) =>
    event.type === 'employee.hired' ? [{ place, event }] : [],
  );
  const emailOf = new Map(hired.map(({ event }) => [event.employee_id, keyOf(event.email)]));
  const known = await store.peopleByEmail([...emailOf.values()]);
  /** Whose address it is, unless this very list gives them another. */
  const personByEmail = (email: string): Promise<PersonRecord | null> => {
    const other = known.get(keyOf(email)) ?? null;
    const listed = other && emailOf.get(other.employeeId);
    return Promise.resolve(listed && listed !== keyOf(email) ? null : other);
  };
  const found: RecordProblem[] = [...problems];
  const people: PersonRecord[] = [];
  const placeOf = new Map<string, string>();
  for (const { place, event } of hired) {
    const wrong = (await problemsOfFacts({ personByEmail }, event.employee_id, event)).map((problem) => ({
      place,
      field: '',
      problem,
      mend: 'correct it in the list, as HR has it',
    }));
    if (event.start_date > asOf.slice(0, 10))
      wrong.push({
        place,
        field: '',
        problem: `start_date ${event.start_date} is after the list was taken`,
        mend: 'somebody who is yet to start is a hire: daytwo hire',
      });
    const twice = placeOf.get(keyOf(event.email));
    if (twice !== undefined)
      wrong.push({
        place,
        field: '',
        problem: `the e-mail address stands on ${twice} already`,
        mend: 'keep one of the two, or give each their own',
      });
    placeOf.set(keyOf(event.email), twice ?? place);
    if (wrong.length > 0) found.push(...wrong);
    else people.push(recordOf(event.employee_id, event, 'active', asOf));
  }
  return { people, notes, problems: found };
}

const keyOf = (email: string): string => email.trim().toLowerCase();
