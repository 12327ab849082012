import type { Org } from '../org';
import {
  fieldNamed,
  known,
  objectNamed,
  relationshipNamed,
  type Field,
  type FieldType,
  type Row,
  type Scalar,
  type SObject,
} from '../schema';
import type { Path } from './ast';
import { computed } from '../computed';
import { called } from './functions';
import { errorAt } from './tokens';

/** Where a query's names are looked up. */
export interface Scope {
  readonly org: Org;
  readonly text: string;
  readonly object: SObject;
  readonly alias: string | null;
  readonly now: Date;
}

/** What an operand of a condition, an order or a select item is: its name for errors, its type and its value. */
export interface Operand<T> {
  readonly name: string;
  readonly type: FieldType;
  readonly get: (of: T) => Scalar;
}

/** A field that a path leads to, through the references that it passes on the way. */
export interface Column extends Operand<Row> {
  readonly field: Field;
  /** The relationships on the way, as the schema writes them: `['Profile', 'UserLicense']`. */
  readonly through: readonly Field[];
  /** The function around it, in capitals. */
  readonly call: string | undefined;
}

const APPEND_C =
  "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.";
const APPEND_R =
  "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.";

const same = (a: string, b: string | null) => b !== null && a.toLowerCase() === b.toLowerCase();

/** The object that a query is from. @throws SalesforceError `INVALID_TYPE` */
export function objectFrom(text: string, from: { name: string; at: number }): SObject {
  const object = objectNamed(from.name);
  if (object) return object;
  const message = `sObject type '${from.name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;
  throw errorAt(text, from.at, message, 'INVALID_TYPE');
}

function step(scope: Scope, row: Row | undefined, reference: Field): Row | undefined {
  return row && scope.org.byId(row[reference.name])?.row;
}

/** Looks up a path. @throws SalesforceError `INVALID_FIELD` */
export function column(scope: Scope, path: Path): Column {
  const first = path.names[0] ?? '';
  const ownName =
    path.names.length > 1 &&
    (same(first, scope.alias) || (same(first, scope.object.name) && !relationshipNamed(scope.object, first)));
  const names = ownName ? path.names.slice(1) : path.names;
  const through: Field[] = [];
  let object = scope.object;
  for (const name of names.slice(0, -1)) {
    const reference = relationshipNamed(object, name);
    if (!reference) {
      throw errorAt(
        scope.text,
        path.at,
        `Didn't understand relationship '${name}' in field path. ${APPEND_R}`,
        'INVALID_FIELD',
      );
    }
    through.push(reference);
    object = known(reference.to?.[0] ?? '');
  }
  const last = names[names.length - 1] ?? '';
  const field = fieldNamed(object, last);
  if (!field)
    throw errorAt(
      scope.text,
      path.at,
      `No such column '${last}' on entity '${object.name}'. ${APPEND_C}`,
      'INVALID_FIELD',
    );
  const compute = computed(object.name, field.name);
  const own = (row: Row): Scalar => (compute ? compute(scope.org, row) : (row[field.name] ?? null));
  const get = (row: Row): Scalar => {
    if (through.length === 0) return own(row);
    const end = through.reduce<Row | undefined>((at, reference) => step(scope, at, reference), row);
    return end ? own(end) : null;
  };
  const plain = { name: field.name, type: field.type, get };
  return { ...plain, ...(path.call ? called(scope, path, plain) : {}), field, through, call: path.call };
}
