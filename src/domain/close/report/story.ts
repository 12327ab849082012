import { becameInWords, COUNTED, fieldInWords, type FieldChange, type Value } from '../records';

/** A line of the evidence of a close. */
export interface StoryLine {
  readonly at: string;
  /** `close.locked` */
  readonly kind: string;
  /** User name, or `daytwo`. */
  readonly who: string;
  readonly what: string;
  readonly why: string | null;
  /** What the line says of records, as it was kept. */
  readonly after: unknown;
}

/** A record that isn't what was locked. */
export interface LateChange {
  readonly foundAt: string;
  readonly record: string;
  /** `changed`, `added`, `left the period`, `deleted`. */
  readonly became: string;
  /** The CRM's id of who changed it last, and when. */
  readonly by: string;
  readonly at: string;
  /** `Amount: 1.00 → 2.00` */
  readonly fields: readonly string[];
}

/** What was found changed since the lock, record by record, as the evidence has it. */
export function changesSinceLock(story: readonly StoryLine[]): readonly LateChange[] {
  return story
    .filter(({ kind }) => kind === 'close.drift')
    .flatMap(({ at, after }) => (Array.isArray(after) ? after.map((one: unknown) => changeOf(at, one)) : []));
}

function changeOf(foundAt: string, change: unknown): LateChange {
  const said = mapOf(change);
  const fields = (Array.isArray(said['fields']) ? said['fields'] : []).flatMap(fieldOf);
  const kind = KINDS.find((one) => one === said['kind']) ?? 'changed';
  return {
    foundAt,
    record: textOf(said['id']),
    became: becameInWords({ kind, fields }),
    by: textOf(said['by']),
    at: textOf(said['at']),
    fields: fields
      .map(fieldInWords)
      .map(({ field, from, to }) => `${field}: ${from || 'nothing'} → ${to || 'nothing'}`),
  };
}

const KINDS = ['changed', 'added', 'gone'] as const;

/** As it was kept: what isn't a counted field any more is left out. */
function fieldOf(kept: unknown): readonly FieldChange[] {
  const said = mapOf(kept);
  const field = COUNTED.find((one) => one === said['field']);
  return field ? [{ field, from: valueOf(said['from']), to: valueOf(said['to']) }] : [];
}

const valueOf = (value: unknown): Value =>
  typeof value === 'string' || typeof value === 'number' ? value : null;
const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '–';
