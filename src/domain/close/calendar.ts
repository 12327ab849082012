import { addBusinessDates, onOrBeforeBusinessDay, type HolidayDates } from '../calendar';
import { addDays } from '../dates';
import type { Month, Period } from './period';

/** Numbers of a close that the business changes. Days are days of the month after the period. */
export interface CloseDatesPolicy {
  /** Business days before the last day of the period on which the close opens. */
  readonly opensBusinessDays: number;
  /** "Closed Won and Closed Lost of a month lock for editing on the 10th", later the 5th, "of the next month". */
  readonly lockDay: number;
  /** "Calendar day 8: snapshot of ARR, customer count, net retention": ours is older than that. */
  readonly snapshotBeforeDay: number;
  /** The quarterly sales representation letter: sent, answered, with accounting, with the audit committee. */
  readonly letters: {
    readonly sent: number;
    readonly answered: number;
    readonly accounting: number;
    readonly committee: number;
  };
  /** "No system changes 2 weeks either side of quarter end." */
  readonly freezeDays: number;
  /** "Sales Ops waits until the 15th, then moves any opportunity with a past-month close date." */
  readonly overdueDay: number;
}

export const CLOSE_DATE_KINDS = [
  'freeze_begins',
  'opens',
  'cut_off',
  'letters_sent',
  'lock',
  'snapshot',
  'letters_answered',
  'letters_accounting',
  'letters_committee',
  'freeze_ends',
  'overdue_moved',
] as const;
export type CloseDateKind = (typeof CLOSE_DATE_KINDS)[number];

export interface CloseDate {
  readonly kind: CloseDateKind;
  /** `YYYY-MM-DD` where the close is counted. */
  readonly date: string;
  readonly name: string;
  /** What the date follows from, with the number in force. */
  readonly rule: string;
}

/** A period in words: `October 2026 (FY27 Q3, ends the quarter)`. */
export function periodName(period: Month): string {
  const month = MONTHS[Number(period.key.slice(5)) - 1] ?? period.key;
  const ends = endsQuarter(period) ? ', ends the quarter' : '';
  return `${month} ${period.key.slice(0, 4)} (${period.fiscalYear} Q${period.quarter}${ends})`;
}

export const endsQuarter = ({ lastDay, quarterEnd }: Month): boolean => lastDay === quarterEnd;

/**
 * All dates of a period's close, the first one first, each with the rule that it comes from.
 *
 * @param holidays of the country where the close is counted
 * @throws RangeError if a year of days off follows
 */
export function closeDates(
  period: Period,
  policy: CloseDatesPolicy,
  holidays: HolidayDates,
): readonly CloseDate[] {
  const last = period.lastDay;
  const on = (day: number): string => addDays(last, day);
  /** "A holiday moves the date to the previous working day." */
  const working = (day: number): string => onOrBeforeBusinessDay(on(day), holidays);
  const { letters, freezeDays } = policy;
  const letter = (kind: CloseDateKind, day: number, name: string): CloseDate => ({
    kind,
    date: working(day),
    name,
    rule: `day ${day} after the quarter's end, or the working day before`,
  });
  const monthly: CloseDate[] = [
    {
      kind: 'opens',
      date: businessDaysBefore(last, policy.opensBusinessDays, holidays),
      name: 'The close opens',
      rule: `${policy.opensBusinessDays} business days before the last day of the period`,
    },
    {
      kind: 'cut_off',
      date: last,
      name: 'Cut-off',
      rule: 'submitted by 23:59:59 of the last calendar day, by the time stamp of the server',
    },
    {
      kind: 'lock',
      date: on(policy.lockDay),
      name: 'The period locks',
      rule: `day ${policy.lockDay} of the next month, once both parties gave the green light`,
    },
    {
      kind: 'snapshot',
      date: on(policy.snapshotBeforeDay - 1),
      name: 'A snapshot is kept by now',
      rule: `before day ${policy.snapshotBeforeDay} of the next month`,
    },
    {
      kind: 'overdue_moved',
      date: on(policy.overdueDay),
      name: 'Overdue opportunities are moved',
      rule: `day ${policy.overdueDay} of the next month`,
    },
  ];
  const quarterly: CloseDate[] = [
    {
      kind: 'freeze_begins',
      date: addDays(last, -freezeDays),
      name: 'Change freeze begins',
      rule: `${freezeDays} days before the quarter's end`,
    },
    letter('letters_sent', letters.sent, 'Representation letters are sent'),
    letter('letters_answered', letters.answered, 'Representation letters are answered'),
    letter('letters_accounting', letters.accounting, 'Representation letters are with accounting'),
    letter('letters_committee', letters.committee, 'Representation letters are with the audit committee'),
    {
      kind: 'freeze_ends',
      date: addDays(last, freezeDays),
      name: 'Change freeze ends',
      rule: `${freezeDays} days after the quarter's end`,
    },
  ];
  const rank = (kind: CloseDateKind): number => CLOSE_DATE_KINDS.indexOf(kind);
  return [...monthly, ...(endsQuarter(period) ? quarterly : [])].sort(
    (a, b) => a.date.localeCompare(b.date) || rank(a.kind) - rank(b.kind),
  );
}

/** The business day so many business days before a date; the date itself counts as day 0, or the last one before it. */
export function businessDaysBefore(date: string, days: number, holidays: HolidayDates): string {
  let day = onOrBeforeBusinessDay(date, holidays);
  for (let left = days; left > 0; left--) day = onOrBeforeBusinessDay(addDays(day, -1), holidays);
  return day;
}

/** A date so many business days after (or, negative, before) another. */
export const businessDaysFrom = (date: string, days: number, holidays: HolidayDates): string =>
  days < 0 ? businessDaysBefore(date, -days, holidays) : addBusinessDates(date, days, holidays);

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
