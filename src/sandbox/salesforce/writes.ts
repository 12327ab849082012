import { noteInTrail } from './audit-trail';
import { methodNotAllowed, notFound, SalesforceError } from './errors';
import { to18 } from './ids';
import type { Org } from './org';
import { afterCreate, afterDelete, afterUpdate, checkDelete, checkRules, initialFields } from './rules';
import { fieldNamed, objectNamed, type Row, type Scalar, type SObject } from './schema';
import { checkedFields, checkedValue, checkRecord } from './values';

/** Who writes, and what this transaction has written so far (setup and other objects don't mix). */
export class Writer {
  readonly org: Org;
  readonly userId: string;
  #first: SObject | undefined;

  constructor(org: Org, userId: string) {
    this.org = org;
    this.userId = userId;
  }

  #refuseMixed(object: SObject): void {
    this.#first ??= object;
    if (this.#first.setup !== object.setup) {
      const message = `DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): ${object.name}, original object: ${this.#first.name}`;
      throw new SalesforceError('MIXED_DML_OPERATION', message);
    }
  }

  /** Makes a record of a request's fields. @returns the new id */
  create(object: SObject, record: object): string {
    if (!object.createable) throw methodNotAllowed('POST', 'HEAD,GET');
    this.#refuseMixed(object);
    return this.org.transaction(() => {
      const given = checkedFields(this.org, object, record, 'create');
      const values = { ...defaults(object), ...given };
      const next = { ...values, ...initialFields(this.org, object.name, values, this.userId) };
      checkRecord(this.org, object, next, undefined);
      checkRules(object.name, { org: this.org, next, before: undefined, by: this.userId });
      const row = this.org.add(object.name, next, this.userId);
      afterCreate(this.org, object.name, row, this.userId);
      return row.Id;
    });
  }

  update(object: SObject, id: string, record: object): void {
    if (!object.updateable) throw methodNotAllowed('PATCH', 'HEAD,GET');
    const before = this.row(object, id);
    this.#refuseMixed(object);
    this.org.transaction(() => {
      const values = checkedFields(this.org, object, record, 'update');
      checkRecord(this.org, object, values, before);
      checkRules(object.name, {
        org: this.org,
        next: { ...before, ...values },
        before,
        by: this.userId,
      });
      const after = this.org.change(object.name, before, values, this.userId);
      afterUpdate(this.org, object.name, before, after, this.userId);
    });
  }

  remove(object: SObject, id: string): void {
    const row = this.row(object, id);
    if (object.name === 'User') {
      // Users are never deleted: deactivated, they free their licence and keep what they own.
      throw new SalesforceError(
        'INSUFFICIENT_ACCESS_OR_READONLY',
        'insufficient access rights on object id: users cannot be deleted, deactivate instead',
      );
    }
    if (!object.deletable) throw methodNotAllowed('DELETE', 'HEAD,GET,PATCH');
    this.#refuseMixed(object);
    checkDelete(this.org, row);
    this.org.remove(object.name, row.Id);
    afterDelete(this.org, object.name, row);
    noteInTrail(this.org, object.name, row, undefined, this.userId);
  }

  /** Creates or updates by an external id. @throws SalesforceError `MULTIPLE_CHOICES` (300) where more than one fits */
  upsert(
    object: SObject,
    fieldName: string,
    value: unknown,
    record: object,
  ): { id: string; created: boolean } {
    const field = fieldNamed(object, fieldName);
    if (field?.name === 'Id')
      return { id: String(value), created: (this.update(object, String(value), record), false) };
    if (!field?.externalId) {
      throw new SalesforceError(
        'NOT_FOUND',
        `Provided external ID field does not exist or is not accessible: ${fieldName}`,
        [],
        404,
      );
    }
    const key = checkedValue(this.org, field, value);
    if (key === null)
      throw new SalesforceError('MISSING_ARGUMENT', `${field.name} not specified`, [field.name]);
    const found = this.org.where(object.name, field.name, key);
    if (found.length > 1) {
      const message = `${field.name}: more than one record found for external id field: [${found.map((row) => row.Id).join(', ')}]`;
      throw new SalesforceError('DUPLICATE_EXTERNAL_ID', message, [field.name], 300);
    }
    const row = found[0];
    if (!row) return { id: this.create(object, { ...record, [field.name]: value }), created: true };
    const { ...changes } = record;
    this.update(object, row.Id, changes);
    return { id: row.Id, created: false };
  }

  /** The record of this object with this id. @throws SalesforceError */
  row(object: SObject, id: string): Row {
    const id18 = to18(id);
    if (id18 === undefined) throw new SalesforceError('MALFORMED_ID', `malformed id ${id}`);
    const row = this.org.get(object.name, id18);
    if (!row) throw notFound();
    return row;
  }
}

function defaults(object: SObject): Record<string, Scalar> {
  const initial: Record<string, Scalar> = {};
  for (const field of object.fields.values()) {
    if (field.initially !== undefined) initial[field.name] = field.initially;
  }
  return initial;
}

/** The object of this name. @throws SalesforceError `NOT_FOUND` as a path, `INVALID_TYPE` as a record's type */
export function objectOr404(name: string): SObject {
  const object = objectNamed(name);
  if (!object) throw notFound();
  return object;
}

export function objectOfType(name: unknown): SObject {
  const object = typeof name === 'string' ? objectNamed(name) : undefined;
  if (object) return object;
  throw new SalesforceError(
    'INVALID_TYPE',
    `sObject type '${String(name)}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}
