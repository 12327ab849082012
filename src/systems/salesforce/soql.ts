export type Row = Readonly<Record<string, unknown>>;

/** A SOQL string literal: what is inside can't end it. */
export const literal = (value: string): string =>
  `'${value
    .replace(/[\\'"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')}'`;

/** An instant as SOQL compares it: it takes no quotes. */
export const instant = (iso: string): string => new Date(iso).toISOString();

export const textOf = (row: Row | undefined, field: string): string => {
  const value = row?.[field];
  return typeof value === 'string' ? value : '';
};

/** How long a text is inside an address: what isn't plain takes three bytes, the quotes of a literal, too. */
export const lengthInAddress = (text: string): number => encodeURIComponent(text).replace(/'/g, '%27').length;

/** Literals of distinct values, in lists whose encoded length stays within a limit; at least one in each. */
export function listsWithin(values: readonly string[], limit: number): readonly (readonly string[])[] {
  const lists: string[][] = [];
  let room = 0;
  for (const value of new Set(values)) {
    const one = literal(value);
    const length = lengthInAddress(`${one},`);
    if (lists.length === 0 || length > room) {
      lists.push([]);
      room = limit;
    }
    lists.at(-1)?.push(one);
    room -= length;
  }
  return lists;
}
