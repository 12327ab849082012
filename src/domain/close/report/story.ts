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
  readonly kind: string;
  /** The CRM's id of who changed it last, and when. */
  readonly by: string;
  readonly at: string;
  /** `amountCents: 100 → 200` */
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
  const fields: readonly unknown[] = Array.isArray(said['fields']) ? said['fields'] : [];
  return {
    foundAt,
    record: textOf(said['id']),
    kind: textOf(said['kind']),
    by: textOf(said['by']),
    at: textOf(said['at']),
    fields: fields
      .map(mapOf)
      .map(({ field, from, to }) => `${textOf(field)}: ${textOf(from)} → ${textOf(to)}`),
  };
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '–';
