import { plainLine } from './escape';
import { withoutEmphasis } from './form-lines';

export type Column = 'email' | 'name' | 'first' | 'last' | 'manager';

/** Headers as people write them, letters only. */
const COLUMNS: ReadonlyMap<string, Column> = new Map(
  Object.entries({
    email: 'email mail emailaddress mailaddress workemail workmail useremail employeeemail emailid',
    name: 'name fullname person user username employee employeename teammember displayname',
    first: 'firstname givenname forename',
    last: 'lastname surname familyname',
    manager:
      'manager manageremail managersemail managermail manageremailaddress managersemailaddress linemanager linemanageremail reportsto supervisor',
  }).flatMap(([column, words]) => words.split(' ').map((word): [string, Column] => [word, column as Column])),
);

export const EXPECTED_HEADER = 'E-mail, Name, Manager';

/** Signs of the longest header. */
const LONGEST_HEADER = 60;

export const columnOf = (header: string): Column | undefined =>
  header.length > LONGEST_HEADER
    ? undefined
    : COLUMNS.get(header.toLowerCase().replace(/\([^)]*\)|[^a-z]/g, ''));

const ADDRESS =
  /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,250})\.[\p{L}\p{N}-]{2,63}$/u;
/** What may be an address within a line; whether it is one, `isAddress` says. */
export const ADDRESS_IN_TEXT = /[^\s<>()[\],;:"|]+@[^\s<>()[\],;:"|]+/gu;

export const isAddress = (text: string): boolean => ADDRESS.test(text) && !text.includes('..');

/** An address without emphasis, and without the link that GitLab or a mail program made of it: `[ann@x](mailto:ann@x)`, `<ann@x>`, `mailto:ann@x`. */
export const plainAddress = (cell: string): string =>
  plainLine(cell)
    .replace(/\[([^\]]*)\]\(\s*mailto:[^)]*\)/giu, '$1')
    .replace(/^<(.*)>$/u, '$1')
    .replace(/^[*`~]+|[*`~]+$/gu, '')
    .replace(/^mailto:/iu, '')
    .trim();

/** A cell's text: one line, no emphasis. */
export const plainCell = (cell: string): string => withoutEmphasis(plainLine(cell));

/** What a spreadsheet would take for a formula, also behind a quote. A lone dash is an empty cell. */
export const isFormula = (cell: string): boolean =>
  /^['"\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(cell) && !/^['"\s]*[-\uff0d]*['"\s]*$/u.test(cell);
