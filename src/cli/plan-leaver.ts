import { existsSync } from 'node:fs';
import type { ReadWorld } from '../activities/world';
import { isCalendarDate, type LeavingEvent } from '../domain/hr-event';
import type { LeaverCase } from '../domain/leaving';
import type { PersonRecord } from '../evidence';
import { personOf } from './leave';
import { leaverPlans, plannedCase, planInJson, planInWords } from './leaver-plan';
import { planLeavers, type PlanLeaversOptions } from './plan-leavers';
import { withReadWorld } from './read-world';
import { jsonLine, WrongUsage, type Surroundings } from './surroundings';
import { zoneNote } from './words';

export interface PlanLeaverOptions extends PlanLeaversOptions {
  readonly lastDay?: string;
}

/**
 * `daytwo plan leaver <person|file|->`: what they hold, what would go to whom and when; reads the systems, changes nothing. Of a file,
 * one summary of all.
 */
export function planLeaver(
  object: string,
  options: PlanLeaverOptions,
  around: Surroundings,
): Promise<number> {
  if (isFile(object)) {
    if (options.lastDay !== undefined)
      throw new WrongUsage('--last-day is of one person; the file says when.');
    return planLeavers(object, options, around);
  }
  return withReadWorld(around, async (world, settings) => {
    const person = await personOf(object, world.store, settings.gitlab.url);
    const one = await announcedOr(world, person, options.lastDay, around.now().toISOString());
    const plan = (await leaverPlans(world, [{ one, person }])).get(one.leaving);
    if (!plan) throw new Error('a leaver without a plan');
    if (options.json) around.out(jsonLine(planInJson(plan)));
    else {
      for (const line of planInWords(plan, around)) around.out(line);
      around.out(around.colours.dim(`\nNothing was changed. ${zoneNote(around.zone)}`));
    }
    return 0;
  });
}

/** A person is named by an employee id or an e-mail address; whatever else is there, or looks like a list, is one. */
const isFile = (object: string): boolean =>
  object === '-' ||
  /\.(csv|tsv|jsonl?|ndjson|ya?ml)$/i.test(object) ||
  (!/^\d+$|@/.test(object) && existsSync(object));

/** Their leaving as it is announced; else one on the day that is asked about, or today. */
async function announcedOr(
  world: ReadWorld,
  person: PersonRecord,
  day: string | undefined,
  now: string,
): Promise<LeaverCase> {
  const lastDay = day ?? now.slice(0, 10);
  if (!isCalendarDate(lastDay)) throw new WrongUsage(`--last-day ${lastDay} is no day of the calendar.`);
  const [known] = await world.store.leavers.ofPerson(person.employeeId);
  if (known && known.endedAt === null && day === undefined) return known;
  const event: LeavingEvent = {
    type: 'employee.leaving',
    event_id: 'plan',
    employee_id: person.employeeId,
    kind: 'voluntary',
    last_working_day: lastDay,
    garden_leave_start: null,
    termination_date: null,
  };
  return plannedCase(world, person, event, now);
}
