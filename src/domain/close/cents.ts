/** Amounts in whole cents, read and written by their digits: never as a float. */

/** `-1234.5` as whole cents; null where it is no amount with a decimal point and at most two places. */
export function centsOf(text: string): number | null {
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  return whole === undefined ? null : Number(`${sign}${whole}${fraction.padEnd(2, '0')}`) + 0;
}

/** `-1234.50`, as a sheet or a program reads it. */
export const decimal = (cents: number): string => written(cents, String, '');

/** `1,234.50`, as people read it. */
export const grouped = (cents: number): string => written(cents, inGroups, '');

/** `-$1,234.56` */
export const dollars = (cents: number): string => written(cents, inGroups, '$');

/** Of a currency: `USD 1,234.56`. */
export const money = (cents: number, currency: string): string => `${currency} ${grouped(cents)}`;

const inGroups = (whole: number): string => whole.toLocaleString('en-US');

function written(cents: number, wholeText: (whole: number) => string, before: string): string {
  const [whole, part] = [Math.trunc(Math.abs(cents) / 100), Math.abs(cents) % 100];
  return `${cents < 0 ? '-' : ''}${before}${wholeText(whole)}.${String(part).padStart(2, '0')}`;
}
