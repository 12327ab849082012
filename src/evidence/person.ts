import { utc } from './row';
import type { PeopleTable } from './tables';

/** A person as the store knows them: from the newest HR event. */
export interface PersonRecord {
  readonly employeeId: string;
  readonly email: string;
  readonly name: string;
  readonly title: string;
  readonly specialty: string | null;
  readonly department: string;
  readonly division: string;
  readonly entity: string;
  readonly country: string;
  readonly region: string;
  readonly timeZone: string;
  readonly managerEmail: string | null;
  readonly startDate: string;
  readonly status: 'joining' | 'active' | 'leaving' | 'left' | 'rescinded';
  /** The instant of the change, ISO 8601. */
  readonly updatedAt: string;
}

/** What addresses are looked up by. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

export const toPeople = (person: PersonRecord): PeopleTable => ({
  employee_id: person.employeeId,
  email: person.email,
  email_key: emailKey(person.email),
  name: person.name,
  title: person.title,
  specialty: person.specialty,
  department: person.department,
  division: person.division,
  entity: person.entity,
  country: person.country,
  region: person.region,
  time_zone: person.timeZone,
  manager_email: person.managerEmail,
  start_date: person.startDate,
  status: person.status,
  updated_at: utc(person.updatedAt),
});

export const fromPeople = (row: PeopleTable): PersonRecord => ({
  employeeId: row.employee_id,
  email: row.email,
  name: row.name,
  title: row.title,
  specialty: row.specialty,
  department: row.department,
  division: row.division,
  entity: row.entity,
  country: row.country,
  region: row.region,
  timeZone: row.time_zone,
  managerEmail: row.manager_email,
  startDate: row.start_date,
  status: row.status,
  updatedAt: row.updated_at,
});
