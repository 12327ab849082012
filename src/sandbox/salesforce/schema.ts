import { BOOKING_OBJECTS } from './objects-bookings';
import { SALES_OBJECTS } from './objects-sales';
import { LICENCE_OBJECTS } from './objects-licences';
import { OWNERSHIP_OBJECTS, OWNERSHIP_SETUP_OBJECTS } from './objects-ownership';
import { SETUP_OBJECTS } from './objects-setup';
import { TERRITORY_OBJECTS } from './territory-records';
import { USER_OBJECTS } from './objects-users';

export type Scalar = string | number | boolean | null;
/** A record as stored: `Id` and its fields by their API names. */
export type Row = Readonly<Record<string, Scalar>> & { readonly Id: string };

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'reference'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime';

/** What a field of the schema files may say; everything that it doesn't say is the usual. */
export interface FieldOptions {
  readonly length?: number;
  /** Must be given at creation and never be emptied. */
  readonly required?: boolean;
  /** Neither at creation nor later. */
  readonly readOnly?: boolean;
  /** At creation only. */
  readonly createOnly?: boolean;
  /** After creation only. */
  readonly updateOnly?: boolean;
  readonly unique?: boolean;
  /** May be named in an upsert's path. */
  readonly externalId?: boolean;
  readonly initially?: Scalar;
  readonly values?: readonly string[];
  /** Values outside of `values` are refused. */
  readonly restricted?: boolean;
  readonly to?: readonly string[];
  readonly label?: string;
}

export interface Field extends FieldOptions {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Of a reference: what a path calls the record behind it, such as `Profile` for `ProfileId`. */
  readonly relationshipName: string | null;
}

export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  /** A setup object can't be written in one transaction with others (`MIXED_DML_OPERATION`). */
  readonly setup: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  /** By the name in small letters, in the order of the schema. */
  readonly fields: ReadonlyMap<string, Field>;
  /** By the relationship's name in small letters: the records that refer to one of this object. */
  readonly children: ReadonlyMap<
    string,
    { readonly name: string; readonly object: string; readonly field: string }
  >;
}

/** A field as the schema files write it: name, type, options. */
export type FieldSource = readonly [name: string, type: FieldType, options?: FieldOptions];

export interface ObjectSource {
  readonly name: string;
  readonly label: string;
  readonly keyPrefix: string;
  readonly can: readonly ('create' | 'update' | 'delete')[];
  readonly fields: readonly FieldSource[];
  /** Relationship names by child object and field: `{ 'Contact.AccountId': 'Contacts' }`. */
  readonly children?: Readonly<Record<string, string>>;
}

const SYSTEM_FIELDS: readonly FieldSource[] = [
  ['CreatedDate', 'datetime', { readOnly: true }],
  ['CreatedById', 'reference', { readOnly: true, to: ['User'] }],
  ['LastModifiedDate', 'datetime', { readOnly: true }],
  ['LastModifiedById', 'reference', { readOnly: true, to: ['User'] }],
  ['SystemModstamp', 'datetime', { readOnly: true }],
];

const spaced = (name: string) =>
  name
    .replace(/__c$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ');

function fieldOf([name, type, options = {}]: FieldSource): Field {
  const label =
    options.label ?? (type === 'reference' ? `${spaced(name.replace(/Id$/, ''))} ID` : spaced(name));
  const relationshipName = type === 'reference' ? name.replace(/__c$/, '__r').replace(/Id$/, '') : null;
  const readOnly = options.readOnly === true;
  return {
    ...options,
    ...(type === 'email' && options.length === undefined ? { length: 80 } : {}),
    name,
    type,
    label,
    relationshipName,
    createable: !readOnly && options.updateOnly !== true,
    updateable: !readOnly && options.createOnly !== true,
  };
}

function objectOf(source: ObjectSource, setup: boolean): SObject {
  const deletable = source.can.includes('delete');
  const all: FieldSource[] = [['Id', 'id', { readOnly: true, label: `${source.label} ID` }]];
  if (deletable && !setup) all.push(['IsDeleted', 'boolean', { readOnly: true, initially: false }]);
  all.push(...source.fields, ...SYSTEM_FIELDS);
  const children = Object.entries(source.children ?? {}).map(([at, name]) => {
    const [object = '', field = ''] = at.split('.');
    return [name.toLowerCase(), { name, object, field }] as const;
  });
  return {
    name: source.name,
    label: source.label,
    keyPrefix: source.keyPrefix,
    setup,
    deletable,
    labelPlural: source.label.endsWith('y') ? `${source.label.slice(0, -1)}ies` : `${source.label}s`,
    createable: source.can.includes('create'),
    updateable: source.can.includes('update'),
    fields: new Map(all.map(fieldOf).map((field) => [field.name.toLowerCase(), field])),
    children: new Map(children),
  };
}

const OBJECTS: ReadonlyMap<string, SObject> = new Map(
  [
    ...[...USER_OBJECTS, ...LICENCE_OBJECTS, ...SETUP_OBJECTS, ...OWNERSHIP_SETUP_OBJECTS].map((source) =>
      objectOf(source, true),
    ),
    ...[...SALES_OBJECTS, ...OWNERSHIP_OBJECTS, ...BOOKING_OBJECTS, ...TERRITORY_OBJECTS].map((source) =>
      objectOf(source, false),
    ),
  ].map((object) => [object.name.toLowerCase(), object]),
);
const BY_PREFIX = new Map([...OBJECTS.values()].map((object) => [object.keyPrefix, object]));

/** Every object, in the order of the schema files. */
export const objects = (): SObject[] => [...OBJECTS.values()];
/** The object of this name, in any case. */
export const objectNamed = (name: string): SObject | undefined => OBJECTS.get(name.toLowerCase());
export const objectOfId = (id: string): SObject | undefined => BY_PREFIX.get(id.slice(0, 3));
export const fieldNamed = (object: SObject, name: string): Field | undefined =>
  object.fields.get(name.toLowerCase());

/** The reference field that a path reaches by this relationship name. */
export const relationshipNamed = (object: SObject, name: string): Field | undefined =>
  [...object.fields.values()].find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase());

/** An object of this name that the code itself relies on. */
export function known(name: string): SObject {
  const object = objectNamed(name);
  if (!object) throw new Error(`the sandbox's schema has no object ${name}`);
  return object;
}
