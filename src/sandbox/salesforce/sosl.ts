import { SalesforceError } from './errors';
import type { Org } from './org';
import type { RecordJson } from './records';
import { objectNamed, objects, type FieldType, type Row, type SObject } from './schema';
import { parseSoql } from './soql/parse';
import { runSoql } from './soql/run';
import { objectOfType } from './writes';

const STATEMENT =
  /^\s*FIND\s*\{((?:\\.|[^\\{}])*)\}\s*(?:IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\s*)?(?:RETURNING\s+([\s\S]*?))?\s*(?:LIMIT\s+(\d+)\s*)?$/i;
/** `User(Id, Name WHERE IsActive = true ORDER BY Name LIMIT 5)` */
const RETURNED =
  /^(\w+)\s*(?:\(\s*([\w.,\s]+?)\s*(?:\bWHERE\b([\s\S]*?))?(?:\b(ORDER\s+BY\b[\s\S]*?))?(?:\b(LIMIT\s+\d+)\s*)?(?:\b(OFFSET\s+\d+)\s*)?\))?$/i;
const MOST_RECORDS = 2000;

const TEXTS: readonly FieldType[] = ['string', 'textarea', 'email', 'phone', 'url', 'picklist'];
const SCOPES: Readonly<Record<string, (object: SObject) => string[]>> = {
  ALL: (object) => namesOf(object, TEXTS),
  SIDEBAR: (object) => namesOf(object, TEXTS),
  NAME: (object) => ['Name', 'FirstName', 'LastName'].filter((name) => object.fields.has(name.toLowerCase())),
  EMAIL: (object) => namesOf(object, ['email']),
  PHONE: (object) => namesOf(object, ['phone']),
};
const namesOf = (object: SObject, types: readonly FieldType[]): string[] =>
  [...object.fields.values()].filter((field) => types.includes(field.type)).map((field) => field.name);

/** Whether a search finds records of the object: the business's own, and users. */
export const isSearchable = (object: SObject): boolean => !object.setup || object.name === 'User';

const incomplete = () => malformed('The search term is incomplete');
const malformed = (message: string) => new SalesforceError('MALFORMED_SEARCH', message);

/**
 * Runs a SOSL search: whole words, `*` and `?`, phrases in quotes, `AND`, `OR` and `AND NOT`.
 * @throws SalesforceError `MALFORMED_SEARCH`, `INVALID_TYPE` or what the fields asked for are refused with
 */
export function runSosl(org: Org, version: string, text: string): RecordJson[] {
  const [whole, term = '', scope = 'ALL', returning, limit] = STATEMENT.exec(text) ?? [];
  if (whole === undefined)
    throw malformed('No search term found. The search term must be enclosed in braces.');
  const fits = termOf(term);
  const fieldsOf = SCOPES[scope.toUpperCase()] ?? namesOf;
  const asked = returning
    ? partsOf(returning)
    : objects()
        .filter(isSearchable)
        .map(({ name }) => name);
  const found = asked.map(returned).flatMap(({ object, query }) => {
    const names = fieldsOf(object, TEXTS);
    const ids = org
      .rows(object.name)
      .filter((row) => fits(names.map((name) => textAt(org, object, row, name))))
      .map((row) => row.Id);
    const soql = query(ids);
    // Asked even where nothing was found: a wrong field is refused all the same.
    return runSoql({ org, version }, soql, parseSoql(soql)).page(0, ids.length);
  });
  return found.slice(0, Math.min(limit === undefined ? MOST_RECORDS : Number(limit), MOST_RECORDS));
}

function textAt(org: Org, object: SObject, row: Row, name: string): string {
  const field = object.fields.get(name.toLowerCase());
  return field ? wordsOf(String(org.value(object, row, field) ?? '')) : '';
}

/** A text as its words with spaces around each. */
const wordsOf = (text: string): string =>
  ` ${text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')} `;

/** The parts of RETURNING: commas inside parentheses and quotes don't count. */
function partsOf(returning: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of returning.matchAll(/'(?:\\.|[^'\\])*'|[^']|'/g)) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (depth < 0 || token === "'") throw malformed(`unexpected token: ${token}`);
    if (token === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  if (depth > 0) throw malformed("unexpected token: '<EOF>'");
  return parts.map((part) => part.trim());
}

function returned(part: string): { object: SObject; query: (ids: readonly string[]) => string } {
  const [whole, name = '', fields = 'Id', where, order = '', limit = '', offset = ''] =
    RETURNED.exec(part) ?? [];
  if (whole === undefined) throw malformed(`unexpected token: ${part}`);
  const object = objectOfType(name);
  if (!isSearchable(object) || !objectNamed(name))
    throw new SalesforceError('INVALID_TYPE', `sObject type '${name}' is not supported in a search`);
  const query = (ids: readonly string[]): string => {
    const among = `Id IN (${(ids.length > 0 ? ids : ['']).map((id) => `'${id}'`).join(', ')})`;
    const condition = where ? `(${where}) AND ${among}` : among;
    return `SELECT ${fields} FROM ${object.name} WHERE ${condition} ${order} ${limit} ${offset}`;
  };
  return { object, query };
}

/** The test that a search term stands for, of the words of a record's fields. @throws SalesforceError `MALFORMED_SEARCH` */
function termOf(term: string): (texts: readonly string[]) => boolean {
  const tokens = [...term.matchAll(/"((?:\\.|[^"\\])*)"|((?:\\.|[^\s\\"])+)/g)];
  const alternatives: { readonly pattern: RegExp; readonly wanted: boolean }[][] = [[]];
  let before = 'AND';
  for (const [whole, phrase] of tokens) {
    const joint = ['AND', 'OR', 'NOT'].includes(whole);
    if (joint && before !== '' && !(whole === 'NOT' && before === 'AND')) throw incomplete();
    if (whole === 'OR') alternatives.push([]);
    if (!joint) alternatives.at(-1)?.push({ pattern: patternOf(phrase ?? whole), wanted: before !== 'NOT' });
    before = joint ? whole : '';
  }
  if (before !== '') throw incomplete();
  return (texts) =>
    alternatives.some((all) =>
      all.every(({ pattern, wanted: is }) => texts.some((text) => pattern.test(text)) === is),
    );
}

function patternOf(phrase: string): RegExp {
  const words = phrase
    .replace(/\\(.)/g, ' $1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}*?]+/u)
    .filter(Boolean);
  if (words.join('').replace(/[*?]/g, '').length < 2)
    throw malformed('search term must be longer than one character');
  const body = words.map((word) => word.replace(/\*/g, '[^ ]*').replace(/\?/g, '[^ ]')).join(' ');
  return new RegExp(` ${body} `, 'u');
}
