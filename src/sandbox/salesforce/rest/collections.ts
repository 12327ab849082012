import { SalesforceError } from '../errors';
import { to18 } from '../ids';
import { objectOfId, type SObject } from '../schema';
import { objectOfType, objectOr404, Writer } from '../writes';
import { objectIn, objectsIn, ok, type Call, type Reply, type Route } from './call';
import { fieldsAsked, shownRecord } from './sobjects';

/** The most records of one collection request. */
export const MOST_RECORDS = 200;

export interface SaveResult {
  readonly id?: string;
  readonly success: boolean;
  readonly errors: readonly object[];
  readonly created?: boolean;
}

const ROLLED_BACK: SaveResult = {
  success: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message:
        'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};

function refuseTooMany(count: number): void {
  if (count > MOST_RECORDS) {
    const message = `record limit reached. cannot submit more than ${MOST_RECORDS} records into this call`;
    throw new SalesforceError('EXCEEDED_ID_LIMIT', message);
  }
}

/** What a record that can't be written is answered with. */
export function failure(error: unknown): SaveResult {
  if (!(error instanceof SalesforceError)) throw error;
  const gone =
    error.errorCode === 'NOT_FOUND'
      ? new SalesforceError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')
      : error;
  return { success: false, errors: [gone.result] };
}

/**
 * Writes each item; where `allOrNone`, in one transaction that is taken back as soon as one fails, else each on its own.
 */
function each<T>(
  call: Call,
  items: readonly T[],
  allOrNone: boolean,
  write: (writer: Writer, item: T) => SaveResult,
): SaveResult[] {
  refuseTooMany(items.length);
  const { org, userId } = call.caller;
  const shared = call.caller.writer ?? (allOrNone ? new Writer(org, userId) : undefined);
  const attempt = (item: T): SaveResult => {
    try {
      return write(shared ?? new Writer(org, userId), item);
    } catch (error) {
      return failure(error);
    }
  };
  if (!allOrNone) return items.map(attempt);
  const someFailed = (results: SaveResult[]) => results.some((result) => !result.success);
  const results = org.transaction(() => items.map(attempt), someFailed);
  return someFailed(results) ? results.map((result) => (result.success ? ROLLED_BACK : result)) : results;
}

const typeOf = (record: Record<string, unknown>): SObject =>
  objectOfType(objectIn(record['attributes'] ?? {})['type']);

function idOf(record: Record<string, unknown>): string {
  const [, id] = Object.entries(record).find(([name]) => name.toLowerCase() === 'id') ?? [];
  if (typeof id !== 'string' || id === '')
    throw new SalesforceError('MISSING_ARGUMENT', 'Id not specified in an update call');
  return id;
}

const withoutId = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name.toLowerCase() !== 'id'));

function asked(call: Call): { records: Record<string, unknown>[]; allOrNone: boolean } {
  const body = objectIn(call.body);
  return { records: objectsIn(body['records']), allOrNone: body['allOrNone'] === true };
}

function createAll(call: Call): Reply {
  const { records, allOrNone } = asked(call);
  return ok(
    each(call, records, allOrNone, (writer, record) => ({
      id: writer.create(typeOf(record), record),
      success: true,
      errors: [],
    })),
  );
}

function updateAll(call: Call): Reply {
  const { records, allOrNone } = asked(call);
  const seen = new Set<string>();
  const update = (writer: Writer, record: Record<string, unknown>): SaveResult => {
    const id = to18(idOf(record)) ?? idOf(record);
    if (seen.has(id)) throw new SalesforceError('DUPLICATE_VALUE', `duplicate id specified: ${id}`, ['Id']);
    seen.add(id);
    writer.update(typeOf(record), id, withoutId(record));
    return { id, success: true, errors: [] };
  };
  return ok(each(call, records, allOrNone, update));
}

function upsertAll(call: Call): Reply {
  const [name = '', field = ''] = call.params;
  const object = objectOr404(name);
  const { records, allOrNone } = asked(call);
  const upsert = (writer: Writer, record: Record<string, unknown>): SaveResult => {
    const [key, value] =
      Object.entries(record).find(([given]) => given.toLowerCase() === field.toLowerCase()) ?? [];
    const rest = Object.fromEntries(Object.entries(record).filter(([given]) => given !== key));
    const { id, created } = writer.upsert(object, field, value ?? null, rest);
    return { id, success: true, errors: [], created };
  };
  return ok(each(call, records, allOrNone, upsert));
}

function removeAll(call: Call): Reply {
  const ids = (call.query.get('ids') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  const remove = (writer: Writer, id: string): SaveResult => {
    const object = objectOfId(id);
    if (!object) throw new SalesforceError('MALFORMED_ID', `malformed id ${id}`);
    writer.remove(object, id);
    return { id: to18(id) ?? id, success: true, errors: [] };
  };
  return ok(each(call, ids, call.query.get('allOrNone') === 'true', remove));
}

function found(call: Call, ids: readonly unknown[], fields: readonly string[] | null): Reply {
  const object = objectOr404(call.params[0] ?? '');
  if (ids.length > 2000)
    throw new SalesforceError('EXCEEDED_ID_LIMIT', 'cannot retrieve more than 2000 records in this call');
  const { org } = call.caller;
  return ok(
    ids.map((id) => {
      const row = typeof id === 'string' ? org.get(object.name, id) : undefined;
      return row ? shownRecord(call, object, row, fields) : null;
    }),
  );
}

function readByBody(call: Call): Reply {
  const body = objectIn(call.body);
  const [ids, fields] = [body['ids'], body['fields']];
  if (!Array.isArray(ids) || !Array.isArray(fields))
    throw new SalesforceError('JSON_PARSER_ERROR', 'ids and fields are lists');
  return found(call, ids, fields.map(String));
}

/** `/composite/sobjects`: up to 200 records at once, a result for each. */
export const COLLECTION_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: /^\/composite\/sobjects\/?$/, run: createAll },
  { method: 'PATCH', pattern: /^\/composite\/sobjects\/?$/, run: updateAll },
  { method: 'DELETE', pattern: /^\/composite\/sobjects\/?$/, run: removeAll },
  {
    method: 'GET',
    pattern: /^\/composite\/sobjects\/(\w+)\/?$/,
    run: (call) => found(call, (call.query.get('ids') ?? '').split(','), fieldsAsked(call)),
  },
  { method: 'POST', pattern: /^\/composite\/sobjects\/(\w+)\/?$/, run: readByBody },
  { method: 'PATCH', pattern: /^\/composite\/sobjects\/(\w+)\/(\w+)\/?$/, run: upsertAll },
];
