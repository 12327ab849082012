import { plainLine } from '../escape';
import { nearest } from '../spelling';
import { longId } from '../close/record-id';
import type { Place, TableOwner } from './table';
import { postCodeOf } from './texts';

/** What one cell of a territory table says, or what is wrong with it and how to mend it. */

export interface CellFault {
  readonly fault: string;
  readonly mend: string;
}
export type Cell<T> = { readonly value: T } | CellFault;
export const isFault = (cell: Cell<unknown>): cell is CellFault => 'fault' in cell;

/** The columns, as Sales Ops writes them; what each territory is, who works it, and what it matches. */
export const TABLE_COLUMNS = [
  'Sub-Region',
  'Area',
  'Territory Name',
  'Sales',
  'Inside Sales Rep',
  'FMM',
  'SDR',
  'Region',
  'Segment',
  'Country',
  'State',
  'Post Codes',
  'Industry',
  'Account',
] as const;
export type TableColumn = (typeof TABLE_COLUMNS)[number];

/** What no cell may hold: a spreadsheet would run it, or it is a slip of the keyboard. */
export function wrongText(text: string): CellFault | null {
  if (/^[\s'"]*[=+@\uff1d\uff0b\uff20-]/u.test(text))
    return { fault: 'a formula', mend: 'Write the value itself; leave the cell empty where there is none.' };
  if (text.includes('\\'))
    return { fault: 'a \\ within it', mend: `Write / for it: ${text.replace(/\\+/g, '/')}` };
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text) || plainLine(text).length > 500 * 10)
    return { fault: 'a line break, another control character, or too much', mend: 'Write it on one line.' };
  return null;
}

/** Entries of a cell that may list several: `DE; AT; CH`. */
export const listed = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(';')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ),
];

/**
 * The name of a territory: `Large-AMER-East-Named-1`, `MM-EMEA-Central-DE 3x`. "Upstream data is dirty (`Large AMER-PNW/MW-1`,
 * `Large-AMER-Bay Area 3`, `\` for `/`): validate."
 * @param starts what a name may begin with: segments, or their initials
 */
export function territoryName(text: string, starts: readonly string[]): Cell<string> {
  const value = plainLine(text);
  const parts = value.split(/[-/\\]+/).map((part) => part.trim());
  const [first = '', ...rest] = parts;
  // `Large AMER-…`: the first word is the segment, and a space stands for the hyphen.
  const begin = [...starts]
    .sort((a, b) => b.length - a.length)
    .find((start) => value.toLowerCase().startsWith(start.toLowerCase()));
  const tail = begin === undefined ? rest.join('-') : value.slice(begin.length).replace(/^[\s-]+/, '');
  const mended = [
    begin ?? nearest(first, starts) ?? starts[0] ?? first,
    ...tail
      .split(/[-/\\]+/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => part.replace(/^(.*\D)\s+(\d+)$/, '$1-$2')),
  ].join('-');
  if (mended !== value || tail === '' || !/^[\p{L}\p{N} .&'-]+$/u.test(value))
    return {
      fault: 'not a name of a territory',
      mend: tail === '' ? `Write <segment>-<region>-…, such as ${mended}-AMER-East-1.` : `Is it ${mended}?`,
    };
  return { value };
}

/** Initials of a segment of several words, by which names of territories begin: `MM` for `Mid-Market`. */
export const initialsOf = (segment: string): string => {
  const words = segment.split(/[\s-]+/);
  return words.length > 1 ? words.map((word) => word.charAt(0).toUpperCase()).join('') : segment;
};

/** `Ada Miles`, `TBH / Ada Miles` (to be hired, and she covers). */
export function tableOwner(text: string): TableOwner {
  const [, cover] = /^tbh\s*(?:\/\s*(.*))?$/i.exec(text.trim()) ?? [null, null];
  if (cover !== null) return { name: null, cover: cover?.trim() || null };
  return { name: text.trim(), cover: null };
}

/**
 * What a row says of post codes: `3x` or `3*` (all that begin so), a whole code, or `940-945` (from one to another of equal length,
 * both included, by as many signs as they have).
 */
export function postCodes(text: string): Cell<NonNullable<Place['postCodes']>> {
  const mend = 'Write a prefix such as 3x, or a range such as 940-945; several with ; between them.';
  const [, first = '', last] =
    /^([A-Za-z0-9 ]+?)(?:x|\*)?\s*(?:[-\u2013]\s*([A-Za-z0-9 ]+?)(?:x|\*)?)?\s*$/.exec(text) ?? [];
  const [from, to] = [postCodeOf(first) ?? '', last === undefined ? null : (postCodeOf(last) ?? '')];
  if (from === '' || from.length > 12) return { fault: 'no post codes', mend };
  if (to === null) return { value: { prefix: from } };
  if (from.length !== to.length) return { fault: 'a range whose ends differ in length', mend };
  if (from > to) return { fault: 'a range that ends before it begins', mend: `Write ${to}-${from}.` };
  return { value: { from, to } };
}

/** The id of a named account, in its long form. */
export function namedAccount(text: string): Cell<string> {
  const id = longId(text);
  return id === null || (text.length === 18 && id !== text)
    ? {
        fault: 'not an id of an account',
        mend: 'Copy it from the address of its page: 15 or 18 letters and digits.',
      }
    : { value: id };
}
