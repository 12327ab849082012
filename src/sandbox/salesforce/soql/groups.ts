import { SalesforceError } from '../errors';
import type { RecordJson } from '../records';
import { timeText } from '../records';
import type { FieldType, Row, Scalar } from '../schema';
import type { Aggregate, Path, Query } from './ast';
import { column, type Operand, type Scope } from './columns';
import { ordering, testOf } from './conditions';
import { isDateFunction } from './functions';
import { errorAt } from './tokens';

/** Rows that agree in every field of GROUP BY. */
type Group = readonly Row[];

function aggregateOperand(scope: Scope, aggregate: Aggregate): Operand<Group> {
  const name = aggregate.name.toLowerCase();
  if (aggregate.path === null) return { name, type: 'int', get: (group) => group.length };
  const selected = column(scope, aggregate.path);
  const present = (group: Group): Scalar[] => {
    const values: Scalar[] = [];
    for (const row of group) {
      const value = selected.get(row);
      if (value !== null) values.push(value);
    }
    return values;
  };
  switch (aggregate.name) {
    case 'COUNT':
      return { name, type: 'int', get: (group) => present(group).length };
    case 'COUNT_DISTINCT':
      return {
        name,
        type: 'int',
        get: (group) => new Set(present(group).map((value) => String(value).toLowerCase())).size,
      };
    case 'MIN':
    case 'MAX': {
      const compare = ordering(selected.type, aggregate.name === 'MAX', true);
      return { name, type: selected.type, get: (group) => [...present(group)].sort(compare)[0] ?? null };
    }
    default: {
      if (!['int', 'double', 'currency', 'percent'].includes(selected.type)) {
        throw errorAt(
          scope.text,
          aggregate.at,
          `field ${selected.name} does not support aggregate operator ${aggregate.name}`,
        );
      }
      const get = (group: Group): Scalar => {
        const numbers = present(group);
        if (numbers.length === 0) return null;
        const sum = numbers.reduce<number>((total, value) => total + Number(value), 0);
        return aggregate.name === 'SUM' ? sum : sum / numbers.length;
      };
      return { name, type: 'double', get };
    }
  }
}

/** Records of a grouped query: `{attributes: {type: 'AggregateResult'}, Name: …, expr0: …}`. @throws SalesforceError */
export function groupedRecords(scope: Scope, query: Query, rows: readonly Row[]): RecordJson[] {
  const grouping = query.groupBy.map((path) => ({ path, selected: column(scope, path) }));
  const fieldOperand = (path: Path): Operand<Group> => {
    const selected = column(scope, path);
    const grouped = grouping.some(
      ({ selected: by }) =>
        by.field === selected.field &&
        by.through.length === selected.through.length &&
        by.call === selected.call,
    );
    if (!grouped)
      throw errorAt(scope.text, path.at, `Field must be grouped or aggregated: ${path.names.join('.')}`);
    return { ...selected, get: (group) => (group[0] ? selected.get(group[0]) : null) };
  };
  const operand = (of: Path | Aggregate): Operand<Group> =>
    'kind' in of ? aggregateOperand(scope, of) : fieldOperand(of);
  const columns = namedColumns(scope, query, operand);

  let groups = groupsOf(
    rows,
    grouping.map(({ selected }) => selected.get),
    query.groupBy.length === 0,
  );
  if (query.having) {
    const subquery = () => {
      throw new SalesforceError('MALFORMED_QUERY', 'subqueries are not allowed in HAVING');
    };
    groups = groups.filter(testOf<Group>({ operand, subquery, now: scope.now }, query.having));
  }
  const orders = query.orderBy.map(({ by, descending, nullsLast }) => {
    const of = operand(by);
    return { of, compare: ordering(of.type, descending, nullsLast) };
  });
  groups.sort((a, b) => orders.reduce((order, { of, compare }) => order || compare(of.get(a), of.get(b)), 0));
  return groups.map((group) => {
    const record: RecordJson = { attributes: { type: 'AggregateResult' } };
    for (const { name, of } of columns) record[name] = timeText(of, of.get(group));
    return record;
  });
}

function groupsOf(rows: readonly Row[], keys: readonly ((row: Row) => Scalar)[], whole: boolean): Group[] {
  if (whole) return [rows];
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(
      keys.map((get) => (typeof get(row) === 'string' ? String(get(row)).toLowerCase() : get(row))),
    );
    const group = byKey.get(key);
    if (group) group.push(row);
    else byKey.set(key, [row]);
  }
  return [...byKey.values()];
}

/** What each selected item is called in a record: its alias, its field's name, or `expr0`, `expr1`, … */
function namedColumns(scope: Scope, query: Query, operand: (of: Path | Aggregate) => Operand<Group>) {
  let unnamed = 0;
  const columns = query.select.map(
    (item): { name: string; of: Operand<Group> & { readonly type: FieldType } } => {
      if (item.kind === 'aggregate') return { name: item.alias ?? `expr${unnamed++}`, of: operand(item) };
      if (item.kind !== 'field')
        throw new SalesforceError(
          'MALFORMED_QUERY',
          'only fields and aggregates may be selected with GROUP BY',
        );
      const of = operand(item.path);
      if (item.alias === null && isDateFunction(item.path.call)) return { name: `expr${unnamed++}`, of };
      return { name: item.alias ?? of.name, of };
    },
  );
  for (const [i, { name }] of columns.entries()) {
    if (columns.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) < i) {
      throw errorAt(scope.text, query.from.at, `duplicate alias: ${name}`);
    }
  }
  return columns;
}
