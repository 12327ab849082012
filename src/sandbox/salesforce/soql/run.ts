import { timeIn } from '../../clock';
import { SalesforceError } from '../errors';
import type { Org } from '../org';
import { known, type Row, type Scalar, type SObject } from '../schema';
import { recordOf, timeText, type RecordJson } from '../records';
import type { Condition, Query, SelectItem } from './ast';
import { column, objectFrom, type Column, type Scope } from './columns';
import { candidates } from './candidates';
import { ordering, testOf } from './conditions';
import { isDateFunction } from './functions';
import { groupedRecords } from './groups';
import { errorAt } from './tokens';

/** What a query found: how many, and each record as JSON (made when asked for: a page at a time). */
export interface Found {
  readonly object: SObject;
  readonly totalSize: number;
  /** Of a query for records: their ids in order. Of a grouped one: none. */
  readonly ids: readonly string[];
  /** The records from an index on, at most so many. */
  readonly page: (from: number, size: number) => RecordJson[];
}

/** What a request's records are shown with: the version in their urls. */
export interface View {
  readonly org: Org;
  readonly version: string;
  /** With what was deleted: `queryAll`. */
  readonly all?: boolean;
}

function scopeOf(view: View, text: string, query: Query, object = objectFrom(text, query.from)): Scope {
  return { org: view.org, text, object, alias: query.from.alias, now: timeIn(view.org.world) };
}

/** In no order. */
function rowsWhere(view: View, scope: Scope, where: Condition | null, within?: readonly Row[]): Row[] {
  const gone = view.all ? scope.org.deleted(scope.object.name).flatMap(({ row }) => row ?? []) : [];
  if (!where) return [...(within ?? scope.org.rows(scope.object.name)), ...gone];
  const inner = new Map<Query, Scalar[]>();
  const subquery = (query: Query): Scalar[] => {
    const values = inner.get(query) ?? valuesOf(view, scope.text, query);
    inner.set(query, values);
    return values;
  };
  const test = testOf<Row>(
    {
      now: scope.now,
      operand: (operand) => {
        if ('kind' in operand)
          throw errorAt(scope.text, operand.at, 'aggregate functions are not allowed in WHERE');
        return column(scope, operand);
      },
      subquery,
    },
    where,
  );
  // Not before the test was made: that is what refuses a wrong name.
  const rows = within ?? candidates(scope, where, subquery) ?? scope.org.rows(scope.object.name);
  return [...rows.filter(test), ...gone.filter(test)];
}

/** The values that a semi-join's subquery selects: exactly one field. */
function valuesOf(view: View, text: string, query: Query): Scalar[] {
  const item = query.select[0];
  if (query.select.length !== 1 || item?.kind !== 'field') {
    throw errorAt(text, query.from.at, 'The inner select must select exactly one field');
  }
  const scope = scopeOf(view, text, query);
  const selected = column(scope, item.path);
  return rowsWhere(view, scope, query.where).map(selected.get);
}

/** As the query orders them; what it leaves open, by id. */
function sorted(scope: Scope, query: Query, rows: Row[]): Row[] {
  const orders = query.orderBy.map(({ by, descending, nullsLast }) => {
    if ('kind' in by) throw errorAt(scope.text, by.at, 'aggregate functions need GROUP BY');
    const selected = column(scope, by);
    return { selected, compare: ordering(selected.type, descending, nullsLast) };
  });
  return rows.sort((a, b) => {
    for (const { selected, compare } of orders) {
      const order = compare(selected.get(a), selected.get(b));
      if (order !== 0) return order;
    }
    return a.Id < b.Id ? -1 : 1;
  });
}

const sliced = <T>(query: Query, rows: readonly T[]): T[] =>
  rows.slice(query.offset, query.limit === null ? undefined : query.offset + query.limit);

/** `FIELDS(ALL)` spelled out. */
function spelled(scope: Scope, query: Query): SelectItem[] {
  return query.select.flatMap((item): SelectItem[] => {
    if (item.kind !== 'fields') return [item];
    if (item.which !== 'STANDARD' && (query.limit === null || query.limit > 200)) {
      throw errorAt(scope.text, item.at, 'The SOQL FIELDS function must have a LIMIT of at most 200');
    }
    const custom = (name: string) => name.endsWith('__c');
    return [...scope.object.fields.values()]
      .filter(({ name }) => item.which === 'ALL' || custom(name) === (item.which === 'CUSTOM'))
      .map(({ name }) => ({ kind: 'field', path: { names: [name], at: item.at }, alias: null }));
  });
}

/** Puts a column's value where its path says: `Profile.Name` into `{Profile: {attributes, Name}}`. */
function place(view: View, record: RecordJson, selected: Column, row: Row): void {
  let at = record;
  let here: Row | undefined = row;
  for (const reference of selected.through) {
    const found: ReturnType<Org['byId']> = view.org.byId(here?.[reference.name]);
    const name = reference.relationshipName ?? reference.name;
    if (!found) {
      at[name] = null;
      return;
    }
    const inner = at[name];
    const next: RecordJson =
      typeof inner === 'object' && inner !== null
        ? (inner as RecordJson)
        : recordOf(found.object, found.row, view.version);
    at[name] = next;
    at = next;
    here = found.row;
  }
  at[selected.field.name] = timeText(selected, selected.get(row));
}

/** The child records of a parent, as a result inside the record. */
function children(
  view: View,
  text: string,
  parent: SObject,
  query: Query,
): { name: string; of: (row: Row) => unknown } {
  const relation = parent.children.get(query.from.name.toLowerCase());
  if (!relation) {
    const message = `Didn't understand relationship '${query.from.name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`;
    throw errorAt(text, query.from.at, message, 'INVALID_TYPE');
  }
  const scope = scopeOf(view, text, query, known(relation.object));
  const show = renderer(view, scope, query);
  const of = (row: Row) => {
    const own = scope.org.where(relation.object, relation.field, row.Id);
    const records = sliced(query, sorted(scope, query, rowsWhere(view, scope, query.where, own))).map(show);
    return records.length > 0 ? { totalSize: records.length, done: true, records } : null;
  };
  return { name: relation.name, of };
}

/** How a row of the query looks as JSON; every name that is selected is checked at once. */
function renderer(view: View, scope: Scope, query: Query): (row: Row) => RecordJson {
  const parts = spelled(scope, query).map((item): ((record: RecordJson, row: Row) => void) => {
    if (item.kind === 'field') {
      const selected = column(scope, item.path);
      const { alias } = item;
      if (isDateFunction(selected.call))
        throw errorAt(scope.text, item.path.at, `date function ${selected.call} needs GROUP BY`);
      if (selected.call && alias !== null) return (record, row) => void (record[alias] = selected.get(row));
      return (record, row) => place(view, record, selected, row);
    }
    if (item.kind === 'children') {
      const child = children(view, scope.text, scope.object, item.query);
      return (record, row) => void (record[child.name] = child.of(row));
    }
    throw new SalesforceError('MALFORMED_QUERY', 'aggregate functions and fields need GROUP BY');
  });
  return (row) => {
    const record = recordOf(scope.object, row, view.version);
    for (const part of parts) part(record, row);
    return record;
  };
}

/** Runs a query, as it stands now. @throws SalesforceError */
export function runSoql(view: View, text: string, query: Query): Found {
  const scope = scopeOf(view, text, query);
  const { object } = scope;
  const only = query.select[0];
  if (
    query.select.length === 1 &&
    only?.kind === 'aggregate' &&
    only.path === null &&
    query.groupBy.length === 0 &&
    only.alias === null
  ) {
    const rows = sliced(query, rowsWhere(view, scope, query.where));
    return { object, totalSize: rows.length, ids: [], page: () => [] };
  }
  if (query.groupBy.length > 0 || query.select.some((item) => item.kind === 'aggregate')) {
    const records = sliced(query, groupedRecords(scope, query, rowsWhere(view, scope, query.where)));
    return {
      object,
      totalSize: records.length,
      ids: [],
      page: (from, size) => records.slice(from, from + size),
    };
  }
  const show = renderer(view, scope, query);
  const rows = sliced(query, sorted(scope, query, rowsWhere(view, scope, query.where)));
  return {
    object,
    totalSize: rows.length,
    ids: rows.map((row) => row.Id),
    page: (from, size) => rows.slice(from, from + size).map(show),
  };
}

/** More of a query that was run before: these records, as they are now. */
export function showMore(view: View, text: string, query: Query, ids: readonly string[]): RecordJson[] {
  const scope = scopeOf(view, text, query);
  const show = renderer(view, scope, query);
  const gone = new Map(
    (view.all ? scope.org.deleted(scope.object.name) : []).map(({ id, row }) => [id, row] as const),
  );
  return ids.flatMap((id) => scope.org.get(scope.object.name, id) ?? gone.get(id) ?? []).map(show);
}
