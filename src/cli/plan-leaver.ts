import { planEstates } from '../activities/leaver-estates';
import { sweep } from '../activities/leaver-sweep';
import type { ReadWorld } from '../activities/world';
import { policyOn } from '../domain/day-two';
import { terminal } from '../domain/escape';
import { destinationsOf } from '../domain/handover-reason';
import { isCalendarDate } from '../domain/hr-event';
import { isSettled, type LeaverCase } from '../domain/leaving';
import type { PersonRecord } from '../evidence';
import { calendarOf } from '../handbook/business-time';
import { timeZeroOf } from '../handbook/leaving-time';
import { personOf } from './leave';
import { withReadWorld } from './read-world';
import { jsonLine, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { onClock, plural, table, zoneNote } from './words';

export interface PlanLeaverOptions extends Spoken {
  readonly lastDay?: string;
}

/** `daytwo plan leaver <person>`: what they hold, what would go to whom and when; reads the systems, changes nothing. */
export function planLeaver(
  object: string,
  options: PlanLeaverOptions,
  around: Surroundings,
): Promise<number> {
  return withReadWorld(around, async (world, settings) => {
    const person = await personOf(object, world.store, settings.gitlab.url);
    const one = await caseOf(world, person, options, around.now().toISOString());
    const items = (await sweep(world, [one])).get(one.leaving) ?? [];
    const estates = await planEstates(world, [one], new Map([[one.leaving, items]]));
    const moves = countsOf(
      estates.flatMap(({ plan, book, rules }) =>
        destinationsOf(plan, book, rules, one.successor).map(({ object: name, email, why }) =>
          [name, email ?? 'nobody', why].join('\t'),
        ),
      ),
    );
    const stays = estates.reduce((sum, { plan }) => sum + plan.stays.length, 0);
    const steps = estates.flatMap(({ plan }) => plan.steps);
    if (options.json) {
      around.out(
        jsonLine({
          employee_id: person.employeeId,
          time_zero: one.timeZero,
          systems: items,
          moves: moves.map(([what, count]) => ({
            object: what.split('\t')[0],
            to: what.split('\t')[1] === 'nobody' ? null : what.split('\t')[1],
            why: what.split('\t')[2],
            count,
          })),
          opportunities_that_stay: stays,
          steps,
        }),
      );
      return 0;
    }
    around.out(around.colours.bold(`Employee ${terminal(person.employeeId)}`));
    around.out(
      `  time zero  ${onClock(one.timeZero, person.timeZone)}, ${person.timeZone} (yours: ${onClock(one.timeZero, around.zone)})\n`,
    );
    const rows = items.map((item) => [
      item.id,
      isSettled(item)
        ? 'nothing found'
        : item.found.length > 0
          ? item.found
              .map(
                ({ connection, state, shows }) =>
                  `${connection} ${state}${shows.length > 0 ? `: ${shows.join(', ')}` : ''}`,
              )
              .join('; ')
          : 'can not be asked: its deprovisioners say',
      item.found.some(({ asked }) => !asked) ? 'nobody asked for it' : '',
      item.problem ?? '',
    ]);
    for (const line of table(
      ['SYSTEM', 'HOLDS', '', 'PROBLEM'],
      rows.map((row) => row.map(terminal)),
      around.colours.bold,
    ))
      around.out(line);
    around.out('');
    if (moves.length > 0) {
      const lines = moves.map(([what, count]) => [...what.split('\t'), String(count)]);
      for (const line of table(
        ['RECORDS', 'WOULD GO TO', 'WHY', 'COUNT'],
        lines.map((row) => row.map(terminal)),
        around.colours.bold,
      ))
        around.out(line);
    }
    around.out(`${plural(stays, 'opportunity', 'opportunities')} would stay: closed, or of a locked period.`);
    for (const { text } of steps) around.out(`- by a person: ${terminal(text)}`);
    around.out(around.colours.dim(`\nNothing was changed. ${zoneNote(around.zone)}`));
    return 0;
  });
}

/** Their leaving as it is announced; else one on the day that is asked about, or today. */
async function caseOf(
  world: ReadWorld,
  person: PersonRecord,
  options: PlanLeaverOptions,
  now: string,
): Promise<LeaverCase> {
  const handbook = world.handbook();
  const policy = policyOn(handbook, now.slice(0, 10));
  const lastDay = options.lastDay ?? now.slice(0, 10);
  if (!isCalendarDate(lastDay)) throw new WrongUsage(`--last-day ${lastDay} is no day of the calendar.`);
  const [known] = await world.store.leavers.ofPerson(person.employeeId);
  if (known && known.endedAt === null && options.lastDay === undefined) return known;
  const event = {
    type: 'employee.leaving' as const,
    event_id: 'plan',
    employee_id: person.employeeId,
    kind: 'voluntary' as const,
    last_working_day: lastDay,
    garden_leave_start: null,
    termination_date: null,
  };
  return {
    leaving: `plan/${person.employeeId}`,
    employeeId: person.employeeId,
    event,
    phase: 'announced',
    timeZero: timeZeroOf(event, policy.leaving, calendarOf(handbook, policy, person)),
    policyVersion: policy.effectiveFrom,
    frozenAt: null,
    takenAt: null,
    endedAt: null,
    issue: null,
    successor: null,
  };
}

function countsOf(words: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}
