import { resolveRole } from '../src/domain/roles';
import { baselineTasks } from '../src/domain/stages';
import type { Task } from '../src/domain/access-request';
import type { Handbook, Region } from '../src/domain/handbook';
import type { LeavingEvent } from '../src/domain/hr-event';
import { fillBooks, giveAccess } from '../src/demo/by-hand';
import type { PersonRecord } from '../src/evidence';
import type { SandboxFile } from '../src/sandbox/files';
import { prepare } from './crowd-sandbox';

/** What one leaver owns in Salesforce. */
export interface Book {
  readonly leads: number;
  readonly accounts: number;
  readonly open: number;
  readonly closed: number;
}

export const scaled = (book: Book, scale: number): Book => ({
  leads: Math.round(book.leads * scale),
  accounts: Math.round(book.accounts * scale),
  open: Math.round(book.open * scale),
  closed: Math.round(book.closed * scale),
});

/** What their role gives: all have the same. */
export function tasksOf(handbook: Handbook, [person]: readonly PersonRecord[]): readonly Task[] {
  if (!person) return [];
  const { title, department } = person;
  const region = person.region as Region;
  const role = resolveRole(handbook, { title, department, region, specialty: null });
  return role.kind === 'found' ? baselineTasks(role.entitlements, handbook.systems, region) : [];
}

/** Accounts of these people wherever there is an API, and a book of records for each. */
export async function settleIn(
  sandbox: SandboxFile,
  handbook: Handbook,
  people: readonly PersonRecord[],
  book: Book,
): Promise<void> {
  await prepare(sandbox, people);
  await giveAccess(sandbox, handbook, people, tasksOf(handbook, people));
  await fillBooks(sandbox, {
    ...book,
    usernames: people.map(({ email }) => email),
    seed: 1,
    territories: handbook.territories.map(({ name }) => name),
  });
}

/** @param day the last working day */
export const leavingOf = ({ employeeId }: PersonRecord, day: string): LeavingEvent => ({
  type: 'employee.leaving',
  event_id: `bench-leaving-${employeeId}`,
  employee_id: employeeId,
  kind: 'voluntary',
  last_working_day: day,
  garden_leave_start: null,
  termination_date: null,
});
