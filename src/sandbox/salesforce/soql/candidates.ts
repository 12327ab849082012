import { computed } from '../computed';
import { to18 } from '../ids';
import type { Row } from '../schema';
import type { Aggregate, Condition, Literal, Path } from './ast';
import { column, type Scope } from './columns';

/** A field and the values of which it must have one. */
interface Wanted {
  readonly field: string;
  readonly keys: readonly string[];
}

/**
 * The records that can fit a condition at all, by the part of it that leaves the fewest: `OwnerId IN (…)`, `Username = '…'`.
 * Undefined where no part names its values, so that every record must be looked at.
 */
export function candidates(scope: Scope, where: Condition): Row[] | undefined {
  const { org, object } = scope;
  const count = ({ field, keys }: Wanted) =>
    field === 'Id' ? keys.length : keys.reduce((sum, key) => sum + org.count(object.name, field, key), 0);
  const [fewest] = partsOf(where)
    .flatMap((part) => wantedBy(scope, part) ?? [])
    .sort((one, other) => count(one) - count(other));
  if (!fewest) return undefined;
  const { field, keys } = fewest;
  const found = keys.flatMap((key) =>
    field === 'Id' ? (org.get(object.name, key) ?? []) : org.where(object.name, field, key),
  );
  return found.sort((one, other) => (one.Id < other.Id ? -1 : 1));
}

const partsOf = (where: Condition): readonly Condition[] =>
  where.kind === 'and' ? where.parts.flatMap(partsOf) : [where];

function wantedBy(scope: Scope, part: Condition): Wanted | undefined {
  if (part.kind === 'compare' && part.operator === '=') return wanted(scope, part.left, [part.value]);
  if (part.kind === 'in' && !part.negated && !('query' in part.values))
    return wanted(scope, part.left, part.values);
  return undefined;
}

function wanted(scope: Scope, left: Path | Aggregate, values: readonly Literal[]): Wanted | undefined {
  if ('kind' in left) return undefined;
  const { field, through, call } = column(scope, left);
  if (through.length > 0 || call !== undefined || computed(scope.object.name, field.name)) return undefined;
  const ids = field.type === 'id' || field.type === 'reference';
  const keys = new Set<string>();
  for (const literal of values) {
    // Records without a value aren't looked up, and numbers and dates compare in other forms than they are stored in.
    if (literal.kind !== 'string' || literal.value === '') return undefined;
    keys.add(ids ? (to18(literal.value) ?? literal.value) : literal.value.toLowerCase());
  }
  return { field: field.name, keys: [...keys] };
}
