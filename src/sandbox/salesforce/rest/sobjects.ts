import { SalesforceError } from '../errors';
import { to18 } from '../ids';
import { recordOf, timeText, type RecordJson } from '../records';
import { fieldNamed, type Row, type SObject } from '../schema';
import { objectOr404 } from '../writes';
import { base, noContent, objectIn, ok, writerOf, type Call, type Reply, type Route } from './call';

/** A record with the fields that were asked for, or all. @throws SalesforceError `INVALID_FIELD` */
export function shownRecord(
  call: Call,
  object: SObject,
  row: Row,
  names: readonly string[] | null,
): RecordJson {
  const record = recordOf(object, row, call.caller.version);
  const fields = names?.map((name) => {
    const field = fieldNamed(object, name);
    if (!field)
      throw new SalesforceError(
        'INVALID_FIELD',
        `No such column '${name}' on sobject of type ${object.name}`,
      );
    return field;
  });
  for (const field of fields ?? object.fields.values())
    record[field.name] = timeText(field, call.caller.org.value(object, row, field));
  return record;
}

export function fieldsAsked(call: Call): readonly string[] | null {
  const asked = call.query.get('fields');
  return asked ? asked.split(',').map((name) => name.trim()) : null;
}

/** The id that a path ends with. @throws SalesforceError `NOT_FOUND` where it is no id, as the real one answers */
function idIn(call: Call): string {
  const id = call.params[1] ?? '';
  if (to18(id) !== undefined) return id;
  throw new SalesforceError(
    'NOT_FOUND',
    `Provided external ID field does not exist or is not accessible: ${id}`,
    [],
    404,
  );
}

function create(call: Call): Reply {
  const object = objectOr404(call.params[0] ?? '');
  const id = writerOf(call).create(object, objectIn(call.body));
  const Location = `${base(call.caller)}/sobjects/${object.name}/${id}`;
  return { status: 201, body: { id, success: true, errors: [] }, headers: { Location } };
}

function read(call: Call): Reply {
  const object = objectOr404(call.params[0] ?? '');
  return ok(shownRecord(call, object, writerOf(call).row(object, idIn(call)), fieldsAsked(call)));
}

function update(call: Call): Reply {
  writerOf(call).update(objectOr404(call.params[0] ?? ''), idIn(call), objectIn(call.body));
  return noContent;
}

function remove(call: Call): Reply {
  writerOf(call).remove(objectOr404(call.params[0] ?? ''), idIn(call));
  return noContent;
}

function byExternalId(call: Call): { object: SObject; row: Row } {
  const [name = '', fieldName = '', value = ''] = call.params;
  const object = objectOr404(name);
  const field = fieldNamed(object, fieldName);
  if (!field?.externalId && field?.name !== 'Id') {
    throw new SalesforceError(
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${fieldName}`,
      [],
      404,
    );
  }
  const row = call.caller.org.where(object.name, field.name, value)[0];
  if (!row) throw new SalesforceError('NOT_FOUND', 'The requested resource does not exist', [], 404);
  return { object, row };
}

function readByExternalId(call: Call): Reply {
  const { object, row } = byExternalId(call);
  return ok(shownRecord(call, object, row, fieldsAsked(call)));
}

function removeByExternalId(call: Call): Reply {
  const { object, row } = byExternalId(call);
  writerOf(call).remove(object, row.Id);
  return noContent;
}

function upsert(call: Call): Reply {
  const [name = '', field = '', value = ''] = call.params;
  const { id, created } = writerOf(call).upsert(objectOr404(name), field, value, objectIn(call.body));
  return { status: created ? 201 : 200, body: { id, success: true, errors: [], created } };
}

/** Records one at a time: `/sobjects/<T>`, `/sobjects/<T>/<id>`, `/sobjects/<T>/<Field>/<value>`. */
export const SOBJECT_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: /^\/sobjects\/(\w+)\/?$/, run: create },
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/([^/]+)\/?$/, run: read },
  { method: 'PATCH', pattern: /^\/sobjects\/(\w+)\/([^/]+)\/?$/, run: update },
  { method: 'DELETE', pattern: /^\/sobjects\/(\w+)\/([^/]+)\/?$/, run: remove },
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/(\w+)\/(.+)$/, run: readByExternalId },
  { method: 'PATCH', pattern: /^\/sobjects\/(\w+)\/(\w+)\/(.+)$/, run: upsert },
  { method: 'DELETE', pattern: /^\/sobjects\/(\w+)\/(\w+)\/(.+)$/, run: removeByExternalId },
];
