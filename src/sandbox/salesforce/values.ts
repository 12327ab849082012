import { SalesforceError } from './errors';
import { keyPrefixOf, to18 } from './ids';
import type { Org } from './org';
import {
  fieldNamed,
  known,
  objectNamed,
  relationshipNamed,
  type Field,
  type Row,
  type Scalar,
  type SObject,
} from './schema';

const unreadable = (type: string, value: unknown) =>
  new SalesforceError(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${typeof value === 'string' ? 'VALUE_STRING' : typeof value === 'number' ? 'VALUE_NUMBER_INT' : 'START_OBJECT'} value or request may be missing a required field`,
  );

const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

function textValue(field: Field, value: unknown): Scalar {
  if (typeof value !== 'string') throw unreadable('string', value);
  if (value === '') return null;
  if (field.length !== undefined && value.length > field.length) {
    const message = `${field.label}: data value too large: ${value} (max length=${field.length})`;
    throw new SalesforceError('STRING_TOO_LONG', message, [field.name]);
  }
  if (field.type === 'email' && !/^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+\.[^\s@.]+$/.test(value)) {
    throw new SalesforceError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [
      field.name,
    ]);
  }
  if (field.restricted && field.values && !field.values.includes(value)) {
    const message = `${field.label}: bad value for restricted picklist field: ${value}`;
    throw new SalesforceError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]);
  }
  return value;
}

function numberValue(field: Field, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw unreadable(field.type === 'int' ? 'int' : 'double', value);
  if (field.type === 'int' && !Number.isInteger(number)) throw unreadable('int', value);
  return number;
}

function referenceValue(org: Org, field: Field, value: unknown): Scalar {
  if (typeof value !== 'string') throw unreadable('reference', value);
  if (value === '') return null;
  const id = to18(value);
  const prefixes = (field.to ?? []).map((name) => known(name).keyPrefix);
  if (id === undefined || !prefixes.includes(keyPrefixOf(id))) {
    throw new SalesforceError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [
      field.name,
    ]);
  }
  if (!org.byId(id))
    throw new SalesforceError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
  return id;
}

/** A value of a request as the field stores it. @throws SalesforceError */
export function checkedValue(org: Org, field: Field, value: unknown): Scalar {
  if (value === null || value === undefined) return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      throw unreadable('boolean', value);
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return numberValue(field, value);
    case 'date':
      if (typeof value === 'string' && isDate(value.slice(0, 10))) return value.slice(0, 10);
      throw unreadable('date', value);
    case 'datetime':
      if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return new Date(value).toISOString();
      throw unreadable('datetime', value);
    case 'reference':
      return referenceValue(org, field, value);
    default:
      return textValue(field, value);
  }
}

/** The record that `{Relationship: {ExternalId: value}}` names. */
function referred(org: Org, field: Field, named: object): string {
  const [key, value] = Object.entries(named).find(([name]) => name !== 'attributes') ?? [];
  for (const to of field.to ?? []) {
    const object = objectNamed(to);
    const by = object && key !== undefined ? fieldNamed(object, key) : undefined;
    if (!object || !by?.externalId) continue;
    const [row] = org.where(object.name, by.name, value);
    if (row) return row.Id;
    const message = `Foreign key external ID: ${String(value).toLowerCase()} not found for field ${by.name} in entity ${object.name}`;
    throw new SalesforceError('INVALID_FIELD', message, []);
  }
  throw new SalesforceError(
    'INVALID_FIELD',
    `The external foreign key reference does not reference a valid entity: ${field.relationshipName}`,
  );
}

/** Text compares without case, as everywhere in Salesforce. */
export const sameText = (a: unknown, b: unknown): boolean =>
  a !== null &&
  a !== undefined &&
  b !== null &&
  b !== undefined &&
  String(a).toLowerCase() === String(b).toLowerCase();

function fieldAndValue(org: Org, object: SObject, name: string, value: unknown): [Field, unknown] {
  const field = fieldNamed(object, name);
  if (field) return [field, value];
  const reference = relationshipNamed(object, name);
  if (reference && typeof value === 'object') {
    return [reference, value === null ? null : referred(org, reference, value)];
  }
  throw new SalesforceError('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
}

/** The fields of a request's record, checked for writing. @throws SalesforceError */
export function checkedFields(
  org: Org,
  object: SObject,
  record: object,
  doing: 'create' | 'update',
): Record<string, Scalar> {
  const values: Record<string, Scalar> = {};
  const closed: string[] = [];
  for (const [name, given] of Object.entries(record)) {
    if (name === 'attributes') continue;
    const [field, value] = fieldAndValue(org, object, name, given);
    if (doing === 'create' ? !field.createable : !field.updateable) closed.push(field.name);
    else values[field.name] = checkedValue(org, field, value);
  }
  if (closed.length > 0) {
    const message = `Unable to create/update fields: ${closed.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
    throw new SalesforceError('INVALID_FIELD_FOR_INSERT_UPDATE', message, closed);
  }
  return values;
}

/** Required fields are there, and unique ones unique. @throws SalesforceError */
export function checkRecord(
  org: Org,
  object: SObject,
  values: Readonly<Record<string, Scalar>>,
  before: Row | undefined,
): void {
  const missing = [...object.fields.values()]
    .filter(
      (field) =>
        field.required && (before ? field.name in values : true) && (values[field.name] ?? null) === null,
    )
    .map((field) => field.name);
  if (missing.length > 0) {
    throw new SalesforceError(
      'REQUIRED_FIELD_MISSING',
      `Required fields are missing: [${missing.join(', ')}]`,
      missing,
    );
  }
  for (const field of object.fields.values()) {
    const value = values[field.name] ?? null;
    if (!field.unique || value === null) continue;
    const other = org.where(object.name, field.name, value).find((row) => row.Id !== before?.Id);
    if (other) {
      const message = `duplicate value found: ${field.name} duplicates value on record with id: ${other.Id}`;
      throw new SalesforceError('DUPLICATE_VALUE', message, []);
    }
  }
}
