import { decimal } from './cents';

/** A closed opportunity, by what a period is counted from. Amounts in whole cents. */
export interface ClosedRecord {
  readonly id: string;
  readonly stage: string;
  readonly amountCents: number | null;
  readonly closeDate: string;
  readonly ownerId: string;
  readonly accountId: string | null;
  readonly type: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
}

/** What must not change unseen once the lights are green. Who changed it and when says how, not what. */
export const COUNTED = ['stage', 'amountCents', 'closeDate', 'ownerId', 'accountId', 'type'] as const;
export type Counted = (typeof COUNTED)[number];
export type Value = ClosedRecord[Counted];

/** Fields by which a period is counted, by their names in Salesforce. */
export const FIELD_NAMES: Readonly<Record<Counted, string>> = {
  stage: 'StageName',
  amountCents: 'Amount',
  closeDate: 'CloseDate',
  ownerId: 'OwnerId',
  accountId: 'AccountId',
  type: 'Type',
};

/** A value as people read and write it; nothing is an empty text. */
export function valueText(field: Counted, value: Value): string {
  if (value === null) return '';
  return field === 'amountCents' && typeof value === 'number' ? decimal(value) : String(value);
}

export interface FieldChange {
  readonly field: Counted;
  readonly from: Value;
  readonly to: Value;
}

/** A field by its name, from what to what, as people read it. */
export const fieldInWords = ({ field, from, to }: FieldChange) => ({
  field: FIELD_NAMES[field],
  from: valueText(field, from),
  to: valueText(field, to),
});

/** One way in which a record isn't what it was. */
export interface RecordChange {
  readonly id: string;
  /** `gone`: it left the period by the fields that are named, or was deleted where none are. */
  readonly kind: 'changed' | 'added' | 'gone';
  readonly fields: readonly FieldChange[];
  /** The system's id of who changed it last, and when; null where it was deleted. */
  readonly by: string | null;
  readonly at: string | null;
}

/** What became of those that are gone, by how they are now: who was moved out of the period says by which field, and who did it. */
export function withWhatBecame(
  changes: readonly RecordChange[],
  before: readonly ClosedRecord[],
  now: readonly ClosedRecord[],
): readonly RecordChange[] {
  const [was, is] = [before, now].map((records) => new Map(records.map((record) => [record.id, record])));
  return changes.map((change) => {
    const [old, found] = [was?.get(change.id), is?.get(change.id)];
    return change.kind === 'gone' && old && found
      ? { ...change, fields: fieldsBetween(old, found), by: found.changedBy, at: found.changedAt }
      : change;
  });
}

const fieldsBetween = (old: ClosedRecord, record: ClosedRecord): RecordChange['fields'] =>
  COUNTED.filter((field) => old[field] !== record[field]).map((field) => ({
    field,
    from: old[field],
    to: record[field],
  }));

/** `changed`, `added`, `left the period`, `deleted`. */
export const becameInWords = ({ kind, fields }: Pick<RecordChange, 'kind' | 'fields'>): string =>
  kind !== 'gone' ? kind : fields.length > 0 ? 'left the period' : 'deleted';

/** What became of records between two looks, by id. */
export function changesBetween(
  before: readonly ClosedRecord[],
  after: readonly ClosedRecord[],
): readonly RecordChange[] {
  const known = new Map(before.map((record) => [record.id, record]));
  const changes: RecordChange[] = [];
  for (const record of after) {
    const old = known.get(record.id);
    known.delete(record.id);
    const fields = old ? fieldsBetween(old, record) : [];
    if (!old || fields.length > 0)
      changes.push({
        id: record.id,
        kind: old ? 'changed' : 'added',
        fields,
        by: record.changedBy,
        at: record.changedAt,
      });
  }
  for (const { id } of known.values()) changes.push({ id, kind: 'gone', fields: [], by: null, at: null });
  return changes.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The counted fields of a record as one line, the same for the same content: what a digest is made of. */
export const lineOf = (record: ClosedRecord): string =>
  JSON.stringify([record.id, ...COUNTED.map((field) => record[field])]);

export const totalCents = (records: readonly ClosedRecord[]): number =>
  records.reduce((sum, { amountCents }) => sum + (amountCents ?? 0), 0);

const MOST_NAMED = 10;

/** `2 opportunities changed: 006… (Amount), 006… (deleted)`. Ids and fields, no values: these are business secrets of their own. */
export function changesInWords(changes: readonly RecordChange[]): string {
  const named = changes
    .slice(0, MOST_NAMED)
    .map(
      (change) =>
        `${change.id} (${change.kind === 'changed' ? change.fields.map(({ field }) => FIELD_NAMES[field]).join(', ') : becameInWords(change)})`,
    );
  const more = changes.length > MOST_NAMED ? ` and ${changes.length - MOST_NAMED} more` : '';
  return `${changes.length} ${changes.length === 1 ? 'opportunity' : 'opportunities'} changed: ${named.join(', ')}${more}`;
}
