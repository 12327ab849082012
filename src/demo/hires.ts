import { addDays, weekday } from '../domain/dates';
import { dayTwoRun, policyOn } from '../domain/day-two';
import type { Handbook, Policy, Region } from '../domain/handbook';
import type { HiredEvent } from '../domain/hr-event';
import { resolveRole, type Role } from '../domain/roles';
import { baselineTasks } from '../domain/stages';
import type { Task } from '../domain/access-request';

/** Somebody who joins, with what the handbook says they get. */
export interface Newcomer {
  readonly event: HiredEvent;
  readonly role: Role;
  readonly tasks: readonly Task[];
  /** The manager's GitLab user name. */
  readonly manager: string | null;
}

/** Who joins: everything granted at once; approval needed; no template; later one for whom no seat is left. And one who leaves. */
export interface Cast {
  readonly granted: Newcomer;
  readonly approval: Newcomer;
  readonly waiting: Newcomer;
  readonly seatless: Newcomer;
  /** Worked here before daytwo came, and leaves. */
  readonly leaver: Newcomer;
}

const FIRST = ['Nora', 'Tomas', 'Ayumi', 'Idris', 'Freya', 'Mateo', 'Leila', 'Anton', 'Zuri', 'Colm', 'Hana'];
const LAST = ['Ashby', 'Kovar', 'Marlow', 'Sandoz', 'Tanaka', 'Brandt', 'Okoye', 'Vance', 'Lindahl', 'Reyes'];

/** Titles without a role template in the sample handbook; the first that has none today is taken. */
const UNKNOWN_TITLES = ['Value Engineer', 'Renewals Specialist', 'Deal Strategist', 'Industry Advisor'];

/** As many numbers as there are: each run of the demo takes five people. */
export const CAST_NUMBERS = 18_000_000;
const CAST = 5;
/** How long ago the leaver began. */
const LEAVER_DAYS = 400;

/**
 * Newcomers whose day two has begun, whatever the time of day is, and somebody who began long before.
 *
 * @param now instant, ISO 8601 in UTC
 * @param number from 0 up to `CAST_NUMBERS`; another number gives other people with other employee ids and addresses
 */
export function castFor(handbook: Handbook, now: string, number: number): Cast {
  const someone = (at: number, role: Job, start?: string): Newcomer =>
    newcomer(handbook, now, number * CAST + at, role, start);
  return {
    granted: someone(0, ENTERPRISE),
    approval: someone(1, {
      title: 'Account Executive',
      department: 'Public Sector',
      country: 'US',
      region: 'Americas',
      time_zone: 'America/Chicago',
      manager_email: 'pete.alvarez@daytwo.example',
    }),
    waiting: someone(2, {
      title: titleWithoutTemplate(handbook),
      department: 'Enterprise Sales',
      country: 'GB',
      region: 'EMEA',
      time_zone: 'Europe/London',
      manager_email: 'eva.lindgren@daytwo.example',
    }),
    seatless: someone(3, ENTERPRISE),
    leaver: someone(4, ENTERPRISE, addDays(now.slice(0, 10), -LEAVER_DAYS)),
  };
}

type Job = Pick<HiredEvent, 'title' | 'department' | 'country' | 'time_zone' | 'manager_email'> & {
  readonly region: Region;
};

const ENTERPRISE: Job = {
  title: 'Senior Account Executive',
  department: 'Enterprise Sales',
  country: 'US',
  region: 'Americas',
  time_zone: 'America/New_York',
  manager_email: 'dana.whitfield@daytwo.example',
};

function newcomer(handbook: Handbook, now: string, number: number, job: Job, start?: string): Newcomer {
  const employeeId = String(10_000_000 + number);
  const [first, last] = [nameIn(FIRST, number), nameIn(LAST, number + Math.floor(number / FIRST.length))];
  const role = resolveRole(handbook, { ...job, specialty: null });
  const manager = handbook.people.members.find(({ email }) => email === job.manager_email);
  return {
    event: {
      event_id: `demo-hire-${employeeId}`,
      type: 'employee.hired',
      employee_id: employeeId,
      email: `${first}.${last}.${employeeId}@daytwo.example`.toLowerCase(),
      name: `${first} ${last}`,
      specialty: null,
      division: 'Sales',
      entity: 'Inc',
      start_date: start ?? startDateForNow(policyOn(handbook, now.slice(0, 10)), job.region, now),
      ...job,
    },
    role,
    tasks: role.kind === 'found' ? baselineTasks(role.entitlements, handbook.systems, job.region) : [],
    manager: manager?.username ?? null,
  };
}

const nameIn = (names: readonly string[], number: number): string => names[number % names.length] ?? '';

function titleWithoutTemplate(handbook: Handbook): string {
  const free = UNKNOWN_TITLES.find(
    (title) =>
      resolveRole(handbook, { department: 'Enterprise Sales', title, specialty: null, region: 'EMEA' })
        .kind === 'none',
  );
  return free ?? 'Explorer of Unmapped Territory';
}

/** The id of HR's word that this person leaves. */
export const leavingEventId = (employeeId: string): string => `demo-leaving-${employeeId}`;

/** The last working day on which somebody can have started whose day two has begun by now. */
export function startDateForNow(policy: Pick<Policy, 'dayTwo'>, region: Region, now: string): string {
  let date = addDays(now.slice(0, 10), 1);
  while (Date.parse(dayTwoRun(policy, region, date)) > Date.parse(now) || weekday(date) > 5)
    date = addDays(date, -1);
  return date;
}
