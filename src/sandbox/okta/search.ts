/** A search or filter expression that Okta wouldn't take. */
export class BadExpression extends Error {}

const MOST_NESTING = 100;

type Test = (row: object) => boolean;

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|\(|\)|[^\s()"]+)/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new BadExpression(`Invalid search criteria: ${text}`);
    found.push(token);
  }
  return found;
}

function valueAt(row: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (Object.entries(value).find(([name]) => name === key)?.[1] ?? undefined)
          : undefined,
      row,
    );
}

const fold = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value).toLowerCase();

const COMPARE: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  eq: (actual, wanted) => actual === wanted,
  ne: (actual, wanted) => actual !== wanted,
  sw: (actual, wanted) => actual.startsWith(wanted),
  ew: (actual, wanted) => actual.endsWith(wanted),
  co: (actual, wanted) => actual.includes(wanted),
  gt: (actual, wanted) => actual > wanted,
  ge: (actual, wanted) => actual >= wanted,
  lt: (actual, wanted) => actual < wanted,
  le: (actual, wanted) => actual <= wanted,
};

/**
 * Okta's expressions for `search=` and `filter=`: `profile.department eq "Sales" and (status eq "ACTIVE" or status pr)`.
 * `and` binds tighter than `or`; strings compare without case.
 * @throws BadExpression
 */
export function parseExpression(text: string): Test {
  const list = tokens(text);
  let at = 0;
  let depth = 0;
  const bad = () => new BadExpression(`Invalid search criteria: ${text}`);
  const peekWord = () => list[at]?.toLowerCase();
  const take = (): string => {
    const token = list[at++];
    if (token === undefined) throw bad();
    return token;
  };

  const comparison = (): Test => {
    const path = take();
    if (!/^[A-Za-z_][\w.]*$/.test(path)) throw bad();
    const operator = take().toLowerCase();
    if (operator === 'pr') return (row) => fold(valueAt(row, path)) !== undefined;
    const compare = COMPARE[operator];
    const raw = take();
    if (!compare || !/^(".*"|true|false|-?\d+(\.\d+)?)$/is.test(raw)) throw bad();
    const wanted = raw.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1').toLowerCase();
    return (row) => {
      const actual = fold(valueAt(row, path));
      return actual === undefined ? operator === 'ne' : compare(actual, wanted);
    };
  };
  const single = (): Test => {
    if (list[at] !== '(') return comparison();
    if (++depth > MOST_NESTING) throw bad();
    at++;
    const inner = either();
    depth--;
    if (take() !== ')') throw bad();
    return inner;
  };
  const both = (): Test => {
    const left = single();
    if (peekWord() !== 'and') return left;
    at++;
    const right = both();
    return (row) => left(row) && right(row);
  };
  const either = (): Test => {
    const left = both();
    if (peekWord() !== 'or') return left;
    at++;
    const right = either();
    return (row) => left(row) || right(row);
  };

  const test = either();
  if (at < list.length) throw bad();
  return test;
}
