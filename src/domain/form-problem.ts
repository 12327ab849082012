import { plainLine } from './escape';
import type { FormProblem } from './form';

/** Signs of a line that are quoted back. */
const LONGEST_QUOTE = 160;

/** A problem with one line: what stands there, cut, and what is expected. */
export const problemAt = (
  line: { readonly number: number; readonly raw: string },
  expected: string,
): FormProblem => ({
  line: line.number,
  quoted: cut(line.raw),
  expected,
});

/** A problem with the whole text. */
export const problemOfAll = (expected: string): FormProblem => ({ line: null, quoted: '', expected });

export function cut(text: string, most = LONGEST_QUOTE): string {
  const signs = [...plainLine(text.slice(0, most * 8))];
  return signs.length > most ? `${signs.slice(0, most - 1).join('')}…` : signs.join('');
}
