import type Ical from 'ical.js' with { 'resolution-mode': 'import' };
import { periodName } from '../domain/close/calendar';
import { isPeriod } from '../domain/close/period';
import { policyOn } from '../domain/day-two';
import type { Handbook } from '../domain/handbook';
import { localTime } from '../handbook/business-time';
import { planClose, type ClosePlan } from '../handbook/close-time';
import { readHandbook } from '../handbook';
import { folder } from './config';
import { jsonLine, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { onClock, table, zoneNote } from './words';

// The package is a module of the newer kind, which Node 20 loads by require only as its bundle.
const ICAL = require('ical.js') as typeof Ical;

export interface CalendarOptions extends Spoken {
  readonly ics?: boolean;
  readonly dir?: string;
}

/** `daytwo close calendar [period]`: without a period the one that today belongs to. */
export function closeCalendar(
  asked: string | undefined,
  options: CalendarOptions,
  around: Surroundings,
): number {
  const handbook = readHandbook(folder(options.dir, around));
  const plan = planClose(
    handbook,
    asked === undefined ? thisPeriod(handbook, around.now().toISOString()) : periodNamed(asked),
  );
  if (options.ics) around.out(iCalendarOf(plan, around.now()).trimEnd());
  else if (options.json)
    around.out(
      jsonLine({
        period: plan.period,
        policy: plan.policy.effectiveFrom,
        zone: plan.policy.close.zone,
        dates: plan.dates,
        tasks: plan.tasks.map(({ task, dueAt }) => ({
          key: task.key,
          preparer: task.preparer,
          reviewer: task.reviewer,
          dueAt,
        })),
      }),
    );
  else show(plan, around);
  return 0;
}

/** A period as people write it. @throws WrongUsage if it is no month */
export function periodNamed(text: string): string {
  if (!isPeriod(text)) throw new WrongUsage(`"${text}" is no period. Write a month: 2026-10.`);
  return text;
}

/** The month that it is where closes are counted. */
export function thisPeriod(handbook: Handbook, now: string): string {
  return localTime(now, policyOn(handbook, now.slice(0, 10)).close.zone).date.slice(0, 7);
}

function show({ period, policy, dates, tasks }: ClosePlan, around: Surroundings): void {
  const { bold, dim } = around.colours;
  const { zone } = policy.close;
  around.out(bold(`Close of ${periodName(period)}`));
  around.out(
    dim(
      `By the policy in force since ${policy.effectiveFrom}. Days are those of ${zone}, where it is counted.`,
    ),
  );
  around.out('');
  const rows = dates.map(({ date, name, rule }) => [date, name, rule]);
  for (const line of table(['Day', 'What', 'Why then'], rows, bold)) around.out(line);
  if (tasks.length === 0) return;
  around.out('');
  const due = [...tasks].sort((a, b) => a.dueAt.localeCompare(b.dueAt));
  const lines = due.map(({ task, dueAt }) => [
    onClock(dueAt, around.zone),
    task.key,
    task.automatic ? 'daytwo' : task.preparer,
    task.reviewer,
    task.title,
  ]);
  for (const line of table(['Due', 'Task', 'Prepared by', 'Reviewed by', ''], lines, bold)) around.out(line);
  around.out(dim(zoneNote(around.zone)));
}

/** All dates as whole days, to subscribe to: the same identity whenever it is asked, so that a moved date moves. */
export function iCalendarOf({ period, dates }: ClosePlan, now: Date): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.updatePropertyWithValue('version', '2.0');
  calendar.updatePropertyWithValue('prodid', '-//daytwo//monthly close//EN');
  calendar.updatePropertyWithValue('x-wr-calname', `Close of ${period.key}`);
  for (const { kind, date, name, rule } of dates) {
    const component = new ICAL.Component('vevent');
    const event = new ICAL.Event(component);
    event.uid = `close-${period.key}-${kind}@daytwo`;
    event.summary = `${period.key}: ${name}`;
    event.description = rule;
    event.startDate = ICAL.Time.fromDateString(date);
    component.updatePropertyWithValue('dtstamp', ICAL.Time.fromJSDate(now, true));
    calendar.addSubcomponent(component);
  }
  return calendar.toString();
}
