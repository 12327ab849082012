/**
 * The rows of a result of the Bulk API without its header: every cell is quoted, or there is none. Written for large pages: it
 * looks for the next quote instead of looking at every character.
 */
export function bulkRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, at + 1);
      row.push(unquoted(text.slice(at + 1, end)));
      at = end + 1;
    } else {
      const end = endOfBare(text, at);
      row.push(text.slice(at, end));
      at = end;
    }
    if (text.charCodeAt(at) === COMMA) {
      at += 1;
      if (at < text.length && !isLineEnd(text.charCodeAt(at))) continue;
      row.push('');
    }
    while (at < text.length && isLineEnd(text.charCodeAt(at))) at += 1;
    rows.push(row);
    row = [];
  }
  return rows.slice(1);
}

const [QUOTE, COMMA, LF, CR] = [34, 44, 10, 13];
const isLineEnd = (code: number): boolean => code === LF || code === CR;
const unquoted = (text: string): string => (text.includes('"') ? text.replaceAll('""', '"') : text);

/** Where the quote is that ends a value; a doubled one doesn't. */
function closingQuote(text: string, from: number): number {
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    // Cut off in the middle: what is there is the value, and the count of the rows will tell.
    if (quote < 0) return text.length;
    if (text.charCodeAt(quote + 1) !== QUOTE) return quote;
    at = quote + 2;
  }
}

function endOfBare(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== COMMA && !isLineEnd(text.charCodeAt(at))) at += 1;
  return at;
}
