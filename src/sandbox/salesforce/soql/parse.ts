import type {
  Aggregate,
  AggregateName,
  Condition,
  Literal,
  Operator,
  Order,
  Path,
  Query,
  SelectItem,
} from './ast';
import { isFunction } from './functions';
import { errorAt, tokenize, type Token } from './tokens';

const AGGREGATES: readonly string[] = ['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX', 'SUM', 'AVG'];
const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  LIKE: 'LIKE',
};
const RANGES = /^(YESTERDAY|TODAY|TOMORROW|(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR|90_DAYS))$/;
const COUNTED =
  /^(LAST|NEXT)_N_(DAYS|WEEKS|MONTHS|QUARTERS|YEARS)$|^N_(DAYS|WEEKS|MONTHS|QUARTERS|YEARS)_AGO$/;
const MOST_OFFSET = 2000;
const MOST_NESTING = 100;

/** Reads a SOQL query. @throws SalesforceError `MALFORMED_QUERY`, with the place */
export function parseSoql(text: string): Query {
  return new Parser(text).whole();
}

class Parser {
  readonly #text: string;
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  whole(): Query {
    const query = this.#query();
    if (this.#next.kind !== 'end') throw this.#unexpected();
    return query;
  }

  get #next(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    if (!token) throw new Error('a token list ends with an end');
    return token;
  }

  #unexpected(token = this.#next): Error {
    return errorAt(this.#text, token.at, `unexpected token: '${token.text}'`);
  }

  #is(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token !== undefined && token.kind !== 'string' && token.text.toUpperCase() === text;
  }

  /** Takes the words or symbols where they come next, all of them. */
  #skip(...texts: string[]): boolean {
    if (!texts.every((text, i) => this.#is(text, i))) return false;
    this.#at += texts.length;
    return true;
  }

  #expect(...texts: string[]): void {
    for (const text of texts) if (!this.#skip(text)) throw this.#unexpected();
  }

  #word(): Token {
    const token = this.#next;
    if (token.kind !== 'word') throw this.#unexpected();
    this.#at++;
    return token;
  }

  #list<T>(one: () => T): T[] {
    const all = [one()];
    while (this.#skip(',')) all.push(one());
    return all;
  }

  #query(): Query {
    this.#expect('SELECT');
    const select = this.#list(() => this.#selectItem());
    this.#expect('FROM');
    const from = this.#from();
    this.#skip('USING', 'SCOPE') && this.#word();
    const where = this.#skip('WHERE') ? this.#condition() : null;
    if (this.#skip('WITH')) this.#expect(this.#is('USER_MODE') ? 'USER_MODE' : 'SECURITY_ENFORCED');
    const groupBy = this.#skip('GROUP', 'BY') ? this.#list(() => this.#path()) : [];
    const having = this.#skip('HAVING') ? this.#condition() : null;
    const orderBy = this.#skip('ORDER', 'BY') ? this.#list(() => this.#order()) : [];
    const limit = this.#skip('LIMIT') ? this.#whole() : null;
    const offset = this.#skip('OFFSET') ? this.#offset() : 0;
    while (this.#skip('FOR')) this.#list(() => this.#word());
    if (this.#skip('ALL')) this.#expect('ROWS');
    return { select, from, where, groupBy, having, orderBy, limit, offset };
  }

  #from(): Query['from'] {
    const { text, at } = this.#word();
    let name = text;
    while (this.#skip('.')) name += `.${this.#word().text}`;
    this.#skip('AS');
    const clause = ['WHERE', 'WITH', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'FOR', 'ALL', 'USING'];
    const alias =
      this.#next.kind === 'word' && !clause.includes(this.#next.text.toUpperCase())
        ? this.#word().text
        : null;
    return { name, alias, at };
  }

  #whole(): number {
    const token = this.#next;
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.#unexpected();
    this.#at++;
    return Number(token.text);
  }

  #offset(): number {
    const { at } = this.#next;
    const offset = this.#whole();
    if (offset <= MOST_OFFSET) return offset;
    throw errorAt(
      this.#text,
      at,
      `Maximum SOQL offset allowed is ${MOST_OFFSET}`,
      'NUMBER_OUTSIDE_VALID_RANGE',
    );
  }

  #path(): Path {
    const { text, at } = this.#next;
    const call = text.toUpperCase();
    if (!isFunction(call) || !this.#is('(', 1)) return this.#names();
    this.#at += 2;
    // The org's zone is UTC, as the user's is here.
    const converted = this.#skip('CONVERTTIMEZONE', '(');
    const { names } = this.#names();
    if (converted) this.#expect(')');
    this.#expect(')');
    return { names, at, call };
  }

  #names(): Path {
    const { text, at } = this.#word();
    const names = [text];
    while (this.#skip('.')) names.push(this.#word().text);
    return { names, at };
  }

  #aggregate(): Aggregate | null {
    const token = this.#next;
    const name = token.text.toUpperCase();
    if (token.kind !== 'word' || !AGGREGATES.includes(name) || !this.#is('(', 1)) return null;
    this.#at += 2;
    const path = this.#is(')') ? null : this.#path();
    if (path === null && name !== 'COUNT') throw this.#unexpected();
    this.#expect(')');
    return { kind: 'aggregate', name: name as AggregateName, path, at: token.at };
  }

  #operand(): Path | Aggregate {
    return this.#aggregate() ?? this.#path();
  }

  #selectItem(): SelectItem {
    const { at } = this.#next;
    if (this.#skip('(')) {
      const query = this.#query();
      this.#expect(')');
      return { kind: 'children', query };
    }
    if (this.#is('FIELDS') && this.#is('(', 1)) {
      this.#at += 2;
      const which = this.#word();
      const name = which.text.toUpperCase();
      if (name !== 'ALL' && name !== 'STANDARD' && name !== 'CUSTOM') throw this.#unexpected(which);
      this.#expect(')');
      return { kind: 'fields', which: name, at };
    }
    const item = this.#operand();
    const alias =
      this.#next.kind === 'word' && !this.#is('FROM') && this.#endsItem(1) ? this.#word().text : null;
    return 'kind' in item ? { ...item, alias } : { kind: 'field', path: item, alias };
  }

  /** Whether what stands there ends an item of the list: an alias is followed by a comma or FROM. */
  #endsItem(ahead: number): boolean {
    return this.#is(',', ahead) || this.#is('FROM', ahead);
  }

  #condition(): Condition {
    const first = this.#single();
    const parts = [first];
    const joint = this.#is('AND') ? 'AND' : this.#is('OR') ? 'OR' : null;
    if (joint === null) return first;
    while (this.#skip(joint)) parts.push(this.#single());
    // As in SOQL, AND and OR side by side need parentheses.
    if (this.#is('AND') || this.#is('OR')) throw this.#unexpected();
    return { kind: joint === 'AND' ? 'and' : 'or', parts };
  }

  #single(): Condition {
    if (++this.#depth > MOST_NESTING)
      throw errorAt(this.#text, this.#next.at, 'the condition is nested too deeply');
    const condition = this.#singleBelow();
    this.#depth--;
    return condition;
  }

  #singleBelow(): Condition {
    if (this.#skip('NOT')) return { kind: 'not', part: this.#single() };
    if (this.#skip('(')) {
      const inner = this.#condition();
      this.#expect(')');
      return inner;
    }
    const left = this.#operand();
    const negated = this.#is('NOT') && this.#is('IN', 1);
    if (negated) this.#at++;
    if (this.#skip('IN')) return { kind: 'in', left, negated, values: this.#set() };
    const operator = OPERATORS[this.#next.text.toUpperCase()];
    if (this.#next.kind === 'string' || operator === undefined) throw this.#unexpected();
    this.#at++;
    return { kind: 'compare', left, operator, value: this.#literal() };
  }

  #set(): readonly Literal[] | { readonly query: Query } {
    this.#expect('(');
    const values = this.#is('SELECT') ? { query: this.#query() } : this.#list(() => this.#literal());
    this.#expect(')');
    return values;
  }

  #literal(): Literal {
    const token = this.#next;
    this.#at++;
    switch (token.kind) {
      case 'string':
        return { kind: 'string', value: token.text, literalAt: token.literalAt ?? [] };
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'date':
        return { kind: 'date', value: this.#validDate(token) };
      case 'datetime':
        return { kind: 'datetime', value: new Date(this.#validDate(token)).toISOString() };
      case 'word':
        return this.#wordLiteral(token);
      default:
        throw this.#unexpected(token);
    }
  }

  #validDate(token: Token): string {
    // `+0000` is how Salesforce itself writes a zone; Date wants the colon.
    const text = token.text.replace(/([+-]\d{2})(\d{2})$/, (whole, hours: string, minutes: string) =>
      token.kind === 'datetime' ? `${hours}:${minutes}` : whole,
    );
    if (Number.isNaN(Date.parse(text)))
      throw errorAt(this.#text, token.at, `Invalid date: ${token.text}`, 'INVALID_QUERY_FILTER_OPERATOR');
    return text;
  }

  #wordLiteral(token: Token): Literal {
    const name = token.text.toUpperCase();
    if (name === 'NULL') return { kind: 'null' };
    if (name === 'TRUE' || name === 'FALSE') return { kind: 'boolean', value: name === 'TRUE' };
    if (RANGES.test(name)) return { kind: 'range', name, n: 1 };
    if (COUNTED.test(name) && this.#skip(':')) return { kind: 'range', name, n: this.#whole() };
    throw this.#unexpected(token);
  }

  #order(): Order {
    const by = this.#operand();
    const descending = this.#skip('DESC');
    if (!descending) this.#skip('ASC');
    const nullsLast = this.#skip('NULLS', 'LAST');
    if (!nullsLast && this.#skip('NULLS')) this.#expect('FIRST');
    return { by, descending, nullsLast };
  }
}
