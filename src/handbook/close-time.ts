import { closeDates, businessDaysFrom, endsQuarter } from '../domain/close/calendar';
import type { DatedClose } from '../domain/close/close';
import { monthOf, type Period } from '../domain/close/period';
import type { CloseTask } from '../domain/close/tasks';
import { addDays } from '../domain/dates';
import { policyOn } from '../domain/day-two';
import type { Handbook, Policy } from '../domain/handbook';
import { endOfDay, instantAt, startOfDay } from './business-time';

/** A period's close as the handbook has it: the policy that it keeps, and its dates as instants. */
export interface ClosePlan {
  readonly period: Period;
  readonly policy: Policy;
  readonly dates: readonly DatedClose[];
  readonly tasks: readonly { readonly task: CloseTask; readonly dueAt: string }[];
}

type Known = Pick<Handbook, 'policies' | 'holidays' | 'checklist'>;

/**
 * Works out the close of a period. It keeps the policy that is in force on the day on which it opens, so that whoever asks at
 * whatever time gets the same dates.
 *
 * @param key `2026-10`
 * @throws RangeError if it is no month, or a calendar leaves no business day
 */
export function planClose(handbook: Known, key: string): ClosePlan {
  const opening = datesBy(handbook, key, policyOn(handbook, `${key}-01`)).find(
    ({ kind }) => kind === 'opens',
  );
  const policy = policyOn(handbook, opening?.date ?? `${key}-01`);
  return planCloseBy(handbook, key, policy);
}

/** The same by a policy that the close keeps. */
export function planCloseBy(handbook: Known, key: string, policy: Policy): ClosePlan {
  const { zone } = policy.close;
  const period = periodIn(key, zone);
  const dates = datesBy(handbook, key, policy);
  const holidays = holidaysOf(handbook, policy);
  const tasks = handbook.checklist
    .filter(({ quarterOnly }) => !quarterOnly || endsQuarter(period))
    .flatMap((task) => {
      const from = dates.find(({ kind }) => kind === task.due.from);
      return from
        ? [{ task, dueAt: endOf(businessDaysFrom(from.date, task.due.businessDays, holidays), zone) }]
        : [];
    });
  return { period, policy, dates, tasks };
}

/** The first instant after `now` at which the checks of a night run. */
export function nextNight(now: string, { zone, night }: Policy['close']): string {
  const today = now.slice(0, 10);
  for (const day of [addDays(today, -1), today, addDays(today, 1), addDays(today, 2)]) {
    const at = toTheMillisecond(instantAt(day, night, zone));
    if (at > now) return at;
  }
  throw new RangeError(`no night after ${now}`);
}

/** The schedule is set anew whenever a worker starts: so far ahead is far enough. */
const MONTHS_AHEAD = 18;

/** The days on which closes open, in the zone where they are counted, from this month on. */
export function openingDays(
  handbook: Known,
  now: string,
): { readonly days: readonly string[]; readonly zone: string } {
  const days: string[] = [];
  let month = now.slice(0, 7);
  for (let count = 0; count < MONTHS_AHEAD; count += 1) {
    const opens = planClose(handbook, month).dates.find(({ kind }) => kind === 'opens');
    if (opens) days.push(opens.date);
    month = addDays(`${month}-01`, 31).slice(0, 7);
  }
  return { days, zone: policyOn(handbook, now.slice(0, 10)).close.zone };
}

const periodIn = (key: string, zone: string): Period => {
  const month = monthOf(key);
  return { ...month, cutOff: endOf(month.lastDay, zone) };
};

/** As instants of a workflow are written, so that two of them compare as text. */
const toTheMillisecond = (instant: string): string => new Date(instant).toISOString();

/** The last second of a day there. */
const endOf = (day: string, zone: string): string =>
  new Date(Date.parse(endOfDay(day, zone)) - 1000).toISOString();

function datesBy(handbook: Known, key: string, policy: Policy): readonly DatedClose[] {
  const { zone, dates } = policy.close;
  const period = periodIn(key, zone);
  return closeDates(period, dates, holidaysOf(handbook, policy)).map((date) => ({
    ...date,
    at: date.kind === 'cut_off' ? period.cutOff : toTheMillisecond(startOfDay(date.date, zone)),
  }));
}

const holidaysOf = ({ holidays }: Known, { close }: Policy): readonly string[] =>
  Object.hasOwn(holidays, close.country) ? (holidays[close.country] ?? []) : [];
