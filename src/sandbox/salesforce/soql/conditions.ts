import { SalesforceError } from '../errors';
import { to18 } from '../ids';
import type { FieldType, Scalar } from '../schema';
import { type Aggregate, type Condition, type Literal, type Operator, type Path, type Query } from './ast';
import type { Operand } from './columns';
import { dateRange } from './dates';

type Test<T> = (of: T) => boolean;

/** How a condition finds what it names: operands, the values of a subquery, and the present. */
export interface Lookup<T> {
  readonly operand: (operand: Path | Aggregate) => Operand<T>;
  readonly subquery: (query: Query) => readonly Scalar[];
  readonly now: Date;
}

const NUMBERS: readonly FieldType[] = ['int', 'double', 'currency', 'percent'];
const typeName = (type: FieldType) =>
  type === 'datetime' ? 'dateTime' : NUMBERS.includes(type) ? 'decimal' : type;

/** A literal of another type than the field's is refused, in Salesforce's words. */
function checkType<T>(operand: Operand<T>, literal: Literal): void {
  if (literal.kind === 'null') return;
  const { type } = operand;
  const fits =
    type === 'boolean'
      ? literal.kind === 'boolean'
      : NUMBERS.includes(type)
        ? literal.kind === 'number'
        : type === 'date'
          ? literal.kind === 'date' || literal.kind === 'range'
          : type === 'datetime'
            ? literal.kind === 'datetime' || literal.kind === 'range'
            : literal.kind === 'string';
  if (!fits) {
    const quoted = ['boolean', 'date', 'datetime', ...NUMBERS].includes(type)
      ? 'should not be enclosed in quotes'
      : 'should be enclosed in quotes';
    const expected = ['boolean', 'date', 'datetime', ...NUMBERS].includes(type) ? typeName(type) : 'string';
    throw new SalesforceError(
      'INVALID_FIELD',
      `value of filter criterion for field '${operand.name}' must be of type ${expected} and ${quoted}`,
    );
  }
  if (isId(type) && literal.kind === 'string' && literal.value !== '' && to18(literal.value) === undefined) {
    throw new SalesforceError('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`);
  }
}

const isId = (type: FieldType): boolean => type === 'id' || type === 'reference';

/** A value in the form in which two of its type compare: text without case, dates as milliseconds. Ids of records are of 18 characters. */
function comparable(type: FieldType, value: Scalar): string | number | boolean | null {
  if (typeof value !== 'string') return value;
  if (isId(type)) return value === '' ? null : value;
  if (type === 'date' || type === 'datetime') return Date.parse(value);
  return value === '' ? null : value.toLowerCase();
}

/** An id may be written with 15 characters, or with the last ones in another case. */
function literalValue(type: FieldType, literal: Literal): Scalar {
  if (literal.kind === 'null' || literal.kind === 'range') return null;
  const { value } = literal;
  return typeof value === 'string' && isId(type) ? (to18(value) ?? value) : value;
}

/** A LIKE pattern: `%` any text, `_` one character, case ignored. */
function likePattern(literal: Literal & { kind: 'string' }): RegExp {
  const body = [...literal.value.split('')]
    .map((char, i) => {
      if (!literal.literalAt.includes(i) && char === '%') return '[^]*';
      if (!literal.literalAt.includes(i) && char === '_') return '[^]';
      return char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${body}$`, 'i');
}

function ordered(operator: Operator, a: string | number | boolean, b: string | number | boolean): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return false;
  }
}

function compareRange<T>(
  operand: Operand<T>,
  operator: Operator,
  literal: Literal & { kind: 'range' },
  now: Date,
): Test<T> {
  const { from, to } = dateRange(literal.name, literal.n, now);
  return (of) => {
    const value = comparable(operand.type, operand.get(of));
    if (typeof value !== 'number') return operator === '!=';
    const within = value >= from && value < to;
    switch (operator) {
      case '=':
        return within;
      case '!=':
        return !within;
      case '<':
        return value < from;
      case '<=':
        return value < to;
      case '>':
        return value >= to;
      default:
        return value >= from;
    }
  };
}

function compare<T>(operand: Operand<T>, operator: Operator, literal: Literal, now: Date): Test<T> {
  checkType(operand, literal);
  if (literal.kind === 'range') return compareRange(operand, operator, literal, now);
  if (operator === 'LIKE') {
    if (literal.kind !== 'string' || operand.type === 'id' || operand.type === 'reference') {
      throw new SalesforceError('INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${operand.type} field`);
    }
    const pattern = likePattern(literal);
    return (of) => {
      const value = operand.get(of);
      return typeof value === 'string' && pattern.test(value);
    };
  }
  if (operand.type === 'boolean' && operator !== '=' && operator !== '!=') {
    throw new SalesforceError('INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on boolean field');
  }
  const wanted = comparable(operand.type, literalValue(operand.type, literal));
  const equal = (of: T) => comparable(operand.type, operand.get(of)) === wanted;
  if (operator === '=') return equal;
  if (operator === '!=') return (of) => !equal(of);
  return (of) => {
    const value = comparable(operand.type, operand.get(of));
    return value !== null && wanted !== null && ordered(operator, value, wanted);
  };
}

function within<T>(lookup: Lookup<T>, condition: Condition & { kind: 'in' }): Test<T> {
  const operand = lookup.operand(condition.left);
  const { values } = condition;
  let scalars: readonly Scalar[];
  if ('query' in values) scalars = lookup.subquery(values.query);
  else {
    for (const literal of values) {
      if (literal.kind === 'range')
        throw new SalesforceError(
          'MALFORMED_QUERY',
          'unexpected token: date literals are not allowed in a list',
        );
      checkType(operand, literal);
    }
    scalars = values.map((literal) => literalValue(operand.type, literal));
  }
  const set = new Set(scalars.map((value) => comparable(operand.type, value)));
  if (set.size === 0) return () => condition.negated;
  return (of) => set.has(comparable(operand.type, operand.get(of))) !== condition.negated;
}

/** Makes a test of a condition; every name and type in it is checked at once. @throws SalesforceError */
export function testOf<T>(lookup: Lookup<T>, condition: Condition): Test<T> {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => testOf(lookup, part));
      return (of) => parts.every((part) => part(of));
    }
    case 'or': {
      const parts = condition.parts.map((part) => testOf(lookup, part));
      return (of) => parts.some((part) => part(of));
    }
    case 'not': {
      const part = testOf(lookup, condition.part);
      return (of) => !part(of);
    }
    case 'in':
      return within(lookup, condition);
    case 'compare':
      return compare(lookup.operand(condition.left), condition.operator, condition.value, lookup.now);
  }
}

/** Orders two values of a type: nulls first unless told otherwise. */
export function ordering(type: FieldType, descending: boolean, nullsLast: boolean) {
  return (a: Scalar, b: Scalar): number => {
    const [x, y] = [comparable(type, a), comparable(type, b)];
    if (x === y) return 0;
    if (x === null || y === null) return (x === null) === nullsLast ? 1 : -1;
    return (x < y ? -1 : 1) * (descending ? -1 : 1);
  };
}
