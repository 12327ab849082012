import { z } from 'zod';
import { isCalendarDate } from '../domain/dates';
import { slug } from '../domain/roles';

/** The values that files of `config/` are made of, each with what is wrong with another and how to mend it. */

export const text = z
  .string()
  .trim()
  .min(1, { error: 'is empty' })
  .max(500, { error: 'is longer than 500 characters' })
  .refine((value) => !/[\p{Cc}\u2028\u2029]/u.test(value), {
    error: 'holds a line break or another control character',
    params: { mend: 'Write it on one line.' },
  });
export const rule = (holds: (value: string) => boolean, problem: string, mend: string) =>
  text.refine(holds, { error: problem, params: { mend } });

export const date = rule(isCalendarDate, 'not a date of the calendar', 'Write it as YYYY-MM-DD.');
export const time = rule(
  (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
  'not a time of day',
  "Write it as '09:30', in quotes.",
);
export const zone = rule(isTimeZone, 'not a time zone', 'Write an IANA zone such as Europe/London.');
export const country = rule(
  (value) => /^[A-Z]{2}$/.test(value),
  'not a country',
  'Write two capital letters (ISO 3166-1), such as GB.',
);
export const email = rule(
  (value) => /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(value),
  'not an e-mail address',
  'Write it as name@example.com.',
);
export const color = rule(
  (value) => /^#[0-9a-f]{6}$/i.test(value),
  'not a colour',
  "Write it as '#1f75cb', in quotes.",
);
export const key = rule(
  (value) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value),
  'not a key',
  'Lower case, digits and single hyphens: salesforce-inbox.',
);
export const username = rule(
  (value) => /^[a-z0-9][a-z0-9_.-]*$/i.test(value),
  'not a GitLab user name',
  'Letters, digits, _ . and -, without @.',
);
export const people = z.array(username).default([]);
/** Over which ways a decision may come. */
export const channels = z
  .array(z.enum(['gitlab', 'console', 'cli', 'signal']))
  .min(1, { error: 'is empty: it would count nowhere' });
export const slugged = rule(
  (value) => value === slug(value),
  'not a part of a file name',
  'Lower case with _ between words: account_executive.',
);
export const connection = rule(
  (value) => /^[A-Z][A-Z0-9_]*$/.test(value),
  'not the prefix of variables',
  'Capitals, digits and _: RINGLEAD reads RINGLEAD_SCIM_URL.',
);
/** An object or field as SOQL takes it, `Quote__c` or `RecordType.Name`: nothing else gets into a query. */
export const apiName = rule(
  (value) => /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(value),
  'not a name of Salesforce',
  'Write its API name: Net_ARR__c, or a path such as RecordType.Name.',
);
/** Kept as whole cents: by its digits, never as a float. */
export const amount = rule(
  (value) => /^\d{1,10}(\.\d{2})?$/.test(value),
  'not an amount',
  "Write it in quotes, with two decimals or none: '100.00'.",
).transform((value) => Number(value.includes('.') ? value.replace('.', '') : `${value}00`));
export const wholeNumber = (least: number, most: number) =>
  z
    .number()
    .int({ error: 'is not a whole number' })
    .min(least, { error: `is less than ${least}` })
    .max(most, { error: `is more than ${most}` });

function isTimeZone(value: string): boolean {
  if (value !== 'UTC' && !value.includes('/')) return false;
  try {
    return Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Days of work as policy names them; `weekdayNumber` is Monday's 1 to Friday's 5. */
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
export const weekdayName = z.enum(WEEKDAYS);
export const weekdayNumber = (name: (typeof WEEKDAYS)[number]): number => WEEKDAYS.indexOf(name) + 1;

/** Of a Salesforce object: it becomes part of a query. */
export const fieldName = rule(
  (value) => /^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(value),
  'no name of a field',
  'Write it as Salesforce names it: Inside_Sales_Rep__c.',
);
