import type { FieldType, Scalar } from '../schema';
import type { Path } from './ast';
import type { Operand, Scope } from './columns';
import { errorAt } from './tokens';

const dayOfYear = (at: Date): number =>
  Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;

/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_date_functions.htm; the fiscal year is the calendar's, the zone UTC. */
const DATE_FUNCTIONS: Readonly<Record<string, (at: Date) => number | string>> = {
  CALENDAR_YEAR: (at) => at.getUTCFullYear(),
  CALENDAR_QUARTER: (at) => Math.floor(at.getUTCMonth() / 3) + 1,
  CALENDAR_MONTH: (at) => at.getUTCMonth() + 1,
  FISCAL_YEAR: (at) => at.getUTCFullYear(),
  FISCAL_QUARTER: (at) => Math.floor(at.getUTCMonth() / 3) + 1,
  FISCAL_MONTH: (at) => at.getUTCMonth() + 1,
  WEEK_IN_YEAR: (at) => Math.ceil(dayOfYear(at) / 7),
  WEEK_IN_MONTH: (at) => Math.ceil(at.getUTCDate() / 7),
  DAY_IN_YEAR: dayOfYear,
  DAY_IN_MONTH: (at) => at.getUTCDate(),
  DAY_IN_WEEK: (at) => at.getUTCDay() + 1,
  DAY_ONLY: (at) => at.toISOString().slice(0, 10),
  HOUR_IN_DAY: (at) => at.getUTCHours(),
};
const OF_TIMES_ONLY = ['DAY_ONLY', 'HOUR_IN_DAY'];
const SHOWN_OTHERWISE = ['TOLABEL', 'FORMAT', 'CONVERTCURRENCY'];

export const isDateFunction = (name: string | undefined): boolean =>
  name !== undefined && Object.hasOwn(DATE_FUNCTIONS, name);
/** Whether a path may be inside of this: `CALENDAR_YEAR(CreatedDate)`, in capitals. */
export const isFunction = (name: string): boolean => isDateFunction(name) || SHOWN_OTHERWISE.includes(name);

/** What `FORMAT()` makes of a value for the locale en_US. */
function formatted(type: FieldType, value: Scalar): Scalar {
  if (typeof value === 'number')
    return type === 'currency'
      ? value.toLocaleString('en-US', { style: 'currency', currency: 'USD' })
      : value.toLocaleString('en-US');
  if (typeof value !== 'string' || (type !== 'date' && type !== 'datetime')) return value;
  const at = new Date(value);
  const date = `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`;
  if (type === 'date') return date;
  return `${date}, ${new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', timeStyle: 'short' }).format(at)}`;
}

/** The operand that a function makes of another. @throws SalesforceError where the field isn't of its kind */
export function called<T>(scope: Scope, path: Path, of: Operand<T>): Pick<Operand<T>, 'type' | 'get'> {
  const name = path.call ?? '';
  const part = DATE_FUNCTIONS[name];
  if (!part) {
    if (name !== 'FORMAT') return of;
    return { type: 'string', get: (row) => formatted(of.type, of.get(row)) };
  }
  const fits = of.type === 'datetime' || (of.type === 'date' && !OF_TIMES_ONLY.includes(name));
  if (!fits)
    throw errorAt(scope.text, path.at, `field ${of.name} does not support the date function ${name}`);
  return {
    type: name === 'DAY_ONLY' ? 'date' : 'int',
    get: (row) => {
      const value = of.get(row);
      return typeof value === 'string' ? part(new Date(value)) : null;
    },
  };
}
