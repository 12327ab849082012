import { computed } from '../computed';
import { to18 } from '../ids';
import { known, type Field, type Row, type Scalar, type SObject } from '../schema';
import type { Aggregate, Condition, Literal, Operator, Path, Query } from './ast';
import { column, type Scope } from './columns';
import { dateRange } from './dates';

/** A quick way to records of which some fit a condition, and all that do are among them. */
interface Way {
  readonly object: string;
  /** How many it leads to, or a few more. */
  readonly count: number;
  readonly rows: () => readonly Row[];
}

/** The values of a semi-join, which were selected before. */
type Inner = (query: Query) => readonly Scalar[];

/** A way to more than this part of the records takes longer than to look at all. */
const LARGEST_PART = 1 / 4;

/**
 * The records that can fit a condition at all, by the part of it that leaves the fewest: `OwnerId IN (…)`, `SystemModstamp >= …`.
 * In no order; undefined where no part leaves few, so that every record must be looked at.
 */
export function candidates(scope: Scope, where: Condition, inner: Inner): Row[] | undefined {
  const way = wayTo(scope, where, inner);
  if (!way || !isShort(scope, way.object, way.count)) return undefined;
  return [...new Set(way.rows())];
}

const isShort = ({ org }: Scope, object: string, count: number): boolean =>
  count <= org.table(object).size * LARGEST_PART;

function wayTo(scope: Scope, condition: Condition, inner: Inner): Way | undefined {
  switch (condition.kind) {
    case 'and': {
      const parts = partsOf(condition);
      const ways = [...parts.flatMap((part) => wayTo(scope, part, inner) ?? []), ...spans(scope, parts)];
      return ways.reduce<Way | undefined>(
        (least, way) => (!least || way.count < least.count ? way : least),
        undefined,
      );
    }
    case 'or': {
      const ways: Way[] = [];
      for (const part of condition.parts) {
        const way = wayTo(scope, part, inner);
        if (!way) return undefined;
        ways.push(way);
      }
      const count = ways.reduce((sum, way) => sum + way.count, 0);
      return { object: scope.object.name, count, rows: () => ways.flatMap(({ rows }) => rows()) };
    }
    case 'in':
      return condition.negated ? undefined : byValues(scope, condition.left, condition.values, inner);
    case 'compare': {
      const { left, operator, value } = condition;
      if (operator === '=' && value.kind === 'string') return byValues(scope, left, [value], inner);
      if (operator === '!=' && value.kind === 'null') return byFilled(scope, left);
      return spans(scope, [condition])[0];
    }
    default:
      return undefined;
  }
}

const partsOf = (where: Condition): readonly Condition[] =>
  where.kind === 'and' ? where.parts.flatMap(partsOf) : [where];

const isText = ({ type }: Field): boolean =>
  !['boolean', 'int', 'double', 'currency', 'percent', 'date', 'datetime'].includes(type);

/** The field that a condition is about, where its records store it, and the references on the way to it. */
function stored(
  scope: Scope,
  left: Path | Aggregate,
): { field: Field; through: readonly Field[] } | undefined {
  if ('kind' in left) return undefined;
  const { field, through, call } = column(scope, left);
  const holder = known(through.at(-1)?.to?.[0] ?? scope.object.name);
  return call !== undefined || computed(holder.name, field.name) ? undefined : { field, through };
}

function byFilled(scope: Scope, left: Path | Aggregate): Way | undefined {
  const { field, through } = stored(scope, left) ?? {};
  if (!field || through?.length !== 0 || field.type === 'id' || !isText(field)) return undefined;
  const { org, object } = scope;
  return {
    object: object.name,
    count: org.countFilled(object.name, field.name),
    rows: () => org.filled(object.name, field.name),
  };
}

function byValues(
  scope: Scope,
  left: Path | Aggregate,
  values: readonly Literal[] | { readonly query: Query },
  inner: Inner,
): Way | undefined {
  const { field, through } = stored(scope, left) ?? {};
  if (!field || !through || through.some(({ to }) => to?.length !== 1)) return undefined;
  const keys = 'query' in values ? innerKeys(field, inner(values.query)) : literalKeys(field, values);
  if (!keys) return undefined;
  const objects = [scope.object, ...through.map(({ to }) => known(to?.[0] ?? ''))];
  const last = objects.at(-1) ?? scope.object;
  const end = byKeys(scope, last, field, keys);
  if (!end || through.length === 0) return end;
  // From what has the values, back to what refers to it.
  const rows = (): readonly Row[] =>
    through.reduceRight<readonly Row[]>(
      (to, reference, at) =>
        to.flatMap(({ Id }) => scope.org.where(objects[at]?.name ?? '', reference.name, Id)),
      end.rows(),
    );
  return { ...end, rows };
}

function byKeys({ org }: Scope, object: SObject, field: Field, keys: ReadonlySet<string>): Way | undefined {
  // Before there is an index: for so many it wouldn't be used.
  if (keys.size > org.table(object.name).size * LARGEST_PART) return undefined;
  const all = [...keys];
  if (field.type === 'id') {
    const rows = () => all.flatMap((key) => org.get(object.name, key) ?? []);
    return { object: object.name, count: all.length, rows };
  }
  return {
    object: object.name,
    count: all.reduce((sum, key) => sum + org.count(object.name, field.name, key), 0),
    rows: () => all.flatMap((key) => org.where(object.name, field.name, key)),
  };
}

const isId = ({ type }: Field): boolean => type === 'id' || type === 'reference';

/** Undefined for what isn't looked up: records without a value, numbers and dates, which compare in other forms than they are stored in. */
function literalKeys(field: Field, literals: readonly Literal[]): ReadonlySet<string> | undefined {
  const keys = new Set<string>();
  for (const literal of literals) {
    if (literal.kind !== 'string' || literal.value === '') return undefined;
    keys.add(isId(field) ? (to18(literal.value) ?? literal.value) : literal.value.toLowerCase());
  }
  return keys;
}

function innerKeys(field: Field, values: readonly Scalar[]): ReadonlySet<string> | undefined {
  if (!isId(field)) return undefined;
  const keys = new Set<string>();
  for (const value of values) {
    if (typeof value === 'string' && value !== '') keys.add(to18(value) ?? value);
    // Every record has an id; another reference may be as empty as the value is.
    else if (field.type !== 'id') return undefined;
  }
  return keys;
}

/** By each date or instant that comparisons leave a span of, what lies in it. */
function spans(scope: Scope, parts: readonly Condition[]): readonly Way[] {
  const { org, object } = scope;
  const byField = new Map<string, readonly [from: number, to: number]>();
  for (const part of parts) {
    if (part.kind !== 'compare') continue;
    const { field, through } = stored(scope, part.left) ?? {};
    if (!field || through?.length !== 0 || isText(field)) continue;
    const span = spanOf(part.operator, part.value, scope.now);
    if (!span) continue;
    const [from, to] = byField.get(field.name) ?? [-Infinity, Infinity];
    byField.set(field.name, [Math.max(from, span[0]), Math.min(to, span[1])]);
  }
  return [...byField].map(([field, [from, to]]) => ({
    object: object.name,
    count: org.countBetween(object.name, field, from, to),
    rows: () => org.between(object.name, field, from, to),
  }));
}

/** From when to when a date may be, both included: wide enough for each comparison. */
function spanOf(operator: Operator, value: Literal, now: Date): readonly [number, number] | undefined {
  let range: { readonly from: number; readonly to: number };
  if (value.kind === 'range') range = dateRange(value.name, value.n, now);
  else if (value.kind === 'date' || value.kind === 'datetime')
    range = { from: Date.parse(value.value), to: Date.parse(value.value) };
  else return undefined;
  switch (operator) {
    case '=':
      return [range.from, range.to];
    case '<':
    case '<=':
      return [-Infinity, range.to];
    case '>':
    case '>=':
      return [range.from, Infinity];
    default:
      return undefined;
  }
}
