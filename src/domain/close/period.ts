import type { Day, Instant } from './columns';
import { addDays } from '../dates';

/** A month of the calendar, and where it stands in the fiscal year. "Fiscal year 1 February to 31 January; quarters end 30 April, 31 July, 31 October, 31 January." */
export interface Month {
  /** `2026-04`. */
  readonly key: string;
  readonly firstDay: Day;
  readonly lastDay: Day;
  /** Last day of the fiscal quarter that it belongs to. */
  readonly quarterEnd: Day;
  /** `FY27`: the year in which it ends. */
  readonly fiscalYear: string;
  /** 1 to 4. */
  readonly quarter: number;
}

/** A month that is closed. */
export interface Period extends Month {
  /** The last second at which a submission counts: 23:59:59 of the last day where the business is. Whoever knows time zones gives it. */
  readonly cutOff: Instant;
}

const FORM = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** Whether a text names a month: `2026-13` doesn't. */
export const isPeriod = (text: string): boolean => FORM.test(text);

/** @throws RangeError if `key` is no month `YYYY-MM` */
export const periodOf = (key: string, cutOff: Instant): Period => ({ ...monthOf(key), cutOff });

/** @throws RangeError if `key` is no month `YYYY-MM` */
export function monthOf(key: string): Month {
  const [, yearText, monthText] = FORM.exec(key) ?? [];
  if (yearText === undefined || monthText === undefined) throw new RangeError('not a month (YYYY-MM)');
  const [year, month] = [Number(yearText), Number(monthText)];
  // Months since the fiscal year began: February is 0, January 11.
  const since = (month + 10) % 12;
  const monthsToQuarterEnd = 2 - (since % 3);
  return {
    key,
    firstDay: `${key}-01`,
    lastDay: lastDayOf(year, month),
    quarterEnd: lastDayOf(year, month + monthsToQuarterEnd),
    fiscalYear: `FY${String((month === 1 ? year : year + 1) % 100).padStart(2, '0')}`,
    quarter: Math.floor(since / 3) + 1,
  };
}

/** The first day of the fiscal quarter that a month belongs to. */
export function quarterStart({ quarterEnd }: Pick<Month, 'quarterEnd'>): Day {
  const first = (day: Day): Day => `${day.slice(0, 7)}-01`;
  return first(addDays(first(addDays(first(quarterEnd), -1)), -1));
}

export const isWithin = (period: Pick<Month, 'firstDay' | 'lastDay'>, day: Day): boolean =>
  period.firstDay <= day && day <= period.lastDay;

function lastDayOf(year: number, month: number): Day {
  const next =
    month >= 12
      ? `${year + 1}-${String(month - 11).padStart(2, '0')}`
      : `${year}-${String(month + 1).padStart(2, '0')}`;
  return addDays(`${next}-01`, -1);
}
