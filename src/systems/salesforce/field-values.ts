/** Values of fields as an org may tell them: in a file or a record, rounded and trimmed in its own way. */

/** A value as text; null where there is nothing. */
export function textIn(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Whether an org keeps these two as the same: it trims texts, ends lines its own way, and keeps whole seconds. */
export const isSameValue = (one: unknown, other: unknown): boolean => kept(one) === kept(other);

/** Whether two stamps of an org are of the same instant, in whichever form each is written. */
export const isSameInstant = (one: string, other: string): boolean => Date.parse(one) === Date.parse(other);

function kept(value: unknown): string | null {
  const text = textIn(value)?.replace(/\r\n?/g, '\n').trim() ?? '';
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text))
    return String(Math.floor(Date.parse(text) / 1000));
  return text === '' ? null : text;
}
