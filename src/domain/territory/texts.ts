/**
 * How texts of sources are brought into a form that can be compared. Only what is said here: the same is done in SQL, and both must
 * give the same text.
 */

/** Signs that count as space, as a class of a regular expression: in JavaScript and in DuckDB (RE2) alike. */
export const SPACES = ' \\t\\n\\v\\f\\r\\u00a0\\u2000-\\u200b\\u202f\\u3000';
const ENDS = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, 'g');
const ANY = new RegExp(`[${SPACES}]+`, 'g');

/** Without spaces at its ends; null where nothing is left: a blank is no value. */
export function filled(text: string | null | undefined): string | null {
  const plain = text?.replace(ENDS, '') ?? '';
  return plain === '' ? null : plain;
}

/** Upper case of A to Z alone: `ß` and `ı` stay what they are, here as in SQL. */
export const upper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

/** A post code in normal form: upper case, no spaces (`sw1a 1aa` is `SW1A1AA`). */
export function postCodeOf(text: string | null | undefined): string | null {
  const plain = text?.replace(ANY, '') ?? '';
  return plain === '' ? null : upper(plain);
}

/** Smaller, equal or greater by code, not by language: the same everywhere, as DuckDB orders. */
export const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
