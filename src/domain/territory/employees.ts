import type { TerritoryAccount } from './account';
import type { PlanFinding } from './placement';
import type { TerritoryRules } from './rules';
import { filled } from './texts';

/** What a text says of a number of employees. */
export type Employees =
  | { readonly kind: 'blank' | 'unreadable' | 'too-many' }
  | { readonly kind: 'number'; readonly number: number };

/** Digits in groups of three, with what separates them in some language: `1,200`, `1.200`, `1 200`, `1'200`. */
export const GROUPED = "^[0-9]{1,3}([,. '\\u00a0\\u202f\\u2019][0-9]{3})+$";
/** A number as CRMs export it: `1200`, `1200.0`. */
export const PLAIN = '^[0-9]+([.]0{1,2})?$';
/** More digits than any bound of the rules has. */
export const MOST_DIGITS = 12;
const [grouped, plain] = [new RegExp(GROUPED), new RegExp(PLAIN)];

/**
 * Reads a number of employees as people and sources write it. Blank and -1 say that nothing is known (handbook, Go to Market: segments: the placeholder
 * of an unknown is -1); 0 is a number. What can't be read, or can't be, is not guessed at.
 */
export function readEmployees(text: string | null, most: number): Employees {
  const value = filled(text);
  if (value === null || value === '-1') return { kind: 'blank' };
  const digits = grouped.test(value)
    ? value.replace(/[^0-9]/g, '')
    : plain.test(value)
      ? value.replace(/[.]0{1,2}$/, '')
      : null;
  if (digits === null) return { kind: 'unreadable' };
  const number = digits.replace(/^0+(?=[0-9])/, '');
  if (number.length > MOST_DIGITS || Number(number) > most) return { kind: 'too-many' };
  return { kind: 'number', number: Number(number) };
}

/** A value with the source it came from, and those that lost against it. */
export interface Picked<T> {
  readonly from: string;
  readonly value: T;
  readonly lost: readonly { readonly from: string; readonly value: T }[];
}

/** Whether what a source says still counts: what people of Sales Ops entered ends with its day. */
export const counts = (
  source: string,
  account: Pick<TerritoryAccount, 'manualUntil'>,
  { manualSource }: Pick<TerritoryRules, 'manualSource'>,
  on: string,
): boolean => source !== manualSource || account.manualUntil === null || on <= account.manualUntil;

/** The first of the sources that has a value, by precedence (handbook, Go to Market: sources: first non-blank wins). */
export function firstOf<T>(
  values: readonly (readonly [source: string, value: T | null])[],
): Picked<T> | null {
  const [first, ...lost] = values.flatMap(([from, value]) => (value === null ? [] : [{ from, value }]));
  return first ? { ...first, lost } : null;
}

/** Employees of an account alone, and what of them is wrong: each source of the precedence is judged, also one that loses. */
export function employeesOf(
  account: TerritoryAccount,
  rules: TerritoryRules,
  on: string,
): { readonly picked: Picked<number> | null; readonly findings: readonly PlanFinding[] } {
  const findings: PlanFinding[] = [];
  const values = rules.precedence.employees.map((source) => {
    const text = account.sources[source]?.employees ?? null;
    const read = readEmployees(text, rules.mostEmployees);
    if (read.kind === 'unreadable' || read.kind === 'too-many')
      findings.push({ kind: `employees-${read.kind}`, accountId: account.id, what: whatOf(source, text) });
    const number = read.kind === 'number' && counts(source, account, rules, on) ? read.number : null;
    return [source, number] as const;
  });
  return { picked: firstOf(values), findings };
}

const SHOWN = 40;
/** A source and what it says, shortened: a finding isn't the place for more. */
export const whatOf = (source: string, text: string | null): string =>
  `${source}: ${[...(filled(text) ?? '')].slice(0, SHOWN).join('')}`;
