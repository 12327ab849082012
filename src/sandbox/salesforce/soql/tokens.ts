import { SalesforceError } from '../errors';

export type TokenKind = 'word' | 'string' | 'number' | 'date' | 'datetime' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a string, what its escapes mean. */
  readonly text: string;
  /** From 0. */
  readonly at: number;
  /** Of a string: where in `text` a `_` or `%` stands for itself in a LIKE pattern. */
  readonly literalAt?: readonly number[];
}

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['datetime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})/y],
  ['date', /\d{4}-\d{2}-\d{2}/y],
  ['number', /[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/y],
  ['word', /[A-Za-z][A-Za-z0-9_]*/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),.:]/y],
];

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  _: '_',
  '%': '%',
};

/** An error at a place of the query, with the line, a caret below it, and row and column from 1, as Salesforce shows it. */
export function errorAt(
  query: string,
  at: number,
  message: string,
  errorCode = 'MALFORMED_QUERY',
): SalesforceError {
  const before = query.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = query.indexOf('\n', at);
  const line = query.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const column = at - lineStart;
  // The real one shows a window of a long line too.
  const from = Math.max(0, column - 60);
  const shown = line.slice(from, column + 60);
  const row = before.split('\n').length;
  return new SalesforceError(
    errorCode,
    `\n${shown}\n${' '.repeat(column - from)}^\nERROR at Row:${row}:Column:${column + 1}\n${message}`,
  );
}

function readString(query: string, from: number): Token & { readonly end: number } {
  const close = query.indexOf("'", from + 1);
  const plain = query.slice(from + 1, close);
  // An id, as in long lists of them.
  if (close > 0 && !plain.includes('\\'))
    return { kind: 'string', text: plain, at: from, literalAt: [], end: close + 1 };
  let text = '';
  const literalAt: number[] = [];
  for (let i = from + 1; i < query.length; i++) {
    const char = query.charAt(i);
    if (char === "'") return { kind: 'string', text, at: from, literalAt, end: i + 1 };
    if (char !== '\\') {
      text += char;
      continue;
    }
    const escape = query.charAt(++i);
    const unicode = /^u[0-9a-fA-F]{4}/.exec(query.slice(i, i + 5))?.[0];
    const plain = ESCAPES[escape] ?? ESCAPES[escape.toLowerCase()];
    if (unicode) {
      text += String.fromCharCode(parseInt(unicode.slice(1), 16));
      i += 4;
    } else if (plain !== undefined) {
      if (escape === '_' || escape === '%') literalAt.push(text.length);
      text += plain;
    } else
      throw errorAt(
        query,
        i - 1,
        `Illegal string literal: invalid string literal '${text}\\${escape}'. Illegal character sequence '\\${escape}' in string literal.`,
      );
  }
  throw errorAt(query, from, "line 1:0 mismatched character '<EOF>' expecting '''");
}

function readPlain(query: string, at: number): Token | undefined {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) return { kind, text, at };
  }
  return undefined;
}

/** The query's tokens, the last one of kind `end`. @throws SalesforceError `MALFORMED_QUERY` */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(query.charAt(at))) at++;
    if (at >= query.length) break;
    if (query.charAt(at) === "'") {
      const { end, ...token } = readString(query, at);
      tokens.push(token);
      at = end;
      continue;
    }
    const token = readPlain(query, at);
    if (!token) throw errorAt(query, at, `unexpected char: '${query.charAt(at)}'`);
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: query.length });
  return tokens;
}
