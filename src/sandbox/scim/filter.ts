/**
 * SCIM filters before SCIMMY reads them. It takes some broken ones for an error of its own, knows no escapes in a string,
 * and cuts a string at ` and ` inside parentheses; so the grammar is checked here and each string's value is handed on in a
 * form that nothing can cut.
 */

const TOKEN =
  /\s+|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w$]))|([A-Za-z$][\w$:.-]*)|([()[\]]|\.[A-Za-z$][\w$-]*)/y;
const STRING = /"(?:[^"\\]|\\.)*"/g;
const CORE = /urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/gi;
const COMPARISONS = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'lt', 'ge', 'le']);
const MOST_NESTING = 50;
/** A character of the private use area: no client's text begins with it by accident. */
const MARK = '\ue000';

type Token = { readonly kind: 'string' | 'number' | 'word' | 'symbol'; readonly text: string };

/** The tokens of a filter, or undefined where a part is none. */
function tokensOf(filter: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < filter.length;) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(filter);
    if (!found) return undefined;
    at = TOKEN.lastIndex;
    const [, string, number, word, symbol] = found;
    if (string !== undefined) {
      if (valueOf(string) === undefined) return undefined;
      tokens.push({ kind: 'string', text: string });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
  }
  return tokens;
}

/** What a string of a filter means: it is written as in JSON (RFC 7644, section 3.4.2.2). */
function valueOf(string: string): string | undefined {
  try {
    return String(JSON.parse(string));
  } catch {
    return undefined;
  }
}

/** Reads the grammar of RFC 7644, figure 1; each method says whether what it looks for stands there. */
class Grammar {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): boolean {
    return this.#filter() && this.#at === this.#tokens.length;
  }

  #take(...texts: string[]): boolean {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === 'string' || !texts.includes(token.text.toLowerCase())) return false;
    this.#at++;
    return true;
  }

  #filter(): boolean {
    if (++this.#depth > MOST_NESTING) return false;
    let fits = this.#term();
    while (fits && this.#take('and', 'or')) fits = this.#term();
    this.#depth--;
    return fits;
  }

  #term(): boolean {
    const negated = this.#take('not');
    if (this.#take('(')) return this.#filter() && this.#take(')');
    return !negated && this.#attribute();
  }

  #attribute(): boolean {
    if (this.#tokens[this.#at]?.kind !== 'word') return false;
    this.#at++;
    if (this.#take('[')) {
      if (!this.#filter() || !this.#take(']')) return false;
      if (!this.#tokens[this.#at]?.text.startsWith('.')) return true;
      this.#at++;
    }
    if (this.#take('pr')) return true;
    return this.#take(...COMPARISONS) && this.#value();
  }

  #value(): boolean {
    const kind = this.#tokens[this.#at]?.kind;
    if (kind !== 'string' && kind !== 'number') return this.#take('true', 'false', 'null');
    this.#at++;
    return true;
  }
}

/** The filter with its strings sealed, or undefined where it is none. */
export function sealedFilter(filter: string): string | undefined {
  const tokens = tokensOf(filter);
  if (!tokens || !new Grammar(tokens).whole()) return undefined;
  const hex = (string: string): string => Buffer.from(valueOf(string) ?? '').toString('hex');
  const sealed = filter.replace(STRING, (string) => `"${MARK}${hex(string)}"`);
  // An attribute may be named with its schema; SCIMMY knows that of the extensions only.
  return sealed.replace(CORE, '');
}

/** A value of a filter as the client meant it. */
export const unsealed = (value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(MARK)
    ? Buffer.from(value.slice(MARK.length), 'hex').toString()
    : value;
