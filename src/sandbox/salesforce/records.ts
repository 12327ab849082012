import type { FieldType, Row, Scalar, SObject } from './schema';

/** A record as JSON: `attributes` first, then fields, parents and children. */
export type RecordJson = Record<string, unknown>;

/** A value as JSON; a date with time as Salesforce writes it, `2026-11-23T04:00:00.000+0000`. */
export function timeText(field: { readonly type: FieldType }, value: Scalar): Scalar {
  return field.type === 'datetime' && typeof value === 'string' ? value.replace(/Z$/, '+0000') : value;
}

/** A record with its `attributes` and nothing else yet. */
export function recordOf(object: SObject, row: Row, version: string): RecordJson {
  return {
    attributes: { type: object.name, url: `/services/data/v${version}/sobjects/${object.name}/${row.Id}` },
  };
}
